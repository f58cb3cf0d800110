"""kill -9 at random moments: the whole server, while everybody saves all the time."""

import random
import threading
import time
from collections.abc import Callable
from typing import Any

from faults import proof
from faults.candidate import Candidate, room, together
from faults.proof import Report
from faults.site import Site

Say = Callable[[str], Any]
FOREVER = 3600.0
AT_ONCE = 0.1
"""The share of kills that come without waiting for anything."""
EACH = 10
"""Answers that are acknowledged to each person between two kills, at most and on average half of it."""
LONGEST = 30.0


def silent(_sentence: str) -> None:
    """Nobody listens."""


def run(
    site: Site, sitting: int, names: list[str], cycles: int, seed: str, say: Say = silent, kill: Callable[[], None] | None = None
) -> Report:
    """``cycles`` times: everybody saves, everything is killed (``kill``, or the server), and started again. At the end all hand in.

    When to kill is drawn in acknowledgements since the start, so that a busy machine tries the same; now and then
    it is at once, while the one before is still being recovered from. An interrupt ends it early, and is still judged.
    """
    dice = random.Random(seed)
    site.start()
    people = room(site.port, names, sitting, seed)
    for one in people:
        one.patience = FOREVER  # it is the server's being killed all the time that they wait for
    stop = threading.Event()
    failed: list[BaseException] = []
    crowd = threading.Thread(target=guarded(lambda: together([saving(one, stop) for one in people]), failed), daemon=True)
    crowd.start()
    cycle = 0
    try:
        for cycle in range(1, cycles + 1):
            _let_save(people, dice)
            (kill or site.kill)()
            if site.server is None:
                site.start()
            if cycle % 10 == 0 or cycle == cycles:
                say(f"cycle {cycle}: {sum(one.ledger.acknowledgements for one in people)} acknowledgements")
    except KeyboardInterrupt:
        say(f"stopped in cycle {cycle}")
        if site.server is None:
            site.start()
    except BaseException:
        for one in people:
            one.patience = 0  # nobody waits for a server that does not come back
        raise
    finally:
        stop.set()
        crowd.join()
    if failed:
        raise failed[0]
    together([one.submit for one in people])
    report = Report("kill -9", cycle)
    report.add(one.ledger for one in people)
    report.losses += proof.losses(site.engine(), [one.ledger for one in people], site.settings.secret_key)
    report.losses += [f"{one.username} has no receipt" for one in people if one.ledger.receipt is None]
    return report


def _let_save(people: list[Candidate], dice: random.Random) -> None:
    """Wait for as many new acknowledgements as the dice say, and a moment that has nothing to do with them."""
    wanted = 0 if dice.random() < AT_ONCE else dice.randint(1, EACH * len(people))
    wanted += sum(one.ledger.acknowledgements for one in people)
    until = time.monotonic() + LONGEST
    while sum(one.ledger.acknowledgements for one in people) < wanted and time.monotonic() < until:
        time.sleep(0.005)
    time.sleep(dice.uniform(0, 0.03))


def saving(one: Candidate, stop: threading.Event) -> Callable[[], None]:
    def save() -> None:
        while not stop.is_set():
            one.save()

    return save


def guarded(deed: Callable[[], Any], failed: list[BaseException]) -> Callable[[], None]:
    def run() -> None:
        try:
            deed()
        except BaseException as error:  # noqa: BLE001 - raised by the thread that waits for this one
            failed.append(error)

    return run
