"""What one candidate's whole exam costs, and what stays of it on the disk."""

import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg

from bench import bare, stage
from bench.client import Browser, over_network
from bench.place import Place
from bench.ratios import bare_saves, measure
from bench.serving import serve
from bench.stage import PASSWORD, fifty
from faults.site import Site
from people.actions.sign_in import hash_password, verify_password

PEOPLE = 100
TITLE = "One candidate's whole exam"
NOTE = """Sign-in page, sign in, the sitting's page, start, 50 single-choice items in 5 saves of 10, hand in, the page with the receipt:
CPU of the web process and of the database's processes together, one candidate after the other, median and quartiles. What the password's
hash costs (argon2id, 19 MiB, t=2, p=1) is measured beside it and taken off for the second figure; *at 0.43 ms*: both, on a machine where
the bare save costs that. What was bought for it, step by step, stands below; *not counted* are pages that a browser also fetches. Stored
is what the database has grown by, with indexes, audit and everything else, over the number of exams, after a checkpoint (SQLite) or a
plain VACUUM (PostgreSQL)."""
HEAD = """| database | n | whole, CPU s | without the hash | the database's share | at 0.43 ms | promise | bytes | promise |
|---|---|---|---|---|---|---|---|---|"""
BARE = 0.43
BESIDE = ("my exams", "the exam room")


def run(place: Place) -> list[str]:
    """One row of the table, and one with the steps."""
    people = place.people(PEOPLE, 20)
    warm = people // 10  # also: the first pages of every table are there
    costs: list[dict[str, tuple[float, float]]] = []
    with place.site(fifty(people), workers=1) as site:
        site.start()
        wire = over_network(site.port)
        before = 0
        for number in range(people):
            if number == warm:
                before = _size(place, site)
            costs.append(_costs(place, site, Browser(wire), f"b{number:05}"))
        stored = (_size(place, site) - before) / (people - warm)
        scale = BARE / _bare(site.folder)
    counted = [[cost for name, cost in one.items() if name not in BESIDE] for one in costs[warm:]]
    low, whole, high = statistics.quantiles([sum(web + database for web, database in one) for one in counted], n=4)
    share = f"{statistics.median(sum(database for _, database in one) for one in counted):.4f}" if place.server else "inside"
    hashing = _hash()
    steps = {name: 1000 * statistics.median(sum(one[name]) for one in costs[warm:]) for name in costs[0]}
    told = ", ".join(f"{name} {cost:.1f}" for name, cost in steps.items() if name not in BESIDE)
    beside = ", ".join(f"{name} {steps[name]:.1f}" for name in BESIDE)
    return [
        f"| {place.name} | {people - warm} | **{whole:.4f}** ({low:.4f} to {high:.4f}) | **{whole - hashing:.4f}** | {share} "
        f"| {whole * scale:.4f} and {(whole - hashing) * scale:.4f} | ≤ 0.05 and ≤ 0.02 | **{stored:,.0f}** | ≤ 10,240 |",
        f"| {place.name} | in ms | {told}; the hash itself {1000 * hashing:.1f}; not counted: {beside} | | | | | | |",
    ]


def _costs(place: Place, site: Site, browser: Browser, username: str) -> dict[str, tuple[float, float]]:
    """Seconds of CPU, of the web process and of the database's, for each step of one candidate's way."""
    sitting = site.ids[stage.FIFTY]
    path = f"/api/v1/sittings/{sitting}/attempts"
    found: dict[str, tuple[float, float]] = {}

    def step(name: str, deed: Callable[[], object]) -> object:
        web, database = place.spent(site)
        answer = deed()
        web_after, database_after = place.spent(site)
        found[name] = (web_after - web, database_after - database)
        return answer

    step("sign-in page", lambda: browser.page("/login"))
    step("sign in", lambda: browser.enter(username, PASSWORD))
    step("my exams", lambda: browser.page("/exams"))
    step("sitting", lambda: browser.page(f"/exams/sittings/{sitting}"))
    started: Any = step("start", lambda: browser.json("POST", path, {}))
    attempt = started["attempt_id"]
    step("the exam room", lambda: browser.page(f"/attempts/{attempt}"))
    bodies = stage.bodies([item for section in started["form"]["sections"] for item in section["items"]])
    step("5 saves", lambda: [_save(browser, attempt, body) for body in bodies])
    step("hand in", lambda: browser.json("POST", f"/api/v1/attempts/{attempt}/submit", {}, Idempotency_Key="bench"))
    step("receipt", lambda: browser.page(f"/attempts/{attempt}"))
    return found


def _save(browser: Browser, attempt: str, body: bytes) -> None:
    status, _, data = browser.ask("PUT", f"/api/v1/attempts/{attempt}/responses", body, Content_Type="application/json")
    if status != 200 or data.count(b'"sha256"') != stage.TEN:
        raise RuntimeError(f"a save answered {status}: {data[:300]!r}")


def _hash() -> float:
    """Seconds of CPU of one check of a password: the median of some."""
    hashed, spent = hash_password(PASSWORD), []
    for _ in range(15):
        began = time.process_time()
        verify_password(hashed, PASSWORD)
        spent.append(time.process_time() - began)
    return statistics.median(spent)


def _bare(folder: Path) -> float:
    """Milliseconds of CPU of the bare save, on SQLite as the promise says."""
    database = str(folder / "bare.sqlite3")
    bare.prepare(database)
    with serve("bench.bare:create_app()", folder, BARE_DATABASE=database) as plain:
        wire = over_network(plain.port)
        measure(plain, wire, bare_saves(50))
        return statistics.median(measure(plain, wire, bare_saves(50)).each for _ in range(10))


def _size(place: Place, site: Site) -> int:
    """Bytes that the database takes."""
    if place.server is None:
        with site.engine().connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            found = [connection.exec_driver_sql(f"PRAGMA {what}").scalar_one() for what in ("page_count", "freelist_count", "page_size")]
            return int((found[0] - found[1]) * found[2])
    with psycopg.connect(site.settings.database_url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("VACUUM")
        tables = "FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        row = connection.execute(f"SELECT sum(pg_total_relation_size(oid)) {tables}".encode()).fetchone()
        return int(row[0]) if row else 0
