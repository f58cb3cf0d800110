"""The decider's pages: independence, bulk grants, and what a grant does to the ledger."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from certification.actions import decisions as actions
from certification.decision import Case, Decider, Deed, Refusal, Verdict, deed, held_back, judge, refusal
from certification.licence import State
from certification.tables import Decision, Licence, LicenceEvent, LicenceSpan, ProgrammeEdition, Result, Sitting
from foundation.clock import TickingClock
from foundation.database import db
from foundation.tables import AuditRow
from foundation.work import SYSTEM, work
from people.permission import Role
from people.tables import Account, Person
from tests.cast import Cast, Visitor
from tests.certification.exams import Room, document
from tests.certification.holders import granted, stage
from tests.conftest import START

SignIn = Callable[[str], Visitor]
Opened = Callable[..., int]
Seed = Callable[..., dict[str, int]]
DECIDER = Decider(1, 1, 10, company_is_operator=True)
CASE = Case(pending=True, person_id=2, company_id=20, involved=frozenset({7}), passed=True)


# the rule

INDEPENDENCE = [
    ("an uninvolved decider of the operator", DECIDER, CASE, None),
    ("decided already", DECIDER, Case(False, 2, 20), Refusal.NOT_PENDING),
    ("oneself", Decider(1, 2, 20, True), CASE, Refusal.SELF),
    ("who set the sitting up or released it", Decider(7, 1, 10, True), CASE, Refusal.INVOLVED),
    ("a colleague at the partner", Decider(1, 1, 20, False), CASE, Refusal.OWN_COMPANY),
    ("another partner", Decider(1, 1, 30, False), CASE, None),
    ("the operator on its own staff", Decider(1, 1, 20, True), CASE, None),
]


@pytest.mark.parametrize(("decider", "case", "expected"), [row[1:] for row in INDEPENDENCE], ids=[row[0] for row in INDEPENDENCE])
def test_who_may_decide(decider: Decider, case: Case, expected: Refusal | None) -> None:
    assert refusal(decider, case) is expected


def test_nothing_is_granted_on_a_failed_result_and_nobody_refused_without_a_reason() -> None:
    failed = Case(True, 2, 20, passed=False)
    assert judge(DECIDER, failed, Verdict.GRANT, "") is Refusal.NOT_PASSED
    assert judge(DECIDER, failed, Verdict.REFUSE, "成绩有疑问") is None
    assert judge(DECIDER, CASE, Verdict.REFUSE, "  ") is Refusal.REASON_MISSING
    assert judge(DECIDER, CASE, Verdict.GRANT, "") is None


@pytest.mark.parametrize(("case", "expected"), [
    (CASE, None), (replace(CASE, appealed=True), Refusal.APPEALED), (replace(CASE, regrading=True), Refusal.REGRADING),
    (replace(CASE, appealed=True, regrading=True), Refusal.APPEALED),
])
def test_what_may_still_change_is_not_granted_together_with_others(case: Case, expected: Refusal | None) -> None:
    assert held_back(case) is expected
    assert judge(DECIDER, case, Verdict.GRANT, "", alone=False) is expected
    assert judge(DECIDER, case, Verdict.GRANT, "") is None
    assert held_back(replace(case, pending=False)) is None


@pytest.mark.parametrize(("standings", "expected"), [
    ({}, (Deed.NEW, None)),
    ({5: State.ACTIVE}, (Deed.RENEWAL, 5)),
    ({5: State.EXPIRED}, (Deed.RENEWAL, 5)),
    ({5: State.SUSPENDED}, (Deed.RENEWAL, 5)),
    ({5: State.REVOKED}, (Deed.NEW, None)),
    ({5: State.SUPERSEDED, 6: State.ACTIVE}, (Deed.RENEWAL, 6)),
])
def test_a_grant_renews_the_licence_that_is_not_over(standings: dict[int, State], expected: tuple[Deed, int | None]) -> None:
    assert deed(standings) == expected


# the pages

@pytest.fixture
def case(app: Flask, cast: Cast) -> Opened:
    """``case("owner")``: a pending decision without an exam behind it."""

    def open_one(name: str, grade: str = "qualified") -> int:
        with app.app_context(), work(SYSTEM) as w:
            edition = w.session.scalars(select(ProgrammeEdition.id).order_by(ProgrammeEdition.id)).first()
            found = actions.open_for(w, cast[name].person_id, edition, None, grade)
        assert found is not None
        return found

    return open_one


def licences(app: Flask) -> list[tuple[str, int]]:
    with app.app_context():
        return list(db.session.execute(select(Licence.number, Licence.person_id).order_by(Licence.id)))


def test_a_grant_opens_a_licence_at_once(app: Flask, cast: Cast, sign_in: SignIn, case: Opened) -> None:
    stage(app, cast)
    decision = case("owner", "excellent")
    decider = sign_in("decider")
    assert "王建国" in decider.get("/decisions").text
    assert "开立新证" in decider.get(f"/decisions/{decision}").text
    assert decider.form(f"/decisions/{decision}", {"verdict": "grant"}).status_code == 302
    (number, person), = licences(app)
    assert person == cast.owner.person_id
    with app.app_context():
        event = db.session.scalars(select(LicenceEvent)).one()
        assert (event.kind, event.grade, event.effective, event.decision_id, event.by) == (
            "granted", "excellent", START, decision, cast.decider.account_id,
        )
        names = set(db.session.scalars(select(AuditRow.event)))
        assert {"decision.opened", "decision.granted", "licence.opened", "licence.granted"} <= names
    assert number in decider.get(f"/decisions/{decision}").text
    assert "已授予" in decider.get("/decisions?state=granted").text


def test_a_second_grant_renews_under_the_same_number(app: Flask, cast: Cast, sign_in: SignIn, case: Opened) -> None:
    number = stage(app, cast, owner=[granted(-330)])["owner"]
    decision = case("owner", "excellent")
    decider = sign_in("decider")
    assert f"续期上岗证 {number}" in decider.get(f"/decisions/{decision}").text
    decider.form(f"/decisions/{decision}", {"verdict": "grant"})
    assert [found for found, _ in licences(app)] == [number]
    with app.app_context():
        old, new = db.session.scalars(select(LicenceEvent).order_by(LicenceEvent.id)).all()
        assert (new.kind, new.grade) == ("renewed", "excellent")
        assert new.until - old.until in {timedelta(days=365), timedelta(days=366)}  # early, so no day is lost


def test_after_a_revocation_a_grant_gives_a_new_number(app: Flask, cast: Cast, sign_in: SignIn, case: Opened) -> None:
    number = stage(app, cast, owner=[granted(-300), {"kind": "revoked", "effective": (START - timedelta(days=9)).isoformat()}])["owner"]
    sign_in("decider").form(f"/decisions/{case('owner')}", {"verdict": "grant"})
    assert len({found for found, _ in licences(app)} - {number}) == 1


def test_a_refusal_needs_a_reason_and_keeps_what_was_typed(app: Flask, cast: Cast, sign_in: SignIn, case: Opened) -> None:
    stage(app, cast)
    decision, decider = case("owner"), sign_in("decider")
    empty = decider.form(f"/decisions/{decision}", {"verdict": "refuse", "reason": "   "})
    assert (empty.status_code, "不授予时请写明理由" in empty.text) == (422, True)
    missing = decider.form(f"/decisions/{decision}", {"reason": "身份存疑"})
    assert (missing.status_code, "请选择授予或不授予" in missing.text, "身份存疑" in missing.text) == (422, True, True)
    too_long = decider.form(f"/decisions/{decision}", {"verdict": "refuse", "reason": "x" * 1001})
    assert (too_long.status_code, "理由最多 1000 字" in too_long.text) == (422, True)
    decider.form(f"/decisions/{decision}", {"verdict": "refuse", "reason": "身份存疑"})
    with app.app_context():
        row = db.session.get(Decision, decision)
        assert (row.state, row.reason, row.decided_by) == ("refused", "身份存疑", cast.decider.account_id)
    assert licences(app) == []


def test_a_case_is_decided_once(app: Flask, cast: Cast, sign_in: SignIn, case: Opened) -> None:
    stage(app, cast)
    decision, decider = case("owner"), sign_in("decider")
    for _again in range(3):
        last = decider.form(f"/decisions/{decision}", {"verdict": "grant"})
    assert (last.status_code, "已经决定过" in last.text) == (409, True)
    assert len(licences(app)) == 1


def test_in_bulk_each_refusal_is_named_and_the_others_are_granted(app: Flask, cast: Cast, sign_in: SignIn, case: Opened) -> None:
    stage(app, cast)
    mine, theirs, other = case("decider"), case("owner"), case("stranger")
    decider = sign_in("decider")
    listed = decider.get("/decisions").text
    assert f'value="{theirs}"' in listed
    assert f'name="ids" value="{mine}"' not in listed
    answer = decider.form("/decisions/grant", {"ids": [mine, theirs, other, 999_999, "x"]}, follow_redirects=True)
    assert "已授予 2 人：王建国、赵志强。" in answer.text
    assert "卫东明 未处理：不能对自己作认证决定" in answer.text
    assert {person for _, person in licences(app)} == {cast.owner.person_id, cast.stranger.person_id}
    assert "没有选中任何一项" in decider.form("/decisions/grant", {}, follow_redirects=True).text


def test_the_whole_page_is_granted_by_one_button(app: Flask, cast: Cast, sign_in: SignIn, case: Opened) -> None:
    stage(app, cast)
    ids = [case("owner"), case("stranger")]
    sign_in("decider").form("/decisions/grant", {"all": "1", "page_ids": ids, "ids": []})
    assert len(licences(app)) == 2


def test_a_decider_of_the_persons_company_is_turned_down(app: Flask, cast: Cast, sign_in: SignIn, case: Opened) -> None:
    stage(app, cast)
    decision = case("owner")
    with app.app_context(), work(SYSTEM) as w:
        w.session.execute(update(Account).where(Account.id == cast.coordinator.account_id).values(roles=[Role.DECIDER]))
    colleague = sign_in("coordinator")
    assert "同属一家合作方" in colleague.get(f"/decisions/{decision}").text
    assert colleague.form(f"/decisions/{decision}", {"verdict": "grant"}).status_code == 409
    assert licences(app) == []


def test_the_officer_of_the_sitting_cannot_decide_on_it(app: Flask, cast: Cast, sign_in: SignIn, seed: Seed) -> None:
    ids = seed(document(cast))
    room = Room(app, sign_in("owner"), ids["T1"])
    room.start()
    room.put(*room.answers())
    room.submit()
    with app.app_context(), work(SYSTEM) as w:
        w.session.execute(update(Sitting).values(created_by=cast.decider.account_id, released=w.now, released_by=cast.officer.account_id))
        w.session.execute(update(Result).values(state="released", released=w.now))
        edition = w.session.scalars(select(Sitting.programme_edition_id)).one()
        decision = actions.open_for(w, cast.owner.person_id, edition, room.attempt, "excellent")
        assert actions.open_for(w, cast.owner.person_id, edition, room.attempt, "excellent") is None
    involved = sign_in("decider")
    assert "按回避规则不能作决定" in involved.get(f"/decisions/{decision}").text
    refused = involved.form(f"/decisions/{decision}", {"verdict": "grant"})
    assert (refused.status_code, licences(app)) == (409, [])
    free = sign_in("other_decider")
    page = free.get(f"/decisions/{decision}").text
    assert all(word in page for word in ("T1", "三号机房", "卫东明", "郑秀英", "12", "第1部分"))
    assert free.form(f"/decisions/{decision}", {"verdict": "grant"}).status_code == 302
    assert len(licences(app)) == 1


def test_a_voided_result_cannot_be_granted(app: Flask, cast: Cast, sign_in: SignIn, seed: Seed) -> None:
    ids = seed(document(cast))
    room = Room(app, sign_in("owner"), ids["T1"])
    room.start()
    room.submit()
    with app.app_context(), work(SYSTEM) as w:
        edition = w.session.scalars(select(Sitting.programme_edition_id)).one()
        decision = actions.open_for(w, cast.owner.person_id, edition, room.attempt, "qualified")
    answer = sign_in("decider").form(f"/decisions/{decision}", {"verdict": "grant"})
    assert (answer.status_code, "不能授予" in answer.text, licences(app)) == (409, True, [])


@pytest.mark.parametrize(("name", "status"), [
    ("decider", 200), ("auditor", 200), ("hr", 403), ("officer", 403), ("trainer", 403), ("coordinator", 403),
    ("owner", 403), ("admin", 403),
])
def test_who_reads_decisions(app: Flask, cast: Cast, sign_in: SignIn, case: Opened, name: str, status: int) -> None:
    stage(app, cast)
    decision = case("owner")
    browser = sign_in(name)
    assert [browser.get(url).status_code for url in ("/decisions", f"/decisions/{decision}")] == [status, status]


@pytest.mark.parametrize("name", ["auditor", "hr", "officer", "coordinator", "owner"])
def test_nobody_else_decides(app: Flask, cast: Cast, sign_in: SignIn, case: Opened, name: str) -> None:
    stage(app, cast)
    decision, browser = case("owner"), sign_in(name)
    for url, data in ((f"/decisions/{decision}", {"verdict": "grant"}), ("/decisions/grant", {"ids": [decision]})):
        assert browser.form(url, data).status_code == 403
    assert licences(app) == []


def test_nobody_is_sent_to_sign_in_and_an_unknown_case_is_a_404(app: Flask, cast: Cast, client: Visitor, sign_in: SignIn) -> None:
    stage(app, cast)
    assert client.get("/decisions").location.startswith("/login")
    for number in (99, 2**31, 10**30):
        assert sign_in("decider").get(f"/decisions/{number}").status_code == 404
    assert sign_in("decider").form("/decisions/99", {"verdict": "grant"}).status_code == 404


def test_without_a_token_nothing_is_decided(app: Flask, cast: Cast, sign_in: SignIn, case: Opened) -> None:
    stage(app, cast)
    decision = case("owner")
    assert sign_in("decider").post(f"/decisions/{decision}", data={"verdict": "grant"}).status_code == 400
    assert licences(app) == []


def test_the_list_searches_filters_sorts_and_pages(app: Flask, cast: Cast, sign_in: SignIn, case: Opened, clock: TickingClock) -> None:
    stage(app, cast)
    for number in range(30):
        clock.tick(seconds=1)
        case("stranger", "excellent" if number % 3 == 0 else "qualified")
    case("owner")
    decider = sign_in("decider")
    assert "共 31 条" in decider.get("/decisions").text
    assert "王建国" in decider.get("/decisions?page=2").text
    assert decider.get("/decisions?q=S0001").text.count("row-anchor") == 1
    assert "共 10 条" in decider.get("/decisions?grade=excellent").text
    assert "没有符合条件的决定" in decider.get("/decisions?q=%25%25").text
    assert decider.get("/decisions?sort=-name&page=x&state=nothing&grade=x").status_code == 200


def test_names_are_text(app: Flask, cast: Cast, sign_in: SignIn, case: Opened) -> None:
    stage(app, cast)
    with app.app_context(), work(SYSTEM) as w:
        w.session.execute(update(Person).where(Person.id == cast.owner.person_id).values(name="<script>alert(1)</script>"))
    decision, decider = case("owner"), sign_in("decider")
    for url in ("/decisions", f"/decisions/{decision}"):
        assert "<script>alert" not in decider.get(url).text
    with app.app_context():
        assert db.session.scalars(select(LicenceSpan)).all() == []
