"""Who: partner companies, contracts, rosters, staff, accounts, roles, permission.

Reading order: ``permission`` (roles and what they may do), ``account`` (what
may be done to one), ``contract``, ``roster`` and ``identity`` (rules),
``password`` and ``lockout`` (rules of the door), ``tables``, ``store``,
``actions``, ``login`` (the only user of flask_login, owner of ``@requires``),
``views``, ``commands``.
"""
