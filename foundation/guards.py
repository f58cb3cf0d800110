"""Tables that only grow: the database itself refuses to change or delete a row.

The migrations carry the same statements, frozen; these serve a database that
is made from the tables. A test compares the two.
"""

from sqlalchemy import DDL, Table, event

INSERT_ONLY: dict[str, str] = {}
"""What a refusal calls each guarded table, by the table's name."""


def insert_only(table: Table, called: str) -> None:
    """Guard ``table`` wherever it is created; a refusal says "the <called> is insert-only"."""
    INSERT_ONLY[table.name] = called
    for dialect, statements in (("sqlite", sqlite(table.name, called)), ("postgresql", postgresql(table.name, called))):
        for statement in statements:
            event.listen(table, "after_create", DDL(statement.replace("%", "%%")).execute_if(dialect=dialect))


def sqlite(table: str, called: str) -> list[str]:
    """The guard's statements for SQLite."""
    return [
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, 'the {called} is insert-only'); END"
        for verb in ("UPDATE", "DELETE")
    ]


def postgresql(table: str, called: str) -> list[str]:
    """The guard's statements for PostgreSQL, where TRUNCATE is refused too."""
    return [
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger AS $$ "
        "BEGIN RAISE EXCEPTION 'the % is insert-only', TG_ARGV[0]; END $$ LANGUAGE plpgsql",
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('{called}')",
    ]
