"""What can be asked: items, blueprints, assembled forms.

Reading order: ``item`` (face, key, checks), ``blueprint``, ``assembly``,
``review`` (from a draft into use), ``inspection`` (the bank as a whole),
``coverage`` (clause by clause), ``carry_over`` (into a later edition): rules;
``tables``, ``store``, ``actions``, ``forms``, ``views`` (of clauses and of
items), ``commands``.
"""
