"""The HTML doors of the question bank: the pages of editions and clauses, and of questions."""

from flask import Flask
from markupsafe import Markup

from question_bank import rich_text
from question_bank.views import (
    bank,
    bulk,
    clauses,
    comments,
    edition_changes,
    editor,
    exports,
    imports,
    items,
    look,
    media,
    remarks,
    versions,
)


def init_app(app: Flask) -> None:
    """Register the doors."""
    app.jinja_env.filters.update(rich=_rich, rich_line=_rich_line, rich_parts=_rich_parts, bare=rich_text.bare)
    for subject in (bank, bulk, clauses, comments, edition_changes, editor, exports, imports, items, look, media, remarks, versions):
        app.register_blueprint(subject.doors)


def _rich(text: str) -> Markup:
    return Markup(rich_text.html(text))


def _rich_line(text: str) -> Markup:
    return Markup(rich_text.line(text))


def _rich_parts(text: str) -> list[Markup]:
    return [Markup(part) for part in rich_text.parts(text)]
