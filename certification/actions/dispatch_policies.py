"""The policy in force, known to every process within a second, and the verb that adds a version."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from weakref import WeakKeyDictionary

import msgspec

from certification import dispatch_policy as rule
from certification.actions.licences import zone
from certification.dispatch_policy import Parameters, Policy, Refusal, Version
from certification.store import dispatch_policies as store
from foundation import clock
from foundation.database import Wires, wires
from foundation.work import Work

REMEMBERED = timedelta(seconds=1)


@dataclass(frozen=True)
class _Read:
    """The versions as one process read them last."""

    at: datetime
    versions: tuple[Version, ...]


_known: WeakKeyDictionary[Wires, _Read] = WeakKeyDictionary()


def versions(now: datetime) -> tuple[Version, ...]:
    """Every version, read again when a second has gone by."""
    line = wires()
    found = _known.get(line)
    if found is None or not found.at <= now < found.at + REMEMBERED:
        found = _known[line] = _Read(now, store.versions(line))
    return found.versions


def forget() -> None:
    """Read them again when they are next needed."""
    _known.pop(wires(), None)


def policy_at(at: datetime, now: datetime) -> Policy:
    """The policy in force at ``at``, of what had been recorded by then."""
    return rule.policy_at(versions(now), at, at, zone())


def policy() -> Policy:
    """The policy in force now."""
    now = clock.now()
    return policy_at(now, now)


def add(w: Work, version: str, parameters: Parameters, effective: datetime, note: str) -> Refusal | None:
    """Add a version, or say why not. The caller calls ``forget`` after the commit; other processes find it within a second."""
    new = Version(version, parameters, effective, w.now)
    refused = rule.refusal(store.versions(w.wire), new)
    if refused is None:
        kept = msgspec.to_builtins(parameters)
        store.add(w.connection, version, kept, effective, w.now, w.actor.account_id, note)
    result = {"result": "refused", "why": refused} if refused else {"effective": effective.isoformat()}
    w.record("dispatch.policy_added", f"policy:{version}", **result)
    return refused
