"""A training as it was held: who attended, read from pasted lines, and what is wrong with each.

Source: ISO/IEC 17024, 5.2 (training is kept apart from certification) and 9.4:
the record is what keeps a trainer from deciding on those who were taught. So
it is only added to, never changed.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

MOST_LINES = 500
LONGEST = 40
"""Characters of a staff number."""


class Flaw(StrEnum):
    """What is wrong with one line."""

    LONG = "long"
    UNKNOWN = "unknown"
    TWICE = "twice"
    LEFT = "left"
    ONESELF = "oneself"


@dataclass(frozen=True)
class Attendee:
    """Somebody as the register knows them; ``left`` when they left the company."""

    person_id: int
    name: str
    left: datetime | None = None


@dataclass(frozen=True)
class Line:
    """One line that was pasted, its number counted from 1."""

    number: int
    staff_no: str


def read(text: str) -> list[Line]:
    """The lines that hold something, full-width characters made plain."""
    plain = unicodedata.normalize("NFKC", text)
    return [Line(number, line.strip()) for number, line in enumerate(plain.splitlines(), 1) if line.strip()]


def flaws(lines: Sequence[Line], known: Mapping[str, Attendee], held: datetime, trainer: int) -> list[tuple[Line, Flaw]]:
    """What is wrong, line by line; ``trainer`` is the person who taught, who does not attend."""
    seen: set[str] = set()
    found = []
    for line in lines:
        flaw = _flaw(line, known.get(line.staff_no), held, trainer)
        if flaw is None and line.staff_no in seen:
            flaw = Flaw.TWICE
        seen.add(line.staff_no)
        if flaw:
            found.append((line, flaw))
    return found


def _flaw(line: Line, attendee: Attendee | None, held: datetime, trainer: int) -> Flaw | None:
    if len(line.staff_no) > LONGEST:
        return Flaw.LONG
    if attendee is None:
        return Flaw.UNKNOWN
    if attendee.person_id == trainer:
        return Flaw.ONESELF
    return Flaw.LEFT if attendee.left is not None and attendee.left <= held else None
