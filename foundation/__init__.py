"""The ground floor: plumbing that knows no exam word and no permission.

Reading order: ``config`` (typed settings from the environment), ``clock`` (the
only place that reads the time), ``database`` (engine, own Base, types),
``prepared`` (the few statements that must cost next to nothing),
``work`` (the unit of work and the project's only commit), ``audit`` (the
hash-chained record), ``outbox`` and ``worker`` (what happens after a commit),
``backlog`` (rows that may be written a second later),
``sealing`` (encryption at rest), ``web`` (headers, errors, JSON doors),
``wording`` (languages, dates), ``listing`` (search, sort and pages of a list),
``cells`` (exported tables), ``shape`` (what forms ask of a value), ``health``
(up, ready, figures).
"""
