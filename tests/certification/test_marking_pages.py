"""Marking by hand from the first tap to the released result: who sees what, who may what, and that nothing gets lost."""

import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from fractions import Fraction
from html import unescape
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from certification.actions import timing
from certification.marking import CLAIM
from certification.store import attempts as attempts_store
from certification.tables import Booking, Decision, Marking, PastResult, Result
from certification.timing import Kind
from foundation.clock import TickingClock
from foundation.database import db
from foundation.tables import AuditRow
from foundation.work import SYSTEM, work
from people.tables import Person
from tests import cast as players
from tests.cast import Cast, Visitor
from tests.certification import written
from tests.certification.exams import Room
from tests.certification.written import ANSWERS, MODEL, SHORTS
from tests.conftest import START

SignIn = Callable[[str], Visitor]
Ids = dict[str, Any]


@pytest.fixture
def ids(app: Flask, cast: Cast, seed: Callable[[dict[str, Any]], dict[str, int]], sign_in: SignIn) -> Ids:
    """Owner, colleague and stranger have handed in sitting T1."""
    return written.sat(app, cast, seed, sign_in)


class Desk:
    """One rater in front of one question."""

    def __init__(self, browser: Visitor, ids: Ids, code: str = "Q1", third: bool = False) -> None:
        self.browser = browser
        self.url = f"/marking/{ids['T1']}/{ids['versions'][code]}{'/third' if third else ''}"

    def take(self) -> str:
        """Take the next answer; what the page shows of it."""
        assert self.browser.form(f"{self.url}/take").status_code == 302
        return self.shown()

    def shown(self, more: str = "") -> str:
        """The text of the answer on the page, or nothing."""
        found = re.search(r'class="marking-text">(.*?)</p>', self.page(more), re.S)
        return unescape(found[1]) if found else ""

    def page(self, more: str = "") -> str:
        answer = self.browser.get(self.url + more)
        assert answer.status_code == 200, answer.status
        return answer.text

    def alias(self, more: str = "") -> str:
        found = re.search(r'name="answer"[^>]*value="([^"]+)"', self.page(more)) or re.search(r'data-marking="([^"]+)"', self.page(more))
        assert found, "no answer is taken"
        return found[1]

    def mark(self, quarters: int, comment: str = "", alias: str = "") -> Any:
        return self.browser.form(self.url, {"answer": alias or self.alias(), "mark": quarters, "comment": comment})

    def mark_all(self, quarters: dict[str, int]) -> list[str]:
        """Mark everything that waits, by the text of the answer; the texts in the order in which they came."""
        seen = []
        text = self.take()
        while text:
            seen.append(text)
            assert self.mark(quarters[text]).status_code == 302
            text = self.shown()
        return seen


def desk(sign_in: SignIn, ids: Ids, name: str = "rater", code: str = "Q1", third: bool = False) -> Desk:
    return Desk(sign_in(name), ids, code, third)


def texts(code: str = "Q1") -> dict[str, str]:
    return {name: said[code] for name, said in ANSWERS.items() if said[code].strip()}


def everybody(quarters: int, code: str = "Q1") -> dict[str, int]:
    return dict.fromkeys(texts(code).values(), quarters)


def result(app: Flask, attempt: str) -> Result:
    with app.app_context():
        return db.session.get_one(Result, attempt)


def deeds(app: Flask, event: str) -> list[dict[str, Any]]:
    """What the audit says of each such deed."""
    with app.app_context():
        query = select(AuditRow.detail).where(AuditRow.event == event).order_by(AuditRow.seq)
        return [json.loads(detail) for detail in db.session.scalars(query)]


# The way to a result


def test_two_markers_settle_every_answer_and_the_last_mark_grades_the_attempt(app: Flask, ids: Ids, sign_in: SignIn) -> None:
    officer = sign_in("officer")
    owner = ids["attempts"]["owner"]
    assert result(app, owner).state == "marking"
    assert "还有 3 份答卷没有评完分" in officer.form(f"/sittings/{ids['T1']}/release", follow_redirects=True).text
    for code in SHORTS:
        for name in ("rater", "other_rater"):
            desk(sign_in, ids, name, code).mark_all(everybody(3, code))
    graded = result(app, owner)
    assert (graded.state, graded.mark) == ("marked", 6 + 2 + 3), "three choices, the fill-in, two shorts at three quarters"
    assert result(app, ids["attempts"]["colleague"]).mark == 6 + 1.5, "the blank one is nothing, the unknown fill-in too"
    with app.app_context():
        past = db.session.scalars(select(PastResult).where(PastResult.attempt_id == owner)).all()
        assert [(row.state, row.why) for row in past] == [("marking", "marked")]
    assert len(deeds(app, "attempt.marked")) == 3
    assert officer.form(f"/sittings/{ids['T1']}/release").status_code == 302
    assert result(app, owner).state == "released"
    with app.app_context():
        assert len(db.session.scalars(select(Decision)).all()) == 3


def test_a_blank_answer_is_shown_to_nobody_and_worth_nothing(app: Flask, ids: Ids, sign_in: SignIn) -> None:
    seen = desk(sign_in, ids, code="Q4").mark_all(everybody(4, "Q4"))
    assert sorted(seen) == sorted([ANSWERS["owner"]["Q4"], ANSWERS["stranger"]["Q4"]])


def test_whoever_leaves_every_short_answer_blank_is_marked_at_once(
    app: Flask, cast: Cast, seed: Callable[[dict[str, Any]], dict[str, int]], sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ANSWERS, "owner", {"Q1": None, "Q4": " \n", "Q2": ["十分钟", "预约工单"]})
    found = written.sat(app, cast, seed, sign_in, people=("owner",))
    graded = result(app, found["attempts"]["owner"])
    assert (graded.state, graded.mark) == ("marked", 8)
    assert "现在没有要评的答案" in sign_in("rater").get("/marking").text


def test_a_difference_goes_to_a_third_who_sees_both_marks_and_settles_it(app: Flask, ids: Ids, sign_in: SignIn, cast: Cast) -> None:
    first, second = desk(sign_in, ids), desk(sign_in, ids, "other_rater")
    first.mark_all(everybody(0))
    second.mark_all(everybody(4))
    assert first.browser.get(first.url + "/third").status_code == 200
    for own in (first, second):
        own.browser.form(f"{own.url}/third/take")
        assert "marking-text" not in own.browser.get(own.url + "/third").text, "who marked it is never the third"
    third = desk(sign_in, ids, "third_rater", third=True)
    assert "等您评定的分歧" in third.browser.get("/marking").text
    text = third.take()
    page = third.page()
    assert "前两位的评分" in page
    assert all(cast[name].name not in page for name in ("rater", "other_rater"))
    assert third.mark(1, "只说了一半").status_code == 302
    name = next(name for name, said in texts().items() if said == text)
    with app.app_context():
        query = select(Marking).where(Marking.attempt_id == ids["attempts"][name], Marking.round == 3)
        settled = db.session.scalars(query).one()
        assert (settled.fraction, settled.comment, settled.marker_id) == (0.25, "只说了一半", cast.third_rater.account_id)


def test_the_first_mark_is_blind_to_the_other(ids: Ids, sign_in: SignIn) -> None:
    first, second = desk(sign_in, ids), desk(sign_in, ids, "other_rater")
    first.take()
    while first.shown():
        first.mark(4, "评语只给考务看")
    second.take()
    while second.shown():
        assert "评语只给考务看" not in second.page()
        assert "前两位" not in second.page()
        second.mark(4)


def test_marks_within_the_tolerance_count_by_their_mean(app: Flask, ids: Ids, sign_in: SignIn) -> None:
    desk(sign_in, ids, "rater").mark_all(everybody(3))
    desk(sign_in, ids, "other_rater").mark_all(everybody(4))
    for code in ("Q4",):
        for name in ("rater", "other_rater"):
            desk(sign_in, ids, name, code).mark_all(everybody(0, code))
    found = {slot: fraction for slot, fraction, _mark in result(app, ids["attempts"]["owner"]).marks}
    assert float(Fraction(7, 8)) in found.values()
    assert result(app, ids["attempts"]["owner"]).mark == 6 + 2 + 1.75


# Taking and holding


def test_two_who_take_at_the_same_time_get_different_answers(app: Flask, ids: Ids, cast: Cast) -> None:
    raters = [players.sign_in(app, cast, name) for name in ("rater", "other_rater", "third_rater")]
    together = Barrier(3)

    def take(browser: Visitor) -> int:
        together.wait()
        return browser.form(f"/marking/{ids['T1']}/{ids['versions']['Q1']}/take").status_code

    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(take, raters)) == [302, 302, 302]
    with app.app_context():
        rows = db.session.execute(select(Marking.attempt_id, Marking.round, Marking.marker_id)).all()
    assert len({(row.attempt_id, row.round) for row in rows}) == 3
    assert {row.marker_id for row in rows} == {cast[name].account_id for name in ("rater", "other_rater", "third_rater")}


def test_no_more_than_two_ever_hold_one_answer(app: Flask, cast: Cast, seed: Any, sign_in: SignIn) -> None:
    ids = written.sat(app, cast, seed, sign_in, people=("owner",))
    assert desk(sign_in, ids, "rater").take() == ANSWERS["owner"]["Q1"]
    assert desk(sign_in, ids, "other_rater").take() == ANSWERS["owner"]["Q1"]
    assert desk(sign_in, ids, "third_rater").take() == ""
    assert desk(sign_in, ids, "rater").take() == ANSWERS["owner"]["Q1"], "one's own claim stays"
    with app.app_context():
        assert db.session.query(Marking).count() == 2


def test_a_claim_lapses_and_goes_to_another(app: Flask, cast: Cast, seed: Any, sign_in: SignIn, clock: TickingClock) -> None:
    ids = written.sat(app, cast, seed, sign_in, people=("owner",))
    slow, quick, third = (desk(sign_in, ids, name) for name in ("rater", "other_rater", "third_rater"))
    slow.take()
    alias = slow.alias()
    quick.take()
    quick.mark(2)
    clock.tick(minutes=29)
    assert third.take() == ""
    clock.tick(minutes=1)
    assert slow.shown() == "", "it went back"
    assert third.take() == ANSWERS["owner"]["Q1"]
    assert len(deeds(app, "marking.cleared")) == 1
    long = "".join(chr(0x4E00 + 7919 * place % 20_000) for place in range(1000))
    answer = slow.browser.form(slow.url, {"answer": alias, "mark": 3, "comment": long})
    assert answer.status_code == 409
    assert "已转给其他评分员" in answer.text
    assert long in answer.text, "what was typed is still there"
    assert all(len(cookie) < 4000 for cookie in answer.headers.getlist("Set-Cookie")), "more than a browser keeps"
    third.mark(2)
    with app.app_context():
        assert {row.marker_id for row in db.session.scalars(select(Marking))} == {cast.other_rater.account_id, cast.third_rater.account_id}


def test_a_mark_that_comes_late_is_kept_while_a_round_is_free(app: Flask, ids: Ids, sign_in: SignIn, clock: TickingClock) -> None:
    slow = desk(sign_in, ids)
    slow.take()
    alias = slow.alias()
    clock.tick(seconds=CLAIM.total_seconds() + 60)
    assert slow.mark(3, "评得慢", alias).status_code == 302
    with app.app_context():
        assert [row.comment for row in db.session.scalars(select(Marking).where(Marking.fraction == 0.75))] == ["评得慢"]


def test_a_marker_corrects_until_it_is_settled_and_not_after(app: Flask, cast: Cast, seed: Any, sign_in: SignIn) -> None:
    ids = written.sat(app, cast, seed, sign_in, people=("owner",))
    first, second = desk(sign_in, ids), desk(sign_in, ids, "other_rater")
    first.take()
    alias = first.alias()
    first.mark(0, "手滑")
    page = first.page(f"?answer={alias}")
    assert "手滑" in page
    assert 'value="0" aria-pressed="true"' in page
    assert first.mark(4, "改好了", alias).status_code == 302
    assert [row["before"] for row in deeds(app, "marking.marked")] == [None, 0.0]
    second.take()
    second.mark(4)
    assert "得分已定" in first.page(f"?answer={alias}")
    assert "不能由您评分" not in first.browser.form(first.url, {"answer": alias, "mark": 0}, follow_redirects=True).text
    with app.app_context():
        assert [row.fraction for row in db.session.scalars(select(Marking))] == [1.0, 1.0]
        assert db.session.scalars(select(Marking.comment).where(Marking.round == 1)).one() == "改好了"


def test_the_third_may_put_a_slip_right_until_release(app: Flask, cast: Cast, seed: Any, sign_in: SignIn) -> None:
    ids = written.sat(app, cast, seed, sign_in, people=("owner",))
    for code in SHORTS:
        desk(sign_in, ids, "rater", code).mark_all(everybody(0, code))
        desk(sign_in, ids, "other_rater", code).mark_all(everybody(4 if code == "Q1" else 0, code))
    third = desk(sign_in, ids, "third_rater", third=True)
    third.take()
    alias = third.alias()
    third.mark(1)
    assert result(app, ids["attempts"]["owner"]).mark == 8.5
    third.mark(3, alias=alias)
    assert result(app, ids["attempts"]["owner"]).mark == 9.5
    assert sign_in("officer").form(f"/sittings/{ids['T1']}/release").status_code == 302
    assert third.browser.form(third.url, {"answer": alias, "mark": 0}).status_code == 404
    assert result(app, ids["attempts"]["owner"]).mark == 9.5


def test_bad_input_is_refused_and_what_was_typed_stays(app: Flask, ids: Ids, sign_in: SignIn) -> None:
    mine = desk(sign_in, ids)
    mine.take()
    for wrong in ({"mark": "5"}, {"mark": ""}, {"mark": "-1"}, {"mark": "x"}, {}):
        answer = mine.browser.form(mine.url, {"answer": mine.alias(), "comment": "已经写好的评语", **wrong})
        assert answer.status_code == 422
        assert "已经写好的评语" in answer.text
        assert "请选择一个得分" in answer.text
    long = mine.browser.form(mine.url, {"answer": mine.alias(), "mark": 2, "comment": "长" * 1001})
    assert long.status_code == 422
    assert "评语最多 1000 字" in long.text
    assert mine.browser.form(mine.url, {"answer": "AAAAAAAAAAAAAAAA", "mark": 2}).status_code == 409
    with app.app_context():
        assert db.session.scalars(select(Marking).where(Marking.fraction.is_not(None))).all() == []


# Who sees what


def test_no_page_of_a_marker_tells_who_wrote_an_answer(app: Flask, ids: Ids, sign_in: SignIn, cast: Cast) -> None:
    mine, other = desk(sign_in, ids), desk(sign_in, ids, "other_rater")
    pages = [mine.browser.get("/marking").text, mine.browser.get("/").text, mine.page()]
    mine.take()
    while mine.shown():
        pages.append(mine.page())
        mine.mark(0)
    other.mark_all(everybody(4))
    pages.append(mine.page())
    third = desk(sign_in, ids, "third_rater", third=True)
    third.take()
    pages += [third.page(), third.browser.get(f"/marking/fills/{ids['T1']}").text]
    secrets = [ids["attempts"][name] for name in ANSWERS]
    secrets += [value for name in ANSWERS for value in (cast[name].name, cast[name].staff_no, cast[name].username)]
    secrets += ["华信通服", "远诚网络", "三号机房", "P01", "P02"]
    for page in pages:
        assert [secret for secret in secrets if secret in page] == []


def test_a_marker_sees_the_question_the_model_answer_and_the_clause(ids: Ids, sign_in: SignIn) -> None:
    mine = desk(sign_in, ids)
    assert SHORTS["Q1"] not in mine.page(), "nothing before an answer is taken"
    mine.take()
    page = mine.page()
    assert SHORTS["Q1"] in page
    assert MODEL in page
    assert "按时到达" in page
    assert ">0.5<" in page
    assert "满分 2 分" in page


def test_a_candidate_sees_no_mark_before_release_and_no_comment_ever(ids: Ids, sign_in: SignIn) -> None:
    for code in SHORTS:
        for name in ("rater", "other_rater"):
            mine = desk(sign_in, ids, name, code)
            mine.take()
            while mine.shown():
                mine.mark(3, "canary 评语")
    owner, attempt = sign_in("owner"), ids["attempts"]["owner"]
    for url in (f"/attempts/{attempt}", f"/api/v1/attempts/{attempt}", "/", "/exams"):
        page = re.sub(r"<svg.*?</svg>", "", owner.get(url).text, flags=re.S)
        assert "canary" not in page
        assert re.search(r"1\.5|11 ?/|11 分|92%|0\.9167", page) is None
    assert owner.get("/marking").status_code == 403
    sign_in("officer").form(f"/sittings/{ids['T1']}/release")
    assert "canary" not in owner.get(f"/attempts/{attempt}").text


def test_nothing_is_marked_while_somebody_may_still_write(
    app: Flask, cast: Cast, seed: Any, sign_in: SignIn, clock: TickingClock
) -> None:
    ids = written.sat(app, cast, seed, sign_in, people=("owner",), booked=("colleague",))
    browser = sign_in("rater")
    url = f"/marking/{ids['T1']}/{ids['versions']['Q1']}"
    assert browser.get(url).status_code == browser.form(f"{url}/take").status_code == 404
    page = browser.get("/marking").text
    assert "还没有开始评分的场次" in page
    assert SHORTS["Q1"] not in page
    clock.tick(hours=2)
    assert browser.get(url).status_code == 200


def test_nobody_marks_themselves_their_company_or_whom_they_booked(app: Flask, ids: Ids, sign_in: SignIn, cast: Cast) -> None:
    with app.app_context(), work(SYSTEM) as w:
        w.connection.execute(update(Person).where(Person.id == cast.rater.person_id).values(partner_id=cast.partners["P01"]))
        w.connection.execute(
            update(Booking).where(Booking.person_id == cast.stranger.person_id).values(booked_by=cast.other_rater.account_id)
        )
        w.connection.execute(update(Person).where(Person.id == cast.owner.person_id).values(partner_id=cast.partners["OPERATOR"]))
    desk(sign_in, ids, "rater").mark_all(everybody(4))
    seen = desk(sign_in, ids, "other_rater").mark_all(everybody(4))
    assert sorted(seen) == sorted([ANSWERS["owner"]["Q1"], ANSWERS["colleague"]["Q1"]])
    with app.app_context():
        mine = select(Marking.attempt_id).where(Marking.marker_id == cast.rater.account_id)
        assert set(db.session.scalars(mine)) == {ids["attempts"]["owner"], ids["attempts"]["stranger"]}


def test_an_answer_of_another_question_or_reader_is_not_found(ids: Ids, sign_in: SignIn) -> None:
    mine, other = desk(sign_in, ids), desk(sign_in, ids, "other_rater")
    mine.take()
    alias = mine.alias()
    mine.mark(2)
    assert mine.browser.get(f"{mine.url}?answer={alias}").status_code == 200
    assert other.browser.get(f"{other.url}?answer={alias}").status_code == 404
    assert mine.browser.get(f"/marking/{ids['T1']}/{ids['versions']['Q3']}").status_code == 404, "a choice is no short answer"
    assert mine.browser.get(f"/marking/{ids['T1'] + 1}/{ids['versions']['Q1']}").status_code == 404


@pytest.mark.parametrize(("name", "status"), [
    ("rater", 200), ("owner", 403), ("officer", 403), ("auditor", 403), ("coordinator", 403), ("decider", 403), ("trainer", 403),
])
def test_only_raters_mark(ids: Ids, sign_in: SignIn, name: str, status: int) -> None:
    browser = sign_in(name)
    url = f"/marking/{ids['T1']}/{ids['versions']['Q1']}"
    assert browser.get("/marking").status_code == browser.get(url).status_code == status
    assert browser.form(f"{url}/take").status_code == (302 if status == 200 else 403)


def test_nobody_is_sent_to_sign_in(ids: Ids, nobody: Visitor) -> None:
    assert nobody.get(f"/marking/{ids['T1']}/{ids['versions']['Q1']}").status_code == 302


# An answer that was written anew


def test_a_mark_on_an_older_text_does_not_count(app: Flask, cast: Cast, seed: Any, sign_in: SignIn, clock: TickingClock) -> None:
    ids = written.sat(app, cast, seed, sign_in, people=("owner",))
    for name in ("rater", "other_rater"):
        desk(sign_in, ids, name).mark_all(everybody(4))
    attempt = ids["attempts"]["owner"]
    clock.tick(minutes=5)
    _write_anew(app, sign_in, ids, attempt, {"Q1": "想了想，改成这样", "Q4": "当面演示一遍", "Q2": ["十分钟", "预约工单"]})
    assert result(app, attempt).state == "marking"
    first = desk(sign_in, ids)
    assert first.take() == "想了想，改成这样"
    assert sorted(row["round"] for row in deeds(app, "marking.cleared")) == [1, 2], "the audit keeps what was cleared"
    first.mark(0)
    desk(sign_in, ids, "other_rater").mark_all({"想了想，改成这样": 0})
    for name in ("rater", "other_rater"):
        desk(sign_in, ids, name, "Q4").mark_all(everybody(4, "Q4"))
    assert (result(app, attempt).state, result(app, attempt).mark) == ("marked", 6 + 2 + 0 + 2)


def _write_anew(app: Flask, sign_in: SignIn, ids: Ids, attempt: str, said: dict[str, Any]) -> None:
    """The officer opens the attempt again, the owner answers and hands in."""
    with app.app_context(), work(SYSTEM) as w:
        row = attempts_store.any_attempt(w.connection, attempt)
        assert timing.turn(w, row, Kind.REOPENED, "网络中断", 600) is None
    room = Room(app, sign_in("owner"), ids["T1"], attempt)
    assert room.start().status_code == 200
    assert room.put(*written.responses(app, attempt, ids["versions"], said, seq=2)).json["refused"] == []
    assert room.submit("k2").status_code == 200


# The officer


def test_the_officer_sees_progress_agreement_and_who_holds_what(app: Flask, ids: Ids, sign_in: SignIn, cast: Cast) -> None:
    officer = sign_in("officer")
    url = f"/sittings/{ids['T1']}/marking"
    desk(sign_in, ids).mark_all(everybody(2))
    held = desk(sign_in, ids, "other_rater")
    held.take()
    page = officer.get(url).text
    assert "阅卷进度" in page
    assert cast.other_rater.name in page
    assert "另有 1 份没有作答" in page
    assert "少于 10 份" in page
    for name in ANSWERS:
        assert cast[name].name not in page
        assert cast[name].staff_no not in page
        assert ids["attempts"][name] not in page
    found = re.search(r'name="answer" value="([^"]+)".*?name="round" value="(\d)"', page, re.S)
    assert found
    assert sign_in("auditor").get(url).status_code == 200
    assert "收回" not in sign_in("auditor").get(url).text
    assert sign_in("auditor").form(f"{url}/claims", {"answer": found[1], "round": found[2]}).status_code == 403
    gone = officer.form(f"{url}/claims", {"answer": found[1], "round": found[2]}, follow_redirects=True)
    assert "已收回" in gone.text
    assert held.shown() == ""
    assert [row["marker"] for row in deeds(app, "marking.claim_dropped")] == [cast.other_rater.account_id]
    again = officer.form(f"{url}/claims", {"answer": found[1], "round": found[2]}, follow_redirects=True)
    assert "已经没有人占着" in again.text
    assert sign_in("rater").get(url).status_code == 403


def test_a_mark_is_never_dropped_with_its_claim(app: Flask, ids: Ids, sign_in: SignIn) -> None:
    held = desk(sign_in, ids)
    held.take()
    page = sign_in("officer").get(f"/sittings/{ids['T1']}/marking").text
    found = re.search(r'name="answer" value="([^"]+)".*?name="round" value="(\d)"', page, re.S)
    assert found
    held.mark(2)
    sign_in("officer").form(f"/sittings/{ids['T1']}/marking/claims", {"answer": found[1], "round": found[2]})
    with app.app_context():
        assert db.session.scalars(select(Marking).where(Marking.fraction == 0.5)).one().round == int(found[2])


def test_home_tells_the_rater_what_waits(ids: Ids, sign_in: SignIn) -> None:
    page = sign_in("rater").get("/").text
    assert "等您阅卷" in page
    assert ">5<" in page.replace("\n", ""), "three and two answers in all"
    for code in SHORTS:
        desk(sign_in, ids, code=code).mark_all(everybody(4, code))
    assert "简答待评" in sign_in("rater").get("/").text, "texts of the fill-in still wait"


def test_the_due_day_is_five_days_after_the_end(ids: Ids, sign_in: SignIn, clock: TickingClock) -> None:
    clock.set(START + timedelta(days=5, hours=2, microseconds=-1))
    assert "已过期" not in sign_in("rater").get("/marking").text
    clock.set(START + timedelta(days=5, hours=2))
    assert "已过期" in sign_in("rater").get("/marking").text
