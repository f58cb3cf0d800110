"""The rule of breaches: its published tables, its window against a naive calendar, and its measures against their own laws."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from certification import breach as rule
from certification.breach import SCALE, Closed, Finding, Kind, Refusal, Severity, State, Taken, Verdict
from certification.decision import Decider

ZONE = ZoneInfo("Asia/Shanghai")
PAGE = Path(__file__).resolve().parents[2] / "docs" / "breaches.md"
NOON = datetime(2026, 3, 2, 12, tzinfo=ZONE)


def table(head: str) -> list[dict[str, str]]:
    """The rows of the page's table whose first column is called ``head``, by column."""
    lines = PAGE.read_text("utf-8").splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(f"| {head} |"))
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[start:]]
    rows = cells[2:next((n for n, line in enumerate(lines[start:]) if not line.startswith("|")), len(cells))]
    return [dict(zip(cells[0], row, strict=True)) for row in rows]


def noon(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(hour=12, tzinfo=ZONE)


def test_the_published_parameters_are_those_of_the_rule() -> None:
    said = {row["parameter"]: int(row["value"]) for row in table("parameter")}
    assert said == {
        **{severity.value: points for severity, points in SCALE.points.items()}, "a key clause adds": SCALE.key_clause,
        "months that a breach counts": SCALE.months, "days for a retraining": SCALE.retraining_days,
        "working days for an appeal": SCALE.appeal_days,
    }


def test_the_published_thresholds_are_those_of_the_rule() -> None:
    said = [(int(row["points"]), tuple(row["measures"].split(", "))) for row in table("points")]
    assert said == [(at, tuple(kind.value for kind in kinds)) for at, kinds in SCALE.thresholds]


def read(text: str) -> list[Finding]:
    found = []
    for number, one in enumerate(text.split(";"), 1):
        match = re.fullmatch(r"\s*(\S+) (minor|serious|grave)(\+?)( x)?( @(\S+))?\s*", one)
        assert match, one
        if not match[4]:
            occurred = noon(match[6]) if match[6] else noon(match[1])
            found.append(Finding(number, rule.points_of(Severity(match[2]), bool(match[3])), occurred, noon(match[1])))
    return found


@pytest.mark.parametrize("row", table("breaches"), ids=lambda row: f"{row['breaches']} on {row['asked on']}")
def test_the_published_cases_come_out_as_they_are_told(row: dict[str, str]) -> None:
    findings = read(row["breaches"])
    assert rule.total(findings, noon(row["asked on"]), ZONE) == int(row["points"])
    demanded = [demand.kind.value for demand in rule.demands(findings, ZONE)]
    assert demanded == ([] if row["demanded"] == "–" else row["demanded"].split(", "))


def apply(findings: list[Finding], taken: list[Taken], now: datetime) -> int:
    """Carry a settlement out, as the action does; answers how much there was to do."""
    plan = rule.settle(findings, taken, ZONE)
    for old in plan.close:
        taken[taken.index(old)] = Taken(old.id, old.kind, old.breach_id, old.opened, now, Closed.LIFTED)
    for demand in plan.open:
        taken.append(Taken(len(taken) + 1, demand.kind, demand.breach_id, demand.opened))
    return len(plan.close) + len(plan.open)


def naive_months(day: date) -> date:
    """The same date a year later, by counting days one at a time; a date that the year lacks is the day after."""
    later = day
    while (later.year, later.month, later.day) < (day.year + 1, day.month, day.day):
        later += timedelta(days=1)
    return later


instants = some.datetimes(datetime(2023, 1, 1), datetime(2028, 12, 31)).map(lambda at: at.replace(tzinfo=UTC))
weights = some.sampled_from([rule.points_of(severity, key) for severity in Severity for key in (False, True)])


@given(some.lists(some.tuples(instants, weights), max_size=12), instants)
def test_the_points_of_a_day_are_those_of_a_naive_calendar(found: list[tuple[datetime, int]], on: datetime) -> None:
    findings = [Finding(number, points, occurred, occurred) for number, (occurred, points) in enumerate(found)]
    expected = 0
    for occurred, points in found:
        begins, today = occurred.astimezone(ZONE).date(), on.astimezone(ZONE).date()
        if occurred <= on and today < naive_months(begins):
            expected += points
    assert rule.total(findings, on, ZONE) == expected


@some.composite
def histories(draw: some.DrawFn) -> list[Finding]:
    days = draw(some.lists(some.tuples(some.integers(0, 900), some.integers(0, 60), weights), min_size=1, max_size=9))
    return [
        Finding(number, points, NOON + timedelta(days=day - back), NOON + timedelta(days=day, minutes=number))
        for number, (day, back, points) in enumerate(days, 1)
    ]


@given(histories())
def test_measures_follow_the_breaches_and_settling_twice_changes_nothing(findings: list[Finding]) -> None:
    taken: list[Taken] = []
    for end in range(1, len(findings) + 1):
        known = sorted(findings, key=lambda one: one.recorded)[:end]
        apply(known, taken, known[-1].recorded)
        assert apply(known, taken, known[-1].recorded) == 0
        on = known[-1].recorded
        points = rule.total(known, on, ZONE)
        opened = {one.kind for one in taken}
        for at, kinds in SCALE.thresholds:
            assert points < at or set(kinds) <= opened
    assert all(sum(one.kind is kind and one.closed is None for one in taken) <= 1 for kind in Kind)


@given(histories(), some.randoms())
def test_lifting_everything_leaves_nothing_open_and_the_order_does_not_matter(findings: list[Finding], dice: object) -> None:
    taken: list[Taken] = []
    apply(findings, taken, NOON)
    left = list(findings)
    while left:
        left.pop(dice.randrange(len(left)))  # type: ignore[attr-defined]
        apply(left, taken, NOON)
        fresh: list[Taken] = []
        apply(left, fresh, NOON)
        assert {one.kind for one in taken if one.closed is None} == {one.kind for one in fresh}
    assert not [one for one in taken if one.closed is None]


def finding(number: int, points: int, day: int) -> Finding:
    return Finding(number, points, NOON + timedelta(days=day), NOON + timedelta(days=day))


def test_a_suspension_that_another_breach_demands_too_stands_when_the_first_is_lifted() -> None:
    first, second, third = finding(1, 3, 0), finding(2, 3, 5), finding(3, 3, 9)
    taken: list[Taken] = []
    for end in (1, 2, 3):
        apply([first, second, third][:end], taken, NOON)
    plan = rule.settle([first, third], taken, ZONE)
    assert [one.kind for one in plan.close] == [Kind.SUSPENSION, Kind.REEXAMINATION]
    assert [(one.kind, one.breach_id) for one in plan.open] == [(Kind.SUSPENSION, 3)]


def test_what_was_learnt_before_a_breach_does_not_count_for_it() -> None:
    first, second = finding(1, 3, 0), finding(2, 3, 5)
    taken: list[Taken] = []
    apply([first], taken, NOON)
    apply([first, second], taken, NOON)
    assert [one.kind for one in taken] == [Kind.RETRAINING, Kind.SUSPENSION], "one open retraining serves both"
    early = [Taken(1, Kind.RETRAINING, 1, NOON, NOON + timedelta(days=3), Closed.TRAINED), taken[1]]
    assert [(one.kind, one.breach_id) for one in rule.settle([first, second], early, ZONE).open] == [(Kind.RETRAINING, 2)]
    late = [Taken(1, Kind.RETRAINING, 1, NOON, NOON + timedelta(days=7), Closed.TRAINED), taken[1]]
    assert rule.settle([first, second], late, ZONE) == rule.Settlement()


def test_a_retraining_is_due_at_the_end_of_the_thirtieth_day() -> None:
    (demand,) = rule.demands([finding(1, 3, 0)], ZONE)
    assert demand.due == datetime(2026, 4, 2, tzinfo=ZONE), "2 March and thirty days is 1 April, good to its end"


def test_an_appeal_ends_after_fifteen_working_days_on_both_sides_of_midnight() -> None:
    friday = datetime(2026, 3, 6, 18, tzinfo=ZONE)
    ends = rule.appeal_ends(friday, ZONE)
    assert ends == datetime(2026, 3, 28, tzinfo=ZONE), "Monday 9 March is the first, Friday 27 March the fifteenth"
    assert rule.may_appeal(State.CONFIRMED, None, friday, ends - timedelta(seconds=1), ZONE) is None
    assert rule.may_appeal(State.CONFIRMED, None, friday, ends, ZONE) is Refusal.TOO_LATE
    assert rule.appeal_ends(datetime(2026, 3, 7, 9, tzinfo=ZONE), ZONE) == ends, "a Saturday counts as the Friday before it"


def test_an_appeal_is_heard_once() -> None:
    now = NOON + timedelta(days=1)
    assert rule.may_appeal(State.APPEALED, None, NOON, now, ZONE) is Refusal.OPEN_ALREADY
    assert rule.may_appeal(State.CONFIRMED, now, NOON, now, ZONE) is Refusal.ANSWERED
    assert rule.may_appeal(State.LIFTED, now, NOON, now, ZONE) is Refusal.LIFTED


def test_a_breach_is_recorded_while_it_counts() -> None:
    words = "到达现场后没有出示工号牌。"
    assert rule.may_record(NOON, words, NOON - timedelta(minutes=1), ZONE) is Refusal.NOT_YET
    assert rule.may_record(NOON, words, NOON, ZONE) is None
    assert rule.may_record(NOON, words, datetime(2027, 3, 1, 23, 59, tzinfo=ZONE), ZONE) is None
    assert rule.may_record(NOON, words, datetime(2027, 3, 2, tzinfo=ZONE), ZONE) is Refusal.TOO_OLD
    assert rule.may_record(NOON, " 太短 ", NOON, ZONE) is Refusal.SHORT


@pytest.mark.parametrize(
    ("decider", "state", "verdict", "outcome", "wanted"),
    [
        (Decider(9, 90, 1, True), State.APPEALED, Verdict.LIFT, "照片里不是本人，记录有误。", None),
        (Decider(9, 90, 1, True), State.APPEALED, Verdict.UPHOLD, "照片和签字都清楚，维持。", None),
        (Decider(9, 90, 1, True), State.CONFIRMED, Verdict.LIFT, "记错了人，予以撤销并更正。", None),
        (Decider(9, 90, 1, True), State.CONFIRMED, Verdict.UPHOLD, "没有申诉，不需要维持。", Refusal.NO_APPEAL),
        (Decider(9, 90, 1, True), State.LIFTED, Verdict.LIFT, "已经撤销过的记录再撤销。", Refusal.LIFTED),
        (Decider(9, 90, 1, True), State.APPEALED, Verdict.LIFT, "不对", Refusal.SHORT),
        (Decider(7, 90, 1, True), State.APPEALED, Verdict.LIFT, "记录人自己不能处理申诉。", Refusal.INVOLVED),
        (Decider(9, 50, 1, True), State.APPEALED, Verdict.LIFT, "本人不能处理自己的申诉。", Refusal.SELF),
        (Decider(9, 90, 5, False), State.APPEALED, Verdict.LIFT, "同一家公司的人不能处理。", Refusal.OWN_COMPANY),
    ],
)
def test_only_somebody_uninvolved_decides(decider: Decider, state: State, verdict: Verdict, outcome: str, wanted: Refusal | None) -> None:
    assert rule.may_decide(decider, state, person_id=50, company_id=5, recorded_by=7, verdict=verdict, outcome=outcome) is wanted
