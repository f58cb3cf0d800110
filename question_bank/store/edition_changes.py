"""The work list of a new edition: which questions it touches, and how far the work on each is."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, false, func, or_, select
from sqlalchemy.orm import Session, aliased

from people.tables import Account, Person
from question_bank.carry_over import Case, Stand, Verdict
from question_bank.item import State
from question_bank.store import Reader
from question_bank.tables import EditionChange, EditionChangeItem, Item, ItemClause, ItemVersion
from standards.search import patterns
from standards.tables import Clause, Edition, Standard

_newest = select(func.max(ItemVersion.id)).where(ItemVersion.item_id == Item.id).correlate(Item).scalar_subquery()
_STANDS = or_(Item.version_id == ItemVersion.id, and_(Item.version_id.is_(None), ItemVersion.id == _newest))
"""The version that speaks for an item: the one in use, or the newest of one that never was."""


def touching(session: Reader, edition_id: int) -> dict[int, tuple[int, list[int]]]:
    """The questions on clauses of an edition, traps and retired ones left out: {item: (version, clause ids)}."""
    statement = (
        select(Item.id, ItemVersion.id, ItemClause.clause_id)
        .select_from(Clause)
        .join(ItemClause, ItemClause.clause_id == Clause.id)
        .join(ItemVersion, ItemVersion.id == ItemClause.version_id)
        .join(Item, Item.id == ItemVersion.item_id)
        .where(Clause.edition_id == edition_id, Item.state != State.RETIRED, Item.canary.is_(False), _STANDS)
    )
    found: dict[int, tuple[int, list[int]]] = {}
    for item_id, version_id, clause_id in session.execute(statement.order_by(Item.id, ItemClause.position)):
        found.setdefault(item_id, (version_id, []))[1].append(clause_id)
    return found


def list_between(session: Reader, former_id: int, later_id: int) -> EditionChange | None:
    """The work list from one edition to another, or None where nobody opened it."""
    return session.scalar(select(EditionChange).where(EditionChange.former_id == former_id, EditionChange.later_id == later_id))


def work_list(session: Reader, change_id: int) -> Row[Any] | None:
    """A work list by its id: ``id, code, former, later, former_id, later_id, opened`` (editions as their names); or None."""
    former, later = aliased(Edition), aliased(Edition)
    statement = (
        select(
            EditionChange.id, Standard.code, Standard.title, former.edition.label("former"), later.edition.label("later"),
            EditionChange.former_id, EditionChange.later_id, EditionChange.opened,
        )
        .join(former, former.id == EditionChange.former_id)
        .join(later, later.id == EditionChange.later_id)
        .join(Standard, Standard.id == later.standard_id)
    )
    return session.execute(statement.where(EditionChange.id == change_id)).first()


def listed(session: Reader, change_id: int) -> set[int]:
    """The items that are on a list."""
    return set(session.scalars(select(EditionChangeItem.item_id).where(EditionChangeItem.change_id == change_id)))


_DONE = or_(EditionChangeItem.carried_id.is_not(None), and_(EditionChangeItem.verdict == Verdict.RETIRE, Item.state == State.RETIRED))
STAND = case((_DONE, Stand.DONE.value), (EditionChangeItem.verdict == "", Stand.OPEN.value), else_=Stand.DECIDED.value)
"""``carry_over.Case.stand`` as a column."""
_assigned, _decider, _assigned_person, _decider_person = aliased(Account), aliased(Account), aliased(Person), aliased(Person)
_carried = aliased(Item)
_GRAVITY = case({"withdrawn": 3, "changed": 2, "moved": 1, "same": 0}, value=EditionChangeItem.change)
ORDER: dict[str, Any] = {"change": _GRAVITY, "code": Item.code, "decided": EditionChangeItem.decided, "id": Item.id}


def cases(change_id: int, query: str, chosen: Mapping[str, str]) -> Any:
    """The list as a page shows it.

    ``chosen`` may hold ``change``, ``verdict``, ``stand`` and ``assigned`` (an account's id, or ``none``).
    """
    statement = (
        select(
            Item.id, Item.code, Item.state, ItemVersion.stem, ItemVersion.kind, EditionChangeItem.change, EditionChangeItem.verdict,
            EditionChangeItem.version_id, EditionChangeItem.decided, STAND.label("stand"), _assigned_person.name.label("assigned"),
            _decider_person.name.label("decider"), _carried.id.label("carried_id"), _carried.code.label("carried"),
            _carried.state.label("carried_state"),
        )
        .join(Item, Item.id == EditionChangeItem.item_id)
        .join(ItemVersion, ItemVersion.id == EditionChangeItem.version_id)
        .outerjoin(_assigned, _assigned.id == EditionChangeItem.assigned_id)
        .outerjoin(_assigned_person, _assigned_person.id == _assigned.person_id)
        .outerjoin(_decider, _decider.id == EditionChangeItem.decided_by)
        .outerjoin(_decider_person, _decider_person.id == _decider.person_id)
        .outerjoin(_carried, _carried.id == EditionChangeItem.carried_id)
    )
    return statement.where(EditionChangeItem.change_id == change_id, *_conditions(query, chosen))


def _conditions(query: str, chosen: Mapping[str, str]) -> list[ColumnElement[bool]]:
    sought = [ItemVersion.words.like(pattern) for pattern in patterns(query)]
    found: list[ColumnElement[bool]] = sought or ([false()] if query else [])
    columns = (("change", EditionChangeItem.change), ("verdict", EditionChangeItem.verdict), ("stand", STAND))
    found += [column == chosen[name] for name, column in columns if name in chosen]
    who = chosen.get("assigned", "")
    if who == "none":
        found.append(EditionChangeItem.assigned_id.is_(None))
    elif who:
        found.append(EditionChangeItem.assigned_id == (int(who) if who.isdecimal() and len(who) < 10 else 0))
    return found


def counts(session: Reader, change_id: int) -> dict[str, dict[str, int]]:
    """How many questions of a list there are by ``change``, by ``verdict`` and by ``stand``."""
    statement = (
        select(EditionChangeItem.change, EditionChangeItem.verdict, STAND.label("stand"), func.count())
        .join(Item, Item.id == EditionChangeItem.item_id).where(EditionChangeItem.change_id == change_id)
    )
    found: dict[str, dict[str, int]] = {"change": defaultdict(int), "verdict": defaultdict(int), "stand": defaultdict(int)}
    for change, verdict, stand, count in session.execute(statement.group_by(EditionChangeItem.change, EditionChangeItem.verdict, STAND)):
        for name, value in (("change", change), ("verdict", verdict), ("stand", stand)):
            found[name][value] += count
    return found


def ids(session: Reader, change_id: int, query: str, chosen: Mapping[str, str], most: int) -> list[int]:
    """The items of a list that match, at most ``most`` of them."""
    statement = cases(change_id, query, chosen).with_only_columns(Item.id).order_by(Item.id).limit(most)
    return list(session.scalars(statement))


def locked(session: Session, change_id: int, item_ids: Collection[int]) -> list[tuple[EditionChangeItem, Item]]:
    """The rows of these items on a list with the items, held for a change, by code."""
    statement = (
        select(EditionChangeItem, Item).join(Item, Item.id == EditionChangeItem.item_id)
        .where(EditionChangeItem.change_id == change_id, Item.id.in_(item_ids)).order_by(Item.code).with_for_update()
    )
    return [(row, item) for row, item in session.execute(statement)]


def case_of(row: EditionChangeItem, item: Item) -> Case:
    """The row as the rule wants to know it."""
    return Case(State(item.state), Verdict(row.verdict) if row.verdict else None, row.carried_id is not None)


def waiting(session: Reader, account_id: int) -> list[Row[Any]]:
    """What was handed to an account and is not done, list by list: ``change_id, code, later, count``."""
    statement = (
        select(EditionChange.id.label("change_id"), Standard.code, Edition.edition.label("later"), func.count().label("count"))
        .join(EditionChangeItem, EditionChangeItem.change_id == EditionChange.id)
        .join(Item, Item.id == EditionChangeItem.item_id)
        .join(Edition, Edition.id == EditionChange.later_id)
        .join(Standard, Standard.id == Edition.standard_id)
        .where(EditionChangeItem.assigned_id == account_id, STAND.in_((Stand.OPEN.value, Stand.DECIDED.value)))
        .group_by(EditionChange.id, Standard.code, Edition.edition)
    )
    return list(session.execute(statement.order_by(EditionChange.id)))
