"""The report of a regrade: everybody whose result changes and every licence that hangs on it, and the signed decision on it.

The report is plain values, so that it can be kept, compared and signed: its
digest says whether the facts moved between the dry run that a decider read and
the commitment. The decision is a compact JWS (RFC 7515), HS256 under a key of
its own, over the proposal, the digest of the report, who decided and when.
"""

import hashlib
import hmac
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from certification import regrade
from certification.layout import canonical
from certification.licence import Grade, State
from certification.regrade import Change, Deed, Flip

HEADER = {"alg": "HS256", "typ": "chizheng-regrade+jws"}


@dataclass(frozen=True)
class Earned:
    """The licence that a decision on an attempt gave or renewed, as it stands now; ``renewed``: certified again since, elsewhere."""

    licence_id: int
    number: str
    state: State
    grade: Grade | None
    renewed: bool


@dataclass(frozen=True)
class Facts:
    """Who sat an attempt, and what came of its result: the decision on it (id and state) and the licence it earned."""

    person_id: int
    company_id: int
    decision_id: int | None = None
    decision: str | None = None
    earned: Earned | None = None


@dataclass(frozen=True)
class Line:
    """One person whose result changes. ``deeds``: what may be done about the licence, keeping it first."""

    flip: Flip
    facts: Facts

    @property
    def deeds(self) -> tuple[Deed, ...]:
        held = self.facts.earned
        return regrade.deeds(self.flip.change, held.state, held.grade) if held else ()


@dataclass(frozen=True)
class Report:
    """The dry run of a regrade: ``graded`` is how many results were looked at."""

    graded: int
    lines: tuple[Line, ...]

    @property
    def touched(self) -> list[Line]:
        """The lines whose licence somebody must say something about."""
        return [line for line in self.lines if line.deeds]

    @property
    def counts(self) -> dict[Change, int]:
        """How many results change in which way; every way is named."""
        found = Counter(line.flip.change for line in self.lines)
        return {what: found[what] for what in Change}


@dataclass(frozen=True)
class Choice:
    """What the decider said of one licence, if anything; without a reason of its own the decision's note holds."""

    deed: Deed | None = None
    reason: str = ""


@dataclass(frozen=True)
class Said:
    """What the decider said of the licences that a regrade touches: of some by id, of the ``rest`` by what happens to the result."""

    licences: Mapping[int, Choice] = field(default_factory=dict)
    rest: Mapping[Change, Deed] = field(default_factory=dict)

    def of(self, line: Line) -> Deed | None:
        """What is to be done about a licence; None when nothing was said that is offered, for nothing is presumed."""
        held = line.facts.earned
        said = self.licences.get(held.licence_id, Choice()).deed if held else None
        deed = said or self.rest.get(line.flip.change)
        return deed if deed in line.deeds else None

    def silent(self, report: Report) -> list[Line]:
        """The lines whose licence nothing was said of."""
        return [line for line in report.touched if self.of(line) is None]


def plain(report: Report) -> dict[str, Any]:
    """The report as values that JSON knows: ids, marks and codes, no names."""
    return {"graded": report.graded, "lines": [_plain(line) for line in report.lines]}


def _plain(line: Line) -> dict[str, Any]:
    facts, held = line.facts, line.facts.earned
    return {
        "attempt": line.flip.attempt, "person": facts.person_id, "change": str(line.flip.change),
        "before": asdict(line.flip.before), "after": asdict(line.flip.after),
        "decision": facts.decision_id, "decision_state": facts.decision,
        "licence": None if held is None else {
            "id": held.licence_id, "number": held.number, "standing": str(held.state), "grade": held.grade and str(held.grade),
            "renewed": held.renewed, "deeds": [str(deed) for deed in line.deeds],
        },
    }


def digest(values: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical JSON of a plain report."""
    return hashlib.sha256(canonical(values).encode()).hexdigest()


class Signed(msgspec.Struct, frozen=True):
    """What the decider signed: the proposal, the digest of the report with what was done about each licence, who and when.

    ``proposed_by`` and ``decided_by`` are accounts, ``version`` the item version.
    """

    regrade: int
    sitting: str
    version: int
    kind: str
    detail: dict[str, Any]
    reason: str
    proposed_by: int
    proposed_at: datetime
    decided_by: int
    decided_at: datetime
    note: str
    report: str


class Finding(StrEnum):
    """What a check of a signature found."""

    GOOD = "good"
    FORGED = "forged"
    DIFFERS = "differs"


def signing_key(secret: str) -> OctKey:
    """The key for regrades, derived from the application's secret."""
    return OctKey.import_key(hmac.digest(secret.encode(), b"chizheng regrade", "sha256"))


def sign(statement: Signed, key: OctKey) -> str:
    """The decision as a compact JWS."""
    return jws.serialize_compact(HEADER, canonical(msgspec.to_builtins(statement)).encode(), key, algorithms=["HS256"])


def verify(text: str, kept: Signed, key: OctKey) -> Finding:
    """Whether ``text`` was signed with ``key``, and whether it says what is ``kept``."""
    try:
        found = jws.deserialize_compact(text, key, algorithms=["HS256"])
        statement = msgspec.json.decode(found.payload, type=Signed)
    except (JoseError, ValueError, msgspec.MsgspecError):
        return Finding.FORGED
    if found.headers().get("typ") != HEADER["typ"]:
        return Finding.FORGED
    return Finding.GOOD if statement == kept else Finding.DIFFERS


def ordered(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Lines in one fixed order: the gravest change first, then by person."""
    rank = list(Change)
    return tuple(sorted(lines, key=lambda line: (rank.index(line.flip.change), line.facts.person_id)))
