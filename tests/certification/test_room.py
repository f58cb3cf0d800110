"""Where people stand in a room: both sides of every boundary, and that what is known later wins over what was known before."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from certification.evidence import SILENT_AFTER
from certification.room import OPEN, ORDER, STUCK_AFTER, Place, Refusal, Seat, count, place, quiet_since, window_refusal
from certification.sitting import State
from certification.timetable import LONGEST

BEGAN = datetime(2026, 11, 22, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
CLOSES, LIMIT = BEGAN + timedelta(hours=2), BEGAN + timedelta(hours=1)
TICK, SILENT = timedelta(microseconds=1), timedelta(seconds=SILENT_AFTER)
TOTAL = 50
SEAT = Seat(State.IN_PROGRESS, True, BEGAN, LIMIT)


def at(seat: Seat, moment: datetime) -> Place:
    return place(seat, TOTAL, CLOSES, moment)


# Not begun


@pytest.mark.parametrize(
    ("checked", "moment", "expected"),
    [
        (True, CLOSES - TICK, Place.WAITING), (False, CLOSES - TICK, Place.UNCHECKED), (True, CLOSES, Place.ABSENT),
        (False, CLOSES, Place.ABSENT), (False, BEGAN - timedelta(days=1), Place.UNCHECKED),
        (True, BEGAN - timedelta(days=1), Place.WAITING),
    ],
)
def test_who_has_not_begun_waits_until_the_window_ends(checked: bool, moment: datetime, expected: Place) -> None:
    assert at(Seat(checked=checked), moment) is expected


# Open


@pytest.mark.parametrize(
    ("moment", "expected"),
    [(BEGAN, Place.ON), (BEGAN + SILENT - TICK, Place.ON), (BEGAN + SILENT, Place.AWAY), (LIMIT - TICK, Place.AWAY), (LIMIT, Place.OVER)],
)
def test_silence_counts_from_the_beginning_and_ends_with_the_time(moment: datetime, expected: Place) -> None:
    assert at(SEAT, moment) is expected


@pytest.mark.parametrize("sign", ["saved", "seen", "since"])
def test_any_sign_of_life_counts(sign: str) -> None:
    last = BEGAN + timedelta(minutes=3)
    seat = replace(SEAT, **{sign: last})
    assert at(seat, last + SILENT - TICK) is Place.ON
    assert at(seat, last + SILENT) is Place.AWAY
    assert quiet_since(seat, Place.AWAY) == last


def test_the_newest_of_several_signs_counts() -> None:
    seat = replace(SEAT, saved=BEGAN + timedelta(minutes=1), seen=BEGAN + timedelta(minutes=4), since=BEGAN + timedelta(minutes=2))
    assert at(seat, BEGAN + timedelta(minutes=4) + SILENT - TICK) is Place.ON
    assert at(seat, BEGAN + timedelta(minutes=4) + SILENT) is Place.AWAY


def test_a_hidden_page_is_away_at_once_until_an_answer_shows_that_it_is_back() -> None:
    seen = BEGAN + timedelta(minutes=1)
    hidden = replace(SEAT, seen=seen, hidden=True)
    assert at(hidden, seen) is Place.AWAY
    assert at(replace(hidden, saved=seen), seen) is Place.AWAY
    assert at(replace(hidden, saved=seen + TICK), seen + TICK) is Place.ON
    assert at(replace(hidden, since=seen + TICK), seen + TICK) is Place.ON


def test_stuck_is_an_open_paper_without_a_new_answer() -> None:
    saved = BEGAN + timedelta(minutes=10)
    lively = replace(SEAT, saved=saved, answered=TOTAL - 1, seen=saved + STUCK_AFTER)
    assert at(lively, saved + STUCK_AFTER - TICK) is Place.ON
    assert at(lively, saved + STUCK_AFTER) is Place.STUCK
    assert quiet_since(lively, Place.STUCK) == saved
    assert at(replace(lively, answered=TOTAL), saved + STUCK_AFTER) is Place.ON, "whoever has answered everything looks it over"


def test_stuck_counts_from_the_beginning_when_nothing_was_saved_and_anew_after_a_pause() -> None:
    lively = replace(SEAT, seen=BEGAN + STUCK_AFTER)
    assert at(lively, BEGAN + STUCK_AFTER - TICK) is Place.ON
    assert at(lively, BEGAN + STUCK_AFTER) is Place.STUCK
    resumed = replace(lively, since=BEGAN + STUCK_AFTER)
    assert at(resumed, BEGAN + STUCK_AFTER) is Place.ON


def test_away_goes_before_stuck() -> None:
    assert at(replace(SEAT, saved=BEGAN), BEGAN + STUCK_AFTER) is Place.AWAY


# Over, paused, void


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (State.PAUSED, Place.PAUSED), (State.SUBMITTED, Place.OVER), (State.CLOSED_BY_DEADLINE, Place.OVER),
        (State.INVALIDATED, Place.INVALIDATED),
    ],
)
@pytest.mark.parametrize("moment", [BEGAN, LIMIT, CLOSES + timedelta(days=1)])
def test_other_states_stand_where_they_stand_whatever_the_time(state: State, expected: Place, moment: datetime) -> None:
    assert at(replace(SEAT, state=state, hidden=True, seen=BEGAN), moment) is expected
    assert quiet_since(replace(SEAT, state=state), expected) is None


def test_whoever_needs_help_comes_first() -> None:
    assert list(count([Place.ON, Place.OVER, Place.AWAY, Place.ON, Place.STUCK])) == [Place.AWAY, Place.STUCK, Place.ON, Place.OVER]
    assert count([Place.ON, Place.ON])[Place.ON] == 2
    assert count([]) == {}
    assert min(ORDER, key=ORDER.__getitem__) is Place.AWAY
    assert max(ORDER[one] for one in OPEN) < ORDER[Place.OVER]


# The window


@pytest.mark.parametrize(
    ("wanted", "now", "expected"),
    [
        (CLOSES, BEGAN, Refusal.EARLIER), (CLOSES - TICK, BEGAN, Refusal.EARLIER), (CLOSES + TICK, BEGAN, None),
        (CLOSES + TICK, CLOSES + TICK, Refusal.PAST), (CLOSES + 2 * TICK, CLOSES + TICK, None), (BEGAN + LONGEST, BEGAN, None),
        (BEGAN + LONGEST + TICK, BEGAN, Refusal.LONG),
    ],
)
def test_a_window_only_grows_and_not_into_the_past(wanted: datetime, now: datetime, expected: Refusal | None) -> None:
    assert window_refusal(BEGAN, CLOSES, wanted, now) is expected
