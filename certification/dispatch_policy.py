"""The policy of dispatch: the parameters that the rules leave open, in dated versions of which none is ever changed.

A version may be stricter than the standard, never laxer: R3 asks for an
assessment at least once a year (GCS@2011, article 12), so the months stop at
twelve; an override lasts three days and a pass twelve hours at the most. The
version for an instant is the last one in effect then, of those that had been
recorded by the instant at which one looks; before the first it is the one
built in.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import msgspec

from people import roster

POLICY_VERSION = "2026-11"
IN_FORCE = frozenset(roster.IN_FORCE)
"""Every state in which a contract may count as in force."""
VERSION = r"[0-9A-Za-z][0-9A-Za-z.\-]{0,19}"


class Policy(msgspec.Struct, frozen=True):
    """The parameters as the resolver takes them; ``changes`` is when the next known version takes over."""

    zone: ZoneInfo
    version: str = POLICY_VERSION
    recertify_months: int = 12
    longest_days: int = 31
    in_force: frozenset[str] = IN_FORCE
    override_hours: int = 72
    pass_hours: int = 12
    changes: datetime | None = None


class Parameters(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a version sets; the bounds are those of the rules."""

    recertify_months: Annotated[int, msgspec.Meta(ge=1, le=12)] = 12
    longest_days: Annotated[int, msgspec.Meta(ge=1, le=31)] = 31
    in_force: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)] = ("ending", "running", "signed")
    override_hours: Annotated[int, msgspec.Meta(ge=1, le=72)] = 72
    pass_hours: Annotated[int, msgspec.Meta(ge=1, le=12)] = 12


class Version(msgspec.Struct, frozen=True):
    """One version as it was recorded."""

    version: str
    parameters: Parameters
    effective: datetime
    recorded: datetime


class Refusal(StrEnum):
    """Why a version may not be added."""

    TAKEN = "taken"
    PAST = "past"
    SAME = "same"


BUILT_IN = Parameters()


def parameters_of(kept: dict[str, Any]) -> Parameters:
    """The parameters as a row keeps them; raises msgspec.ValidationError for what no version may say."""
    found = msgspec.convert(kept, Parameters)
    if not IN_FORCE.issuperset(found.in_force):
        raise msgspec.ValidationError("in_force names a state in which no contract is in force")
    return found


def policy_at(versions: Iterable[Version], at: datetime, known_by: datetime, zone: ZoneInfo) -> Policy:
    """The policy for an evaluation at ``at``, as it was known at ``known_by``."""
    known = [one for one in versions if one.recorded <= known_by]
    begun = [one for one in known if one.effective <= at]
    changes = min((one.effective for one in known if one.effective > at), default=None)
    if not begun:
        return Policy(zone, changes=changes)
    last = max(begun, key=lambda one: (one.effective, one.recorded))
    values = last.parameters
    return Policy(
        zone, last.version, values.recertify_months, values.longest_days, frozenset(values.in_force), values.override_hours,
        values.pass_hours, changes,
    )


def refusal(versions: Sequence[Version], new: Version) -> Refusal | None:
    """Why ``new`` may not be added: its name is taken, it would change the past, or it changes nothing."""
    if new.version == POLICY_VERSION or any(one.version == new.version for one in versions):
        return Refusal.TAKEN
    if new.effective < new.recorded:
        return Refusal.PAST
    before = [one for one in versions if one.effective <= new.effective]
    former = max(before, key=lambda one: (one.effective, one.recorded)).parameters if before else BUILT_IN
    return None if differences(former, new.parameters) else Refusal.SAME


def differences(before: Parameters, after: Parameters) -> list[tuple[str, Any, Any]]:
    """Each parameter that differs: name, before, after."""
    pairs = ((name, getattr(before, name), getattr(after, name)) for name in Parameters.__struct_fields__)
    return [(name, old, new) for name, old, new in pairs if (set(old) != set(new) if isinstance(old, tuple) else old != new)]
