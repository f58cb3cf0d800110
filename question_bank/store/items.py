"""Items as the editor's pages show them: the list, one item with its versions, where it stands, who reviewed it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from people.tables import Account, Person
from question_bank.item import Level, State, Wording
from question_bank.key import tidy
from question_bank.review import VERDICTS, Standing, Step, approvers, authors
from question_bank.store import Reader, facets
from question_bank.store.cards import asks_key
from question_bank.store.clauses import refs_of
from question_bank.store.faces import face_of
from question_bank.tables import Item, ItemCard, ItemClause, ItemVersion, Review
from question_bank.traits import traits

ItemRow: TypeAlias = Item
VersionRow: TypeAlias = ItemVersion
FEW = 2000
"""Hits of a search that are sorted rather than met while the list is walked in its order."""


@dataclass(frozen=True)
class Line:
    """A question as lists show it; ``facility`` and ``correlation`` as in ItemFigures, None where nobody knows yet."""

    id: int
    version_id: int
    code: str
    changed: datetime
    state: str
    in_use: bool
    kind: str
    level: str
    difficulty: int
    asks_key: bool
    stem: str
    facility: float | None
    correlation: float | None


def list_statement(query: str, chosen: Mapping[str, str]) -> tuple[Any, dict[str, Any], Any]:
    """The question bank as a list: the statement, its orders, and what breaks ties.

    The rows are narrow, so that no page is far away: ``id, version_id, code,
    changed, traits, facility, rest_correlation``; ``lines`` tells the rest.
    ``chosen`` may hold what ``facets.NAMES`` names; state ``live`` finds every
    item in use.
    """
    statement = select(
        ItemCard.item_id.label("id"), ItemCard.version_id, ItemCard.code, ItemCard.changed, ItemCard.traits, ItemCard.facility,
        ItemCard.rest_correlation,
    )
    return statement.where(*facets.conditions(query, chosen)), facets.order(ItemCard), ItemCard.item_id


def list_of(query: str, chosen: Mapping[str, str], total: int, descending: bool = False) -> tuple[Any, dict[str, Any], Any]:
    """The same, for one page of a list that is known to hold ``total`` rows: few of them are all found before they are sorted."""
    statement, _order, tie = list_statement(query, chosen)
    if not query or total > FEW:
        return statement, facets.order(ItemCard, descending), tie
    hits = facets.gathered(statement)
    return select(hits), facets.order(hits.c, descending), hits.c.id


def lines(session: Reader, rows: Sequence[Row[Any]]) -> list[Line]:
    """Rows of ``list_statement`` as they are shown, in their order."""
    stems: dict[int, str] = {}
    if wanted := [row.version_id for row in rows]:
        stems = dict(session.execute(select(ItemVersion.id, ItemVersion.stem).where(ItemVersion.id.in_(wanted))).all())
    return [_line(row, traits(row.traits), stems[row.version_id]) for row in rows]


def _line(row: Row[Any], said: Mapping[str, str], stem: str) -> Line:
    return Line(
        row.id, row.version_id, row.code, row.changed, said["state"], said["in_use"] == "yes", said["kind"], said["level"],
        int(said["difficulty"]), said["key"] == "yes", stem, row.facility, row.rest_correlation,
    )


def stems(session: Reader, item_ids: Sequence[int]) -> dict[int, str]:
    """What the items' pages show first, by item."""
    query = select(ItemCard.item_id, ItemVersion.stem).join(ItemVersion, ItemVersion.id == ItemCard.version_id)
    return dict(session.execute(query.where(ItemCard.item_id.in_(item_ids))).all())


def item(session: Reader, item_id: int) -> Item | None:
    """An item's row, or None."""
    return session.get(Item, item_id)


def locked(session: Session, item_id: int) -> Item | None:
    """The row for a change, held until the unit of work ends."""
    return session.get(Item, item_id, with_for_update=True)


def versions(session: Reader, item_id: int) -> list[ItemVersion]:
    """An item's versions, the oldest first."""
    return list(session.scalars(select(ItemVersion).where(ItemVersion.item_id == item_id).order_by(ItemVersion.id)))


def wording_of(session: Reader, row: ItemVersion) -> Wording:
    """What the version says, as the rule and the form want it."""
    refs = tuple(refs_of(session, [row.id])[row.id])
    face = face_of(row)
    key = tidy(face.kind, row.key, [option.code for option in face.options])
    return Wording(face.kind, face.stem, face.options, key, row.rationale, refs, row.difficulty, Level(row.level), face.right)


def standing(session: Reader, row: Item, rows: Sequence[ItemVersion]) -> Standing:
    """Where the item stands, as the rule wants to know it. ``rows`` are its versions, the oldest first."""
    discarded = select(func.max(Review.version_id)).join(ItemVersion, ItemVersion.id == Review.version_id)
    discarded = discarded.where(ItemVersion.item_id == row.id, Review.verdict == VERDICTS[Step.DISCARD])
    known = authors([(version.id, version.author_id) for version in rows], max(row.version_id or 0, session.scalar(discarded) or 0))
    settled = row.version_id if row.state in (State.LIVE, State.RETIRED) else None
    version_id = settled or rows[-1].id
    given = select(Review.verdict, Review.account_id).where(Review.version_id == version_id).order_by(Review.id)
    approved = approvers((verdict, by) for verdict, by in session.execute(given))
    key = session.scalar(select(asks_key()).select_from(ItemVersion).where(ItemVersion.id == version_id))
    asked = session.scalar(select(func.count()).select_from(ItemClause).where(ItemClause.version_id == version_id))
    explained = next(version.rationale for version in rows if version.id == version_id).strip()
    return Standing(
        State(row.state), version_id, row.version_id is not None, known, bool(key), approved, asks_nothing=not asked,
        unexplained=not explained,
    )


def reviews(session: Reader, item_id: int) -> list[Row[Any]]:
    """Every step that was taken on an item's versions, the newest first: ``at, verdict, comment, number, name``."""
    statement = (
        select(Review.at, Review.verdict, Review.comment, ItemVersion.number, Person.name)
        .join(ItemVersion, ItemVersion.id == Review.version_id)
        .join(Account, Account.id == Review.account_id)
        .join(Person, Person.id == Account.person_id)
        .where(ItemVersion.item_id == item_id)
        .order_by(Review.at.desc(), Review.id.desc())
    )
    return list(session.execute(statement))


def names(session: Reader, account_ids: Iterable[int | None]) -> dict[int, str]:
    """The names behind accounts."""
    wanted = {key for key in account_ids if key is not None}
    statement = select(Account.id, Person.name).join(Person, Person.id == Account.person_id).where(Account.id.in_(wanted))
    return {row[0]: row[1] for row in session.execute(statement)} if wanted else {}


def items_on(session: Reader, clause_id: int) -> list[Line]:
    """The items that ask about a clause, by code."""
    statement, order, _tie = list_statement("", {"clause": str(clause_id)})
    return lines(session, session.execute(statement.order_by(order["code"])).all())


def item_ids(session: Reader, codes: Collection[str]) -> dict[str, int]:
    """Ids by code, of those among ``codes`` that are known."""
    wanted, found = list(codes), {}
    for first in range(0, len(wanted), FEW):
        found |= dict(session.execute(select(Item.code, Item.id).where(Item.code.in_(wanted[first : first + FEW]))).all())
    return found


def newest_version(session: Reader, item_id: int) -> int:
    """The id of the item's newest version."""
    query = select(ItemVersion.id).where(ItemVersion.item_id == item_id).order_by(ItemVersion.number.desc())
    return session.scalars(query.limit(1)).one()
