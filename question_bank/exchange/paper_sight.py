"""Where something begins: a section, a question, a list of answers. What a line is depends on what came before it and on what follows.

A number starts a question when it is the next one of its section in the way that
the section writes numbers; numbers within an answer or a stem are its own list.
Where that cannot be seen, what follows decides: options, an answer, a bracket.
"""

import re
from collections.abc import Sequence

from question_bank.exchange import paper_answers, paper_options
from question_bank.exchange.paper_lines import LABELLED, Heading, Label, Line, Start, heading, is_key_heading, start
from question_bank.exchange.paper_list import under_heading
from question_bank.exchange.paper_parts import PLACE, TYPED_GAP, Draft, Paper, Section
from question_bank.exchange.paper_text import LINED, Said
from question_bank.kind import Kind

AHEAD = 14
"""Lines that are looked at to see whether a number begins a question."""

FURTHER = 30
"""Lines that are looked at for the number that follows one in brackets."""
BOXED = ("(", "[")
LONG = 400
_ROW = re.compile(r"\s*A\s+[^\sB].*\sB\s", re.DOTALL)


class Sight:
    """The lines of a paper, the one that is being read, and the section and question that are open."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        self.at = 0
        self.paper = Paper()
        self.section = Section(Heading(""))
        self.draft: Draft | None = None
        self.inner = 0  # the last number of a list within the question
        self.in_material = False
        self.numberless = not any(self.has_number(line) for line in lines)

    @staticmethod
    def has_number(line: Line) -> bool:
        """Whether a line begins with a number that could be a question's."""
        found = start(line.said)
        return found is not None and found.style != "decimal" and heading(line.said) is None and not paper_answers.entries(line.said)

    def opens_list(self) -> bool:
        """Whether answers by number follow, rather than the answer to the question above."""
        following = self.lines[self.at + 1] if self.at + 1 < len(self.lines) else None
        if following is None:
            return False
        said, draft = following.said, self.draft
        listed = paper_answers.listed(said) or under_heading(said)
        if listed or heading(said) is not None or is_key_heading(said):
            return True
        answered = draft is None or bool(draft.answers)
        if start(said) is not None:
            waiting = any(not one.complete and one is not draft for one in self.paper.drafts)
            return answered or waiting or bool(draft and draft.options)
        row = paper_answers.loose(said)
        codes = [code for code, _said in draft.options] if draft is not None else []
        return bool(row) and (answered or (len(row) > 1 and not set(row) <= set(codes)))

    def is_heading(self, found: Heading) -> bool:
        """Whether what looks like a heading is one here; without a kind it needs a question, or another heading, below."""
        if found.kind is not None or found.choice:
            return start(self.lines[self.at].said) is None or not self.evidence(self.at)
        if self.draft is not None and self.draft.part in (Label.ANSWER, Label.RATIONALE) and found.ordinal > 1:
            following = self.following()
            return following is not None and following.number == 1
        following = self.following()
        expected = self.draft.number + 1 if self.draft is not None else 1
        return following is not None and following.number in (1, expected)

    def asks(self, found: Heading) -> bool:
        """Whether what looks like a heading is a question behind a Chinese numeral: its answer or its options follow at once."""
        if found.kind is not None or found.choice or not found.ordinal or self.at + 1 >= len(self.lines):
            return False
        if self.draft is not None and self.draft.section.style not in ("", "han"):
            return False
        following = self.lines[self.at + 1].said
        return LABELLED.match(following.folded) is not None or paper_options.code_at(following) == "A"

    def following(self) -> Start | None:
        """The number with which one of the next lines begins; of a heading 1."""
        for line in self.lines[self.at + 1 : self.at + 4]:
            if heading(line.said) is not None:
                return Start(1, "", "", 0)
            if (found := start(line.said)) is not None:
                return found
        return None

    def bare(self, said: Said) -> bool:
        """Whether a number with only a blank behind it may count: the next one, of a question that is complete."""
        found = start(said, bare=True)
        last = self.draft.number if self.draft else 0
        if found is not None and self.section.style == "bare" and found.number == last + 1:
            return True
        return found is not None and found.number == last + 1 and (self.draft is None or self.draft.complete) and self.evidence(self.at)

    def starts(self, found: Start, said: Said) -> bool:
        """Whether a number starts a question here."""
        draft = self.draft
        if draft is None or (draft.number == 0 and draft.complete):
            known = found.style != "decimal" or (bool(self.paper.sections) and draft is None and self.evidence(self.at))
            fits = known and (not self.section.style or found.style == self.section.style or self.evidence(self.at))
            return fits and (not self.in_material or self.evidence(self.at))
        expected = draft.number + 1
        if found.style == "decimal":
            return found.number == expected and draft.complete and self.evidence(self.at)
        styles = {found.style, self.section.style}
        if found.style in BOXED and self.section.style not in ("", "han", *BOXED):
            return found.number == expected and self.between(found) and draft.asks() and (self.evidence(self.at) or self.row_follows())
        if len(styles) > 1 and not (styles <= {".", ")", "bare", "word"} and draft.complete and found.number == expected):
            return False
        if self.inner and found.number == self.inner + 1:
            starts = found.number == expected and self.evidence(self.at)
            self.inner += 0 if starts else 1
            return starts
        if found.number == expected:
            if draft.section.heading.kind is Kind.FILL and not draft.answers and not self.asks_to_fill(said):
                return False
            return draft.section.heading.kind is not Kind.MATCH or bool(draft.answers) or not _both_sides(said)
        if found.number == 1 and not (draft.complete and self.evidence(self.at)):
            self.inner = 1
            return False
        return (found.number == 1 or found.number >= draft.number) and draft.complete and self.evidence(self.at)

    def between(self, found: Start) -> bool:
        """Whether a number in brackets counts on from the question's to the next one without, and no list in the question comes to it."""
        draft, want = self.draft, found.number + 1
        for line in self.lines[self.at + 1 : self.at + FURTHER]:
            following = start(line.said)
            again = following is not None and (following.style, following.number) == (found.style, found.number)
            if again or is_key_heading(line.said) or (following is None and heading(line.said) is not None):
                return False
            if following is not None and following.style == self.section.style:
                before = re.compile(rf"[(\[]\s?{found.number - 1}\s?[)\]]")
                return following.number == want and draft is not None and not any(before.search(said.folded) for said in draft.texts())
            want += following is not None and following.style == found.style and following.number == want
        return False

    def row_follows(self) -> bool:
        """Whether the next lines begin with an A and go on with a B that have only a blank behind them."""
        text = "\n".join(line.said.folded[:LONG] for line in self.lines[self.at + 1 : self.at + 3])
        return _ROW.match(text) is not None

    def evidence(self, at: int) -> bool:
        """Whether what begins at ``at`` has options, an answer or a bracket of its own."""
        said = self.lines[at].said
        _stem, inner = paper_options.inner(said, "")
        if inner or LABELLED.search(said.folded) or PLACE.search(said.folded) or TYPED_GAP.search(said.folded):
            return True
        for line in self.lines[at + 1 : at + AHEAD]:
            if start(line.said) is not None or heading(line.said) is not None:
                return False
            if paper_options.code_at(line.said) == "A" or LABELLED.match(line.said.folded.lstrip()):
                return True
            if PLACE.search(line.said.folded):
                return True
        return False

    def asks_to_fill(self, said: Said) -> bool:
        """Whether a line of a section of gaps has one, or something underlined or in brackets that may stand in one."""
        return self.evidence(self.at) or "x" in said.styled(LINED) or re.search(r"[(\[].{1,60}[)\]]|_", said.folded) is not None


def _both_sides(said: Said) -> bool:
    """Whether a line pairs something behind a number with something behind a letter."""
    return re.search(r"[\t ][(\[]?[A-Z][.、)]", said.folded) is not None
