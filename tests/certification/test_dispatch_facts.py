"""What dispatch reads from the tables of others: items, measures, overrides, contracts; now, and as it was recorded then."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.event import listen
from werkzeug.test import TestResponse

from certification.tables import Breach, BreachMeasure, CustodyAgreement, CustodyItem, CustodyReceipt, DispatchOverride, Programme
from foundation.clock import TickingClock
from foundation.database import db
from foundation.work import SYSTEM, work
from people.tables import Contract, ContractEvent
from standards.tables import Clause
from tests.cast import Cast, Visitor
from tests.certification.holders import KEY, granted, question, stage
from tests.conftest import START

ONE = "/api/v1/access/evaluation"
Ask = Callable[..., TestResponse]
PAPER = {"text": "条款", "signature": {"how": "paper", "strokes": []}, "pdf": b"%PDF", "digest": bytes(32)}


@pytest.fixture
def ask(app: Flask, cast: Cast, client: Visitor) -> Ask:
    """The owner is qualified under GC; POST a question to the door."""
    stage(app, cast, owner=[granted()], colleague=[granted()])
    return lambda body=None, url=ONE: client.post(url, json=body or question(), headers={"Authorization": f"Bearer {KEY}"})


def codes(answer: TestResponse) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [reason["code"] for reason in answer.json["context"]["reasons"]]


def check(answer: TestResponse, name: str) -> str:
    return next(str(one["code"]) for one in answer.json["context"]["checks"] if one["check"] == name)


def issue(app: Flask, cast: Cast, contract: str = "C01", who: str = "owner") -> int:
    """An agreement of the contract's company and one item against a receipt; the item's id."""
    with app.app_context(), work(SYSTEM) as w:
        agreement = CustodyAgreement(
            contract_id=cast.contracts[contract], signatory="钱总", signed=w.now, recorded_by=cast.hr.account_id, **PAPER
        )
        w.session.add(agreement)
        w.session.flush()
        receipt = CustodyReceipt(
            number=f"BG-{who}-{contract}", agreement_id=agreement.id, person_id=cast[who].person_id, assignment="驻点", issued=w.now,
            issued_by=cast.hr.account_id, **PAPER,
        )
        w.session.add(receipt)
        w.session.flush()
        item = CustodyItem(receipt_id=receipt.id, kind="badge")
        w.session.add(item)
        w.session.flush()
        return item.id


def change(app: Flask, statement: Any) -> None:
    with app.app_context(), work(SYSTEM) as w:
        w.session.execute(statement)


def test_items_go_back_with_their_contract_and_a_renewal_keeps_them(app: Flask, cast: Cast, ask: Ask) -> None:
    assert check(ask(), "custody") == "no_items"
    issue(app, cast)
    assert check(ask(), "custody") == "items_in_order"
    change(app, update(Contract).where(Contract.code == "C01").values(ends=START + timedelta(days=1, hours=1)))
    answer = ask()
    assert sorted(codes(answer)) == ["contract_short", "items_overdue"]
    reason = next(one for one in answer.json["context"]["reasons"] if one["code"] == "items_overdue")
    assert (reason["rule"], reason["clause"], reason["cure"]["code"]) == ("R5", "GCS@2011#19.6", "return_items")
    assert "C01" in reason["message"]["zh"]
    with app.app_context(), work(SYSTEM) as w:
        w.session.add(Contract(
            partner_id=cast.partners["P01"], code="C01-2", state="signed", starts=START, ends=START + timedelta(days=300), programmes=[],
            renews_id=cast.contracts["C01"],
        ))
    assert codes(ask()) == ["contract_short"]


def test_an_item_that_was_returned_or_lost_is_held_no_more(app: Flask, cast: Cast, ask: Ask) -> None:
    item = issue(app, cast)
    change(app, update(Contract).where(Contract.code == "C01").values(ends=START + timedelta(days=1, hours=1)))
    change(app, update(CustodyItem).where(CustodyItem.id == item).values(state="lost", closed=START))
    assert codes(ask()) == ["contract_short"]


def test_the_logo_asks_for_an_agreement_and_for_items(app: Flask, cast: Cast, ask: Ask) -> None:
    assert codes(ask(question(logo=True))) == ["no_agreement"]
    issue(app, cast)
    assert codes(ask(question(logo=True))) == []
    assert codes(ask(question("S0001", "S0002", logo=True))) == ["no_custody"]
    assert codes(ask(question("E0001", logo=True))) == ["licence_none"]  # the operator's own need none


def breach(app: Flask, cast: Cast, due: datetime) -> int:
    with app.app_context(), work(SYSTEM) as w:
        clause = w.session.scalars(select(Clause.id).where(Clause.number == "12.1")).one()
        found = Breach(
            number="WG-2026-1", person_id=cast.owner.person_id, source="complaint", clause_id=clause, severity="serious", points=3,
            occurred=w.now, description="迟到", state="confirmed", recorded=w.now, recorded_by=cast.hr.account_id,
        )
        w.session.add(found)
        w.session.flush()
        measure = BreachMeasure(person_id=cast.owner.person_id, breach_id=found.id, kind="retraining", points=3, opened=w.now, due=due)
        w.session.add(measure)
        w.session.flush()
        return measure.id


def test_an_overdue_retraining_denies_and_names_the_clause_that_was_broken(
    app: Flask, cast: Cast, ask: Ask, clock: TickingClock
) -> None:
    measure = breach(app, cast, START + timedelta(days=1, hours=1))
    reason = ask().json["context"]["reasons"][0]
    assert (reason["code"], reason["rule"], reason["clause"]) == ("retraining_due", "R6", "GCS@2011#12.1")
    assert reason["citation"] == {"zh": "第十二条", "en": "Article 12"}
    assert "WG-2026-1" in reason["message"]["zh"]
    assert codes(ask(question(ends=(START + timedelta(days=1, hours=1)).isoformat()))) == []
    clock.tick(hours=1)
    change(app, update(BreachMeasure).where(BreachMeasure.id == measure).values(closed=clock.now(), why_closed="attended"))
    assert codes(ask()) == []
    assert codes(ask(question(at=START))) == ["retraining_due"]


def let_go(app: Flask, cast: Cast, who: str = "stranger", hours: float = 48) -> int:
    with app.app_context(), work(SYSTEM) as w:
        row = DispatchOverride(
            person_id=cast[who].person_id, programme_id=w.session.scalars(select(Programme.id).where(Programme.code == "GC")).one(),
            reason="全城抢修", starts=w.now, ends=w.now + timedelta(hours=hours), proposed=w.now, proposed_by=cast.hr.account_id,
            confirmed=w.now, confirmed_by=cast.decider.account_id,
        )
        w.session.add(row)
        w.session.flush()
        return row.id


def test_two_people_let_one_go_and_every_denial_still_stands_there(app: Flask, cast: Cast, ask: Ask, clock: TickingClock) -> None:
    assert codes(ask(question("S0101"))) == ["licence_none"]
    clock.tick(hours=1)
    row = let_go(app, cast)
    answer = ask(question("S0101"))
    context = answer.json["context"]
    assert (answer.json["decision"], context["reasons"]) == (True, [])
    assert [one["code"] for one in context["overridden"]] == ["licence_none"]
    named = next(one for one in context["checks"] if one["check"] == "override")
    assert (named["proposed"], named["confirmed"], named["subject"]) == ("H0001", "D0001", "S0101")
    assert [one["outcome"] for one in context["checks"] if one["code"] == "licence_none"] == ["fail"]
    assert datetime.fromisoformat(context["valid_until"]) <= START + timedelta(hours=49)
    assert codes(ask(question("S0101", programme="BB"))) == ["licence_none"]
    assert codes(ask(question("S0101", at=START))) == ["licence_none"]
    clock.tick(hours=1)
    change(app, update(DispatchOverride).where(DispatchOverride.id == row).values(
        withdrawn=clock.now(), withdrawn_by=cast.hr.account_id))
    assert codes(ask(question("S0101"))) == ["licence_none"]
    assert codes(ask(question("S0101", at=START + timedelta(hours=1)))) == []


def test_nobody_is_offered_who_could_go_by_an_override_only(app: Flask, cast: Cast, ask: Ask) -> None:
    breach(app, cast, START + timedelta(days=1))
    let_go(app, cast, "owner")
    body = question()
    body["subject"] = {"type": "staff"}
    found = ask(body, "/api/v1/access/search/subject").json["results"]
    assert [one["id"] for one in found] == ["S0002"]
    assert ask().json["decision"] is True


def test_a_replay_sees_contracts_items_and_the_policy_as_they_were(app: Flask, cast: Cast, ask: Ask, clock: TickingClock) -> None:
    clock.tick(hours=1)
    issue(app, cast)
    clock.tick(hours=1)
    with app.app_context(), work(SYSTEM) as w:  # broken off: the end is cut to now
        contract = w.session.scalars(select(Contract).where(Contract.code == "C01")).one()
        facts = {"ends": [contract.ends.isoformat(), w.now.isoformat()]}
        w.session.add(ContractEvent(contract_id=contract.id, before="running", after="ended", at=w.now, facts=facts))
        contract.state, contract.ends = "ended", w.now
    clock.tick(hours=1)
    assert sorted(codes(ask())) == ["contract_ended", "items_overdue"]
    before, between = START, START + timedelta(hours=1, minutes=30)
    assert (codes(ask(question(at=before))), check(ask(question(at=before)), "custody")) == ([], "no_items")
    assert (codes(ask(question(at=between))), check(ask(question(at=between)), "custody")) == ([], "items_in_order")
    assert codes(ask(question(at=before, logo=True))) == ["no_agreement"]


class Counting:
    """The driver's connection, noting what it is told."""

    def __init__(self, real: Any) -> None:
        self.real, self.said = real, list[str]()

    def execute(self, sql: str, *more: Any) -> Any:
        self.said.append(sql)
        return self.real.execute(sql, *more)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)


def test_the_usual_question_is_one_query(app: Flask, cast: Cast, ask: Ask) -> None:
    issue(app, cast)
    breach(app, cast, START + timedelta(days=30))
    let_go(app, cast, "owner")
    ask()
    wire = app.extensions["wires"].idle[-1]
    others: list[str] = []
    with app.app_context():
        listen(db.engine, "before_cursor_execute", lambda *parts: others.append(str(parts[2])))
    wire.connection = counting = Counting(wire.connection)
    try:
        assert ask().json["decision"] is True
    finally:
        wire.connection = counting.real
    assert (len(counting.said), others) == (2, []), counting.said  # the key, and the facts
