"""What a person's file holds, read once for its pages and its export."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidTag
from flask_babel import gettext as _
from sqlalchemy import Row

from certification import licence as licence_rule
from certification.licence import Standing, State
from certification.store import breaches, licences, person_file
from certification.store.licences import Entry, LicenceView, Scope
from foundation.config import settings
from foundation.database import db
from foundation.sealing import sealer
from people.login import account
from people.permission import Permission

P = Permission
DISPATCH_DAYS = 30


@dataclass(frozen=True)
class Held:
    """A licence with its standing now and its ledger, the newest event first."""

    view: LicenceView
    now: Standing
    ledger: list[Entry]


@dataclass(frozen=True)
class File:
    """Everything; ``own``: the person themself looks, who sees no internal notes."""

    who: Row[Any]
    own: bool
    licences: list[Held]
    exams: Sequence[Row[Any]]
    trainings: Sequence[Row[Any]]
    breaches: Sequence[Row[Any]]
    measures: Sequence[Row[Any]]
    custody: Sequence[Row[Any]]
    rosters: Sequence[Row[Any]]
    decisions: Sequence[Row[Any]]
    dispatches: Sequence[Row[Any]]

    @property
    def standings(self) -> list[Held]:
        """One licence a programme: the last certified that was not replaced."""
        latest: dict[int, Held] = {}
        for held in self.licences:
            if held.now.state is not State.SUPERSEDED:
                latest.setdefault(held.view.programme_id, held)
        return list(latest.values())


def scope() -> Scope:
    """Whose files the asker sees."""
    me = account()
    if not me.may(P.PERSON_READ):
        return Scope(me.person_id)
    company = me.limit(P.PERSON_READ)
    return Scope(me.person_id, company, everyone=company is None)


def who(staff_no: str) -> Row[Any] | None:
    """The person, or None for a stranger."""
    return person_file.person_in_scope(db.session, staff_no, scope())


def whole(person: Row[Any], now: datetime, ever: bool = False, most: int | None = person_file.MOST) -> File:
    """The file; what the dispatcher was answered of the last 30 days, or of all time, and at most how many of it."""
    since = None if ever else now - timedelta(days=DISPATCH_DAYS)
    own = person.id == account().person_id
    company = None if own else scope().company
    return File(
        person, own,
        [
            Held(view, licence_rule.standing_at(view.spans, now, settings().expiring_days), licences.ledger(db.session, view.id))
            for view in licences.licences_of(db.session, person.id)
        ],
        person_file.exams(db.session, person.id), person_file.trainings(db.session, person.id), breaches.of_person(db.session, person.id),
        breaches.measures_of(db.session, person.id), person_file.custody(db.session, person.id, company),
        person_file.rosters(db.session, person.id, company), person_file.decisions(db.session, person.id),
        person_file.dispatches(db.session, person.staff_no, since, most),
    )


def plain(sealed: bytes | None, mask: Callable[[str], str] | None = None) -> str:
    """A sealed number, masked unless ``mask`` is None; a sentence where it cannot be opened, nothing where there is none."""
    if sealed is None:
        return ""
    try:
        number = sealer().open(sealed)
    except InvalidTag:
        return _("无法解密")
    return mask(number) if mask else number
