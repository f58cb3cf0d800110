"""The dispatcher's door under a steady rate, ten thousand questions in one request, and a search among a hundred thousand."""

import asyncio
import json
import statistics
import time

import psycopg

from bench import firing, stage
from bench.client import over_network
from bench.firing import Line, Shot, Volley
from bench.place import Place
from bench.stage import fifty
from faults.site import Site

OTHERS, RATE, SECONDS, LINES, BATCHES = 10_000, 200, 10, 16, 5
STAFF, SEARCHES, CITY = 100_000, 7, "杭州"
TITLE = "Dispatch"
NOTE = """10,000 people with a licence. *Rate*: 200 evaluations a second for 10 s over 16 kept-alive connections, a wait counted from the
moment at which a request was due. *Batch*: one request about all 10,000, median of 5. *Search*: who of 100,000 may go to a gold customer,
everybody or those of one city (all of them there), a page of 1,000, median of 7. The server as `make run` starts it (2 processes)."""
HEAD = """| database | what | n | answer p50 / p99 / max, ms | promise | errors | server CPU, cores |
|---|---|---|---|---|---|---|"""


def run(place: Place) -> list[str]:
    """Two rows of questions, and two of searches."""
    return [*_questions(place), *_searches(place)]


def _questions(place: Place) -> list[str]:
    others = place.people(OTHERS, 200)
    with place.site(fifty(0, licences=True, others=others)) as site:
        site.start()
        before = place.whole(site)
        volley = asyncio.run(_steady(site, others))
        cores = (place.whole(site) - before) / volley.seconds
        rate = f"{RATE} evaluations/s for {SECONDS} s"
        batch = _batch(site, others)
    return [
        f"| {place.name} | {rate} | {len(volley.waits)} | **{volley.shown()}** | p99 ≤ 20 | {volley.errors} | {cores:.2f} |",
        f"| {place.name} | a batch of {others:,} | {BATCHES} | **{statistics.median(batch):.0f}** (max {max(batch):.0f}) | ≤ 1,000 | 0 | |",
    ]


async def _steady(site: Site, people: int) -> Volley:
    lines = [Line(site.port) for _ in range(LINES)]
    asked = [firing.request(*one) for one in stage.evaluations(people, RATE * SECONDS, stage.FIFTY)]
    await firing.fire([Shot(number / RATE, lines[number % LINES], one) for number, one in enumerate(asked[:RATE])])  # warm
    volley = await firing.fire([Shot(number / RATE, lines[number % LINES], one) for number, one in enumerate(asked)])
    for line in lines:
        line.close()
    return volley


def _batch(site: Site, people: int) -> list[float]:
    """Milliseconds of each."""
    questions = [json.loads(body) for _, _, body, _ in stage.evaluations(people, people, stage.FIFTY)]
    body = json.dumps({"evaluations": questions}).encode()
    _, _, _, headers = next(stage.evaluations(people, 1))
    wire, waits = over_network(site.port), []
    for _ in range(BATCHES):
        began = time.perf_counter()
        status, _, data = wire("POST", "/api/v1/access/evaluations", body, headers)
        waits.append(1000 * (time.perf_counter() - began))
        if status != 200 or data.count(b'"decision":true') != people:
            raise RuntimeError(f"a batch answered {status}: {data[:500]!r}")
    return waits


def _searches(place: Place) -> list[str]:
    staff, rows = place.people(STAFF, 2000), []
    with place.site(fifty(0, licences=True, others=staff)) as site:
        if place.server is not None:  # what PostgreSQL does by itself within a minute
            with psycopg.connect(site.settings.database_url.replace("+psycopg", ""), autocommit=True) as connection:
                connection.execute("VACUUM ANALYZE")
        site.start()
        for what, properties in (("everybody", {}), (f"one city of {staff:,}", {"city": CITY})):
            before = place.whole(site)
            waits = _search(site, properties, min(1000, staff))
            cores = (place.whole(site) - before) / (sum(waits) / 1000)
            said = f"a search among {staff:,}, {what}"
            shown = f"**{statistics.median(waits):.0f}** (max {max(waits):.0f})"
            rows.append(f"| {place.name} | {said} | {SEARCHES} | {shown} | ≤ 1,000 | 0 | {cores:.2f} |")
    return rows


def _search(site: Site, properties: dict[str, str], wanted: int) -> list[float]:
    """Milliseconds of each."""
    _, _, body, headers = next(stage.evaluations(1, 1, stage.FIFTY))
    asked = json.loads(body)
    asked["subject"] = {"type": "staff", "properties": properties}
    wire, waits = over_network(site.port), []
    for _ in range(SEARCHES):
        began = time.perf_counter()
        status, _, data = wire("POST", "/api/v1/access/search/subject", json.dumps(asked).encode(), headers)
        waits.append(1000 * (time.perf_counter() - began))
        if status != 200 or json.loads(data)["page"]["count"] != wanted:
            raise RuntimeError(f"a search answered {status}: {data[:300]!r}")
    return waits
