"""The licence as the card that its holder shows at a door."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import url_for

from certification import licence as rule
from certification.licence import Grade, State
from certification.qr_code import Drawing, square
from certification.store import licences as store
from certification.store.licences import LicenceView
from foundation.config import settings
from foundation.database import db
from foundation.wording import said


@dataclass(frozen=True)
class Card:
    """What the ``licence_card`` macro draws; ``until`` is the last good day's last instant."""

    name: str
    programme: str
    grade: Grade | None
    standing: State
    number: str
    until: datetime | None
    days_left: int | None
    partner: str
    staff_no: str
    photo_url: str | None
    qr: Drawing
    verify_url: str
    why: str


def verify_url(number: str) -> str:
    """The address that the QR code carries: absolute, because a stranger's phone opens it."""
    return f"{settings().public_url}/verify/{number}"


def card(view: LicenceView, now: datetime) -> Card:
    """The card of a licence at ``now``."""
    held = rule.standing_at(view.spans, now, settings().expiring_days)
    url = verify_url(view.number)
    barred = held.state in {State.SUSPENDED, State.REVOKED}
    past = (entry.event.reason for entry in store.ledger(db.session, view.id) if entry.event.effective <= now)
    why = next(past, "") if barred else ""
    return Card(
        name=view.name, programme=said(view.programme), grade=held.grade, standing=held.state, number=view.number,
        until=held.until - timedelta(microseconds=1) if held.until else None, days_left=held.days_left, partner=view.partner,
        staff_no=view.staff_no, photo_url=None, qr=square(url),
        verify_url=url_for("verify.show", number=view.number), why=why,
    )


def own_cards(person_id: int, now: datetime) -> list[Card]:
    """A person's cards, the last certified first; one that was replaced is left out."""
    cards = [card(view, now) for view in store.licences_of(db.session, person_id)]
    return [one for one in cards if one.standing is not State.SUPERSEDED]
