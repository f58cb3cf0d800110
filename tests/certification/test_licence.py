"""A ledger unrolled: months, grades, numbers, and spans against an independent replay. The calendar itself is in docs/licences.md."""

import dataclasses
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certification import licence
from certification.licence import Event, Grade, Kind, State, Validity, add_months, spans, standing_at
from certification.licence_number import ALPHABET, licence_number, read_number

SHANGHAI = ZoneInfo("Asia/Shanghai")
YEAR = Validity(12, SHANGHAI)
QUALIFIED, EXCELLENT = Grade.QUALIFIED, Grade.EXCELLENT


def local(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    """A local day or time as an instant."""
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


def event(kind: str, effective: str, *, grade: Grade | None = None, until: str | None = None, recorded: str | None = None) -> Event:
    """An event at local times, recorded when it took effect unless said otherwise."""
    return Event(Kind(kind), grade, local(effective), local(until) if until else None, local(recorded or effective))


GRANT = event("granted", "2026-11-22T09:30", grade=QUALIFIED)

MONTHS = [
    ("2026-11-22T09:30", 12, "2027-11-22"),
    ("2026-11-22T00:00", 12, "2027-11-22"),
    ("2026-11-22T23:59:59", 12, "2027-11-22"),
    ("2028-02-29T10:00", 12, "2029-03-01"),
    ("2028-02-29T10:00", 48, "2032-02-29"),
    ("2026-01-31T10:00", 1, "2026-03-01"),
    ("2027-12-31T10:00", 2, "2028-03-01"),
    ("2026-08-31T10:00", 6, "2027-03-01"),
    ("2026-12-15T10:00", 1, "2027-01-15"),
    ("2026-03-30T10:00", 11, "2027-03-01"),
]


@pytest.mark.parametrize(("start", "months", "end"), MONTHS)
def test_months_end_at_the_first_instant_of_the_same_civil_date(start: str, months: int, end: str) -> None:
    assert add_months(local(start), months, SHANGHAI) == local(end)


def test_the_civil_date_is_that_of_the_zone_not_of_utc() -> None:
    late_evening_in_utc = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)  # 01:00 on the 22nd in Shanghai
    assert add_months(late_evening_in_utc, 12, SHANGHAI) == local("2027-11-22")
    assert add_months(late_evening_in_utc, 12, ZoneInfo("UTC")) == datetime(2027, 11, 21, tzinfo=UTC)


def test_a_zone_that_changes_its_clock_still_ends_at_local_midnight() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert add_months(local("2026-07-01T12:00", berlin), 6, berlin) == local("2027-01-01", berlin)


def test_the_grade_changes_with_time() -> None:
    ledger = [GRANT, event("upgraded", "2027-02-01"), event("scope_reduced", "2027-03-01"), event("renewed", "2027-11-01", grade=EXCELLENT)]
    found = spans(ledger, YEAR)
    grades = [standing_at(found, local(day), 60).grade for day in ("2027-01-31", "2027-02-01", "2027-03-01", "2027-11-01")]
    assert grades == [QUALIFIED, EXCELLENT, QUALIFIED, EXCELLENT]


def test_only_a_grant_or_a_renewal_certifies() -> None:
    found = spans([GRANT, event("upgraded", "2027-02-01"), event("renewed", "2027-11-01")], YEAR)
    assert standing_at(found, local("2027-05-01"), 60).certified == GRANT.effective
    assert standing_at(found, local("2027-11-05"), 60).certified == local("2027-11-01")


def test_days_left_are_whole_days() -> None:
    found = spans([GRANT], YEAR)
    assert standing_at(found, local("2027-11-20T12:00"), 60).days_left == 1
    assert standing_at(found, local("2027-12-20"), 60).days_left == 0


def test_a_replay_sees_what_was_recorded_by_then() -> None:
    backdated = event("suspended", "2027-01-01", recorded="2027-03-01T10:00")
    before = licence.known_by([GRANT, backdated], local("2027-03-01T09:59"))
    after = licence.known_by([GRANT, backdated], local("2027-03-01T10:00"))
    assert standing_at(spans(before, YEAR), local("2027-02-01"), 60).state is State.ACTIVE
    assert standing_at(spans(after, YEAR), local("2027-02-01"), 60).state is State.SUSPENDED


def test_an_exam_passed_within_the_window_counts_on_and_earlier_ones_cannot_be_stacked() -> None:
    in_window, long_before = local("2027-10-01T10:00"), local("2027-02-01T10:00")
    assert licence.end_of_renewal([GRANT], in_window, YEAR, 60) == local("2028-11-22")
    assert licence.end_of_renewal([GRANT], long_before, YEAR, 60) == local("2028-02-01")
    assert licence.end_of_renewal([GRANT], local("2028-01-05T10:00"), YEAR, 60) == local("2029-01-05")


def test_an_early_renewal_never_loses_a_day_even_of_a_longer_validity() -> None:
    generous = event("granted", "2026-11-22", grade=QUALIFIED, until="2029-11-22")
    assert licence.end_of_renewal([generous], local("2027-02-01"), YEAR, 60) == local("2029-11-22")


# Properties, against a replay that knows nothing of spans.

DAY = timedelta(days=1)
ORIGIN = local("2026-01-01")
moments = st.integers(0, 1200).map(lambda half_days: ORIGIN + half_days * DAY / 2)
ledger_events = st.builds(
    Event, st.sampled_from(Kind), st.sampled_from([None, *Grade]), moments, st.one_of(st.none(), moments), moments, st.just("")
)
ledgers = st.lists(ledger_events, max_size=9)


def naive(events: list[Event], at: datetime) -> tuple[State, Grade | None]:
    """Walk the ledger up to ``at`` with plain variables."""
    until, grade, suspended, ended = None, None, False, None
    for one in sorted((e for e in events if e.effective <= at), key=lambda e: (e.effective, e.recorded)):
        if ended:
            break
        if one.kind in (Kind.GRANTED, Kind.RENEWED):
            start = max(until, one.effective) if until and one.kind is Kind.RENEWED else one.effective
            until = one.until or add_months(start, 12, SHANGHAI)
            grade = one.grade or grade or QUALIFIED
        elif one.kind in (Kind.UPGRADED, Kind.SCOPE_REDUCED) and until:
            grade = one.grade or (EXCELLENT if one.kind is Kind.UPGRADED else QUALIFIED)
        elif one.kind in (Kind.SUSPENDED, Kind.REINSTATED):
            suspended = one.kind is Kind.SUSPENDED
        elif one.kind in (Kind.REVOKED, Kind.SUPERSEDED):
            ended = State(one.kind.value)
    if until is None:
        return State.NONE, None
    return ended or (State.EXPIRED if at >= until else State.SUSPENDED if suspended else State.ACTIVE), grade


@settings(max_examples=400, deadline=None)
@given(ledgers, st.lists(moments, min_size=1, max_size=12))
def test_standing_agrees_with_a_naive_replay(events: list[Event], instants: list[datetime]) -> None:
    found = spans(events, YEAR)
    edges = [edge for one in events for edge in (one.effective, one.effective - timedelta(microseconds=1))]
    for at in instants + edges:
        seen = standing_at(found, at, 0)
        state = State.ACTIVE if seen.state is State.EXPIRING else seen.state
        assert (state, seen.grade) == naive(events, at)


@settings(max_examples=400, deadline=None)
@given(ledgers)
def test_spans_touch_never_overlap_and_reach_to_the_end_of_time(events: list[Event]) -> None:
    found = spans(events, YEAR)
    assert not found or found[-1].ends is None
    for one, following in pairwise(found):
        assert one.starts < one.ends == following.starts
        assert dataclasses.replace(one, starts=following.starts, ends=following.ends) != following


@settings(max_examples=200, deadline=None)
@given(ledgers, ledger_events)
def test_one_more_suspension_or_revocation_never_makes_a_day_better(events: list[Event], extra: Event) -> None:
    for kind in (Kind.SUSPENDED, Kind.REVOKED):
        worse = dataclasses.replace(extra, kind=kind, recorded=extra.recorded + 10_000 * DAY)
        later = [one for one in events if one.kind is not Kind.REINSTATED or one.effective <= worse.effective]
        at = worse.effective
        assert standing_at(spans([*later, worse], YEAR), at, 0).state not in {State.ACTIVE, State.EXPIRING}


@given(st.integers(0, 9999), st.integers(0, 2**40 - 1))
def test_a_number_is_read_back_however_it_is_typed(year: int, randomness: int) -> None:
    number = licence_number(year, randomness)
    assert read_number(number) == number
    assert read_number(f" {number.lower().replace('-', '')} ") == number
    assert read_number(number[:3] + number[3:].replace("0", "o").replace("1", "l")) == number


def test_full_width_characters_are_read() -> None:
    assert read_number("ＣＺ－２０２６－２８Ｔ５ＣＹ４ＴＷ") == "CZ-2026-28T5CY4TW"


@given(st.integers(2020, 2099), st.integers(0, 2**40 - 1), st.data())
def test_a_wrong_or_swapped_character_is_found(year: int, randomness: int, data: st.DataObject) -> None:
    number = licence_number(year, randomness)
    places = [place for place, character in enumerate(number) if place > 2 and character != "-"]
    place = data.draw(st.sampled_from(places))
    other = data.draw(st.sampled_from("0123456789" if place < 7 else ALPHABET))
    changed = number[:place] + other + number[place + 1 :]
    assert read_number(changed) == (number if other == number[place] else None)
    first, second = data.draw(st.sampled_from(list(pairwise(places))))
    letters = list(number)
    letters[first], letters[second] = letters[second], letters[first]
    swapped = "".join(letters)
    assert read_number(swapped) == (number if swapped == number else None)


@pytest.mark.parametrize("text", ["", "CZ", "CZ-2026-28T5CY4T", "XX-2026-28T5CY4TW", "CZ-2026-28T5CY4TWW", "CZ-٢٠٢٦-28T5CY4TW"])
def test_what_is_no_number_is_not_read(text: str) -> None:
    assert read_number(text) is None
