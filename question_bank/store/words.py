"""Questions that hold what is searched for, through the index of words (``tables/words``)."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Integer, String, bindparam, false
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from standards.search import Sought, patterns, sought


class _Hits(FunctionElement[int]):
    """The ids of the versions whose words meet a query.

    Its clauses: the query as FTS5 wants it, as tsvector does, and the patterns
    that see to the order of tokens, which a GIN index does not know.
    """

    name = "version_words"
    type = Integer()
    inherit_cache = True


@compiles(_Hits, "sqlite")
def _in_fts5(element: _Hits, compiler: SQLCompiler, **kw: Any) -> str:
    query = compiler.process(next(iter(element.clauses)), **kw)
    return f"(SELECT rowid FROM version_words WHERE version_words MATCH {query})"


@compiles(_Hits, "postgresql")
def _in_tsvector(element: _Hits, compiler: SQLCompiler, **kw: Any) -> str:
    _fts5, query, *ordered = (compiler.process(clause, **kw) for clause in element.clauses)
    wanted = [f"tokens @@ CAST({query} AS tsquery)", *(f"words LIKE {like}" for like in ordered)]
    return f"(SELECT version_id FROM version_words WHERE {' AND '.join(wanted)})"


def holding(version_id: Any, query: str) -> Iterator[ColumnElement[bool]]:
    """Conditions on a column of version ids that together find ``query``, exactly as ``standards.search`` says it.

    A query that holds no word finds nothing.
    """
    runs = sought(query)
    if runs:
        ordered = [pattern for run, pattern in zip(runs, patterns(query), strict=True) if len(run.tokens) > 1]
        yield version_id.bool_op("IN")(_Hits(*(bindparam(None, text, String()) for text in (_fts5(runs), _tsquery(runs), *ordered))))
    elif query:
        yield false()


def _fts5(runs: Sequence[Sought]) -> str:
    """Phrases, an open one ending with a star: tokens are letters and digits only, so nothing needs escaping."""
    return " AND ".join(f'"{" ".join(run.tokens)}"{" *" if run.open else ""}' for run in runs)


def _tsquery(runs: Sequence[Sought]) -> str:
    tokens = dict.fromkeys(f"'{token}'{':*' if run.open else ''}" for run in runs for token in run.tokens)
    return " & ".join(tokens)
