"""The rules of custody and of signatures, case by case."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from certification import custody as rule
from certification import signature
from certification.custody import Facts, Item, Kind, Refusal, State, Term, Wanted
from certification.signature import Flaw, How, Signature
from foundation import pdf
from people.contract import Stay
from tests.conftest import START

NOW = START
DAY = timedelta(days=1)


def term(state: str = "running", starts: int = -100, ends: int = 100, ended: int | None = None) -> Term:
    return Term(state, NOW + starts * DAY, NOW + ends * DAY, None if ended is None else NOW + ended * DAY)


OUT, BACK, LOST, SETTLED = Item(State.ISSUED), Item(State.RETURNED), Item(State.LOST), Item(State.LOST, settled=True)
HERE = (Stay(NOW - 10 * DAY, None),)
BADGE = (Wanted(Kind.BADGE, "GP-1"),)


def facts(
    contract: Term | None = None, signed: datetime | None = NOW - DAY, stays: tuple[Stay, ...] = HERE, held: tuple[Item, ...] = ()
) -> Facts:
    return Facts(contract or term(), signed, stays, held)


ISSUES: list[tuple[str, Facts, tuple[Refusal, ...]]] = [
    ("both are there", facts(), ()),
    ("signed this very instant", facts(signed=NOW), ()),
    ("everything came back", facts(held=(BACK, SETTLED)), ()),
    ("no agreement", facts(signed=None), (Refusal.NO_AGREEMENT,)),
    ("an agreement of tomorrow", facts(signed=NOW + DAY), (Refusal.NO_AGREEMENT,)),
    ("a draft", facts(term("draft")), (Refusal.CONTRACT_NOT_IN_FORCE,)),
    ("a confirmed roster", facts(term("certified_roster")), (Refusal.CONTRACT_NOT_IN_FORCE,)),
    ("signed, but begins later", facts(term("signed", starts=1)), (Refusal.CONTRACT_NOT_IN_FORCE,)),
    ("begins now", facts(term("signed", starts=0)), ()),
    ("ends now", facts(term("ending", ends=0)), (Refusal.CONTRACT_NOT_IN_FORCE,)),
    ("ended early", facts(term("ended", ended=-1)), (Refusal.CONTRACT_NOT_IN_FORCE,)),
    ("not on the roster", facts(stays=()), (Refusal.NOT_ON_ROSTER,)),
    ("left the roster now", facts(stays=(Stay(NOW - DAY, NOW),)), (Refusal.NOT_ON_ROSTER,)),
    ("joins the roster tomorrow", facts(stays=(Stay(NOW + DAY, None),)), (Refusal.NOT_ON_ROSTER,)),
    ("back on the roster", facts(stays=(Stay(NOW - 9 * DAY, NOW - DAY), Stay(NOW, None))), ()),
    ("something is still out", facts(held=(BACK, OUT)), (Refusal.OPEN_ITEMS,)),
    ("a loss that nobody settled", facts(held=(LOST,)), (Refusal.UNSETTLED_LOSS,)),
    (
        "all at once", facts(term("draft"), None, (), (OUT, LOST)),
        (Refusal.NO_AGREEMENT, Refusal.CONTRACT_NOT_IN_FORCE, Refusal.NOT_ON_ROSTER, Refusal.OPEN_ITEMS, Refusal.UNSETTLED_LOSS),
    ),
]


@pytest.mark.parametrize(("given", "expected"), [case[1:] for case in ISSUES], ids=[case[0] for case in ISSUES])
def test_items_are_issued_against_the_agreement_and_the_assignment(given: Facts, expected: tuple[Refusal, ...]) -> None:
    assert rule.may_issue(given, BADGE, "驻点支撑", NOW) == expected


def test_a_receipt_names_its_items_and_the_assignment() -> None:
    assert rule.may_issue(facts(), (), " ", NOW) == (Refusal.NO_ITEMS, Refusal.NO_ASSIGNMENT)
    assert rule.may_issue(facts(), BADGE * rule.MOST, "驻点", NOW) == ()
    assert rule.may_issue(facts(), BADGE * (rule.MOST + 1), "驻点", NOW) == (Refusal.TOO_MANY,)


@pytest.mark.parametrize(("contract", "signed", "day", "expected"), [
    (term(), None, NOW, None), (term("draft", starts=5), None, NOW, None), (term(), None, NOW - 50 * DAY, None),
    (term(), NOW - DAY, NOW, Refusal.SIGNED_ALREADY), (term(), None, NOW + DAY, Refusal.IN_FUTURE),
    (term("ended"), None, NOW, Refusal.CONTRACT_OVER), (term("running", ends=0), None, NOW, Refusal.CONTRACT_OVER),
])
def test_a_company_signs_once_while_its_contract_lasts(
    contract: Term, signed: datetime | None, day: datetime, expected: Refusal | None
) -> None:
    assert rule.may_sign(contract, signed, day, NOW) == expected


@pytest.mark.parametrize(("item", "back", "report", "settle"), [
    (OUT, None, None, Refusal.NOT_LOST), (BACK, Refusal.CLOSED, Refusal.CLOSED, Refusal.NOT_LOST), (LOST, None, Refusal.CLOSED, None),
    (SETTLED, Refusal.CLOSED, Refusal.CLOSED, Refusal.NOT_LOST),
])
def test_what_may_become_of_an_item(item: Item, back: Refusal | None, report: Refusal | None, settle: Refusal | None) -> None:
    assert (rule.may_return(item), rule.may_report(item), rule.may_settle(item)) == (back, report, settle)


RETURNS: list[tuple[str, list[Term], int | None]] = [
    ("it runs", [term()], None),
    ("it ended", [term(ends=-3)], -3),
    ("it ends now", [term(ends=0)], 0),
    ("it was ended early", [term("ended", ends=50, ended=-7)], -7),
    ("it was ended early, nobody knows when", [term("ended", ends=50)], 0),
    ("renewed", [term(ends=-3), term(starts=-3, ends=300)], None),
    ("renewed, and the renewal begins later", [term(ends=-3), term("signed", starts=9, ends=300)], None),
    ("a renewal that is only a draft", [term(ends=-3), term("draft", starts=-3, ends=300)], -3),
    ("the renewal ended too", [term("ended", ends=-90), term("ended", starts=-90, ends=-4)], -4),
    ("renewed twice", [term(ends=-90), term("ended", starts=-90, ends=-4), term(starts=-4, ends=60)], None),
    ("renewed while it still ran", [term(), term("signed", starts=100, ends=300)], None),
]


@pytest.mark.parametrize(("terms", "expected"), [case[1:] for case in RETURNS], ids=[case[0] for case in RETURNS])
def test_items_go_back_when_a_contract_ends_without_renewal(terms: list[Term], expected: int | None) -> None:
    chain = rule.chain(0, dict(enumerate(terms)), {place: [place + 1] for place in range(len(terms) - 1)})
    assert rule.due_back(terms, NOW) == (None if expected is None else NOW + expected * DAY)
    assert rule.due_back(chain, NOW) == rule.due_back(terms, NOW)


def test_of_several_renewals_the_living_one_counts_and_a_ring_ends() -> None:
    terms = {1: term(ends=-5), 2: term("draft"), 3: term("ended", ends=-2), 4: term(ends=30)}
    assert rule.chain(1, terms, {1: [2, 3, 4]}) == [terms[1], terms[4]]
    assert rule.chain(1, terms, {1: [3], 3: [1]}) == [terms[1], terms[3]]


def test_numbers_are_spread_and_the_digest_depends_on_every_word() -> None:
    assert rule.numbered(2026, 0) == "BG-2026-00000000"
    assert len({rule.numbered(2026, bits) for bits in range(0, 1 << 40, 1 << 31)}) == 512
    assert rule.digest({"a": 1, "b": "字"}) == rule.digest({"b": "字", "a": 1}) != rule.digest({"a": 1, "b": "子"})
    assert len(rule.digest({})) == 64


# Signatures


LINE = [[100, 100], [400, 220]]


def test_the_field_is_the_one_that_is_printed() -> None:
    assert signature.FIELD == pdf.SIGNATURE


@pytest.mark.parametrize(("name", "drawn", "declared", "signer", "expected"), [
    ("王建国", json.dumps([LINE]), False, None, Signature("王建国", How.DRAWN, (((100, 100), (400, 220)),))),
    ("王 建国 ", "[[[0, 0], [1000.0, 400]]]", True, "王 建国", Signature("王 建国", How.DRAWN, (((0, 0), (1000, 400)),))),
    ("王建国", "", True, "王建国", Signature("王建国", How.TYPED)),
    ("王建国", "[]", True, None, Signature("王建国", How.TYPED)),
    ("王建国", "", False, None, Flaw.UNSIGNED),
    ("王建国", "[]", False, None, Flaw.UNSIGNED),
    (" ", json.dumps([LINE]), False, None, Flaw.NO_NAME),
    ("李晓梅", json.dumps([LINE]), False, "王建国", Flaw.NOT_THE_SIGNER),
    ("王建国", "[[[10, 10]]]", False, None, Flaw.TOO_SMALL),
    ("王建国", json.dumps([[[10, 10], [10 + signature.LEAST - 1, 12]]]), True, None, Flaw.TOO_SMALL),
])
def test_a_signature_is_drawn_or_declared(name: str, drawn: str, declared: bool, signer: str | None, expected: Any) -> None:
    assert signature.read(name, drawn, declared, signer) == expected


@pytest.mark.parametrize("drawn", [
    "{", "null", "1", '"x"', "{}", "[1]", "[[]]", "[[1]]", "[[[1]]]", "[[[1, 2, 3]]]", '[[["1", 2]]]', "[[[true, 2]]]", "[[[-1, 2]]]",
    "[[[1001, 2]]]", "[[[1, 401]]]", "[[[NaN, 1]]]", "[[[Infinity, 1]]]", "[[[1e400, 1]]]", "[" * 30_000,
    json.dumps([LINE] * (signature.STROKES + 1)), json.dumps([[[x % 1000, 5] for x in range(signature.POINTS + 1)]]),
    "[[[1,2],[300,4]]]" + " " * signature.LONGEST,
])
def test_what_is_no_drawing_is_refused(drawn: str) -> None:
    assert signature.read("王建国", drawn, True) == Flaw.BAD_SHAPE


def test_a_kept_signature_reads_back() -> None:
    given = signature.read("王建国", json.dumps([LINE, [[5, 5]]]), False)
    assert isinstance(given, Signature)
    assert signature.kept("王建国", json.loads(json.dumps(given.document()))) == given


def test_a_paper_that_was_changed_is_noticed() -> None:
    content = pdf.paper("凭据", [pdf.Text("制服")], "x")
    kept = rule.hashlib.sha256(content).digest()
    assert rule.intact(content, kept)
    assert not rule.intact(content[:-1] + b"!", kept)


