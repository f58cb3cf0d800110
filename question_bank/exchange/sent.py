"""What a writer of another program's format is given, and what it answers.

A writer is a pure rule ``write(items: Sequence[Sent]) -> Written``: bytes in,
bytes out, no disk. Whatever the format cannot say stands in the notes: a
question that it cannot ask at all is left out with a note that is WRONG, one
that is written with a loss has notes that are LOST. Source: docs/exchange.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from question_bank.exchange.found import Media, Note, Weight
from question_bank.item import Wording


@dataclass(frozen=True)
class Sent:
    """One question to write.

    ``clause_titles`` says what each reference of the wording is called, as far
    as it is known: ``{"GCS@2011#12.1": "提前预约"}``. ``media`` are the files that
    its texts name as ``media:NAME``.
    """

    code: str
    wording: Wording
    clause_titles: Mapping[str, str] = field(default_factory=dict)
    media: tuple[Media, ...] = ()


@dataclass(frozen=True)
class Written:
    """A file, and by question code what it could not say; a question without notes is all there."""

    content: bytes
    notes: Mapping[str, tuple[Note, ...]] = field(default_factory=dict)

    @property
    def left_out(self) -> list[str]:
        """The codes of the questions that are not in the file."""
        return [code for code, notes in self.notes.items() if any(note.weight is Weight.WRONG for note in notes)]
