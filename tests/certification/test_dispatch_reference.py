"""The rule against an independent model, over ten thousand seeded histories and whatever hypothesis thinks of; and through the database."""

import random
from collections import Counter
from datetime import timedelta

import msgspec
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select

from certification.actions import dispatch as actions
from certification.actions.dispatch import Question
from certification.actions.licences import NewEvent, append_events, new_licence
from certification.dispatch import resolve
from certification.dispatch_finding import DispatchAnswer
from certification.dispatch_policy import Policy
from certification.licence import Validity, spans
from certification.tables import (
    Breach,
    BreachMeasure,
    CustodyAgreement,
    CustodyItem,
    CustodyReceipt,
    DispatchOverride,
    Programme,
    ProgrammeEdition,
)
from certification.visit import Held, Member, Visit
from foundation.clock import TickingClock
from foundation.work import SYSTEM, Work, work
from people.tables import Contract, Partner, Person, RosterEntry
from standards.tables import Clause
from tests.cast import Cast
from tests.certification.holders import stage
from tests.certification.reference import NOW, ORIGIN, SHANGHAI, Someone, allowed, history, hours_of, let_go, look, revoked

HISTORIES, SAMPLE, SEED = 10_000, 100, 20261122
VALIDITY = Validity(12, SHANGHAI)


def member(one: Someone) -> Member:
    """What the product would know: the ledgers as spans."""
    held = tuple(
        Held(f"CZ-{place}", span.starts, span.ends, span.standing, span.grade, span.until, span.certified)
        for place, ledger in enumerate(one.ledgers) for span in spans(ledger, VALIDITY)
    )
    return Member(
        one.number, "P", one.operator, one.left, held, tuple(one.places), tuple(one.items), one.agreement, tuple(one.retraining),
        tuple(one.overrides),
    )


def judge(visit: Visit, team: list[Someone], months: int = 12) -> DispatchAnswer:
    policy = Policy(SHANGHAI, recertify_months=months)
    return resolve(visit, {one.number: member(one) for one in team}, True, NOW, policy)


def test_ten_thousand_histories_give_no_false_may_be_sent() -> None:
    dice, counts = random.Random(SEED), Counter[tuple[bool, bool]]()
    for number in range(HISTORIES):
        visit, team = history(dice)
        months = 12 if number % 2 else 6
        answer = judge(visit, team, months)
        counts[answer.decision, bool(answer.overridden)] += 1
        assert answer.decision is allowed(visit, team, NOW, months), f"history {number} of seed {SEED}: {visit} {team} {answer.reasons}"
    assert counts[True, False] > 1200, counts  # enough that may go, or nothing was proved
    assert counts[True, True] > 40, counts
    assert counts[False, False] > 5000, counts


@settings(max_examples=200, deadline=None)
@given(st.randoms(use_true_random=False), st.sampled_from([1, 3, 6, 12]))
def test_the_rule_agrees_with_the_reference(dice: random.Random, months: int) -> None:
    visit, team = history(dice)
    assert judge(visit, team, months).decision is allowed(visit, team, NOW, months)


@settings(max_examples=200, deadline=None)
@given(st.randoms(use_true_random=False))
def test_until_it_says_so_the_answer_does_not_change(dice: random.Random) -> None:
    visit, team = history(dice)
    answer = judge(visit, team)
    if answer.valid_until <= NOW:
        return
    members = {one.number: member(one) for one in team}
    for part in (0.25, 0.75, 1.0):
        later = NOW + (answer.valid_until - NOW) * part - timedelta(microseconds=1)
        assert resolve(visit, members, True, later, Policy(SHANGHAI)).decision is answer.decision


@settings(max_examples=120, deadline=None)
@given(st.randoms(use_true_random=False))
def test_nobody_goes_who_left_or_is_revoked_whoever_lets_them_go(dice: random.Random) -> None:
    visit, team = history(dice)
    if judge(visit, team).decision:
        for one in team:
            assert one.left is None or one.left >= visit.ends
            assert not revoked(one, visit)
            whole = all("active" in [look(ledger, at).state for ledger in one.ledgers] for at in hours_of(visit))
            assert whole or let_go(one, visit, NOW)


def keep(w: Work, cast: Cast, number: int, one: Someone, edition: int) -> Someone:
    """Write a person into the tables, each fact where the product keeps it; answers them under their staff number there."""
    kept = Someone(**{**vars(one), "number": f"R{number:04}{one.number}"})
    person = Person(
        staff_no=kept.number, name="某人", partner_id=cast.partners["OPERATOR"] if one.operator else _company(w, number, one), city="",
        left=one.left,
    )
    w.session.add(person)
    w.session.flush()
    for ledger in one.ledgers:
        licence_id, _number = new_licence(w, person.id, edition, ORIGIN)
        events = [NewEvent(event.kind, event.effective, event.grade, recorded=ORIGIN) for event in ledger]
        append_events(w, licence_id, events, announce=False)
    for place_number, place in enumerate(one.places):
        contract = _contract(w, person.partner_id, f"{kept.number}-P{place_number}", place.state, place.starts, place.ends)
        w.session.add(RosterEntry(contract_id=contract, person_id=person.id, starts=place.on, ends=place.off))
    _entrust(w, cast, person, kept)
    _owe(w, cast, person, kept)
    return kept


def _company(w: Work, number: int, one: Someone) -> int:
    partner = Partner(code=f"RP{number}{one.number}", name="公司")
    w.session.add(partner)
    w.session.flush()
    return partner.id


def _contract(w: Work, partner_id: int, code: str, state: str, starts: object, ends: object, renews: int | None = None) -> int:
    contract = Contract(partner_id=partner_id, code=code, state=state, starts=starts, ends=ends, programmes=[], renews_id=renews)
    w.session.add(contract)
    w.session.flush()
    return contract.id


def _entrust(w: Work, cast: Cast, person: Person, one: Someone) -> None:
    paper = {"text": "条款", "signature": {}, "pdf": b"%PDF", "digest": bytes(32)}
    for items in one.items:
        first: int | None = None
        for place, term in enumerate(items.terms):
            made = _contract(w, person.partner_id, f"{one.number}-I{place}", term.state, term.starts, term.ends, first)
            first = first or made
        agreement = CustodyAgreement(contract_id=first, signatory="钱总", signed=ORIGIN, recorded_by=cast.hr.account_id, **paper)
        w.session.add(agreement)
        w.session.flush()
        receipt = CustodyReceipt(
            number=f"BG-{one.number}", agreement_id=agreement.id, person_id=person.id, assignment="驻点", issued=ORIGIN,
            issued_by=cast.hr.account_id, **paper,
        )
        w.session.add(receipt)
        w.session.flush()
        w.session.add_all([CustodyItem(receipt_id=receipt.id, kind="badge"), CustodyItem(receipt_id=receipt.id, kind="uniform")])


def _owe(w: Work, cast: Cast, person: Person, one: Someone) -> None:
    clause = w.session.scalars(select(Clause.id).where(Clause.number == "12.1")).one()
    programme = w.session.scalars(select(Programme.id).where(Programme.code == "GC")).one()
    for duty in one.retraining:
        found = Breach(
            number=f"WG-{one.number}", person_id=person.id, source="complaint", clause_id=clause, severity="serious", points=3,
            occurred=ORIGIN, description="迟到", state="confirmed", recorded=ORIGIN, recorded_by=cast.hr.account_id,
        )
        w.session.add(found)
        w.session.flush()
        w.session.add(BreachMeasure(person_id=person.id, breach_id=found.id, kind="retraining", points=3, opened=ORIGIN, due=duty.due))
    for let in one.overrides:
        w.connection.execute(insert(DispatchOverride), [{
            "person_id": person.id, "programme_id": programme, "reason": "抢修", "starts": let.starts, "ends": let.ends,
            "proposed": let.starts, "proposed_by": cast.hr.account_id, "confirmed": let.starts, "confirmed_by": cast.decider.account_id,
        }])


def test_a_sample_agrees_through_ledger_spans_store_and_evaluation(app: Flask, cast: Cast, clock: TickingClock) -> None:
    stage(app, cast)
    clock.set(NOW)
    dice = random.Random(SEED + 1)
    drawn = [history(dice) for _ in range(SAMPLE)]
    with app.app_context():
        with work(SYSTEM) as w:
            edition = w.session.scalars(select(ProgrammeEdition.id).join(Programme).where(Programme.code == "GC")).one()
            kept = [[keep(w, cast, number, one, edition) for one in team] for number, (_visit, team) in enumerate(drawn)]
        asked = [
            msgspec.structs.replace(visit, team=tuple(one.number for one in team))
            for (visit, _team), team in zip(drawn, kept, strict=True)
        ]
        found = actions.evaluate_many([Question(visit) for visit in asked], "test")
    outcomes = Counter(one.answer.decision for one in found)
    assert min(outcomes[True], outcomes[False]) > SAMPLE / 10, outcomes
    for visit, team, one in zip(asked, kept, found, strict=True):
        assert one.answer.decision is allowed(visit, team, NOW), (visit, team, one.answer.reasons)
