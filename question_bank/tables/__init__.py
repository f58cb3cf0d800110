"""The columns, by subject. Imported whole, so that the schema is complete wherever one of them is used."""

from question_bank.tables.items import Item, ItemClause, ItemVersion, Review
from question_bank.tables.papers import Form, FormItem

__all__ = ["Form", "FormItem", "Item", "ItemClause", "ItemVersion", "Review"]
