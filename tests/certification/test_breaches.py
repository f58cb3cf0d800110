"""Breaches carried out: measures, suspensions, what fulfils them, lifting, and the dispatcher's next answer."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from certification import licence as licence_rule
from certification.actions import breaches as actions
from certification.actions import decisions, licence_acts
from certification.actions.licence_acts import Act
from certification.actions.licences import NewEvent, append_event
from certification.breach import Kind, Refusal, Verdict
from certification.decision import Verdict as DecisionVerdict
from certification.licence import Kind as LicenceKind
from certification.store import breaches as store
from certification.store import licences as licence_store
from certification.tables import Breach, BreachMeasure, Decision, Licence, LicenceEvent, Programme, Training, TrainingAttendance
from foundation.clock import TickingClock
from foundation.database import db
from foundation.work import SYSTEM, work
from tests.cast import Cast, Visitor
from tests.certification import field
from tests.certification.holders import KEY, granted, question
from tests.conftest import START

SignIn = Callable[[str], Visitor]
DAY = timedelta(days=1)
OUTCOME = "照片里的工号牌是同事的，记录有误，予以撤销。"


@pytest.fixture
def staged(app: Flask, cast: Cast) -> dict[str, Any]:
    return field.stage(app, cast, owner=[granted()], colleague=[granted(grade="excellent")])


def measures(app: Flask) -> list[tuple[str, str]]:
    """Kind and why it was closed ("" while it is open), in the order in which they were opened."""
    with app.app_context():
        return [(row.kind, row.why_closed) for row in db.session.scalars(select(BreachMeasure).order_by(BreachMeasure.id))]


def standing(app: Flask, cast: Cast, at: datetime = START, who: str = "owner") -> str:
    with app.app_context():
        view = licence_store.licences_of(db.session, cast[who].person_id)[0]
        return str(licence_rule.standing_at(view.spans, at, 60).state)


def last_event(app: Flask) -> LicenceEvent:
    with app.app_context():
        return db.session.scalars(select(LicenceEvent).order_by(LicenceEvent.id.desc())).first()  # type: ignore[return-value]


def train(app: Flask, cast: Cast, held: datetime, programme: str = "GC") -> None:
    with app.app_context(), work(SYSTEM, held) as w:
        programme_id = w.session.scalars(select(Programme.id).where(Programme.code == programme)).one()
        row = Training(
            programme_id=programme_id, title="复训", held=held, minutes=90, trainer_id=cast.trainer.account_id, recorded=held,
            recorded_by=cast.trainer.account_id,
        )
        w.session.add(row)
        w.session.flush()
        w.session.add(TrainingAttendance(training_id=row.id, person_id=cast.owner.person_id))
        w.session.flush()
        actions.fulfil(w, [cast.owner.person_id])


def decide(
    app: Flask, cast: Cast, number: str, verdict: Verdict = Verdict.LIFT, by: str = "decider", at: datetime = START
) -> Refusal | None:
    breach = field.breach_id(app, number)
    with app.app_context(), work(field.as_of(cast, by), at) as w:
        return actions.decide(w, cast.owner.person_id, breach, verdict, OUTCOME)


def test_three_points_ask_for_a_retraining_and_leave_the_licence_in_force(app: Flask, cast: Cast, staged: Any) -> None:
    field.record(app, cast)
    assert measures(app) == [("retraining", "")]
    assert standing(app, cast) == "active"


def test_a_form_that_is_sent_twice_counts_once(app: Flask, cast: Cast, staged: Any) -> None:
    assert field.record(app, cast) == field.record(app, cast)
    with app.app_context():
        assert db.session.scalars(select(Breach.points)).all() == [3]
    assert measures(app) == [("retraining", "")]
    assert field.record(app, cast, by="decider") != field.record(app, cast, clause=field.KEY)


def test_a_key_clause_weighs_one_more(app: Flask, cast: Cast, staged: Any) -> None:
    field.record(app, cast, clause=field.KEY)
    with app.app_context():
        assert db.session.scalars(select(Breach.points)).one() == 4


def test_six_points_suspend_in_the_same_transaction_and_nobody_stands_in_the_ledger(app: Flask, cast: Cast, staged: Any) -> None:
    field.record(app, cast, "grave")
    assert measures(app) == [("retraining", ""), ("suspension", "")]
    assert (standing(app, cast), standing(app, cast, who="colleague")) == ("suspended", "active")
    event = last_event(app)
    assert (event.kind, event.reason_code, event.by) == ("suspended", "breach_points", None)


def test_the_dispatcher_is_told_no_at_the_next_question(app: Flask, cast: Cast, staged: Any, client: Any) -> None:
    def ask() -> dict[str, Any]:
        answer = client.post("/api/v1/access/evaluation", json=question(), headers={"Authorization": f"Bearer {KEY}"})
        return dict(answer.get_json())

    assert ask()["decision"] is True
    number = field.record(app, cast, "grave")
    denied = ask()
    assert denied["decision"] is False
    assert "suspended" in str(denied["context"])
    decide(app, cast, number)
    assert ask()["decision"] is True


def test_a_retraining_that_is_not_done_by_its_day_stops_the_visits_after_it(app: Flask, cast: Cast, staged: Any, client: Any) -> None:
    def ask(days: int) -> list[str]:
        visit = {"starts": (START + timedelta(days=days)).isoformat(), "ends": (START + timedelta(days=days, hours=3)).isoformat()}
        answer = client.post("/api/v1/access/evaluation", json=question(**visit), headers={"Authorization": f"Bearer {KEY}"}).get_json()
        return [reason["code"] for reason in answer["context"]["reasons"]]

    field.record(app, cast)
    assert ask(29) == []
    assert ask(32) == ["retraining_due"]
    train(app, cast, START + DAY)
    assert ask(32) == []


def test_a_licence_that_somebody_else_suspended_is_left_as_it_is(app: Flask, cast: Cast, staged: Any) -> None:
    with app.app_context(), work(field.as_of(cast, "decider"), START) as w:
        licence = w.session.scalars(select(Licence.id).where(Licence.person_id == cast.owner.person_id)).one()
        append_event(w, licence, NewEvent(LicenceKind.SUSPENDED, START, reason="另案调查"))
    number = field.record(app, cast, "grave", at=START + DAY)
    assert decide(app, cast, number, at=START + 2 * DAY) is None
    assert standing(app, cast, START + 3 * DAY) == "suspended"
    assert last_event(app).reason == "另案调查"


def test_nine_points_ask_for_an_exam_and_twelve_put_the_question_to_a_decider(
    app: Flask, cast: Cast, sign_in: SignIn, staged: Any
) -> None:
    field.record(app, cast, "grave")
    field.record(app, cast, at=START + DAY)
    assert measures(app) == [("retraining", ""), ("suspension", ""), ("reexamination", "")]
    field.record(app, cast, at=START + 2 * DAY)
    assert measures(app)[-1] == ("revocation", "")
    with app.app_context():
        row = db.session.scalars(select(Decision)).one()
        assert (row.kind, row.state, row.reason_code, row.decided_by) == ("revoked", "pending", "breach_points", None)
    page = sign_in("decider").get(f"/decisions/{row.id}").text
    assert "违规记分累计 12 分" in page
    assert "王建国" in page
    assert standing(app, cast, START + 3 * DAY) == "suspended", "no rule revokes"


def test_a_training_after_the_measure_closes_it_and_one_before_does_not(app: Flask, cast: Cast, staged: Any) -> None:
    train(app, cast, START - DAY)
    field.record(app, cast)
    with app.app_context(), work(SYSTEM, START) as w:
        assert actions.fulfil(w) == 0
        assert store.unmet(w.session, cast.owner.person_id) == [Kind.RETRAINING]
    train(app, cast, START + DAY)
    assert measures(app) == [("retraining", "trained")]
    with app.app_context():
        assert store.unmet(db.session, cast.owner.person_id) == []


def test_a_breach_of_one_programme_asks_for_a_training_of_that_programme(app: Flask, cast: Cast, staged: Any) -> None:
    field.record(app, cast, programme="GC")
    train(app, cast, START + DAY, "BB")
    assert measures(app) == [("retraining", "")]
    train(app, cast, START + 2 * DAY, "GC")
    assert measures(app) == [("retraining", "trained")]


def test_the_sweep_finds_what_nobody_reported(app: Flask, cast: Cast, staged: Any, clock: TickingClock) -> None:
    field.record(app, cast, "grave")
    field.record(app, cast, at=START + DAY)
    with app.app_context(), work(field.as_of(cast, "decider"), START + 3 * DAY) as w:
        licence = w.session.scalars(select(Licence.id).where(Licence.person_id == cast.owner.person_id)).one()
        append_event(w, licence, NewEvent(LicenceKind.RENEWED, START + 3 * DAY))
    assert standing(app, cast, START + 4 * DAY) == "suspended", "a renewal does not put it back"
    with app.app_context():
        assert store.unmet(db.session, cast.owner.person_id) == [Kind.RETRAINING], "the facts count before the sweep"
        assert actions.sweep_measures(START + 4 * DAY) == 1
    assert measures(app)[-1] == ("reexamination", "certified")
    with app.app_context(), work(field.as_of(cast, "decider"), START + 5 * DAY) as w:
        append_event(w, licence, NewEvent(LicenceKind.REINSTATED, START + 5 * DAY, reason="复训合格"))
    with app.app_context():
        assert actions.sweep_measures(START + 6 * DAY) == 1
    assert ("suspension", "over") in measures(app)
    assert standing(app, cast, START + 6 * DAY) == "active"


def test_nobody_reinstates_before_the_retraining(app: Flask, cast: Cast, staged: Any) -> None:
    field.record(app, cast, "grave")

    def reinstate(at: datetime) -> Any:
        with app.app_context(), work(field.as_of(cast, "decider"), at) as w:
            licence = w.session.scalars(select(Licence.id).where(Licence.person_id == cast.owner.person_id)).one()
            return licence_acts.change(w, licence, Act(LicenceKind.REINSTATED, "measures_done", "复训合格"))

    assert reinstate(START + DAY) == "measures_open"
    assert standing(app, cast, START + DAY) == "suspended"
    train(app, cast, START + 2 * DAY)
    reinstate(START + 3 * DAY)
    assert standing(app, cast, START + 3 * DAY) == "active"


def test_a_decider_who_grants_the_proposal_revokes_and_the_measure_is_over(app: Flask, cast: Cast, staged: Any) -> None:
    for day in range(2):
        field.record(app, cast, "grave", at=START + day * DAY)
    with app.app_context(), work(field.as_of(cast, "decider"), START + 2 * DAY) as w:
        decision = w.session.scalars(select(Decision.id)).one()
        (outcome,) = decisions.decide(w, [decision], DecisionVerdict.GRANT, "屡次严重违规，同意撤销。")
        assert outcome.refusal is None
    assert standing(app, cast, START + 3 * DAY) == "revoked"
    with app.app_context():
        assert actions.sweep_measures(START + 3 * DAY) >= 1
    assert ("revocation", "decided") in measures(app)


def test_lifting_gives_back_what_lost_its_ground_by_the_same_decision(app: Flask, cast: Cast, staged: Any) -> None:
    first = field.record(app, cast)
    second = field.record(app, cast, at=START + DAY)
    assert standing(app, cast, START + DAY) == "suspended"
    assert decide(app, cast, second, at=START + 2 * DAY) is None
    assert measures(app) == [("retraining", ""), ("suspension", "lifted")]
    event = last_event(app)
    assert (event.kind, event.reason_code, event.by) == ("reinstated", "breach_lifted", cast.decider.account_id)
    assert decide(app, cast, first, at=START + 3 * DAY) is None
    assert measures(app) == [("retraining", "lifted"), ("suspension", "lifted")]


def test_a_later_suspension_reaches_a_licence_that_came_back_before_the_measure_was_closed(app: Flask, cast: Cast, staged: Any) -> None:
    first = field.record(app, cast, "grave")
    train(app, cast, START + DAY)
    with app.app_context(), work(field.as_of(cast, "decider"), START + 2 * DAY) as w:
        licence = w.session.scalars(select(Licence.id).where(Licence.person_id == cast.owner.person_id)).one()
        append_event(w, licence, NewEvent(LicenceKind.REINSTATED, START + 2 * DAY, reason="复训合格"))
    assert standing(app, cast, START + 3 * DAY) == "active"
    field.record(app, cast, at=START + 3 * DAY)
    assert standing(app, cast, START + 3 * DAY) == "suspended", "nine points, though the sweep has not closed the first suspension"
    with app.app_context():
        actions.sweep_measures(START + 4 * DAY)
    assert measures(app).count(("suspension", "")) == 1
    assert decide(app, cast, first, at=START + 5 * DAY) is None
    assert standing(app, cast, START + 5 * DAY) == "active", "three points are left"


def test_a_corrected_name_is_no_re_examination(app: Flask, cast: Cast, staged: Any) -> None:
    field.record(app, cast, "grave")
    field.record(app, cast, at=START + DAY)
    with app.app_context(), work(field.as_of(cast, "decider"), START + 2 * DAY) as w:
        licence = w.session.scalars(select(Licence.id).where(Licence.person_id == cast.owner.person_id)).one()
        append_event(w, licence, NewEvent(LicenceKind.GRANTED, START + 2 * DAY, reason="姓名更正", certified=START - 100 * DAY))
    with app.app_context():
        assert store.unmet(db.session, cast.owner.person_id) == [Kind.RETRAINING, Kind.REEXAMINATION]


def test_a_proposal_that_lost_its_ground_is_turned_down_by_the_same_decision(app: Flask, cast: Cast, staged: Any) -> None:
    numbers = [field.record(app, cast, "grave", at=START + day * DAY) for day in range(2)]
    assert decide(app, cast, numbers[1], at=START + 2 * DAY) is None
    with app.app_context():
        row = db.session.scalars(select(Decision)).one()
        assert (row.state, row.decided_by) == ("refused", cast.decider.account_id)
    assert ("revocation", "lifted") in measures(app)
    assert standing(app, cast, START + 3 * DAY) == "suspended", "six points are left"


def test_whoever_recorded_it_and_the_same_company_do_not_decide(app: Flask, cast: Cast, staged: Any) -> None:
    number = field.record(app, cast, by="decider")
    assert decide(app, cast, number, by="decider") is Refusal.INVOLVED
    assert decide(app, cast, number, by="coordinator") is Refusal.OWN_COMPANY
    assert decide(app, cast, number, by="owner") is Refusal.SELF
    assert decide(app, cast, number, Verdict.UPHOLD, by="other_decider") is Refusal.NO_APPEAL
    assert decide(app, cast, number, by="other_decider") is None
    assert decide(app, cast, number, by="other_decider") is Refusal.LIFTED


def test_someone_without_a_licence_gets_the_measures_all_the_same(app: Flask, cast: Cast, staged: Any) -> None:
    field.record(app, cast, "grave", who="stranger")
    assert measures(app) == [("retraining", ""), ("suspension", "")]
    with app.app_context():
        assert actions.sweep_measures(START + DAY) == 1
    assert measures(app) == [("retraining", ""), ("suspension", "over")]
    with app.app_context():
        assert actions.sweep_measures(START + 2 * DAY) == 0, "it is not opened again"
