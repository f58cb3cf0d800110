"""Programmes and their editions, to read."""

from typing import Any

from sqlalchemy import Row, Select, func, or_, select
from sqlalchemy.orm import Session, scoped_session

from certification.tables import Licence, Programme, ProgrammeEdition, Sitting

Reader = Session | scoped_session[Session]
ORDER: dict[str, Any] = {"code": Programme.code, "id": Programme.id}


def programmes(search: str) -> Select[Any]:
    """Programmes with their newest edition and how many sittings and licences they have."""
    newest = select(func.max(ProgrammeEdition.number)).where(ProgrammeEdition.programme_id == Programme.id).correlate(Programme)
    editions = select(ProgrammeEdition.id).where(ProgrammeEdition.programme_id == Programme.id).correlate(Programme)
    sittings = select(func.count()).where(Sitting.programme_edition_id.in_(editions)).correlate(Programme)
    licences = select(func.count()).where(Licence.programme_id == Programme.id).correlate(Programme)
    query = (
        select(
            Programme.id, Programme.code, Programme.title, Programme.summary, ProgrammeEdition.number, ProgrammeEdition.frozen,
            ProgrammeEdition.spec, sittings.scalar_subquery().label("sittings"), licences.scalar_subquery().label("licences"),
        )
        .join(ProgrammeEdition, ProgrammeEdition.programme_id == Programme.id)
        .where(ProgrammeEdition.number == newest.scalar_subquery())
    )
    named = (Programme.code, Programme.title["zh"].as_string(), Programme.title["en"].as_string())
    for word in search.split():
        query = query.where(or_(*(column.icontains(word, autoescape=True) for column in named)))
    return query


def programme_at(session: Reader, code: str) -> Row[Any] | None:
    """One programme: ``id, code, title, summary``."""
    return session.execute(select(Programme.id, Programme.code, Programme.title, Programme.summary).where(Programme.code == code)).first()


def editions_of(session: Reader, programme_id: int) -> list[Row[Any]]:
    """Its editions, the newest first, with how many sittings and licences rest on each."""
    sittings = select(func.count()).where(Sitting.programme_edition_id == ProgrammeEdition.id).correlate(ProgrammeEdition)
    licences = select(func.count()).where(Licence.programme_edition_id == ProgrammeEdition.id).correlate(ProgrammeEdition)
    query = select(
        ProgrammeEdition.id, ProgrammeEdition.number, ProgrammeEdition.created, ProgrammeEdition.frozen, ProgrammeEdition.spec,
        sittings.scalar_subquery().label("sittings"), licences.scalar_subquery().label("licences"),
    )
    return list(session.execute(query.where(ProgrammeEdition.programme_id == programme_id).order_by(ProgrammeEdition.number.desc())))


def newest_editions(session: Reader) -> list[Row[Any]]:
    """The newest edition of every programme, by code: ``id, code, title, number, spec``."""
    newest = select(func.max(ProgrammeEdition.number)).where(ProgrammeEdition.programme_id == Programme.id).correlate(Programme)
    query = (
        select(ProgrammeEdition.id, Programme.code, Programme.title, ProgrammeEdition.number, ProgrammeEdition.spec)
        .join(ProgrammeEdition, ProgrammeEdition.programme_id == Programme.id)
        .where(ProgrammeEdition.number == newest.scalar_subquery())
    )
    return list(session.execute(query.order_by(Programme.code)))
