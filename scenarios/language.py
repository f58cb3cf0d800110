"""The shapes of a scenario in the language ``scn/1``: what the parser makes and everything else reads.

Points are whole hundredths throughout, so that a play's score is exact and the
same on every machine. See docs/scenarios.md.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from scenarios.expression import Expression, Variable

HUNDREDTH = 100
"""Points are kept in hundredths."""


class Kind(StrEnum):
    """What a step does."""

    SAY = "say"
    SINGLE = "single"
    MULTI = "multi"
    ORDER = "order"
    TEXT = "text"
    BRANCH = "branch"
    END = "end"


ASKS = (Kind.SINGLE, Kind.MULTI, Kind.ORDER, Kind.TEXT)


@dataclass(frozen=True)
class Wording:
    """A text in both languages; "" where it is missing."""

    zh: str = ""
    en: str = ""
    line: int = 0
    path: str = ""

    def said(self, language: str) -> str:
        """In ``language``, else in the other one."""
        return (self.en or self.zh) if language == "en" else (self.zh or self.en)


@dataclass(frozen=True)
class Assignment:
    """``set: {name: expression}``."""

    name: str
    place: int
    value: Expression


@dataclass(frozen=True)
class Worth:
    """What an answer earns: hundredths per criterion; or, of a recovery, up to ``mends`` of what was lost in ``repairs``."""

    points: tuple[tuple[str, int], ...] = ()
    repairs: tuple[str, ...] = ()
    mends: int = 0


@dataclass(frozen=True)
class Option:
    """One choice of a ``single`` or ``multi`` step."""

    id: str
    line: int
    path: str
    text: Wording | None = None
    when: Expression | None = None
    worth: Worth = Worth()
    clauses: tuple[tuple[str, int], ...] = ()
    feedback: Wording | None = None
    sets: tuple[Assignment, ...] = ()
    critical: bool = False
    next: str = ""
    next_line: int = 0


@dataclass(frozen=True)
class Line:
    """Something that is said, when its condition holds."""

    text: Wording
    when: Expression | None
    path: str


@dataclass(frozen=True)
class Entry:
    """One thing to put in order."""

    id: str
    text: Wording | None
    line: int


@dataclass(frozen=True)
class Precedence:
    """``first`` must come before ``then``; breaking it may be critical."""

    first: str
    then: str
    critical: bool
    line: int

    @property
    def id(self) -> str:
        return f"{self.first}>{self.then}"


@dataclass(frozen=True)
class Phrase:
    """An element of a text answer, said in any of ``words``; or, of ``forbid``, what must not be said."""

    id: str
    words: tuple[str, ...]
    worth: Worth
    critical: bool
    clauses: tuple[tuple[str, int], ...]
    line: int
    path: str


@dataclass(frozen=True)
class Sample:
    """A text with the label a person gave it: the ids of the elements and forbidden phrases in it."""

    text: str
    hits: frozenset[str]
    line: int
    path: str


@dataclass(frozen=True)
class Arm:
    """One way of a ``branch``; without a condition it takes whatever is left."""

    when: Expression | None
    next: str
    line: int
    next_line: int
    path: str


@dataclass(frozen=True)
class Timer:
    """``seconds`` by the server's clock; then ``on_timeout`` is taken for a single choice, and nothing answered for the others."""

    seconds: int
    on_timeout: str
    line: int


@dataclass(frozen=True)
class Picture:
    """A picture; ``alt`` says in words what it shows."""

    file: str
    alt: Wording | None
    line: int


@dataclass(frozen=True)
class Step:
    """One step. Which fields are used depends on ``kind``; the parser has seen to it that no other is filled."""

    id: str
    kind: Kind
    line: int
    path: str
    said: tuple[Line, ...] = ()
    picture: Picture | None = None
    hint: Wording | None = None
    timer: Timer | None = None
    options: tuple[Option, ...] = ()
    max_pick: int = 0
    floor: int | None = None
    items: tuple[Entry, ...] = ()
    pairs: bool = False
    before: tuple[Precedence, ...] = ()
    worth: Worth = Worth()
    rubric: tuple[Phrase, ...] = ()
    forbid: tuple[Phrase, ...] = ()
    samples: tuple[Sample, ...] = ()
    arms: tuple[Arm, ...] = ()
    clauses: tuple[tuple[str, int], ...] = ()
    sets: tuple[Assignment, ...] = ()
    next: str = ""
    next_line: int = 0
    failed: bool = False
    text: Wording | None = None

    def targets(self) -> list[tuple[str, int, str]]:
        """Where it may go: step id, line, path."""
        found = [(self.next, self.next_line, f"{self.path}.next")] if self.next else []
        found += [(option.next, option.next_line, f"{option.path}.next") for option in self.options if option.next]
        return found + [(arm.next, arm.next_line, f"{arm.path}.next") for arm in self.arms if arm.next]


@dataclass(frozen=True)
class Criterion:
    """What points belong to. ``cap`` (hundredths) is the most that counts; None for one that was only implied."""

    id: str
    cap: int | None
    title: Wording | None
    clauses: tuple[tuple[str, int], ...]
    section: str
    line: int
    implied: bool = False


@dataclass(frozen=True)
class Section:
    """Criteria that have a minimum of their own, ``least`` of 1."""

    id: str
    least: float
    title: Wording | None
    line: int


@dataclass(frozen=True)
class Plan:
    """A recorded test play and what it must give."""

    id: str
    play: tuple[str, ...]
    verdict: str
    score: int | None
    end: str
    line: int
    path: str


@dataclass(frozen=True)
class Scenario:
    """A scenario as the file says it; ``standards`` are STD@EDITION, ``cut`` the share of the total that passes."""

    id: str
    version: int
    title: Wording
    standards: tuple[str, ...]
    modes: tuple[str, ...]
    variables: tuple[Variable, ...]
    start: str
    start_line: int
    steps: dict[str, Step]
    criteria: dict[str, Criterion]
    sections: dict[str, Section]
    cut: float
    cut_line: int
    total: int | None
    total_line: int
    declared: tuple[tuple[str, int], ...] = ()
    plans: tuple[Plan, ...] = ()
    intro: Wording | None = None
    wordings: tuple[Wording, ...] = field(default=(), compare=False)

    @property
    def exam(self) -> bool:
        return "exam" in self.modes

    @property
    def out_of(self) -> int | None:
        """The total in hundredths, equal for every play: declared, or the sum of the caps; None where neither is there."""
        if self.total is not None:
            return self.total
        caps = [criterion.cap for criterion in self.criteria.values()]
        return sum(cap for cap in caps if cap is not None) if caps and None not in caps else None

    def reference(self, clause: str) -> str:
        """``STD@EDITION#NUMBER`` of a clause that the file names by its number alone."""
        return clause if "#" in clause or not self.standards else f"{self.standards[0]}#{clause}"


def points(hundredths: int) -> str:
    """Hundredths as a person writes points: 23, 2.5, -0.75."""
    whole, rest = divmod(abs(hundredths), HUNDREDTH)
    return ("-" if hundredths < 0 else "") + (f"{whole}.{rest:02}".rstrip("0") if rest else str(whole))
