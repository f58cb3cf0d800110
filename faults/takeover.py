"""Two devices of one person that take the pen from each other while both of them save."""

import threading
from typing import Any

from faults import proof
from faults.candidate import Candidate, together
from faults.proof import Report
from faults.site import Site


def run(site: Site, sitting: int, names: list[str], turns: int, seed: str) -> Report:
    """Each person's two devices take over ``turns`` times each at random moments and save in between, all at once."""
    pairs = [[Candidate(site.port, name, f"{seed}:{device}") for device in "ab"] for name in names]
    for one, other in pairs:
        one.enter(sitting)
        other.enter(sitting)
        one.start(sitting)  # the first holds the pen, the second knows the attempt
    deeds: list[Any] = []
    for pair in pairs:
        lock = threading.Lock()
        deeds += [_device(device, sitting, turns, lock) for device in pair]
    together(deeds)
    together([pair[0].submit for pair in pairs])
    books = [device.ledger for pair in pairs for device in pair]
    report = Report("takeover", turns * len(names))
    report.add(books)
    engine = site.engine()
    report.losses += proof.losses(engine, books, site.settings.secret_key)
    report.losses += proof.missing_evidence(engine, books)
    # A device that knows what was saved before it took over is told read_only, and never that its answer is old.
    report.losses += [
        f"{book.attempt} {answer}: refused as {code}"
        for book in books for answer, code in book.refused.items() if code != "read_only"
    ]
    if not report.refused["read_only"]:
        report.losses.append("no device was read-only at any time: nothing was tried")
    return report


def _device(one: Candidate, sitting: int, turns: int, lock: threading.Lock) -> Any:
    """Save until told that another device writes; now and then take over."""

    def use() -> None:
        for _ in range(turns):
            with lock:  # one at a time reaches for the pen; the saves of both go on beside it
                one.start(sitting)
            for _ in range(one.dice.randint(1, 6)):
                one.save(5)

    return use
