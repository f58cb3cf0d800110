"""The index by which questions are found: the words of every version, kept by the database itself.

SQLite has them in FTS5, PostgreSQL in a column of tsvector with a GIN index,
and once more as they are: the index knows no order, and the questions
themselves are broad rows to read for it.
``ItemVersion.words`` says what goes in (see ``standards.search``); triggers
carry it over, so that no way of writing a version can miss it. The migration
carries the same statements, frozen; a test compares the two.

In FTS5 a bar stands between two runs: a phrase then never reaches from one
into the next. Its tokenizer cuts at blanks alone, because everything that is
not ASCII is part of a token to it.
"""

from sqlalchemy import DDL, event

from question_bank.tables.items import ItemVersion

_OLD, _NEW = "replace(old.words, '  ', ' | ')", "replace(new.words, '  ', ' | ')"
_TAKE = f"INSERT INTO version_words (version_words, rowid, words) VALUES ('delete', old.id, {_OLD});"
_PUT = f"INSERT INTO version_words (rowid, words) VALUES (new.id, {_NEW});"
SQLITE = (
    "CREATE VIRTUAL TABLE version_words USING fts5(words, content='', tokenize='ascii tokenchars ''|''')",
    f"CREATE TRIGGER item_versions_words AFTER INSERT ON item_versions BEGIN {_PUT} END",
    f"CREATE TRIGGER item_versions_words_changed AFTER UPDATE OF words ON item_versions BEGIN {_TAKE} {_PUT} END",
    f"CREATE TRIGGER item_versions_words_gone AFTER DELETE ON item_versions BEGIN {_TAKE} END",
)
POSTGRESQL = (
    "CREATE TABLE version_words (version_id integer CONSTRAINT pk_version_words PRIMARY KEY CONSTRAINT "
    "fk_version_words_version_id REFERENCES item_versions (id) ON DELETE CASCADE, words text NOT NULL, tokens tsvector NOT NULL)",
    "CREATE INDEX ix_version_words_tokens ON version_words USING gin (tokens)",
    "CREATE FUNCTION keep_version_words() RETURNS trigger AS $$ BEGIN INSERT INTO version_words VALUES "
    "(NEW.id, NEW.words, array_to_tsvector(string_to_array(btrim(replace(NEW.words, '  ', ' ')), ' '))) "
    "ON CONFLICT (version_id) DO UPDATE SET words = EXCLUDED.words, tokens = EXCLUDED.tokens; RETURN NULL; END $$ LANGUAGE plpgsql",
    "CREATE TRIGGER item_versions_words AFTER INSERT OR UPDATE OF words ON item_versions "
    "FOR EACH ROW EXECUTE FUNCTION keep_version_words()",
)

for _dialect, _statements in (("sqlite", SQLITE), ("postgresql", POSTGRESQL)):
    for _statement in _statements:
        event.listen(ItemVersion.__table__, "after_create", DDL(_statement).execute_if(dialect=_dialect))
