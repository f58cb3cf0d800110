"""What the checker says: a closed list of codes, each with its severity, a line and words in both languages.

The codes are stable: a trainer, a waiver and docs/scenarios.md name them. Where
a play shows the fault, ``play`` holds it, in the same notation that a test plan
uses, so that it can be played again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from scenarios.saying import SAYINGS


class Severity(StrEnum):
    """An error keeps a scenario from publication; a warning asks for a second look."""

    ERROR = "error"
    WARNING = "warning"


WARNINGS = frozenset({"SCN-012", "SCN-024", "SCN-080"})
"""All other codes are errors."""


@dataclass(frozen=True, order=True)
class Finding:
    """One fault. ``line`` counts from 1; ``field`` is the path in the file, ``nodes.door.next``; ``play`` a counter-example or empty."""

    line: int
    code: str
    field: str
    zh: str
    en: str
    play: tuple[str, ...] = ()

    @property
    def severity(self) -> Severity:
        return Severity.WARNING if self.code in WARNINGS else Severity.ERROR

    def message(self, language: str) -> str:
        """The sentence in ``zh`` or ``en``."""
        return self.en if language == "en" else self.zh


def finding(
    saying: str, line: int, field: str, play: Iterable[str] = (), near: tuple[str, Iterable[str]] | None = None, **words: object
) -> Finding:
    """The finding with the words of ``saying``; ``near`` is what was typed and what is known, for "did you mean"."""
    code, zh, en = SAYINGS[saying]
    zh, en = zh.format(**words), en.format(**words)
    closest = get_close_matches(near[0], list(near[1]), 1, 0.5) if near else []
    if closest:
        zh, en = f"{zh}是不是“{closest[0]}”？", f"{en} Did you mean “{closest[0]}”?"
    return Finding(line, f"SCN-{code}", field, zh, en, tuple(play))
