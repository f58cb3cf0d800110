"""Tables in a paper: answers by number, one question to a row, or just rows of text."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise

from question_bank.exchange.paper_lines import LABELS, WORDS, Label, Line
from question_bank.exchange.paper_text import Said, joined, plain

_NUMBER_HEADS = {"题号", "序号", "题目", "试题", "编号", "题次", "no", "no."}
_STEM_HEADS = {"题干", "题目", "试题", "题目内容", "试题内容", "问题", "题目描述", "题目题干", "试题题干", "内容", "question", "stem"}
_OPTION_HEAD = re.compile(r"(?:选项|答案选项|option)?\s?([A-Z])(?:选项|项)?", re.IGNORECASE)
_ALL_OPTIONS = {"选项", "答案选项", "备选答案", "备选项", "可选项", "options"}
_ANSWER = re.compile("|".join(WORDS[Label.ANSWER].split()), re.IGNORECASE)


def settled(lines: Sequence[Line]) -> list[Line]:
    """The lines, with tables of answers as lists of answers and tables of questions as questions; other rows stay rows."""
    out: list[Line] = []
    for table, group in groupby(lines, key=lambda line: line.table):
        rows = list(group)
        out += (_answers(rows) or _questions(rows) or rows) if table else rows
    return out


def _answers(rows: Sequence[Line]) -> list[Line] | None:
    """A row of numbers with a row of answers below it, or a column of each; [] where nothing is filled in yet."""
    out: list[Line] = []
    found = False
    for upper, lower in pairwise(rows):
        numbers, given = _row(upper), _row(lower)
        if _is_numbers(numbers) and ((given[:1] and _ANSWER.fullmatch(given[0].folded.strip())) or _heads(numbers)):
            found = True
            out += _listed(upper, numbers[1:] if _heads(numbers) else numbers, given[1:] if _heads(numbers) or _is_answer(given) else given)
    if found:
        return _under(out, rows[0])
    return _columns(rows)


def _under(out: list[Line], first: Line) -> list[Line]:
    """The answers below a heading of their own; of an empty table nothing."""
    return [Line(first.place, plain("参考答案")), *out] if out else [replace(first, said=plain(""), cells=())]


def _row(line: Line) -> list[Said]:
    return [cell.strip() for cell in line.cells]


def _heads(cells: Sequence[Said]) -> bool:
    return bool(cells) and cells[0].folded.strip().lower() in _NUMBER_HEADS


def _is_answer(cells: Sequence[Said]) -> bool:
    return bool(cells) and bool(_ANSWER.fullmatch(cells[0].folded.strip()))


def _is_numbers(cells: Sequence[Said]) -> bool:
    told = [cell.folded.strip().strip(".、") for cell in (cells[1:] if _heads(cells) else cells)]
    filled = [text for text in told if text]
    return len(filled) > 1 and all(re.fullmatch(r"\d{1,4}", text) for text in filled)


def _listed(line: Line, numbers: Sequence[Said], given: Sequence[Said]) -> Iterator[Line]:
    for number, answer in zip(numbers, given, strict=False):
        if number and answer:
            yield Line(line.place, plain(f"{number.folded.strip().strip('.、')}. ") + joined(_lines(answer), "；"))


def _columns(rows: Sequence[Line]) -> list[Line] | None:
    """A column 题号 and a column 答案, perhaps several pairs beside each other."""
    heads = [cell.folded.strip().lower() for cell in rows[0].cells]
    places = [at for at in range(len(heads) - 1) if heads[at] in _NUMBER_HEADS and _ANSWER.fullmatch(heads[at + 1])]
    if not places or len(places) * 2 != len([head for head in heads if head]):
        return None
    pairs = [(line, at) for at in places for line in rows[1:] if len(line.cells) > at + 1]
    out = [one for line, at in pairs for one in _listed(line, [line.cells[at]], [line.cells[at + 1]])]
    return _under(out, rows[0])


def _questions(rows: Sequence[Line]) -> list[Line] | None:
    """One question to a row, under headings that say which cell is what."""
    heads = [_head(cell.folded.strip()) for cell in rows[0].cells]
    told = {Label.ANSWER, "options"} & set(heads) or any(head.startswith("option ") for head in heads)
    if "stem" not in heads or len(rows) < 2 or not told:
        return None
    return [line for number, row in enumerate(rows[1:], 1) for line in _question(row, heads, number)]


def _head(text: str) -> str:
    low = text.lower().strip("*： :")
    if low in {"题号", "序号", "no", "no.", "编号"}:
        return "number"
    if low in _STEM_HEADS:
        return "stem"
    if low in _ALL_OPTIONS:
        return "options"
    if found := _OPTION_HEAD.fullmatch(low):
        return f"option {found[1].upper()}"
    return LABELS.get(low, "")


def _question(row: Line, heads: Sequence[str], number: int) -> Iterator[Line]:
    cells = list(zip(heads, row.cells, strict=False))
    told = next((cell.folded.strip().strip(".、") for head, cell in cells if head == "number"), "")
    number = int(told) if re.fullmatch(r"\d{1,4}", told) else number
    stem = [line for head, cell in cells if head == "stem" for line in _lines(cell)]
    if not stem:
        return
    yield Line(row.place, plain(f"第{number}题 ") + stem[0], lost=row.lost)
    yield from (Line(row.place, line, soft=True) for line in stem[1:])
    for head, cell in cells:
        if head == "options":
            yield from (Line(row.place, line) for line in _lines(cell))
        elif head.startswith("option ") and cell:
            yield Line(row.place, plain(f"{head[-1]}. ") + joined(_lines(cell), " "))
    for head, cell in cells:
        if isinstance(head, Label) and cell:
            first, *rest = _lines(cell)
            yield Line(row.place, plain(f"【{_NAMES[head]}】") + first)
            yield from (Line(row.place, line, soft=True) for line in rest)


_NAMES = {label: words.split()[-1] if label is not Label.ANSWER else "答案" for label, words in WORDS.items()} | {
    Label.RATIONALE: "解析", Label.DIFFICULTY: "难度", Label.LEVEL: "认知层次", Label.CLAUSES: "条款", Label.CODE: "题目代码",
    Label.KIND: "题型", Label.POINTS: "分值", Label.TAGS: "考点", Label.IGNORED: "我的答案",
}


def _lines(said: Said) -> list[Said]:
    """The lines of a cell."""
    out, at = [], 0
    for end in [*(place for place, sign in enumerate(said.text) if sign == "\n"), len(said.text)]:
        if piece := said[at:end].strip():
            out.append(piece)
        at = end + 1
    return out or [said.strip()]
