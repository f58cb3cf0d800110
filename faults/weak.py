"""The site with ``synchronous=NORMAL``: what must lose answers when the power goes, or the test of cuts tests nothing."""

from typing import Any

from flask import Flask
from sqlalchemy import event

from app import create_app as create_strong
from foundation.database import db


def create_app() -> Flask:
    """The application, each of whose connections trusts the log before it is on the disk."""
    app = create_strong()
    with app.app_context():
        event.listen(db.engine, "connect", _weaken)
    return app


def _weaken(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA synchronous=NORMAL")
