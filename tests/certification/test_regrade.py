"""Regrades: the rule, the proposal, the dry run, the signed decision and what follows from it."""

import json
import re
import threading
from collections.abc import Callable
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select, update

from certification import regrade_report
from certification.actions import regrade_commitment, regrades
from certification.decision import Decider
from certification.grading import Key, grade_attempt
from certification.layout import Slot
from certification.licence import Grade
from certification.licence import State as Standing
from certification.programme import ExamSpec
from certification.regrade import (
    Change,
    Deed,
    Flip,
    Kind,
    Outcome,
    Refusal,
    Ruling,
    State,
    apply,
    change,
    check,
    deeds,
    flips,
    further_key,
    may_decide,
    may_propose,
)
from certification.regrade_report import Choice, Earned, Facts, Finding, Line, Report, Said
from certification.store import regrades as store
from certification.tables import Attempt, LicenceEvent, PastResult, Regrade, Result, Sitting
from foundation.clock import TickingClock
from foundation.database import db
from foundation.tables import AuditRow
from foundation.work import SYSTEM, Actor, work
from tests.cast import Cast, Visitor
from tests.certification.cases import CLOSES, Held, hold
from tests.conftest import START

SignIn = Callable[[str], Visitor]

# the rule

SLOTS = tuple(Slot(0, version, 2, "single", ("A", "B", "C")) for version in (1, 2, 3))
KEYS = {version: Key("single", ["A"]) for version in (1, 2, 3)}
EXAM = ExamSpec(minutes=60, pass_=0.5, excellent=0.9, blueprint=())


def graded(answers: str, *rulings: Ruling, slots: tuple[Slot, ...] = SLOTS) -> tuple[float, float]:
    """Mark and maximum of three answers such as "ABA"."""
    ruled, keys, given = apply(slots, KEYS, rulings)
    found = grade_attempt(ruled, keys, dict(enumerate(answers, 1)), EXAM, given=given)
    return found.mark, found.points


def ruling(kind: str, version: int = 1, **detail: Any) -> Ruling:
    return Ruling(version, Kind(kind), detail)


def test_each_kind_does_what_it_says() -> None:
    assert graded("BAA") == (4, 6)
    assert graded("BAA", ruling("void")) == (4, 4)
    assert graded("AAA", ruling("void")) == (4, 4)
    assert graded("BAA", ruling("full_credit")) == (6, 6)
    assert graded("BAA", ruling("extra_key", key=["B"])) == (6, 6)
    assert graded("AAA", ruling("extra_key", key=["B"])) == (6, 6), "the old key still counts"
    assert graded("CAA", ruling("extra_key", key=["B"])) == (4, 6)
    assert graded("BAA", ruling("reweight", points=5)) == (4, 9)
    assert graded("AAA", ruling("reweight", points=0.5)) == (4.5, 4.5)


@pytest.mark.parametrize(("answers", "rulings", "expected"), [
    ("BAA", ["void", "full_credit"], (6, 6)), ("BAA", ["full_credit", "void"], (4, 4)),
    ("CAA", ["full_credit", "extra_key"], (4, 6)), ("CAA", ["extra_key", "full_credit"], (6, 6)),
    ("BAA", ["extra_key", "void", "extra_key"], (6, 6)), ("BAA", ["void", "reweight"], (4, 9)),
    ("AAA", ["reweight", "full_credit"], (9, 9)),
    ("CAA", ["full_credit", "void", "reweight"], (4, 9)),
])
def test_where_two_conflict_the_later_one_holds(answers: str, rulings: list[str], expected: tuple[float, float]) -> None:
    more: dict[str, dict[str, Any]] = {"extra_key": {"key": ["B"]}, "reweight": {"points": 5}}
    assert graded(answers, *(ruling(kind, **more.get(kind, {})) for kind in rulings)) == expected


def test_a_trap_never_counts_whatever_is_ruled() -> None:
    slots = (Slot(0, 1, 2, "single", ("A", "B"), unscored=True), *SLOTS[1:])
    for kind in ("full_credit", "void"):
        assert graded("BAA", ruling(kind), slots=slots) == (4, 4)
    assert graded("BAA", ruling("reweight", points=5), slots=slots) == (4, 4)
    assert apply(slots, KEYS, [ruling("full_credit")])[2] == {}


def test_full_credit_goes_to_each_slot_of_the_question() -> None:
    assert apply(SLOTS, KEYS, [ruling("full_credit", 2)])[2] == {2: Fraction(1)}


FAIL, PASS, FINE = Outcome(4, 12, False, None), Outcome(8, 12, True, "qualified"), Outcome(11, 12, True, "excellent")


@pytest.mark.parametrize(("before", "after", "expected"), [
    (PASS, FAIL, Change.FAILS), (FAIL, PASS, Change.PASSES), (FAIL, FINE, Change.PASSES), (FINE, PASS, Change.FALLS),
    (PASS, FINE, Change.RISES), (FINE, FAIL, Change.FAILS), (PASS, Outcome(8, 10, True, "qualified"), Change.MARK), (PASS, PASS, None),
])
def test_what_a_change_is(before: Outcome, after: Outcome, expected: Change | None) -> None:
    assert change(before, after) is expected


def test_flips_name_everybody_who_changes_and_nobody_else() -> None:
    before = {"a": PASS, "b": FAIL, "c": PASS, "d": FAIL}
    found = flips(before, {"a": PASS, "b": PASS, "c": FAIL})
    assert [(flip.attempt, flip.change) for flip in found] == [("c", Change.FAILS), ("b", Change.PASSES)]


@pytest.mark.parametrize(("what", "standing", "grade", "expected"), [
    (Change.FAILS, Standing.ACTIVE, "qualified", (Deed.KEEP, Deed.REVOKE)),
    (Change.FAILS, Standing.EXPIRED, "qualified", (Deed.KEEP, Deed.REVOKE)),
    (Change.FAILS, Standing.REVOKED, "qualified", ()), (Change.FAILS, Standing.SUPERSEDED, "qualified", ()),
    (Change.FALLS, Standing.EXPIRING, "excellent", (Deed.KEEP, Deed.REDUCE)), (Change.FALLS, Standing.ACTIVE, "qualified", ()),
    (Change.RISES, Standing.SUSPENDED, "qualified", (Deed.KEEP, Deed.UPGRADE)), (Change.RISES, Standing.EXPIRED, "qualified", ()),
    (Change.MARK, Standing.ACTIVE, "qualified", ()), (Change.PASSES, Standing.ACTIVE, "qualified", ()),
])
def test_what_may_be_done_about_a_licence(what: Change, standing: Standing, grade: str, expected: tuple[Deed, ...]) -> None:
    assert deeds(what, standing, grade) == expected


@pytest.mark.parametrize(("said", "expected"), [
    (Said(), None), (Said({1: Choice(None, "why")}), None), (Said({1: Choice(Deed.REVOKE)}), Deed.REVOKE),
    (Said({1: Choice(Deed.UPGRADE)}), None), (Said({2: Choice(Deed.REVOKE)}), None), (Said(rest={Change.FAILS: Deed.KEEP}), Deed.KEEP),
    (Said({1: Choice(Deed.REVOKE)}, {Change.FAILS: Deed.KEEP}), Deed.REVOKE), (Said(rest={Change.FALLS: Deed.KEEP}), None),
])
def test_nothing_is_presumed_of_a_licence(said: Said, expected: Deed | None) -> None:
    earned = Earned(1, "CZ-1", Standing.ACTIVE, Grade.QUALIFIED, False)
    line = Line(Flip("a", PASS, FAIL, Change.FAILS), Facts(5, 6, earned=earned))
    assert said.of(line) is expected
    assert said.silent(Report(2, (line, Line(Flip("b", PASS, FAIL, Change.FAILS), Facts(7, 6))))) == ([] if expected else [line])


def test_a_proposal_waits_for_the_end_of_the_sitting() -> None:
    assert may_propose(CLOSES, 0, False, CLOSES - timedelta(microseconds=1)) is Refusal.NOT_CLOSED
    assert may_propose(CLOSES, 0, False, CLOSES) is None
    assert may_propose(CLOSES, 1, False, CLOSES) is Refusal.RUNNING
    assert may_propose(CLOSES, 0, True, CLOSES) is Refusal.CANCELLED


@pytest.mark.parametrize(("decider", "state", "touched", "expected"), [
    (Decider(1, 10, 100, True), State.PROPOSED, [(20, 200)], None),
    (Decider(1, 10, 100, True), State.COMMITTED, [], Refusal.SETTLED),
    (Decider(7, 10, 100, True), State.PROPOSED, [], Refusal.PROPOSER),
    (Decider(1, 10, 100, True), State.PROPOSED, [(10, 100)], Refusal.SELF),
    (Decider(1, 10, 100, True), State.PROPOSED, [(20, 100)], None),
    (Decider(1, 10, 200, False), State.PROPOSED, [(20, 200)], Refusal.OWN_COMPANY),
    (Decider(8, 10, 100, True), State.PROPOSED, [(20, 200)], Refusal.INVOLVED),
])
def test_who_may_sign(decider: Decider, state: State, touched: list[tuple[int, int]], expected: Refusal | None) -> None:
    assert may_decide(decider, state, 7, touched, {8}) is expected


@pytest.mark.parametrize(("kind", "item", "detail", "expected"), [
    ("extra_key", "single", {"key": ["B"]}, None), ("extra_key", "single", {"key": None}, Refusal.KEY),
    ("extra_key", "single", {"key": ["A"]}, Refusal.KNOWN_KEY), ("extra_key", "short", {"key": ["A"]}, Refusal.BY_HAND),
    ("reweight", "single", {"points": 3}, None), ("reweight", "single", {"points": 2}, Refusal.SAME_POINTS),
    ("reweight", "single", {"points": 0}, Refusal.POINTS), ("reweight", "single", {"points": None}, Refusal.POINTS),
    ("reweight", "single", {"points": 2.5}, None), ("reweight", "single", {"points": 1.2}, Refusal.STEP),
    ("reweight", "single", {"points": 100.5}, Refusal.POINTS), ("reweight", "single", {"points": float("nan")}, Refusal.POINTS),
    ("void", "single", {}, None), ("full_credit", "short", {}, None),
])
def test_a_proposal_must_make_sense(kind: str, item: str, detail: dict[str, Any], expected: Refusal | None) -> None:
    assert check(Kind(kind), item, Key(item, ["A"]), 2, False, detail) is expected
    assert check(Kind.VOID, item, Key(item, ["A"]), 2, True, {}) is Refusal.UNSCORED


@pytest.mark.parametrize(("kind", "picked", "typed", "expected"), [
    ("single", ["b"], "", ["b"]), ("single", ["a", "b"], "", None), ("single", [], "", None), ("true_false", ["b"], "", ["b"]),
    ("multiple", ["c", "a"], "", ["a", "c"]), ("multiple", [], "", None), ("situational", ["b"], "", {"b": 1}),
    ("order", [], "c, a b", ["c", "a", "b"]), ("order", [], "CAA", None), ("order", [], "CADB", None), ("order", [], "", None),
    ("match", [], "A2 B1, C3", {"a": "y", "b": "x", "c": "z"}), ("match", [], "A2 B1", None), ("match", [], "A9 B1 C3", None),
    ("match", [], "a–2，b–1；c–3", {"a": "y", "b": "x", "c": "z"}), ("match", [], "A2 A1 B1 C3", None), ("match", [], "A2 B1 C3 A", None),
    ("match", [], "A10 B1 C3", None),
    ("fill", [], "十五分钟\n 出示工牌 ", [["十五分钟"], ["出示工牌"]]), ("fill", [], "十五分钟", None), ("short", [], "text", None),
])
def test_a_further_key_is_read_in_the_shape_of_its_kind(kind: str, picked: list[str], typed: str, expected: Any) -> None:
    assert further_key(kind, picked, typed, ("a", "b", "c"), ("x", "y", "z"), blanks=2) == expected


@pytest.mark.parametrize(("kind", "key", "typed", "answer"), [
    ("order", ["a", "b", "c"], "CAB", ["c", "a", "b"]),
    ("match", {"a": "x", "b": "y", "c": "z"}, "A2 B1 C3", {"a": "y", "b": "x", "c": "z"}),
    ("fill", [["十分钟"], ["工牌"]], "15 分钟\n胸牌", ["十五分钟", "胸牌"]),
])
def test_whoever_gave_a_further_answer_earns_it(kind: str, key: Any, typed: str, answer: Any) -> None:
    further = further_key(kind, [], typed, ("a", "b", "c"), ("x", "y", "z"), blanks=2)
    slots, keys, given = apply([Slot(0, 1, 2, kind, ("a", "b", "c"))], {1: Key(kind, key)}, [ruling("extra_key", key=further)])
    assert grade_attempt(slots, {1: Key(kind, key)}, {1: answer}, EXAM).mark < 2
    assert grade_attempt(slots, keys, {1: answer}, EXAM, given=given).mark == 2
    assert grade_attempt(slots, keys, {1: key if kind != "fill" else [one[0] for one in key]}, EXAM, given=given).mark == 2


# the pages


@pytest.fixture
def held(app: Flask, cast: Cast, clock: TickingClock, sign_in: SignIn) -> Held:
    """owner 3 of 6 (just passed, with Q1), colleague 2 of 6 (just failed, Q1 wrong), stranger 5 of 6 (not quite excellent)."""
    return hold(app, cast, clock, sign_in, {"owner": "Q1 Q2 Q3", "colleague": "Q2 Q3", "stranger": "Q1 Q2 Q3 Q4 Q5"})


def digest_of(page: str) -> str:
    found = re.search(r'name="digest"[^>]*value="([0-9a-f]{64})"', page)
    assert found, "the dry run carries its digest"
    return found[1]


def sign(held: Held, regrade: int, by: str = "decider", **more: Any) -> Any:
    """Read the dry run and sign it."""
    decider = held.sign_in(by)
    digest = digest_of(decider.get(f"/regrades/{regrade}").text)
    return decider.form(f"/regrades/{regrade}/commit", {"digest": digest, "note": "依据充分", **more})


def events(app: Flask) -> list[tuple[str, str | None]]:
    with app.app_context():
        return [(row.kind, row.reason) for row in db.session.scalars(select(LicenceEvent).order_by(LicenceEvent.id))]


def test_nothing_is_shown_or_proposed_before_the_sitting_is_over(held: Held) -> None:
    officer = held.sign_in("officer")
    page = officer.get(f"/sittings/{held.sitting}/regrades")
    assert page.status_code == 200
    assert "考试还没有结束" in page.text
    assert "应当怎样做" not in page.text
    url = f"/sittings/{held.sitting}/regrades/{held.versions['Q1']}"
    assert officer.form(url, {"kind": "void", "reason": "题干有歧义"}).status_code == 302
    with held.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Regrade)) == 0


def test_from_a_wrong_key_to_a_revoked_licence(held: Held) -> None:
    held.over()
    number = held.grant("owner")
    officer = held.sign_in("officer")
    assert f"/sittings/{held.sitting}/regrades" in officer.get(f"/sittings/{held.sitting}").text
    paper = officer.get(f"/sittings/{held.sitting}/regrades?q=Q1").text
    assert "第1题：应当怎样做" in paper
    assert "第2题：应当怎样做" not in paper
    regrade = held.propose("Q1", "void")
    page = held.sign_in("decider").get(f"/regrades/{regrade}").text
    assert held.result("owner") == (6, 12, True, "qualified"), "a dry run changes nothing"
    for words in ("王建国", "通过变为未通过", number, "只有得分变化的 2 人"):
        assert words in page
    licence = licence_id(held.app)
    assert sign(held, regrade, **{f"deed-{licence}": "revoke", f"why-{licence}": "凭作废的题通过"}).status_code == 302
    assert held.result("owner") == (4, 10, False, None)
    assert held.result("colleague") == (4, 10, False, None)
    assert held.result("stranger") == (8, 10, True, "qualified")
    assert [kind for kind, _ in events(held.app)] == ["granted", "revoked"]
    assert events(held.app)[1][1] == f"[R{regrade}] 凭作废的题通过"
    with held.app.app_context():
        past = db.session.scalars(select(PastResult).where(PastResult.attempt_id == held.attempts["owner"])).one()
        assert (past.mark, past.points, past.passed, past.why) == (6, 12, True, f"regrade:{regrade}")
        deeds = {row.event: row for row in db.session.scalars(select(AuditRow))}
        assert {"regrade.proposed", "regrade.committed", "result.regraded", "regrade.licence", "licence.revoked"} <= set(deeds)
        assert json.loads(deeds["regrade.committed"].detail)["fails"] == 1
        assert "王建国" not in str([row.detail for row in deeds.values()])
    shown = held.sign_in("auditor").get(f"/regrades/{regrade}").text
    assert "签名有效，内容与签署时一致" in shown
    assert "撤销上岗证" in shown
    assert "原成绩 6 / 12 分，通过" in held.sign_in("owner").get(f"/attempts/{held.attempts['owner']}").text


def licence_id(app: Flask) -> int:
    with app.app_context():
        return db.session.scalars(select(LicenceEvent.licence_id)).first() or 0


def test_a_licence_nobody_speaks_of_stops_the_signature(held: Held) -> None:
    held.over()
    number = held.grant("owner")
    regrade, deed = held.propose("Q1", "void"), f"deed-{licence_id(held.app)}"
    page = held.sign_in("decider").get(f"/regrades/{regrade}").text
    assert f'name="{deed}"' in page
    assert " checked" not in page, "nothing is chosen beforehand"
    assert 'name="rest-' not in page, "one alone needs no choice for all"
    for said in ({}, {deed: "upgrade"}, {"rest-falls": "keep"}):
        answer = sign(held, regrade, **said, **{deed.replace("deed", "why"): "只凭这道题通过"})
        assert answer.status_code == 422, said
        assert f"这些上岗证还没有选择怎样处理：王建国 {number}。" in answer.text
        assert "请选择怎样处理这张证" in answer.text
        assert "只凭这道题通过" in answer.text, "what was typed is still there"
        assert "依据充分" in answer.text
    assert held.result("owner") == (6, 12, True, "qualified")
    assert [kind for kind, _ in events(held.app)] == ["granted"]
    with held.app.app_context():
        assert db.session.get_one(Regrade, regrade).state == "proposed"
    assert sign(held, regrade, **{deed: "keep"}).status_code == 302
    assert [kind for kind, _ in events(held.app)] == ["granted"]
    with held.app.app_context():
        said = db.session.scalars(select(Regrade)).one().report["deeds"]
    assert [(one["deed"], one["reason"]) for one in said] == [("keep", "依据充分")]


def test_one_choice_holds_for_all_without_a_choice_of_their_own(app: Flask, cast: Cast, clock: TickingClock, sign_in: SignIn) -> None:
    held = hold(app, cast, clock, sign_in, {"owner": "Q1 Q2 Q3", "colleague": "Q1 Q2 Q3", "stranger": "Q1 Q2 Q3"})
    held.over()
    numbers = [held.grant(name) for name in ("owner", "colleague", "stranger")]
    regrade = held.propose("Q1", "void")
    with app.app_context():
        first = db.session.scalars(select(LicenceEvent.licence_id).order_by(LicenceEvent.id)).first()
    page = held.sign_in("decider").get(f"/regrades/{regrade}").text
    assert "通过变为未通过的 3 张，没有单独选择的一律" in page
    answer = sign(held, regrade, **{f"deed-{first}": "keep"})
    assert answer.status_code == 422
    assert f"{numbers[0]}。" not in answer.text, "of this one something was said"
    assert re.search(rf'id="deed-{first}-keep"[^>]* checked', answer.text), "what was chosen is still there"
    assert answer.text.count("请选择怎样处理这张证") == 2
    assert sign(held, regrade, **{f"deed-{first}": "keep", "rest-fails": "revoke"}).status_code == 302
    assert [kind for kind, _ in events(app)] == ["granted", "granted", "granted", "revoked", "revoked"]
    with app.app_context():
        said = {one["number"]: one["deed"] for one in db.session.scalars(select(Regrade)).one().report["deeds"]}
    assert said == dict(zip(numbers, ["keep", "revoke", "revoke"], strict=True))


def test_a_proposal_names_what_was_committed_on_its_question(held: Held) -> None:
    held.over()
    first, second, other = held.propose("Q1", "reweight", points="3"), held.propose("Q1", "void"), held.propose("Q2", "void")
    officer, noted = held.sign_in("officer"), "这道题在这个场次已经重新评过分"
    assert noted not in officer.get(f"/regrades/{second}").text
    sign(held, first)
    page = officer.get(f"/regrades/{second}").text
    for words in (noted, f'href="/regrades/{first}"', "分值改为 3 分", "<dd>3 分", "试卷上是 2 分"):
        assert words in page
    assert noted not in officer.get(f"/regrades/{other}").text, "another question"
    assert noted not in officer.get(f"/regrades/{first}").text, "not of itself"
    sign(held, second)
    third = held.propose("Q1", "extra_key", picked="canarywrong1")
    assert "已作废，不计分（试卷上是 2 分）" in officer.get(f"/regrades/{third}").text
    sign(held, third)
    page = officer.get(f"/sittings/{held.sitting}/regrades/{held.versions['Q1']}").text
    assert "后来也算正确的答案" in page
    assert "<dd>3 分" in page, "a further key makes it count again, for what it was worth"
    sign(held, held.propose("Q1", "full_credit"))
    assert "全员满分" in officer.get(f"/sittings/{held.sitting}/regrades/{held.versions['Q1']}").text


@pytest.mark.parametrize(("code", "words"), [
    ("Q1", "请再选一项也算正确的选项，只选一项。"), ("Q2", "请勾选构成另一个正确答案的全部选项。"),
    ("Q3", "请选现在不算正确的那一项，只选一项。"),
])
def test_a_missing_key_says_what_to_do_by_kind(held: Held, code: str, words: str) -> None:
    held.over()
    answer = held.sign_in("officer").form(
        f"/sittings/{held.sitting}/regrades/{held.versions[code]}", {"kind": "extra_key", "reason": "另一个答案"},
    )
    assert answer.status_code == 422
    assert words in answer.text


def test_who_passes_now_gets_a_decision_and_who_fails_loses_the_pending_one(held: Held) -> None:
    held.over()
    assert held.decision("colleague") is None
    assert sign(held, held.propose("Q1", "extra_key", picked="canarywrong1")).status_code == 302
    assert held.result("colleague") == (6, 12, True, "qualified")
    assert (held.decision("colleague").state, held.decision("colleague").grade) == ("pending", "qualified")
    assert held.result("owner") == (6, 12, True, "qualified"), "the old key still counts"
    assert sign(held, held.propose("Q1", "void")).status_code == 302
    for name in ("owner", "colleague"):
        refused = held.decision(name)
        assert (refused.state, refused.reason, refused.decided_by) == ("refused", "依据充分", held.cast.decider.account_id)
    assert sign(held, held.propose("Q1", "full_credit")).status_code == 302
    assert held.result("colleague") == (6, 12, True, "qualified"), "the last ruling on a question holds"
    assert held.decision("colleague").state == "pending"
    assert held.decision("owner").state == "pending"


def test_a_grade_that_changes_is_said_of_the_pending_decision(held: Held) -> None:
    held.over()
    assert held.decision("stranger").grade == "qualified"
    sign(held, held.propose("Q6", "reweight", points="0.5"))
    assert held.result("stranger") == (10, 10.5, True, "excellent")
    assert (held.decision("stranger").state, held.decision("stranger").grade) == ("pending", "excellent")


def test_a_grade_that_changes_moves_the_licence_only_as_the_decider_says(held: Held) -> None:
    held.over()
    held.grant("stranger")
    deed = f"deed-{licence_id(held.app)}"
    sign(held, held.propose("Q6", "reweight", points="0.5"), **{deed: "upgrade"})
    sign(held, held.propose("Q6", "reweight", points="2"), **{deed: "reduce"})
    assert [kind for kind, _ in events(held.app)] == ["granted", "upgraded", "scope_reduced"]
    assert sign(held, held.propose("Q6", "reweight", points="0.5"), **{deed: "revoke"}).status_code == 422
    assert [kind for kind, _ in events(held.app)] == ["granted", "upgraded", "scope_reduced"], "what is not offered is not done"


def test_a_signature_is_only_given_to_the_dry_run_that_was_read(held: Held) -> None:
    held.over()
    first, second = held.propose("Q1", "void"), held.propose("Q4", "full_credit")
    decider = held.sign_in("decider")
    stale = digest_of(decider.get(f"/regrades/{first}").text)
    assert sign(held, second, by="other_decider").status_code == 302
    answer = decider.form(f"/regrades/{first}/commit", {"digest": stale, "note": "依据充分"})
    assert answer.status_code == 409
    assert "情况有了变化" in answer.text
    assert "依据充分" in answer.text, "what was typed is still there"
    assert digest_of(answer.text) != stale
    with held.app.app_context():
        assert db.session.get_one(Regrade, first).state == "proposed"
    assert decider.form(f"/regrades/{first}/commit", {"digest": digest_of(answer.text), "note": "依据充分"}).status_code == 302


def test_of_two_deciders_at_once_one_signs(held: Held) -> None:
    held.over()
    held.grant("owner")
    regrade = held.propose("Q1", "void")
    with held.app.app_context():
        report, _ = regrades.dry_run(regrades.glance(), held.sitting, ruling("void", held.versions["Q1"]), held.clock.now())
        digest = regrade_report.digest(regrade_report.plain(report))
    found: list[Any] = []
    start = threading.Barrier(2)

    def commit(account: int) -> None:
        with held.app.app_context():
            start.wait()
            with work(Actor(f"account:{account}", account)) as w:
                found.append(regrade_commitment.carry_out(w, regrade, digest, "依据充分", Said(rest={Change.FAILS: Deed.KEEP})))

    threads = [threading.Thread(target=commit, args=(held.cast[name].account_id,)) for name in ("decider", "other_decider")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(type(one).__name__ for one in found) == ["Committed", "Refusal"]
    assert Refusal.SETTLED in found
    with held.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(PastResult)) == 3
        assert db.session.scalar(select(func.count()).where(AuditRow.event == "regrade.committed", AuditRow.result == "done")) == 1


def test_a_signature_covers_proposal_report_decider_and_time(held: Held) -> None:
    held.over()
    regrade = held.propose("Q1", "void")
    sign(held, regrade)

    def finding() -> Finding:
        with held.app.app_context():
            row = store.one(db.session, regrade)
            assert row is not None
            return regrades.verify(row.Regrade, row.sitting)

    assert finding() is Finding.GOOD
    with held.app.app_context():
        assert regrades.doctor_signatures(db.session) == []
    changes: list[dict[str, Any]] = [
        {"note": "另一个理由"}, {"decided_by": held.cast.other_decider.account_id}, {"reason": "别的"}, {"decided": START},
        {"report": {"graded": 3, "lines": [], "deeds": []}},
    ]
    for changed in changes:
        with held.app.app_context(), work(Actor("test")) as w:
            before = w.session.get_one(Regrade, regrade)
            kept = {name: getattr(before, name) for name in changed}
            w.connection.execute(update(Regrade).values(**changed))
        assert finding() is Finding.DIFFERS, changed
        with held.app.app_context(), work(Actor("test")) as w:
            w.connection.execute(update(Regrade).values(**kept))
    with held.app.app_context(), work(Actor("test")) as w:
        row = w.session.get_one(Regrade, regrade)
        row.signature = (row.signature or "")[:-6] + "AAAAAA"
    assert finding() is Finding.FORGED
    with held.app.app_context():
        assert regrades.doctor_signatures(db.session) == [f"regrade {regrade} of T1: its signature is forged"]


def test_before_the_release_a_regrade_just_regrades(held: Held) -> None:
    held.over(release=False)
    assert sign(held, held.propose("Q1", "extra_key", picked="canarywrong1")).status_code == 302
    assert held.result("colleague") == (6, 12, True, "qualified")
    assert held.decision("colleague") is None
    held.over()
    assert held.decision("colleague").state == "pending"


def test_an_auditor_sees_no_score_before_the_release(held: Held) -> None:
    held.over(release=False)
    regrade = held.propose("Q1", "void")
    page = held.sign_in("auditor").get(f"/regrades/{regrade}").text
    assert "成绩公布后可以看到" in page
    assert "王建国" not in page


def test_a_proposal_is_refused_with_a_note_or_withdrawn_by_its_proposer(held: Held) -> None:
    held.over()
    first, second = held.propose("Q1", "void"), held.propose("Q1", "full_credit")
    decider = held.sign_in("decider")
    assert decider.form(f"/regrades/{first}/refuse", {"refusal": ""}).status_code == 422
    assert decider.form(f"/regrades/{first}/refuse", {"refusal": "题目没有问题"}).status_code == 302
    assert "题目没有问题" in held.sign_in("officer").get(f"/regrades/{first}").text
    held.sign_in("other_officer").form(f"/regrades/{second}/withdraw")
    with held.app.app_context():
        assert [row.state for row in db.session.scalars(select(Regrade).order_by(Regrade.id))] == ["refused", "proposed"]
    held.sign_in("officer").form(f"/regrades/{second}/withdraw")
    assert sign_again(held, second) == 409
    with held.app.app_context():
        assert [row.state for row in db.session.scalars(select(Regrade).order_by(Regrade.id))] == ["refused", "withdrawn"]
    assert held.result("owner") == (6, 12, True, "qualified")


def sign_again(held: Held, regrade: int) -> int:
    return int(held.sign_in("decider").form(f"/regrades/{regrade}/commit", {"digest": "0" * 64, "note": "依据充分"}).status_code)


def test_bad_input_is_named_and_kept(held: Held) -> None:
    held.over()
    officer = held.sign_in("officer")
    url = f"/sittings/{held.sitting}/regrades/{held.versions['Q1']}"
    answer = officer.form(url, {"kind": "reweight", "points": "-1", "reason": "分值太高了"})
    assert answer.status_code == 422
    assert "分值要大于 0" in answer.text
    assert "分值太高了" in answer.text
    answer = officer.form(url, {"kind": "reweight", "points": "1.3", "reason": "分值太高了"})
    assert (answer.status_code, "分值以 0.5 分为一档" in answer.text, 'value="1.3"' in answer.text) == (422, True, True)
    answer = officer.form(url, {"kind": "extra_key", "picked": "canaryright", "reason": "另一个答案"})
    assert answer.status_code == 422
    assert "现在已经算正确" in answer.text
    assert officer.form(url, {"kind": "extra_key", "picked": "no-such-option", "reason": "另一个答案"}).status_code == 422
    assert officer.form(url, {"kind": "void"}).status_code == 422
    assert officer.get(f"/sittings/{held.sitting}/regrades/999999").status_code == 404


def test_who_held_the_sitting_neither_signs_nor_refuses(held: Held) -> None:
    held.over()
    regrade = held.propose("Q1", "void")
    with held.app.app_context(), work(SYSTEM) as w:
        w.connection.execute(update(Sitting).values(created_by=held.cast.decider.account_id))
    decider = held.sign_in("decider")
    answer = decider.form(f"/regrades/{regrade}/commit", {"digest": "x", "note": "依据充分"})
    assert (answer.status_code, "按回避规则" in answer.text) == (409, True)
    assert "按回避规则" in decider.form(f"/regrades/{regrade}/refuse", {"refusal": "不采纳"}, follow_redirects=True).text
    with held.app.app_context():
        assert db.session.get_one(Regrade, regrade).state == "proposed"


def test_nobody_keeps_their_own_result_from_changing(held: Held) -> None:
    held.over()
    regrade = held.propose("Q1", "void")
    with held.app.app_context(), work(SYSTEM) as w:  # the owner's paper is the decider's own
        own = update(Attempt).where(Attempt.person_id == held.cast.owner.person_id)
        w.connection.execute(own.values(person_id=held.cast.decider.person_id))
    held.sign_in("decider").form(f"/regrades/{regrade}/refuse", {"refusal": "不采纳"})
    with held.app.app_context():
        assert db.session.get_one(Regrade, regrade).state == "proposed"


def test_a_licence_that_nobody_can_have_is_not_read(held: Held) -> None:
    held.over()
    regrade = held.propose("Q1", "void")
    answer = held.sign_in("decider").form(f"/regrades/{regrade}/commit", {"digest": "x", "note": "依据条款", "deed-" + "9" * 5000: "keep"})
    assert answer.status_code == 409


def test_an_invalidated_attempt_and_who_never_sat_are_left_alone(held: Held) -> None:
    held.over()
    with held.app.app_context(), work(Actor("test")) as w:
        w.connection.execute(update(Result).where(Result.attempt_id == held.attempts["owner"]).values(state="voided"))
    sign(held, held.propose("Q1", "void"))
    assert held.result("owner") == (6, 12, True, "qualified")
    assert held.result("colleague") == (4, 10, False, None)


def test_lists_say_what_waits(held: Held) -> None:
    held.over()
    assert "还没有重新评分的提议" in held.sign_in("decider").get("/regrades").text
    regrade = held.propose("Q1", "void")
    assert "待签署的重新评分" in held.sign_in("decider").get("/").text
    assert f"/regrades/{regrade}" in held.sign_in("decider").get("/regrades?state=proposed&q=T1").text
    assert "没有符合条件的提议" in held.sign_in("decider").get("/regrades?state=committed").text


def test_a_dry_run_asks_no_query_for_each_question(held: Held) -> None:
    held.over()
    counted: list[str] = []
    with held.app.app_context():
        source = regrades.glance()
        regrades.dry_run(source, held.sitting, ruling("void", held.versions["Q1"]), held.clock.now())  # what is kept of keys is kept
        event.listen(source.connection, "before_cursor_execute", lambda *args: counted.append(args[2]))
        regrades.dry_run(source, held.sitting, ruling("void", held.versions["Q1"]), held.clock.now())
    assert len(counted) <= 6 + 4 * 3, counted
