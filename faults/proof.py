"""What counts as a loss: the devices' books held against the database.

Read straight from the tables; of the site's code only the rules that
docs/exams.md publishes are used (chain, digest, receipt).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from joserfc.errors import JoseError
from sqlalchemy import Connection, Engine, select

from certification import receipt as receipts
from certification.sitting import START_OF_CHAIN, Step, digest, link
from certification.tables import Attempt, LateStep, Result
from certification.tables import Step as StepRow
from faults.ledger import Answer, Ledger

ATTEMPTS, STEPS, LATE, RESULTS = Attempt.__table__, StepRow.__table__, LateStep.__table__, Result.__table__
KEPT_AS_EVIDENCE = {"late", "closed", "paused", "read_only"}


@dataclass
class Report:
    """What was tried, and what came of it. ``losses`` are whole sentences; an empty list is what is wanted."""

    what: str
    rounds: int = 0
    acknowledged: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    losses: list[str] = field(default_factory=list)
    failures: Counter[str] = field(default_factory=Counter)
    notes: dict[str, Any] = field(default_factory=dict)

    def add(self, ledgers: Iterable[Ledger]) -> None:
        """Count what devices were told."""
        for book in ledgers:
            self.acknowledged += len(book.acknowledged)
            self.refused.update(book.refused.values())
            self.losses += book.broken
            self.failures.update(book.failures)

    @property
    def good(self) -> bool:
        """Whether nothing was lost and the site never said that it failed."""
        return not self.losses and not self.failures

    def line(self) -> str:
        """One line of the summary."""
        refused = ", ".join(f"{code} {count}" for code, count in sorted(self.refused.items())) or "none"
        notes = "".join(f"; {name} {value}" for name, value in self.notes.items())
        failed = "".join(f"; {what}: {count}" for what, count in self.failures.items())
        counts = f"{self.rounds} rounds, {self.acknowledged} acknowledged, refused {refused}, lost {len(self.losses)}"
        return f"{self.what}: {counts}{notes}{failed}"


def losses(engine: Engine, ledgers: Sequence[Ledger], secret: str, upto: int | None = None) -> list[str]:
    """Every broken promise, as a sentence. ``upto``: only acknowledgements whose mark is not beyond it (a cut before the end)."""
    books = defaultdict(list)
    for book in ledgers:
        books[book.attempt].append(book)
    found = []
    with engine.connect() as connection:
        for attempt, mine in books.items():
            found += _attempt(connection, attempt, mine, secret, upto)
    return found


def _attempt(connection: Connection, attempt: str, books: list[Ledger], secret: str, upto: int | None) -> list[str]:
    row = connection.execute(select(ATTEMPTS).where(ATTEMPTS.c.id == attempt)).first()
    if row is None:
        return [f"{attempt}: the attempt is gone"] if any(book.acknowledged for book in books) else []
    query = select(STEPS.c.slot, STEPS.c.seq, STEPS.c.answer, STEPS.c.received, STEPS.c.position)
    steps = connection.execute(query.where(STEPS.c.attempt_id == attempt).order_by(STEPS.c.position)).all()
    kept = {(step.slot, step.seq): step.answer for step in steps}
    found = []
    for book in books:
        for answer, text in book.acknowledged.items():
            if upto is not None and book.at[answer] > upto:
                continue
            if answer not in kept:
                found.append(f"{attempt} slot {answer[0]} seq {answer[1]}: acknowledged and not there")
            elif kept[answer] != text:
                found.append(f"{attempt} slot {answer[0]} seq {answer[1]}: acknowledged {text}, and {kept[answer]} is kept")
    sent: dict[Answer, set[str]] = defaultdict(set)
    for book in books:
        for answer, text in book.sent.items():
            sent[answer].add(text)
    found += [f"{attempt} {answer}: kept and never sent" for answer, text in kept.items() if text not in sent[answer]]
    chain = START_OF_CHAIN
    newest: dict[int, Step] = {}
    for position, step in enumerate(steps, 1):
        one = Step(step.slot, step.seq, step.answer)
        chain = link(chain, [one], step.received)
        if step.position != position or (step.slot in newest and newest[step.slot].seq >= step.seq):
            found.append(f"{attempt} position {step.position}: the steps are out of order")
        newest[step.slot] = one
    if chain != row.chain or len(steps) != row.step_count:
        found.append(f"{attempt}: the chain does not hold ({len(steps)} steps, {row.step_count} counted)")
    return found + _ending(connection, row, newest, books, secret)


def _ending(connection: Connection, row: Any, newest: dict[int, Step], books: list[Ledger], secret: str) -> list[str]:
    """An attempt that is over has one result and a receipt for exactly the newest answers; one that is not has neither."""
    results = connection.execute(select(RESULTS.c.state).where(RESULTS.c.attempt_id == row.id)).all()
    over = row.state in ("submitted", "closed_by_deadline")
    if len(results) != (1 if over else 0):
        return [f"{row.id} is {row.state} and has {len(results)} results"]
    told = {book.receipt["jws"] for book in books if book.receipt}
    if not over:
        return [f"{row.id}: a receipt was given, and the attempt is {row.state}"] if told else []
    try:
        statement = receipts.verify(row.receipt, receipts.signing_key(secret))
    except JoseError as error:
        return [f"{row.id}: the receipt cannot be verified: {error}"]
    found = []
    if statement.digest != digest(newest.values()) or statement.state != row.state:
        found.append(f"{row.id}: the receipt is for other answers than those that are kept")
    if row.state == "submitted" and told - {row.receipt}:
        found.append(f"{row.id}: the receipt that was given is not the one that is kept")
    return found


def missing_evidence(engine: Engine, ledgers: Iterable[Ledger]) -> list[str]:
    """Well-formed answers that were refused for their time or their device, and are not kept as evidence."""
    found = []
    with engine.connect() as connection:
        for book in ledgers:
            query = select(LATE.c.slot, LATE.c.seq, LATE.c.answer, LATE.c.code).where(LATE.c.attempt_id == book.attempt)
            kept = {(row.slot, row.seq, row.answer) for row in connection.execute(query)}
            found += [
                f"{book.attempt} {answer}: refused as {code}, and not kept as evidence"
                for answer, code in book.refused.items()
                if code in KEPT_AS_EVIDENCE and (*answer, book.sent[answer]) not in kept
            ]
    return found
