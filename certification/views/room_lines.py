"""The rows of the invigilator's board, and the tag that says whether anything on it has changed."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Row

from certification import timing
from certification.actions.timing import grace
from certification.layout import versions
from certification.programme import from_json
from certification.room import OPEN, ORDER, Place, Seat, is_hidden, place, quiet_since
from certification.sitting import State, Window
from certification.store import room as store
from certification.timing import Facts
from foundation.database import db

LATEST = datetime.max.replace(tzinfo=UTC)
SORTS = ("help", "staff_no", "left")


@dataclass(frozen=True)
class Line:
    """One person on the board. ``until``: the deadline, or when it ended; ``left``: what a paused attempt has left.

    ``since``: of somebody away or stuck, since when. Nothing here moves by
    itself with the time, so that two equal boards are the same to the byte.
    """

    person_id: int
    name: str
    staff_no: str
    partner: str
    place: Place
    attempt_id: str | None = None
    state: str | None = None
    until: datetime | None = None
    left: timedelta | None = None
    since: datetime | None = None
    hidden: bool = False
    answered: int = 0
    slot: int | None = None
    waiting: int = 0
    lost: int = 0
    extra: int = 0

    @property
    def open(self) -> bool:
        """Whether the paper is open."""
        return self.place in OPEN


def questions(sitting: Row[Any]) -> int:
    """How many questions the sitting's form has."""
    return len(versions(sitting.sections))


def facts(sitting: Row[Any], row: Row[Any], events: Iterable[Row[Any]]) -> Facts:
    """What the deadline of a row's attempt follows from."""
    extra = timedelta(seconds=sitting.extra_seconds + row.extra_seconds)
    window = Window(sitting.opens, sitting.closes, sitting.cancelled is not None)
    known = timing.read((event.kind, event.at, event.seconds) for event in events)
    return Facts(row.started, from_json(sitting.spec).exam.minutes, window, extra, known)


def lines(sitting: Row[Any], now: datetime) -> list[Line]:
    """Everybody of the sitting, by staff number. One statement, and one more while somebody is paused."""
    rows, total = store.seats(db.session, sitting.id), questions(sitting)
    paused = [row.attempt_id for row in rows if row.state == State.PAUSED]
    events = store.turns(db.session, sitting.id, paused) if paused else {}
    return [_line(sitting, row, total, events, now) for row in rows]


def seat(sitting: Row[Any], row: Row[Any]) -> Seat:
    """What the rule asks of a row."""
    checked = row.checked_in is not None or not sitting.check_in
    if row.attempt_id is None:
        return Seat(checked=checked)
    since = max(row.started, row.let or row.started)
    state, limit = State(row.state), row.deadline + grace()
    return Seat(state, checked, since, limit, row.saved, row.seen, bool(row.hidden), row.answered)


def _line(sitting: Row[Any], row: Row[Any], total: int, events: dict[str, list[Row[Any]]], now: datetime) -> Line:
    known = seat(sitting, row)
    where = place(known, total, sitting.closes, now)
    line = Line(row.id, row.name, row.staff_no, row.partner, where, extra=row.extra_seconds)
    if row.attempt_id is None:
        return line
    left = timing.left(facts(sitting, row, events.get(row.attempt_id, ())), now) if where is Place.PAUSED else None
    running = where in OPEN
    return Line(
        row.id, row.name, row.staff_no, row.partner, where, row.attempt_id, row.state, row.ended or row.deadline, left,
        quiet_since(known, where), running and is_hidden(known), row.answered, row.slot if running else None,
        (row.waiting or 0) if running else 0, row.lost, row.extra_seconds,
    )


def matching(found: Sequence[Line], words: str, where: str | None) -> list[Line]:
    """Those whose name, number or company holds every word, and who stand ``where``."""
    wanted = words.casefold().split()
    texts = ((line, f"{line.name} {line.staff_no} {line.partner}".casefold()) for line in found)
    return [line for line, text in texts if all(word in text for word in wanted) and where in (None, "", line.place)]


def arranged(found: Sequence[Line], sort: str, descending: bool) -> list[Line]:
    """In the order asked for: whoever needs help first, by staff number, or whoever has least time left."""
    keys = {
        "help": lambda line: (ORDER[line.place], line.since or line.until or LATEST, line.staff_no),
        "staff_no": lambda line: (line.staff_no,),
        "left": lambda line: (not line.open, line.until or LATEST, line.staff_no),
    }
    return sorted(found, key=keys[sort], reverse=descending)


def tag(*shown: Any) -> str:
    """A strong validator of everything that is shown."""
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:32]
