"""What waits to be marked and ruled on: for the rater's list and home, and for the page that releases results."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from certification import marking, release
from certification.marking import Answer, Marker, Tally
from certification.ruling import Group
from certification.store import answers as answers_store
from certification.store import marking as store
from certification.store import rulings, sittings
from foundation.database import db
from people.login import Me
from question_bank.item import Kind


@dataclass(frozen=True)
class Task:
    """One question of one sitting: how far it is, and how many answers wait for this marker, blind or as the third."""

    question: Row[Any]
    tally: Tally
    mine: int
    third: int
    due: datetime


def marker_of(me: Me) -> Marker:
    """The signed-in person as the rules see a marker."""
    return Marker(me.account_id, me.person_id, None if me.partner_kind == "operator" else me.partner_id)


def opened(sitting_ids: Sequence[int], rows: dict[int, Row[Any]], now: datetime) -> list[int]:
    """Those of the sittings whose answers may be marked."""

    def is_open(sitting_id: int) -> bool:
        progress = sittings.progress(db.session, sitting_id)
        return marking.is_open(release.blocks(progress, rows[sitting_id].closes, False, False, now))

    return [sitting_id for sitting_id in sitting_ids if is_open(sitting_id)]


def tasks(marker: Marker, now: datetime) -> tuple[list[Task], list[Row[Any]]]:
    """Questions with answers to mark, and sittings whose marking begins when they are over."""
    questions = answers_store.questions(db.session, Kind.SHORT)
    rows = {row.sitting_id: row for row in questions}
    ready = opened(list(rows), rows, now)
    found: defaultdict[tuple[int, int], list[Answer]] = defaultdict(list)
    for answer in store.answers(db.session, ready)[0]:
        found[answer.sitting, answer.version].append(answer)
    made = [_task(row, found[row.sitting_id, row.version_id], marker, now) for row in questions if row.sitting_id in ready]
    return [task for task in made if task.tally.total], [row for row in rows.values() if row.sitting_id not in ready]


def _task(row: Row[Any], answers: Sequence[Answer], marker: Marker, now: datetime) -> Task:
    mine, third = (waiting(marker, answers, kind, now) for kind in (False, True))
    return Task(row, marking.tally(answers, now), mine, third, row.closes + marking.DUE)


def waiting(marker: Marker, answers: Sequence[Answer], third: bool, now: datetime) -> int:
    """How many the marker may take or holds already."""
    return sum(marking.holds(marker, one, third, now) or marking.refusal(marker, one, third, now) is None for one in answers)


@dataclass(frozen=True)
class Line:
    """One text: its group, and the ruling that holds for it, if any."""

    group: Group
    ruling: Row[Any] | None

    @property
    def state(self) -> str:
        """``unseen``, ``accepted`` or ``rejected``."""
        return "unseen" if self.ruling is None else "accepted" if self.ruling.accepted else "rejected"


def lines(sitting_id: int) -> list[Line]:
    """Every text of the sitting that no key knew, with what was ruled."""
    groups = rulings.groups(db.session, sitting_id)
    ruled = rulings.newest(db.session, {group.place.version for group in groups})
    return [Line(group, ruled.get(group.place)) for group in groups]


def unseen(sitting_id: int) -> int:
    """How many different texts of a sitting nobody has ruled on."""
    return sum(line.ruling is None for line in lines(sitting_id))


def texts_waiting(marker: Marker, now: datetime) -> list[tuple[Row[Any], int, int]]:
    """Sittings with such texts: the sitting, how many there are, how many nobody has looked at."""
    if marker.company is not None:
        return []
    rows = {row.sitting_id: row for row in answers_store.questions(db.session, Kind.FILL)}
    found = [(rows[sitting_id], lines(sitting_id)) for sitting_id in opened(list(rows), rows, now)]
    return [(row, len(texts), sum(line.ruling is None for line in texts)) for row, texts in found if texts]
