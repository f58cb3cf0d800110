"""How many questions stand behind each value that the list can be narrowed by, the other choices given."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, func, literal, select, union_all

from question_bank.item import State
from question_bank.store import Reader
from question_bank.store.words import holding
from question_bank.tables import ItemCard, ItemClause, ItemRemark, ItemVersion
from question_bank.traits import FIELD, FIGURES, TRAITS, figures, known, tally, traits
from standards.tables import Edition, Standard

PACKED = tuple(field.name for field in TRAITS if field.name != "in_use")
BESIDE = ("standard", "author", *(field.name for field in FIGURES))
NAMES = (*PACKED, *BESIDE, "clause", "remark")
"""What a list may be narrowed by. ``standard`` is ``STD@EDITION``, ``author`` an account's id, ``clause`` a clause's; ``remark`` is yes."""

COUNTED = 20_000
PACKED_PART, BESIDE_PART, REMARKS_PART, CLAUSES_PART = range(1, 5)


@dataclass(frozen=True)
class Facets:
    """How many questions are left, and behind each value of each name.

    Clauses are only counted where an edition is chosen that has no more than
    ``COUNTED`` questions, or a search narrows it: they stand in another table,
    and one by one.
    """

    total: int
    counts: dict[str, Counter[str]]


def conditions(query: str, chosen: Mapping[str, str]) -> list[ColumnElement[bool]]:
    """What a card must meet; a value that does not exist finds nothing."""
    return [*_base(query, chosen), *_asked(chosen, ItemCard), *_packed(chosen, ItemCard), *_beside(chosen, ItemCard)]


def _base(query: str, chosen: Mapping[str, str]) -> Iterator[ColumnElement[bool]]:
    """What no group of cards tells: the search, open remarks."""
    yield from holding(ItemCard.version_id, query)
    if chosen.get("remark"):
        yield ItemCard.item_id.in_(remarked())


def remarked() -> Select[tuple[int]]:
    """The items on which somebody's remark waits for an answer."""
    found = select(ItemVersion.item_id).join(ItemRemark, ItemRemark.version_id == ItemVersion.id)
    return found.where(ItemRemark.state == "open")


def _asked(chosen: Mapping[str, str], cards: Any) -> Iterator[ColumnElement[bool]]:
    if value := chosen.get("clause"):
        yield cards.version_id.in_(select(ItemClause.version_id).where(ItemClause.clause_id == _number(value)))


def _packed(chosen: Mapping[str, str], cards: Any) -> Iterator[ColumnElement[bool]]:
    for name in PACKED:
        if value := chosen.get(name):
            in_use = name == "state" and value == State.LIVE
            yield _is("in_use", "yes", cards.traits) if in_use else _is(name, value, cards.traits)


def _beside(chosen: Mapping[str, str], cards: Any) -> Iterator[ColumnElement[bool]]:
    if value := chosen.get("standard"):
        yield cards.edition_id == _edition(value)
    if value := chosen.get("author"):
        yield cards.author_id == _number(value)
    for field in FIGURES:
        if value := chosen.get(field.name):
            yield _is(field.name, value, cards.figures)


def _edition(code: str) -> ColumnElement[int]:
    """The edition of that name, if there is one."""
    found = select(Edition.id).join(Standard, Standard.id == Edition.standard_id).where(Standard.code + "@" + Edition.edition == code)
    return found.scalar_subquery()


def _number(value: str) -> int:
    """An id that was asked for; 0, which nobody has, for anything else."""
    return int(value) if value.isdecimal() and len(value) < 10 else 0


def _held(name: str, column: Any) -> Any:
    """The code of a field, out of a packed column."""
    field = FIELD[name]
    return column.bitwise_rshift(field.shift).bitwise_and((1 << field.width) - 1)


def _is(name: str, value: str, column: Any) -> ColumnElement[bool]:
    """Whether a packed column holds the value."""
    held: ColumnElement[bool] = _held(name, column) == (FIELD[name].code(value) if known(name, value) else -1)
    return held


def order(cards: Any, descending: bool = False) -> dict[str, Any]:
    """What the list may be sorted by; a question that nobody has answered yet stands last either way."""
    difficulty, state = _held("difficulty", cards.traits), _held("state", cards.traits)
    facility = func.coalesce(cards.facility, -1 if descending else 2)
    return {"changed": cards.changed, "code": cards.code, "difficulty": difficulty, "state": state, "facility": facility}


def count(session: Reader, query: str, chosen: Mapping[str, str]) -> Facets:
    """Every facet's counts, in one statement that looks for a search's hits once."""
    packed, beside, clauses, remarks = [], [], Counter[str](), 0
    editions = select(Edition.id, Standard.code + "@" + Edition.edition).join(Standard, Standard.id == Edition.standard_id)
    names = dict(session.execute(editions).all())
    for part, first, author, did, number in session.execute(_counts(query, chosen)):
        if part == PACKED_PART:
            packed.append((traits(first), number))
        elif part == BESIDE_PART:
            beside.append(({"standard": names.get(first, ""), "author": str(author or ""), **figures(did)}, number))
        elif part == CLAUSES_PART:
            clauses[str(first)] = number
        else:
            remarks = number
    total, counts = tally(packed, PACKED, chosen)
    counts |= tally(beside, BESIDE, chosen)[1]
    counts["remark"] = Counter({"yes": remarks})
    edition = counts["standard"][chosen.get("standard", "")]
    if clauses or 0 < edition <= COUNTED:
        counts["clause"] = clauses or Counter(dict(_told(session.execute(_by_clause(ItemCard.__table__.c, chosen)))))
    return Facets(total, counts)


def _told(rows: Iterable[Any]) -> Iterator[tuple[str, int]]:
    for _part, clause, _author, _did, number in rows:
        yield str(clause), number


def _counts(query: str, chosen: Mapping[str, str]) -> Any:
    """Cards by their traits, narrowed by what stands beside these; the other way round; those remarked; of a search also by clause."""
    cards: Any = ItemCard.__table__.c
    base = list(_base(query, chosen))
    if base:  # named more than once below, so that both databases look for it once
        wanted = (cards.item_id, cards.version_id, cards.traits, cards.edition_id, cards.author_id, cards.figures)
        cards = select(*wanted).where(*base).cte("hits").c
    asked, packed, beside = (list(narrow(chosen, cards)) for narrow in (_asked, _packed, _beside))
    group, none = (cards.edition_id, cards.author_id, cards.figures), (literal(0), literal(0))
    parts = [
        select(literal(PACKED_PART), cards.traits, *none, func.count()).where(*asked, *beside).group_by(cards.traits),
        select(literal(BESIDE_PART), *group, func.count()).where(*asked, *packed).group_by(*group),
        select(literal(REMARKS_PART), literal(0), *none, func.count(cards.item_id)).where(
            *asked, *packed, *beside, cards.item_id.in_(remarked())
        ),
    ]
    if base and chosen.get("standard"):
        parts.append(_by_clause(cards, chosen))
    return union_all(*parts)


def _by_clause(cards: Any, chosen: Mapping[str, str]) -> Select[Any]:
    """How many of the questions ask about each clause; those of the chosen edition may ask about others beside."""
    found = select(literal(CLAUSES_PART), ItemClause.clause_id, literal(0), literal(0), func.count()).select_from(ItemClause)
    found = found.where(ItemClause.version_id == cards.version_id, *_packed(chosen, cards), *_beside(chosen, cards))
    return found.group_by(ItemClause.clause_id)


def gathered(statement: Select[Any]) -> CTE:
    """The rows of a statement, to be found before anything is done with them: PostgreSQL cannot guess how many a search finds."""
    return statement.cte("hits").prefix_with("MATERIALIZED", dialect="postgresql")
