"""What is proved, held and allowed.

Reading order: rules ``programme``, ``timetable`` and ``booking`` (when a
sitting may be, who may be entered), ``sitting`` (windows, deadlines, accepting
a response), ``grading``, ``release``, ``licence`` (ledger and standing), ``decision``
(who may decide), ``dispatch`` (may this person be sent?), ``pack`` (the seed
and content format); then ``tables``, ``store``, ``actions``, ``forms``,
``views``, ``api``, ``commands``.
"""
