"""The verbs of a sitting: schedule, book, cancel, release."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from certification import booking, timetable
from certification import release as release_rule
from certification.actions import decisions, item_figures, rulings
from certification.booking import Entrant, Refusal, Slot, Terms, Verdict
from certification.programme import Spec, from_json
from certification.release import Block
from certification.store import sittings as store
from certification.tables import ProgrammeEdition, Sitting
from foundation.work import Work
from question_bank.actions import papers as bank
from question_bank.assembly import Shortfall, assemble
from question_bank.store import pool as bank_store
from standards import store as standards


@dataclass(frozen=True)
class Options:
    """How a sitting is held; see ``Sitting``."""

    extra_seconds: int = 0
    check_in: bool = False
    watermark: bool = True
    review: str = "none"


def schedule(
    w: Work, code: str, edition_id: int, opens: datetime, closes: datetime, place: str, seats: int | None, entry_code: str | None,
    options: Options = Options(),
) -> int | Shortfall:
    """Assemble the form and keep the sitting; its edition freezes. Answers the id, or why there is no form."""
    edition = w.session.get_one(ProgrammeEdition, edition_id)
    spec = from_json(edition.spec)
    seed = secrets.token_hex(16)
    paper = assemble(spec.exam.blueprint, bank_store.pool(w.session, spec.standards), seed, standards.clash_camps(w.session))
    if isinstance(paper, Shortfall):
        w.record("sitting.scheduled", f"programme:{edition.programme_id}", "refused", rows=[row.row for row in paper.rows])
        return paper
    edition.frozen = edition.frozen or w.now
    form_id = bank.keep_form(w, f"F-{code}", seed, paper.sections)
    sitting = Sitting(
        code=code, programme_edition_id=edition_id, form_id=form_id, opens=opens, closes=closes, place=place, seats=seats,
        entry_code=entry_code, extra_seconds=options.extra_seconds, check_in=options.check_in, watermark=options.watermark,
        review=options.review, created_by=w.actor.account_id, created=w.now,
    )
    w.session.add(sitting)
    w.session.flush()
    w.record("sitting.scheduled", f"sitting:{sitting.id}", edition=edition_id)
    return sitting.id


@dataclass(frozen=True)
class Line:
    """What became of one staff number as it was typed; ``entrant`` is None when nobody has it."""

    typed: str
    entrant: Entrant | None
    verdict: Verdict


@dataclass
class Booked:
    """What became of all lines."""

    added: list[Line] = field(default_factory=list)
    already: list[Line] = field(default_factory=list)
    refused: list[Line] = field(default_factory=list)


def book(w: Work, sitting_id: int, person_id: int) -> None:
    """Enter a person, whatever the rule says; ``book_all`` asks it."""
    store.add_booking(w.session, sitting_id, person_id, w.actor.account_id, w.now)
    w.record("booking.added", f"sitting:{sitting_id}", person=person_id)


def book_all(w: Work, sitting_id: int, typed: Sequence[str], company: int | None, zone: ZoneInfo) -> Booked:
    """Book whom one may of the typed staff numbers, in their order, while seats last; the others are answered with the reason."""
    sitting, spec, programme_id = _loaded(w, sitting_id)
    people = store.entrants(w.session, typed, company, sitting, programme_id, w.now)
    terms = Terms(spec.retakes, spec.renewal_window_days, zone)
    free = None if sitting.seats is None else sitting.seats - store.count_booked(w.session, sitting_id)
    report, seen = Booked(), set()
    for number in typed:
        entrant = people.get(number.upper())
        if number.upper() in seen:
            continue
        seen.add(number.upper())
        slot = _slot(sitting, None if free is None else free - len(report.added))
        verdict = booking.judge(entrant, slot, terms, w.now, company is None) if entrant else Verdict(Refusal.UNKNOWN)
        line = Line(number, entrant, verdict)
        if entrant is None or verdict.refusal:
            report.refused.append(line)
        elif entrant.booked:
            report.already.append(line)
        else:
            book(w, sitting_id, entrant.person_id)
            report.added.append(line)
    return report


def _loaded(w: Work, sitting_id: int) -> tuple[Sitting, Spec, int]:
    sitting = store.locked(w.session, sitting_id)
    edition = w.session.get_one(ProgrammeEdition, sitting.programme_edition_id)
    return sitting, from_json(edition.spec), edition.programme_id


def _slot(sitting: Sitting, free: int | None = None) -> Slot:
    return Slot(sitting.opens, sitting.closes, free, sitting.cancelled is not None, sitting.released is not None)


def cancel_booking(w: Work, sitting_id: int, person_id: int, company: int | None) -> Refusal | None:
    """Take a person out, while the sitting has not opened and they have not begun."""
    sitting = store.locked(w.session, sitting_id)
    row = store.booking_in_scope(w.session, sitting_id, person_id, company)
    if row is None:
        return Refusal.UNKNOWN
    if refusal := booking.may_cancel(_slot(sitting), row.attempt_id is not None, w.now):
        return refusal
    store.drop_booking(w.session, sitting_id, person_id)
    w.record("booking.cancelled", f"sitting:{sitting_id}", person=person_id)
    return None


def call_off(w: Work, sitting_id: int, reason: str) -> bool:
    """Cancel the sitting; False when somebody has begun it, or it is over."""
    sitting = store.locked(w.session, sitting_id)
    started = store.progress(w.session, sitting_id).started
    if not timetable.may_call_off(started, sitting.cancelled is not None, sitting.released is not None):
        w.record("sitting.cancelled", f"sitting:{sitting_id}", "refused")
        return False
    sitting.cancelled, sitting.cancel_reason = w.now, reason
    w.record("sitting.cancelled", f"sitting:{sitting_id}")
    return True


def release(w: Work, sitting_id: int) -> list[Block]:
    """Release all results and open a decision for each who passed; answers what stands in the way, empty when it is done."""
    sitting = store.locked(w.session, sitting_id)
    if sitting.released is None:
        rulings.catch_up(w, sitting_id)
    found = store.results_to_release(w.session, sitting_id)
    state = sitting.cancelled is not None, sitting.released is not None
    if blocks := release_rule.blocks(store.progress(w.session, sitting_id), sitting.closes, *state, w.now):
        w.record("sitting.released", f"sitting:{sitting_id}", "refused", blocks=blocks)
        return blocks
    sitting.released, sitting.released_by = w.now, w.actor.account_id
    for _attempt, result in found:
        result.state, result.released = "released", w.now
    passed = [(attempt, result) for attempt, result in found if result.passed and attempt.state != "invalidated"]
    w.session.flush()
    for attempt, result in passed:
        decisions.open_for(w, attempt.person_id, sitting.programme_edition_id, attempt.id, result.grade)
    item_figures.ask(w, sitting_id)
    w.record("sitting.released", f"sitting:{sitting_id}", results=len(found), passed=len(passed))
    return []
