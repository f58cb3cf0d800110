"""The lines of a paper put together: sections, questions with their parts, and the answers that stand apart by number."""

from collections.abc import Sequence
from dataclasses import replace

from question_bank.exchange import paper_answers, paper_options
from question_bank.exchange.found import Weight
from question_bank.exchange.paper_lines import (
    ABOUT_ONE_TEXT,
    ANSWERS_TO,
    HEADING,
    LABELLED,
    MATERIAL,
    REFERS,
    Heading,
    Label,
    Line,
    Start,
    heading,
    is_key_heading,
    is_office,
    label_of,
    start,
)
from question_bank.exchange.paper_list import KeyList
from question_bank.exchange.paper_parts import ENOUGH, TYPED_GAP, Answer, Draft, Paper, Section
from question_bank.exchange.paper_sight import Sight
from question_bank.exchange.paper_text import NOTHING, Said, in_cell, joined, only_pictures, plain
from question_bank.kind import Kind


def put_together(lines: Sequence[Line]) -> Paper:
    """The lines as a paper."""
    reader = _Reader([replace(line, said=line.said.tamed()) for line in lines if line.said or line.lost or line.soft])
    for at in range(len(reader.lines)):
        reader.take(at)
    return reader.finished()


class _Reader(Sight):
    """Goes through the lines once."""

    def __init__(self, lines: Sequence[Line]) -> None:
        super().__init__(lines)
        self.key: KeyList | None = None
        self.material: list[Said] = []
        self.range = (0, 0)
        self.in_table = 0  # the table of Word that the stem ends with

    def take(self, at: int) -> None:
        """The line at ``at``: to the list of answers, a new section, or the question that it belongs to."""
        self.at, line = at, self.lines[at]
        drafts = len(self.paper.drafts)
        if not line.said and line.soft:
            self._blank()
        elif is_office(line.said):
            self.paper.around.append(line.said)
        elif line.said and not (self.key and self.key.take(line, at)):
            self.key = None
            self._body(line)
        if line.lost:
            self._lose(line.lost, drafts)

    def _blank(self) -> None:
        """An empty line within a paragraph is part of what stands there."""
        draft = self.draft
        if draft is None or self.key is not None or self.in_material:
            return
        if draft.part == "stem":
            draft.stem.append(NOTHING)
        elif draft.part is Label.RATIONALE and draft.rationale:
            draft.rationale.append(NOTHING)
        elif draft.part == "options" and draft.options:
            code, before = draft.options[-1]
            draft.options[-1] = (code, before + plain("\n"))

    def _lose(self, lost: Sequence[tuple[str, str]], before: int) -> None:
        if self.draft is None or (len(self.paper.drafts) == before and self.key is not None):
            self.paper.lost += lost
            return
        for code, word in lost:
            self.draft.note(Weight.LOST, code, word)

    def _body(self, line: Line) -> None:
        said = line.said
        if is_key_heading(said) and self.paper.drafts and self.opens_list():
            self.key = KeyList(self.paper, self.lines)
        elif (found := heading(said)) is not None and self.asks(found):
            self._section_question(found, line)
        elif found is not None and self.is_heading(found):
            self._open_section(found, line)
        elif self.paper.drafts and self._list(said, line):
            return
        else:
            self._segments(line)

    def _section_question(self, found: Heading, line: Line) -> None:
        hit = HEADING.match(line.said.folded)
        self.section.style = "han"
        self._begin(Draft(line.place, self.section, found.ordinal))
        self._stem(line.said[hit.start("title") if hit else 0 :].strip(), line)

    def _open_section(self, found: Heading, line: Line) -> None:
        self._end_section()
        if found.kind is not None or found.choice:
            self._drop_preamble()
        self.section = Section(found, line.said.folded)
        self.paper.sections.append(self.section)
        self.draft, self.inner, self.material, self.in_material = None, 0, [], False

    def _drop_preamble(self) -> None:
        """Numbered instructions before the first section are no questions."""
        drafts = self.paper.drafts
        if drafts and not self.paper.sections and not any(draft.asks() for draft in drafts):
            self.paper.around += [said for draft in drafts for said in draft.stem]
            drafts.clear()

    def _end_section(self) -> None:
        """A section that is one question without a number."""
        section = self.section
        mine = bool(self.paper.drafts) and self.paper.drafts[-1].section is section
        if section.intro and not mine and section.heading.kind in (Kind.SHORT, Kind.FILL, Kind.TRUE_FALSE):
            draft = Draft(section.intro[0].place, section, stem=[line.said for line in section.intro])
            self.paper.drafts.append(draft)
        elif section.intro:
            self.paper.around += [line.said for line in section.intro]

    def _list(self, said: Said, line: Line) -> bool:
        """Answers by number that stand in the body, behind the questions of their section."""
        if self.draft is not None and self.draft.section.heading.kind is Kind.MATCH and not self.draft.answers:
            return False
        found = paper_answers.listed(said)
        if not found or (len(found) < 2 and not paper_answers.ranges(said)):
            return False
        self.paper.list_answers(found, self.section, line)
        return True

    def _segments(self, line: Line) -> None:
        said = line.said
        found = list(LABELLED.finditer(said.folded))
        head = said[: found[0].start()] if found else said
        if head or not found:
            self._text(head, line)
        for place, hit in enumerate(found):
            end = found[place + 1].start() if place + 1 < len(found) else len(said.text)
            content = said[hit.end() : end].strip()
            if hit[0].lstrip().startswith(("(", "（")) and content.folded.endswith(")"):
                content = content[: len(content.text) - 1].strip()
            self._label(label_of(hit), content, line)

    def _label(self, label: Label, said: Said, line: Line) -> None:
        if label is Label.ANSWER and self.paper.drafts and self._is_list(said, line):
            return
        draft = self.draft or self._from_intro()
        if draft is None:
            self.paper.around.append(line.said)
            return
        self.inner = 0
        if label in (Label.ANSWER, Label.RATIONALE) or draft.part != "stem":
            draft.part = label
        if label is Label.ANSWER:
            draft.answers.append(Answer(said, "label"))
        elif label is Label.RATIONALE:
            draft.rationale += [said] if said else []
        else:
            draft.fields.setdefault(label, []).append(said)

    def _from_intro(self) -> Draft | None:
        """The question of a section of short answers that has one alone, without a number."""
        if not self.section.intro or self.section.heading.kind is not Kind.SHORT:
            return None
        intro, self.section.intro = self.section.intro, []
        self._begin(Draft(intro[0].place, self.section, stem=[one.said for one in intro]))
        return self.draft

    def _is_list(self, said: Said, line: Line) -> bool:
        """Whether an answer is one of many by number, or the heading of such a list."""
        if not said:
            if self.opens_list():
                self.key = KeyList(self.paper, self.lines)
            return self.key is not None
        draft, found = self.draft, paper_answers.listed(said)
        own = draft is not None and (bool(draft.options) or draft.number == found[0].number) if found else False
        if not found or (len(found) == 1 and not own and not paper_answers.ranges(said)):
            return False
        if draft is not None and not draft.answers and (draft.section.heading.kind is Kind.MATCH or _gap_count(draft) == len(found)):
            return False
        self.paper.list_answers(found, self.section, line)
        return True

    def _text(self, said: Said, line: Line) -> None:
        if line.table and self.draft is not None and self.draft.section.heading.kind is Kind.MATCH and not self.draft.answers:
            self._row(line)
            self.draft.part = "options"
            return
        found = start(said, bare=not self.numberless and self.bare(said))
        if found is not None and self.starts(found, said):
            self._question(found, said, line)
        elif self._options(said, line) or self._material(said) or (self.numberless and self._begins_without_number(said, line)):
            return
        else:
            self._goes_on(said, line)

    def _begin(self, draft: Draft) -> None:
        self.draft, self.inner, self.in_material, self.in_table = draft, 0, False, 0
        self.paper.drafts.append(draft)
        if self.material and (self.range == (0, 0) or self.range[0] <= draft.number <= self.range[1]):
            draft.stem = [*self.material, *draft.stem]
            draft.note(Weight.GUESSED, "material_joined")

    def _question(self, found: Start, said: Said, line: Line) -> None:
        if self.draft is not None and found.number == 1 and self.draft.number > 1:
            self._open_section(Heading("", 0, None), Line(line.place, NOTHING))
        self.section.style = self.section.style or found.style
        if self.section.intro and ABOUT_ONE_TEXT.search(self.section.heading.title):
            self.material, self.section.intro = [one.said for one in self.section.intro], []
            self.range = (0, 0)
        draft = Draft(line.place, self.section, found.number)
        if found.given:
            draft.answers.append(Answer(plain(found.given), "start"))
        if self.material and self.range != (0, 0) and not self.range[0] <= found.number <= self.range[1]:
            self.material = []
        self._begin(draft)
        self._stem(said[found.end :].strip(), line)

    def _stem(self, said: Said, line: Line) -> None:
        """The first line of a question, with its options where they stand in it."""
        draft = self.draft
        if draft is None or not said:
            return
        following = self.lines[self.at + 1].said if self.at + 1 < len(self.lines) else NOTHING
        stem, options = paper_options.inner(said, paper_options.code_at(following))
        draft.stem += [stem] if stem else []
        self._row(line)
        if options:
            draft.options += options
            draft.part = "options"

    def _row(self, line: Line) -> None:
        if self.draft is not None and line.cells:
            self.draft.rows.append(line.cells)

    def _options(self, said: Said, line: Line) -> bool:
        draft = self.draft
        if draft is None or (draft.part in (Label.RATIONALE, Label.ANSWER) and draft.options):
            return False
        expected = chr(ord(draft.options[-1][0]) + 1) if draft.options and draft.options[-1][0].isascii() else "A"
        following = self.lines[self.at + 1].said if self.at + 1 < len(self.lines) else NOTHING
        found = paper_options.options(said, expected, paper_options.code_at(following) or paper_options.letter_at(following))
        if not found and draft.section.heading.kind is Kind.ORDER and draft.part in ("stem", "options"):
            found = paper_options.circled(said)
        if not found or (draft.part is Label.ANSWER and draft.answers and not draft.answers[-1].said):
            return False
        if not draft.stem and self.numberless:
            return False
        draft.options += found
        draft.part = "options"
        self._row(line)
        return True

    def _material(self, said: Said) -> bool:
        """A text that several questions are about; ``回答 5-7 题`` says which."""
        draft, text = self.draft, said.folded
        to = ANSWERS_TO.search(text)
        told = draft is not None and draft.part in (Label.RATIONALE, Label.ANSWER)
        begins = MATERIAL.match(text) or (not told and REFERS.match(text))
        if not to and not (begins and (draft is None or draft.complete)):
            return False
        self.range = (int(to[1]), int(to[2])) if to else (0, 0)
        self.material = [*(self.material if self.in_material else []), said]
        self.in_material, self.draft = True, draft if draft is None else None
        if draft is not None:
            self.draft = Draft("", self.section, draft.number, part="material")
        return True

    def _begins_without_number(self, said: Said, line: Line) -> bool:
        """In a paper without numbers a question begins where the one before is complete."""
        draft, kind = self.draft, self.section.heading.kind
        if only_pictures(said) or line.soft:
            return False
        if draft is None:
            if not (self.evidence(self.at) or kind is not None):
                return False
        elif draft.part in (Label.ANSWER, Label.RATIONALE):
            if kind in (None, Kind.SHORT) and not self.evidence(self.at):
                return False
        elif not draft.complete and not (kind in (Kind.TRUE_FALSE, Kind.FILL, Kind.SHORT) and _ends(draft.stem)):
            return False
        self._begin(Draft(line.place, self.section))
        self._stem(said, line)
        return True

    def _goes_on(self, said: Said, line: Line) -> None:
        """A line that begins nothing: it belongs to what came before it."""
        draft = self.draft
        if self.in_material:
            self.material.append(said)
        elif draft is None:
            if self.paper.sections:
                self.section.intro.append(line)
            else:
                self.paper.around.append(said)
            self.section.tail += "\n" + said.folded
        elif draft.part == "options" and line.cells and draft.section.heading.kind is Kind.MATCH:
            self._row(line)
        elif draft.part == "options" and draft.options:
            code, before = draft.options[-1]
            if len(before.text) < ENOUGH:
                draft.options[-1] = (code, joined([before, said], "\n" if before else ""))
            if only_pictures(said):
                draft.note(Weight.GUESSED, "picture_guessed", code)
            elif not line.soft and before and "\n" not in before.text:
                draft.note(Weight.GUESSED, "piece_guessed", line.place)
        elif draft.part is Label.ANSWER and draft.answers:
            self._after_answer(draft, said, line)
        elif draft.part is Label.RATIONALE:
            draft.rationale.append(said)
        elif draft.part in ("stem", "options"):
            self._row(line)
            self._more_stem(draft, said, line)
        else:
            draft.rationale.append(said)
            draft.note(Weight.GUESSED, "piece_guessed", line.place)

    def _more_stem(self, draft: Draft, said: Said, line: Line) -> None:
        """The next line of a stem; the rows of a table of Word are those of a table of ours."""
        if line.table <= 0 or len(line.cells) < 2 or draft.section.heading.kind is Kind.MATCH:
            draft.stem += [NOTHING, said] if self.in_table and said else [said]
            self.in_table = 0
            return
        row = joined([plain("|"), *(piece for cell in line.cells for piece in (in_cell(cell), plain("|")))], " ")
        draft.stem.append(row)
        if self.in_table != line.table:
            draft.stem.append(plain("| " + "--- | " * (len(line.cells) - 1) + "--- |"))
        self.in_table = line.table

    def _after_answer(self, draft: Draft, said: Said, line: Line) -> None:
        """More of an answer in words; behind letters or a mark it explains them."""
        last = draft.answers[-1]
        closed = last.said and (draft.options or draft.section.heading.kind is Kind.TRUE_FALSE or paper_answers.truth(last.said.folded))
        if closed:
            draft.rationale.append(said)
            draft.note(Weight.GUESSED, "piece_guessed", line.place)
        elif len(last.said.text) < ENOUGH:
            last.said = joined([last.said, said], "\n") if last.said else said

    def finished(self) -> Paper:
        """The paper, with the questions that ran to its end."""
        self._end_section()
        return self.paper


def _gap_count(draft: Draft) -> int:
    return sum(len(TYPED_GAP.findall(said.folded)) for said in draft.stem) if not draft.options else 0


def _ends(stem: Sequence[Said]) -> bool:
    return bool(stem) and stem[-1].folded.rstrip().endswith(("。", ".", "?", ")", "!", ";"))
