"""Contracts, their history and what renews them, scoped to the asker."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session, scoped_session

from people.contract import State
from people.tables import Account, Contract, ContractEvent, Person

Reader = Session | scoped_session[Session]
KEPT_OPEN = (State.CERTIFIED_ROSTER, State.SIGNED, State.RUNNING, State.ENDING)


def contract_coded(session: Reader, code: str, company: int | None) -> Contract | None:
    """The contract of that code, or None for a stranger."""
    query = select(Contract).where(Contract.code == code)
    return session.scalar(query if company is None else query.where(Contract.partner_id == company))


def history(session: Reader, contract_id: int) -> list[Row[Any]]:
    """``event, name`` of everything that was noted on a contract, oldest first; ``name`` of who did it, None for the calendar."""
    query = select(ContractEvent, Person.name).outerjoin(Account, Account.id == ContractEvent.by)
    query = query.outerjoin(Person, Person.id == Account.person_id).where(ContractEvent.contract_id == contract_id)
    return list(session.execute(query.order_by(ContractEvent.id)))


def event_of(session: Reader, contract_id: int, event_id: int) -> ContractEvent | None:
    """One entry of that contract's history."""
    return session.scalar(select(ContractEvent).where(ContractEvent.id == event_id, ContractEvent.contract_id == contract_id))


def renewals(session: Reader, contract_id: int) -> list[Contract]:
    """The contracts that renew this one, drafts too, the earliest first."""
    return list(session.scalars(select(Contract).where(Contract.renews_id == contract_id).order_by(Contract.starts, Contract.id)))


def contracts_of(session: Reader, partner_id: int) -> list[Contract]:
    """A company's contracts, the newest first."""
    return list(session.scalars(select(Contract).where(Contract.partner_id == partner_id).order_by(Contract.starts.desc(), Contract.id)))


def ids_by_code(session: Reader, codes: Iterable[str]) -> dict[str, int]:
    """Ids of the contracts of those codes."""
    return dict(session.execute(select(Contract.code, Contract.id).where(Contract.code.in_(list(codes)))).all())


def kept_open(session: Reader) -> list[Contract]:
    """The contracts that the calendar or their roster may move: confirmed, signed and not yet ended."""
    return list(session.scalars(select(Contract).where(Contract.state.in_(KEPT_OPEN)).order_by(Contract.id)))
