"""Texts that no key knew: how they are grouped, and how an accepted one is read."""

import pytest

from certification import ruling
from certification.ruling import Gaps, Place

GAPS = Gaps((("十分钟",), ("预约工单", "工单")), (" 到达", ""))
UNITS = Gaps((("十分钟",),), ("分钟前到",))


@pytest.mark.parametrize(("answer", "found"), [
    (["10 分钟", "预约工单"], []),
    (["十分钟", "工单"], []),
    (["半天", "派工单"], [(0, "半天"), (1, "派工单")]),
    (["", "  "], []),  # nothing said is nothing to rule on
    (None, []),
    (["十分钟"], []),
    (["十分钟", "工单", "多出来的"], []),
])
def test_what_no_key_knew(answer: list[str] | None, found: list[tuple[int, str]]) -> None:
    known = {gap: text for gap, _said, text in ruling.unmatched(answer, GAPS)}
    assert known == dict(found)


def test_what_follows_the_gap_is_read_with_it() -> None:
    assert ruling.unmatched(["10"], UNITS) == []
    assert [text for _gap, _said, text in ruling.unmatched(["15"], UNITS)] == ["15"]


def test_everybody_who_meant_the_same_is_one_group_the_most_frequent_first() -> None:
    half = [(7, [text, "派工单"]) for text in ("半小时", "30分钟", "３０ 分钟", "30分钟")]
    found = ruling.groups([*half, (7, ["一刻钟", "工单"])], {7: GAPS})
    assert [(group.place.gap, group.written, group.people) for group in found] == [(0, "30分钟", 4), (0, "一刻钟", 1), (1, "派工单", 4)]
    assert found[2].nearest in ("预约工单", "工单")
    assert 0 < found[2].likeness < 1


def test_the_nearest_is_the_accepted_text_that_is_most_alike() -> None:
    known = Gaps((("预约工单", "服务手册"),), ("",))
    [found] = ruling.groups([(1, ["预约工单号"])], {1: known})
    assert (found.nearest, found.likeness > 0.8) == ("预约工单", True)
    [bare] = ruling.groups([(1, ["预约工单号"])], {1: Gaps(((),), ("",))})
    assert (bare.nearest, bare.likeness) == ("", 0.0)


def test_a_long_text_costs_no_more_than_a_short_one() -> None:
    [found] = ruling.groups([(1, ["长" * 100_000])], {1: GAPS})
    assert found.likeness == 0.0


def test_an_accepted_text_reads_as_the_keys_own() -> None:
    [(_gap, said, _text)] = ruling.unmatched(["十分钟", "派工单"], GAPS)
    assert ruling.read(["十分钟", "派 工单。"], GAPS, {(1, said)}) == ["十分钟", "预约工单"]
    assert ruling.read(["派工单", "派工单"], GAPS, {(1, said)}) == ["派工单", "预约工单"], "only in its own gap"
    assert ruling.read(["半天", "派工单"], GAPS, set()) == ["半天", "派工单"]
    assert ruling.read(None, GAPS, {(1, said)}) is None
    assert ruling.read(["半天", "工单", "多"], GAPS, {(1, said)}) == ["半天", "工单", "多"]


def test_the_newest_ruling_holds() -> None:
    place, other = Place(1, 0, "半天"), Place(1, 1, "半天")
    assert ruling.newest([(place, True), (other, True), (place, False)]) == {place: False, other: True}
