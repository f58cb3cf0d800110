"""Chinese papers, from Word and from pasted text, as trainers really have them.

Answers may stand behind each question, in its bracket, at the end of a section or
of the paper; what does not fit together is refused by question. Reading order:
``paper_text``, ``paper_lines``, ``paper_options``, ``paper_answers`` (a line and
its pieces), ``paper_tables``, ``paper_parts``, ``paper_list``, ``paper_sight``,
``paper_body`` (the paper put together), ``paper_made``, ``paper_kind``, ``paper_choice``, ``paper_row``,
``paper_gaps``, ``paper_sides``, ``paper_fields``, ``paper_question`` (what each question says),
``paper_numbering``, ``paper_word`` (where the lines of a Word document come from);
``paper_docx`` and ``paper_writing`` go the other way. Source: docs/exchange.md,
"Word papers and pasted text".
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from question_bank.exchange import paper_question, paper_word
from question_bank.exchange.found import EXCERPT, Found, Note, Unusable, Weight, refused
from question_bank.exchange.paper_body import put_together
from question_bank.exchange.paper_lines import Line
from question_bank.exchange.paper_made import Shown
from question_bank.exchange.paper_parts import Answer, Draft, Listed, Paper, Section
from question_bank.exchange.paper_tables import settled
from question_bank.exchange.paper_text import Said, joined, pasted, plain
from question_bank.exchange.plain_text import decode

MOST_LINES = 200_000
LONGEST_LINE = 20_000
PASTED = -1
"""The table of a pasted row before the rows are put together."""
_QUOTED = re.compile(r"^\s{0,8}(?:>\s?){1,3}")
_TITLE = re.compile(r"^\s{0,3}#{1,6}\s+")
_LIST = re.compile(r"^\s{0,8}[-*+]\s+(?=(?:\[[ x]\]\s*)?[(（]?[A-Za-zＡ-Ｚ][.、．)）:：])")
_RULE = re.compile(r"\s*(?:-{3,}|={3,}|\*{3,}|~{3,})\s*")
_MARKED_LABEL = re.compile(r"\*\*(?=[^*\n]{1,30}[:：]\*\*|\s?[\[【(（]?[^*\n]{0,12}\*\*)")


def read_text(content: bytes) -> list[Found]:
    """The questions of a pasted paper; raises Unusable."""
    lines = decode(content).split("\n")
    if len(lines) > MOST_LINES:
        raise Unusable("too_large", f"{MOST_LINES} 行")
    return read_lines([_line(number, text) for number, text in enumerate(lines, 1)], ())


def read_word(content: bytes) -> list[Found]:
    """The questions of a Word document; raises Unusable."""
    document = paper_word.read(content)
    return read_lines(document.lines, document.pictures)


def read_lines(lines: Sequence[Line], shown: Shown) -> list[Found]:
    """The questions that lines make; raises Unusable ``no_questions``."""
    paper = put_together(settled(_grouped(lines)))
    stray = _settle(paper)
    found = [paper_question.found(draft, shown) for draft in paper.drafts]
    if not found and not stray:
        raise Unusable("no_questions")
    return [*_with_surroundings(found, paper), *stray]


def _line(number: int, text: str) -> Line:
    """A line of a pasted paper, without the signs that Markdown puts before it."""
    clean = _LIST.sub("", _TITLE.sub("", _QUOTED.sub("", text)))
    clean = "" if _RULE.fullmatch(clean) else clean.strip("|") if clean.lstrip().startswith("|") else clean
    place = f"第 {number} 行"
    if text.lstrip().startswith("|"):
        cells = [pasted(cell.strip()) for cell in clean.split("|")]
        if all(re.fullmatch(r"\s*:?-{2,}:?\s*", cell.text) or not cell.text for cell in cells):
            return Line(place, plain(""), table=PASTED)
        return Line(place, joined(cells, "\t"), tuple(cells), table=PASTED)
    said = pasted(clean[:LONGEST_LINE])
    lost = (("line_cut", clean[:60]),) if len(clean) > LONGEST_LINE else ()
    if "\t" in said.text.strip():
        return Line(place, said, tuple(_cells(said)), lost=lost, table=PASTED)
    return Line(place, said, lost=lost)


def _cells(said: Said) -> list[Said]:
    cells, at = [], 0
    for end in [*(place for place, sign in enumerate(said.text) if sign == "\t"), len(said.text)]:
        cells.append(said[at:end].strip())
        at = end + 1
    return cells


def _grouped(lines: Sequence[Line]) -> list[Line]:
    """Rows of pasted text that follow each other as one table (below 0; those of Word are above), one behind the other apart."""
    out: list[Line] = []
    table = 0
    for line in lines:
        if line.table != PASTED:
            out.append(line)
        elif line.said:
            table -= 0 if table and out and out[-1].table == table else 1
            out.append(replace(line, table=table))
    return out


# answers that stand apart

def _settle(paper: Paper) -> list[Found]:
    """Give every question its answer from the lists; what fits no question comes back refused."""
    _loose(paper)
    meant, stray = _Meant(paper), []
    ambiguous: set[int] = set()
    for entry in paper.listed:
        drafts = meant.drafts(entry)
        if len(drafts) == 1:
            _give(drafts[0], entry)
        elif drafts:
            ambiguous |= {id(draft) for draft in drafts}
        else:
            stray.append(refused(entry.place, f"{entry.number}. {entry.answer.text}"[:EXCERPT], "answer_homeless", str(entry.number)))
    for draft in paper.drafts:
        if id(draft) in ambiguous and not draft.answers:
            draft.note(Weight.WRONG, "number_repeated", str(draft.number))
    return stray


def _give(draft: Draft, entry: Listed) -> None:
    if entry.trouble:
        draft.note(Weight.WRONG, "row_differs", *entry.trouble)
        return
    draft.answers.append(Answer(entry.answer, "list"))
    draft.rationale += [said for said in entry.rationale if said]


class _Meant:
    """Which question an answer of a list means: the one with its number, in the section that it names.

    Where sections start their numbers anew and the list names none, its own numbers
    must start anew just as often, and come to each section exactly.
    """

    def __init__(self, paper: Paper) -> None:
        self.by_number: dict[int, list[Draft]] = defaultdict(list)
        own: dict[int, list[int]] = defaultdict(list)
        self.sections: dict[int, Section] = {}
        for draft in paper.drafts:
            self.by_number[draft.number].append(draft)
            self.sections.setdefault(id(draft.section), draft.section)
            own[id(draft.section)].append(draft.number)
        runs: dict[int, list[int]] = defaultdict(list)
        for entry in paper.listed:
            if entry.section is None:
                runs[entry.run].append(entry.number)
        fits = list(runs.values()) == list(own.values())
        self.section_of = dict(zip(runs, self.sections.values(), strict=True)) if fits else {}

    def drafts(self, entry: Listed) -> list[Draft]:
        """All that may be meant."""
        same = self.by_number[entry.number] if entry.number else []
        section = entry.section or (self.section_of.get(entry.run) if len(same) > 1 else None)
        own = [draft for draft in same if draft.section is section] if section is not None else []
        if entry.section is not None:
            return own or (same if len(same) == 1 else [])
        return own or same


def _loose(paper: Paper) -> None:
    """Rows of bare letters, where they come to the questions of their section exactly."""
    by_section: dict[int, tuple[Section | None, list[str], Line]] = {}
    for line, section, row in paper.loose:
        known = by_section.setdefault(id(section), (section, [], line))
        known[1].extend(row)
    for section, row, line in by_section.values():
        drafts = [draft for draft in paper.drafts if section is None or draft.section is section]
        if len(drafts) == len(row):
            for draft, answer in zip(drafts, row, strict=True):
                draft.answers.append(Answer(plain(answer), "list"))
        else:
            for draft in drafts:
                if not draft.answers:
                    draft.note(Weight.WRONG, "row_differs", line.said.text.strip()[:100], str(len(row)), str(len(drafts)))


def _with_surroundings(found: list[Found], paper: Paper) -> list[Found]:
    """What stands around the questions, told with the first one, so that nothing goes without a word."""
    words = "／".join(said.text.strip() for said in paper.around if said)
    notes = [Note(Weight.HINT, "around", (words[:EXCERPT],))] if words else []
    notes += [Note(Weight.LOST, code, (word[:EXCERPT],)) for code, word in dict.fromkeys(paper.lost)]
    return [found[0].noted(*notes), *found[1:]] if found and notes else found
