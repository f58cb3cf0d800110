"""Does a save, or an evaluation, cost more when five million steps are stored?"""

import statistics
import time

import psycopg
from sqlalchemy import text

from bench import stage
from bench.client import over_network
from bench.place import Place
from bench.stage import Candidate, evaluations, fifty
from faults.site import Site
from foundation.database import db

SMALL, LARGE = 10_000, 5_000_000
PEOPLE, TURNS = 121, 12
EVALUATIONS = 1200
QUICK = ("PRAGMA synchronous=OFF", "PRAGMA foreign_keys=OFF", "PRAGMA cache_size=-200000")
FAR = 1_000_000
"""Where the ids of copies begin."""
TITLE = "As it grows"
NOTE = """Two sites, one with 10 thousand stored steps and one with 5 million (whole attempts of 50 answers with their results), served at
the same time by one process each. They take turns, so that a busy moment of the machine meets both; CPU of the web process and of the
database's processes, medians over the turns, and the ratio with its quartiles."""
HEAD = """| database | what | n | 10 thousand, ms CPU | 5 million, ms CPU | ratio | promise |
|---|---|---|---|---|---|---|"""


def run(place: Place) -> list[str]:
    """Two rows."""
    document = fifty(PEOPLE + 1, licences=True)  # the last one's attempt is what is copied
    with place.site(document, workers=1) as small, place.site(document, workers=1) as large:
        for site, steps in ((small, SMALL), (large, int(LARGE * place.scale))):
            began = time.monotonic()
            kept = fill(place, site, steps)
            place.say(f"{place.name}: {kept:,} steps in {time.monotonic() - began:.0f} s")
        sites = (Measured(place, small), Measured(place, large))
        saves, asks = [], []
        for turn in range(TURNS):
            order = sites if turn % 2 else sites[::-1]
            saves.append({one: one.save(turn) for one in order})
            asks.append({one: one.evaluate() for one in order})
        return [
            _row(place, "one save of 10 answers", saves, sites, PEOPLE * stage.SAVES),
            _row(place, "one dispatch evaluation", asks, sites, EVALUATIONS),
        ]


def _row(place: Place, what: str, turns: list[dict["Measured", float]], sites: tuple["Measured", "Measured"], count: int) -> str:
    small, large = (statistics.median(turn[site] for turn in turns) for site in sites)
    low, ratio, high = statistics.quantiles([turn[sites[1]] / turn[sites[0]] for turn in turns], n=4)
    return f"| {place.name} | {what} | {count} each | {small:.2f} | {large:.2f} | **{ratio:.2f}** ({low:.2f} to {high:.2f}) | ≤ 1.3 |"


class Measured:
    """A served site with people in its room."""

    def __init__(self, place: Place, site: Site) -> None:
        self.place, self.site = place, site
        site.start()
        self.wire = over_network(site.port)
        self.people = [Candidate(self.wire, number, site.ids[stage.FIFTY]) for number in range(PEOPLE)]
        self._cost(list(self.people[0].requests()) + list(evaluations(PEOPLE, 50, stage.FIFTY)))  # warm

    def save(self, turn: int) -> float:
        """Milliseconds of CPU of a save."""
        return self._cost([one for person in self.people[1 + turn :: TURNS] for one in person.requests()])

    def evaluate(self) -> float:
        """Milliseconds of CPU of an evaluation."""
        return self._cost(list(evaluations(PEOPLE, EVALUATIONS // TURNS, stage.FIFTY)))

    def _cost(self, requests: list[stage.Request]) -> float:
        before = self.place.whole(self.site)
        for method, path, body, headers in requests:
            status, _, data = self.wire(method, path, body, headers)
            if status != 200:
                raise RuntimeError(f"{method} {path} answered {status}: {data[:300]!r}")
        return 1000 * (self.place.whole(self.site) - before) / len(requests)


def fill(place: Place, site: Site, steps: int) -> int:
    """Copies of one real attempt that was handed in, until ``steps`` are stored; answers how many there are."""
    site.start()
    one = Candidate(over_network(site.port), PEOPLE, site.ids[stage.FIFTY])
    for method, path, body, headers in one.requests():
        one.browser.wire(method, path, body, headers)
    one.finish()
    site.stop()
    attempts = steps // 50
    statements = _statements(one.attempt, attempts, place.server is not None)
    if place.server is None:
        with site.engine().connect() as connection:
            for statement in (*QUICK, "BEGIN", *statements, "COMMIT"):
                connection.exec_driver_sql(statement)
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")  # no ANALYZE: nothing here ever runs it on SQLite
    else:
        with psycopg.connect(site.settings.database_url.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute("SET session_replication_role = replica")  # what refers to what is known to be right
            for statement in statements:
                connection.execute(statement.encode())
            connection.execute("VACUUM ANALYZE")
    with site.engine().connect() as connection:
        return int(connection.execute(text("SELECT count(*) FROM steps")).scalar_one())


def _statements(attempt: str, attempts: int, postgres: bool) -> list[str]:
    """Sittings of a thousand people, an attempt for each, 50 steps and a result for each attempt."""
    name = "'copy-' || lpad(n::text, 9, '0')" if postgres else "printf('copy-%09d', n)"
    known = f"attempt_id = '{attempt}'"
    wanted: list[tuple[str, int, str, dict[str, str]]] = [
        ("people", 1000, "id = (SELECT min(id) FROM people)", {"id": f"{FAR} + n", "staff_no": "'COPY-' || n"}),
        ("sittings", -(-attempts // 1000), "id = (SELECT min(id) FROM sittings)", {"id": f"{FAR} + n", "code": "'COPY-' || n"}),
        ("attempts", attempts, f"id = '{attempt}'", {
            "id": name, "sitting_id": f"{FAR} + 1 + (n - 1) / 1000", "person_id": f"{FAR} + 1 + (n - 1) % 1000",
        }),
        ("results", attempts, known, {"attempt_id": name}),
        ("steps", attempts, known, {"attempt_id": name}),
    ]
    return [_copies(table, count, which, changed, postgres) for table, count, which, changed in wanted]


def _copies(table: str, count: int, which: str, changed: dict[str, str], postgres: bool) -> str:
    """INSERT ``count`` copies, numbered n, of the rows that ``which`` names, with some columns changed; in the order of the copies."""
    columns = db.metadata.tables[table].columns.keys()
    taken = ", ".join(changed.get(column, f'one."{column}"') for column in columns)
    numbers = f"SELECT n FROM generate_series(1, {count}) AS n"
    if not postgres:
        numbers = f"WITH RECURSIVE up(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up WHERE n < {count}) SELECT n FROM up"
    into = ", ".join(f'"{column}"' for column in columns)
    return f"INSERT INTO {table} ({into}) SELECT {taken} FROM ({numbers}) AS many CROSS JOIN (SELECT * FROM {table} WHERE {which}) AS one"
