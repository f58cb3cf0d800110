"""The bare endpoints: Flask and one row, what nobody can do without.

Reading goes through Flask-SQLAlchemy, as the smallest Flask site would;
saving through the naked driver, which is the stricter measure.
"""

import os
import sqlite3
import threading
from collections.abc import Callable
from typing import Any

import psycopg
from flask import Flask, jsonify, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import text

ROWS = 500
_held = threading.local()


def create_app() -> Flask:
    """``GET /read/<id>`` reads a row, ``PUT /save/<id>`` reads and writes one; on the database that ``BARE_DATABASE`` names."""
    app = Flask(__name__)
    database = os.environ["BARE_DATABASE"]
    server = database.startswith("postgresql")
    address = database.replace("postgresql://", "postgresql+psycopg://", 1) if server else f"sqlite:///{database}"
    app.config["SQLALCHEMY_DATABASE_URI"] = address
    rows = SQLAlchemy(app)
    wanted = text("SELECT id, text FROM bare WHERE id = :id")
    connect, mark = (_postgresql, "%s") if database.startswith("postgresql") else (_sqlite, "?")
    begin = "BEGIN" if mark == "%s" else "BEGIN IMMEDIATE"
    read, write = (f"SELECT id, text FROM bare WHERE id = {mark}", f"UPDATE bare SET text = {mark} WHERE id = {mark}")

    def connection() -> Any:
        if not hasattr(_held, "connection"):
            _held.connection = connect(database)
        return _held.connection

    @app.get("/read/<int:row_id>")
    def one(row_id: int) -> Any:
        found = rows.session.execute(wanted, {"id": row_id}).one()
        return jsonify(id=found.id, text=found.text)

    @app.put("/save/<int:row_id>")
    def save(row_id: int) -> Any:
        body = request.get_json()
        held = connection()
        held.execute(begin)
        found = held.execute(read, (row_id,)).fetchone()
        held.execute(write, (body["text"], row_id))
        held.execute("COMMIT")
        return jsonify(saved=found[0])

    return app


def prepare(database: str) -> None:
    """The table and its rows."""
    connect: Callable[[str], Any] = _postgresql if database.startswith("postgresql") else _sqlite
    held = connect(database)
    held.execute("CREATE TABLE bare (id INTEGER PRIMARY KEY, text TEXT NOT NULL)")
    held.execute("BEGIN")
    for row_id in range(1, ROWS + 1):
        held.execute(f"INSERT INTO bare VALUES ({row_id}, 'one row')")
    held.execute("COMMIT")
    held.close()


def _sqlite(path: str) -> sqlite3.Connection:
    """The driver with the same promises as the product: an acknowledged write survives a power cut."""
    held = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=wal", "synchronous=full", "busy_timeout=10000"):
        held.execute(f"PRAGMA {pragma}")
    return held


def _postgresql(address: str) -> psycopg.Connection[Any]:
    return psycopg.connect(address, autocommit=True)
