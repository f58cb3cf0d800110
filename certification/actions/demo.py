"""The demonstration company: its past is lived through the same actions that a real one would use.

Sittings are scheduled, sat, released and decided at instants of the past, in
order, so that every paper, mark, licence and audit row is what the product
itself made of it.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from certification import demonstration as company
from certification.actions import (
    appeals,
    attempts,
    decisions,
    demo_bank,
    demo_breaches,
    demo_contracts,
    demo_custody,
    demo_dispatch,
    demo_licences,
    dispatch,
    licence_acts,
    programmes,
    regrades,
    seed,
    sittings,
)
from certification.actions.licence_acts import Act
from certification.actions.regrades import Proposal
from certification.actions.saving import save_responses
from certification.decision import Verdict
from certification.demonstration import Past
from certification.layout import Paper, in_ids
from certification.licence import Kind
from certification.pack import parse
from certification.regrade import Kind as RegradeKind
from certification.sitting import Response
from certification.store import regrades as regrades_store
from certification.store import saving as saving_store
from certification.tables import Attempt, Decision, Licence, Programme, ProgrammeEdition, Result, Sitting
from certification.visit import Scope, Tier, Visit
from foundation.database import db
from foundation.work import COMMAND, Actor, Work, work
from people.store import accounts, companies
from people.store.sign_in import account_named
from question_bank.actions import items as bank_actions
from question_bank.store import faces as bank

PROGRAMME = "GC"
SAVES = 5
PEN = bytes(32)
"""What stands for the session of a story's candidate: nobody is signed in with it."""


class DemoRefused(Exception):
    """The demonstration cannot be loaded here; the text says why."""


def is_empty() -> bool:
    """Whether nobody has an account yet: a demonstration never mixes with real people."""
    return not accounts.anybody(db.session)


def load(password: str, now: datetime, zone: ZoneInfo, progress: Callable[[str], None]) -> None:
    """Make the company and its past; raises DemoRefused when there are accounts already, or no programme."""
    if not is_empty():
        raise DemoRefused("there are accounts already; the demonstration is only for an empty database")
    today = now.astimezone(zone).replace(hour=9, minute=0, second=0, microsecond=0)
    seed.keep_pack(parse(company.company(today, password)), COMMAND, zone)
    author, officer, decider = _actor("trainer"), _actor("officer"), _actor("decider")
    with work(COMMAND) as w:
        bank_actions.adopt(w, author.account_id or 0)  # the shipped items were written by one trainer, and the other reviews
    for past in company.PAST:
        progress(past.code)
        _live_through(past, today - timedelta(days=past.days_ago), officer, decider)
    _second_thoughts(today, officer, _actor("decider2"))
    _misconduct(today, decider)
    demo_licences.load(today, PROGRAMME, _actor)
    demo_contracts.load(today, zone, _actor("hr"))
    _coming(today, now, officer)
    demo_bank.load(today)
    _ask(now)
    demo_custody.load(today, zone, _actor("hr"))
    demo_breaches.load(today, _actor("hr"), _actor("decider2"))
    demo_dispatch.load(now, today, PROGRAMME)


def _actor(username: str) -> Actor:
    row = account_named(db.session, username)
    if row is None:
        raise DemoRefused(f"there is no account {username}")
    return Actor(f"account:{row.id}", row.id)


def _edition(w: Work) -> ProgrammeEdition:
    programme_id = w.session.scalar(select(Programme.id).where(Programme.code == PROGRAMME))
    if programme_id is None:
        raise DemoRefused(f"there is no programme {PROGRAMME}; run content load first")
    return programmes.newest_edition(w, programme_id)


def _schedule(w: Work, code: str, opens: datetime, closes: datetime, place: str, seats: int | None, staff: Sequence[str]) -> int:
    made = sittings.schedule(w, code, _edition(w).id, opens, closes, place, seats, None)
    if not isinstance(made, int):
        raise DemoRefused(f"no form can be assembled for {code}: {made}")
    for person_id in companies.person_ids(w.session, staff).values():
        sittings.book(w, made, person_id)
    return made


def _live_through(past: Past, opens: datetime, officer: Actor, decider: Actor) -> None:
    """One sitting from its scheduling to the licences it earned."""
    with work(officer, opens - timedelta(days=10)) as w:
        sitting_id = _schedule(w, past.code, opens, opens + timedelta(hours=2), "海淀培训中心 2 号考场", 40, past.staff)
        persons = companies.person_ids(w.session, past.staff)
    for place, staff_no in enumerate(past.staff):
        skill, begins = company.ability(staff_no, past.days_ago), opens + timedelta(minutes=2, seconds=7 * place)
        _sit(sitting_id, persons[staff_no], skill, begins, past.code)
    if past.released:
        with work(officer, opens + timedelta(days=1)) as w:
            sittings.release(w, sitting_id)
    if past.decided:
        with work(decider, opens + timedelta(days=2)) as w:
            query = select(Decision.id).join(Attempt, Attempt.id == Decision.attempt_id).where(Attempt.sitting_id == sitting_id)
            decisions.decide(w, list(w.session.scalars(query)), Verdict.GRANT)


def _sit(sitting_id: int, person_id: int, skill: float, begins: datetime, code: str) -> None:
    """One person's attempt: started, answered in a few saves over half an hour, handed in."""
    actor = Actor(f"person:{person_id}")
    dice = random.Random(f"{company.SEED} {code} {person_id}")
    with work(actor, begins) as w:
        begun = attempts.start(w, person_id, sitting_id, "", PEN)
    if not isinstance(begun, attempts.Started):
        raise DemoRefused(f"{code} cannot be sat: {begun}")
    with work(actor, begins) as w:
        row = saving_store.own_attempt(w.connection, begun.attempt_id, person_id)
        responses = list(_answers(w, saving_store.paper_of(row), skill, dice))
    each = -(-len(responses) // SAVES)
    for part in range(SAVES):
        with work(actor, begins + timedelta(minutes=6 * (part + 1))) as w:
            save_responses(w, person_id, begun.attempt_id, PEN, responses[part * each : (part + 1) * each])
    with work(actor, begins + timedelta(minutes=6 * SAVES + dice.randint(1, 15))) as w:
        attempts.submit(w, person_id, begun.attempt_id)


def _answers(w: Work, paper: Paper, skill: float, dice: random.Random) -> Iterator[Response]:
    versions = [slot.version for slot in paper.slots]
    keys = bank.keys(w.session, versions)
    hard = bank.difficulties(w.session, versions)
    for number, slot in enumerate(paper.slots, 1):
        right = company.knows(skill, hard[slot.version], dice)
        said = company.answer(slot.kind, slot.shown, slot.right, keys[slot.version].key, right, dice)
        yield Response(number, 1, in_ids(paper, number, said))


def _second_thoughts(today: datetime, officer: Actor, decider: Actor) -> None:
    """After the fourth sitting an appeal that waits and a complaint that was answered; of the third a regrade that waits to be signed."""
    query = select(Attempt.id, Attempt.person_id, Attempt.sitting_id, Result.passed).join(Result, Result.attempt_id == Attempt.id)
    query = query.join(Sitting, Sitting.id == Attempt.sitting_id).where(Sitting.code == company.PAST[3].code)
    sat = db.session.execute(query.order_by(Result.mark, Attempt.id)).all()
    for kind, passed, text, outcome in company.CASES:
        row = next((row for row in sat if row.passed == passed), sat[0])
        with work(Actor(f"person:{row.person_id}"), today - timedelta(days=4)) as w:
            filed = (
                appeals.appeal(w, row.person_id, row.id, text, 3) if kind == "appeal"
                else appeals.complain(w, row.person_id, row.sitting_id, text)
            )
        if outcome and isinstance(filed, int):
            with work(decider, today - timedelta(days=3)) as w:
                appeals.take(w, filed, None)
                appeals.answer(w, filed, True, outcome, False)
    with work(officer, today - timedelta(days=1)) as w:
        sitting = w.session.scalars(select(Sitting).where(Sitting.code == company.PAST[2].code)).one()
        regrades.propose(w, sitting.id, Proposal(_doubtful(w, sitting.id), RegradeKind.VOID, {}, company.DOUBT))


def _doubtful(w: Work, sitting_id: int) -> int:
    """Of the questions that one who only just reached a grade had right, the one that fewest had: without it a licence is in question."""
    exam = _edition(w).spec["exam"]
    cuts = {"qualified": exam["pass"], "excellent": exam["excellent"]}
    query = select(Attempt.layout, Result.marks, Result.fraction, Result.grade).join(Result, Result.attempt_id == Attempt.id)
    passed = w.session.execute(query.where(Attempt.sitting_id == sitting_id, Result.passed).order_by(Attempt.id)).all()
    close = min(passed, key=lambda row: row.fraction - cuts[row.grade])
    shares = regrades_store.shares(w.session, sitting_id)
    had = [close.layout[slot - 1][1] for slot, fraction, _mark in close.marks if fraction == 1]
    return min(had, key=lambda version: (shares[version], version))


def _misconduct(today: datetime, decider: Actor) -> None:
    """A few suspensions, a reinstatement and a revocation, each with its reason."""
    persons = companies.person_ids(db.session, company.PAST[2].staff).values()
    query = select(Licence.id).where(Licence.person_id.in_(persons)).order_by(Licence.person_id.desc())
    held = db.session.scalars(query.limit(len(company.MISCONDUCT))).all()
    told = zip(held, company.MISCONDUCT, strict=True)
    deeds = [(days, licence, Act(Kind(kind), code, reason)) for licence, events in told for kind, code, days, reason in events]
    for days, licence, act in sorted(deeds, key=lambda deed: deed[0], reverse=True):
        with work(decider, today - timedelta(days=days)) as w:
            licence_acts.change(w, licence, act)


def _coming(today: datetime, now: datetime, officer: Actor) -> None:
    """A sitting online that can be sat at once and for two weeks, and one in a hall within the week."""
    with work(officer) as w:
        opens = now.replace(minute=0, second=0, microsecond=0)
        _schedule(w, company.RUNNING[0], opens, opens + timedelta(days=14), "", None, company.RUNNING[1])
        friday = today + timedelta(days=(4 - today.weekday()) % 7 or 7)
        _schedule(w, company.COMING[0], friday, friday + timedelta(hours=2), "海淀培训中心 3 号考场", 30, company.COMING[1])


def _ask(now: datetime) -> None:
    """What the dispatcher asked today, so that the log can answer why a visit was refused."""
    fit = {tier: dispatch.search(_visit((), tier, "local", now, 5, 9, ""), limit=200)[0] for tier in ("ordinary", "gold")}
    graded = {"excellent": fit["gold"], "qualified": [number for number in fit["ordinary"] if number not in fit["gold"]]}
    for number, team, tier, scope, begins, hours in company.VISITS:
        named = (one.split() for one in team)
        staff = tuple(graded[words[0]][int(words[1])] if len(words) == 2 else words[0] for words in named)
        dispatch.evaluate(dispatch.Question(_visit(staff, tier, scope, now, begins, hours, number), None), "command")
    dispatch.flush()


def _visit(team: tuple[str, ...], tier: str, scope: str, now: datetime, begins: int, hours: int, number: str) -> Visit:
    starts = now + timedelta(hours=begins)
    return Visit(team, PROGRAMME, Tier(tier), Scope(scope), starts, starts + timedelta(hours=hours), number)
