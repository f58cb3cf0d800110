"""A partner's story as other programs see it: over HTTP and JSON wherever there is a door, from a draft contract to an ended one."""

import csv
import io
import json
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from certification.actions import breaches, dispatch
from certification.actions import webhooks as hooks
from certification.actions.breaches import Found
from certification.actions.decisions import open_for
from certification.breach import Refusal, Severity, Source
from certification.dispatch_pass import check as check_pass
from certification.status_list import decode, is_set
from certification.tables import CustodyItem, CustodyReceipt, Decision, ProgrammeEdition
from certification.webhook import genuine
from foundation.clock import TickingClock
from foundation.database import db
from foundation.work import SYSTEM, Actor, work
from foundation.worker import run_sweeps
from people.tables import Person, RosterEntry
from standards.store import clause_ids
from tests import cast as players
from tests.cast import PASSWORD, SHANGHAI, Cast, Visitor
from tests.certification.custodian import agree, hand
from tests.certification.holders import KEY, document
from tests.certification.test_signing import by_hand
from tests.certification.test_webhooks import SECRET, Listener, listener  # noqa: F401  # a fixture

CODE, FANG, GAO = "HD-2026", "N00001", "N00002"
CHECKLIST, MOVE = f"/api/v1/contracts/{CODE}/checklist", f"/api/v1/contracts/{CODE}/move"
BEARER = {"Authorization": f"Bearer {KEY}"}
BASE = "http://127.0.0.1:5000"
WORDS = "客户投诉：没有按约定时间到达，也没有提前说明。"


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


class Story:
    """The browsers and programs of the story."""

    def __init__(self, app: Flask, cast: Cast, clock: TickingClock) -> None:
        self.app, self.cast, self.clock, self.ids = app, cast, clock, self._given(app, cast)
        self.machine = players.visitor(app)

    @staticmethod
    def _given(app: Flask, cast: Cast) -> dict[str, Any]:
        """A partner with a draft contract for two people who hold nothing yet."""
        person = {"partner": "P03", "contract": CODE, "city": "杭州", "since": "2026-11-24"}
        contract = {
            "code": CODE, "title": "恒达驻点支撑合同", "starts": "2026-11-24", "ends": "2027-12-31", "state": "draft", "programmes": ["GC"],
        }
        return players.seed(app, document(cast) | {
            "partners": [{"code": "P03", "name": "恒达通信", "contracts": [contract]}],
            "people": [{"staff_no": FANG, "name": "方远", **person}, {"staff_no": GAO, "name": "高敏", **person}],
        })

    def hr(self) -> Visitor:
        """HR's program, signed in through the JSON door."""
        browser = players.visitor(self.app)
        token = browser.get("/api/v1/session").json["csrf_token"]
        headers = {"X-CSRFToken": token}
        answer = browser.post("/api/v1/session", json={"username": "hr", "password": PASSWORD}, headers=headers)
        assert answer.status_code == 200, answer.text
        return browser

    def until(self, text: str) -> None:
        self.clock.set(local(text))
        self.worker()

    def worker(self) -> None:
        """What the worker does each second and each minute."""
        with self.app.app_context():
            counts = run_sweeps()
        assert -1 not in counts.values(), counts

    def ask(self, visit: str, *team: str, door: str = "evaluation", at: datetime | None = None, day: str = "2026-11-25") -> dict[str, Any]:
        """What the dispatcher asks about an afternoon at an ordinary customer, with the logo worn."""
        properties = {
            "programme": "GC", "customer_tier": "ordinary", "scope": "local", "logo": True,
            "starts": f"{day}T14:00:00+08:00", "ends": f"{day}T17:00:00+08:00",
        }
        body = {
            "subject": {"type": "staff", "id": team[0]}, "action": {"name": "dispatch"},
            "resource": {"type": "visit", "id": visit, "properties": properties},
            "context": {"team": list(team[1:])} | ({"at": at.isoformat()} if at else {}),
        }
        answer = self.machine.post(f"/api/v1/access/{door}", json=body, headers=BEARER)
        assert answer.status_code == 200, answer.text
        return dict(answer.json)

    def codes(self, *asked: Any, **more: Any) -> list[str]:
        """The codes of the denials; none where the visit is allowed."""
        answer = self.ask(*asked, **more)
        found = [reason["code"] for reason in answer["context"]["reasons"]]
        assert answer["decision"] is (not found)
        return found

    def claims(self, path: str) -> dict[str, Any]:
        """A published token, its signature checked against the published keys."""
        answer = self.machine.get(path)
        assert answer.status_code == 200
        return by_hand(answer.get_data(as_text=True), self.machine.get("/.well-known/jwks.json").json)

    def suspended(self, licence: str) -> bool:
        """The licence's bit in the list of suspensions, found as a stranger would."""
        entries = self.claims(f"/credentials/{licence}.jwt")["credentialStatus"]
        entry = next(one for one in entries if one["statusPurpose"] == "suspension")
        listed = self.claims(entry["statusListCredential"].removeprefix(BASE))["credentialSubject"]["encodedList"]
        return is_set(decode(listed), int(entry["statusListIndex"]))

    def public(self, licence: str) -> str:
        """What the verify page says."""
        page = self.machine.get(f"/verify/{licence}").text
        assert "方远" not in page
        return page.partition('data-standing="')[2].partition('"')[0]

    def as_of(self, name: str) -> Actor:
        return Actor(f"account:{self.cast[name].account_id}", self.cast[name].account_id)


@pytest.fixture
def story(app: Flask, cast: Cast, clock: TickingClock) -> Story:
    return Story(app, cast, clock)


def certified(story: Story) -> str:
    """Both passed; the decider grants. Answers the number of 方远's licence."""
    with story.app.app_context(), work(SYSTEM) as w:
        edition = w.session.scalars(select(ProgrammeEdition.id).order_by(ProgrammeEdition.id)).first()
        for number in (FANG, GAO):
            person = w.session.scalars(select(Person.id).where(Person.staff_no == number)).one()
            assert open_for(w, person, edition or 0, None, "qualified")
        cases = list(w.session.scalars(select(Decision.id)))
    decider = players.sign_in(story.app, story.cast, "decider")
    assert decider.form("/decisions/grant", {"ids": [str(case) for case in cases]}).status_code == 302
    told = story.hr().get(CHECKLIST).json
    return str(told["people"][0]["holdings"][0]["number"])


def test_nobody_signs_past_the_uncertified_and_then_the_contract_runs(story: Story) -> None:
    hr = story.hr()
    told = hr.get(CHECKLIST).json
    assert (told["state"], told["ready"]) == ("draft", False)
    blocked = [(one["staff_no"], one["blocks"], one["holdings"][0]["cure"]) for one in told["people"]]
    assert blocked == [(FANG, True, "book"), (GAO, True, "book")]
    refused = hr.send("POST", MOVE, {"to": "signed"})
    assert (refused.status_code, refused.json["refused"]) == (409, "uncertified")
    assert story.codes("W-1", FANG) == ["contract_not_signed", "no_agreement", "licence_none"]
    certified(story)
    assert story.codes("W-1", FANG) == ["contract_not_signed", "no_agreement"]
    hr = story.hr()
    assert hr.get(CHECKLIST).json["ready"] is True
    assert [hr.send("POST", MOVE, {"to": to}).json["state"] for to in ("certified_roster", "signed")] == ["certified_roster", "signed"]
    story.until("2026-11-24T08:30")
    assert story.hr().get(CHECKLIST).json["state"] == "running"
    stranger = players.sign_in(story.app, story.cast, "coordinator")
    assert stranger.get(CHECKLIST).status_code == 404
    assert story.machine.get(CHECKLIST).status_code == 401


@pytest.fixture
def running(story: Story) -> str:
    """The contract runs, the company has signed for the logo, 方远 has a uniform. Answers the number of 方远's licence."""
    licence = certified(story)
    assert story.hr().send("POST", MOVE, {"to": "signed"}).status_code == 200
    story.until("2026-11-24T08:30")
    hr, where = players.sign_in(story.app, story.cast, "hr"), f"/partners/{story.ids['P03']}/contracts/{story.ids[CODE]}/custody"
    assert agree(hr, where).status_code == 303
    assert story.codes("W-16", FANG) == ["no_custody"]
    assert hand(hr, where, FANG, "方远").status_code == 303
    return licence


def breached(story: Story) -> str:
    """A grave breach of 方远's, recorded now; answers its number."""
    with story.app.app_context(), work(story.as_of("hr")) as w:
        person = w.session.scalars(select(Person.id).where(Person.staff_no == FANG)).one()
        found = Found(person, clause_ids(w.session)["GCS@2011#12.1"], Source.COMPLAINT, Severity.GRAVE, w.now, WORDS, None)
        number = breaches.record(w, found)
    assert not isinstance(number, Refusal)
    return number


def lifted(story: Story, number: str) -> None:
    decider = players.sign_in(story.app, story.cast, "decider")
    answer = decider.form(f"/breaches/{number}/decision", {"verdict": "lift", "outcome": "通话记录属实，违规不成立，予以撤销。"})
    assert answer.status_code == 302, answer.text


def test_a_suspension_is_seen_at_every_door_at_once_and_so_is_its_end(
    story: Story, running: str, listener: Listener, clock: TickingClock  # noqa: F811
) -> None:
    with story.app.app_context(), work(Actor("account:1", story.cast.admin.account_id)) as w:
        hooks.add(w, "派单系统", listener.url, SECRET)
    before = story.ask("W-17", FANG, door="pass")
    assert before["decision"] is True
    keys = story.machine.get("/.well-known/jwks.json").json["keys"]
    assert check_pass(before["pass"], keys, clock.now()).refused is None
    assert [one["id"] for one in before["context"]["evidence"]] == [CODE, running]
    assert (story.suspended(running), story.public(running)) == (False, "active")

    clock.tick(minutes=5)
    number = breached(story)
    denied = story.ask("W-17", FANG, door="pass")
    reason = denied["context"]["reasons"][0]
    assert (denied["decision"], reason["code"], reason["subject"], reason["rule"]) == (False, "licence_suspended", FANG, "R1")
    assert all("2026-11-24 08:35" in reason["message"][language] for language in ("zh", "en"))
    assert (reason["clause"], reason["cure"]["code"]) == ("GCS@2011#12.1", "reinstate")
    assert "pass" not in denied
    assert (story.suspended(running), story.public(running)) == (True, "suspended")
    replayed = story.ask("W-17", FANG, at=local("2026-11-24T08:34"))
    assert (replayed["decision"], replayed["context"]["reasons"]) == (True, [])

    clock.tick(hours=2)
    lifted(story, number)
    assert story.codes("W-18", FANG) == []
    assert (story.suspended(running), story.public(running)) == (False, "active")
    assert story.codes("W-17", FANG, at=local("2026-11-24T09:00")) == ["licence_suspended"], "the past stays what it was"
    story.worker()
    told = [(json.loads(body)["data"]["before"], json.loads(body)["data"]["after"]) for _headers, body in listener.came]
    assert told == [("active", "suspended"), ("suspended", "active")]
    assert all(genuine(SECRET, body, headers["Chizheng-Signature"], clock.now()) for headers, body in listener.came)


def test_why_a_visit_was_refused_is_still_known(story: Story, running: str) -> None:
    breached(story)
    asked = story.ask("W-17", FANG)
    with story.app.app_context():
        dispatch.flush()
    hr = players.sign_in(story.app, story.cast, "hr")
    where = f"/dispatch/decisions/{asked['context']['decision_id']}"
    assert where in hr.get("/dispatch/log?q=W-17").text
    assert "暂停" in hr.get(where).text


def test_who_may_go_leaves_out_whoever_may_not(story: Story, running: str) -> None:
    visit = {
        "type": "visit", "properties": {
            "programme": "GC", "customer_tier": "ordinary", "scope": "local", "starts": "2026-11-25T14:00:00+08:00",
            "ends": "2026-11-25T17:00:00+08:00",
        },
    }
    body = {"subject": {"type": "staff", "properties": {"partner": "P03"}}, "action": {"name": "dispatch"}, "resource": visit}

    def may_go() -> list[str]:
        answer = story.machine.post("/api/v1/access/search/subject", json=body, headers=BEARER)
        return [one["id"] for one in answer.json["results"]]

    def together() -> list[bool]:
        parts = [{"subject": {"type": "staff", "id": number}} for number in (FANG, GAO, "N09999")]
        batch = {"action": body["action"], "resource": visit | {"id": "W-17"}, "evaluations": parts}
        answer = story.machine.post("/api/v1/access/evaluations", json=batch, headers=BEARER)
        return [one["decision"] for one in answer.json["evaluations"]]

    assert (may_go(), together()) == ([FANG, GAO], [True, True, False])
    breached(story)
    assert (may_go(), together()) == ([GAO], [False, True, False])


def test_who_changes_company_does_not_wear_the_logo_for_the_new_one(story: Story, running: str) -> None:
    assert story.codes("W-17", FANG) == []
    with story.app.app_context(), work(SYSTEM) as w:
        person = w.session.scalars(select(Person).where(Person.staff_no == FANG)).one()
        person.partner_id = story.cast.partners["P01"]
        w.session.scalars(select(RosterEntry).where(RosterEntry.person_id == person.id)).one().ends = w.now
        w.session.add(RosterEntry(contract_id=story.cast.contracts["C01"], person_id=person.id, starts=w.now))
    assert story.codes("W-17", FANG) == ["no_agreement"]
    assert "3 件逾期未交回" in players.sign_in(story.app, story.cast, "hr").get("/custody?state=overdue").text


def test_when_the_contract_ends_nobody_goes_and_the_items_come_back(story: Story, running: str, cast: Cast) -> None:
    story.until("2027-11-10T09:00")
    assert (story.hr().get(CHECKLIST).json["state"], story.public(running)) == ("ending", "expiring")
    story.until("2028-01-01T09:00")
    assert (story.hr().get(CHECKLIST).json["state"], story.public(running)) == ("ended", "expired")
    assert story.codes("W-99", FANG, day="2028-01-03") == ["contract_ended", "items_overdue", "licence_expired", "certification_old"]
    refused = story.hr().send("POST", MOVE, {"to": "running"})
    assert (refused.status_code, refused.json["refused"]) == (409, "no_such_move")
    where = f"/partners/{story.ids['P03']}/contracts/{story.ids[CODE]}/custody"
    hr = players.sign_in(story.app, cast, "hr")
    table = list(csv.DictReader(io.StringIO(hr.get(f"{where}/reclaim.csv").data.decode("utf-8-sig"))))
    assert len(table) == 3
    assert {"方远", "GP-1", "GP-2"} <= {cell for row in table for cell in row.values()}
    with story.app.app_context():
        receipt = db.session.scalars(select(CustodyReceipt.number)).one()
        items = [str(item) for item in db.session.scalars(select(CustodyItem.id))]
    assert hr.form(f"/custody/{receipt}/return", {"items": items, "note": "完好"}).status_code == 303
    assert story.codes("W-99", FANG, day="2028-01-03") == ["contract_ended", "no_custody", "licence_expired", "certification_old"]
