"""The life of a contract, by the tables of docs/contracts.md."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from people import contract as rule
from people.contract import MOVES, Refusal, Roster, State, Stay, Term
from people.roster import after, midnight
from tests.cast import SHANGHAI
from tests.published import named

TERM = Term(midnight(date(2027, 1, 1), SHANGHAI), after(date(2027, 12, 31), SHANGHAI))
DAYS = 60
PEOPLE = named("contracts.md", "What people may do")
ITSELF = named("contracts.md", "What comes by itself")
LAST_DAY = named("contracts.md", "The last day moved")
RENEWAL = named("contracts.md", "Renewal")


def on(text: str) -> datetime:
    return midnight(date.fromisoformat(text), SHANGHAI)


def roster(text: str) -> Roster:
    return Roster(*map(int, text.split("/")))


@pytest.mark.parametrize("case", PEOPLE.values(), ids=PEOPLE)
def test_what_people_may_do(case: list[str]) -> None:
    state, day, people, to, reason, becomes = case
    answer = rule.move(State(state), State(to), TERM, roster(people), on(day), reason)
    said = f"refused: {answer}" if isinstance(answer, Refusal) else ", ".join(answer)
    assert said == becomes


@pytest.mark.parametrize("case", ITSELF.values(), ids=ITSELF)
def test_what_comes_by_itself(case: list[str]) -> None:
    kept, day, people, stands, since = case
    steps = rule.due(State(kept), TERM, roster(people), on(day), DAYS)
    assert rule.current(State(kept), steps) == stands
    assert [step.since for step in steps][-1:] == ([on(since)] if since else [])


@pytest.mark.parametrize("case", LAST_DAY.values(), ids=LAST_DAY)
def test_the_last_day_is_moved(case: list[str]) -> None:
    state, day, last, reason, answer = case
    refusal = rule.shift_end(State(state), TERM, after(date.fromisoformat(last), SHANGHAI), on(day), reason)
    assert (f"refused: {refusal}" if refusal else "done") == answer


@pytest.mark.parametrize("case", RENEWAL.values(), ids=RENEWAL)
def test_a_renewed_contract_goes_on(case: list[str]) -> None:
    state, first, goes_on = case
    assert rule.renewed(TERM.ends, [(State(state), on(first))]) is (goes_on == "yes")


def test_nobody_moves_a_contract_where_the_list_of_moves_does_not_lead() -> None:
    for state in State:
        for to in State:
            answer = rule.move(state, to, TERM, Roster(1, 0), TERM.starts, "a reason")
            assert (answer is Refusal.NO_SUCH_MOVE) is (to not in MOVES[state])


@given(
    st.sampled_from(list(State)), st.integers(-30, 800), st.integers(1, 800), st.integers(1, 366), st.integers(-60, 1000),
    st.integers(0, 400),
)
def test_what_came_by_itself_comes_once_and_never_goes_back(
    kept: State, starts: int, length: int, days: int, at: int, later: int
) -> None:
    zero = on("2027-01-01")
    term = Term(zero + timedelta(days=starts), zero + timedelta(days=starts + length))
    now = zero + timedelta(days=at)
    first = rule.by_clock(kept, term, now, days)
    there = rule.current(kept, first)
    assert rule.by_clock(there, term, now, days) == ()
    assert all(step.since <= now for step in first)
    assert [step.before for step in first] == [kept, *(step.after for step in first)][: len(first)]
    again = rule.by_clock(there, term, now + timedelta(days=later), days)
    assert rule.current(there, again) == rule.current(kept, rule.by_clock(kept, term, now + timedelta(days=later), days)) or (
        kept is State.ENDING and first  # prolonged: what it was before is not kept
    )
    assert list(State).index(rule.current(there, again)) >= list(State).index(there) or there is State.ENDING


def test_a_contract_shorter_than_its_last_days_runs_and_ends_at_once() -> None:
    term = Term(on("2027-01-01"), on("2027-01-20"))
    assert [step.after for step in rule.by_clock(State.SIGNED, term, on("2027-01-01"), DAYS)] == [State.RUNNING, State.ENDING]


def test_a_broken_off_contract_ends_then_and_its_term_is_never_empty() -> None:
    assert rule.broken_off(TERM, on("2027-03-01")) == on("2027-03-01")
    assert rule.broken_off(TERM, TERM.starts) > TERM.starts


def test_a_contract_renews_neither_itself_nor_what_renews_it() -> None:
    line = {1: None, 2: 1, 3: 2, 4: None}
    assert rule.renewable(1, line) == [4]
    assert rule.renewable(2, line) == [1, 4]
    assert rule.renewable(4, line) == [1, 2, 3]
    assert rule.renewable(None, line) == [1, 2, 3, 4]
    assert rule.renewable(9, {5: 6, 6: 5}) == [5, 6]


@dataclass
class Entry:
    before: str
    at: datetime
    facts: dict[str, object] = field(default_factory=dict)


def test_the_past_is_seen_as_it_was_recorded() -> None:
    cut, was = on("2027-06-01"), TERM.ends
    events = [
        Entry("", on("2026-10-01")), Entry("draft", on("2026-12-01")), Entry("signed", on("2027-01-01")),
        Entry("running", on("2027-05-31"), {"ends": [was.isoformat(), cut.isoformat()]}),
    ]
    seen = {day: rule.as_of(State.ENDED, cut, events, on(day)) for day in ("2026-11-01", "2026-12-15", "2027-03-01", "2027-07-01")}
    assert seen == {
        "2026-11-01": (State.DRAFT, was), "2026-12-15": (State.SIGNED, was), "2027-03-01": (State.RUNNING, was),
        "2027-07-01": (State.ENDED, cut),
    }
    assert rule.as_of(State.RUNNING, was, [], on("2026-01-01")) == (State.RUNNING, was)


def test_a_contract_that_a_document_brought_was_so_before_it() -> None:
    brought = Entry("", on("2027-05-01"), {"document": True})
    assert rule.as_of(State.RUNNING, TERM.ends, [brought], on("2027-02-01")) == (State.RUNNING, TERM.ends)
    ended = Entry("running", on("2027-06-01"), {"document": True})
    assert rule.as_of(State.ENDED, TERM.ends, [brought, ended], on("2027-02-01")) == (State.RUNNING, TERM.ends)


def test_a_stay_lies_within_the_contract_and_does_not_overlap() -> None:
    term, june = Stay(on("2026-01-01"), on("2027-01-01")), on("2026-06-01")
    assert rule.enter(State.RUNNING, term, [], term.starts) is None
    assert rule.enter(State.ENDED, term, [], june) is Refusal.OVER
    assert rule.enter(State.RUNNING, term, [], term.starts - timedelta(seconds=1)) is Refusal.OUTSIDE
    assert rule.enter(State.RUNNING, term, [], on("2027-01-01")) is Refusal.OUTSIDE
    assert rule.enter(State.RUNNING, term, [Stay(term.starts, june)], june) is None
    assert rule.enter(State.RUNNING, term, [Stay(term.starts, june + timedelta(days=1))], june) is Refusal.ON_ROSTER
    assert rule.enter(State.RUNNING, term, [Stay(on("2026-07-01"), None)], june) is Refusal.ON_ROSTER


def test_a_stay_does_not_end_before_it_began() -> None:
    stay = Stay(on("2026-01-01"), None)
    assert rule.leave(stay, on("2026-01-01")) is None
    assert rule.leave(stay, on("2025-12-31")) is Refusal.BEFORE_START
