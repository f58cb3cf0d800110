"""Rows of the question bank: the pool, faces and keys, and what the editor's pages show.

Trainers and auditors see all items, so loaders are not scoped; who may come
in is settled at the doors. Versions never change once they are written, so
faces and keys are kept in the process by version id.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, Row, and_, case, exists, false, func, select
from sqlalchemy.orm import Session, scoped_session

from people.tables import Account, Person
from question_bank.blueprint import PoolItem
from question_bank.inspection import Asked, Demand
from question_bank.item import ItemFace, ItemKey, Kind, Level, Option, State, Wording, after_gaps
from question_bank.key import tidy
from question_bank.review import VERDICTS, Standing, Step, authors
from question_bank.tables import Item, ItemClause, ItemVersion, Review
from standards.search import patterns
from standards.store import clauses, reference_column
from standards.tables import Clause, Edition, Standard

Reader = Session | scoped_session[Any]
Kept = TypeVar("Kept")
ItemRow: TypeAlias = Item
VersionRow: TypeAlias = ItemVersion

IN_USE = and_(Item.version_id.is_not(None), Item.state != State.RETIRED)
"""A condition on Item: one of its versions can be asked."""
DRAWN = and_(IN_USE, Item.canary.is_(False))
"""A condition on Item: it can be drawn to count. A trap is asked unscored and its key is wrong: no paper draws it, no figure counts it."""

CACHE_LIMIT = 20_000
_caches: WeakKeyDictionary[Any, tuple[dict[int, ItemFace], dict[int, ItemKey]]] = WeakKeyDictionary()


def _cached(session: Reader) -> tuple[dict[int, ItemFace], dict[int, ItemKey]]:
    """The faces and keys kept for the session's database: another database counts its ids anew."""
    return _caches.setdefault(session.get_bind().engine, ({}, {}))


def _through(cache: dict[int, Kept], ids: Iterable[int], load: Callable[[list[int]], dict[int, Kept]]) -> dict[int, Kept]:
    """Values by id from ``cache``, the missing ones loaded; the cache starts anew when it is full."""
    wanted = list(dict.fromkeys(ids))
    found = {key: cache[key] for key in wanted if key in cache}
    missing = [key for key in wanted if key not in found]
    if missing:
        loaded = load(missing)
        if len(cache) + len(loaded) > CACHE_LIMIT:
            cache.clear()
        cache.update(loaded)
        found.update(loaded)
    return {key: found[key] for key in wanted if key in found}


def faces(session: Reader, version_ids: Iterable[int]) -> dict[int, ItemFace]:
    """What a candidate may see of each version; unknown ids are left out.

    Not for the unit of work that writes the versions: they would be kept even if it were rolled back.
    """

    def load(ids: list[int]) -> dict[int, ItemFace]:
        columns = (ItemVersion.id, ItemVersion.kind, ItemVersion.stem, ItemVersion.options, ItemVersion.right)
        return {row.id: face_of(row) for row in session.execute(select(*columns).where(ItemVersion.id.in_(ids)))}

    return _through(_cached(session)[0], version_ids, load)


def keys(session: Reader, version_ids: Iterable[int]) -> dict[int, ItemKey]:
    """What only grading, the editor and practice feedback see of each version; kept like faces."""

    def load(ids: list[int]) -> dict[int, ItemKey]:
        on = clause_ids_of(session, ids)
        columns = (ItemVersion.id, ItemVersion.kind, ItemVersion.key, ItemVersion.rationale, ItemVersion.stem)
        return {
            row.id: ItemKey(row.id, Kind(row.kind), key_of(row), row.rationale, tuple(on[row.id]), after_gaps(row.kind, row.stem))
            for row in session.execute(select(*columns).where(ItemVersion.id.in_(ids)))
        }

    return _through(_cached(session)[1], version_ids, load)


def _options(plain: Sequence[dict[str, str]]) -> tuple[Option, ...]:
    return tuple(Option(option["code"], option["text"]) for option in plain)


def clause_ids_of(session: Reader, version_ids: Sequence[int]) -> dict[int, list[int]]:
    """The clauses of each version, the main one first."""
    found: dict[int, list[int]] = defaultdict(list)
    statement = select(ItemClause.version_id, ItemClause.clause_id).where(ItemClause.version_id.in_(version_ids))
    for version_id, clause_id in session.execute(statement.order_by(ItemClause.version_id, ItemClause.position)):
        found[version_id].append(clause_id)
    return found


def pool(session: Reader, standards: Sequence[str]) -> list[PoolItem]:
    """The items in use whose clauses all lie in the named editions (``STD@EDITION``), by version id.

    An item whose revision is still being written or reviewed is drawn with the version in use.
    """
    statement = (
        select(
            ItemVersion.id, ItemVersion.item_id, ItemVersion.kind, ItemVersion.difficulty, ItemVersion.level,
            reference_column().label("ref"), Clause.key_clause, Clause.tier,
        )
        .join(Item, Item.version_id == ItemVersion.id)
        .join(ItemClause, ItemClause.version_id == ItemVersion.id)
        .join(Clause, Clause.id == ItemClause.clause_id)
        .join(Edition, Edition.id == Clause.edition_id)
        .join(Standard, Standard.id == Edition.standard_id)
        .where(DRAWN)
        .order_by(ItemVersion.id, ItemClause.position)
    )
    grouped = defaultdict(list)
    for row in session.execute(statement):
        grouped[row.id].append(row)
    items = []
    for rows in grouped.values():
        if any(row.ref.partition("#")[0] not in standards for row in rows):
            continue
        first, flags = rows[0], {row.key_clause for row in rows}
        key_clause = flags.pop() if len(flags) == 1 else None
        refs = tuple(row.ref for row in rows)
        items.append(PoolItem(first.id, first.item_id, Kind(first.kind), refs, key_clause, first.difficulty, first.level, first.tier))
    return items


_newest = select(func.max(ItemVersion.id)).where(ItemVersion.item_id == Item.id).correlate(Item).scalar_subquery()
SHOWN = case((and_(Item.state.in_((State.LIVE, State.RETIRED)), Item.version_id.is_not(None)), Item.version_id), else_=_newest)
"""The version that an item's page shows first: the one in use, or the newest where that is being worked on."""


def list_statement(query: str, chosen: Mapping[str, str]) -> tuple[Any, dict[str, Any], Any]:
    """The question bank as a list: the statement, its orders, and what breaks ties.

    ``chosen`` may hold ``state`` (``live`` finds every item in use), ``kind``,
    ``level``, ``difficulty``, ``key`` (yes or no) and ``clause`` (a clause's id).
    """
    statement = select(
        Item.id, Item.code, Item.state, Item.changed, Item.version_id.is_not(None).label("in_use"),
        ItemVersion.kind, ItemVersion.stem, ItemVersion.difficulty, ItemVersion.level, _asks_key().label("asks_key"),
    ).join(ItemVersion, ItemVersion.id == SHOWN)
    sought = [ItemVersion.words.like(pattern) for pattern in patterns(query)]
    if query and not sought:
        sought = [false()]  # a search that holds no word finds nothing, not everything
    statement = statement.where(*sought, *_conditions(chosen))
    order = {"changed": Item.changed, "code": Item.code, "difficulty": ItemVersion.difficulty, "state": Item.state}
    return statement, order, Item.id


def _asks_key() -> ColumnElement[bool]:
    """Whether the version asks about a key clause."""
    return exists().where(ItemClause.version_id == ItemVersion.id, ItemClause.clause_id == Clause.id, Clause.key_clause)


def _conditions(chosen: Mapping[str, str]) -> Iterator[ColumnElement[bool]]:
    if state := chosen.get("state"):
        yield IN_USE if state == State.LIVE else Item.state == state
    for name, column in (("kind", ItemVersion.kind), ("level", ItemVersion.level)):
        if value := chosen.get(name):
            yield column == value
    if (value := chosen.get("difficulty", "")).isdecimal():
        yield ItemVersion.difficulty == int(value)
    if value := chosen.get("key"):
        yield _asks_key() if value == "yes" else ~_asks_key()
    if (value := chosen.get("clause", "")).isdecimal():
        yield exists().where(ItemClause.version_id == ItemVersion.id, ItemClause.clause_id == int(value))


def item(session: Reader, item_id: int) -> Item | None:
    """An item's row, or None."""
    return session.get(Item, item_id)


def locked(session: Session, item_id: int) -> Item | None:
    """The row for a change, held until the unit of work ends."""
    return session.get(Item, item_id, with_for_update=True)


def versions(session: Reader, item_id: int) -> list[ItemVersion]:
    """An item's versions, the oldest first."""
    return list(session.scalars(select(ItemVersion).where(ItemVersion.item_id == item_id).order_by(ItemVersion.id)))


def face_of(row: ItemVersion | Row[Any]) -> ItemFace:
    """What a candidate would see of the version."""
    return ItemFace(row.id, Kind(row.kind), row.stem, _options(row.options), _options(row.right))


def key_of(row: ItemVersion | Row[Any]) -> Any:
    """The version's key as the rules hold it."""
    return tidy(Kind(row.kind), row.key)


def wording_of(session: Reader, row: ItemVersion) -> Wording:
    """What the version says, as the rule and the form want it."""
    refs = tuple(_refs_of(session, [row.id])[row.id])
    face = face_of(row)
    key = tidy(face.kind, row.key, [option.code for option in face.options])
    return Wording(face.kind, face.stem, face.options, key, row.rationale, refs, row.difficulty, Level(row.level), face.right)


def standing(session: Reader, row: Item, rows: Sequence[ItemVersion]) -> Standing:
    """Where the item stands, as the rule wants to know it. ``rows`` are its versions, the oldest first."""
    discarded = select(func.max(Review.version_id)).join(ItemVersion, ItemVersion.id == Review.version_id)
    discarded = discarded.where(ItemVersion.item_id == row.id, Review.verdict == VERDICTS[Step.DISCARD])
    known = authors([(version.id, version.author_id) for version in rows], max(row.version_id or 0, session.scalar(discarded) or 0))
    settled = row.version_id if row.state in (State.LIVE, State.RETIRED) else None
    return Standing(State(row.state), settled or rows[-1].id, row.version_id is not None, known)


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


def counts_by_clause(session: Reader) -> dict[int, int]:
    """How many items in use ask about each clause; clauses without one are left out."""
    statement = select(ItemClause.clause_id, func.count()).join(Item, Item.version_id == ItemClause.version_id)
    return {row[0]: row[1] for row in session.execute(statement.where(DRAWN).group_by(ItemClause.clause_id))}


def items_on(session: Reader, clause_id: int) -> Sequence[Row[Any]]:
    """The items that ask about a clause, by code; columns as in ``list_statement``."""
    statement, order, _tie = list_statement("", {"clause": str(clause_id)})
    return session.execute(statement.order_by(order["code"])).all()


def asked(session: Reader) -> list[Asked]:
    """Every item in use as the inspection reads it, by code."""
    statement = select(Item.code, ItemVersion).join(ItemVersion, ItemVersion.id == Item.version_id).where(DRAWN).order_by(Item.code)
    rows = session.execute(statement).all()
    refs = _refs_of(session, [row.id for _code, row in rows])
    return [
        Asked(
            code, Kind(row.kind), row.stem, tuple((option["code"], option["text"]) for option in (*row.options, *row.right)), key_of(row),
            row.rationale, tuple(refs[row.id]),
        )
        for code, row in rows
    ]


def demands(session: Reader) -> list[Demand]:
    """Every clause that can be asked about, in the order of the documents."""
    return [Demand(clause.ref, clause.key_clause) for clause in clauses(session) if clause.examinable]


def _refs_of(session: Reader, version_ids: Sequence[int]) -> dict[int, list[str]]:
    """The references of each version, the main one first."""
    found: dict[int, list[str]] = defaultdict(list)
    statement = select(ItemClause.version_id, reference_column()).join(Clause, Clause.id == ItemClause.clause_id)
    statement = statement.join(Edition, Edition.id == Clause.edition_id).join(Standard, Standard.id == Edition.standard_id)
    statement = statement.where(ItemClause.version_id.in_(version_ids)).order_by(ItemClause.version_id, ItemClause.position)
    for version_id, ref in session.execute(statement):
        found[version_id].append(ref)
    return found


def item_ids(session: Reader, codes: Collection[str]) -> dict[str, int]:
    """Ids by code, of those among ``codes`` that are known."""
    return {code: item_id for code, item_id in session.execute(select(Item.code, Item.id)) if code in codes}


def difficulties(session: Reader, version_ids: Iterable[int]) -> dict[int, int]:
    """The author's difficulty (1–5) by version."""
    return dict(session.execute(select(ItemVersion.id, ItemVersion.difficulty).where(ItemVersion.id.in_(list(version_ids)))).all())


def newest_version(session: Reader, item_id: int) -> int:
    """The id of the item's newest version."""
    query = select(ItemVersion.id).where(ItemVersion.item_id == item_id).order_by(ItemVersion.number.desc())
    return session.scalars(query.limit(1)).one()
