"""What stands inside papers, and how often it was shown. Asked for only by those who may look (``seal``), and by canaries' own pages."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Text, and_, cast, func, select
from sqlalchemy.orm import Session, aliased, scoped_session

from certification.canary import Facts, on_paper
from certification.tables import Attempt, PaperNote, Result, Sitting
from people.tables import Account, Person
from question_bank.item import State
from question_bank.kind import Kind
from question_bank.store.pool import IN_USE
from question_bank.tables import Form, FormItem, Item, ItemClause, ItemVersion
from standards.store import reference_column
from standards.tables import Clause, Edition, Standard

Reader = Session | scoped_session[Session]


def _opened(now: datetime) -> ColumnElement[bool]:
    """A condition on Sitting: its paper is sealed no more. What stands on a sealed one is counted nowhere."""
    return and_(Sitting.opens <= now, Sitting.cancelled.is_(None))


def exposure(session: Reader, version_ids: Collection[int], now: datetime) -> dict[int, tuple[int, int]]:
    """Of each version's item, in any wording: on how many opened papers it stands, in how many attempts it was shown."""
    other = aliased(ItemVersion)
    query = (
        select(ItemVersion.id, func.count(Sitting.form_id.distinct()), func.count(Attempt.id.distinct()))
        .join(other, other.item_id == ItemVersion.item_id)
        .join(FormItem, FormItem.version_id == other.id)
        .join(Sitting, and_(Sitting.form_id == FormItem.form_id, _opened(now)))
        .outerjoin(Attempt, Attempt.sitting_id == Sitting.id)
        .where(ItemVersion.id.in_(version_ids)).group_by(ItemVersion.id)
    )
    return {version: (papers, attempts) for version, papers, attempts in session.execute(query)}


_newest = select(func.max(ItemVersion.id)).where(ItemVersion.item_id == Item.id).correlate(Item).scalar_subquery()
CANARY_ORDER: dict[str, Any] = {"code": Item.code, "state": Item.state, "id": Item.id}


def canaries(search: str, now: datetime) -> Select[Any]:
    """The trap items: ``id, code, state, kind, stem, in_use, papers`` (opened ones); narrowed by words in code and text."""
    papers = select(func.count(FormItem.form_id.distinct())).join(ItemVersion, ItemVersion.id == FormItem.version_id)
    papers = papers.join(Sitting, and_(Sitting.form_id == FormItem.form_id, _opened(now)))
    shown = aliased(ItemVersion)
    query = select(
        Item.id, Item.code, Item.state, shown.kind, shown.stem, IN_USE.label("in_use"),
        papers.where(ItemVersion.item_id == Item.id).correlate(Item).scalar_subquery().label("papers"),
    ).join(shown, shown.id == func.coalesce(Item.version_id, _newest)).where(Item.canary)
    for word in search.split():
        query = query.where(Item.code.icontains(word, autoescape=True) | shown.stem.icontains(word, autoescape=True))
    return query


def canary_named(session: Reader, code: str, now: datetime) -> Row[Any] | None:
    """One trap item as the list shows it, or None."""
    return session.execute(canaries("", now).where(Item.code == code)).first()


def canary_notes(session: Reader, item_ids: Collection[int]) -> list[Row[Any]]:
    """Who marked or unmarked which item, when and why, the newest first."""
    query = (
        select(PaperNote.item_id, PaperNote.kind, PaperNote.reason, PaperNote.at, Person.name)
        .outerjoin(Account, Account.id == PaperNote.by).outerjoin(Person, Person.id == Account.person_id)
        .where(PaperNote.item_id.in_(item_ids)).order_by(PaperNote.at.desc(), PaperNote.id.desc())
    )
    return list(session.execute(query))


def locked_item(session: Session, code: str) -> Item | None:
    """The item of that code, held for a change."""
    return session.scalars(select(Item).where(Item.code == code).with_for_update()).first()


def canary_facts(session: Session, item: Item) -> Facts:
    """What the rule asks of an item: its newest wording's kind, and on how many papers it counts."""
    newest = select(ItemVersion.kind).where(ItemVersion.item_id == item.id).order_by(ItemVersion.number.desc())
    kind = session.scalars(newest.limit(1)).one()
    state = State(item.state)
    in_use = item.version_id is not None and state is not State.RETIRED
    return Facts(Kind(kind), state, in_use, item.canary, _scored(session, item.id))


def _scored(session: Session, item_id: int) -> int:
    """On how many papers an item counts, in any wording."""
    query = select(FormItem.version_id, Form.sections).join(Form, Form.id == FormItem.form_id)
    rows = session.execute(query.join(ItemVersion, ItemVersion.id == FormItem.version_id).where(ItemVersion.item_id == item_id))
    return sum(version not in on_paper(sections) for version, sections in rows)


def available_canaries(session: Session, standards: Sequence[str]) -> list[int]:
    """The versions in use of trap items whose clauses all lie in the named editions (``STD@EDITION``), by id."""
    query = (
        select(ItemVersion.id, reference_column()).join(Item, Item.version_id == ItemVersion.id)
        .join(ItemClause, ItemClause.version_id == ItemVersion.id).join(Clause, Clause.id == ItemClause.clause_id)
        .join(Edition, Edition.id == Clause.edition_id).join(Standard, Standard.id == Edition.standard_id)
        .where(IN_USE, Item.canary).order_by(ItemVersion.id)
    )
    inside: dict[int, bool] = {}
    for version, ref in session.execute(query):
        inside[version] = inside.get(version, True) and ref.partition("#")[0] in standards
    return [version for version, good in inside.items() if good]


TRACE_ORDER: dict[str, Any] = {"staff_no": Person.staff_no, "name": Person.name, "sitting": Sitting.code, "id": Attempt.id}


def graded_attempts(form_id: int, search: str) -> Select[Any]:
    """Attempts on a paper that are graded, of sittings that have closed: ``id, name, staff_no, code, layout, marks``."""
    query = (
        select(
            Attempt.id, Person.name, Person.staff_no, Sitting.code, Sitting.id.label("sitting_id"),
            cast(Attempt.layout, Text).label("layout"), Result.marks,
        )
        .join(Sitting, Sitting.id == Attempt.sitting_id).join(Person, Person.id == Attempt.person_id)
        .join(Result, Result.attempt_id == Attempt.id).where(Sitting.form_id == form_id)
    )
    for word in search.split():
        query = query.where(Person.name.icontains(word, autoescape=True) | Person.staff_no.icontains(word, autoescape=True))
    return query
