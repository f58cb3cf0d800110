"""The list of answers at the end of a paper or of a section, under its heading, until something else begins."""

import re
from collections.abc import Sequence

from question_bank.chinese_number import digits
from question_bank.exchange import paper_answers, paper_options
from question_bank.exchange.paper_lines import (
    LABELLED,
    NUMERAL,
    Heading,
    Label,
    Line,
    Start,
    heading,
    is_key_heading,
    kind_of,
    label_of,
    start,
)
from question_bank.exchange.paper_parts import ENOUGH, Listed, Paper, Section
from question_bank.exchange.paper_text import NOTHING, Said, joined

_TOLD = re.compile(
    rf"\s*[(\[]?(?:(?P<han>[{NUMERAL}]{{1,3}})[)\]]?\s?[、.:)]?\s*)?(?P<title>[^\s\dA-Z、。;,:()]{{0,10}})\s*"
    r"(?:\([^()]{0,40}\))?\s?:?\s*(?=[\d(第])"
)


def under_heading(said: Said) -> tuple[Heading, Said] | None:
    """A heading with its answers in the same line, ``一、单选题：1-5 ABCDE``: both; None where a line is anything else."""
    found = _TOLD.match(said.folded)
    if not found:
        return None
    rest = said[found.end() :]
    if not paper_answers.listed(rest):
        return None
    kind, choice = kind_of(found["title"] or "")
    ordinal = int(digits(found["han"]) or 0) if found["han"] else 0
    return Heading(said[: found.end()].text.strip(), ordinal, kind, choice), rest


class KeyList:
    """A list of answers by number under a heading, until something else begins."""

    def __init__(self, paper: Paper, lines: Sequence[Line]) -> None:
        self.paper, self.lines = paper, lines
        self.section: Section | None = None
        self.open: Listed | None = None
        self.into_rationale = False
        self.run = 0
        self.style = ""
        self.numbers = {draft.number for draft in paper.drafts}

    def take(self, line: Line, at: int) -> bool:
        """Whether the line belongs to the list."""
        said = line.said
        if is_key_heading(said):
            return True
        if (both := under_heading(said)) is not None:
            self.section = self._section(both[0])
            if self.section is not None:
                said = both[1]
        if (found := heading(said)) is not None and (found.kind is not None or found.choice or self._section(found)):
            self.section, self.open, self.style = self._section(found), None, ""
            return self.section is not None
        if listed := paper_answers.listed(said):
            self._count(listed[0].number)
            self.paper.list_answers(listed, self.section, line, self.run)
            self.open = self.paper.listed[-1] if len(listed) == 1 else None
            self.into_rationale = True
            return True
        if row := paper_answers.loose(said):
            self.paper.loose.append((line, self.section, row))
            return True
        return self._entry(line, at)

    def _count(self, number: int) -> None:
        listed = self.paper.listed
        if listed and listed[-1].run == self.run and number <= listed[-1].number:
            self.run += 1

    def _section(self, found: Heading) -> Section | None:
        """The section of the body that a heading of the list means."""
        known = [one for one in self.paper.sections if one.heading.title]
        same = [one for one in known if found.kind is not None and one.heading.kind is found.kind]
        if len(same) > 1 and found.ordinal:
            same = [one for one in same if one.heading.ordinal == found.ordinal]
        if not same and (found.choice or found.kind is None) and found.ordinal:
            same = [one for one in known if one.heading.ordinal == found.ordinal]
        if not same and found.choice:
            same = [one for one in known if one.heading.choice]
        return same[0] if len(same) == 1 else None

    def _entry(self, line: Line, at: int) -> bool:
        """An answer in words behind its number, or what goes on with one."""
        said = line.said
        found = start(said)
        if found is not None and found.style != "decimal" and self._begins(found, at):
            if paper_options.code_at(self.lines[at + 1].said if at + 1 < len(self.lines) else NOTHING) == "A":
                return False  # a question again
            self._count(found.number)
            self.style = self.style or found.style
            self.open = Listed(line.place, self.section, found.number, NOTHING, run=self.run)
            self.paper.listed.append(self.open)
            self.into_rationale = False
            said = said[found.end :]
        elif self.open is None:
            self.paper.around.append(said)
            return True
        self._say(said)
        return True

    def _begins(self, found: Start, at: int) -> bool:
        last = self.open
        if self.style and found.style != self.style and {found.style, self.style} != {".", "bare"}:
            return False
        if last is None or found.number == last.number + 1:
            return True
        if found.number not in self.numbers:
            return False
        said = self.lines[at].said[found.end :].folded
        short = paper_answers.letters(said) or paper_answers.truth(said) or LABELLED.match(said)
        return bool(short) if found.number <= last.number else True

    def _say(self, said: Said) -> None:
        entry = self.open
        if entry is None:
            return
        hits = list(LABELLED.finditer(said.folded))
        head = said[: hits[0].start()].strip() if hits else said.strip()
        if head:
            self._add(entry, head)
        for place, hit in enumerate(hits):
            end = hits[place + 1].start() if place + 1 < len(hits) else len(said.text)
            self.into_rationale = label_of(hit) is not Label.ANSWER
            if content := said[hit.end() : end].strip():
                self._add(entry, content)

    def _add(self, entry: Listed, said: Said) -> None:
        if self.into_rationale:
            entry.rationale.append(said)
        elif len(entry.answer.text) < ENOUGH:
            entry.answer = joined([entry.answer, said], "\n") if entry.answer else said
