"""What can be lived through: role-play scenarios, kept finite so that everything about them is decided before anybody plays.

Reading order: ``language`` (the shapes of scn/1), ``expression``, ``source``,
``reading``, ``worth``, ``step_reading``, ``scenario_reading`` (from text to
shapes); ``answer``, ``ledger``, ``course``, ``walk`` (a play), ``free_text``;
``component``, ``state_graph``, ``optimum`` (all plays at once); ``flow_check``,
``habit``, ``score_check``, ``file_check``, ``recorded_play``, ``checker`` with
the words in ``finding`` and ``saying``; ``debrief``; live ratings: ``rating``,
``agreement`` and the files beside it: rules. ``store``, ``commands``. The
language and its codes: docs/scenarios.md.
"""
