"""The licence calendar, the renewals and the acts that docs/licences.md publishes, read from there and run."""

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from certification import decision, licence_act
from certification.licence import Event, Grade, Kind, Validity, end_of_renewal, held_at, known_by, spans, standing_at
from certification.licence_act import CODES, GRADES, OFFERED, Reason

SHANGHAI = ZoneInfo("Asia/Shanghai")
PAGE = (Path(__file__).parents[2] / "docs" / "licences.md").read_text("utf-8")
WINDOW = 60


def table(title: str) -> list[list[str]]:
    """The rows of the table under a heading of the page."""
    part = re.split(r"^## ", PAGE.partition(f"## {title}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in part.splitlines() if line.startswith("|")]
    return rows[2:]


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


def day(moment: datetime) -> str:
    """The last good day of what ends at ``moment``."""
    return (moment.astimezone(SHANGHAI) - timedelta(microseconds=1)).date().isoformat()


def ledger(text: str) -> tuple[list[Event], Validity]:
    """``[N months;] kind TIME [grade] [until TIME] [recorded TIME]; …``"""
    parts, months = [part.strip() for part in text.split(";") if part.strip()], 12
    if parts and parts[0].endswith("months"):
        months = int(parts.pop(0).split()[0])
    return [_event(part.split()) for part in parts], Validity(months, SHANGHAI)


def _event(words: list[str]) -> Event:
    said = dict(pairwise(words))
    grade = next((Grade(word) for word in words[2:] if word in set(Grade)), None)
    effective = local(words[1])
    until = local(said["until"]) if "until" in said else None
    return Event(Kind(words[0]), grade, effective, until, local(said["recorded"]) if "recorded" in said else effective)


def seen(events: list[Event], validity: Validity, at: str) -> str:
    """What a ledger is worth, in the words of the table."""
    if at.startswith("new "):
        at = at[4:]
        ended = next(event.effective for event in events if event.kind is Kind.SUPERSEDED)
        old = [event for event in events if event.kind is not Kind.SUPERSEDED]
        begun = [event for event in old if event.recorded <= ended]
        events = licence_act.succession(begun, ended, validity) + [event for event in old if event not in begun]
    on, _, known = at.partition(" known ")
    events = known_by(events, local(known)) if known else events
    held = standing_at(spans(events, validity), local(on), 60)
    until = f" until {day(held.until)}" if held.until else ""
    certified = f" certified {held.certified.astimezone(SHANGHAI).date().isoformat()}" if held.certified else ""
    return f"{held.state}{f' {held.grade}' if held.grade else ''}{until}{certified}"


CALENDAR, RENEWALS, ACTS = table("The licence calendar"), table("Renewals"), table("Acts and why not")


def names(rows: list[list[str]]) -> list[str]:
    return [row[0] for row in rows]


def test_the_page_publishes_enough_cases_and_each_once() -> None:
    assert len(CALENDAR) >= 40
    for rows in (CALENDAR, RENEWALS, ACTS):
        assert len(set(names(rows))) == len(rows)


@pytest.mark.parametrize(("text", "at", "worth"), [row[1:] for row in CALENDAR], ids=names(CALENDAR))
def test_calendar(text: str, at: str, worth: str) -> None:
    found = seen(*ledger(text), at)
    said = worth.split()
    pairs = set(pairwise(found.split()))
    assert found.split()[0] == said[0]
    for place, word in enumerate(said[1:], 1):
        if word in {"until", "certified"}:
            assert (word, said[place + 1]) in pairs, found
        else:
            assert word in found.split(), found


@pytest.mark.parametrize(("text", "exam", "decided", "answer"), [row[1:] for row in RENEWALS], ids=names(RENEWALS))
def test_renewals(text: str, exam: str, decided: str, answer: str) -> None:
    events, validity = ledger(text)
    at, held = local(decided), held_at(events, local(decided), validity)
    assert held.until is not None
    assert held.certified is not None
    sat = None if exam == "–" else local(exam)
    refused = decision.renewal_refusal(held.until, held.certified, sat, at, WINDOW)
    assert answer == (str(refused) if refused else f"until {day(end_of_renewal(events, at, validity, WINDOW))}")


@pytest.mark.parametrize(("text", "act", "start", "answer"), [row[1:] for row in ACTS], ids=names(ACTS))
def test_acts(text: str, act: str, start: str, answer: str) -> None:
    events, validity = ledger(text)
    word, _, owes = act.partition(" (owes ")
    kind, unmet = Kind(word), [owes.rstrip(")")] if owes else []
    refused = licence_act.refusal(events, kind, local(start), validity, GRADES.get(kind), unmet)
    assert str(refused or "done") == answer


def test_the_page_names_every_reason_and_what_it_may_be_chosen_for() -> None:
    published = {row[0].strip("`"): set(re.findall(r"`([a-z_]+)`", row[1])) for row in table("Reasons")}
    offered = {str(code): {str(kind) for kind in OFFERED if code in OFFERED[kind]} for code in Reason}
    assert published == offered
    assert set(CODES) == set(Kind)


def test_the_page_names_every_kind_of_event() -> None:
    assert [row[0].strip("`") for row in table("Events")] == [str(kind) for kind in Kind]


def test_every_refusal_of_a_ledger_stands_in_the_table() -> None:
    by_ledger = {"not_granted", "granted_already", "ended", "expired", "suspended_already", "not_suspended", "same_grade", "measures_open"}
    assert {row[-1] for row in ACTS} - {"done"} == by_ledger
    assert {row[-1] for row in RENEWALS if not row[-1].startswith("until")} == {"new_exam", "old_exam"}
