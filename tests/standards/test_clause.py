"""References, prefixes, camps of a clash, and what makes a standard's document wrong."""

from datetime import date

import msgspec
import pytest

from standards.clause import (
    ChapterDoc,
    ClashDoc,
    ClauseDoc,
    Duty,
    EditionDoc,
    Reference,
    SideDoc,
    Stage,
    StandardDoc,
    Tier,
    camps,
    check_clash,
    check_standard,
    covers,
    covers_reference,
    nearest,
    parse_reference,
)


@pytest.mark.parametrize(("prefix", "number", "expected"), [
    ("1", "1", True), ("1", "1.2", True), ("1", "1.2.3", True), ("1.2", "1.2.3", True),
    ("1", "12", False), ("1", "10.1", False), ("1.2", "1.20", False), ("1.2", "1", False), ("24.1", "24", False),
])
def test_a_prefix_covers_itself_and_what_is_below_it(prefix: str, number: str, expected: bool) -> None:
    assert covers(prefix, number) is expected
    assert covers_reference(f"GCS@2011#{prefix}", f"GCS@2011#{number}") is expected


def test_another_edition_is_never_covered() -> None:
    assert covers_reference("GCS@2011", "GCS@2011#1.1")
    assert not covers_reference("GCS@2011", "GCS@2012#1.1")
    assert not covers_reference("GCS@2011#1", "GCS@2012#1.1")
    assert not covers_reference("GCS@2011#1", "GCSX@2011#1.1")


def test_a_reference_is_read_and_written_back() -> None:
    found = parse_reference("CMGR@undated#1.2.1.3.1.9.1")
    assert found == Reference("CMGR", "undated", "1.2.1.3.1.9.1")
    assert str(found) == "CMGR@undated#1.2.1.3.1.9.1"
    assert found.edition_code == "CMGR@undated"


@pytest.mark.parametrize("text", [
    "", "GCS", "GCS@2011", "GCS@2011#", "@2011#1", "GCS@#1", "GCS#1", "GCS@2011#1.", "GCS@2011#.1", "GCS@2011#1..2", "GCS@2011#1#2",
    "G S@2011#1", "GCS@20/11#1",
])
def test_what_is_no_reference_is_not_read(text: str) -> None:
    assert parse_reference(text) is None


KNOWN = ["GCS@2011#24.1", "GCS@2011#24.2", "GCS@2011#25.1", "BBIM@2011#1.1.2.3.1"]


@pytest.mark.parametrize(("typed", "meant"), [
    ("GCS@2011#24.1", "GCS@2011#24.1"),
    ("gcs@2011#24.1", "GCS@2011#24.1"),
    ("ＧＣＳ＠2011＃24.1", "GCS@2011#24.1"),
    ("24.2", "GCS@2011#24.2"),
    ("GCS@2010#25.1", "GCS@2011#25.1"),
    ("GCS@2011#24.11", "GCS@2011#24.1"),
    ("GCS@2011#24", "GCS@2011#24.1"),
    ("BBIM@2011#1.1.2", "BBIM@2011#1.1.2.3.1"),
    ("保密", None),
    ("", None),
])
def test_the_nearest_reference_is_suggested(typed: str, meant: str | None) -> None:
    assert nearest(typed, KNOWN) == meant


def test_nothing_is_suggested_when_nothing_is_known() -> None:
    assert nearest("GCS@2011#24.1", []) is None


def test_clauses_of_one_edition_and_clauses_that_say_the_same_stand_together() -> None:
    found = camps([
        ("GCS@2011#25.3", "提前2小时"), ("BBIM@2011#1", "提前2小时"), ("CMGR@undated#1", "约定时间之前"), ("CMGR@undated#2", "打电话"),
    ])
    assert sorted(map(sorted, found)) == [["BBIM@2011#1", "GCS@2011#25.3"], ["CMGR@undated#1", "CMGR@undated#2"]]


def test_a_side_that_agrees_with_two_camps_joins_them() -> None:
    found = camps([("A@1#1", "甲"), ("B@1#1", "乙"), ("C@1#1", "甲"), ("C@1#2", "乙")])
    assert len(found) == 1


NEW_YEAR = date(2026, 1, 1)


def edition(*clauses: ClauseDoc, chapters: tuple[ChapterDoc, ...] = ()) -> StandardDoc:
    return StandardDoc("STD", {"zh": "规范"}, (EditionDoc("2026", NEW_YEAR, clauses, chapters),))


def test_a_sound_document_has_no_problem() -> None:
    doc = edition(ClauseDoc(number="1.1", text={"zh": "一"}, chapter="1"), chapters=(ChapterDoc("1", {"zh": "总则"}),))
    assert check_standard(doc, ("standards", 0)) == []


@pytest.mark.parametrize(("doc", "path"), [
    (StandardDoc("S T", {"zh": "规范"}, ()), "$.standards[0].code"),
    (StandardDoc("STD", {"en": "Rules"}, ()), "$.standards[0].title"),
    (StandardDoc("STD", {"zh": "规范"}, (EditionDoc("20/26", NEW_YEAR),)), "$.standards[0].editions[0].edition"),
    (StandardDoc("STD", {"zh": "规范"}, (EditionDoc("1", NEW_YEAR), EditionDoc("1", NEW_YEAR))), "$.standards[0].editions[1].edition"),
    (edition(ClauseDoc(number="1.", text={"zh": "一"})), "$.standards[0].editions[0].clauses[0].number"),
    (edition(ClauseDoc(number="1", text={"zh": "一"}), ClauseDoc(number="1", text={"zh": "二"})),
     "$.standards[0].editions[0].clauses[1].number"),
    (edition(ClauseDoc(number="1", text={"zh": "一"}, chapter="9")), "$.standards[0].editions[0].clauses[0].chapter"),
    (edition(ClauseDoc(number="1", text={"en": "one"})), "$.standards[0].editions[0].clauses[0].text"),
])
def test_a_problem_names_its_place(doc: StandardDoc, path: str) -> None:
    problems = check_standard(doc, ("standards", 0))
    assert [str(problem).partition(": ")[0] for problem in problems] == [path]


def test_the_public_shape_is_read_with_its_defaults() -> None:
    doc = msgspec.convert({"number": "1.2", "text": {"zh": "条"}, "tier": "basic", "key": True}, ClauseDoc)
    assert (doc.is_key, doc.tier, doc.duty, doc.stage, doc.applies_to, doc.examinable) == (
        True, Tier.BASIC, Duty.MUST, Stage.GENERAL, ("all",), True
    )
    assert not msgspec.convert({"number": "1.2", "text": {"zh": "条"}, "key": False}, ClauseDoc).is_key
    assert msgspec.convert({"number": "1.2", "text": {"zh": "条"}, "key_clause": True}, ClauseDoc).is_key


@pytest.mark.parametrize("plain", [
    {"number": "1", "text": {"zh": "条"}, "kye": True}, {"number": "1"}, {"number": "1", "text": {"zh": ""}},
    {"number": "1", "text": {"fr": "un"}}, {"number": "1", "text": {"zh": "条"}, "duty": "may"}, {"number": 1, "text": {"zh": "条"}},
])
def test_a_wrong_shape_is_refused(plain: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(plain, ClauseDoc)


def clash(*sides: tuple[str, str]) -> ClashDoc:
    return ClashDoc("c", {"zh": "何时到达"}, tuple(SideDoc(clause, {"zh": says}) for clause, says in sides))


def test_a_clash_needs_two_sides_that_disagree() -> None:
    assert check_clash(clash(("A@1#1", "早"), ("B@1#1", "晚")), ("clashes", 0)) == []
    assert check_clash(clash(("A@1#1", "早"), ("B@1#1", "早")), ())
    assert check_clash(clash(("A@1#1", "早"), ("A@1#2", "晚")), ())
    assert check_clash(clash(("A@1#1", "早")), ())


def test_a_side_must_be_a_reference_and_stand_once() -> None:
    problems = check_clash(clash(("A1", "早"), ("B@1#1", "晚")), ("clashes", 0))
    assert [str(found).partition(": ")[0] for found in problems] == ["$.clashes[0].sides[0].clause"]
    assert check_clash(clash(("A@1#1", "早"), ("A@1#1", "晚"), ("B@1#1", "晚")), ())
