"""What formats are called, and what is said of a question or a file that comes in or goes out."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from question_bank.exchange.formats import Name
from question_bank.exchange.found import Note, Weight
from question_bank.exchange.wording import NOTES, REFUSALS, filled
from question_bank.forms.items import KINDS
from question_bank.kind import Kind

FORMATS: dict[str, Any] = {
    Name.XLSX: _l("Excel 表格"), Name.WORD: _l("Word 试卷"), "word-paper": _l("Word 试卷，不带答案"), Name.TEXT: _l("粘贴的试卷"),
    Name.CSV: _l("CSV 表格"), Name.MOODLE_XML: _l("Moodle XML"), Name.GIFT: _l("GIFT"), Name.AIKEN: _l("Aiken"), Name.QTI30: _l("QTI 3.0"),
    Name.QTI22: _l("QTI 2.2"), Name.QTI21: _l("QTI 2.1"), Name.TCEXAM_XML: _l("TCExam XML"), Name.TCEXAM_TSV: _l("TCExam 文本"),
}
"""What formats are called, those of most use first."""
HINTS: dict[str, Any] = {
    "word-paper": _l("可打印，发给考生的卷子"),
    Name.XLSX: _l("所有题型都不丢内容；可以改好再导入"), Name.WORD: _l("可打印的试卷，带答案和解析"),
    Name.GIFT: _l("Moodle 等系统的文本格式"),
    Name.MOODLE_XML: _l("Moodle 题库，带图片"), Name.QTI22: _l("TAO、OpenOlat 等考试系统"), Name.QTI30: _l("新一代考试系统"),
    Name.AIKEN: _l("只能写单选题"), Name.CSV: _l("给其他表格程序"),
}
UNFIT = {
    "empty": _l("文件是空的"), "too_large": _l("文件太大"), "kind": _l("不是能用的图片或声音"), "broken": _l("文件已损坏"),
    "pixels": _l("图片太大"), "long": _l("声音太长"), "svg": _l("SVG 图要先另存为 PNG"), "heic": _l("HEIC 照片要先另存为 JPEG"),
    "aac": _l("这种录音要先另存为 MP3"),
}
POLICIES = {
    "all_or_nothing": _l("全对才得分"), "share_unless_wrong": _l("少选得部分分"), "half_unless_wrong": _l("少选得一半分"),
    "right_minus_wrong": _l("对错相抵"), "per_option": _l("逐个选项计分"), "exact": _l("全对才得分"), "adjacent_pairs": _l("相邻次序计分"),
    "positions": _l("按位置计分"), "share": _l("按比例得分"), "all": _l("全对才得分"),
}
PARTS = {
    "stem": _l("题干"), "options": _l("选项"), "right": _l("右边的选项"), "key": _l("答案"), "rationale": _l("解析"),
    "difficulty": _l("难度"), "clauses": _l("条款"),
}
_UNSOUND = [
    (re.compile(pattern), words)
    for pattern, words in (
        (r"the question has no text", _l("没有题干")),
        (r"the question is longer than (\d+)", _l("题干超过 %(one)s 个字符")),
        (r"the rationale is longer than (\d+)", _l("解析超过 %(one)s 个字符")),
        (r"difficulty goes from 1 to 5, not (.+)", _l("难度应是 1 到 5，现在是 %(one)s")),
        (r"needs from 2 to (\d+) options(?: on its right side)?, not (\d+)", _l("选项应有 2 到 %(one)s 个，现在有 %(two)s 个")),
        (r"option code (.+) is empty or given twice", _l("选项的代号 %(one)s 是空的或重复了")),
        (r"an option needs a text of at most (\d+)", _l("选项不能为空，最多 %(one)s 个字符")),
        (r"two options say the same: (.+)", _l("有两个选项一样：%(one)s")),
        (r"the key names (.+), which is no option", _l("答案 %(one)s 不是选项之一")),
        (r"the key names an option twice", _l("答案里有重复的选项")),
        (r"missing: (.+)", _l("答案缺少：%(one)s")),
        (r"at least one option must be right", _l("没有正确选项")),
        (r"exactly one option must be right, not (\d+)", _l("应有一个正确选项，现在有 %(one)s 个")),
        (r"at least one option must earn all points", _l("没有得满分的选项")),
        (r"has (\d+) gaps \(__\) and the key (\d+) lists", _l("题干有 %(one)s 个空，答案有 %(two)s 组")),
        (r"at most (\d+) gaps", _l("最多 %(one)s 个空")),
        (r"a gap needs from 1 to (\d+) accepted texts", _l("每个空要有 1 到 %(one)s 个答案")),
        (r"an accepted text says something, in at most (\d+)", _l("填空的答案不能为空，最多 %(one)s 个字符")),
    )
]
_PLACE = re.compile(r"第 (\d+) ([行题])")


def format_word(name: str) -> str:
    """What a format is called; nothing while it is not known."""
    return str(FORMATS.get(name, name))


def place_word(ref: str) -> str:
    """Where a question stands in its file, in the page's language as far as it is ours: headings are the file's."""
    return _PLACE.sub(lambda found: _("第 %(n)s 行", n=found[1]) if found[2] == "行" else _("第 %(n)s 题", n=found[1]), ref)


def note_sentence(note: Note) -> str:
    """What a note says."""
    words = list(note.words)
    if note.code == "unsound":
        return str(_("这道题不能用：%(two)s", two=_unsound(*[*words, "", ""][:2])))
    if note.code in ("kind_not_carried", "kind_guessed", "recast") and words and words[0] in set(Kind):
        words[0] = str(KINDS[Kind(words[0])])
    if note.code.startswith("policy"):
        words = [str(POLICIES.get(word, word)) for word in words]
    if note.code == "media_unfit" and len(words) > 1:
        words[1] = str(UNFIT.get(words[1], UNFIT["kind"]))
    return str(_(NOTES[note.code], **filled(words)))


def _unsound(part: str, problem: str) -> str:
    for pattern, words in _UNSOUND:
        if found := pattern.search(problem):
            return str(words) % filled(found.groups()) if found.groups() else str(words)
    return str(_("%(part)s不符合要求", part=PARTS.get(part, part)))


def note_lines(notes: Iterable[Note]) -> list[tuple[str, str]]:
    """(weight, sentence) of notes, the heaviest first."""
    order = [Weight.WRONG, Weight.LOST, Weight.GUESSED, Weight.HINT]
    return [(note.weight.value, note_sentence(note)) for note in sorted(notes, key=lambda note: order.index(note.weight))]


def refusal_sentence(code: str, words: Sequence[str]) -> str:
    """Why a file as a whole is not read."""
    shown = [format_word(word) or word for word in words] if code.startswith("format_") else list(words)
    return str(_(REFUSALS[code], **filled(shown)))


def format_hint(name: str) -> str:
    """What a format is good for, in a few words."""
    return str(HINTS.get(name, ""))
