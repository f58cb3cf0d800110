"""The columns, by subject. Imported whole, so that the schema is complete wherever one of them is used."""

from question_bank.tables.cards import ItemCard
from question_bank.tables.edition_changes import EditionChange, EditionChangeItem
from question_bank.tables.imports import QuestionImport, QuestionImportRow
from question_bank.tables.items import Item, ItemClause, ItemVersion, Review
from question_bank.tables.media import Media, VersionMedia
from question_bank.tables.papers import Form, FormItem
from question_bank.tables.relations import ItemEnemy, ItemFigures
from question_bank.tables.remarks import ItemComment, ItemRemark
from question_bank.tables.words import POSTGRESQL, SQLITE

__all__ = [
    "POSTGRESQL",
    "SQLITE",
    "EditionChange",
    "EditionChangeItem",
    "Form",
    "FormItem",
    "Item",
    "ItemCard",
    "ItemClause",
    "ItemComment",
    "ItemEnemy",
    "ItemFigures",
    "ItemRemark",
    "ItemVersion",
    "Media",
    "QuestionImport",
    "QuestionImportRow",
    "Review",
    "VersionMedia",
]
