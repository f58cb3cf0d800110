"""Rulings on fill-in texts: who may, whom they count for, and until when."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, update

from certification.actions import results, sittings
from certification.store import attempts
from certification.tables import Attempt, Booking, FillRuling, PastResult, Result, Sitting
from foundation.clock import TickingClock
from foundation.database import db
from foundation.tables import AuditRow
from foundation.work import SYSTEM, work
from people.tables import Person
from tests.cast import Cast, Visitor
from tests.certification import written
from tests.certification.written import ANSWERS

SignIn = Callable[[str], Visitor]
Ids = dict[str, Any]


@pytest.fixture
def ids(app: Flask, cast: Cast, seed: Callable[[dict[str, Any]], dict[str, int]], sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> Ids:
    """Nobody wrote a short answer, so that results wait for no marker; colleague and stranger wrote what no key knows."""
    for name, said in ANSWERS.items():
        monkeypatch.setitem(ANSWERS, name, {**said, "Q1": None, "Q4": None})
    return written.sat(app, cast, seed, sign_in)


@pytest.fixture
def rater(sign_in: SignIn) -> Visitor:
    return sign_in("rater")


def page(browser: Visitor, ids: Ids, more: str = "") -> str:
    answer = browser.get(f"/marking/fills/{ids['T1']}{more}")
    assert answer.status_code == 200
    return answer.text


def rule(browser: Visitor, ids: Ids, text: str = "派工单", gap: int = 1, verdict: str = "accept", **more: Any) -> Any:
    sent = {"version": ids["versions"]["Q2"], "gap": gap, "text": text, "verdict": verdict, **more}
    return browser.form(f"/marking/fills/{ids['T1']}", sent)


def mark_of(app: Flask, ids: Ids, name: str) -> float:
    with app.app_context():
        return db.session.get_one(Result, ids["attempts"][name]).mark


def count(app: Flask, table: Any) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_texts_are_grouped_with_how_many_wrote_them_and_what_is_nearest(ids: Ids, rater: Visitor) -> None:
    text = page(rater, ids)
    assert "共 2 条" in text
    assert "2 人这样写" in text, "both wrote the same, one with spaces around it"
    assert "1 人这样写" in text
    assert re.search(r"最接近“预约工单”，相似 \d\d%", text)
    assert "还没有人看过" in rater.get("/marking").text


def test_an_accepted_text_counts_for_everybody_who_wrote_it(
    app: Flask, ids: Ids, rater: Visitor, cast: Cast, sign_in: SignIn
) -> None:
    assert [mark_of(app, ids, name) for name in ANSWERS] == [8, 6, 6]
    answer = rule(rater, ids, reason="派工单就是预约工单")
    assert answer.status_code == 302
    assert [mark_of(app, ids, name) for name in ANSWERS] == [8, 8, 6], "the stranger's other gap is still wrong"
    assert "1 份答卷的得分有变化" in page(rater, ids)
    assert count(app, PastResult) == 1, "a result that says the same stays"
    timeline = sign_in("officer").get(f"/sittings/{ids['T1']}/attempts/{ids['attempts']['colleague']}").text
    assert "填空答案的认定" in timeline, "why a result was replaced is said in words"
    with app.app_context():
        [row] = db.session.scalars(select(FillRuling))
        assert (row.text, row.blank, row.accepted, row.reason, row.by) == ("派工单", 1, True, "派工单就是预约工单", cast.rater.account_id)
        assert {past.why for past in db.session.scalars(select(PastResult))} == {"fill_ruled"}
        audit = db.session.scalars(select(AuditRow).where(AuditRow.event == "fill.ruled")).one()
        assert "派工单" not in audit.detail
    shown = page(rater, ids)
    assert cast.rater.name in shown
    assert 'value="accept" aria-pressed="true"' in shown


def test_the_newest_ruling_holds_and_the_former_ones_stay(app: Flask, ids: Ids, rater: Visitor, sign_in: SignIn) -> None:
    rule(rater, ids)
    rule(sign_in("other_rater"), ids, verdict="reject")
    assert mark_of(app, ids, "colleague") == 6
    assert count(app, FillRuling) == 2
    rule(rater, ids)
    assert mark_of(app, ids, "colleague") == 8


def test_both_gaps_ruled_make_a_whole_answer(app: Flask, ids: Ids, rater: Visitor) -> None:
    rule(rater, ids)
    rule(rater, ids, text="赶早", gap=0)
    assert [mark_of(app, ids, name) for name in ANSWERS] == [8, 8, 8]


def test_an_accepted_text_earns_its_share_where_each_gap_counts(app: Flask, cast: Cast, seed: Any, sign_in: SignIn) -> None:
    ids = written.sat(app, cast, seed, sign_in, people=("stranger",), scoring={"fill": "share"})
    rule(sign_in("rater"), ids)
    with app.app_context():
        marks = db.session.get_one(Result, ids["attempts"]["stranger"]).marks
    assert sorted(mark for _slot, _fraction, mark in marks if mark is not None) == [1, 2, 2, 2]


def test_a_text_that_nobody_looked_at_holds_nothing_up_but_is_said(app: Flask, ids: Ids, rater: Visitor, sign_in: SignIn) -> None:
    officer = sign_in("officer")
    assert "有 2 种填空写法还没有人看过" in officer.get(f"/sittings/{ids['T1']}").text
    rule(rater, ids, verdict="reject")
    shown = officer.get(f"/sittings/{ids['T1']}").text
    assert "有 1 种填空写法还没有人看过" in shown
    assert f"/sittings/{ids['T1']}/marking" in shown
    officer.form(f"/sittings/{ids['T1']}/release")
    with app.app_context():
        assert db.session.get_one(Sitting, ids["T1"]).released is not None


def test_nothing_is_ruled_after_the_release(app: Flask, ids: Ids, rater: Visitor, sign_in: SignIn) -> None:
    sign_in("officer").form(f"/sittings/{ids['T1']}/release")
    assert rater.get(f"/marking/fills/{ids['T1']}").status_code == 404
    assert rule(rater, ids).status_code == 404
    assert count(app, FillRuling) == 0


def test_a_ruling_made_later_in_another_sitting_leaves_a_released_result_alone(
    app: Flask, ids: Ids, rater: Visitor, sign_in: SignIn, cast: Cast, clock: TickingClock
) -> None:
    sign_in("officer").form(f"/sittings/{ids['T1']}/release")
    clock.tick(minutes=1)
    with app.app_context(), work(SYSTEM) as w:
        first = w.session.get_one(Sitting, ids["T1"])
        again = Sitting(
            code="T2", programme_edition_id=first.programme_edition_id, form_id=first.form_id, opens=first.opens, closes=first.closes,
            created=w.now,
        )
        w.session.add(again)
        w.session.flush()
        sittings.book(w, again.id, cast.owner.person_id)
        second = again.id
    said = {"Q1": None, "Q4": None, "Q2": ["十分钟", "派工单"]}
    attempt = written.sit(app, sign_in("owner"), second, ids["versions"], said)
    assert rule(rater, {**ids, "T1": second}).status_code == 302
    with app.app_context():
        assert db.session.get_one(Result, attempt).mark == 8
    assert mark_of(app, ids, "colleague") == 6
    with app.app_context(), work(SYSTEM) as w:  # whatever grades the released one anew reads what held when it was released
        results.grade_again(w, attempts.any_attempt(w.connection, ids["attempts"]["colleague"]), "regraded")
    assert mark_of(app, ids, "colleague") == 6


def test_a_result_that_a_ruling_missed_is_brought_up_to_date_at_the_release(app: Flask, ids: Ids, rater: Visitor, sign_in: SignIn) -> None:
    rule(rater, ids)
    with app.app_context(), work(SYSTEM) as w:  # as if the paper had been handed in while the ruling was being kept
        before = w.connection.execute(select(PastResult.marks).where(PastResult.attempt_id == ids["attempts"]["colleague"])).scalar_one()
        lost = update(Result).where(Result.attempt_id == ids["attempts"]["colleague"])
        w.connection.execute(lost.values(mark=6, fraction=0.5, marks=before))
        w.connection.execute(delete(PastResult))
    sign_in("officer").form(f"/sittings/{ids['T1']}/release")
    assert mark_of(app, ids, "colleague") == 8
    assert count(app, PastResult) == 1, "who was up to date already is left alone"


@pytest.mark.parametrize(("sent", "status"), [
    ({"verdict": ""}, 422), ({"verdict": "maybe"}, 422), ({"text": ""}, 422), ({"gap": "x"}, 422), ({"reason": "长" * 501}, 422),
    ({"text": "谁也没写过"}, 404), ({"gap": 0}, 404), ({"version": 999}, 404),
])
def test_bad_input_keeps_nothing(app: Flask, ids: Ids, rater: Visitor, sent: dict[str, Any], status: int) -> None:
    answer = rule(rater, ids, **sent)
    assert answer.status_code == status
    assert count(app, FillRuling) == 0
    if "reason" in sent:
        assert sent["reason"] in answer.text, "what was typed is still there"


def test_nobody_rules_on_what_they_wrote_themselves(app: Flask, ids: Ids, sign_in: SignIn, cast: Cast) -> None:
    with app.app_context(), work(SYSTEM) as w:  # the stranger's paper is the rater's own
        for table in (Attempt, Booking):
            own = update(table).where(table.person_id == cast.stranger.person_id)
            w.connection.execute(own.values(person_id=cast.rater.person_id))
    rater = sign_in("rater")
    answer = rater.form(f"/marking/fills/{ids['T1']}", {
        "version": ids["versions"]["Q2"], "gap": 0, "text": "赶早", "verdict": "accept",
    }, follow_redirects=True)
    assert "请由其他评分员认定" in answer.text
    assert count(app, FillRuling) == 0
    assert rule(sign_in("other_rater"), ids, "赶早", 0).status_code == 302
    assert count(app, FillRuling) == 1


def test_the_list_can_be_searched_and_filtered(ids: Ids, rater: Visitor) -> None:
    rule(rater, ids)
    assert "共 1 条" in page(rater, ids, "?q=赶早")
    assert "派工单</b>" not in page(rater, ids, "?state=unseen")
    assert "派工单</b>" in page(rater, ids, "?state=accepted")
    assert "没有符合条件的写法" in page(rater, ids, "?q=没有这样的")


def test_only_the_operators_raters_rule(app: Flask, ids: Ids, rater: Visitor, sign_in: SignIn, cast: Cast, nobody: Visitor) -> None:
    for name in ("owner", "officer", "auditor", "trainer", "decider"):
        assert rule(sign_in(name), ids).status_code == 403
    with app.app_context(), work(SYSTEM) as w:
        w.connection.execute(update(Person).where(Person.id == cast.other_rater.person_id).values(partner_id=cast.partners["P01"]))
    assert rule(sign_in("other_rater"), ids).status_code == 404
    assert "填空" not in sign_in("other_rater").get("/marking").text.partition("<main")[2].partition("lead-line")[2].partition("empty")[0]
    assert nobody.get(f"/marking/fills/{ids['T1']}").status_code == 302
    assert count(app, FillRuling) == 0
