"""What is demanded: standards, their editions, clauses and clashes.

Reading order: ``clause`` (rules: references, duties, stages), ``search``
(bigrams), ``edition_change`` (what a new edition changes), ``tables``,
``store``, ``actions`` (keeping a loaded edition), ``views``.
"""
