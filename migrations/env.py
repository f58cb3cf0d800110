"""Alembic's way in: the app's engine and the project's tables."""
# ruff: noqa: F401

from alembic import context
from flask import current_app

import certification.tables
import foundation.tables
import people.tables
import question_bank.tables
import standards.tables
from foundation.database import Base

database = current_app.extensions["migrate"].db


def told_apart(name: str | None, kind: str, _parents: object) -> bool:
    """Whether a comparison looks at it: the index of words is made by statements of its own (question_bank/tables/words.py)."""
    return kind != "table" or not (name or "").startswith("version_words")


def run() -> None:
    """Run the migrations on the app's engine, each in its own transaction."""
    with database.engine.connect().execution_options(writes=True) as connection:
        context.configure(
            connection=connection, target_metadata=Base.metadata, render_as_batch=True, compare_type=True,
            transaction_per_migration=True, user_module_prefix="foundation.database.", include_name=told_apart,
        )
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    raise SystemExit("Offline migrations are not supported: the guards need a live database.")
run()
