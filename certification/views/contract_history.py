"""What a contract's page tells of its past and of its years."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from certification import contract_year
from certification.contract_year import Tally, Year
from certification.store import contracts as store
from certification.views.contract_words import changes, entry_title, move_title
from foundation.config import settings
from foundation.database import db
from foundation.wording import mark, said
from people.contract import WAS_SIGNED, State, Step
from people.store import contracts as contract_store

ICONS = {
    State.DRAFT: "edit", State.CERTIFIED_ROSTER: "check", State.SIGNED: "signature", State.RUNNING: "dispatch", State.ENDING: "clock",
    State.ENDED: "lock",
}
TONES = {State.CERTIFIED_ROSTER: "info", State.SIGNED: "good", State.RUNNING: "good", State.ENDING: "warn"}
SHOWN = 50
"""People named in a list of the overdue; the roster itself shows all."""


def timeline(contract: Any, steps: Sequence[Step], known: dict[str, Any]) -> list[dict[str, Any]]:
    """The history as entries of a timeline, the newest first; what came by itself and waits to be noted stands on top."""
    titles = {code: said(row.title) for code, row in known.items()}
    codes = {one.id: one.code for one in contract_store.contracts_of(db.session, contract.partner_id)}
    entries = [
        {"when": step.since, "title": move_title(step.before, step.after, by_hand=False), "text": "", "tone": TONES.get(step.after),
         "icon": ICONS[step.after]}
        for step in steps
    ]
    past = []
    for event, name in contract_store.history(db.session, contract.id):
        since = event.facts.get("since")
        told = [*changes(event.facts, titles, codes), event.note, _("经办：%(name)s", name=name) if name else ""]
        entry = {
            "when": datetime.fromisoformat(since) if since else event.at, "title": entry_title(event),
            "text": mark("；").join(filter(None, told)), "tone": TONES.get(State(event.after)),
            "icon": ICONS[State(event.after)] if event.before != event.after else "edit",
        }
        if "checklist" in event.facts:
            entry["url"] = url_for("contracts.checklist", partner_id=contract.partner_id, contract_id=contract.id, signing=event.id)
            entry["title"] = _("签订合同（核对表已存档）")
        past.append(entry)
    return [*reversed(entries), *reversed(past)]


@dataclass(frozen=True)
class Clock:
    """The yearly clock of a contract: each year's figures, who is overdue or due, and whom our policy no longer covers."""

    tallies: list[Tally]
    coming: list[Year]
    overdue: list[tuple[Tally, list[Any], int]]
    due: list[Any]
    lapsed: list[tuple[Any, datetime]]
    lapsed_more: int


def yearly(contract: Any, known: dict[str, Any], at: datetime) -> Clock | None:
    """The clock of a contract that lasts longer than a year and was signed; None for others."""
    zone = settings().timezone
    if State(contract.state) not in WAS_SIGNED or not contract_year.longer_than_a_year(contract.starts, contract.ends, zone):
        return None
    roster, found = store.assessments(db.session, contract, known), contract_year.years(contract.starts, contract.ends, zone)
    begun = [contract_year.tally(year, roster, at, zone) for year in found if year.starts <= at]
    now = at if at < contract.ends else contract.ends
    lapsed = sorted(
        (until, person) for person, stays, certified in roster
        if any(stay.starts <= now and (stay.ends is None or stay.ends > now) for stay in stays) and at < contract.ends
        and (until := contract_year.policy_until(certified, at, zone)) is not None and until <= at
    )
    running = next((tally.missing for tally in begun if tally.year.runs(at)), ())
    wanted = {person for tally in begun for person in tally.missing[:SHOWN]} | {person for _until, person in lapsed[:SHOWN]}
    names = store.named(db.session, sorted(wanted))
    overdue = [
        (tally, [names[person] for person in tally.missing[:SHOWN]], max(0, len(tally.missing) - SHOWN))
        for tally in begun if tally.year.over(at) and tally.missing
    ]
    return Clock(
        begun, [year for year in found if year.starts > at], overdue, [names[person] for person in running[:SHOWN]],
        [(names[person], until) for until, person in lapsed[:SHOWN]], max(0, len(lapsed) - SHOWN),
    )
