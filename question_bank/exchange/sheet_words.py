"""The words of a table of questions: its headings, kinds and answers, as our own files write them and as other programs' tables have them.

Ours are first in each list, Chinese and English; every other word is one that
tables of Chinese exam programs really use. A heading may carry a remark in
brackets, a star for "required", blanks and line ends.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from question_bank.item import Level
from question_bank.kind import Kind

MOST_OPTIONS = 26


class Sort(StrEnum):
    """What a column holds."""

    CODE = "code"
    KIND = "kind"
    STEM = "stem"
    OPTION = "option"
    OPTIONS = "options"
    RIGHT = "right"
    ANSWER = "answer"
    RATIONALE = "rationale"
    CLAUSES = "clauses"
    DIFFICULTY = "difficulty"
    LEVEL = "level"
    FORMAT = "format"
    CODES = "codes"
    POINTS = "points"
    CATEGORY = "category"
    TAGS = "tags"
    NUMBER = "number"
    WHY = "why"
    PICTURE = "picture"


HEADINGS = {
    Sort.CODE: "代码 Code 题目代码 试题代码 题目编号 试题编号 编号 questioncode id",
    Sort.KIND: "题型 Kind 试题类型 题目类型 试题题型 题目题型 类型 type questiontype",
    Sort.STEM: "题干 Question 题目 试题 试题题干 题目题干 题干内容 题目内容 试题内容 题目描述 问题 内容 "
    "stem questiontext questiontitle content",
    Sort.OPTIONS: "选项 Options 备选项 备选答案 候选项 候选答案 答案选项 选项内容 choices",
    Sort.ANSWER: "答案 Answer 正确答案 标准答案 参考答案 试题答案 题目答案 正确选项 key correctanswer correct",
    Sort.RATIONALE: "解析 Rationale 试题解析 答案解析 题目解析 题目分析 试题分析 解释 explanation analysis",
    Sort.CLAUSES: "条款 Clauses 条款号 条款编号 对应条款 依据条款 依据 clause",
    Sort.DIFFICULTY: "难度 Difficulty 难易程度 难易度 难度系数 难度等级 题目难度 试题难度",
    Sort.LEVEL: "认知层次 Level 层次 认知水平 能力层次 掌握程度",
    Sort.FORMAT: "格式 Format 文字格式 文本格式",
    Sort.CODES: "选项代码 Optioncodes",
    Sort.POINTS: "分值 Points 分数 得分 题目分值 试题分值 score mark",
    Sort.CATEGORY: "分类 Category 题目分类 试题分类 章节 所属章节 知识点 知识点名称 目录 科目 学科 领域 课题 专业 工种 模块 所属题库 topic",
    Sort.TAGS: "标签 Tags 关键词 关键字",
    Sort.NUMBER: "序号 No 题号 行号 index",
    Sort.PICTURE: "图片 Picture 题目图片 题干图片 试题图片 配图 插图 图片url 图片地址 图片链接 image img",
}
KINDS = {
    Kind.SINGLE: "单选题 Single 单选 单项选择 单项选择题 选择题 选择 singlechoice radio",
    Kind.MULTIPLE: "多选题 Multiple 多选 多项选择 多项选择题 不定项选择 不定项选择题 不定项 multiplechoice multichoice checkbox",
    Kind.TRUE_FALSE: "判断题 True/false 判断 是非 是非题 对错 对错题 truefalse true_false tf judge judgement",
    Kind.FILL: "填空题 Fill 填空 fillin blank fillintheblank",
    Kind.ORDER: "排序题 Order 排序 顺序题 ordering sort",
    Kind.MATCH: "配对题 Match 配对 匹配 匹配题 连线 连线题 matching",
    Kind.SHORT: "简答题 Short 简答 问答 问答题 论述 论述题 名词解释 案例分析 案例分析题 主观题 shortanswer essay",
    Kind.SITUATIONAL: "情景题 Situational 情景 情境 情境题 情景判断 情景判断题 情境判断题",
}
LEVELS = {Level.RECALL: "识记 Recall 记忆 了解 理解 掌握", Level.APPLY: "应用 Apply 运用 分析 综合 情景应用"}
DIFFICULTIES = {
    1: "易 容易 简单 很易 easy", 2: "较易 较容易", 3: "中 中等 一般 适中 普通 medium normal", 4: "较难 偏难", 5: "难 困难 很难 hard",
}
TRUE = "正确 True √ ✓ ✔ ☑ 对 是 t y yes 1 right"
FALSE = "错误 False × ✗ ✘ x 错 否 不对 不正确 f n no 0 wrong"
MARKDOWN, PLAIN = "Markdown", "纯文字 Plain text"
_Meaning = TypeVar("_Meaning")
_REMARK = re.compile(r"[(（\[【][^()（）\[\]【】]{0,80}[)）\]】]|[*＊:：]+$|^[*＊]+")
_OPTION = re.compile(r"(?:选项|备选项|备选答案|答案选项|option|choice)?([a-z]|[0-9]{1,2})(?:选项|项)?")
_RIGHT = re.compile(r"(?:右侧|右项|右侧选项|配对项|匹配项|right)([0-9]{1,2})")
_WHY = re.compile(r"(?:选项)?([a-z])(?:项|选项)?解析")
_NUMBERED_KIND = re.compile(r"([0-9])[-:：=、.]?([一-鿿]{2,6})")


@dataclass(frozen=True)
class Heading:
    """What a column holds; ``place`` counts options and right sides from 0; ``kinds`` are those that its own remark numbers."""

    sort: Sort
    place: int = 0
    kinds: tuple[tuple[str, Kind], ...] = ()


def plain(text: str) -> str:
    """A word as it is looked up: one width, small letters, no blanks."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _lookup(words: Mapping[_Meaning, str]) -> dict[str, _Meaning]:
    return {plain(word): value for value, spelled in words.items() for word in spelled.split()}


_HEADINGS, _KINDS, _LEVELS, _DIFFICULTIES = _lookup(HEADINGS), _lookup(KINDS), _lookup(LEVELS), _lookup(DIFFICULTIES)
_TRUTHS = {**{plain(word): "T" for word in TRUE.split()}, **{plain(word): "F" for word in FALSE.split()}}


def heading(text: str) -> Heading | None:
    """What a heading means; None where it is no word of a table of questions."""
    whole = plain(text)
    if len(whole) > 100:
        return None
    word = _REMARK.sub("", _REMARK.sub("", whole))
    if found := _HEADINGS.get(word):
        numbered = tuple((number, kind) for number, name in _NUMBERED_KIND.findall(whole) if (kind := known_kind(name)))
        return Heading(found, 0, numbered if found is Sort.KIND else ())
    if right := _RIGHT.fullmatch(word):
        return Heading(Sort.RIGHT, int(right[1]) - 1) if 1 <= int(right[1]) <= MOST_OPTIONS else None
    if why := _WHY.fullmatch(word):
        return Heading(Sort.WHY, ord(why[1]) - ord("a"))
    option = _OPTION.fullmatch(word)
    if option is None or word.isdigit():
        return None
    place = int(option[1]) - 1 if option[1].isdigit() else ord(option[1]) - ord("a")
    return Heading(Sort.OPTION, place) if 0 <= place < MOST_OPTIONS else None


def known_kind(text: str) -> Kind | None:
    """The kind that a word names."""
    return _KINDS.get(plain(text))


def kind_in(text: str) -> Kind | None:
    """The kind that a title names (``一、单选题（每题 2 分）``); None where it names none or several."""
    said = plain(text)
    named = {kind for word, kind in _KINDS.items() if len(word) > 2 and not word.isascii() and word in said and word != "选择题"}
    return named.pop() if len(named) == 1 else None


def known_level(text: str) -> Level | None:
    """The level that a word names."""
    return _LEVELS.get(plain(text))


def known_difficulty(text: str) -> tuple[int | None, bool]:
    """The difficulty that a word names, and whether it is one of a scale of five, as ours is."""
    found = _DIFFICULTIES.get(plain(text))
    return found, found is not None and plain(text) in DIFFICULTIES[found].split()[:2]


def known_truth(text: str) -> str | None:
    """T or F, as a word or sign says."""
    return _TRUTHS.get(plain(text).strip(".。"))


def our(words: str, language: str = "zh") -> str:
    """Our own word of a list."""
    first, second, *_others = words.split()
    return {"Truefalse": "True/false", "Optioncodes": "Option codes"}.get(second, second) if language == "en" else first


def column(sort: Sort, place: int = 0, language: str = "zh") -> str:
    """What we call a column."""
    if sort is Sort.OPTION:
        return f"{'Option ' if language == 'en' else '选项'}{chr(ord('A') + place)}"
    if sort is Sort.RIGHT:
        return f"{'Right ' if language == 'en' else '右侧'}{place + 1}"
    return our(HEADINGS[sort], language)


def kind_name(kind: Kind, language: str = "zh") -> str:
    """What we call a kind in a table."""
    return our(KINDS[kind], language)
