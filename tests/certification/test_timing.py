"""The clock of an attempt: both sides of every boundary, across midnight, leap day and time zones."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from certification.sitting import State, Window
from certification.timing import LONGEST, Event, Facts, Kind, Refusal, after, deadline, left, read, refusal

SHANGHAI = ZoneInfo("Asia/Shanghai")
OPENS = datetime(2026, 11, 22, 9, 0, tzinfo=SHANGHAI)
CLOSES = datetime(2026, 11, 22, 11, 0, tzinfo=SHANGHAI)
WINDOW = Window(OPENS, CLOSES)
TICK = timedelta(microseconds=1)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def facts(started: datetime = OPENS, extra: float = 0, *events: Event) -> Facts:
    return Facts(started, 60, WINDOW, minutes(extra), events)


@pytest.mark.parametrize(
    ("started", "extra", "expected"),
    [
        (OPENS, 0, OPENS + minutes(60)),
        (CLOSES - minutes(60), 0, CLOSES),
        (CLOSES - minutes(60) + TICK, 0, CLOSES),
        (CLOSES - minutes(60) - TICK, 0, CLOSES - TICK),
        (CLOSES - TICK, 0, CLOSES),
        (CLOSES - minutes(30), 10, CLOSES + minutes(10)),
        (OPENS, 10, OPENS + minutes(70)),
    ],
)
def test_the_deadline_is_the_earlier_of_own_minutes_and_the_close_both_with_extra_time(
    started: datetime, extra: float, expected: datetime
) -> None:
    assert deadline(facts(started, extra), started) == expected


def test_an_extension_reaches_beyond_the_window() -> None:
    late = facts(CLOSES - minutes(30), 0, Event(Kind.EXTENDED, CLOSES - minutes(5), 600))
    assert deadline(late, CLOSES) == CLOSES + minutes(10)


def test_a_pause_gives_back_exactly_what_it_took() -> None:
    pause = Event(Kind.PAUSED, OPENS + minutes(20))
    assert deadline(facts(OPENS, 0, pause), pause.at) == OPENS + minutes(60)
    assert deadline(facts(OPENS, 0, pause), pause.at + minutes(7)) == OPENS + minutes(67)
    assert left(facts(OPENS, 0, pause), pause.at + timedelta(days=2)) == minutes(40)
    resumed = Event(Kind.RESUMED, OPENS + minutes(35, ))
    for now in (resumed.at, resumed.at + timedelta(days=2)):
        assert deadline(facts(OPENS, 0, pause, resumed), now) == OPENS + minutes(75)


def test_a_second_pause_inside_a_pause_counts_once() -> None:
    events = [Event(Kind.PAUSED, OPENS + minutes(10)), Event(Kind.PAUSED, OPENS + minutes(12)), Event(Kind.RESUMED, OPENS + minutes(15))]
    assert deadline(facts(OPENS, 0, *events), CLOSES) == OPENS + minutes(65)
    assert deadline(facts(OPENS, 0, events[2]), CLOSES) == OPENS + minutes(60)


def test_an_extension_during_a_pause_adds_to_it() -> None:
    events = [Event(Kind.PAUSED, OPENS + minutes(10)), Event(Kind.EXTENDED, OPENS + minutes(12), 300)]
    assert deadline(facts(OPENS, 0, *events), OPENS + minutes(20)) == OPENS + minutes(75)


def test_a_reopening_starts_a_new_count() -> None:
    again = Event(Kind.REOPENED, CLOSES + minutes(30), 900)
    assert deadline(facts(OPENS, 10, Event(Kind.EXTENDED, OPENS, 600), again), again.at) == again.at + minutes(15)
    more = Event(Kind.EXTENDED, again.at + minutes(1), 60)
    assert deadline(facts(OPENS, 0, again, more), more.at) == again.at + minutes(16)


def test_a_reopening_ends_the_pause_in_which_an_attempt_was_invalidated() -> None:
    events = [Event(Kind.PAUSED, OPENS + minutes(5)), Event(Kind.INVALIDATED, OPENS + minutes(6)), Event(Kind.REOPENED, CLOSES, 60)]
    assert deadline(facts(OPENS, 0, *events), CLOSES + minutes(9)) == CLOSES + minutes(1)


@pytest.mark.parametrize(
    ("opens", "hours"),
    [
        (datetime(2026, 12, 31, 23, 30, tzinfo=SHANGHAI), 1),
        (datetime(2028, 2, 28, 23, 30, tzinfo=SHANGHAI), 1),
        (datetime(2028, 2, 29, 23, 30, tzinfo=SHANGHAI), 1),
        (datetime(2026, 3, 29, 0, 30, tzinfo=ZoneInfo("Europe/Berlin")), 3),
        (datetime(2026, 10, 25, 0, 30, tzinfo=ZoneInfo("Europe/Berlin")), 3),
    ],
)
def test_an_hour_is_an_hour_across_midnight_leap_day_and_a_change_of_the_clocks(opens: datetime, hours: int) -> None:
    started = opens.astimezone(UTC)
    window = Window(started, started + timedelta(hours=hours))
    assert deadline(Facts(started, 60, window), started) - started == timedelta(hours=1)
    local = Facts(started.astimezone(SHANGHAI), 60, Window(window.opens.astimezone(SHANGHAI), window.closes))
    assert deadline(local, started) == started + timedelta(hours=1)


def test_nothing_is_left_after_the_deadline() -> None:
    assert left(facts(), OPENS + minutes(60) - TICK) == TICK
    assert left(facts(), OPENS + minutes(60)) == timedelta()
    assert left(facts(), CLOSES) == timedelta()


LIMIT = OPENS + minutes(60)
RUNS, PAUSED, DONE, SHUT, VOID = State.IN_PROGRESS, State.PAUSED, State.SUBMITTED, State.CLOSED_BY_DEADLINE, State.INVALIDATED


@pytest.mark.parametrize(
    ("kind", "state", "now", "expected"),
    [
        (Kind.EXTENDED, RUNS, LIMIT - TICK, None),
        (Kind.EXTENDED, RUNS, LIMIT, Refusal.OVERDUE),
        (Kind.EXTENDED, PAUSED, LIMIT + minutes(9), None),
        (Kind.EXTENDED, DONE, OPENS, Refusal.NOT_RUNNING),
        (Kind.PAUSED, RUNS, LIMIT - TICK, None),
        (Kind.PAUSED, RUNS, LIMIT, Refusal.OVERDUE),
        (Kind.PAUSED, PAUSED, OPENS, Refusal.NOT_RUNNING),
        (Kind.RESUMED, PAUSED, LIMIT + minutes(9), None),
        (Kind.RESUMED, RUNS, OPENS, Refusal.NOT_PAUSED),
        (Kind.REOPENED, DONE, LIMIT, None),
        (Kind.REOPENED, SHUT, LIMIT, None),
        (Kind.REOPENED, VOID, LIMIT, None),
        (Kind.REOPENED, RUNS, LIMIT, Refusal.NOT_ENDED),
        (Kind.REOPENED, PAUSED, LIMIT, Refusal.NOT_ENDED),
        (Kind.INVALIDATED, RUNS, LIMIT, None),
        (Kind.INVALIDATED, DONE, LIMIT, None),
        (Kind.INVALIDATED, VOID, LIMIT, Refusal.NOT_RUNNING),
        (Kind.COLLECTED, RUNS, LIMIT - TICK, None),
        (Kind.COLLECTED, RUNS, LIMIT, Refusal.OVERDUE),
        (Kind.COLLECTED, PAUSED, LIMIT + minutes(9), None),
        (Kind.COLLECTED, DONE, OPENS, Refusal.NOT_RUNNING),
        (Kind.COLLECTED, VOID, OPENS, Refusal.NOT_RUNNING),
    ],
)
def test_what_can_happen_to_an_attempt_and_when(kind: Kind, state: State, now: datetime, expected: Refusal | None) -> None:
    assert refusal(kind, state, LIMIT, now, seconds=60) == expected
    assert refusal(kind, state, LIMIT, now, seconds=60, released=True) is Refusal.RELEASED


@pytest.mark.parametrize("kind", [Kind.EXTENDED, Kind.REOPENED])
@pytest.mark.parametrize(("seconds", "right"), [(-1, False), (0, False), (1, True), (86400, True), (86401, False)])
def test_time_that_is_given_is_more_than_nothing_and_at_most_a_day(kind: Kind, seconds: int, right: bool) -> None:
    state = RUNS if kind is Kind.EXTENDED else DONE
    assert (refusal(kind, state, LIMIT, OPENS, seconds) is None) is right
    assert timedelta(days=1) == LONGEST


def test_where_an_event_leaves_an_attempt() -> None:
    assert [after(kind, RUNS) for kind in Kind] == [RUNS, PAUSED, RUNS, RUNS, VOID, DONE]


def test_only_what_moves_the_clock_is_read_from_a_timeline() -> None:
    rows = [("paused", OPENS, None), ("focus_lost", OPENS, 5), ("extended", CLOSES, 60)]
    assert read(rows) == (Event(Kind.PAUSED, OPENS), Event(Kind.EXTENDED, CLOSES, 60))
