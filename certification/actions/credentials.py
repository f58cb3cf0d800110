"""Issuing a licence as a credential, and judging one that somebody shows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from certification import credential as rule
from certification import licence
from certification.actions import signing
from certification.baking import NotAPicture, unbake
from certification.credential import Facts, Presented, Programme, Refusal
from certification.licence import Span
from certification.licence_number import read_number
from certification.store import credentials as store
from certification.store import licences
from certification.store.licences import LicenceView
from foundation.config import settings
from foundation.sealing import sealer


@dataclass(frozen=True)
class Judged:
    """A credential of ours and the licence that it speaks of; ``dated`` when the licence has moved on since it was made."""

    presented: Presented
    view: LicenceView
    dated: bool


def issuer(session: store.Reader) -> str:
    """The name under which credentials are issued."""
    return store.operator(session) or "Chizheng"


def programme_of(row: Any) -> Programme:
    """A row of the store as the rule's value."""
    spec = row.spec
    return Programme(row.code, row.title, row.edition, int(spec["validity_months"]), tuple(spec.get("standards", ())))


def told_span(view: LicenceView, now: datetime) -> Span | None:
    """The span that a licence is described by at ``now``: the one that covers it, or the first that will."""
    return next((span for span in view.spans if span.covers(now)), view.spans[0] if view.spans else None)


def facts(session: store.Reader, view: LicenceView, now: datetime) -> Facts | None:
    """What the licence's credential says at ``now``; None while its ledger is empty."""
    span = told_span(view, now)
    if span is None:
        return None
    row = store.details(session, view.id)
    return Facts(
        settings().public_url, issuer(session), view.number, programme_of(row), span.grade, span.certified, span.until, row.place,
        view.staff_no, view.name, sealer().digest(f"credential {view.number}").hex()[:32],
    )


def issue(session: store.Reader, view: LicenceView, now: datetime) -> str | None:
    """The licence as a signed credential; whatever its standing, which the status lists tell."""
    told = facts(session, view, now)
    return None if told is None else signing.sign(rule.claims(told))


def judge_picture(session: store.Reader, picture: bytes, now: datetime) -> Judged | Refusal:
    """Judge the credential inside a PNG."""
    try:
        token = unbake(picture)
    except NotAPicture:
        return Refusal.NO_PICTURE
    return Refusal.EMPTY_PICTURE if token is None else judge(session, token, now)


def judge(session: store.Reader, text: str, now: datetime) -> Judged | Refusal:
    """Judge a compact token: is it ours, unaltered, a credential, and of a licence that exists?"""
    found = rule.read("".join(text.split()), settings().public_url, signing.published(), signing.withdrawn())
    if isinstance(found, Refusal):
        return found
    number = read_number(found.number) or found.number
    view = licences.public_licence(session, {number})
    span = told_span(view, now) if view else None
    if view is None or span is None:
        return Refusal.UNKNOWN
    said = (found.grade, found.valid_from, found.valid_until)
    return Judged(found, view, said != (span.grade, rule.stamp(span.certified), rule.stamp(span.until)))


def standing(view: LicenceView, now: datetime) -> licence.Standing:
    """What the licence is worth at ``now``."""
    return licence.standing_at(view.spans, now, settings().expiring_days)
