"""Rulings on fill-in texts ↔ values."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, or_, select
from sqlalchemy.orm import Session, scoped_session

from certification import ruling
from certification.ruling import Gaps, Group, Place
from certification.store.answers import Given, given
from certification.tables import Attempt, FillRuling, Sitting
from question_bank.item import Kind
from question_bank.store import faces as bank
from question_bank.tables import FormItem

Reader = Session | scoped_session[Session]
RULINGS, SITTINGS, ATTEMPTS = FillRuling.__table__, Sitting.__table__, Attempt.__table__


def gaps(session: Reader, versions: Collection[int]) -> dict[int, Gaps]:
    """The keys of fill-in versions, with what follows each gap."""
    return {version: Gaps(key.key, key.after) for version, key in bank.keys(session, versions).items()}


def groups(session: Reader, sitting_id: int) -> list[Group]:
    """The texts of a sitting that no key knew."""
    answers = given(session, Kind.FILL, [sitting_id])
    return ruling.groups(((one.version, one.answer) for one in answers), gaps(session, {one.version for one in answers}))


def newest(session: Reader, versions: Collection[int]) -> dict[Place, Row[Any]]:
    """The ruling that holds for each text: ``accepted, reason, by, at``."""
    if not versions:
        return {}
    columns = (RULINGS.c.version_id, RULINGS.c.blank, RULINGS.c.text, RULINGS.c.accepted, RULINGS.c.reason, RULINGS.c.by, RULINGS.c.at)
    rows = session.execute(select(*columns).where(RULINGS.c.version_id.in_(versions)).order_by(RULINGS.c.id))
    return {Place(row.version_id, row.blank, row.text): row for row in rows}


def accepted(connection: Connection, sitting_id: int, versions: Collection[int]) -> dict[int, set[tuple[int, str]]]:
    """Accepted texts (gap, normal form) by version, as a sitting counts them: a ruling made after its results were out is not for it."""
    released = select(SITTINGS.c.released).where(SITTINGS.c.id == sitting_id).scalar_subquery()
    query = (
        select(RULINGS.c.version_id, RULINGS.c.blank, RULINGS.c.text, RULINGS.c.accepted)
        .where(RULINGS.c.version_id.in_(versions), or_(released.is_(None), RULINGS.c.at <= released))
        .order_by(RULINGS.c.id)
    )
    holds = ruling.newest([(Place(row.version_id, row.blank, row.text), row.accepted) for row in connection.execute(query)])
    found: defaultdict[int, set[tuple[int, str]]] = defaultdict(set)
    for place, is_accepted in holds.items():
        if is_accepted:
            found[place.version].add((place.gap, place.text))
    return found


def add(connection: Connection, place: Place, is_accepted: bool, reason: str, by: int | None, at: datetime) -> None:
    """Keep a ruling; an earlier one on the same text stays in the table."""
    said = {"version_id": place.version, "blank": place.gap, "text": place.text, "accepted": is_accepted, "reason": reason}
    connection.execute(insert(RULINGS).values(**said, by=by, at=at))


def whoever_wrote(answers: Iterable[Given], place: Place, known: Gaps) -> list[Given]:
    """The answers in which that text stands in that gap."""
    wanted = (place.gap, place.text)
    return [
        one
        for one in answers
        if one.version == place.version and wanted in {(gap, said) for gap, said, _text in ruling.unmatched(one.answer, known)}
    ]


def sittings_of(connection: Connection, attempt_ids: Collection[str]) -> list[int]:
    """The sittings of attempts, in order."""
    query = select(ATTEMPTS.c.sitting_id).where(ATTEMPTS.c.id.in_(attempt_ids)).distinct().order_by(ATTEMPTS.c.sitting_id)
    return list(connection.execute(query).scalars()) if attempt_ids else []


def whoever_may_gain(session: Session, sitting_id: int) -> list[str]:
    """The attempts of a sitting in which a text stands that was accepted at some time; nothing is read where none was."""
    query = select(FillRuling.version_id, FillRuling.blank, FillRuling.text).where(FillRuling.accepted.is_(True))
    query = query.join(FormItem, FormItem.version_id == FillRuling.version_id).join(Sitting, Sitting.form_id == FormItem.form_id)
    places = {Place(*row) for row in session.execute(query.where(Sitting.id == sitting_id))}
    if not places:
        return []
    versions = {place.version for place in places}
    known = gaps(session, versions)
    answers = given(session, Kind.FILL, [sitting_id], versions)
    return [
        one.attempt for one in answers
        if any(Place(one.version, gap, said) in places for gap, said, _text in ruling.unmatched(one.answer, known[one.version]))
    ]
