"""What is proved, held and allowed.

Reading order: rules ``programme``, ``sitting`` (windows, deadlines, accepting
a response), ``grading``, ``licence`` (ledger and standing), ``decision``
(who may decide), ``dispatch`` (may this person be sent?), ``pack`` (the seed
and content format); then ``tables``, ``store``, ``actions``, ``forms``,
``views``, ``api``, ``commands``.
"""
