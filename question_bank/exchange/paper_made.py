"""One question of a paper while it is settled: what it has become so far, what its answers say, and what is to be known about it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from question_bank.exchange.found import Media, Note, Weight
from question_bank.exchange.paper_parts import Draft
from question_bank.exchange.paper_text import Said, markdown, plain
from question_bank.kind import Kind

Shown = Sequence[tuple[Media | None, str]]
"""For each picture of the paper its file, None where it is missing or cannot be used, and what it shows."""
EMPTY = re.compile(r"[(\[]\s{0,40}[)\]]")
GIVEN = re.compile(r"[(\[]\s{0,20}(?P<given>[A-Za-z](?:[\s,、;]{0,3}[A-Za-z]){0,9}|[√×✓✔✗✘✕☑☒✅❌✖]|对|错|正确|错误)\s{0,20}[)\]]")
CORRECTS = re.compile(r"[(\[]?\s?(?:应|改|正确|理由|解析|因为|原因|错因|错在|说明|不是|依据|根据)")


@dataclass
class Made:
    """What a question has become so far."""

    draft: Draft
    shown: Shown
    stem: Said
    kind: Kind | None = None
    choice: bool = False
    options: list[tuple[str, Said]] = field(default_factory=list)
    sources: list[tuple[str, str]] = field(default_factory=list)  # (where from, what it says), in one form
    notes: list[Note] = field(default_factory=list)
    points: float | None = None
    more: list[Said] = field(default_factory=list)

    def note(self, weight: Weight, code: str, *words: str) -> None:
        note = Note(weight, code, words)
        if note not in self.notes:
            self.notes.append(note)

    def text(self, said: Said) -> str:
        return markdown(said, self.shown)


def settled(made: Made) -> str | None:
    """What all sources say; None where there is none, or where they differ, which is noted."""
    said = list(dict.fromkeys(text for _source, text in made.sources))
    if len(said) == 1:
        return said[0]
    if said:
        made.note(Weight.WRONG, "answers_differ", "、".join(said))
    elif not any(note.weight is Weight.WRONG for note in made.notes):
        made.note(Weight.WRONG, "answer_missing")
    return None


def emptied(stem: Said, hit: re.Match[str]) -> Said:
    """The stem with the place of an answer left open."""
    return stem[: hit.start() + 1] + plain("  ") + stem[hit.end() - 1 :]
