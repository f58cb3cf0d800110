"""The columns, by subject. Imported whole, so that the schema is complete wherever one of them is used."""

from question_bank.tables.imports import QuestionImport, QuestionImportMedia, QuestionImportRow
from question_bank.tables.items import Item, ItemClause, ItemVersion, Review
from question_bank.tables.media import Media, VersionMedia
from question_bank.tables.papers import Form, FormItem
from question_bank.tables.relations import ItemEnemy, ItemFigures
from question_bank.tables.remarks import ItemComment, ItemRemark

__all__ = [
    "Form",
    "FormItem",
    "Item",
    "ItemClause",
    "ItemComment",
    "ItemEnemy",
    "ItemFigures",
    "ItemRemark",
    "ItemVersion",
    "Media",
    "QuestionImport",
    "QuestionImportMedia",
    "QuestionImportRow",
    "Review",
    "VersionMedia",
]
