"""Emergency overrides: what was proposed, by whom, and what came of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, or_, select
from sqlalchemy.orm import Session, aliased, scoped_session

from certification.tables import DispatchOverride, Programme
from people.tables import Account, Partner, Person

Reader = Session | scoped_session[Session]
STATES = ("waiting", "in_force", "withdrawn", "over")


def listed(now: datetime, text: str = "", state: str = "") -> Select[Any]:
    """Overrides by staff number or name, in one of STATES when that is asked."""
    first, second, third = aliased(Account), aliased(Account), aliased(Account)
    proposer, confirmer, withdrawer = aliased(Person), aliased(Person), aliased(Person)
    query = (
        select(
            DispatchOverride.id, DispatchOverride.reason, DispatchOverride.starts, DispatchOverride.ends, DispatchOverride.proposed,
            DispatchOverride.confirmed, DispatchOverride.withdrawn, DispatchOverride.proposed_by, DispatchOverride.person_id,
            Person.staff_no, Person.name, Person.left, Partner.name.label("partner"), Programme.code.label("programme"), Programme.title,
            proposer.name.label("proposer"), confirmer.name.label("confirmer"), withdrawer.name.label("withdrawer"),
        )
        .join(Person, Person.id == DispatchOverride.person_id)
        .join(Partner, Partner.id == Person.partner_id)
        .join(Programme, Programme.id == DispatchOverride.programme_id)
        .join(first, first.id == DispatchOverride.proposed_by).join(proposer, proposer.id == first.person_id)
        .outerjoin(second, second.id == DispatchOverride.confirmed_by).outerjoin(confirmer, confirmer.id == second.person_id)
        .outerjoin(third, third.id == DispatchOverride.withdrawn_by).outerjoin(withdrawer, withdrawer.id == third.person_id)
    )
    if text:
        query = query.where(or_(Person.staff_no.startswith(text, autoescape=True), Person.name.contains(text, autoescape=True)))
    return query.where(_in_state(state, now)) if state in STATES else query


def _in_state(state: str, now: datetime) -> ColumnElement[bool]:
    if state == "withdrawn":
        return DispatchOverride.withdrawn.is_not(None)
    living = DispatchOverride.withdrawn.is_(None)
    if state == "over":
        return and_(living, DispatchOverride.ends <= now)
    confirmed = DispatchOverride.confirmed.is_not(None) if state == "in_force" else DispatchOverride.confirmed.is_(None)
    return and_(living, confirmed, DispatchOverride.ends > now)


def state_of(row: Any, now: datetime) -> str:
    """Which of STATES an override is in."""
    if row.withdrawn is not None:
        return "withdrawn"
    if row.ends <= now:
        return "over"
    return "waiting" if row.confirmed is None else "in_force"


def one(session: Reader, override_id: int, now: datetime) -> Row[Any] | None:
    """An override with the names around it."""
    return session.execute(listed(now).where(DispatchOverride.id == override_id)).first()


def for_change(session: Session, override_id: int) -> DispatchOverride | None:
    """An override, its row held until the transaction ends."""
    return session.get(DispatchOverride, override_id, with_for_update=True)


def person_numbered(session: Reader, staff_no: str) -> Row[Any] | None:
    """Whoever has that staff number: ``id, staff_no, name, left``."""
    return session.execute(select(Person.id, Person.staff_no, Person.name, Person.left).where(Person.staff_no == staff_no)).first()


def account_of(session: Reader, username: str) -> Row[Any] | None:
    """The account of that name, and whose it is: ``id, person_id``."""
    return session.execute(select(Account.id, Account.person_id).where(Account.username == username)).first()


def programme_numbered(session: Reader, code: str) -> int | None:
    """The id of a programme."""
    return session.scalar(select(Programme.id).where(Programme.code == code))


def add(session: Session, **values: Any) -> int:
    """Keep a proposal; answers its id."""
    row = DispatchOverride(**values)
    session.add(row)
    session.flush()
    return row.id


ORDER: dict[str, Any] = {"proposed": DispatchOverride.proposed, "ends": DispatchOverride.ends, "name": Person.name}
TIE = DispatchOverride.id
