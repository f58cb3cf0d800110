"""The demonstration's trainings, and what waits about its licences: a name to correct, a suspension that is planned."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from certification import demonstration as company
from certification.actions import licence_acts, trainings
from certification.actions.licence_acts import Act
from certification.actions.trainings import Held
from certification.licence import Kind
from certification.licence_act import Reason
from certification.store import licences as store
from certification.tables import Licence, LicenceSpan, Programme
from foundation.database import db
from foundation.work import Actor, work
from people.store import companies


def load(today: datetime, programme: str, named: Callable[[str], Actor]) -> None:
    """Make them; ``named`` answers the account of a user name."""
    programme_id = db.session.scalars(select(Programme.id).where(Programme.code == programme)).one()
    for days, trainer, title, minutes, staff in company.TRAININGS:
        when = today - timedelta(days=days)
        people = list(companies.person_ids(db.session, staff).values())
        with work(named(trainer), when + timedelta(hours=4)) as w:
            trainings.record(w, Held(programme_id, title, when, minutes, "", people))
    plan, misspelt = _in_force(company.YUANCHENG[8:16])[:2]
    with work(named("decider"), today - timedelta(days=1)) as w:
        licence_acts.change(w, plan, Act(Kind.SUSPENDED, Reason.HOLDER, company.LEAVE, today + timedelta(days=15) - timedelta(hours=9)))
    with work(named("hr"), today - timedelta(days=1)) as w:
        name = store.holder_of(w.connection, misspelt)[:-1] + company.CHARACTER
        licence_acts.propose(w, misspelt, Act(Kind.SUPERSEDED, Reason.NAME_CORRECTED, company.MISSPELT, holder=name))


def _in_force(staff: Sequence[str]) -> list[int]:
    """The licences of those people that stand active to the end of their validity, by id."""
    persons = companies.person_ids(db.session, staff).values()
    query = select(Licence.id).join(LicenceSpan, LicenceSpan.licence_id == Licence.id).where(Licence.person_id.in_(persons))
    to_the_end = (LicenceSpan.standing == "active", LicenceSpan.ends == LicenceSpan.until)
    return list(db.session.scalars(query.where(*to_the_end).order_by(Licence.id)))
