"""Partners, contracts and people as documents give them (docs/formats.md), and what makes them sound."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from foundation.problem import Path, Problem
from people.permission import Role, clash

STATES = ("draft", "certified_roster", "signed", "running", "ending", "ended")
"""The life of a contract, in order."""
IN_FORCE = ("signed", "running", "ending")
"""The states in which people may be sent under a contract."""


class ContractDoc(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A contract: civil days, ``ends`` inclusive; ``programmes`` are the codes its staff need, ``renews`` the code of an earlier one."""

    code: str
    starts: date
    ends: date
    state: str = "draft"
    programmes: tuple[str, ...] = ()
    title: str = ""
    renews: str | None = None


class PartnerDoc(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A company with its contracts."""

    code: str
    name: str
    kind: str = "partner"
    contracts: tuple[ContractDoc, ...] = ()


class PersonDoc(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of the staff; with ``username`` and ``password`` also an account."""

    staff_no: str
    name: str
    partner: str = "OPERATOR"
    contract: str | None = None
    username: str | None = None
    password: str | None = None
    roles: tuple[str, ...] = ()
    id_number: str | None = None
    phone: str | None = None
    city: str = ""
    since: date | None = None


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a civil day."""
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def after(day: date, zone: ZoneInfo) -> datetime:
    """The first instant after a civil day that is itself still good."""
    return midnight(day + timedelta(days=1), zone)


def check_partner(doc: PartnerDoc, path: Path) -> list[Problem]:
    """What no shape can say of a company and its contracts."""
    return list(_partner_problems(doc, path))


def _partner_problems(doc: PartnerDoc, path: Path) -> Iterator[Problem]:
    if not doc.code or len(doc.code) > 40:
        yield Problem((*path, "code"), "a code of 1 to 40 characters is needed")
    if not doc.name:
        yield Problem((*path, "name"), "a name is needed")
    if doc.kind not in {"partner", "operator"}:
        yield Problem((*path, "kind"), f"must be partner or operator, not {doc.kind!r}")
    for index, contract in enumerate(doc.contracts):
        where = (*path, "contracts", index)
        if contract.ends < contract.starts:
            yield Problem((*where, "ends"), f"ends {contract.ends} before it starts {contract.starts}")
        if contract.state not in STATES:
            yield Problem((*where, "state"), f"must be one of {', '.join(STATES)}, not {contract.state!r}")


def check_person(doc: PersonDoc, path: Path) -> list[Problem]:
    """What no shape can say of a person."""
    return list(_person_problems(doc, path))


def _person_problems(doc: PersonDoc, path: Path) -> Iterator[Problem]:
    if not doc.staff_no or len(doc.staff_no) > 40:
        yield Problem((*path, "staff_no"), "a staff number of 1 to 40 characters is needed")
    if not doc.name or len(doc.name) > 80:
        yield Problem((*path, "name"), "a name of 1 to 80 characters is needed")
    if (doc.username is None) != (doc.password is None):
        yield Problem((*path, "username"), "username and password go together")
    unknown = [role for role in doc.roles if role not in set(Role)]
    if unknown:
        yield Problem((*path, "roles"), f"unknown role {unknown[0]!r}; known are {', '.join(Role)}")
    elif pair := clash(Role(role) for role in doc.roles):
        yield Problem((*path, "roles"), f"{pair[0]} and {pair[1]} cannot be held together")
    if doc.roles and doc.username is None:
        yield Problem((*path, "roles"), "roles need an account: give username and password")
