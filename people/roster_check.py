"""What a plain roster means beside what is known: who is new, who changes, what cannot be.

Pure: what is known comes as ``Facts``, digests and opened numbers among them.
A file is taken as a whole or not at all, so every fault of every row is told.
A row never takes anything away: who is not in the file stays as they are, an
empty cell leaves what is kept. Whose staff number, ID number or contract
belongs to another company is not for a coordinator to learn.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from people import contract as contract_rule
from people.contract import Refusal, State, Stay, Term
from people.identity import mask_phone
from people.roster import midnight
from people.roster_sheet import CODE, MASK, Fault, Field, Sheet, Wrong


class Kind(StrEnum):
    """What happens to a person; the first that fits."""

    NEW = "new"
    MOVED = "moved"
    RETURNING = "returning"
    CHANGED = "changed"
    KNOWN = "known"


@dataclass(frozen=True)
class Agreement:
    """A contract as it is kept: ``[starts, ends)``."""

    id: int
    partner_id: int
    state: str
    starts: datetime
    ends: datetime


class Known(msgspec.Struct, frozen=True, gc=False):
    """Somebody who is kept: ``phone`` as text, ``id_mask`` as an export shows it (only where the file has a mask)."""

    id: int
    staff_no: str
    name: str
    partner_id: int
    city: str
    digest: bytes | None
    left: datetime | None
    phone: str = ""
    id_mask: str = ""


class Owner(msgspec.Struct, frozen=True, gc=False):
    """Whose ID number it is."""

    person_id: int
    staff_no: str
    partner_id: int


@dataclass(frozen=True)
class Facts:
    """What is known when a roster is judged; codes and staff numbers as keys are in capitals.

    ``home`` is the company of rows that name none, ``default`` the contract of
    its rows that name none; ``limited`` to the home company. ``digests`` run
    beside the rows, None where a row gives no whole ID number.
    """

    now: datetime
    zone: ZoneInfo
    home: int
    limited: bool
    partners: Mapping[str, int]
    contracts: Mapping[str, Agreement]
    people: Mapping[str, Known]
    owners: Mapping[bytes, Owner]
    stays: Mapping[tuple[int, int], Sequence[Stay]]
    digests: Sequence[bytes | None]
    default: str = ""


class Change(msgspec.Struct, gc=False):
    """What is to be kept of one person; an empty text leaves what is there. ``entries``: contract and first instant.

    A struct, and out of the garbage collector's sight: a file makes a hundred thousand of them.
    """

    kind: Kind
    person_id: int | None
    staff_no: str
    name: str
    id_number: str
    phone: str
    city: str
    partner_id: int
    seen_partner: int | None = None
    seen_left: datetime | None = None
    back: bool = False
    entries: tuple[tuple[int, datetime], ...] = ()


@dataclass
class Judged:
    """The plan and what stands against it; ``counts`` by kind, and ``rows`` and ``entered``."""

    changes: list[Change]
    faults: list[Fault]
    counts: dict[str, int]


@dataclass(frozen=True)
class _Place:
    """Where a row puts somebody, or why not: the same for every row with the same three cells."""

    partner_id: int = 0
    term: Agreement | None = None
    starts: datetime | None = None
    day: date | None = None
    fault: tuple[Field, Wrong, str] | None = None
    entering: Refusal | None = None
    entries: tuple[tuple[int, datetime], ...] = ()


def judge(sheet: Sheet, facts: Facts) -> Judged:
    """Hold the table against what is known."""
    return _Judge(sheet, facts).run()


class _Judge:
    """One pass down the rows; a person is judged at their first row, the others must agree with it."""

    def __init__(self, sheet: Sheet, facts: Facts) -> None:
        self.sheet, self.facts = sheet, facts
        self.faults = list(sheet.faults)
        self.changes: dict[str, Change] = {}
        self.firsts: dict[str, int] = {}
        self.ids: dict[str, str] = {}
        self.further: set[tuple[str, int]] = set()
        self.places: dict[tuple[Any, ...], _Place] = {}

    def run(self) -> Judged:
        """Judge every row."""
        rows = 0
        for index, cells in enumerate(zip(*(self.sheet.values[name] for name in Field), strict=True)):
            if not cells[0] or not cells[1]:
                rows += any(cells)
                continue
            rows += 1
            key, where = cells[0].upper(), cells[5:]
            place = self.places.get(where) or self.place(*where)
            if place.fault:
                self.fault(index, *place.fault)
            elif self.firsts.setdefault(key, index) == index:
                change = self.changes[key] = self.person(index, key, cells, place)
                self.enter(index, change, place)
            elif key in self.changes and self.agrees(index, key, cells, place):
                self.enter(index, self.changes[key], place)
        counts = self.count(rows)
        self.faults.sort(key=lambda fault: (fault.row, list(Field).index(fault.field)))
        return Judged([change for change in self.changes.values() if change.kind is not Kind.KNOWN], self.faults, counts)

    def count(self, rows: int) -> dict[str, int]:
        """How many of each kind."""
        counts = dict.fromkeys((*Kind, "entered"), 0)
        for change in self.changes.values():
            if change.entries:
                counts["entered"] += len(change.entries)
                if change.kind is Kind.KNOWN:
                    change.kind = Kind.CHANGED
            counts[change.kind] += 1
        return {str(name): number for name, number in counts.items()} | {"rows": rows}

    def fault(self, index: int, name: Field, wrong: Wrong, value: object = "", other: object = "") -> None:
        """Note what is wrong with a cell."""
        self.faults.append(Fault(self.sheet.first + index, name, wrong, str(value), str(other)))

    def place(self, contract: str, since: Any, partner: str) -> _Place:
        """Where rows with these cells put somebody."""
        found = self.places[contract, since, partner] = self._place(contract, since, partner)
        return found

    def _place(self, contract: str, since: Any, partner: str) -> _Place:
        facts = self.facts
        partner_id = facts.partners.get(partner.upper()) if partner else facts.home
        if partner_id is None or (facts.limited and partner_id != facts.home):
            return _Place(fault=(Field.PARTNER, Wrong.PARTNER_OTHER if facts.limited else Wrong.PARTNER_UNKNOWN, partner))
        code = contract or (facts.default if partner_id == facts.home else "")
        if not code:
            return _Place(partner_id, fault=(Field.CONTRACT, Wrong.CONTRACT_NEEDED, "") if since else None)
        term = facts.contracts.get(code.upper())
        if term is None or term.partner_id != partner_id:
            hidden = term is None or facts.limited
            return _Place(fault=(Field.CONTRACT, Wrong.CONTRACT_UNKNOWN if hidden else Wrong.CONTRACT_ELSEWHERE, code))
        today = facts.now.astimezone(facts.zone).date()
        starts = midnight(since, facts.zone) if since else max(midnight(today, facts.zone), term.starts)
        return _Place(partner_id, term, starts, since or None, None, self.entering(term, (), starts), ((term.id, starts),))

    def entering(self, term: Agreement, stays: Sequence[Stay], starts: datetime) -> Refusal | None:
        """Whether somebody with ``stays`` on its roster may enter it; where it stands is derived, as everywhere."""
        kept = State(term.state)
        state = contract_rule.current(kept, contract_rule.by_clock(kept, Term(term.starts, term.ends), self.facts.now, 0))
        return contract_rule.enter(state, Stay(term.starts, term.ends), stays, starts)

    def person(self, index: int, key: str, cells: tuple[Any, ...], place: _Place) -> Change:
        """Judge somebody at their first row."""
        staff_no, name, id_number, phone, city = cells[:5]
        known, facts = self.facts.people.get(key), self.facts
        if digest := facts.digests[index]:
            self.own_id(index, key, id_number, digest, known)
        if known is None:
            if not CODE.fullmatch(staff_no):
                self.fault(index, Field.STAFF_NO, Wrong.STAFF_NO_SHAPE, staff_no)
            if MASK in id_number:
                self.fault(index, Field.ID_NUMBER, Wrong.MASK_OTHER, id_number)
            if MASK in phone:
                self.fault(index, Field.PHONE, Wrong.MASK_OTHER, phone)
            return Change(Kind.NEW, None, staff_no, name, id_number, phone, city, place.partner_id)
        change = Change(Kind.KNOWN, known.id, known.staff_no, "", "", "", "", place.partner_id, known.partner_id, known.left)
        if known.partner_id != place.partner_id:
            if facts.limited:
                self.fault(index, Field.STAFF_NO, Wrong.STAFF_NO_TAKEN, staff_no)
                return change
            change.kind = Kind.MOVED
        self.compare(index, cells, known, change)
        if known.left is not None and known.left <= facts.now:
            change.back = True
            change.kind = Kind.MOVED if change.kind is Kind.MOVED else Kind.RETURNING
        return change

    def own_id(self, index: int, key: str, id_number: str, digest: bytes, known: Known | None) -> None:
        """An ID number is one person's, in the file and beyond it."""
        other = self.ids.setdefault(id_number, key)
        if other != key:
            self.fault(index, Field.ID_NUMBER, Wrong.ID_TWICE, "", self.sheet.first + self.firsts[other])
        owner = self.facts.owners.get(digest)
        if owner is not None and (known is None or owner.person_id != known.id):
            shown = owner.staff_no if not self.facts.limited or owner.partner_id == self.facts.home else ""
            self.fault(index, Field.ID_NUMBER, Wrong.ID_TAKEN, "", shown)

    def compare(self, index: int, cells: tuple[Any, ...], known: Known, change: Change) -> None:
        """What the row says against what is kept; a name is only changed beside the ID number that it belongs to."""
        _, name, id_number, phone, city = cells[:5]
        digest = self.facts.digests[index]
        if MASK in id_number:
            if id_number != known.id_mask:
                self.fault(index, Field.ID_NUMBER, Wrong.MASK_OTHER, id_number)
        elif digest and digest != known.digest:
            if known.digest is not None:
                self.fault(index, Field.ID_NUMBER, Wrong.ID_OTHER)
            change.id_number = id_number
        if name != known.name:
            if known.digest is None or digest != known.digest:
                self.fault(index, Field.NAME, Wrong.NAME_OTHER, name, known.name)
            change.name = name
        if MASK in phone:
            if phone != (mask_phone(known.phone) if known.phone else ""):
                self.fault(index, Field.PHONE, Wrong.MASK_OTHER, phone)
        elif phone and phone != known.phone:
            change.phone = phone
        change.city = city if city != known.city else ""
        if change.kind is Kind.KNOWN and (change.id_number or change.name or change.phone or change.city):
            change.kind = Kind.CHANGED

    def agrees(self, index: int, key: str, cells: tuple[Any, ...], place: _Place) -> bool:
        """Whether somebody's further row is for another contract; it must say the same of the person."""
        first = self.firsts[key]
        before = self.sheet.first + first
        for name, value in zip(list(Field)[1:5], cells[1:5], strict=True):
            if value != self.sheet.values[name][first]:
                self.fault(index, name, Wrong.UNLIKE, "" if name in (Field.ID_NUMBER, Field.PHONE) else value, before)
        former = self.places[tuple(self.sheet.values[name][first] for name in list(Field)[5:])]
        if former.partner_id != place.partner_id:
            self.fault(index, Field.PARTNER, Wrong.UNLIKE, cells[7], before)
        contract = place.term.id if place.term else 0
        known = self.facts.people.get(key)
        there = self.facts.stays.get((known.id, contract), ()) if known else ()
        same = contract == (former.term.id if former.term else 0) and (former.day == place.day or not self.began(there))
        if same or (key, contract) in self.further:
            self.fault(index, Field.STAFF_NO, Wrong.TWICE, cells[0], before)
            return False
        self.further.add((key, contract))
        return True

    def began(self, stays: Sequence[Stay]) -> list[date]:
        """The first days of those times on a roster that are not over."""
        return [stay.starts.astimezone(self.facts.zone).date() for stay in stays if stay.ends is None or stay.ends > self.facts.now]

    def enter(self, index: int, change: Change, place: _Place) -> None:
        """Put them on the roster, unless they are there."""
        term, refusal = place.term, place.entering
        if term is None or place.starts is None:
            return
        if stays := self.facts.stays.get((change.person_id, term.id)) if change.person_id else None:
            began = self.began(stays)
            if began:
                if place.day is not None and place.day not in began:
                    self.fault(index, Field.SINCE, Wrong.SINCE_OTHER, place.day, began[0])
                return
            refusal = self.entering(term, stays, place.starts)
        if refusal is None:
            change.entries += place.entries
            change.back = change.back or change.seen_left is not None
        else:
            name, wrong = _ENTERING[refusal]
            self.fault(index, name, wrong, self.sheet.values[name][index] if name is Field.CONTRACT else place.day or "")


_ENTERING = {
    Refusal.OVER: (Field.CONTRACT, Wrong.CONTRACT_OVER),
    Refusal.OUTSIDE: (Field.SINCE, Wrong.SINCE_OUTSIDE),
    Refusal.ON_ROSTER: (Field.SINCE, Wrong.SINCE_OVERLAP),
}
