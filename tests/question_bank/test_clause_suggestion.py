"""Which clauses a question is likely to be about."""

from dataclasses import replace

from question_bank.clause_suggestion import Candidate, Suggester, clear, suggest

CLAUSES = [
    Candidate("GCS@2011#16.1", "口气清洁", "保持口气清洁，上班前不吃有异味的食物。", "第十六条"),
    Candidate("GCS@2011#25.1", "提前到达", "提前5至10分钟到达现场。", "第二十五条"),
    Candidate("GCS@2011#25.3", "改约提前通知", "确需改变上门时间的，至少提前2个小时通知客户。", "第二十五条"),
    Candidate("GCS@2011#28.3", "留言内容", "留言写明到访时间、离开时间、联系电话、联系人。", "第二十八条"),
]


def test_the_clause_that_shares_most_comes_first() -> None:
    found = suggest("要改变上门时间，至少提前几个小时通知客户？", CLAUSES)
    assert found[0].ref == "GCS@2011#25.3"
    assert clear(found)


def test_rare_words_count_more_than_common_ones() -> None:
    assert suggest("到访时间和离开时间写在哪里", CLAUSES)[0].ref == "GCS@2011#28.3"


def test_nothing_shared_is_no_suggestion() -> None:
    assert suggest("地球绕着太阳转", CLAUSES) == []
    assert suggest("", CLAUSES) == []
    assert suggest("改变上门时间", []) == []
    assert not clear([])


def test_a_named_article_moves_its_clauses_ahead() -> None:
    both = "客户的时间"
    assert suggest(both, CLAUSES)[0].ref != "GCS@2011#28.3"
    assert suggest(f"{both}。见第28条。", CLAUSES)[0].ref == "GCS@2011#28.3"
    assert suggest(f"{both}。见第二十八条。", CLAUSES)[0].ref == "GCS@2011#28.3"


def test_questions_that_are_asked_already_speak_for_their_clause() -> None:
    text = "小李吃了大蒜要见客户"
    before = suggest(text, CLAUSES)
    taught = [replace(CLAUSES[0], asked=("小赵中午吃了大蒜，十分钟后要见客户",)), *CLAUSES[1:]]
    assert suggest(text, taught)[0].ref == "GCS@2011#16.1"
    assert not before or before[0].score < suggest(text, taught)[0].score


def test_at_most_as_many_as_asked_for_and_in_order() -> None:
    found = Suggester(CLAUSES).suggest("提前到达现场，改变时间要通知客户，写明联系电话", 2)
    assert len(found) == 2
    assert found[0].score >= found[1].score > 0
    assert all(0 < one.score <= 1 for one in found)
