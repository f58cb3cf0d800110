"""Appeals and complaints: the rule, filing, independence, the answer and its letter."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import select, update

from certification.appeal import (
    Earlier,
    Refusal,
    State,
    due,
    filing_ends,
    is_overdue,
    may_answer,
    may_appeal,
    may_complain,
    may_take,
    may_withdraw,
)
from certification.decision import Decider
from certification.store import appeals as store
from certification.tables import Appeal, Attempt, Booking, FillRuling, Marking, RoomNote, Sitting
from foundation.clock import TickingClock
from foundation.database import db
from foundation.tables import AuditRow
from foundation.work import SYSTEM, work
from tests.cast import Cast, Visitor
from tests.certification.cases import CLOSES, Held, hold
from tests.conftest import START

SignIn = Callable[[str], Visitor]
SHANGHAI = ZoneInfo("Asia/Shanghai")
TEXT = "第3题的两个选项都符合条款，请复核。"
MINUTE = timedelta(minutes=1)


# the rule


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def test_days_are_civil_days_and_the_last_is_good_to_its_end() -> None:
    assert filing_ends(at("2026-11-22T00:00"), SHANGHAI) == at("2026-12-23T00:00")
    assert filing_ends(at("2026-11-22T23:59:59"), SHANGHAI) == at("2026-12-23T00:00")
    assert due(at("2028-02-01T12:00"), SHANGHAI) == at("2028-03-03T00:00"), "a leap day counts"
    new_york = ZoneInfo("America/New_York")
    assert due(datetime(2026, 10, 20, 12, tzinfo=new_york), new_york) == datetime(2026, 11, 20, tzinfo=new_york), "clocks go back"


@pytest.mark.parametrize(("released", "graded", "earlier", "now", "expected"), [
    (None, START, [], START, Refusal.NOT_RELEASED),
    (START, START, [], START, None),
    (START, START, [], filing_ends(START, SHANGHAI) - MINUTE, None),
    (START, START, [], filing_ends(START, SHANGHAI), Refusal.TOO_LATE),
    (START, START + timedelta(days=20), [], filing_ends(START, SHANGHAI), None),
    (START, START, [Earlier(State.FILED, None)], START, Refusal.OPEN_ALREADY),
    (START, START, [Earlier(State.UNDER_REVIEW, None)], START, Refusal.OPEN_ALREADY),
    (START, START, [Earlier(State.WITHDRAWN, START + MINUTE)], START, None),
    (START, START, [Earlier(State.REJECTED, START + MINUTE)], START + 2 * MINUTE, Refusal.ANSWERED),
    (START, START, [Earlier(State.UPHELD, START + MINUTE)], START + 2 * MINUTE, Refusal.ANSWERED),
    (START, START + 2 * MINUTE, [Earlier(State.UPHELD, START + MINUTE)], START + 3 * MINUTE, None),
])
def test_who_may_appeal(released: Any, graded: Any, earlier: list[Earlier], now: datetime, expected: Refusal | None) -> None:
    assert may_appeal(released, graded, earlier, now, SHANGHAI) is expected


@pytest.mark.parametrize(("cancelled", "earlier", "now", "expected"), [
    (False, [], START - MINUTE, Refusal.NOT_BEGUN), (True, [], START - MINUTE, None), (False, [], START, None),
    (False, [], filing_ends(CLOSES, SHANGHAI) - MINUTE, None), (False, [], filing_ends(CLOSES, SHANGHAI), Refusal.TOO_LATE),
    (False, [Earlier(State.FILED, None)], START, Refusal.OPEN_ALREADY), (False, [Earlier(State.REJECTED, START)], START + MINUTE, None),
])
def test_who_may_complain(cancelled: bool, earlier: list[Earlier], now: datetime, expected: Refusal | None) -> None:
    assert may_complain(START, CLOSES, cancelled, earlier, now, SHANGHAI) is expected


OPERATOR = Decider(1, 10, 100, True)


@pytest.mark.parametrize(("decider", "state", "involved", "taken", "seen", "expected"), [
    (OPERATOR, State.FILED, set(), None, None, None), (OPERATOR, State.FILED, {1}, None, None, Refusal.INVOLVED),
    (Decider(1, 20, 100, True), State.FILED, set(), None, None, Refusal.SELF),
    (Decider(1, 10, 200, False), State.FILED, set(), None, None, Refusal.OWN_COMPANY),
    (OPERATOR, State.UPHELD, set(), None, None, Refusal.CLOSED), (OPERATOR, State.UNDER_REVIEW, set(), 5, None, Refusal.TAKEN),
    (OPERATOR, State.UNDER_REVIEW, set(), 5, 5, None),
])
def test_who_may_take_a_case(
    decider: Decider, state: State, involved: set[int], taken: int | None, seen: int | None, expected: Refusal | None
) -> None:
    assert may_take(decider, state, 20, 200, frozenset(involved), taken, seen) is expected


def test_only_who_has_taken_a_case_answers_it_and_with_reasons() -> None:
    assert may_answer(OPERATOR, State.UNDER_REVIEW, 20, 200, frozenset(), 1, "已复核，标准答案无误。") is None
    assert may_answer(OPERATOR, State.UNDER_REVIEW, 20, 200, frozenset(), 2, "已复核，标准答案无误。") is Refusal.NOT_TAKEN
    assert may_answer(OPERATOR, State.UNDER_REVIEW, 20, 200, frozenset({1}), 1, "已复核，标准答案无误。") is Refusal.INVOLVED
    assert may_answer(OPERATOR, State.UNDER_REVIEW, 20, 200, frozenset(), 1, "  不成立  ") is Refusal.SHORT
    assert may_answer(OPERATOR, State.WITHDRAWN, 20, 200, frozenset(), 1, "已复核，标准答案无误。") is Refusal.CLOSED
    assert [may_withdraw(state) for state in State] == [None, None, Refusal.CLOSED, Refusal.CLOSED, Refusal.CLOSED]
    assert not is_overdue(State.FILED, START, START - MINUTE)
    assert is_overdue(State.FILED, START, START)
    assert not is_overdue(State.UPHELD, START, START)


# the pages


@pytest.fixture
def held(app: Flask, cast: Cast, clock: TickingClock, sign_in: SignIn) -> Held:
    return hold(app, cast, clock, sign_in, {"owner": "Q1 Q2 Q3", "colleague": "Q2 Q3"})


def file(held: Held, name: str = "colleague", **more: Any) -> int:
    answer = held.sign_in(name).form(f"/attempts/{held.attempts[name]}/appeal", {"text": TEXT, **more})
    assert answer.status_code == 302, answer.text
    return int(answer.headers["Location"].rpartition("/")[2])


def case(app: Flask, appeal: int) -> Appeal:
    with app.app_context():
        return db.session.get_one(Appeal, appeal)


def test_from_the_result_page_to_the_letter(held: Held) -> None:
    held.over()
    candidate = held.sign_in("colleague")
    page = candidate.get(f"/attempts/{held.attempts['colleague']}").text
    assert "提出申诉" in page
    assert "2026年12月22日" in page, "the last day is published where one appeals"
    appeal = file(held, slot="3")
    assert "12月22日" in candidate.get(f"/appeals/mine/{appeal}").text
    assert "成绩申诉正在处理" in candidate.get("/").text
    decider = held.sign_in("decider")
    assert "待答复的申诉与投诉" in decider.get("/").text
    assert "李晓梅" in decider.get("/appeals").text
    shown = decider.get(f"/appeals/{appeal}").text
    assert TEXT in shown
    assert "应当怎样做" not in shown, "the answers are for whoever has taken the case"
    decider.form(f"/appeals/{appeal}/take")
    shown = decider.get(f"/appeals/{appeal}").text
    assert "第1题：应当怎样做" in shown
    assert "canary 第1题的解析" in shown
    assert "应当怎样做" not in held.sign_in("auditor").get(f"/appeals/{appeal}").text
    outcome = "经复核，第3题依据条款1.1，标准答案无误。"
    assert decider.form(f"/appeals/{appeal}", {"verdict": "rejected", "outcome": outcome, "asks_regrade": "y"}).status_code == 302
    kept = case(held.app, appeal)
    assert (kept.state, kept.decided_by, kept.asks_regrade) == ("rejected", held.cast.decider.account_id, False)
    for page in (candidate.get(f"/appeals/{appeal}/letter").text, held.sign_in("auditor").get(f"/appeals/{appeal}/letter").text):
        for words in ("李晓梅", "S0002", outcome, "申诉不成立", "9.8", "卫东明", "2026年11月22日"):
            assert words in page
    assert "已答复" in candidate.get("/").text
    with held.app.app_context():
        deeds = {row.event: row.detail for row in db.session.scalars(select(AuditRow)) if row.event.startswith("appeal")}
    assert set(deeds) == {"appeal.filed", "appeal.taken", "appeal.answered"}
    assert TEXT not in str(deeds)
    again = candidate.form(f"/attempts/{held.attempts['colleague']}/appeal", {"text": TEXT})
    assert "已经答复" in again.text


def test_a_letter_is_there_when_it_is_written(held: Held) -> None:
    held.over()
    appeal = file(held)
    for name in ("colleague", "decider", "owner"):
        assert held.sign_in(name).get(f"/appeals/{appeal}/letter").status_code == 404


def test_no_appeal_before_the_release_nor_after_the_days(held: Held, clock: TickingClock) -> None:
    url = f"/attempts/{held.attempts['owner']}/appeal"
    owner = held.sign_in("owner")
    assert "成绩还没有公布" in owner.form(url, {"text": TEXT}).text
    held.over()
    assert "提出申诉" in owner.get(f"/attempts/{held.attempts['owner']}").text
    clock.set(filing_ends(CLOSES, SHANGHAI))
    late = held.sign_in("owner")
    assert "提交期限已过" in late.form(url, {"text": TEXT}).text
    assert "提出申诉" not in late.get(f"/attempts/{held.attempts['owner']}").text
    with held.app.app_context():
        assert db.session.scalars(select(Appeal)).all() == []


def test_bad_input_is_named_and_kept(held: Held) -> None:
    held.over()
    url = f"/attempts/{held.attempts['owner']}/appeal"
    owner = held.sign_in("owner")
    answer = owner.form(url, {"text": "不对"})
    assert answer.status_code == 422
    assert "请写 10 到 4000 字" in answer.text
    answer = owner.form(url, {"text": TEXT, "slot": "7"})
    assert answer.status_code == 422
    assert "没有这个题号" in answer.text
    assert TEXT in answer.text
    assert owner.form(url, {"text": TEXT, "slot": "6"}).status_code == 302


def test_a_stranger_sees_and_withdraws_nothing(held: Held) -> None:
    held.over()
    appeal = file(held)
    for name in ("owner", "stranger"):
        other = held.sign_in(name)
        assert other.get(f"/appeals/mine/{appeal}").status_code == 404
        assert other.form(f"/appeals/mine/{appeal}/withdraw").status_code == 404
        assert other.form(f"/attempts/{held.attempts['colleague']}/appeal", {"text": TEXT}).status_code == 404
    assert case(held.app, appeal).state == "filed"
    held.sign_in("colleague").form(f"/appeals/mine/{appeal}/withdraw")
    assert case(held.app, appeal).state == "withdrawn"
    assert held.sign_in("decider").form(f"/appeals/{appeal}/take").status_code == 302
    assert case(held.app, appeal).state == "withdrawn"
    assert file(held) != appeal, "what was taken back may be filed anew"


def test_who_decided_on_the_person_does_not_decide_the_appeal(held: Held) -> None:
    held.over()
    held.grant("owner")  # by other_decider
    appeal = file(held, "owner")
    other = held.sign_in("other_decider")
    assert "回避规则" in other.get(f"/appeals/{appeal}").text
    other.form(f"/appeals/{appeal}/take")
    assert case(held.app, appeal).state == "filed"
    held.sign_in("decider").form(f"/appeals/{appeal}/take")
    assert case(held.app, appeal).taken_by == held.cast.decider.account_id
    answer = other.form(f"/appeals/{appeal}", {"verdict": "upheld", "outcome": "这是一条足够长的答复。"})
    assert answer.status_code == 409
    assert case(held.app, appeal).state == "under_review"


def test_everybody_who_had_a_part_is_involved(held: Held) -> None:
    held.over()
    appeal, attempt = file(held), held.attempts["colleague"]
    ids = {name: held.cast[name].account_id for name in ("officer", "other_officer", "rater", "coordinator", "trainer", "decider", "hr")}
    ids["ruler"] = held.cast.other_rater.account_id

    def involved() -> frozenset[int]:
        with held.app.app_context():
            return store.involved(db.session, db.session.get_one(Appeal, appeal))

    assert involved() == {ids["officer"]}
    with held.app.app_context(), work(SYSTEM) as w:
        w.connection.execute(update(Booking).values(booked_by=ids["coordinator"], checked_in_by=ids["other_officer"]))
        w.session.add(Marking(attempt_id=attempt, slot=1, round=1, marker_id=ids["rater"], taken=START))
        ruled = {"version_id": held.versions["Q1"], "blank": 0, "text": "十分钟", "accepted": True, "at": START}
        w.session.add(FillRuling(by=ids["ruler"], **ruled))
        note = {"sitting_id": held.sitting, "kind": "note", "text": "网络中断", "at": START}
        w.session.add(RoomNote(attempt_id=held.attempts["owner"], by=ids["hr"], **note))
        w.session.add(RoomNote(by=ids["decider"], **note))
    assert involved() == set(ids.values()) - {ids["trainer"], ids["hr"]}
    with held.app.app_context(), work(SYSTEM) as w:
        w.connection.execute(update(Sitting).values(created_by=None, released_by=ids["other_officer"]))
    assert ids["officer"] not in involved()


def test_a_case_is_taken_once_given_back_and_taken_over_knowingly(held: Held) -> None:
    held.over()
    appeal = file(held)
    first, second = held.sign_in("decider"), held.sign_in("other_decider")
    first.form(f"/appeals/{appeal}/take", {"seen": ""})
    second.form(f"/appeals/{appeal}/take", {"seen": ""})
    assert case(held.app, appeal).taken_by == held.cast.decider.account_id, "of two who click in the same second the first has it"
    second.form(f"/appeals/{appeal}/take", {"seen": str(held.cast.decider.account_id)})
    assert case(held.app, appeal).taken_by == held.cast.other_decider.account_id
    first.form(f"/appeals/{appeal}/give-back")
    assert case(held.app, appeal).state == "under_review", "only who has it gives it back"
    second.form(f"/appeals/{appeal}/give-back")
    assert (case(held.app, appeal).state, case(held.app, appeal).taken_by) == ("filed", None)


def test_an_upheld_appeal_asks_the_officer_for_a_regrade(held: Held) -> None:
    held.over()
    appeal = file(held, slot="1")
    decider = held.sign_in("decider")
    decider.form(f"/appeals/{appeal}/take")
    outcome = "第1题的答案与条款不符，应重新评分。"
    decider.form(f"/appeals/{appeal}", {"verdict": "upheld", "outcome": outcome, "asks_regrade": "y"})
    officer = held.sign_in("officer")
    asked = f"/sittings/{held.sitting}/regrades?appeal={appeal}"
    assert asked in officer.get("/").text
    assert asked in officer.get("/regrades").text
    assert outcome in officer.get(asked).text
    with held.app.app_context():
        found = store.asking(db.session, appeal)
    assert found is not None
    code = held.codes[found.version or 0]
    assert found.code == code
    held.propose(code, "full_credit", appeal=str(appeal))
    assert asked not in officer.get("/").text, "the task is done once it is proposed"
    assert f"申诉 {appeal} 号" in held.sign_in("other_decider").get("/regrades/1").text
    assert "/regrades/1" in decider.get(f"/appeals/{appeal}").text
    assert "考务将提议" in held.sign_in("colleague").get(f"/appeals/{appeal}/letter").text


def test_who_appeals_is_left_out_of_a_grant_of_many(app: Flask, cast: Cast, clock: TickingClock, sign_in: SignIn) -> None:
    held = hold(app, cast, clock, sign_in, {"owner": "Q1 Q2 Q3", "stranger": "Q1 Q2 Q3"})
    held.over()
    mine, other = held.decision("owner").id, held.decision("stranger").id

    def marked() -> tuple[bool, ...]:
        """Whether the row of the owner, and that of the stranger, cannot be ticked."""
        page = sign_in("other_decider").get("/decisions").text
        return tuple(f'name="ids" value="{id_}"' not in page for id_ in (mine, other))

    assert marked() == (False, False)
    appeal = file(held, "owner")
    assert marked() == (True, False)
    page = sign_in("other_decider").get("/decisions").text
    assert "申诉未了结" in page
    assert f'name="page_ids" value="{mine}"' not in page
    decider = sign_in("decider")
    decider.form(f"/appeals/{appeal}/take")
    assert marked() == (True, False)
    decider.form(f"/appeals/{appeal}", {"verdict": "upheld", "outcome": "第1题的答案与条款不符。", "asks_regrade": "y"})
    assert marked() == (True, False), "the regrade is still to come"
    regrade = held.propose("Q4", "full_credit", appeal=str(appeal))
    assert marked() == (True, True), "it may change everybody's result"
    assert "重新评分待签署" in sign_in("other_decider").get("/decisions").text
    answer = sign_in("other_decider").form("/decisions/grant", {"ids": [mine, other]}, follow_redirects=True).text
    assert "王建国 未处理：申诉还没有了结" in answer
    assert "赵志强 未处理：这个场次有重新评分等待签署" in answer
    assert (held.decision("owner").state, held.decision("stranger").state) == ("pending", "pending")
    assert "成绩可能还会变化" in sign_in("other_decider").get(f"/decisions/{other}").text
    assert held.grant("stranger"), "one alone may be granted"
    digest = decider.get(f"/regrades/{regrade}").text.split('name="digest"')[1].split('value="')[1][:64]
    assert decider.form(f"/regrades/{regrade}/commit", {"digest": digest, "note": "依据充分"}).status_code == 302
    assert marked()[0] is False, "what was asked for is done"
    assert "已授予 1 人" in sign_in("other_decider").form("/decisions/grant", {"ids": [mine]}, follow_redirects=True).text


@pytest.mark.parametrize("end", ["withdrawn", "rejected"])
def test_an_appeal_that_is_over_holds_nothing_back(held: Held, end: str) -> None:
    held.over()
    appeal = file(held, "owner")
    if end == "withdrawn":
        held.sign_in("owner").form(f"/appeals/mine/{appeal}/withdraw")
    else:
        decider = held.sign_in("decider")
        decider.form(f"/appeals/{appeal}/take")
        decider.form(f"/appeals/{appeal}", {"verdict": "rejected", "outcome": "经复核，标准答案没有错误。"})
    assert case(held.app, appeal).state == end
    assert "申诉未了结" not in held.sign_in("other_decider").get("/decisions").text


def test_a_result_that_changed_may_be_appealed_against_again(held: Held, clock: TickingClock) -> None:
    held.over()
    appeal = file(held)
    decider = held.sign_in("other_decider")
    decider.form(f"/appeals/{appeal}/take")
    decider.form(f"/appeals/{appeal}", {"verdict": "rejected", "outcome": "经复核，标准答案没有错误。"})
    clock.tick(hours=1)
    regrade = held.propose("Q2", "void")
    page = held.sign_in("decider").get(f"/regrades/{regrade}").text
    digest = page.split('name="digest"')[1].split('value="')[1][:64]
    held.sign_in("decider").form(f"/regrades/{regrade}/commit", {"digest": digest, "note": "依据充分"})
    assert "成绩重新评分过" in held.sign_in("colleague").get(f"/attempts/{held.attempts['colleague']}").text
    assert file(held) != appeal


@pytest.mark.parametrize(("kind", "shown"), [("reweight", r"Q2 · 3 / 3<"), ("void", r"Q2 · –<")])
def test_a_case_shows_what_a_question_is_worth_since_a_regrade(held: Held, kind: str, shown: str) -> None:
    held.over()
    regrade = held.propose("Q2", kind, points="3")
    decider = held.sign_in("decider")
    digest = decider.get(f"/regrades/{regrade}").text.split('name="digest"')[1].split('value="')[1][:64]
    assert decider.form(f"/regrades/{regrade}/commit", {"digest": digest, "note": "依据充分"}).status_code == 302
    appeal = file(held)
    other = held.sign_in("other_decider")
    other.form(f"/appeals/{appeal}/take")
    assert re.search(shown, other.get(f"/appeals/{appeal}").text)


def test_a_complaint_needs_no_attempt(held: Held, clock: TickingClock) -> None:
    with held.app.app_context(), work(SYSTEM) as w:
        w.session.add(Booking(sitting_id=held.sitting, person_id=held.cast.stranger.person_id, booked=w.now))
    url = f"/exams/sittings/{held.sitting}/complaint"
    absent = held.sign_in("stranger")
    assert url in absent.get(f"/exams/sittings/{held.sitting}").text
    answer = absent.form(url, {"text": "到场后没有人核验身份，未能进入考试。"})
    assert answer.status_code == 302
    appeal = int(answer.headers["Location"].rpartition("/")[2])
    assert (case(held.app, appeal).kind, case(held.app, appeal).attempt_id) == ("complaint", None)
    decider = held.sign_in("decider")
    decider.form(f"/appeals/{appeal}/take", {"seen": ""})
    assert "没有开始作答" in decider.get(f"/appeals/{appeal}").text
    decider.form(f"/appeals/{appeal}", {"verdict": "upheld", "outcome": "考场当天人手不足，已安排补考。"})
    letter = absent.get(f"/appeals/{appeal}/letter").text
    assert "投诉成立" in letter
    assert "9.9" in letter


def test_an_invalidated_attempt_may_be_complained_of_not_appealed(held: Held) -> None:
    held.over()
    with held.app.app_context(), work(SYSTEM) as w:
        w.connection.execute(update(Attempt).where(Attempt.id == held.attempts["owner"]).values(state="invalidated"))
    owner = held.sign_in("owner")
    page = owner.get(f"/attempts/{held.attempts['owner']}").text
    assert f"/exams/sittings/{held.sitting}/complaint" in page
    assert owner.form(f"/attempts/{held.attempts['owner']}/appeal", {"text": TEXT}).status_code == 200
    with held.app.app_context():
        assert db.session.scalars(select(Appeal)).all() == []
    assert owner.form(f"/exams/sittings/{held.sitting}/complaint", {"text": TEXT}).status_code == 302


def test_the_overdue_stand_first_and_are_marked(held: Held, clock: TickingClock) -> None:
    held.over()
    first = file(held, "owner")
    clock.tick(days=1)
    second = file(held, "colleague")
    clock.set(due(CLOSES + timedelta(hours=1), SHANGHAI))
    page = held.sign_in("decider").get("/appeals").text
    assert page.index(f'href="/appeals/{first}"') < page.index(f'href="/appeals/{second}"')
    assert page.count("已逾期，应于") == 1
    only = held.sign_in("decider").get("/appeals?state=overdue").text
    assert f'href="/appeals/{second}"' not in only
    assert "1 件已逾期" in held.sign_in("decider").get("/").text
    assert "答复已逾期" in held.sign_in("owner").get(f"/appeals/mine/{first}").text
    assert "没有符合条件" in held.sign_in("decider").get("/appeals?kind=complaint").text
