"""What each hint of the rule ``hints`` says to the author, and what to do."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from question_bank.hints import Hint

PARTS = {"stem": _l("题干"), "options": _l("选项"), "rationale": _l("解析")}


def sentence(hint: Hint) -> str:
    """The hint as a sentence."""
    first, second = (*hint.words, "", "")[:2]
    words = {
        "negative": _("问的是“%(word)s”，容易看漏。改成正面的问法，或把这个词加粗。", word=first),
        "double_negative": _("“%(word)s”有两重否定，考生要绕一圈才懂。改成正面的说法。", word=first),
        "absolute_statement": _("“%(word)s”这样的词多半出现在错误的说法里，不懂的人也会猜对。", word=first),
        "two_statements": _("一句话说了两件事，一对一错时不好判断。拆成两道题。"),
        "long_stem": _("题干有 %(n)s 个字。删去和作答无关的背景，或者分段。", n=first),
        "vague": _("“%(word)s”各人理解不同。写出次数、时间或比例。", word=first),
        "many_gaps": _("有 %(n)s 个空，句子会读不通。留一到三个空，只挖关键的词。", n=first),
        "gap_first": _("句子以空开头，要读到后面才知道问什么。把空放到后面。"),
        "picture_unsaid": _("图片或声音没有说明。看不见、听不见的人和打不开图的人都要靠它；不要在说明里写出答案。"),
        "all_of_them": _("“%(text)s”这样的选项，看出其中两个对就能猜到。换成一个独立的做法。", text=first),
        "two_options": _("只有两个选项，猜对的机会是一半。再写一两个像真的错误做法，或者改成判断题。"),
        "key_longest": _("正确选项有 %(a)s 个字，其余最长的 %(b)s 个字：挑最长的就会猜对。把长短写得差不多。", a=first, b=second),
        "absolute_wrong": _("“一律、从不”这样的词只出现在错误选项里，等于提示。删去，或者也用在正确选项里。"),
        "echo": _("“%(text)s”在题干和正确选项里都有，其他选项里没有，等于提示。", text=first),
        "shared_start": _("每个选项都以“%(text)s”开头。把它移到题干里。", text=first),
        "unsorted": _("选项是数字，按大小排好，考生找起来快，位置也不会泄露答案。"),
        "uneven_ends": _("有的选项末尾有标点，有的没有。统一一下。"),
        "no_rationale": _("还没有解析。写明为什么对，依据第几条。"),
        "no_article": _("解析没有写出依据第几条。"),
    }
    return str(words[hint.code])
