"""Everybody saves and hands in through a proxy that cannot be trusted, and ends with exactly what was meant."""

from collections.abc import Callable
from typing import Any

from faults import proof
from faults.candidate import Candidate, room, together
from faults.proof import Report
from faults.proxy import Proxy
from faults.site import Site

PATIENCE = 0.6  # seconds until a device asks again


def run(site: Site, sitting: int, names: list[str], saves: int, seed: str) -> Report:
    """Each of ``names`` makes ``saves`` saves and hands in; what the site keeps is what the device typed last, slot by slot."""
    people = room(site.port, names, sitting, seed)
    proxy = Proxy(site.port, seed, PATIENCE)
    for one in people:
        one.line.close()
        one.line.port, one.line.timeout = proxy.port, PATIENCE
    try:
        together([_sitting(one, saves) for one in people])
    finally:
        proxy.close()
    report = Report("dropped responses", len(names) * saves)
    books = [one.ledger for one in people]
    report.add(books)
    report.losses += [f"the proxy failed: {error!r}" for error in proxy.errors]
    report.losses += proof.losses(site.engine(), books, site.settings.secret_key)
    for one in people:
        report.losses += _as_meant(site, one)
    report.notes["mischief"] = sum(proxy.done.values()) - proxy.done["nothing"]
    return report


def _sitting(one: Candidate, saves: int) -> Callable[[], Any]:
    def sit() -> None:
        for _ in range(saves):
            one.save(6)
        one.submit()

    return sit


def _as_meant(site: Site, one: Candidate) -> list[str]:
    """What the site shows after the hand-in, asked for directly, against what was typed last."""
    one.line.close()
    one.line.port, one.line.timeout = site.port, 20.0
    body = one.line.ask("GET", f"/api/v1/attempts/{one.ledger.attempt}").json()
    meant = {str(slot): seq for slot, seq in sorted(one.ledger.sent)}
    shown = {slot: kept["seq"] for slot, kept in body["responses"].items()}
    found = [] if body["state"] == "submitted" else [f"{one.username}: handed in, and the attempt is {body['state']}"]
    found += [f"{one.username}: {answer} was refused as {code}" for answer, code in one.ledger.refused.items()]
    return found + ([] if shown == meant else [f"{one.username}: meant {meant}, and the site shows {shown}"])
