"""Migrated from nothing is what the tables say, in the databases' own words: CHECKs, indexes and triggers too.

Alembic's comparison does not see CHECKs and triggers, so the catalogues of
two databases are held against each other: one brought forward by the
migrations, one made from the metadata.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import Connection, text

from foundation.database import Base, db
from tests.databases import Databases, make_app

ROOT = Path(__file__).resolve().parent.parent
Catalogue = set[str]

POSTGRESQL = """
SELECT 'table ' || table_name FROM information_schema.tables WHERE table_schema = 'public'
UNION ALL
SELECT concat_ws(' ', 'column', table_name, column_name, data_type, character_maximum_length, is_nullable, column_default, is_identity)
FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL
SELECT concat_ws(' ', 'constraint', conrelid::regclass, conname, pg_get_constraintdef(oid))
FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL
SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL
SELECT concat_ws(' ', 'trigger', pg_get_triggerdef(oid), tgenabled) FROM pg_trigger WHERE NOT tgisinternal
UNION ALL
SELECT 'function ' || pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
"""


@pytest.fixture
def make(databases: Databases, tmp_path: Path) -> Iterator[Callable[[str], Flask]]:
    """``make("name")``: an app on a database with nothing in it."""
    made: list[tuple[Flask, str | None]] = []

    def blank(name: str) -> Flask:
        folder = tmp_path / name
        folder.mkdir()
        url = databases.blank(folder)
        app = make_app(folder, url)
        made.append((app, url))
        return app

    yield blank
    for app, url in made:
        with app.app_context():
            db.engine.dispose()
        databases.drop(url)


def catalogue(app: Flask) -> Catalogue:
    """Everything that the database knows about itself, a line each; the migrations' own table left out."""
    with app.app_context(), db.engine.connect() as connection:
        lines = _sqlite(connection) if db.engine.dialect.name == "sqlite" else _postgresql(connection)
    return {line for line in lines if "alembic_version" not in line}


def _postgresql(connection: Connection) -> Catalogue:
    return set(connection.scalars(text(POSTGRESQL)))


def _sqlite(connection: Connection) -> Catalogue:
    """SQLite keeps the statements themselves: a table's is cut into its columns and constraints, whose order may differ."""
    found: Catalogue = set()
    for kind, table, sql in connection.execute(text("SELECT type, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL")):
        flat = re.sub(r"\s+", " ", sql.replace('"', "")).strip()
        if kind != "table":
            found.add(f"{kind} {flat}")
            continue
        head, _, body = flat.partition("(")
        inner, _, rest = body.rpartition(")")
        found.add(f"table {head.strip()} {rest.strip()}")
        found |= {f"{table}: {part}" for part in _parts(inner)}
    return found


def _parts(body: str) -> Iterator[str]:
    """Split at the commas that stand outside brackets and quotes."""
    depth, start, quoted = 0, 0, False
    for position, letter in enumerate(body):
        if letter == "'":
            quoted = not quoted
        elif not quoted:
            depth += {"(": 1, ")": -1}.get(letter, 0)
            if letter == "," and depth == 0:
                yield body[start:position].strip()
                start = position + 1
    yield body[start:].strip()


def bring_forward(app: Flask) -> None:
    with app.app_context():
        upgrade()
        db.engine.dispose()


def test_migrated_from_nothing_is_what_the_tables_say(make: Callable[[str], Flask]) -> None:
    migrated, made = make("migrated"), make("made")
    bring_forward(migrated)
    with made.app_context(), db.engine.connect().execution_options(writes=True) as connection, connection.begin():
        Base.metadata.create_all(connection)
    found, wanted = catalogue(migrated), catalogue(made)
    assert found == wanted, (
        "The migrations and the tables have drifted apart. Write a migration (flask --app app db migrate).\n"
        f"Only in the migrated database: {sorted(found - wanted)}\nOnly in the tables: {sorted(wanted - found)}"
    )


def test_the_catalogue_sees_checks_and_triggers(make: Callable[[str], Flask]) -> None:
    migrated = make("migrated")
    bring_forward(migrated)
    seen = "\n".join(catalogue(migrated))
    assert "ck_licence_events_kind" in seen
    assert "is insert-only" in seen
    assert "audit_no_" in seen
    assert "licence_events_no_" in seen
    assert "uq_api_keys_live_name" in seen


def test_down_to_nothing_and_up_again(make: Callable[[str], Flask]) -> None:
    app = make("app")
    empty = catalogue(app)
    bring_forward(app)
    full = catalogue(app)
    with app.app_context():
        downgrade(revision="base")
        db.engine.dispose()
    assert catalogue(app) == empty
    bring_forward(app)
    assert catalogue(app) == full


def test_bringing_forward_twice_changes_nothing(make: Callable[[str], Flask]) -> None:
    app = make("app")
    bring_forward(app)
    before = catalogue(app)
    bring_forward(app)
    assert catalogue(app) == before


def test_there_is_one_newest_migration_and_the_database_is_at_it(make: Callable[[str], Flask]) -> None:
    app = make("app")
    bring_forward(app)
    heads = ScriptDirectory(str(ROOT / "migrations")).get_heads()
    assert len(heads) == 1, f"{', '.join(heads)} are all newest. Give one of them the other as down_revision."
    with app.app_context():
        assert db.session.scalars(text("SELECT version_num FROM alembic_version")).all() == heads
