"""Versions of the policy: the rule, the page, and that every evaluation uses the one of its instant."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from flask import Flask
from sqlalchemy import insert, select

from certification.actions import dispatch_policies as actions
from certification.dispatch_policy import POLICY_VERSION, Parameters, Refusal, Version, differences, parameters_of, policy_at, refusal
from certification.tables import DispatchPolicy
from foundation.clock import TickingClock
from foundation.work import SYSTEM, work
from tests.cast import SHANGHAI, Cast, Visitor
from tests.certification.holders import KEY, granted, question, stage
from tests.conftest import START

SignIn = Callable[[str], Visitor]
HOUR = timedelta(hours=1)
FORM = {
    "version": "2026-12", "effective": "", "recertify_months": "6", "longest_days": "14", "override_hours": "24", "pass_hours": "4",
    "in_force": ["running", "ending"], "note": "冬季保障，收紧考评间隔",
}


def version(name: str, effective: float, recorded: float, **parameters: Any) -> Version:
    return Version(name, Parameters(**parameters), START + effective * HOUR, START + recorded * HOUR)


def test_the_last_one_in_effect_counts_and_the_next_is_known() -> None:
    known = [version("a", 1, 0, recertify_months=6), version("b", 5, 2)]
    at = [policy_at(known, START + n * HOUR, START + n * HOUR, SHANGHAI) for n in (0, 1, 2, 5)]
    assert [one.version for one in at] == [POLICY_VERSION, "a", "a", "b"]
    assert [one.changes for one in at] == [START + HOUR, None, START + 5 * HOUR, None]
    assert [one.recertify_months for one in at] == [12, 6, 6, 12]


def test_of_two_for_the_same_hour_the_later_recorded_counts() -> None:
    known = [version("a", 1, 0), version("b", 1, 0.5, longest_days=7)]
    assert policy_at(known, START + HOUR, START + HOUR, SHANGHAI).version == "b"


REFUSED = [
    (version("a", 2, 1, longest_days=3), Refusal.TAKEN), (version(POLICY_VERSION, 2, 1, longest_days=3), Refusal.TAKEN),
    (version("c", 0, 1, longest_days=3), Refusal.PAST), (version("c", 2, 1, longest_days=7), Refusal.SAME),
    (version("c", 2, 1), None), (version("c", 1, 1, longest_days=3), None),
]


@pytest.mark.parametrize(("new", "why"), REFUSED)
def test_a_version_is_new_changes_something_and_never_the_past(new: Version, why: Refusal | None) -> None:
    assert refusal([version("a", 0.5, 0, longest_days=7)], new) is why


@pytest.mark.parametrize("kept", [
    {"recertify_months": 13}, {"recertify_months": 0}, {"longest_days": 32}, {"override_hours": 73}, {"pass_hours": 13}, {"in_force": []},
    {"in_force": ["draft"]}, {"other": 1},
])
def test_no_version_is_laxer_than_the_rules(kept: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        parameters_of(kept)


def test_differences_name_what_changed() -> None:
    changed = Parameters(recertify_months=6, in_force=("running", "ending", "signed"))
    assert differences(Parameters(), changed) == [("recertify_months", 12, 6)]


def test_an_evaluation_uses_the_version_of_its_instant(
    app: Flask, cast: Cast, client: Visitor, sign_in: SignIn, clock: TickingClock
) -> None:
    stage(app, cast, owner=[granted(days=-300)])

    def ask(**more: Any) -> Any:
        answer = client.post("/api/v1/access/evaluation", json=question(**more), headers={"Authorization": f"Bearer {KEY}"}).json
        return answer["context"]["policy_version"], [one["code"] for one in answer["context"]["reasons"]], answer["context"]

    assert ask()[:2] == (POLICY_VERSION, [])
    clock.tick(hours=1)
    added = sign_in("admin").form("/dispatch/policy/new", {**FORM, "effective": "2026-11-22T12:00"})
    assert added.status_code == 303
    assert ask()[0] == POLICY_VERSION
    assert ask()[2]["valid_until"] == "2026-11-22T04:00:00Z"  # when the next version takes over
    clock.tick(hours=2)
    assert ask()[:2] == ("2026-12", ["certification_old"])
    assert ask(at=START + 2 * HOUR)[:2] == (POLICY_VERSION, [])


def test_other_processes_know_it_within_a_second(app: Flask, cast: Cast, clock: TickingClock) -> None:
    with app.app_context():
        assert actions.policy().version == POLICY_VERSION
        with work(SYSTEM) as w:  # as another process would
            w.connection.execute(insert(DispatchPolicy), [{
                "version": "x", "parameters": {"longest_days": 5}, "effective": w.now, "recorded": w.now, "by": None, "note": "",
            }])
        clock.tick(seconds=1)
        assert (actions.policy().version, actions.policy().longest_days) == ("x", 5)


def test_the_page_tells_the_history_and_what_each_changed(app: Flask, cast: Cast, sign_in: SignIn, clock: TickingClock) -> None:
    admin = sign_in("admin")
    assert "系统自带的版本" in admin.get("/dispatch/policy").text
    assert admin.form("/dispatch/policy/new", FORM).status_code == 303
    clock.tick(hours=1)
    next_one = {**FORM, "version": "2027-01", "effective": "2027-01-01T00:00", "pass_hours": "2"}
    assert admin.form("/dispatch/policy/new", next_one).status_code == 303
    page = sign_in("auditor").get("/dispatch/policy").text
    for words in ("2026-12", "2027-01", "将生效", "现行", "已被取代", "12 个月", "6 个月", "4 小时", "2 小时", "杨立功", FORM["note"]):
        assert str(words) in page
    with app.app_context(), work(SYSTEM) as w:
        assert w.session.scalars(select(DispatchPolicy.version).order_by(DispatchPolicy.effective)).all() == ["2026-12", "2027-01"]


BAD = [
    ("version", "", "请输入版本号"), ("version", "a b", "版本号用字母"), ("version", POLICY_VERSION, "已经用过"),
    ("effective", "2026-11-22T08:00", "不能早于现在"), ("effective", "1900-01-01T00:00", "2000 到 2100"),
    ("recertify_months", "13", "1 到 12"),
    ("recertify_months", "x", ""), ("longest_days", "0", "1 到 31"), ("override_hours", "99", "1 到 72"), ("pass_hours", "24", "1 到 12"),
    ("in_force", [], "至少选一种"), ("in_force", ["draft"], ""), ("note", "", "请写明为什么改"),
]


@pytest.mark.parametrize(("field", "value", "words"), BAD)
def test_bad_input_names_the_field_and_keeps_what_was_typed(
    app: Flask, cast: Cast, sign_in: SignIn, field: str, value: Any, words: str
) -> None:
    answer = sign_in("admin").form("/dispatch/policy/new", {**FORM, field: value})
    assert answer.status_code == 422
    assert f'href="#{field}' in answer.text
    assert words in answer.text
    if field != "note":
        assert "收紧考评间隔" in answer.text


def test_a_version_that_changes_nothing_is_refused(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    same = {**FORM, "recertify_months": "12", "longest_days": "31", "override_hours": "72", "pass_hours": "12",
            "in_force": ["signed", "running", "ending"]}
    assert "没有要改的" in sign_in("admin").form("/dispatch/policy/new", same).text
