"""Rows of the question bank, by subject: what delivery reads (``faces``, ``pool``), which clauses are asked about (``clauses``),
what the editor's pages show (``items``), the bank as a whole (``quality``).

Trainers and auditors see all items, so loaders are not scoped; who may come in is settled at the doors.
"""

from typing import Any, TypeAlias

from sqlalchemy.orm import Session, scoped_session

Reader: TypeAlias = Session | scoped_session[Any]
