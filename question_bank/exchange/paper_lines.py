"""What a line of a Chinese paper is: a heading, the start of a question, options, an answer, an explanation.

Every pattern is written for folded text (``Said.folded``): one width, half-width
signs. Nothing here knows what came before; ``paper_parts`` puts the lines together.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from question_bank.chinese_number import digits
from question_bank.exchange.paper_text import Said
from question_bank.kind import Kind


class Label(StrEnum):
    """What a labelled part of a question is about."""

    ANSWER = "answer"
    RATIONALE = "rationale"
    DIFFICULTY = "difficulty"
    LEVEL = "level"
    CLAUSES = "clauses"
    CODE = "code"
    KIND = "kind"
    POINTS = "points"
    OPTION_CODES = "option_codes"
    RIGHT_CODES = "right_codes"
    TAGS = "tags"
    IGNORED = "ignored"


@dataclass(frozen=True)
class Line:
    """One line: where it stands, what it says, and the cells of a table's row. ``soft``: it goes on in the paragraph of the line before.

    ``lost``: what stood there and cannot be carried, as (code, word) of docs/exchange.md.
    """

    place: str
    said: Said
    cells: tuple[Said, ...] = ()
    soft: bool = False
    lost: tuple[tuple[str, str], ...] = ()
    table: int = 0


WORDS = {
    Label.ANSWER: "参考答案及?解?析? 标准答案 正确答案 正确选项 本题答案 试题答案 参考答案要点 答案要点 答题要点 答案 "
    "correct\\s?answer answer ans",
    Label.RATIONALE: "答案解析 试题解析 题目解析 官方解析 参考解析 答案详解 解析 详解 解答 分析 点评 解释 解题思路 理由 explanation",
    Label.DIFFICULTY: "难度系数 难度等级 难易程度 难易度 难度 difficulty",
    Label.LEVEL: "认知层次 能力层次 考查层次 认知水平",
    Label.CLAUSES: "条款 规范条款 对应条款 clauses?",
    Label.CODE: "题目代码 试题代码 题目编号 试题编号 题号编码",
    Label.KIND: "题型 题目类型 试题类型",
    Label.POINTS: "分值 分数 本题分值",
    Label.OPTION_CODES: "选项代码",
    Label.RIGHT_CODES: "右侧代码",
    Label.TAGS: "考查知识点 知识点 考点 考察点 考查点 考核点 知识模块 知识领域 章节 所属章节 出处 来源 依据 关键字 关键词 标签 分类 专题 "
    "题库分类 命题人 审题人",
    Label.IGNORED: "我的答案 你的答案 考生答案 学生答案 您的答案 得分 作答 用时 正确率",
}
LABELS = {word: label for label, words in WORDS.items() for word in words.split()}
_ANY = "|".join(sorted(LABELS, key=len, reverse=True))
_SHORT = "|".join(word for word in sorted(WORDS[Label.ANSWER].split(), key=len, reverse=True) if not word.isascii())
LABELLED = re.compile(
    rf"(?:(?P<box>\[\s?(?P<boxed>{_ANY})\s?\]\s*:?)"
    rf"|(?:(?<=[\s;.。!?)\]])|^)\(?\s?(?P<word>{_ANY})\s?(?:\([^()]{{0,12}}\))?\s?:"
    rf"|^(?P<answer>{_SHORT})\s?(?:[是为选]|\s)\s?(?=[A-H√×✓✔✗✘对错正TF])"
    rf"|^(?P<reply>答)\s?:)\s*",
    re.IGNORECASE,
)
"""A label: in brackets anywhere, or with a colon at the start of a line or behind a blank or the end of a sentence."""

NUMERAL = "一二三四五六七八九十百"
KINDS = (
    (Kind.SITUATIONAL, "情境判断|情景判断|情境选择"), (Kind.SINGLE, "单项选择|单选|单一选择"), (Kind.MULTIPLE, "多项选择|多选|不定项"),
    (Kind.TRUE_FALSE, "判断|是非|对错题|正误"), (Kind.FILL, "填空|填充"), (Kind.ORDER, "排序|顺序题"), (Kind.MATCH, "连线|匹配|配对|搭配"),
    (
        Kind.SHORT,
        "简答|问答|论述|名词解释|案例分析|综合分析|主观|解答题|计算题|实操题|应用题|材料分析|情景分析|综合题|分析题|简述题|案例题|面试题|附加题|"
        "思考题|讨论题|操作题|实践题|材料题|写作题|翻译题",
    ),
)
CHOICE = "选择"
_KIND_NAMES = "|".join([*(names for _kind, names in KINDS), CHOICE])
_PREFIX = (
    rf"(?:第\s?(?:[{NUMERAL}]{{1,4}}|\d{{1,2}})\s?(?:大题|部分|章|节|单元|题型)\s?[、.:,]?|[({{\[]\s?[{NUMERAL}]{{1,4}}\s?[)\]}}][、.]?"
    rf"|[{NUMERAL}]{{1,4}}\s?[、.:,\s]|[IVXⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ]{{1,4}}\s?[、.]|[#]{{1,6}})"
)
HEADING = re.compile(rf"\s*(?P<prefix>{_PREFIX})\s*(?P<title>.{{1,300}})", re.DOTALL)
_TITLE = re.compile(
    rf"\s*[\[<]?\s?(?:[^\s,。;:?!]{{0,8}}?)(?:{_KIND_NAMES})[^\s,。;:?!()\[\]]{{0,6}}[\]>]?\s*"
    r"(?:$|[(:\[].{0,200}$|\s.{0,60}分.{0,20}$)", re.DOTALL,
)
_ORDINAL = re.compile(rf"[{NUMERAL}]{{1,4}}|\d{{1,2}}")
_EACH = re.compile(r"每\s?(?:小)?[题空个道]\s?[^\d。;]{0,4}(\d{1,3}(?:\.\d{1,2})?)\s?分")
_KEY_HEADING = re.compile(
    r"\s*(?:附[:件录]?\s?\d?[:.]?\s?)?(?:[^\s,。;:?!]{0,30}?\s?)(?:参考|标准|正确|试题|试卷|习题|练习)?"
    r"答案(?:及|与|和|、)?(?:解析|详解|评分标准|评分细则|评分参考|解答)?"
    r"(?:部分|汇总|一览表?|表|页|区)?\s?:?\s*$"
)
START = re.compile(
    r"\s*(?P<mark>[(\[]\s{0,12}(?P<given>[A-H]{1,8}|[√×✓✔✗✘对错TFVX]|正确|错误)?\s{0,12}[)\]]\s{0,4})?"
    r"(?:第\s?(?P<word>\d{1,4})\s?题\s?[.、:)]?|题目?\s?(?P<item>\d{1,4})\s?[.、:)]"
    r"|Q\s?(?P<q>\d{1,4})\s?[.、:)]|(?P<open>[(\[])\s?(?P<boxed>\d{1,4})\s?[)\]]\s?[.、:]?"
    r"|(?P<n>\d{1,4})\s?(?P<sign>[.、):]|,(?=[^\s\d])))\s*",
)
_BARE = re.compile(r"\s*(?P<n>\d{1,4})(?:\t|\s{1,8})(?=[^\d\s.、)%~:/+*=-])")
_DECIMAL = re.compile(r"\s*\d{1,4}\s?[.:,]\d")
TAG = re.compile(
    rf"\s*[\[(<]\s?(?:(?P<kind>[^\[\]()]{{0,4}}(?:{_KIND_NAMES})[^\[\]()]{{0,4}}?)(?:题)?)?[,;、:\s]{{0,3}}"
    r"(?:本题|共|计)?(?:(?P<points>\d{1,3}(?:\.\d{1,2})?)\s?分)?\s?[\])>]\s*\*?\s*"
)
WORD_TAG = re.compile(rf"\s*(?P<kind>(?:{_KIND_NAMES})题?)\s?[:]\s*")
MATERIAL = re.compile(
    rf"\s*[\[(]?(?:案例|材料|资料|背景材料|背景资料|情境|情景|场景)\s?(?:[{NUMERAL}]{{1,3}}|\d{{1,2}})?\s?[\])]?\s?[:、.]"
)
"""The beginning of a text that several questions are about."""
REFERS = re.compile(r"\s*请?(?:阅读|根据|依据|结合)?.{0,6}(?:以下|下列|上述|下面|以上)\S{0,8}(?:案例|材料|资料|情境|情景|背景|场景)")
"""A line that sends to such a text."""
ABOUT_ONE_TEXT = re.compile("案例|材料|资料|阅读|情景分析|情境分析")
"""A section whose first lines are a text that its questions are about."""
ANSWERS_TO = re.compile(r"(?:回答|完成|解答|作答).{0,6}?(?:第\s?)?(\d{1,3})\s?(?:题)?\s?[-~至到、]+\s?(?:第\s?)?(\d{1,3})\s?(?:小)?题?")


_OFFICE = re.compile(
    rf"(?=.*(?:得\s?分|[评阅]\s?卷\s?人|总\s?分))(?:得\s?分|[评阅]\s?卷\s?人|复核人|核分人|总\s?分|题\s?号|合\s?计|签\s?名|分\s?数|[{NUMERAL}]{{1,2}}|[\s:_|])+"
)
_PAGE = re.compile(r"\s*(?:第\s?\d{1,3}\s?页[\s,/(]*共\s?\d{1,3}\s?页\)?|-\s?\d{1,3}\s?-)\s*")


@dataclass(frozen=True)
class Heading:
    """The heading of a section: what it says, its place (0 where it names none), the kind that it announces, points of each."""

    title: str
    ordinal: int = 0
    kind: Kind | None = None
    choice: bool = False
    points: float | None = None


@dataclass(frozen=True)
class Start:
    """The number at the start of a question: what it is, how it is written, an answer before it, and where the question begins."""

    number: int
    style: str
    given: str
    end: int


def kind_of(text: str) -> tuple[Kind | None, bool]:
    """The kind that folded text names, and whether it is a choice of either sort."""
    found = next((kind for kind, names in KINDS if re.search(names, text)), None)
    return found, found is None and CHOICE in text


def heading(said: Said) -> Heading | None:
    """The heading that a line is; one with a Chinese numeral and no kind is a heading only for who knows what follows."""
    text = said.folded.strip()
    if not text or len(text) > 300 or LABELLED.match(text):
        return None
    found = HEADING.fullmatch(text)
    title = found["title"] if found else text
    if not found and not _TITLE.fullmatch(text):
        return None
    head = re.split(r"[(:\[。;]", title.strip("[]<> "), maxsplit=1)[0]
    kind, choice = kind_of(head[:24])
    if not found and (kind is None and not choice):
        return None
    ordinal = _ORDINAL.search(found["prefix"]) if found else None
    number = int(digits(ordinal[0]) or 0) if ordinal and not ordinal[0].isdigit() else int(ordinal[0]) if ordinal else 0
    each = _EACH.search(title)
    return Heading(said.text.strip(), number, kind, choice, float(each[1]) if each else None)


def is_key_heading(said: Said) -> bool:
    """Whether a line says that the answers follow."""
    text = said.folded.strip().strip("#*-=[]<> ")
    return len(text) <= 40 and bool(_KEY_HEADING.fullmatch(text))


def is_office(said: Said) -> bool:
    """Whether a line is for those who mark and file a paper: places for points, a page number."""
    text = said.folded
    return len(text) <= 120 and bool(_OFFICE.fullmatch(text) or _PAGE.fullmatch(text))


def start(said: Said, bare: bool = False) -> Start | None:
    """The number at the start of a line. ``bare``: one without a sign counts too."""
    text = said.folded
    found = START.match(text)
    if found:
        number = next(found[name] for name in ("word", "item", "q", "boxed", "n") if found[name])
        if found["n"] and _DECIMAL.match(text, found.start("n")) and said.text[found.start("sign")] in ".:,":
            style = "decimal"
        else:
            style = "word" if found["word"] or found["item"] or found["q"] else found["open"] or (")" if found["sign"] == ")" else ".")
        return Start(int(number), style, (found["given"] or "").strip(), found.end())
    found = _BARE.match(text) if bare else None
    return Start(int(found["n"]), "bare", "", found.end()) if found else None


def label_of(hit: re.Match[str]) -> Label:
    """What the label that ``LABELLED`` found is about."""
    if hit["reply"] or hit["answer"]:
        return Label.ANSWER
    word = re.sub(r"\s", "", (hit["boxed"] or hit["word"]).lower())
    return LABELS.get(word) or next(label for known, label in LABELS.items() if re.fullmatch(known, word, re.IGNORECASE))
