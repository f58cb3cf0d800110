"""The document that fills the site: the content pack and ``seed`` share one format and one parser.

The format is public (docs/formats.md). ``parse`` finds every shape problem,
one an entry; ``check`` what no shape can say. References between entries, and
to what the database already holds, are looked up where the rows are kept.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import msgspec

from certification.programme import ProgrammeDoc, check_programme
from foundation.problem import Path, Problem
from people.roster import PartnerDoc, PersonDoc, check_partner, check_person
from question_bank.item import ItemDoc, check_item
from standards.clause import ClashDoc, StandardDoc, check_clash, check_standard

Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class SittingDoc(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A sitting with the staff numbers that are booked."""

    code: str
    programme: str
    opens: Moment
    closes: Moment
    place: str = ""
    seats: int | None = None
    entry_code: str | None = None
    booked: tuple[str, ...] = ()


class EventDoc(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry of a licence's ledger; ``until`` is an instant, or an inclusive civil day."""

    kind: str
    effective: Moment
    grade: str | None = None
    until: str | None = None
    reason: str = ""


class LicenceDoc(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A person's licence under a programme with its events, in any order."""

    staff_no: str
    programme: str
    events: tuple[EventDoc, ...]
    number: str | None = None


class KeyDoc(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An API key given from outside, at least 32 characters."""

    name: str
    scope: str
    key: str


@dataclass(frozen=True)
class Pack:
    """A parsed document; every list may be empty."""

    standards: tuple[StandardDoc, ...] = ()
    clashes: tuple[ClashDoc, ...] = ()
    partners: tuple[PartnerDoc, ...] = ()
    people: tuple[PersonDoc, ...] = ()
    items: tuple[ItemDoc, ...] = ()
    programmes: tuple[ProgrammeDoc, ...] = ()
    sittings: tuple[SittingDoc, ...] = ()
    licences: tuple[LicenceDoc, ...] = ()
    api_keys: tuple[KeyDoc, ...] = ()


class PackInvalid(Exception):
    """The document cannot be loaded; nothing was. ``problems`` say where and why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


KINDS = ("granted", "renewed", "upgraded", "scope_reduced", "suspended", "reinstated", "revoked", "superseded")
GRADES = (None, "qualified", "excellent")
SHAPES: dict[str, type] = {
    "standards": StandardDoc, "clashes": ClashDoc, "partners": PartnerDoc, "people": PersonDoc, "items": ItemDoc,
    "programmes": ProgrammeDoc, "sittings": SittingDoc, "licences": LicenceDoc, "api_keys": KeyDoc,
}
CODES = {
    "standards": ("code",), "clashes": ("code",), "partners": ("code",), "people": ("staff_no",), "items": ("code",),
    "programmes": ("code",), "sittings": ("code",), "licences": ("staff_no", "programme", "number"), "api_keys": ("name",),
}


def parse(document: Any) -> Pack:
    """The document as values; raises PackInvalid with every problem that was found."""
    if not isinstance(document, Mapping):
        raise PackInvalid([Problem((), "the document must be an object with lists such as partners, people, items")])
    if problems := list(_zero_bytes(document, ())):
        raise PackInvalid(problems)
    problems = [Problem((str(key),), f"unknown list; known are {', '.join(SHAPES)}") for key in document if key not in SHAPES]
    lists: dict[str, tuple[Any, ...]] = {}
    for name, shape in SHAPES.items():
        entries = document.get(name) or []
        if not isinstance(entries, list):
            problems.append(Problem((name,), "must be a list"))
            continue
        found = [_convert(entry, shape, (name, index), problems) for index, entry in enumerate(entries)]
        lists[name] = tuple(entry for entry in found if entry is not None)
    if problems:
        raise PackInvalid(problems)
    pack = Pack(**lists)
    if problems := list(check(pack)):
        raise PackInvalid(problems)
    return pack


def _zero_bytes(value: Any, path: Path) -> Iterator[Problem]:
    """Zero bytes, which nobody types and PostgreSQL cannot keep."""
    if isinstance(value, str):
        if "\0" in value:
            yield Problem(path, "holds a zero byte")
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _zero_bytes(inner, (*path, str(key)))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _zero_bytes(inner, (*path, index))


_AT = re.compile(r" - at `\$?(.*)`$")
_PART = re.compile(r"\.?([^.\[\]]+)|\[(\d+|\.\.\.)\]")


def _convert(entry: Any, shape: type, path: Path, problems: list[Problem]) -> Any:
    try:
        return msgspec.convert(entry, shape)
    except msgspec.ValidationError as error:
        text = str(error)
        found = _AT.search(text)
        inner: list[str | int] = []
        for name, index in _PART.findall(found[1]) if found else ():
            inner.append(int(index) if index.isdecimal() else name or index)
        problems.append(Problem((*path, *inner), _AT.sub("", text)))
        return None


def check(pack: Pack) -> Iterator[Problem]:
    """What no shape can say: each entry's own rules, and codes that are given twice."""
    for name, keys in CODES.items():
        yield from _repeated(name, getattr(pack, name), keys)
    checks: dict[str, Callable[[Any, Path], list[Problem]]] = {
        "standards": check_standard, "clashes": check_clash, "partners": check_partner, "people": check_person,
        "items": check_item, "programmes": check_programme, "sittings": _check_sitting, "licences": _check_licence,
        "api_keys": _check_key,
    }
    for name, check_one in checks.items():
        for index, entry in enumerate(getattr(pack, name)):
            yield from check_one(entry, (name, index))


def _repeated(name: str, entries: tuple[Any, ...], keys: tuple[str, ...]) -> Iterator[Problem]:
    seen: dict[tuple[str, ...], int] = {}
    for index, entry in enumerate(entries):
        code = tuple(getattr(entry, key) or "" for key in keys)
        if code in seen:
            yield Problem((name, index, keys[0]), f"{' '.join(filter(None, code))} is given twice, first at {name}[{seen[code]}]")
        seen.setdefault(code, index)


def _check_sitting(doc: SittingDoc, path: Path) -> list[Problem]:
    return [] if doc.closes > doc.opens else [Problem((*path, "closes"), "must be after opens")]


def _check_licence(doc: LicenceDoc, path: Path) -> list[Problem]:
    problems = []
    for index, event in enumerate(doc.events):
        where = (*path, "events", index)
        if event.kind not in KINDS:
            problems.append(Problem((*where, "kind"), f"must be one of {', '.join(KINDS)}, not {event.kind!r}"))
        if event.grade not in GRADES:
            problems.append(Problem((*where, "grade"), f"must be qualified or excellent, not {event.grade!r}"))
        if event.until is not None and parse_until(event.until, ZoneInfo("UTC")) is None:
            problems.append(Problem((*where, "until"), f"must be a date, or a time with zone, in ISO 8601, not {event.until!r}"))
    if not doc.events or min(doc.events, key=lambda event: event.effective).kind != "granted":
        problems.append(Problem((*path, "events"), "the first event of a licence must be granted"))
    return problems


def _check_key(doc: KeyDoc, path: Path) -> list[Problem]:
    problems = []
    if len(doc.key) < 32:
        problems.append(Problem((*path, "key"), "must have at least 32 characters"))
    if doc.scope != "dispatch":
        problems.append(Problem((*path, "scope"), f"must be dispatch, not {doc.scope!r}"))
    return problems


def parse_until(text: str, zone: ZoneInfo) -> datetime | None:
    """The end of a validity: an instant with zone as it stands, a civil day as the midnight after it; None when it is neither."""
    try:
        if len(text) == 10:
            day = date.fromisoformat(text) + timedelta(days=1)
            return datetime(day.year, day.month, day.day, tzinfo=zone)
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
