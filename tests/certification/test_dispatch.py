"""The truth table of dispatch, also printed in docs/dispatch.md, and the rule against an independent reference."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certification import dispatch_wording
from certification.dispatch import denied, resolve
from certification.dispatch_code import CHECKS, CURES, Code, Result
from certification.dispatch_finding import DispatchAnswer
from certification.dispatch_policy import Policy
from certification.licence import Event, Grade, Kind, Validity, add_months, spans
from certification.visit import Assignment, Entrusted, Held, Member, Override, Retraining, Scope, Term, Tier, Visit, first_gap

SHANGHAI = ZoneInfo("Asia/Shanghai")
POLICY = Policy(SHANGHAI)
MICRO = timedelta(microseconds=1)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


NOW = local("2026-11-22T09:00")
STARTS, ENDS = local("2026-11-26T21:00"), local("2026-11-27T01:30")


def held(state: str = "active", *, starts: str = "2026-03-01", ends: str | None = "2027-03-01", grade: str = "qualified",
         until: str = "2027-03-01", certified: str | None = None, number: str = "CZ-2026-AAAAAAAAX") -> Held:
    return Held(number, local(starts), local(ends) if ends else None, state, grade, local(until), local(certified or starts))


def place(state: str = "running", *, starts: str = "2026-01-01", ends: str = "2027-07-01", on: str = "2026-01-01", off: str | None = None,
          contract: str = "C01") -> Assignment:
    return Assignment(contract, state, local(starts), local(ends), local(on), local(off) if off else None)


def member(number: str = "S0001", *spans_held: Held, **more: Any) -> Member:
    return Member(number, **{"partner": "P01", "operator": False, "held": spans_held, "assignments": (place(),), **more})


def term(state: str = "running", *, starts: str = "2026-01-01", ends: str = "2027-07-01") -> Term:
    return Term(state, local(starts), local(ends))


def items(*terms: Term, contract: str = "C01") -> Entrusted:
    return Entrusted(contract, 2, terms or (term(),))


def retraining(due: str) -> Retraining:
    return Retraining(local(due), "WG-2026-1", "GCS@2011#25.1")


def override(starts: str = "2026-11-22", ends: str = "2026-11-28") -> Override:
    return Override(local(starts), local(ends), "H0001", "D0001")


def visit(*team: str, **more: Any) -> Visit:
    fields = {"programme": "GC", "tier": Tier.ORDINARY, "scope": Scope.LOCAL, "starts": STARTS, "ends": ENDS, "id": "W-1", **more}
    return Visit(team=team or ("S0001",), **fields)


def judge(asked: Visit, *members: Member, known: bool = True, at: datetime = NOW) -> DispatchAnswer:
    return resolve(asked, {one.staff_no: one for one in members}, known, at, POLICY)


def reasons(answer: DispatchAnswer) -> list[tuple[str, str | None]]:
    return [(str(reason.code), reason.subject) for reason in answer.reasons]


GOOD = held()
EXCELLENT = held(grade="excellent")
EXPIRED = (held(ends="2026-10-01", until="2026-10-01", starts="2025-12-01"),
           held("expired", starts="2026-10-01", ends=None, until="2026-10-01", certified="2025-12-01"))
SUSPENDED = (held(ends="2026-11-01"), held("suspended", starts="2026-11-01", certified="2026-03-01"))
REVOKED = (held(ends="2026-11-01"), held("revoked", starts="2026-11-01", ends=None, certified="2026-03-01"))
GOLD = {"tier": Tier.GOLD}
TWO = ("S0001", "S0002")

TABLE: list[tuple[str, Visit, list[Member], list[tuple[str, str | None]]]] = [
    # one person, an ordinary customer
    ("a licence in force", visit(), [member("S0001", GOOD)], []),
    ("no licence", visit(), [member("S0001")], [("licence_none", "S0001")]),
    ("expired before the visit", visit(), [member("S0001", *EXPIRED)], [("licence_expired", "S0001")]),
    ("suspended", visit(), [member("S0001", *SUSPENDED)], [("licence_suspended", "S0001")]),
    ("revoked", visit(), [member("S0001", *REVOKED)], [("licence_revoked", "S0001")]),
    ("superseded without a successor", visit(), [member("S0001", held(ends="2026-11-01"),
     held("superseded", starts="2026-11-01", ends=None, certified="2026-03-01"))], [("licence_superseded", "S0001")]),
    ("superseded, and the new one in force", visit(), [member("S0001", held("superseded", ends=None, number="CZ-2026-OLD"), GOOD)], []),
    ("not in force yet", visit(), [member("S0001", held(starts="2026-12-01", until="2027-12-01"))], [("licence_not_yet", "S0001")]),
    ("in force only from the middle of the visit", visit(), [member("S0001", held(starts="2026-11-27", until="2027-11-27"))],
     [("licence_not_yet", "S0001")]),
    ("runs out during the visit", visit(), [member("S0001", held(ends="2026-11-27", until="2026-11-27"),
     held("expired", starts="2026-11-27", ends=None, until="2026-11-27", certified="2026-03-01"))], [("licence_lapses", "S0001")]),
    ("runs out the instant that the visit ends", visit(ends=local("2026-11-27")), [member("S0001",
     held(ends="2026-11-27", until="2026-11-27"),
     held("expired", starts="2026-11-27", ends=None, until="2026-11-27", certified="2026-03-01"))], []),
    ("runs out during the visit and is renewed too late", visit(), [member("S0001", held(ends="2026-11-27", until="2026-11-27"),
     held("expired", starts="2026-11-27", ends="2026-11-27T01:00", until="2026-11-27", certified="2026-03-01"),
     held(starts="2026-11-27T01:00", until="2027-11-27"))], [("licence_lapses", "S0001")]),
    ("renewed during the visit without a gap", visit(), [member("S0001", held(ends="2026-11-27", until="2026-12-01"),
     held(starts="2026-11-27", until="2027-12-01", ends="2027-12-01"))], []),
    ("suspended during the visit", visit(), [member("S0001", held(ends="2026-11-27"), held("suspended", starts="2026-11-27",
     certified="2026-03-01"))], [("licence_suspended", "S0001")]),
    ("revoked during the visit", visit(), [member("S0001", held(ends="2026-11-27"), held("revoked", starts="2026-11-27", ends=None,
     certified="2026-03-01"))], [("licence_revoked", "S0001")]),
    ("reinstated before the visit", visit(), [member("S0001", held("suspended", ends="2026-11-20"), held(starts="2026-11-20",
     certified="2026-03-01"))], []),
    ("reinstated during the visit", visit(), [member("S0001", held("suspended", ends="2026-11-27"), held(starts="2026-11-27",
     certified="2026-03-01"))], [("licence_suspended", "S0001")]),
    ("a second licence is suspended", visit(), [member("S0001", GOOD, held("suspended", number="CZ-2026-B"))],
     [("licence_suspended", "S0001")]),
    ("an older licence was revoked, and certified anew", visit(), [member("S0001", held("revoked", starts="2025-01-01", ends=None,
     certified="2024-06-01", number="CZ-2024-A"), GOOD)], []),
    ("the newer licence was revoked", visit(), [member("S0001", GOOD, held("revoked", starts="2026-11-01", ends=None,
     certified="2026-09-01", number="CZ-2026-B"))], [("licence_revoked", "S0001")]),
    # R3: at most twelve months since the last certification
    ("certified twelve months before the end, to the day", visit(ends=local("2026-11-27")), [member("S0001", held(starts="2025-11-27T15:00",
     until="2027-11-27", ends="2027-11-27"))], []),
    ("certified a moment more than twelve months before", visit(ends=local("2026-11-27") + MICRO), [member("S0001",
     held(starts="2025-11-27T15:00", until="2027-11-27", ends="2027-11-27"))], [("certification_old", "S0001")]),
    ("expired, and long ago", visit(), [member("S0001", held("expired", starts="2025-10-01", ends=None, until="2025-10-01",
     certified="2024-10-01"))], [("licence_expired", "S0001"), ("certification_old", "S0001")]),
    ("suspended, and certified long ago", visit(), [member("S0001", held("suspended", starts="2025-10-01", ends="2027-10-01",
     until="2027-10-01"))], [("licence_suspended", "S0001"), ("certification_old", "S0001")]),
    # R4: somebody excellent
    ("gold, and nobody excellent", visit(**GOLD), [member("S0001", GOOD)], [("no_excellent", None)]),
    ("gold, and the subject excellent", visit(**GOLD), [member("S0001", EXCELLENT)], []),
    ("gold, and a colleague excellent", visit(*TWO, **GOLD), [member("S0001", GOOD), member("S0002", EXCELLENT)], []),
    ("important and local", visit(tier=Tier.IMPORTANT), [member("S0001", GOOD)], []),
    ("important across cities", visit(tier=Tier.IMPORTANT, scope=Scope.CROSS_CITY), [member("S0001", GOOD)], [("no_excellent", None)]),
    ("important across provinces", visit(tier=Tier.IMPORTANT, scope=Scope.CROSS_PROVINCE), [member("S0001", GOOD)],
     [("no_excellent", None)]),
    ("ordinary across provinces", visit(scope=Scope.CROSS_PROVINCE), [member("S0001", GOOD)], []),
    ("gold and local", visit(tier=Tier.GOLD, scope=Scope.LOCAL), [member("S0001", GOOD)], [("no_excellent", None)]),
    ("excellent only for the first half", visit(**GOLD), [member("S0001", held(grade="excellent", ends="2026-11-27"),
     held(starts="2026-11-27", certified="2026-03-01"))], [("no_excellent", None)]),
    ("excellent only for the second half", visit(**GOLD), [member("S0001", held(ends="2026-11-27"),
     held(grade="excellent", starts="2026-11-27", certified="2026-03-01"))], [("no_excellent", None)]),
    ("excellent, renewed as excellent during the visit", visit(**GOLD), [member("S0001", held(grade="excellent", ends="2026-11-27"),
     held(grade="excellent", starts="2026-11-27"))], []),
    ("the excellent one is suspended", visit(*TWO, **GOLD), [member("S0001", GOOD), member("S0002", held("suspended", grade="excellent"))],
     [("licence_suspended", "S0002"), ("no_excellent", None)]),
    # the team
    ("a colleague is not certified", visit(*TWO), [member("S0001", GOOD), member("S0002")], [("licence_none", "S0002")]),
    ("a colleague is unknown", visit(*TWO), [member("S0001", GOOD)], [("unknown_staff", "S0002")]),
    ("every reason of every member is given", visit(*TWO, **GOLD), [member("S0001", *EXPIRED), member("S0002", *SUSPENDED, assignments=())],
     [("licence_expired", "S0001"), ("not_on_roster", "S0002"), ("licence_suspended", "S0002"), ("no_excellent", None)]),
    # people, programme, window
    ("nobody of that number", visit("X"), [], [("unknown_staff", "X")]),
    ("left before the visit", visit(), [member("S0001", GOOD, left=local("2026-11-01"))], [("left_company", "S0001")]),
    ("leaves during the visit", visit(), [member("S0001", GOOD, left=local("2026-11-27"))], [("left_company", "S0001")]),
    ("leaves as the visit ends", visit(), [member("S0001", GOOD, left=ENDS)], []),
    ("the visit ends before it starts", visit(ends=STARTS - MICRO), [member("S0001", GOOD)], [("visit_window", None)]),
    ("the visit has no length", visit(ends=STARTS), [member("S0001", GOOD)], [("visit_window", None)]),
    ("31 days are not too long", visit(ends=STARTS + timedelta(days=31)), [member("S0001", GOOD)], []),
    ("more than 31 days are", visit(ends=STARTS + timedelta(days=31) + MICRO), [member("S0001", GOOD)], [("visit_too_long", None)]),
    # the contract
    ("on no roster", visit(), [member("S0001", GOOD, assignments=())], [("not_on_roster", "S0001")]),
    ("the operator's own staff need none", visit(), [member("S0001", GOOD, operator=True, assignments=())], []),
    ("the contract is a draft", visit(), [member("S0001", GOOD, assignments=(place("draft"),))], [("contract_not_signed", "S0001")]),
    ("its roster is certified, it is not signed", visit(), [member("S0001", GOOD, assignments=(place("certified_roster"),))],
     [("contract_not_signed", "S0001")]),
    ("signed", visit(), [member("S0001", GOOD, assignments=(place("signed"),))], []),
    ("ending", visit(), [member("S0001", GOOD, assignments=(place("ending"),))], []),
    ("ended by word", visit(), [member("S0001", GOOD, assignments=(place("ended"),))], [("contract_ended", "S0001")]),
    ("ended by date", visit(), [member("S0001", GOOD, assignments=(place(ends="2026-11-26"),))], [("contract_ended", "S0001")]),
    ("ends during the visit", visit(), [member("S0001", GOOD, assignments=(place(ends="2026-11-27"),))], [("contract_short", "S0001")]),
    ("ends as the visit ends", visit(ends=local("2026-11-27")), [member("S0001", GOOD, assignments=(place(ends="2026-11-27"),))], []),
    ("starts later", visit(), [member("S0001", GOOD, assignments=(place(starts="2026-12-01"),))], [("contract_not_started", "S0001")]),
    ("followed by the next without a gap", visit(), [member("S0001", GOOD, assignments=(place(ends="2026-11-27"),
     place(starts="2026-11-27", contract="C02")))], []),
    ("off the roster", visit(), [member("S0001", GOOD, assignments=(place(off="2026-11-20"),))], [("not_on_roster", "S0001")]),
    ("comes off the roster during the visit", visit(), [member("S0001", GOOD, assignments=(place(off="2026-11-27"),))],
     [("roster_short", "S0001")]),
    ("not on the roster yet", visit(), [member("S0001", GOOD, assignments=(place(on="2026-11-28"),))], [("not_on_roster", "S0001")]),
    # R5: logo items
    ("no items, and none are asked for", visit(), [member("S0001", GOOD)], []),
    ("items under a contract that runs", visit(), [member("S0001", GOOD, entrusted=(items(),))], []),
    ("items under a contract that has ended", visit(), [member("S0001", GOOD, entrusted=(items(term("ended", ends="2026-11-01")),))],
     [("items_overdue", "S0001")]),
    ("items under a contract that is over by date", visit(), [member("S0001", GOOD, entrusted=(items(term(ends="2026-11-01")),))],
     [("items_overdue", "S0001")]),
    ("items under a contract that ends during the visit", visit(), [member("S0001", GOOD, entrusted=(items(term(ends="2026-11-27")),))],
     [("items_overdue", "S0001")]),
    ("items under a contract that ends as the visit ends", visit(ends=local("2026-11-27")), [member("S0001", GOOD,
     entrusted=(items(term(ends="2026-11-27")),))], []),
    ("items under a contract that was renewed without a gap", visit(), [member("S0001", GOOD,
     entrusted=(items(term("ended", ends="2026-11-27"), term(starts="2026-11-01")),))], []),
    ("items under a contract whose renewal is only a draft", visit(), [member("S0001", GOOD,
     entrusted=(items(term("ended", ends="2026-11-01"), term("draft", starts="2026-11-01")),))], [("items_overdue", "S0001")]),
    ("items under two contracts, one of them over", visit(), [member("S0001", GOOD,
     entrusted=(items(), items(term(ends="2026-11-01"), contract="C00")))], [("items_overdue", "S0001")]),
    ("the operator's own staff hold items as they like", visit(), [member("S0001", GOOD, operator=True, assignments=(),
     entrusted=(items(term("ended")),))], []),
    ("the logo is asked for, and items are held", visit(logo=True), [member("S0001", GOOD, entrusted=(items(),), agreement=True)], []),
    ("the logo is asked for, and none are held", visit(logo=True), [member("S0001", GOOD, agreement=True)], [("no_custody", "S0001")]),
    ("the logo is asked for, and the company never signed for it", visit(logo=True), [member("S0001", GOOD)],
     [("no_agreement", "S0001")]),
    ("the logo is asked for, and what is held was issued for another company", visit(logo=True),
     [member("S0001", GOOD, entrusted=(items(contract="C02"),))], [("no_agreement", "S0001")]),
    ("the logo is asked for, and one of two has none", visit(*TWO, logo=True), [member("S0001", GOOD, entrusted=(items(),), agreement=True),
     member("S0002", GOOD, agreement=True)], [("no_custody", "S0002")]),
    ("the logo is asked for of the operator's own", visit(logo=True), [member("S0001", GOOD, operator=True)], []),
    # R6: breaches
    ("a retraining that is due after the visit", visit(), [member("S0001", GOOD, retraining=(retraining("2026-12-01"),))], []),
    ("a retraining that is due as the visit ends", visit(ends=local("2026-11-27")), [member("S0001", GOOD,
     retraining=(retraining("2026-11-27"),))], []),
    ("a retraining that falls due during the visit", visit(), [member("S0001", GOOD, retraining=(retraining("2026-11-27"),))],
     [("retraining_due", "S0001")]),
    ("a retraining that is overdue", visit(), [member("S0001", GOOD, retraining=(retraining("2026-11-01"),))],
     [("retraining_due", "S0001")]),
    ("two retrainings, one of them overdue", visit(), [member("S0001", GOOD,
     retraining=(retraining("2026-12-01"), retraining("2026-11-01")))], [("retraining_due", "S0001")]),
    # an emergency override
    ("expired, and let go by two", visit(), [member("S0001", *EXPIRED, overrides=(override(),))], []),
    ("suspended, and let go by two", visit(), [member("S0001", *SUSPENDED, overrides=(override(),))], []),
    ("no licence at all, and let go by two", visit(), [member("S0001", overrides=(override(),))], []),
    ("several denials, all lifted together", visit(), [member("S0001", *EXPIRED, assignments=(), retraining=(retraining("2026-11-01"),),
     overrides=(override(),))], []),
    ("gold and nobody excellent, and the leader let go", visit(**GOLD), [member("S0001", GOOD, overrides=(override(),))], []),
    ("gold and nobody excellent, and a colleague let go", visit(*TWO, **GOLD), [member("S0001", GOOD),
     member("S0002", GOOD, overrides=(override(),))], [("no_excellent", None)]),
    ("let go, but a colleague is not certified", visit(*TWO), [member("S0001", *EXPIRED, overrides=(override(),)), member("S0002")],
     [("licence_none", "S0002")]),
    ("let go, but the override ends before the visit", visit(), [member("S0001", *EXPIRED, overrides=(override(ends="2026-11-27"),))],
     [("licence_expired", "S0001")]),
    ("let go until the visit ends, to the minute", visit(), [member("S0001", *EXPIRED, overrides=(override(ends="2026-11-27T01:30"),))],
     []),
    ("the override is over", visit(), [member("S0001", *EXPIRED, overrides=(override("2026-11-20", "2026-11-21"),))],
     [("licence_expired", "S0001")]),
    ("the override has not begun", visit(), [member("S0001", *EXPIRED, overrides=(override("2026-11-25"),))],
     [("licence_expired", "S0001")]),
    ("let go, but revoked", visit(), [member("S0001", *REVOKED, overrides=(override(),))], [("licence_revoked", "S0001")]),
    ("let go, but revoked beside a suspension", visit(), [member("S0001", held("suspended", number="CZ-2026-B"), *REVOKED,
     overrides=(override(),))], [("licence_revoked", "S0001")]),
    ("let go, but revoked and off the roster", visit(), [member("S0001", *REVOKED, assignments=(), overrides=(override(),))],
     [("licence_revoked", "S0001"), ("not_on_roster", "S0001")]),
    ("let go, but left", visit(), [member("S0001", *EXPIRED, left=local("2026-11-20"), overrides=(override(),))],
     [("left_company", "S0001"), ("licence_expired", "S0001")]),
    ("let go, but of another company", visit(partner="P02"), [member("S0001", *EXPIRED, overrides=(override(),))],
     [("wrong_partner", "S0001"), ("licence_expired", "S0001")]),
    ("let go, but the visit is too long", visit(ends=STARTS + timedelta(days=40)), [member("S0001", GOOD,
     overrides=(override(ends="2027-03-01"),))], [("visit_too_long", None)]),
    # the company
    ("of the company that the order names", visit(partner="P01"), [member("S0001", GOOD)], []),
    ("of another company", visit(partner="P02"), [member("S0001", GOOD)], [("wrong_partner", "S0001")]),
]


@pytest.mark.parametrize(("asked", "members", "expected"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_truth_table(asked: Visit, members: list[Member], expected: list[tuple[str, str | None]]) -> None:
    answer = judge(asked, *members)
    assert sorted(reasons(answer), key=str) == sorted(expected, key=str)
    assert answer.decision is (not expected)


def test_an_unknown_programme_denies() -> None:
    assert reasons(judge(visit(programme="NO"), member("S0001", GOOD), known=False)) == [("unknown_programme", None)]


def test_a_team_of_nobody_is_denied() -> None:
    assert reasons(judge(msgspec.structs.replace(visit(), team=()))) == [("unknown_staff", None)]


def test_when_nothing_can_be_judged_the_answer_is_no() -> None:
    answer = denied(Code.SYSTEM_UNAVAILABLE, NOW, POLICY)
    assert (answer.decision, reasons(answer), answer.valid_until) == (False, [("system_unavailable", None)], NOW)


def test_evidence_names_what_was_relied_on() -> None:
    answer = judge(visit(*TWO, **GOLD), member("S0001", GOOD), member("S0002", EXCELLENT))
    found = [(one.type, one.id, one.subject, one.grade) for one in answer.evidence]
    number = GOOD.number
    assert found == [
        ("contract", "C01", "S0001", None), ("licence", number, "S0001", "qualified"),
        ("contract", "C01", "S0002", None), ("licence", number, "S0002", "excellent"),
    ]


def test_checks_tell_every_rule_with_its_outcome() -> None:
    answer = judge(visit(), member("S0001", GOOD))
    assert [(check.check, str(check.outcome)) for check in answer.checks] == [
        ("window", "pass"), ("staff", "pass"), ("contract", "pass"), ("custody", "skip"), ("breach", "pass"), ("licence", "pass"),
        ("validity", "pass"), ("yearly", "pass"), ("backbone", "skip"),
    ]


VALID_UNTIL = [
    ("the visit's end when nothing changes before", [member("S0001", GOOD)], ENDS),
    ("the end of the licence when that is earlier", [member("S0001", held(ends="2026-11-24", until="2026-11-24"))], local("2026-11-24")),
    ("the end of the contract", [member("S0001", GOOD, assignments=(place(ends="2026-11-25"),))], local("2026-11-25")),
    ("the day on which somebody leaves", [member("S0001", GOOD, left=local("2026-11-23"))], local("2026-11-23")),
    ("twelve months after the certification", [member("S0001", held(starts="2025-11-23T10:00"))], local("2026-11-23")),
    ("a licence that begins", [member("S0001", held(starts="2026-11-24"))], local("2026-11-24")),
]


@pytest.mark.parametrize(("members", "until"), [row[1:] for row in VALID_UNTIL], ids=[row[0] for row in VALID_UNTIL])
def test_the_answer_holds_until_the_next_boundary(members: list[Member], until: datetime) -> None:
    assert judge(visit(), *members).valid_until == until


def test_an_answer_about_the_past_holds_from_the_instant_it_is_given() -> None:
    later = ENDS + timedelta(days=3)
    assert judge(visit(), member("S0001", GOOD), at=later).valid_until == later


def test_every_code_has_a_sentence_and_every_denial_a_cure() -> None:
    assert set(dispatch_wording.SENTENCES) == set(Code)
    assert set(dispatch_wording.CURES) == set(CURES)
    failing = {reason.code for _name, asked, members, _expected in TABLE for reason in judge(asked, *members).reasons}
    assert failing <= set(CURES)
    never_in_the_table = {Code.UNKNOWN_PROGRAMME, Code.CLOCK_IN_DOUBT, Code.SYSTEM_UNAVAILABLE}
    assert set(CURES) - failing == never_in_the_table


def test_the_published_list_names_every_code_check_and_cure() -> None:
    text = (Path(__file__).parents[2] / "docs" / "dispatch.md").read_text("utf-8")
    published = set(re.findall(r"^\| `([a-z_]+)` \|", text, re.MULTILINE))
    assert published >= {str(code) for code in Code} | set(CHECKS) | {str(cure) for cure in CURES.values()}


def test_the_docs_print_the_whole_truth_table() -> None:
    text = (Path(__file__).parents[2] / "docs" / "dispatch.md").read_text("utf-8")
    published = dict(re.findall(r"^\| ([^`|]+) \| (allowed|denied)\b", text, re.MULTILINE))
    answers = {name: "denied" if expected else "allowed" for name, _asked, _members, expected in TABLE}
    assert published == answers
    for name, _asked, _members, expected in TABLE:
        line = text.partition(f"| {name} | ")[2].partition("\n")[0]
        assert all(f"`{code}`" in line for code, _who in expected), line


# An independent reference: it looks at instants one by one, not at spans, gaps or ends.

HOUR = timedelta(hours=1)
ORIGIN = local("2026-01-01")
hours = st.integers(0, 24 * 700).map(lambda n: ORIGIN + n * HOUR)
grades = st.sampled_from([None, *Grade])
events = st.builds(Event, st.sampled_from(Kind), grades, hours, st.one_of(st.none(), hours), st.just(ORIGIN), st.just(""))
early = st.integers(0, 24 * 120).map(lambda n: ORIGIN + n * HOUR)
first = st.builds(Event, st.just(Kind.GRANTED), st.sampled_from(Grade), early, st.none(), st.just(ORIGIN), st.just(""))
WIDE = Assignment("C0", "running", ORIGIN, ORIGIN + 20_000 * HOUR, ORIGIN, None)


@st.composite
def people(draw: Any, number: str) -> Member:
    ledger = [draw(first), *draw(st.lists(events, max_size=3))]
    found = spans(ledger, Validity(12, SHANGHAI))
    holds = tuple(Held("CZ", one.starts, one.ends, one.standing, one.grade, one.until, one.certified) for one in found)
    places = [WIDE] if draw(st.booleans()) else []
    for state in draw(st.lists(st.sampled_from(["draft", "signed", "running", "ending", "ended"]), max_size=3)):
        begin, on = draw(hours), draw(hours)
        off = draw(st.one_of(st.none(), st.integers(0, 9000)))
        length = draw(st.integers(1, 9000))
        places.append(Assignment("C", state, begin, begin + length * HOUR, on, None if off is None else on + off * HOUR))
    left = draw(st.one_of(st.none(), st.none(), st.none(), hours))
    return Member(number, "P01", draw(st.booleans()), left, holds, tuple(places))


@st.composite
def visits(draw: Any) -> tuple[Visit, list[Member]]:
    start = ORIGIN + draw(st.integers(24 * 60, 24 * 520)) * HOUR
    length = draw(st.integers(-1, 60))
    team = [draw(people(f"S{n}")) for n in range(draw(st.integers(1, 2)))]
    asked = visit(
        *(one.staff_no for one in team), tier=draw(st.sampled_from(Tier)), scope=draw(st.sampled_from(Scope)), starts=start,
        ends=start + length * HOUR,
    )
    return asked, team


def allowed_by_reference(asked: Visit, team: list[Member]) -> bool:
    if asked.ends <= asked.starts:
        return False
    instants = []
    at = asked.starts
    while at < asked.ends:  # every edge lies on a full hour, but for local midnights, which do too
        instants.append(at)
        at += HOUR
    for one in team:
        if one.left is not None and one.left < asked.ends:
            return False
        for at in instants:
            now = [span for span in one.held if span.starts <= at and (span.ends is None or at < span.ends)]
            if [span.standing for span in now] != ["active"]:
                return False
            on = [p for p in one.assignments if p.state in ("signed", "running", "ending") and p.starts <= at < p.ends
                  and p.on <= at and (p.off is None or at < p.off)]
            if not one.operator and not on:
                return False
        last = max(span.certified for span in one.held if span.starts < asked.ends)
        if add_months(last, 12, SHANGHAI) < asked.ends:
            return False
    needs = asked.tier == "gold" or (asked.tier == "important" and asked.scope != "local")
    return not needs or any(all(excellent_at(one, at) for at in instants) for one in team)


def excellent_at(one: Member, at: datetime) -> bool:
    now = [span for span in one.held if span.starts <= at and (span.ends is None or at < span.ends)]
    return any(span.standing == "active" and span.grade == "excellent" for span in now)


@settings(max_examples=1500, deadline=None)
@given(visits())
def test_the_rule_agrees_with_the_reference(case: tuple[Visit, list[Member]]) -> None:
    asked, team = case
    assert judge(asked, *team, at=ORIGIN).decision is allowed_by_reference(asked, team)


@settings(max_examples=300, deadline=None)
@given(visits())
def test_an_answer_survives_the_log(case: tuple[Visit, list[Member]]) -> None:
    answer = judge(case[0], *case[1])
    assert msgspec.convert(msgspec.to_builtins(answer), DispatchAnswer) == answer


@settings(max_examples=300, deadline=None)
@given(visits())
def test_a_denial_always_has_a_reason_and_a_pass_never(case: tuple[Visit, list[Member]]) -> None:
    answer = judge(case[0], *case[1])
    assert answer.decision is not bool(answer.reasons)
    assert all(check.outcome in Result for check in answer.checks)


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), max_size=6), st.integers(0, 20), st.integers(1, 8))
def test_the_first_gap_is_the_first_uncovered_instant(pairs: list[tuple[int, int]], start: int, length: int) -> None:
    intervals = [(ORIGIN + low * HOUR, ORIGIN + high * HOUR) for low, high in pairs if low < high]
    uncovered = [n for n in range(start, start + length) if not any(low <= n < high for low, high in pairs)]
    expected = ORIGIN + uncovered[0] * HOUR if uncovered else None
    assert first_gap(intervals, ORIGIN + start * HOUR, ORIGIN + (start + length) * HOUR) == expected
