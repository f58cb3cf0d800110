"""The clock and the door of a sitting, and which responses are kept; both sides of every boundary."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from certification.layout import Paper, Slot, fits, in_codes, is_blank, lay_out, option_id, right_id, shown
from certification.sitting import (
    START_OF_CHAIN,
    Accepted,
    Code,
    Refusal,
    Refused,
    Response,
    State,
    Step,
    Window,
    accept,
    code_matches,
    digest,
    fingerprints,
    is_overdue,
    link,
    may_go_on,
    may_start,
    may_submit,
)
from question_bank.item import ItemFace, Kind, Option

OPENS = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
CLOSES = OPENS + timedelta(hours=2)
WINDOW = Window(OPENS, CLOSES)
TICK = timedelta(microseconds=1)
SECRET = b"0123456789abcdef"
PAPER = Paper(
    (
        Slot(0, 11, 2, "single", ("C", "A", "B")),
        Slot(0, 12, 2, "multiple", ("A", "B", "C", "D")),
        Slot(0, 13, 2, "true_false", ("T", "F")),
        Slot(1, 14, 2, "order", ("B", "A", "C")),
        Slot(1, 15, 2, "match", ("A", "B"), ("1", "2", "3")),
        Slot(1, 16, 2, "fill", blanks=2),
        Slot(1, 17, 2, "situational", ("A", "B")),
        Slot(1, 18, 5, "short"),
    ),
    SECRET,
)
ONE, SEVERAL, TRUE_FALSE, ORDER, MATCH, FILL, SITUATIONAL, SHORT = range(1, 9)


def of(slot: int, *codes: str) -> list[str]:
    return [option_id(SECRET, slot, code) for code in codes]


def beside(*codes: str) -> list[str]:
    return [right_id(SECRET, MATCH, code) for code in codes]


# The window


@pytest.mark.parametrize(
    ("now", "refused"),
    [
        (OPENS - TICK, Refused(Refusal.NOT_OPEN, OPENS)),
        (OPENS, None),
        (CLOSES - TICK, None),
        (CLOSES, Refused(Refusal.CLOSED)),
    ],
)
def test_one_may_start_from_the_opening_up_to_but_not_at_the_close(now: datetime, refused: Refused | None) -> None:
    assert may_start(WINDOW, True, True, now) == refused


def test_a_window_across_midnight_is_judged_by_instants_not_by_days() -> None:
    shanghai = ZoneInfo("Asia/Shanghai")
    night = Window(datetime(2028, 2, 29, 23, 30, tzinfo=shanghai), datetime(2028, 3, 1, 0, 30, tzinfo=shanghai))
    assert may_start(night, True, True, datetime(2028, 2, 29, 16, 15, tzinfo=UTC)) is None
    assert may_start(night, True, True, datetime(2028, 2, 29, 16, 30, tzinfo=UTC)) == Refused(Refusal.CLOSED)


def test_who_is_not_booked_learns_nothing_else() -> None:
    assert may_start(replace(WINDOW, cancelled=True), False, False, OPENS - TICK) == Refused(Refusal.NOT_BOOKED)


def test_a_cancelled_sitting_is_not_begun() -> None:
    assert may_start(replace(WINDOW, cancelled=True), True, True, OPENS) == Refused(Refusal.CANCELLED)


def test_the_entry_code_is_asked_for_last() -> None:
    assert may_start(WINDOW, True, False, OPENS - TICK) == Refused(Refusal.NOT_OPEN, OPENS)
    assert may_start(WINDOW, True, False, OPENS) == Refused(Refusal.ENTRY_CODE)


@pytest.mark.parametrize(
    ("wanted", "given", "right"),
    [
        (None, "", True), (None, "x", True), ("A7k2", "a7K2", True), ("A7K2", " Ａ７Ｋ２ ", True), ("", "", True),
        ("A7K2", "", False), ("A7K2", "A7K", False),
    ],
)
def test_width_and_case_of_an_entry_code_do_not_count(wanted: str | None, given: str, right: bool) -> None:
    assert code_matches(wanted, given) is right


def test_an_attempt_is_overdue_from_its_limit_on() -> None:
    assert not is_overdue(State.IN_PROGRESS, CLOSES, CLOSES - TICK)
    assert is_overdue(State.IN_PROGRESS, CLOSES, CLOSES)


@pytest.mark.parametrize("state", [state for state in State if state is not State.IN_PROGRESS])
def test_only_a_running_attempt_becomes_overdue(state: State) -> None:
    assert not is_overdue(state, CLOSES, CLOSES + timedelta(days=1))


@pytest.mark.parametrize(
    ("state", "go_on", "submit"),
    [
        (State.IN_PROGRESS, None, None),
        (State.PAUSED, Refusal.PAUSED, Refusal.PAUSED),
        (State.SUBMITTED, Refusal.ALREADY_ENDED, None),
        (State.CLOSED_BY_DEADLINE, Refusal.ALREADY_ENDED, None),
        (State.INVALIDATED, Refusal.INVALIDATED, Refusal.INVALIDATED),
    ],
)
def test_what_may_be_done_in_each_state(state: State, go_on: Refusal | None, submit: Refusal | None) -> None:
    assert may_go_on(state) == (Refused(go_on) if go_on else None)
    assert may_submit(state) == (Refused(submit) if submit else None)


# Which responses are kept


def given(*responses: Response, latest: dict[int, Step] | None = None, state: State = State.IN_PROGRESS, at: datetime = OPENS) -> Accepted:
    return accept(state, CLOSES, PAPER, latest or {}, responses, at)


def codes(out: Accepted) -> list[tuple[int, Code]]:
    return [(response.slot, code) for response, code in out.refused]


def test_a_response_received_just_before_the_limit_counts_and_one_at_it_is_late() -> None:
    response = Response(ONE, 1, of(ONE, "A")[0])
    assert len(given(response, at=CLOSES - TICK).steps) == 1
    assert codes(given(response, at=CLOSES)) == [(ONE, Code.LATE)]


@pytest.mark.parametrize(
    ("state", "code"),
    [(State.PAUSED, Code.PAUSED), (State.SUBMITTED, Code.CLOSED), (State.INVALIDATED, Code.CLOSED), (State.CLOSED_BY_DEADLINE, Code.LATE)],
)
def test_nothing_is_kept_for_an_attempt_that_is_not_running(state: State, code: Code) -> None:
    out = given(Response(ONE, 1, None), Response(99, 1, None), state=state, at=CLOSES)
    assert codes(out) == [(ONE, code), (99, code)]
    assert not out.steps
    assert not out.saved


def test_what_came_in_time_counts_though_the_system_closed_the_attempt_meanwhile() -> None:
    assert len(given(Response(ONE, 1, None), state=State.CLOSED_BY_DEADLINE, at=CLOSES - TICK).steps) == 1


def test_a_newer_seq_is_kept_an_older_one_is_stale() -> None:
    latest = {ONE: Step(ONE, 5, "null")}
    assert [step.seq for step in given(Response(ONE, 6, None), latest=latest).steps] == [6]
    assert codes(given(Response(ONE, 4, None), latest=latest)) == [(ONE, Code.STALE)]


def test_repeating_a_response_is_acknowledged_again_and_kept_once() -> None:
    answer = of(ONE, "A")[0]
    out = given(Response(ONE, 1, answer), Response(ONE, 1, answer))
    assert (len(out.saved), len(out.steps), out.refused) == (2, 1, [])
    again = given(Response(ONE, 1, answer), latest={ONE: out.steps[0]})
    assert (len(again.saved), again.steps, again.refused) == (1, [], [])


def test_another_answer_under_the_same_seq_is_a_conflict() -> None:
    out = given(Response(ONE, 1, of(ONE, "A")[0]), Response(ONE, 1, of(ONE, "B")[0]))
    assert len(out.steps) == 1
    assert codes(out) == [(ONE, Code.SEQ_CONFLICT)]


def test_one_bad_response_does_not_spoil_the_others() -> None:
    out = given(Response(ONE, 1, "?"), Response(99, 1, None), Response(0, 1, None), Response(-1, 1, None), Response(TRUE_FALSE, 1, None))
    assert codes(out) == [(ONE, Code.BAD_SHAPE), (99, Code.UNKNOWN_SLOT), (0, Code.UNKNOWN_SLOT), (-1, Code.UNKNOWN_SLOT)]
    assert [step.slot for step in out.steps] == [TRUE_FALSE]


@pytest.mark.parametrize("seq", [0, -1, 2**31])
def test_a_seq_out_of_range_is_a_bad_shape(seq: int) -> None:
    assert codes(given(Response(ONE, seq, None))) == [(ONE, Code.BAD_SHAPE)]


def test_an_answer_may_have_20_000_bytes_and_not_one_more() -> None:
    assert len(given(Response(SHORT, 1, "x" * 19_998)).steps) == 1
    assert codes(given(Response(SHORT, 1, "x" * 19_999))) == [(SHORT, Code.BAD_SHAPE)]
    assert codes(given(Response(SHORT, 1, "字" * 6_700))) == [(SHORT, Code.BAD_SHAPE)]


# The shape of an answer, by kind

FOREIGN = option_id(b"another attempt!", ONE, "A")
SHAPES = [
    (ONE, of(ONE, "A")[0], True), (ONE, of(ONE, "A"), True), (ONE, None, True),
    (ONE, of(ONE, "A", "B"), False), (ONE, [], False), (ONE, "A", False), (ONE, 1, False), (ONE, True, False), (ONE, FOREIGN, False),
    (ONE, of(SEVERAL, "A")[0], False), (ONE, {}, False), (ONE, "", False),
    (TRUE_FALSE, of(TRUE_FALSE, "F")[0], True), (TRUE_FALSE, True, False),
    (SITUATIONAL, of(SITUATIONAL, "B")[0], True), (SITUATIONAL, of(SITUATIONAL, "C")[0], False),
    (SEVERAL, of(SEVERAL, "D", "A"), True), (SEVERAL, [], True), (SEVERAL, of(SEVERAL, "A", "A"), False),
    (SEVERAL, of(SEVERAL, "A")[0], False), (SEVERAL, [1], False), (SEVERAL, [[]], False), (SEVERAL, {"a": 1}, False),
    (ORDER, of(ORDER, "C", "A", "B"), True), (ORDER, of(ORDER, "C", "C"), False), (ORDER, "x", False),
    (MATCH, dict(zip(of(MATCH, "A", "B"), beside("2", "1"), strict=True)), True), (MATCH, {}, True),
    (MATCH, dict(zip(of(MATCH, "A"), of(MATCH, "B"), strict=True)), False), (MATCH, {"x": beside("1")[0]}, False),
    (MATCH, dict(zip(of(MATCH, "A"), of(MATCH, "1"), strict=True)), False),
    (MATCH, {of(MATCH, "A")[0]: beside("3")[0]}, True), (MATCH, {beside("1")[0]: beside("1")[0]}, False),
    (MATCH, {of(MATCH, "A")[0]: None}, False), (MATCH, [], False),
    (FILL, ["甲", ""], True), (FILL, ["甲"], False), (FILL, ["甲", "乙", "丙"], False), (FILL, ["甲", 2], False), (FILL, "甲", False),
    (SHORT, "因为……", True), (SHORT, ["因为"], False), (SHORT, 3, False),
]


@pytest.mark.parametrize(("slot", "answer", "right"), SHAPES)
def test_the_shape_of_an_answer_by_kind(slot: int, answer: object, right: bool) -> None:
    assert fits(PAPER, slot, answer) is right


def test_answers_are_read_back_in_the_codes_of_the_key() -> None:
    assert in_codes(PAPER, ONE, of(ONE, "B")) == "B"
    assert in_codes(PAPER, SEVERAL, of(SEVERAL, "D", "A")) == ["D", "A"]
    assert in_codes(PAPER, ORDER, of(ORDER, "C", "A", "B")) == ["C", "A", "B"]
    assert in_codes(PAPER, MATCH, dict(zip(of(MATCH, "A", "B"), beside("2", "1"), strict=True))) == {"A": "2", "B": "1"}
    assert in_codes(PAPER, FILL, ["甲", "乙"]) == ["甲", "乙"]
    assert in_codes(PAPER, ONE, None) is None


# The layout


def face(number: int, kind: Kind, codes: str) -> ItemFace:
    return ItemFace(number, kind, f"第{number}问", tuple(Option(code, f"{number}{code}") for code in codes))


FACES = {n: face(n, Kind.SINGLE, "ABCD") if n % 2 else face(n, Kind.TRUE_FALSE, "TF") for n in range(1, 13)}
SECTIONS = [
    {"title": {"zh": "一"}, "slots": [[n, 2] for n in range(1, 7)]},
    {"title": {"zh": "二"}, "slots": [[n, 1] for n in range(7, 13)]},
]


def test_a_layout_holds_every_item_once_and_keeps_sections_together() -> None:
    slots = lay_out(SECTIONS, FACES, True, SECRET)
    assert [slot.section for slot in slots] == [0] * 6 + [1] * 6
    assert sorted(slot.version for slot in slots) == list(range(1, 13))
    assert all(slot.points == (2 if slot.section == 0 else 1) for slot in slots)
    assert all(sorted(slot.shown) == (["F", "T"] if slot.kind == "true_false" else ["A", "B", "C", "D"]) for slot in slots)


def test_two_people_get_different_orders_and_one_person_always_the_same() -> None:
    papers = {tuple(slot.version for slot in lay_out(SECTIONS, FACES, True, bytes([n]) * 16)) for n in range(20)}
    assert len(papers) > 10
    assert lay_out(SECTIONS, FACES, True, SECRET) == lay_out(SECTIONS, FACES, True, SECRET)


def test_without_shuffle_the_paper_stands_as_written_except_what_is_to_be_put_in_order() -> None:
    slots = lay_out(SECTIONS, FACES, False, SECRET)
    assert [slot.version for slot in slots] == list(range(1, 13))
    assert slots[0].shown == ("A", "B", "C", "D")
    steps = ItemFace(1, Kind.ORDER, "排序", tuple(Option(code, code) for code in "ABCDEFGH"))
    orders = {lay_out([{"slots": [[1, 1]]}], {1: steps}, False, bytes([n]) * 16)[0].shown for n in range(20)}
    assert len(orders) > 10


def test_a_fill_takes_as_many_texts_as_its_stem_has_gaps() -> None:
    gaps = ItemFace(1, Kind.FILL, "提前 ____ 至 ____ 分钟到达。", ())
    assert lay_out([{"slots": [[1, 1]]}], {1: gaps}, True, SECRET)[0].blanks == 2


def test_two_sides_of_a_match_are_mixed_apart_and_share_no_id() -> None:
    sides = tuple(Option(code, code) for code in "ABCDE")
    faces = {1: ItemFace(1, Kind.MATCH, "配对", sides, (*sides, Option("F", "F")))}
    papers = [lay_out([{"slots": [[1, 1]]}], faces, False, bytes([n]) * 16)[0] for n in range(30)]
    assert all(slot.shown == ("A", "B", "C", "D", "E") for slot in papers)
    assert all(sorted(slot.right) == ["A", "B", "C", "D", "E", "F"] for slot in papers)
    assert len({slot.right for slot in papers}) > 20
    item = shown(Paper((papers[0],), SECRET), faces, [None])[0]["items"][0]
    assert (item["options"], len(item["left"]), len(item["right"])) == ([], 5, 6)
    assert not {one["id"] for one in item["left"]} & {one["id"] for one in item["right"]}


@pytest.mark.parametrize("shuffle", [True, False])
def test_steps_are_never_dealt_as_they_were_written_and_two_are_dealt_either_way(shuffle: bool) -> None:
    def orders(codes: str) -> set[tuple[str, ...]]:
        faces = {1: ItemFace(1, Kind.ORDER, "排序", tuple(Option(code, code) for code in codes))}
        return {lay_out([{"slots": [[1, 1]]}], faces, shuffle, bytes([n]) * 16)[0].shown for n in range(120)}

    assert orders("ABC") == {("A", "C", "B"), ("B", "A", "C"), ("B", "C", "A"), ("C", "A", "B"), ("C", "B", "A")}
    assert orders("AB") == {("A", "B"), ("B", "A")}


def test_a_gap_is_as_long_as_any_other() -> None:
    face = ItemFace(1, Kind.FILL, "提前 ________________ 至 __ 分钟，共＿＿＿次", ())
    item = shown(Paper(lay_out([{"slots": [[1, 1]]}], {1: face}, True, SECRET), SECRET), {1: face}, [None])[0]["items"][0]
    assert item == {"slot": 1, "kind": "fill", "stem": "提前 ____ 至 ____ 分钟，共____次", "points": 1, "options": [], "blanks": 3}


def test_an_unscored_question_looks_like_the_others() -> None:
    faces = {n: face(n, Kind.MULTIPLE, "ABCD") for n in (1, 2)}
    paper = Paper((Slot(0, 1, 2, "multiple", ("A", "B")), Slot(0, 2, 2, "multiple", ("A", "B"), unscored=True)), SECRET)
    scored, trap = shown(paper, faces, [None])[0]["items"]
    assert set(scored) == set(trap)
    assert (scored["points"], scored["max_pick"]) == (trap["points"], trap["max_pick"])


@pytest.mark.parametrize(("answer", "blank"), [
    (None, True), ("", True), (" \n", True), ([], True), (["", " "], True), ({}, True), ("x", False), (["", "甲"], False),
    ({"a": "b"}, False),
])
def test_an_answer_that_says_nothing_is_blank(answer: object, blank: bool) -> None:
    assert is_blank(answer) is blank


def test_option_ids_differ_between_slots_and_attempts_and_hide_the_code() -> None:
    ids = {option_id(secret, slot, code) for secret in (SECRET, b"f" * 16) for slot in range(1, 51) for code in "ABCDEF"}
    assert len(ids) == 2 * 50 * 6
    assert all(len(one) == 8 for one in ids)


def test_what_is_shown_holds_faces_only() -> None:
    slots = lay_out(SECTIONS, FACES, True, SECRET)
    sections = shown(Paper(slots, SECRET), FACES, [section["title"] for section in SECTIONS])
    items = [item for section in sections for item in section["items"]]
    assert [item["slot"] for item in items] == list(range(1, 13))
    assert all(set(item) == {"slot", "kind", "stem", "points", "options"} for item in items)
    first = items[0]
    texts = {option.text for option in FACES[slots[0].version].options}
    assert {option["text"] for option in first["options"]} == texts
    assert not {option["id"] for option in first["options"]} & {"A", "B", "C", "D", "T", "F"}


# What is signed and chained


def test_an_acknowledgement_fingerprints_attempt_slot_seq_and_answer() -> None:
    step = given(Response(FILL, 3, ["甲 \n", "ü\x01"])).steps[0]
    expected = json.dumps(["a1", FILL, 3, ["甲 \n", "ü\x01"]], ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    assert fingerprints("a1", [step])[0] == hashlib.sha256(expected.encode()).hexdigest()


def test_the_chain_depends_on_every_step_its_order_and_its_time() -> None:
    one, two = Step(1, 1, '"x"'), Step(2, 1, '"y"')
    heads = {
        link(START_OF_CHAIN, [one, two], OPENS), link(START_OF_CHAIN, [two, one], OPENS), link(START_OF_CHAIN, [one], OPENS),
        link(START_OF_CHAIN, [one, two], OPENS + TICK), link(START_OF_CHAIN, [one, Step(2, 1, '"z"')], OPENS),
    }
    assert len(heads) == 5
    assert link(link(START_OF_CHAIN, [one], OPENS), [two], OPENS) == link(START_OF_CHAIN, [one, two], OPENS)


def test_the_digest_of_a_receipt_is_that_of_the_answers_by_slot() -> None:
    steps = [Step(2, 4, '["x"]'), Step(1, 1, "null")]
    assert digest(steps) == hashlib.sha256(b'[[1,1,null],[2,4,["x"]]]').hexdigest()
