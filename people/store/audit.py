"""The audit, to read: the people behind its ids are looked up here."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, or_, select
from sqlalchemy.orm import Session, scoped_session

from foundation.tables import AuditRow
from people.store.accounts import account_ids_named, account_names
from people.tables import Person

Reader = Session | scoped_session[Session]

AUDIT_ORDER: dict[str, Any] = {"time": AuditRow.seq}


def audit_rows(session: Reader, search: str, chosen: Mapping[str, str], since: datetime | None, until: datetime | None) -> Select[Any]:
    """The audit, narrowed by words, ``event``, ``actor``, ``subject``, ``result`` and the time ``[since, until)``.

    A word is an event, a subject or an actor (``account:12``), or somebody's
    name, staff number or username: the audit itself holds ids only.
    """
    query = select(
        AuditRow.seq, AuditRow.at, AuditRow.actor, AuditRow.origin, AuditRow.event, AuditRow.subject, AuditRow.result, AuditRow.detail
    )
    for name in ("event", "actor", "subject", "result"):
        if value := chosen.get(name):
            query = query.where(getattr(AuditRow, name) == value)
    for word in search.split():
        accounts = [f"account:{id_}" for id_ in account_ids_named(session, word)]
        query = query.where(or_(
            AuditRow.event.startswith(word, autoescape=True), AuditRow.subject.startswith(word, autoescape=True), AuditRow.actor == word,
            AuditRow.actor.in_(accounts), AuditRow.subject.in_([*accounts, *_person_subjects(session, word)]),
        ))
    if since:
        query = query.where(AuditRow.at >= since)
    return query.where(AuditRow.at < until) if until else query


def _person_subjects(session: Reader, text: str) -> list[str]:
    ids = session.scalars(select(Person.id).where(or_(Person.name == text, Person.staff_no == text)).limit(50))
    return [f"person:{id_}" for id_ in ids]


def audit_events(session: Reader) -> list[str]:
    """Every event that the audit knows, in order."""
    return list(session.scalars(select(AuditRow.event).distinct().order_by(AuditRow.event)))


def last_verification(session: Reader) -> Row[Any] | None:
    """The last time that somebody walked the chain: ``at, actor, result, detail``."""
    query = select(AuditRow.at, AuditRow.actor, AuditRow.result, AuditRow.detail).where(AuditRow.event == "audit.verified")
    return session.execute(query.order_by(AuditRow.seq.desc()).limit(1)).first()


def names_of(session: Reader, references: Iterable[str]) -> dict[str, str]:
    """Names for references such as ``account:12`` and ``person:7``; others have none."""
    wanted: dict[str, set[int]] = {"account": set(), "person": set()}
    for reference in references:
        kind, _, number = reference.partition(":")
        if kind in wanted and number.isdecimal():
            wanted[kind].add(int(number))
    names = {f"account:{id_}": name for id_, name in account_names(session, wanted["account"]).items()}
    people = session.execute(select(Person.id, Person.name).where(Person.id.in_(wanted["person"]))) if wanted["person"] else ()
    return names | {f"person:{id_}": name for id_, name in people}
