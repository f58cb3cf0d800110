"""The same deed at the same moment, more than once: starting, handing in, saving while handing in, releasing, granting."""

import threading
import time
from collections import Counter
from typing import Any

from sqlalchemy import Engine, func, select

from certification.tables import Attempt, Decision, Licence, Result
from faults import proof
from faults.candidate import Candidate, together
from faults.kills import Say, silent
from faults.line import Line
from faults.proof import Report
from faults.site import Site
from foundation.tables import AuditRow

SIDE_BY_SIDE = 4


def run(site: Site, sitting: int, names: list[str], seed: str, say: Say = silent) -> Report:
    """One race of each kind for every name, a few people at a time; then two officers release and two deciders grant at once."""
    report = Report("races", len(names))
    books = []
    lock = threading.Lock()
    waiting = list(names)

    def race() -> None:
        while True:
            with lock:
                if not waiting:
                    return
                name = waiting.pop()
                if len(waiting) % 100 == 0:
                    say(f"races: {len(names) - len(waiting)} of {len(names)}")
            runner = Runner(site, sitting, name, seed)
            runner.race()
            with lock:
                books.append(runner.one.ledger)
                report.losses += runner.wrong

    together([race] * SIDE_BY_SIDE)
    report.add(books)
    engine = site.engine()
    report.losses += proof.losses(engine, books, site.settings.secret_key)
    report.losses += proof.missing_evidence(engine, books)
    _release(site, sitting)
    _grant(site, engine)
    report.losses += _counted(engine, sitting, len(names))
    report.notes["decisions"] = report.notes["licences"] = len(names)
    return report


class Runner:
    """One candidate who does everything several times at once."""

    def __init__(self, site: Site, sitting: int, name: str, seed: str) -> None:
        self.sitting = sitting
        self.one = Candidate(site.port, name, seed)
        self.wrong: list[str] = []

    def race(self) -> None:
        """Start three times at once, answer everything rightly, then hand in three times and save twice at once."""
        self.one.line.sign_in(self.one.username)
        lines = [self.one.line.twin() for _ in range(5)]
        self._start(lines[:3])
        one = self.one
        one.start(self.sitting)
        one.put(one.answers(sorted(one.items), right=True))
        late = [one.answers(one.dice.sample(sorted(one.items), 10), right=True) for _ in range(4)]
        receipts: list[Any] = []
        deeds = [self._hand_in(line, f"key-{number}", receipts) for number, line in enumerate(lines[:3])]
        deeds += [self._save(line, late[number::2]) for number, line in enumerate(lines[3:])]
        together(deeds)
        if len(receipts) != 3 or any(receipt is None or receipt != receipts[0] for receipt in receipts):
            self.wrong.append(f"{one.username}: three hand-ins gave {len({str(receipt) for receipt in receipts})} different answers")
        for line in lines:
            line.close()

    def _start(self, lines: list[Line]) -> None:
        found: list[tuple[int, Any]] = []

        def start(line: Line) -> None:
            said = line.ask("POST", f"/api/v1/sittings/{self.sitting}/attempts", {})
            found.append((said.status, (said.json() or {}).get("attempt_id")))

        together([lambda line=line: start(line) for line in lines])  # type: ignore[misc]
        if Counter(status for status, _ in found) != {201: 1, 200: 2} or len({attempt for _, attempt in found}) != 1:
            self.wrong.append(f"{self.one.username}: three starts gave {found}")

    def _hand_in(self, line: Line, key: str, receipts: list[Any]) -> Any:
        pause = self.one.dice.uniform(0, 0.03)  # somewhere among the saves

        def hand_in() -> None:
            time.sleep(pause)
            receipts.append(self.one.submit(line, key))

        return hand_in

    def _save(self, line: Line, bodies: list[list[dict[str, Any]]]) -> Any:
        def save() -> None:
            for body in bodies:
                # Two lines of one device may overtake each other: what an older seq is refused as is no loss.
                self.one.put(body, line)

        return save


def _release(site: Site, sitting: int) -> None:
    officers = [Line(site.port) for _ in range(2)]
    for number, officer in enumerate(officers, 1):
        officer.sign_in(f"officer-{number}")
        officer.page(f"/sittings/{sitting}")
    together([lambda officer=officer: officer.ask("POST", f"/sittings/{sitting}/release", form=[]) for officer in officers])  # type: ignore[misc]


def _grant(site: Site, engine: Engine) -> None:
    with engine.connect() as connection:
        ids = list(connection.execute(select(Decision.__table__.c.id)).scalars())
    deciders = [Line(site.port, timeout=120) for _ in range(2)]
    for number, decider in enumerate(deciders, 1):
        decider.sign_in(f"decider-{number}")
        decider.page("/decisions")

    def grant(decider: Line) -> None:
        for first in range(0, len(ids), 50):
            said = decider.ask("POST", "/decisions/grant", form=[("ids", str(one)) for one in ids[first : first + 50]])
            if said.status != 302:
                raise RuntimeError(f"granting answered {said.status}")

    together([lambda decider=decider: grant(decider) for decider in deciders])  # type: ignore[misc]


def _counted(engine: Engine, sitting: int, people: int) -> list[str]:
    """One of everything for everybody, all granted."""
    attempts, results, decisions, licences = Attempt.__table__, Result.__table__, Decision.__table__, Licence.__table__
    audit = AuditRow.__table__
    here = select(attempts.c.id).where(attempts.c.sitting_id == sitting)
    wanted = {
        "attempts": select(func.count()).select_from(attempts).where(attempts.c.sitting_id == sitting),
        "hand-ins in the audit": select(func.count()).select_from(audit).where(audit.c.event == "attempt.submitted"),
        "starts in the audit": select(func.count()).select_from(audit).where(audit.c.event == "attempt.started"),
        "results": select(func.count()).select_from(results).where(results.c.attempt_id.in_(here), results.c.state == "released"),
        "decisions": select(func.count()).select_from(decisions),
        "decisions that were granted": select(func.count()).select_from(decisions).where(decisions.c.state == "granted"),
        "licences": select(func.count()).select_from(licences),
        "people with a licence": select(func.count(licences.c.person_id.distinct())),
    }
    with engine.connect() as connection:
        found = {what: connection.execute(query).scalar_one() for what, query in wanted.items()}
    return [f"{people} people, and {count} {what}" for what, count in found.items() if count != people]
