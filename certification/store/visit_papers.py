"""Papers of visits, scoped to the team that went, to who asked for the decision, and to who reads them all."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session, aliased, scoped_session

from certification.tables import DispatchDecision, VisitPaper
from certification.visit_paper import Kind, Paper
from people.tables import Account, Partner, Person

Reader = Session | scoped_session[Session]
LISTED = 200


def team_of(decision: DispatchDecision) -> list[str]:
    """The staff numbers of a decision's team, the leader first."""
    return list(decision.request["visit"]["team"])


def decision_in_scope(session: Reader, decision_id: str, staff_no: str, asker: str | None, everyone: bool) -> DispatchDecision | None:
    """A decision for one of its team, for who asked it, or for who reads ``everyone``'s; None for a stranger."""
    decision = session.get(DispatchDecision, decision_id)
    if decision is None or everyone or staff_no in team_of(decision) or (asker and decision.asker == asker):
        return decision
    return None


def own(session: Reader, staff_no: str, since: datetime) -> Sequence[DispatchDecision]:
    """Allowed decisions since then with that person as the leader, the newest first."""
    query = select(DispatchDecision).where(
        DispatchDecision.subject == staff_no, DispatchDecision.allowed, DispatchDecision.at >= since
    )
    return session.scalars(query.order_by(DispatchDecision.at.desc(), DispatchDecision.id.desc()).limit(LISTED)).all()


def team(session: Reader, numbers: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Names and companies by staff number."""
    query = select(Person.staff_no, Person.name, Partner.name.label("partner")).join(Partner, Partner.id == Person.partner_id)
    return {row.staff_no: (row.name, row.partner) for row in session.execute(query.where(Person.staff_no.in_(list(numbers))))}


def papers_of(session: Reader, decision_ids: Sequence[str]) -> dict[str, list[Row[Any]]]:
    """The papers of decisions, the oldest first: ``id, kind, created, filled, confirmed, confirmation``, and who made it."""
    maker, made = aliased(Person), aliased(Account)
    query = (
        select(
            VisitPaper.id, VisitPaper.decision_id, VisitPaper.kind, VisitPaper.created, VisitPaper.filled, VisitPaper.confirmed,
            VisitPaper.confirmation, maker.name.label("maker"),
        )
        .outerjoin(made, made.id == VisitPaper.created_by).outerjoin(maker, maker.id == made.person_id)
        .where(VisitPaper.decision_id.in_(list(decision_ids))).order_by(VisitPaper.id)
    )
    found: dict[str, list[Row[Any]]] = {id_: [] for id_ in decision_ids}
    for row in session.execute(query):
        found[row.decision_id].append(row)
    return found


def paper(session: Reader, paper_id: int) -> VisitPaper | None:
    """One paper; whether the asker may see it follows from its decision."""
    return session.get(VisitPaper, paper_id)


def paper_for_change(session: Session, paper_id: int) -> VisitPaper:
    """A paper, its row held until the transaction ends."""
    return session.get_one(VisitPaper, paper_id, with_for_update=True)


def by_token(session: Reader, token_hash: bytes, hold: bool = False) -> VisitPaper | None:
    """The paper whose customer was given the address of that hash; with ``hold`` its row is held until the transaction ends."""
    query = select(VisitPaper).where(VisitPaper.token_hash == token_hash)
    return session.scalar(query.with_for_update() if hold else query)


def as_rule(row: Any) -> Paper:
    """A row as the rule sees it."""
    return Paper(Kind(row.kind), row.filled, getattr(row, "token_until", None), row.confirmed)
