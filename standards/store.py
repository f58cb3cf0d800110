"""Rows of standards. Everybody who signed in may read them, so nothing here is scoped."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import Session, scoped_session

from standards import edition_change
from standards.clause import Duty, Stage, Tier, camps
from standards.search import patterns
from standards.tables import Clash, ClashSide, Clause, Edition, Standard

Reader = Session | scoped_session[Any]
Said = dict[str, str]


@dataclass(frozen=True)
class ClauseView:
    """A clause as pages and answers show it; ``citation`` and texts are ``{"zh", "en"}``."""

    id: int
    standard: str
    standard_title: Said
    edition: str
    number: str
    chapter: str
    title: Said
    text: Said
    phrase: Said | None
    citation: Said
    duty: Duty
    stage: Stage
    tier: Tier | None
    applies_to: tuple[str, ...]
    key_clause: bool
    examinable: bool
    edition_id: int

    @cached_property
    def ref(self) -> str:
        """``STD@EDITION#NUMBER``."""
        return f"{self.standard}@{self.edition}#{self.number}"


@dataclass(frozen=True)
class EditionView:
    """An edition with the standard that it belongs to; ``clauses`` and ``keys`` are counts."""

    id: int
    standard: str
    title: Said
    issuer: Said
    edition: str
    effective: datetime
    note: Said
    chapters: tuple[dict[str, Any], ...]
    clauses: int
    keys: int


@dataclass(frozen=True)
class Side:
    """One side of a clash."""

    clause: ClauseView
    says: Said


@dataclass(frozen=True)
class ClashView:
    """A clash with all its sides, edition by edition."""

    id: int
    code: str
    subject: Said
    note: Said
    sides: tuple[Side, ...]


_CLAUSES = (
    select(Clause, Standard.code, Standard.title, Edition.edition)
    .join(Edition, Edition.id == Clause.edition_id)
    .join(Standard, Standard.id == Edition.standard_id)
)
IN_ORDER = (Standard.code, Edition.effective.desc(), Edition.id, Clause.position)


def _view(row: Clause, standard: str, title: dict[str, Any], edition: str) -> ClauseView:
    return ClauseView(
        row.id, standard, title, edition, row.number, row.chapter, row.title, row.text, row.phrase, row.citation,
        Duty(row.duty), Stage(row.stage), Tier(row.tier) if row.tier else None, tuple(row.applies_to), row.key_clause, row.examinable,
        row.edition_id,
    )


def _views(session: Reader, statement: Select[Any]) -> list[ClauseView]:
    return views_of(session.execute(statement))


def reference_column() -> ColumnElement[str]:
    """``STD@EDITION#NUMBER`` in SQL; needs Clause, Edition and Standard in the statement."""
    return Standard.code + "@" + Edition.edition + "#" + Clause.number


def clause_ids(session: Reader) -> dict[str, int]:
    """Every clause's id by its reference."""
    statement = select(reference_column(), Clause.id).join(Edition, Edition.id == Clause.edition_id)
    return {row[0]: row[1] for row in session.execute(statement.join(Standard, Standard.id == Edition.standard_id))}


def clause(session: Reader, clause_id: int) -> ClauseView | None:
    """One clause, or None."""
    return clauses_by_id(session, [clause_id]).get(clause_id)


def clauses_by_id(session: Reader, ids: Iterable[int]) -> dict[int, ClauseView]:
    """Clauses by id; unknown ids are left out."""
    wanted = list(set(ids))
    return {view.id: view for view in _views(session, _CLAUSES.where(Clause.id.in_(wanted)))} if wanted else {}


def clause_at(session: Reader, standard: str, edition: str, number: str) -> ClauseView | None:
    """The clause of that name, or None."""
    found = _views(session, _CLAUSES.where(Standard.code == standard, Edition.edition == edition, Clause.number == number))
    return found[0] if found else None


def clauses(session: Reader, *conditions: ColumnElement[bool]) -> list[ClauseView]:
    """Clauses that meet the conditions, in the order of the documents."""
    return _views(session, _CLAUSES.where(*conditions).order_by(*IN_ORDER))


def editions(session: Reader, *conditions: ColumnElement[bool]) -> list[EditionView]:
    """Editions with their counts, by standard, the newest first."""
    counts = (
        select(Clause.edition_id, func.count().label("clauses"), func.count().filter(Clause.key_clause).label("key_clauses"))
        .group_by(Clause.edition_id)
        .subquery()
    )
    statement = (
        select(Edition, Standard, func.coalesce(counts.c.clauses, 0), func.coalesce(counts.c.key_clauses, 0))
        .join(Standard, Standard.id == Edition.standard_id)
        .outerjoin(counts, counts.c.edition_id == Edition.id)
        .where(*conditions)
        .order_by(Standard.code, Edition.effective.desc(), Edition.id)
    )
    return [
        EditionView(
            edition.id, standard.code, standard.title, standard.issuer, edition.edition, edition.effective, edition.note,
            tuple(edition.chapters), total, keys,
        )
        for edition, standard, total, keys in session.execute(statement)
    ]


def edition_at(session: Reader, standard: str, edition: str) -> EditionView | None:
    """The edition of that name, or None."""
    found = editions(session, Standard.code == standard, Edition.edition == edition)
    return found[0] if found else None


def matching(query: str) -> ColumnElement[bool]:
    """The condition on Clause that finds ``query``; one that holds no word finds nothing (see standards/search.py)."""
    likes = [Clause.words.like(pattern) for pattern in patterns(query)]
    return and_(*likes) if likes else false()


def clauses_in(session: Reader, edition_ids: Collection[int], query: str = "") -> list[ClauseView]:
    """All clauses of some editions in the order of the documents, narrowed by a search, or by a number that was typed."""
    conditions = [Clause.edition_id.in_(edition_ids)]
    if query:
        conditions.append(or_(matching(query), Clause.number == query, Clause.number.startswith(query + ".", autoescape=True)))
    return clauses(session, *conditions)


def duty_of(view: ClauseView) -> edition_change.Duty:
    """The clause as far as a new edition can change it."""
    return edition_change.Duty(
        view.number, view.text.get("zh", ""), (view.phrase or {}).get("zh", ""), view.duty.value, view.tier.value if view.tier else None,
        view.key_clause, view.examinable,
    )


def clauses_of(session: Reader, edition_id: int, query: str, chosen: Mapping[str, str]) -> list[ClauseView]:
    """An edition's clauses in order, narrowed by a search and by ``duty``, ``stage``, ``tier`` and ``key`` (yes or no)."""
    conditions = [Clause.edition_id == edition_id]
    for name, column in (("duty", Clause.duty), ("stage", Clause.stage), ("tier", Clause.tier)):
        if name in chosen:
            conditions.append(column == chosen[name])
    if "key" in chosen:
        conditions.append(Clause.key_clause.is_(chosen["key"] == "yes"))
    if query:
        conditions.append(matching(query))
    return clauses(session, *conditions)


def search_clauses(session: Reader, query: str, limit: int) -> list[ClauseView]:
    """The first clauses that match a search, or whose number was typed."""
    condition = or_(matching(query), Clause.number == query, Clause.number.startswith(query + ".", autoescape=True))
    return _views(session, _CLAUSES.where(condition).order_by(*IN_ORDER).limit(limit))


def neighbours(session: Reader, edition_id: int, view: ClauseView) -> tuple[ClauseView | None, ClauseView | None]:
    """The clauses before and after one in its edition."""
    numbers = list(session.scalars(select(Clause.id).where(Clause.edition_id == edition_id).order_by(Clause.position)))
    at = numbers.index(view.id)
    found = clauses_by_id(session, numbers[max(0, at - 1) : at + 2])
    return found.get(numbers[at - 1]) if at else None, found.get(numbers[at + 1]) if at + 1 < len(numbers) else None


def clauses_in_clash(session: Reader) -> set[int]:
    """The ids of clauses on which another standard disagrees."""
    return set(session.scalars(select(ClashSide.clause_id)))


def search_statement(query: str) -> tuple[Any, dict[str, Any], Any]:
    """What a list page needs to show the clauses that match: the statement, its orders, and what breaks ties."""
    statement = _CLAUSES.where(matching(query)).order_by(None)
    return statement, {"standard": Standard.code, "number": Clause.position}, Clause.id


def views_of(rows: Iterable[Any]) -> list[ClauseView]:
    """The rows of ``search_statement`` as values."""
    return [_view(*row) for row in rows]


def clashes(session: Reader, clause_id: int | None = None) -> list[ClashView]:
    """Clashes with all their sides: all of them, or those on which a clause stands."""
    return _clashes(session, None if clause_id is None else ClashSide.clause_id == clause_id)


def clashes_on(session: Reader, clause_ids: Iterable[int]) -> list[ClashView]:
    """The clashes on which any of these clauses stands, each with all its sides, by code."""
    wanted = set(clause_ids)
    return _clashes(session, ClashSide.clause_id.in_(wanted)) if wanted else []


def _clashes(session: Reader, condition: ColumnElement[bool] | None) -> list[ClashView]:
    statement = select(Clash).order_by(Clash.code)
    if condition is not None:
        statement = statement.where(Clash.id.in_(select(ClashSide.clash_id).where(condition)))
    found = list(session.scalars(statement))
    sides: dict[int, list[Side]] = defaultdict(list)
    query = select(ClashSide.clash_id, ClashSide.says, Clause, Standard.code, Standard.title, Edition.edition)
    query = query.join(Clause, Clause.id == ClashSide.clause_id).join(Edition, Edition.id == Clause.edition_id)
    query = query.join(Standard, Standard.id == Edition.standard_id).where(ClashSide.clash_id.in_([row.id for row in found]))
    for clash_id, says, *row in session.execute(query.order_by(*IN_ORDER)) if found else ():
        sides[clash_id].append(Side(_view(*row), says))
    return [ClashView(row.id, row.code, row.subject, row.note, tuple(sides[row.id])) for row in found]


def clash_count(session: Reader) -> int:
    """How many clashes there are."""
    return session.scalar(select(func.count()).select_from(Clash)) or 0


def clash_camps(session: Reader) -> list[Sequence[frozenset[str]]]:
    """Every clash as camps of references of which a paper may hold one (see ``clause.camps``)."""
    return [camps([(side.clause.ref, side.says["zh"]) for side in clash.sides]) for clash in clashes(session)]
