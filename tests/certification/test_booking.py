"""Who may be entered for a sitting, when a sitting may be, and when results may be released: the rules."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from certification import booking, release, timetable
from certification.booking import Caution, Entrant, Refusal, Slot, Terms
from certification.programme import Retakes
from certification.release import Block, Progress

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 22, 1, tzinfo=UTC)
SLOT = Slot(NOW + timedelta(days=2), NOW + timedelta(days=2, hours=2), free=3)
TERMS = Terms(Retakes(wait_days=7, per_year=3), 60, ZONE)
PERSON = Entrant(1, "S0001", "王建国")
SECOND = timedelta(seconds=1)


def judge(person: Entrant = PERSON, slot: Slot = SLOT, now: datetime = NOW, walk_in: bool = False) -> Refusal | None:
    return booking.judge(person, slot, TERMS, now, walk_in).refusal


def test_somebody_with_nothing_against_them_is_booked() -> None:
    verdict = booking.judge(PERSON, SLOT, TERMS, NOW)
    assert (verdict.refusal, verdict.until, verdict.cautions) == (None, None, ())


def test_until_it_opens_a_sitting_takes_anybody_and_walk_ins_until_it_closes() -> None:
    moments = [SLOT.opens - SECOND, SLOT.opens, SLOT.closes - SECOND, SLOT.closes]
    assert [judge(now=moment) for moment in moments] == [None, Refusal.OPENED, Refusal.OPENED, Refusal.CLOSED]
    assert [judge(now=moment, walk_in=True) for moment in moments] == [None, None, None, Refusal.CLOSED]


def test_a_cancelled_or_released_sitting_takes_nobody() -> None:
    assert judge(slot=replace(SLOT, cancelled=True), walk_in=True) is Refusal.CANCELLED
    assert judge(slot=replace(SLOT, released=True), walk_in=True) is Refusal.RELEASED


def test_the_last_seat_is_taken_and_the_next_is_not_there() -> None:
    assert [judge(slot=replace(SLOT, free=free)) for free in (1, 0, -1, None)] == [None, Refusal.FULL, Refusal.FULL, None]


def test_who_leaves_before_the_sitting_is_refused_and_after_it_is_not() -> None:
    assert judge(replace(PERSON, left=SLOT.opens)) is Refusal.LEFT
    assert judge(replace(PERSON, left=SLOT.opens + SECOND)) is None


def test_who_is_booked_stays_booked_whatever_has_changed() -> None:
    gone = replace(PERSON, booked=True, left=NOW, attempts=(NOW,))
    assert judge(gone, replace(SLOT, free=0), SLOT.closes) is None


def test_the_wait_counts_civil_days_from_the_last_attempt() -> None:
    late_evening = datetime(2026, 11, 20, 23, 30, tzinfo=ZONE)
    tired = replace(PERSON, attempts=(late_evening - timedelta(days=90), late_evening))
    first_day = datetime(2026, 11, 27, tzinfo=ZONE)
    for opens, refusal in ((first_day - SECOND, Refusal.WAIT), (first_day, None)):
        verdict = booking.judge(tired, replace(SLOT, opens=opens, closes=opens + timedelta(hours=2)), TERMS, NOW)
        assert (verdict.refusal, verdict.until) == (refusal, first_day if refusal else None)


def test_a_programme_without_retake_rules_lets_everybody_try_again() -> None:
    free = Terms(Retakes(), 60, ZONE)
    assert booking.judge(replace(PERSON, attempts=(NOW,) * 9), SLOT, free, NOW).refusal is None


def test_three_attempts_within_a_year_are_enough() -> None:
    oldest = SLOT.opens - booking.YEAR
    attempts = (oldest + SECOND, oldest + timedelta(days=100), oldest + timedelta(days=200))
    verdict = booking.judge(replace(PERSON, attempts=attempts), SLOT, TERMS, NOW)
    assert (verdict.refusal, verdict.until) == (Refusal.PER_YEAR, SLOT.opens + SECOND)
    assert judge(replace(PERSON, attempts=(oldest, *attempts[1:]))) is None
    four = booking.judge(replace(PERSON, attempts=(*attempts, oldest + timedelta(days=300))), SLOT, TERMS, NOW)
    assert four.until == oldest + timedelta(days=100) + booking.YEAR


@pytest.mark.parametrize(("account", "elsewhere", "licensed"), list(product((True, False), (None, "GC-2"), (None, 59, 60, 61))))
def test_cautions_are_said_and_stop_nobody(account: bool, elsewhere: str | None, licensed: int | None) -> None:
    until = SLOT.opens + timedelta(days=licensed) if licensed else None
    verdict = booking.judge(replace(PERSON, has_account=account, elsewhere=elsewhere, licensed_until=until), SLOT, TERMS, NOW)
    assert verdict.refusal is None
    expected = [Caution.NO_ACCOUNT] if not account else []
    expected += [Caution.ELSEWHERE] if elsewhere else []
    expected += [Caution.LICENSED] if licensed == 61 else []
    assert list(verdict.cautions) == expected


def test_a_booking_is_cancelled_only_before_the_sitting_opens_and_before_the_person_begins() -> None:
    assert booking.may_cancel(SLOT, False, SLOT.opens - SECOND) is None
    assert booking.may_cancel(SLOT, False, SLOT.opens) is Refusal.OPENED
    assert booking.may_cancel(SLOT, True, NOW) is Refusal.STARTED
    assert booking.may_cancel(replace(SLOT, cancelled=True), False, NOW) is Refusal.CANCELLED


# Timetable


def test_a_window_lies_ahead_is_in_order_and_long_enough() -> None:
    hour = timedelta(hours=1)
    assert timetable.window_refusal(NOW, NOW + hour, 60, NOW) is None
    assert timetable.window_refusal(NOW - SECOND, NOW + hour, 60, NOW) is timetable.Refusal.PAST
    assert timetable.window_refusal(NOW + hour, NOW + hour, 60, NOW) is timetable.Refusal.ORDER
    assert timetable.window_refusal(NOW, NOW + hour - SECOND, 60, NOW) is timetable.Refusal.SHORT
    assert timetable.window_refusal(NOW, NOW + timedelta(days=31), 60, NOW) is None
    assert timetable.window_refusal(NOW, NOW + timedelta(days=31) + SECOND, 60, NOW) is timetable.Refusal.LONG


def test_a_suggested_code_is_free() -> None:
    day = date(2026, 11, 23)
    assert timetable.suggest_code("GC", day, set()) == "GC-20261123"
    assert timetable.suggest_code("GC", day, {"GC-20261123", "GC-20261123-2"}) == "GC-20261123-3"


def test_a_sitting_is_called_off_only_while_nobody_has_begun() -> None:
    assert timetable.may_call_off(0, False, False)
    assert not any(timetable.may_call_off(*state) for state in ((1, False, False), (0, True, False), (0, False, True)))


# Release


@pytest.mark.parametrize(
    ("progress", "after", "blocks"),
    [
        (Progress(3, 0, 3, 0), False, []), (Progress(3, 0, 2, 0), False, [Block.WINDOW_OPEN]), (Progress(3, 0, 2, 0), True, []),
        (Progress(3, 1, 2, 0), True, [Block.RUNNING]), (Progress(3, 1, 1, 1), False, [Block.WINDOW_OPEN, Block.RUNNING, Block.MARKING]),
        (Progress(3, 0, 3, 1), True, [Block.MARKING]), (Progress(0, 0, 0, 0), False, [Block.WINDOW_OPEN]), (Progress(0, 0, 0, 0), True, []),
    ],
)
def test_results_wait_for_everybody_or_for_the_end(progress: Progress, after: bool, blocks: list[Block]) -> None:
    now = SLOT.closes if after else SLOT.closes - SECOND
    assert release.blocks(progress, SLOT.closes, False, False, now) == blocks


def test_nothing_is_released_twice_or_after_a_cancellation() -> None:
    done = Progress(1, 0, 1, 0)
    assert release.blocks(done, SLOT.closes, True, False, SLOT.closes) == [Block.CANCELLED]
    assert release.blocks(done, SLOT.closes, False, True, SLOT.closes) == [Block.RELEASED]
