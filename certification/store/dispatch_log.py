"""The log of dispatch decisions."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, insert, or_, select
from sqlalchemy.orm import Session, scoped_session

from certification.tables import DispatchDecision

Reader = Session | scoped_session[Session]


def keep(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Append answers to the log."""
    connection.execute(insert(DispatchDecision), rows)


def one(session: Reader, decision_id: str, asker: str | None) -> DispatchDecision | None:
    """A logged answer; to a limited asker only their own."""
    query = select(DispatchDecision).where(DispatchDecision.id == decision_id)
    return session.scalar(query.where(DispatchDecision.asker == asker) if asker else query)


def logged(text: str, verdict: str, asker: str | None) -> Select[Any]:
    """Logged answers by visit or staff number, for a list."""
    wanted: list[ColumnElement[bool]] = []
    if text:
        visit, subject = (column.startswith(text, autoescape=True) for column in (DispatchDecision.visit, DispatchDecision.subject))
        wanted.append(or_(visit, subject))
    if verdict in {"allowed", "denied"}:
        wanted.append(DispatchDecision.allowed.is_(verdict == "allowed"))
    if asker:
        wanted.append(DispatchDecision.asker == asker)
    columns = (
        DispatchDecision.id, DispatchDecision.at, DispatchDecision.asker, DispatchDecision.subject, DispatchDecision.visit,
        DispatchDecision.allowed, DispatchDecision.request, DispatchDecision.answer,
    )
    return select(*columns).where(*wanted)


def recent(session: Reader, asker: str | None, limit: int) -> Sequence[Row[Any]]:
    """The newest answers."""
    return session.execute(logged("", "", asker).order_by(DispatchDecision.at.desc(), DispatchDecision.id.desc()).limit(limit)).all()


ORDER: dict[str, Any] = {"at": DispatchDecision.at, "visit": DispatchDecision.visit, "subject": DispatchDecision.subject}
TIE = DispatchDecision.id
