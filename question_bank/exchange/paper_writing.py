"""Questions as a Word paper that a training centre prints: by kind in sections, numbered through, with the key behind each or without any.

The paper with key is read again at once: what would come back as something else is a
note on its question, so that nobody finds out later. The paper without key is for
those who sit it. Source: docs/exchange.md, "Word papers and pasted text".
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from question_bank.exchange import paper, paper_docx
from question_bank.exchange.found import Found, Media, Note, Weight
from question_bank.exchange.markup import escaped, named_media
from question_bank.exchange.paper_answers import exact, said_safe
from question_bank.exchange.paper_docx import NARROW, TEXT_WIDTH, Image, Run, paragraph, table
from question_bank.exchange.paper_text import BOLD, CODE, ITALIC, SOURCE
from question_bank.exchange.sent import Sent, Written
from question_bank.fill import BLANK
from question_bank.item import Level, Wording, digest
from question_bank.kind import Kind

TITLE = "试卷"
SECTIONS = {
    Kind.SINGLE: ("单项选择题", "每题只有一个正确答案"),
    Kind.MULTIPLE: ("多项选择题", "每题至少有一个正确答案"),
    Kind.TRUE_FALSE: ("判断题", "正确的画“√”，错误的画“×”"),
    Kind.FILL: ("填空题", ""),
    Kind.ORDER: ("排序题", "按正确的先后次序写出各项的字母"),
    Kind.MATCH: ("连线题", "为左边每一项写出右边对应的数字"),
    Kind.SITUATIONAL: ("情境判断题", "选出最合适的一项"),
    Kind.SHORT: ("简答题", ""),
}
NUMERALS = "一二三四五六七八"
ANSWER_LINES = 6
_CHOSEN = (Kind.SINGLE, Kind.MULTIPLE, Kind.TRUE_FALSE, Kind.SITUATIONAL, Kind.ORDER)
_EMPTY = re.compile(r"[（(]\s*[)）]")
_INLINE = re.compile(
    r"\\(?P<sign>[!-/:-@\[-`{-~])|!\[(?P<alt>(?:[^\]\\]|\\.)*)\]\(media:(?P<name>[^()\s]+)\)"
    r"|\*\*(?P<bold>(?=\S)[^*\n]+?(?<=\S))\*\*|\*(?P<italic>(?=\S)[^*\n]+?(?<=\S))\*|`(?P<code>[^`\n]+)`"
)
_TABLE = re.compile(r"(?m)(?:^|\n)((?:^\|.*\|$)\n(?:^\|(?: --- \|)+$)(?:\n^\|.*\|$)*)(?:\n\n|\Z)")
"""A table as we write one in Markdown: a row, a line of dashes, more rows."""
_BULLET = re.compile(r"(?m)^- (?=\S)")
_PARTS = {
    "kind": "题型", "stem": "题干", "options": "选项", "right": "右侧选项", "key": "答案", "rationale": "解析", "clauses": "条款",
    "difficulty": "难度", "level": "认知层次",
}


def write(items: Sequence[Sent]) -> Written:
    """The paper with answers, explanations, clauses and codes."""
    press = _Press(items, with_key=True)
    content = press.paper()
    notes = {code: tuple(said) for code, said in press.notes.items()}
    back = {found.code: found for found in paper.read_word(content)} if items else {}
    return Written(content, {item.code: (*notes[item.code], *_differences(item, back.get(item.code))) for item in items})


def write_without_key(items: Sequence[Sent]) -> Written:
    """The paper to sit: nothing in it says an answer."""
    press = _Press(items, with_key=False)
    return Written(press.paper(), {code: tuple(said) for code, said in press.notes.items()})


def _differences(item: Sent, back: Found | None) -> Iterator[Note]:
    """A note for every part that would be read as something else."""
    if back is None:
        yield Note(Weight.LOST, "reads_otherwise", ("题目代码",))
        return
    said, read = item.wording, back.wording
    if digest(said) == digest(read):
        return
    texts = [said.stem, said.rationale, *(option.text for option in (*said.options, *said.right))]
    lost = set(named_media(*texts)) - {media.name for media in item.media}
    for part, name in _PARTS.items():
        if getattr(said, part) != getattr(read, part) and not (lost and part in ("stem", "options", "right", "rationale")):
            yield Note(Weight.LOST, "reads_otherwise", (name,))


@dataclass
class _Press:
    """Sets one paper."""

    items: Sequence[Sent]
    with_key: bool
    notes: dict[str, list[Note]] = field(default_factory=dict)
    pictures: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    drawn: int = 0

    def paper(self) -> bytes:
        self.notes = {item.code: [] for item in self.items}
        groups = [(kind, [item for item in self.items if item.wording.kind is kind]) for kind in SECTIONS]
        groups = [(kind, group) for kind, group in groups if group]
        blocks = list(self._head([kind for kind, _group in groups]))
        number = 0
        for place, (kind, group) in enumerate(groups):
            blocks.append(paragraph([Run(self._heading(place, kind, len(group)))], "Heading1"))
            for item in group:
                number += 1
                blocks += self._question(number, item)
        return paper_docx.document(blocks, self.pictures)

    def _head(self, kinds: Sequence[Kind]) -> Iterator[str]:
        yield paragraph([Run(TITLE + ("（含答案）" if self.with_key else ""))], "Title")
        if self.with_key:
            return
        yield paragraph([Run("单位：____________　姓名：____________　工号：____________")], "Subtitle")
        names = ["题号", *NUMERALS[: len(kinds)], "总分", "评卷人"]
        width = TEXT_WIDTH // len(names)
        rows = [[paragraph([Run(name)], "Foot") for name in names], [paragraph([Run("得分")], "Foot"), *["" for _name in names[1:]]]]
        yield table(rows, [width] * len(names), ruled=True, centred=True)

    def _heading(self, place: int, kind: Kind, count: int) -> str:
        name, how = SECTIONS[kind]
        said = [f"共 {count} 题"] + ([] if self.with_key else ["每题 ____ 分", "共 ____ 分"]) + ([how] if how else [])
        return f"{NUMERALS[place]}、{name}（{'，'.join(said)}）"

    # one question

    def _question(self, number: int, item: Sent) -> Iterator[str]:
        said = item.wording
        pieces = _TABLE.split(said.stem)
        for at, piece in enumerate(pieces):
            if at % 2:
                yield self._table(piece, item)
                continue
            place = self._place(said) if at == len(pieces) - 1 else ""
            runs = [Run("" if at else f"{number}. "), *self._runs(piece, item), Run(place)]
            if any(run.text or run.image for run in runs):
                yield paragraph(runs, "Question" if not at else "More", keep=True)
        yield from self._choices(said, item)
        if self.with_key:
            yield from self._key(item)
        else:
            yield from self._room(said)

    def _table(self, source: str, item: Sent) -> str:
        """A table in Markdown as one of Word."""
        lines = source.strip("\n").split("\n")
        cells = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in (lines[0], *lines[2:])]
        count = max(map(len, cells))
        rows = [[paragraph(self._runs(cell, item), "Cell", keep=True) for cell in [*row, *[""] * (count - len(row))]] for row in cells]
        return table(rows, [min(2400, (TEXT_WIDTH - 420) // count)] * count, ruled=True, centred=True)

    def _place(self, said: Wording) -> str:
        """A place for the answer behind the stem, where it has none of its own."""
        if said.kind in _CHOSEN:
            ends = re.search(r"[（(]\s*[)）]\s*$", said.stem)
            return "" if ends or (_EMPTY.search(said.stem) and said.kind is not Kind.TRUE_FALSE) else "\t（　　）"
        return "\t____________" if said.kind is Kind.FILL and not BLANK.search(said.stem) and not self.with_key else ""

    def _choices(self, said: Wording, item: Sent) -> Iterator[str]:
        if said.kind is Kind.MATCH:
            yield self._sides(said, item)
        elif said.kind in (Kind.SINGLE, Kind.MULTIPLE, Kind.ORDER, Kind.SITUATIONAL):
            columns = _columns([option.text for option in said.options])
            for start in range(0, len(said.options), columns):
                row = enumerate(said.options[start : start + columns], start)
                runs = []
                for place, option in row:
                    runs += [Run(f"{'' if place == start else chr(9)}{_letter(place)}. "), *self._runs(option.text, item)]
                last = start + columns >= len(said.options)
                yield paragraph(runs, f"Options{columns}" if columns > 1 else "Option", keep=self.with_key or not last, limit=NARROW)

    def _sides(self, said: Wording, item: Sent) -> str:
        rows = []
        for place in range(max(len(said.options), len(said.right))):
            cells = []
            for options, code in ((said.options, _letter(place)), (said.right, str(place + 1))):
                runs = [Run(f"{code}. "), *self._runs(options[place].text, item)] if place < len(options) else []
                cells.append(paragraph(runs, "Option", keep=True, limit=NARROW) if runs else "")
            rows.append(cells)
        return table(rows, [TEXT_WIDTH // 2] * 2)

    def _room(self, said: Wording) -> Iterator[str]:
        """Where the answer is written."""
        if said.kind is Kind.MATCH:
            yield paragraph([Run("　　".join(f"{_letter(place)}—____" for place in range(len(said.options))))], "Option")
        elif said.kind is Kind.SHORT:
            yield from (paragraph([], "Answer") for _line in range(ANSWER_LINES))

    def _key(self, item: Sent) -> Iterator[str]:
        said = item.wording
        if answer := _answer(said):
            words = self._runs(answer, item) if said.kind is Kind.SHORT else [Run(answer)]
            yield paragraph([Run(_label("答案", answer)), *words], "Key", keep=True)
        if said.rationale:
            yield paragraph([Run(_label("解析", said.rationale)), *self._runs(said.rationale, item)], "Key", keep=True)
        about = [f"【题目代码】{item.code}", f"【难度】{said.difficulty}", f"【认知层次】{'应用' if said.level is Level.APPLY else '识记'}"]
        about += [f"【条款】{'、'.join(_clause(reference, item.clause_titles) for reference in said.clauses)}"] if said.clauses else []
        for name, options, usual in (("选项代码", said.options, _letter), ("右侧代码", said.right, lambda place: str(place + 1))):
            codes = [option.code for option in options]
            if said.kind is not Kind.TRUE_FALSE and codes != [usual(place) for place in range(len(codes))]:
                about.append(f"【{name}】{'、'.join(codes)}")
        yield paragraph([Run(" ".join(about))], "About")

    # texts

    def _runs(self, text: str, item: Sent) -> list[Run]:
        """A text of ours as runs."""
        runs, at = [], 0
        if not _INLINE.search(text) and escaped(text) != text:
            return [Run(text, SOURCE)]
        shown = _BULLET.sub("• ", text)
        for found in _INLINE.finditer(shown):
            runs.append(Run(shown[at : found.start()]))
            at = found.end()
            if found["name"]:
                runs.append(self._image(found["name"], re.sub(r"\\(.)", r"\1", found["alt"]), item))
            elif found["sign"]:
                runs.append(Run(found["sign"]))
            else:
                style = next(style for style, name in ((BOLD, "bold"), (ITALIC, "italic"), (CODE, "code")) if found[name])
                words = found["bold"] or found["italic"] or found["code"]
                runs.append(Run(re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", words), style))
        return [run for run in [*runs, Run(shown[at:])] if run.text or run.image]

    def _image(self, name: str, alt: str, item: Sent) -> Run:
        media: Media | None = next((one for one in item.media if one.name == name), None)
        measured = paper_docx.size(media.content) if media else None
        if media is None or measured is None:
            note = Note(Weight.LOST, "media_lost", (name,))
            self.notes[item.code] += [] if note in self.notes[item.code] else [note]
            return Run(f"［{alt or name}］")
        relation = f"rIdMedia{name}"
        self.pictures[relation] = (f"{name}.{paper_docx.ending(media.content)}", media.content)
        self.drawn += 1
        return Run(image=Image(relation, self.drawn, alt, *measured))


def _label(name: str, text: str) -> str:
    """A label; a reader takes one colon behind it for a part of it."""
    return f"【{name}】" + ("：" if text.startswith((":", "：")) else "")


def _letter(place: int) -> str:
    return chr(ord("A") + place)


def _columns(texts: Sequence[str]) -> int:
    """How many options stand beside each other."""
    if any("\n" in text or "media:" in text or "\t" in text for text in texts):
        return 1
    widest = max(sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text) for text in texts)
    return 4 if widest <= 16 and len(texts) <= 4 else 2 if widest <= 38 else 1


def _answer(said: Wording) -> str:
    """The key in the words of a paper."""
    letters = {option.code: _letter(place) for place, option in enumerate(said.options)}
    if said.kind is Kind.TRUE_FALSE:
        return "√" if tuple(said.key) == ("T",) else "×"
    if said.kind is Kind.ORDER:
        return "→".join(letters[code] for code in said.key)
    if said.kind is Kind.MATCH:
        numbers = {option.code: str(place + 1) for place, option in enumerate(said.right)}
        return "，".join(f"{letters[left]}-{numbers[right]}" for left, right in said.key.items())
    if said.kind is Kind.SITUATIONAL:
        return "，".join(f"{letters[code]} {exact(share)}%" for code, share in said.key.items())
    if said.kind is Kind.FILL:
        gaps = [" / ".join(said_safe(text) for text in texts) for texts in said.key]
        return gaps[0] if len(gaps) == 1 else "\n".join(f"（{place}）{text}" for place, text in enumerate(gaps, 1))
    return "\n".join(said.key) if said.kind is Kind.SHORT else "".join(letters[code] for code in said.key)


def _clause(reference: str, titles: Mapping[str, str]) -> str:
    title = titles.get(reference, "").replace("（", "〔").replace("）", "〕")
    return f"{reference}（{title}）" if title else reference
