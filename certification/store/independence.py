"""Who trained, examined and marked whom, and on whose rosters people stood: the facts behind the independence of a decision."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, scoped_session

from certification import independence as rule
from certification.decision import Employment
from certification.independence import Cycle, Involvement, Part
from certification.licence import CERTIFIES
from certification.tables import (
    Attempt,
    AttemptEvent,
    Booking,
    FillRuling,
    Licence,
    LicenceEvent,
    Marking,
    ProgrammeEdition,
    Regrade,
    RoomNote,
    Sitting,
    Training,
    TrainingAttendance,
)
from people.tables import Contract, Partner, RosterEntry
from question_bank.tables import FormItem

Reader = Session | scoped_session[Session]
PORTION = 500  # people in one query


@dataclass(frozen=True)
class Asked:
    """A case whose cycle is asked for: judged at ``at``; ``sat`` is when the exam behind it was begun."""

    person_id: int
    programme_id: int
    at: datetime
    act: bool = False
    sat: datetime | None = None


def cycles(session: Reader, asked: Sequence[Asked], zone: ZoneInfo) -> dict[Asked, Cycle]:
    """The cycle of each case, in a handful of queries for all of them."""
    people = {one.person_id for one in asked}
    certified = _certifications(session, people)
    found: dict[tuple[int, int], list[Involvement]] = defaultdict(list)
    for person_id, programme_id, part in _parts(session, people):
        found[person_id, programme_id].append(part)
    answer = {}
    for one in asked:
        key = one.person_id, one.programme_id
        begin = rule.since(certified[key], one.at, one.act, one.sat, zone)
        answer[one] = rule.cycle(begin, one.at, found[key])
    return answer


def employment(session: Reader, people: Collection[int]) -> dict[int, tuple[Employment, ...]]:
    """The partners on whose rosters people stood; the operator's are left out."""
    query = (
        select(RosterEntry.person_id, Contract.partner_id, RosterEntry.starts, RosterEntry.ends)
        .join(Contract, Contract.id == RosterEntry.contract_id)
        .join(Partner, Partner.id == Contract.partner_id)
        .where(Partner.kind != "operator")
    )
    found: dict[int, list[Employment]] = defaultdict(list)
    for row in _of(session, query, RosterEntry.person_id, people):
        found[row.person_id].append(Employment(row.partner_id, row.starts, row.ends))
    return {person_id: tuple(found[person_id]) for person_id in people}


def _of(session: Reader, query: Select[Any], column: Any, people: Collection[int]) -> Iterator[Any]:
    ids = sorted(people)
    for start in range(0, len(ids), PORTION):
        yield from session.execute(query.where(column.in_(ids[start : start + PORTION])))


def _certifications(session: Reader, people: Collection[int]) -> dict[tuple[int, int], set[datetime]]:
    at = func.coalesce(LicenceEvent.certified, LicenceEvent.effective, type_=LicenceEvent.effective.type).label("at")
    query = select(Licence.person_id, Licence.programme_id, at).join(LicenceEvent, LicenceEvent.licence_id == Licence.id)
    query = query.where(LicenceEvent.kind.in_([kind.value for kind in CERTIFIES]))
    found: dict[tuple[int, int], set[datetime]] = defaultdict(set)
    for row in _of(session, query, Licence.person_id, people):
        found[row.person_id, row.programme_id].add(row.at)
    return found


def _parts(session: Reader, people: Collection[int]) -> Iterator[tuple[int, int, Involvement]]:
    """Everything that anybody did with those people: person, programme, part."""
    for part, query, column in _queries():
        for row in _of(session, query, column, people):
            if row.account is not None:
                yield row.person, row.programme, Involvement(row.at, part, row.account, row.what)


def _queries() -> Iterator[tuple[Part, Select[Any], Any]]:
    trained = select(
        TrainingAttendance.person_id.label("person"), Training.programme_id.label("programme"), Training.trainer_id.label("account"),
        Training.held.label("at"), Training.title.label("what"),
    ).join(Training, Training.id == TrainingAttendance.training_id)
    yield Part.TRAINED, trained, TrainingAttendance.person_id
    yield Part.SCHEDULED, _sat(Sitting.created_by), Attempt.person_id
    yield Part.RELEASED, _sat(Sitting.released_by), Attempt.person_id
    checked = _sat(Booking.checked_in_by).join(
        Booking, (Booking.sitting_id == Attempt.sitting_id) & (Booking.person_id == Attempt.person_id)
    )
    yield Part.CHECKED_IN, checked, Attempt.person_id
    acted = _sat(AttemptEvent.by).join(AttemptEvent, AttemptEvent.attempt_id == Attempt.id)
    yield Part.INVIGILATED, acted.distinct(), Attempt.person_id
    noted = _sat(RoomNote.by).join(RoomNote, RoomNote.sitting_id == Attempt.sitting_id)
    of_all = or_(RoomNote.person_id.is_(None), RoomNote.person_id == Attempt.person_id)
    yield Part.INVIGILATED, noted.where(of_all).distinct(), Attempt.person_id
    marked = _sat(Marking.marker_id).join(Marking, Marking.attempt_id == Attempt.id).where(Marking.marked.is_not(None))
    yield Part.MARKED, marked.distinct(), Attempt.person_id
    ruled = _sat(FillRuling.by).join(FormItem, FormItem.form_id == Sitting.form_id).join(
        FillRuling, (FillRuling.version_id == FormItem.version_id) & (FillRuling.at >= Attempt.started)
    )
    yield Part.RULED, ruled.distinct(), Attempt.person_id
    regraded = _sat(Regrade.proposed_by).join(Regrade, Regrade.sitting_id == Attempt.sitting_id)
    yield Part.REGRADED, regraded.distinct(), Attempt.person_id


def _sat(account: Any) -> Select[Any]:
    """Attempts, with ``account`` as who had a part in them; what was done counts as of the exam's beginning."""
    return (
        select(
            Attempt.person_id.label("person"), ProgrammeEdition.programme_id.label("programme"), account.label("account"),
            Attempt.started.label("at"), Sitting.code.label("what"),
        )
        .select_from(Attempt)
        .join(Sitting, Sitting.id == Attempt.sitting_id)
        .join(ProgrammeEdition, ProgrammeEdition.id == Sitting.programme_edition_id)
    )
