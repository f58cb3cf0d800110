"""Agreements, receipts and items, scoped to the asker; contracts and rosters are only read."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased, scoped_session

from certification import custody as rule
from certification.custody import Facts, Item, State, Term
from certification.store.partners import not_over
from certification.tables import CustodyAgreement, CustodyItem, CustodyReceipt
from people.store import companies
from people.tables import Account, Contract, ContractEvent, Partner, Person, RosterEntry

Reader = Session | scoped_session[Session]
STATES = ("open", "overdue", "lost", "closed")
LISTED = 300
"""People that a field offers to choose from; the others are typed."""


def agreement_of(session: Reader, contract_id: int) -> CustodyAgreement | None:
    """The agreement of a contract."""
    return session.scalar(select(CustodyAgreement).where(CustodyAgreement.contract_id == contract_id))


def term(session: Reader, contract: Contract) -> Term:
    """A contract's term, with when it was ended."""
    ended = session.scalar(_endings().where(ContractEvent.contract_id == contract.id).with_only_columns(func.max(ContractEvent.at)))
    return Term(contract.state, contract.starts, contract.ends, ended)


def _endings() -> Select[Any]:
    """When contracts were ended by hand, the last time."""
    columns = (ContractEvent.contract_id, func.max(ContractEvent.at).label("at"))
    return select(*columns).where(ContractEvent.after == "ended").group_by(ContractEvent.contract_id)


def due_contracts(session: Reader, now: datetime, partner_id: int | None) -> dict[int, datetime]:
    """Contracts that ended without a renewal, with since when what was issued under them is to be given back."""
    query = select(Contract.id, Contract.state, Contract.starts, Contract.ends, Contract.renews_id)
    rows = session.execute(query.where(Contract.partner_id == partner_id) if partner_id is not None else query).all()
    endings: dict[int, datetime] = {row.contract_id: row.at for row in session.execute(_endings())}
    terms = {row.id: Term(row.state, row.starts, row.ends, endings.get(row.id)) for row in rows}
    renewals: defaultdict[int, list[int]] = defaultdict(list)
    for row in rows:
        if row.renews_id is not None:
            renewals[row.renews_id].append(row.id)
    found = {id_: rule.due_back(rule.chain(id_, terms, renewals), now) for id_ in terms}
    return {id_: since for id_, since in found.items() if since is not None}


# Receipts


ORDER: dict[str, Any] = {
    "issued": CustodyReceipt.issued, "number": CustodyReceipt.number, "name": Person.name, "partner": Partner.name, "id": CustodyReceipt.id,
}


def _items(state: State, *more: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(CustodyItem.receipt_id == CustodyReceipt.id, CustodyItem.state == state.value, *more).correlate(CustodyReceipt)


def is_open() -> ColumnElement[bool]:
    """A receipt with something that is still out."""
    return _items(State.ISSUED)


def is_lost() -> ColumnElement[bool]:
    """A receipt with a loss that nobody settled."""
    return _items(State.LOST, CustodyItem.settled.is_(None))


def off_roster(now: datetime) -> ColumnElement[bool]:
    """A person who is on no roster any more of the company under whose contract the receipt was written."""
    place = aliased(Contract)
    on_one = exists().where(
        RosterEntry.person_id == Person.id, RosterEntry.contract_id == place.id, place.partner_id == Contract.partner_id, not_over(now)
    )
    return ~on_one.correlate(Person, Contract)


def state_is(wanted: str, now: datetime, due: Iterable[int]) -> ColumnElement[bool]:
    """A condition on a receipt for one of STATES; ``due``: contracts whose items are to be given back."""
    if wanted == "open":
        return is_open()
    if wanted == "overdue":
        return and_(is_open(), or_(CustodyAgreement.contract_id.in_(list(due)), off_roster(now)))
    return is_lost() if wanted == "lost" else and_(~is_open(), ~is_lost())


def _whole(*columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(CustodyReceipt)
        .join(CustodyAgreement, CustodyAgreement.id == CustodyReceipt.agreement_id)
        .join(Contract, Contract.id == CustodyAgreement.contract_id)
        .join(Person, Person.id == CustodyReceipt.person_id)
        .join(Partner, Partner.id == Contract.partner_id)
    )


def receipts(now: datetime, company: int | None, contract_id: int | None = None, person_id: int | None = None) -> Select[Any]:
    """Receipts with whose they are, under which contract, and whether that person is off every roster of the company."""
    query = _whole(
        CustodyReceipt.id, CustodyReceipt.number, CustodyReceipt.issued, CustodyReceipt.assignment, Person.name, Person.staff_no,
        Partner.name.label("partner"), Partner.code.label("partner_code"), Partner.id.label("partner_id"), Contract.id.label("contract_id"),
        Contract.code.label("contract"), off_roster(now).label("off"),
    )
    if company is not None:
        query = query.where(Contract.partner_id == company)
    if contract_id is not None:
        query = query.where(Contract.id == contract_id)
    return query if person_id is None else query.where(CustodyReceipt.person_id == person_id)


def searched(query: Select[Any], search: str) -> Select[Any]:
    """Narrow receipts by number, name, staff number, or an item's label."""
    for word in search.split():
        labelled = exists().where(CustodyItem.receipt_id == CustodyReceipt.id, CustodyItem.label.icontains(word, autoescape=True))
        named = (column.icontains(word, autoescape=True) for column in (CustodyReceipt.number, Person.name, Person.staff_no))
        query = query.where(or_(labelled.correlate(CustodyReceipt), *named))
    return query


def of_partner(query: Select[Any], code: str) -> Select[Any]:
    """Narrow receipts to a company's."""
    return query.where(Partner.code == code)


def counts(session: Reader, query: Select[Any], now: datetime, due: Iterable[int]) -> dict[str, int]:
    """How many of the receipts are in each state."""
    found = {}
    for wanted in STATES:
        narrowed = query.where(state_is(wanted, now, due)).order_by(None).subquery()
        found[wanted] = session.scalar(select(func.count()).select_from(narrowed)) or 0
    return found


def partners_with_receipts(session: Reader, company: int | None) -> dict[str, str]:
    """Names by code of the companies whose people signed for something."""
    query = _whole(Partner.code, Partner.name).distinct().order_by(Partner.name)
    rows = session.execute(query if company is None else query.where(Partner.id == company)).all()
    return {row.code: row.name for row in rows}


def receipt_in_scope(session: Reader, number: str, person_id: int, reads: bool, company: int | None) -> Row[Any] | None:
    """One receipt for its holder, or for who ``reads`` those of ``company`` (everybody's when None); None for a stranger."""
    issuer, holder = aliased(Person), aliased(Account)
    query = (
        _whole(
            CustodyReceipt, Person.name, Person.staff_no, Partner.id.label("partner_id"), Partner.name.label("partner"),
            Contract.id.label("contract_id"), Contract.code.label("contract"), issuer.name.label("issuer"),
        )
        .join(holder, holder.id == CustodyReceipt.issued_by)
        .join(issuer, issuer.id == holder.person_id)
        .where(CustodyReceipt.number == number)
    )
    own = CustodyReceipt.person_id == person_id
    if not reads:
        return session.execute(query.where(own)).first()
    return session.execute(query if company is None else query.where(or_(own, Contract.partner_id == company))).first()


def items_of(session: Reader, receipt_ids: Sequence[int]) -> dict[int, list[Row[Any]]]:
    """The items of receipts, in the order in which they were signed for, with who closed and settled them."""
    closer, closed = aliased(Person), aliased(Account)
    settler, settled = aliased(Person), aliased(Account)
    query = (
        select(
            CustodyItem.id, CustodyItem.receipt_id, CustodyItem.kind, CustodyItem.label, CustodyItem.state, CustodyItem.closed,
            CustodyItem.note, CustodyItem.settled, CustodyItem.settlement, closer.name.label("closer"), settler.name.label("settler"),
        )
        .outerjoin(closed, closed.id == CustodyItem.closed_by).outerjoin(closer, closer.id == closed.person_id)
        .outerjoin(settled, settled.id == CustodyItem.settled_by).outerjoin(settler, settler.id == settled.person_id)
        .where(CustodyItem.receipt_id.in_(list(receipt_ids))).order_by(CustodyItem.id)
    )
    found: dict[int, list[Row[Any]]] = {id_: [] for id_ in receipt_ids}
    for row in session.execute(query):
        found[row.receipt_id].append(row)
    return found


def reclaim(session: Reader, contract_id: int, now: datetime) -> Sequence[Row[Any]]:
    """What is still out under a contract, and losses that nobody settled: who has what, on which receipt."""
    query = _whole(
        Person.staff_no, Person.name, Person.city, CustodyReceipt.number, CustodyReceipt.issued, CustodyItem.kind, CustodyItem.label,
        CustodyItem.state, CustodyItem.closed, off_roster(now).label("off"),
    ).join(CustodyItem, CustodyItem.receipt_id == CustodyReceipt.id)
    outstanding = or_(CustodyItem.state == State.ISSUED.value, and_(CustodyItem.state == State.LOST.value, CustodyItem.settled.is_(None)))
    return session.execute(query.where(Contract.id == contract_id, outstanding).order_by(Person.staff_no, CustodyItem.id)).all()


# Issuing


def facts(session: Reader, contract: Contract, person_id: int) -> Facts:
    """What an issue to somebody under a contract rests on."""
    agreement = agreement_of(session, contract.id)
    query = select(CustodyItem.state, CustodyItem.settled).join(CustodyReceipt, CustodyReceipt.id == CustodyItem.receipt_id)
    held = session.execute(query.where(CustodyReceipt.person_id == person_id)).all()
    return Facts(
        term(session, contract), agreement.signed if agreement else None, companies.stays(session, contract.id, person_id),
        [item(row) for row in held],
    )


def item(row: Any) -> Item:
    """An item's row as the rule sees it."""
    return Item(State(row.state), row.settled is not None)


def on_roster(session: Reader, contract_id: int, now: datetime) -> Sequence[Row[Any]]:
    """Who is on a contract's roster now: ``staff_no, name``; not more than a field can offer."""
    query = select(Person.staff_no, Person.name).join(RosterEntry, RosterEntry.person_id == Person.id)
    query = query.where(RosterEntry.contract_id == contract_id, RosterEntry.starts <= now, not_over(now))
    return session.execute(query.order_by(Person.staff_no).limit(LISTED)).all()


def number_taken(session: Reader, number: str) -> bool:
    """Whether a receipt has that number."""
    return bool(session.scalar(select(exists().where(CustodyReceipt.number == number))))


def hold_person(session: Session, person_id: int) -> None:
    """Hold a person's row until the transaction ends: two issues at once would both find no open items."""
    session.get_one(Person, person_id, with_for_update=True)


def item_for_change(session: Session, receipt_id: int, item_id: int) -> CustodyItem | None:
    """An item of that receipt, its row held until the transaction ends."""
    query = select(CustodyItem).where(CustodyItem.id == item_id, CustodyItem.receipt_id == receipt_id)
    return session.scalar(query.with_for_update())
