"""The HTML doors of the question bank: the pages of editions and clauses, and of questions."""

from flask import Flask

from question_bank.views import bank, clauses, editor, items


def init_app(app: Flask) -> None:
    """Register the doors."""
    for subject in (bank, clauses, editor, items):
        app.register_blueprint(subject.doors)
