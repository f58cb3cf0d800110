"""What a credential says of a licence, beside what every page shows of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session, scoped_session

from certification.tables import Licence, Programme, ProgrammeEdition
from people.tables import Partner, Person

Reader = Session | scoped_session[Session]


def details(session: Reader, licence_id: int) -> Row[Any]:
    """``place`` in the status lists, and the programme edition under which the licence was won: ``code, title, edition, spec``."""
    query = (
        select(
            Licence.status_index.label("place"), Programme.code, Programme.title, ProgrammeEdition.number.label("edition"),
            ProgrammeEdition.spec,
        )
        .join(Programme, Programme.id == Licence.programme_id)
        .join(ProgrammeEdition, ProgrammeEdition.id == Licence.programme_edition_id)
    )
    return session.execute(query.where(Licence.id == licence_id)).one()


def edition(session: Reader, code: str, number: int) -> Row[Any] | None:
    """An edition of a programme: ``code, title, edition, spec``."""
    query = select(Programme.code, Programme.title, ProgrammeEdition.number.label("edition"), ProgrammeEdition.spec)
    query = query.join(ProgrammeEdition, ProgrammeEdition.programme_id == Programme.id)
    return session.execute(query.where(Programme.code == code, ProgrammeEdition.number == number)).first()


def has_left(session: Reader, person_id: int, at: datetime) -> bool:
    """Whether somebody works for no company any more at ``at``: the licence runs on, and nobody is sent with it."""
    left = session.execute(select(Person.left).where(Person.id == person_id)).scalar_one()
    return left is not None and left <= at


def operator(session: Reader) -> str | None:
    """The name of the company that issues: the operator itself."""
    return session.scalar(select(Partner.name).where(Partner.kind == "operator").order_by(Partner.id).limit(1))
