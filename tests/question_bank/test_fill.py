"""Which filled-in texts say the same, and which never do. The table of docs/formats.md is made of these."""

import random
import re
from pathlib import Path

import pytest

from question_bank.chinese_number import digits
from question_bank.fill import LONGEST, followers, gaps, matches, normal

SAME = [
    # width, case, spaces, punctuation
    ("15", "１５"), ("SLA", " ｓｌａ "), ("a b", "Ａ　b"), ("热情、周到", "热情周到"), ("“五个一”", "五个一"), ("提前预约。", "提前 预约"),
    # numbers
    ("15", "十五"), ("120", "一百二十"), ("120", "一百二"), ("102", "一百零二"), ("2026", "二〇二六"), ("2", "两"), ("12000", "一万二"),
    ("1005", "一千零五"), ("100000", "十万"), ("15000", "1.5万"), ("100", "壹佰"), ("3.5", "三点五"), ("1.5", "1.50"), ("1000", "1,000"),
    ("1/2", "二分之一"), ("½", "1/2"), ("10086", "１００８６"), ("第3条", "第三条"), ("3", "3个"), ("05", "5"),
    # shares
    ("5%", "百分之五"), ("5％", "5 %"), ("100%", "百分之百"), ("3.5%", "百分之三点五"), ("0.5%", "千分之五"), ("0.5%", "5‰"),
    # units
    ("30分钟", "半小时"), ("30分钟", "半个小时"), ("90 min", "一个半小时"), ("90分钟", "1小时30分"), ("2.5小时", "两小时半"),
    ("15分钟", "一刻钟"),
    ("二十四小时", "24h"), ("两个钟头", "2小时"), ("5公里", "5千米"), ("5 km", "5000米"), ("三千米", "3km"), ("二十千米", "20公里"),
    ("1,000元", "1000块"), ("3次", "三回"), ("2个人", "两名"), ("3个工作日", "三工作日"), ("2天", "两日"), ("500克", "0.5kg"),
    # ranges and times
    ("5至10分钟", "5-10 min"), ("5~10分钟", "五到十分钟"), ("5分钟至10分钟", "5—10分钟"), ("九点", "9:00"), ("9点半", "9：30"),
    ("三点五十分", "3:50"), ("三点五分钟", "3.5分钟"), ("2026年1月2日", "二〇二六年一月二日"),
    # signs and small writing
    (".5", "0.5"), ("五分之一", "⅕"), ("-5", "- 5"), ("-5", "–5"), ("No.5", "no 5"), ("1½", "1 1/2"), ("m²", "㎡"),
]
OTHER = [
    ("15", "50"), ("1.5", "15"), ("15", "1 5"), ("1，5", "15"), ("15", "115"), ("1.5", "1.05"), ("3", "30"), ("10", "100"), ("-5", "5"),
    ("五六", "56"), ("十五六", "156"), ("一二", "12"), ("二百五十", "205"), ("一百零二", "120"), ("五个一", "51"), ("1/2", "12"),
    ("010", "10"), ("5", "5分钟"), ("5分钟", "5小时"), ("24小时", "1天"), ("5%", "0.05"), ("5%", "5‰"), ("5米", "5公里"), ("1个月", "1月"),
    (".5", "5"), ("- 5", "5"), ("10²", "102"), ("10⁻³", "10³"), ("-5至-1", "-5至1"), ("-5~-1", "-5~1"), ("1½", "11/2"), ("2⁴", "24"),
    ("≥5", "5"), ("5以上", "5"), ("1至5", "15"), ("1-5", "15"), ("5至10分钟", "5分钟"), ("不得", "得"), ("12:30", "1230"), ("", ""),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_writing_does_not_count(one: str, other: str) -> None:
    assert normal(one) == normal(other)
    assert matches(other, [one])
    assert matches(one, ["别的", other])


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_what_is_said_does(one: str, other: str) -> None:
    assert not matches(one, [other])
    assert not matches(other, [one])


@pytest.mark.parametrize(("text", "accepted", "after", "right"), [
    ("5", "5分钟", "分钟到达", True), ("5分钟", "5", "分钟到达", True), ("五", "5", "分钟", True), ("300秒", "5", "分钟", True),
    ("5小时", "5", "分钟", False), ("50", "5", "分钟", False), ("5%", "5", "%以上", True), ("百分之五", "5", "%", True),
    ("三声内", "3", "声内接听", True), ("3声", "三", "声内接听", True), ("微笑服务", "微笑", "服务", True), ("服务", "微笑", "服务", False),
    ("5分", "5", "分钟", True), ("半", "30", "分钟", False), ("半", "0.5", "小时", True), ("半个", "30分钟", "小时", True),
    ("50分", "5", "分钟", False), ("半", "0.5", "%", False),
    ("5-10", "5至10分钟", "分钟", True), ("5", "5分钟", "", False),
])
def test_a_unit_may_be_left_out_where_the_question_names_it(text: str, accepted: str, after: str, right: bool) -> None:
    assert matches(text, [accepted], after) is right


def test_what_follows_each_gap_is_read_from_the_stem() -> None:
    assert followers("提前 ____ 至 ____ 分钟到达，铃响＿＿声内接听") == ("分钟到达,铃响", "分钟到达,铃响", "声内接听")
    assert followers("没有空") == ("",)
    assert [gaps(stem) for stem in ("没有空", "__", "a_b", "__ 和 ____")] == [1, 1, 1, 2]


def written(number: int) -> str:
    """A number below a million in Chinese, as one learns it at school."""
    names = "零一二三四五六七八九"

    def section(rest: int) -> str:
        out, gap = "", False
        for size, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
            digit, rest = divmod(rest, size)
            if digit:
                out += ("零" if gap and out else "") + names[digit] + name
            gap = not digit
        return out

    high, low = divmod(number, 10_000)
    if not high:
        return section(low)
    return section(high) + "万" + ("零" if low and low < 1000 else "") + section(low)


def test_every_number_reads_back_from_chinese() -> None:
    for number in (*range(1, 3000), *range(9_000, 1_000_000, 997)):
        assert digits(written(number)) == str(number), written(number)


def test_two_numbers_never_say_the_same() -> None:
    forms = {normal(form): number for number in range(3000) for form in (str(number), *([written(number)] if number else ()))}
    assert len(forms) == 3000
    assert all(form == str(number) for form, number in forms.items())


def test_whatever_is_typed_has_a_normal_form_that_stays() -> None:
    """Nothing fails, nothing takes long, and the same text always has the same form."""
    dice = random.Random(7)
    letters = "0123456789一二十百千万点半个分之小时分钟至-~/:.,% 米克abcm，（￥①㎞"
    for _round in range(4000):
        text = "".join(dice.choice(letters) for _letter in range(dice.randint(0, 12)))
        assert normal(text) == normal(f" {text} ") or text.startswith(("-", "~"))
        assert matches(text, [text]) is (normal(text) != "")


@pytest.mark.parametrize("text", ["九" * 20_000, "9" * 20_000, "百分之" * 160, "1-" * 249, "千米" * 240, "9" * LONGEST])
def test_a_monstrous_text_does_no_harm(text: str) -> None:
    assert not matches(text, ["9"])


def published() -> list[tuple[str, list[str], list[str]]]:
    """The rows of the table in docs/formats.md: what is said, what says the same, what never does."""
    text = (Path(__file__).resolve().parent.parent.parent / "docs" / "formats.md").read_text("utf-8")
    table = text.partition("| said | also accepted | never |")[2].partition("\n\n")[0]
    rows = [[re.findall("`([^`]+)`", cell) for cell in line.strip("|").split("|")] for line in table.strip().splitlines()[1:]]
    return [(said[0], same, never) for said, same, never in rows]


def test_the_published_examples_hold() -> None:
    assert len(published()) > 10
    for said, same, never in published():
        assert [text for text in same if not matches(text, [said])] == [], said
        assert [text for text in never if matches(text, [said])] == [], said
