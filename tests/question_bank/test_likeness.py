"""How alike questions are, and that the one which says the same is found."""

from question_bank.item import ItemFace, Kind, Level, Option, Wording
from question_bank.likeness import NEARLY_THE_SAME, likeness, nearest, shingles, windows

STEM = "小周听到“请进”后走进办公室，发现客户正在同下属讲话。他没有急事，应当怎样做？"


def face(stem: str, *options: str, kind: Kind = Kind.SINGLE, version: int = 1) -> ItemFace:
    return ItemFace(version, kind, stem, tuple(Option("ABCDEF"[at], text) for at, text in enumerate(options)))


def said(stem: str, *options: str, kind: Kind = Kind.SINGLE) -> Wording:
    one = face(stem, *options, kind=kind)
    return Wording(kind, stem, one.options, ("A",), "", (), 3, Level.RECALL)


def test_the_same_question_is_wholly_alike() -> None:
    found = nearest(said(STEM, "等候", "打断"), {1: face(STEM, "等候", "打断")})
    assert [(like.name, like.share, like.nearly_the_same) for like in found] == [(1, 1.0, True)]


def test_one_that_was_reworded_a_little_is_nearly_the_same() -> None:
    other = STEM.replace("小周", "小吴").replace("应当怎样做", "应当怎么做")
    assert nearest(said(STEM, "在旁等候", "打断他们"), {1: face(other, "在旁等候", "打断他们")})[0].share >= NEARLY_THE_SAME


def test_new_options_do_not_hide_an_old_stem() -> None:
    others = {1: face(STEM, "离开后改天再来", "坐下来看手机", "请秘书转告客户")}
    assert nearest(said(STEM, "在一旁安静等候", "立即上前打断他们"), others)[0].nearly_the_same


def test_marks_and_pictures_make_no_difference() -> None:
    assert nearest(said(STEM.replace("没有", "**没有**")), {1: face(STEM)})[0].share == 1


def test_another_question_on_the_same_clause_is_not_alike() -> None:
    assert nearest(said(STEM, "等候"), {1: face("进入客户办公室之前应当先做什么？", "敲门，听到应答再进")}) == []


def test_the_most_alike_come_first_and_only_so_many() -> None:
    others = {at: face(STEM[: -at or None]) for at in range(1, 9)}
    found = nearest(said(STEM), others, most=3)
    assert [like.name for like in found] == [1, 2, 3]


def test_the_words_of_true_and_false_are_not_compared() -> None:
    assert shingles(said("上门前先预约。", "正确", "错误", kind=Kind.TRUE_FALSE)) == shingles(said("上门前先预约。"))


def test_short_texts_say_nothing() -> None:
    assert likeness(frozenset("ab"), frozenset("ab")) == 0


def test_windows_stand_all_over_the_stem() -> None:
    found = windows(said(STEM))
    assert len(found) >= 4
    assert all(run in STEM for run in found)
    assert any(run in STEM[-12:] for run in found)
    assert windows(said("好？")) == []
