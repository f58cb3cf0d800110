"""What tries to make the site lose an answer, and how it is found out when it does.

A real server of several processes, candidates who save over real connections,
and something that goes wrong on purpose. Reading order: ``stage`` (the exam
and the people), ``site`` (the server, which can be killed), ``line`` and
``candidate`` (who keeps to docs/exams.md), ``ledger`` (what was sent and
acknowledged), ``proof`` (what counts as a loss), then one file for each kind
of trouble: ``kills``, ``disk`` and ``cuts`` (power), ``races``, ``expiry``,
``proxy`` and ``mischief``, ``takeover``. ``__main__`` runs the full counts;
``tests/faults`` runs a few of each.
"""
