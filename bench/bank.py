"""The list of a question bank of a hundred thousand: its pages, its facets, its search, beside the bare endpoint."""

import random
import statistics
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import psycopg
from sqlalchemy import Connection, func, insert, select

from bench import bare, stage
from bench.client import Browser, over_network
from bench.place import Place
from bench.ratios import bare_reads, measure
from bench.serving import Server, serve
from faults.site import Site
from people.tables import Account
from question_bank.item import Level, State
from question_bank.kind import Kind
from question_bank.store import cards
from question_bank.tables import Item, ItemCard, ItemClause, ItemVersion
from standards.search import words
from standards.tables import Clause

ITEMS, TURNS, READS = 100_000, 7, 50
EDITIONS, CLAUSES, TRAINERS = 8, 60, 12
PIECES = (
    "工程师", "客户", "上门之前", "预约的时间", "应当怎样做", "先说明原因", "出示工作证", "穿戴整齐", "填写回单", "请客户签字",
    "不得收取礼品", "清理现场", "核对地址", "测试速率", "更换光猫", "登记设备编号", "转告班长", "另约时间", "致歉", "留下联系电话",
    "说明收费标准", "保护客户资料", "机房", "楼道里", "抢修途中", "网络中断", "宽带提速", "VPN", "SLA", "2M专线", "夜间施工", "佩戴工牌",
    "普通话", "轻声关门", "回访", "投诉升级",
)
PAGES = (
    ("the first page", {}), ("the last page", {"page": "9999999"}), ("in use", {"state": "live"}),
    ("three facets, sorted by difficulty", {"state": "live", "kind": "single", "level": "apply", "sort": "-difficulty"}),
    ("one edition", {"standard": "BENCH2@1"}), ("by code, far down", {"sort": "code", "page": "2000"}),
    ("search, one in a hundred thousand", {"q": "BENCH-77777"}), ("search, a few characters", {"q": "请客户签字"}),
    ("search, one character", {"q": "户"}), ("search, what nobody wrote", {"q": "量子通信"}),
    ("search, a phrase in one edition in use", {"q": "上门之前", "standard": "BENCH2@1", "state": "live"}),
)
TITLE = "A question bank of 100,000"
NOTE = """The list page of a bank of 100,000 questions (Chinese stems and options, eight editions, twelve authors), with every facet
counted, beside the bare endpoint that reads one row: CPU of the web process and of the database's processes, of the bare one of its
web process alone. The pages take turns with the bare endpoint in one run; medians over the turns. *Found* is what the list then holds.
The promise is for the CPU, and on a quiet machine for the wait; what PostgreSQL's parallel workers spend is in the wait alone, because
they are gone before they can be asked."""
HEAD = """| database | page | found | bare endpoint, ms CPU | here, ms CPU | ratio | wait, median / max, ms | promise, ms |
|---|---|---|---|---|---|---|---|"""


def run(place: Place) -> list[str]:
    """A row for each page."""
    items = place.people(ITEMS, 1000)
    with place.site(document(), workers=1) as site:
        began = time.monotonic()
        with site.engine().begin() as connection:
            fill(connection, items, list(connection.scalars(select(Account.id).where(Account.username.startswith("bench-trainer")))))
        _settle(place, site)
        place.say(f"{place.name}: {items:,} questions in {time.monotonic() - began:.0f} s")
        simple = place.database() or str(site.folder / "bare.sqlite3")
        bare.prepare(simple)
        with serve("bench.bare:create_app()", site.folder, BARE_DATABASE=simple) as plain:
            site.start()
            return list(_measured(place, site, plain))


def document() -> dict[str, Any]:
    """Editions with clauses, and the trainers who wrote."""
    clauses = [
        {"number": f"{1 + number // 10}.{1 + number % 10}", "text": {"zh": f"第{number}项要求"}, "key_clause": not number % 9}
        for number in range(CLAUSES)
    ]
    people = [
        {"staff_no": f"BENCH-T{number}", "username": f"bench-trainer{number}", "password": stage.PASSWORD, "name": f"出题人{number}",
         "roles": ["trainer"]}
        for number in range(TRAINERS)
    ]
    editions = [{"edition": "1", "effective": "2020-01-01", "clauses": clauses}]
    standards = [{"code": f"BENCH{number}", "title": {"zh": f"测量用的规范{number}"}, "editions": editions} for number in range(EDITIONS)]
    return {"people": people, "standards": standards}


def fill(connection: Connection, count: int, authors: Sequence[int] = (), seed: int = 1) -> None:
    """``count`` questions beside those that are there, written past the verbs, with their cards; ``authors``: accounts, none for nobody."""
    dice = random.Random(seed)
    clauses = list(connection.scalars(select(Clause.id).order_by(Clause.id)))
    item, version = (connection.scalar(select(func.coalesce(func.max(table.id), 0))) for table in (Item, ItemVersion))
    now = datetime.now(UTC).replace(microsecond=0)
    for first in range(1, count + 1, 2000):
        numbers = range(first, min(first + 2000, count + 1))
        rows = [_question(dice, number, item + number, version + number, now, authors) for number in numbers]
        connection.execute(insert(Item), [row[0] for row in rows])
        connection.execute(insert(ItemVersion), [row[1] for row in rows])
        on = [
            {"version_id": version + number, "clause_id": clause, "position": position}
            for number in numbers for position, clause in enumerate(dice.sample(clauses, dice.choice([1, 1, 1, 2])))
        ]
        connection.execute(insert(ItemClause), on)
    if connection.dialect.name == "postgresql":  # it would plan for empty tables; at other times its own daemon sees to that
        connection.exec_driver_sql("ANALYZE items, item_versions, item_clauses")
    made = cards.statement().where(Item.id > item)
    connection.execute(insert(ItemCard.__table__).from_select(cards.COLUMNS, made))


def _question(
    dice: random.Random, number: int, item: int, version: int, now: datetime, authors: Sequence[int],
) -> tuple[dict[str, Any], dict[str, Any]]:
    state = dice.choices(list(State), [8, 4, 3, 80, 5])[0]
    author, code = dice.choice(authors) if authors else None, f"BENCH-{number}"
    stem = "".join(dice.sample(PIECES, 4)) + f"（第 {number} 题）"
    options = [{"code": letter, "text": "，".join(dice.sample(PIECES, 3))} for letter in "ABCD"]
    used = version if state in (State.LIVE, State.RETIRED) else None
    changed = now - timedelta(seconds=dice.randrange(30_000_000))
    said = {
        "id": version, "item_id": item, "number": 1, "kind": dice.choices(list(Kind), [40, 15, 15, 5, 5, 8, 6, 6])[0].value, "stem": stem,
        "options": options, "right": [], "key": ["A"], "rationale": "".join(dice.sample(PIECES, 6)), "difficulty": dice.randint(1, 5),
        "level": dice.choice(list(Level)).value, "digest": bytes(32), "author_id": author, "created": changed,
        "words": words([stem, *(option["text"] for option in options), code]),
    }
    row = {
        "id": item, "code": code, "state": state.value, "author_id": author, "version_id": used, "edited_here": True, "canary": False,
        "changed": changed,
    }
    return row, said


def _settle(place: Place, site: Site) -> None:
    """What a database does by itself some time after so many rows."""
    if place.server is not None:
        with psycopg.connect(site.settings.database_url.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")


def _measured(place: Place, site: Site, plain: Server) -> Iterator[str]:
    browser = Browser(over_network(site.port))
    browser.page("/login")
    browser.enter("bench-trainer0", stage.PASSWORD)
    wire = over_network(plain.port)
    for name, asked in PAGES:
        path = f"/question-bank?{urlencode(asked)}"
        found = browser.page(path).partition("共 ")[2].partition(" 条")[0]
        measure(plain, wire, bare_reads(READS))
        turns = [(measure(plain, wire, bare_reads(READS)).each, *_page(place, site, browser, path)) for _turn in range(TURNS)]
        simple, here = (statistics.median(turn[which] for turn in turns) for which in (0, 1))
        waits = [turn[2] for turn in turns]
        yield (
            f"| {place.name} | {name} | {int(found):,} | {simple:.2f} | {here:.0f} | **{here / simple:.0f}** "
            f"| **{statistics.median(waits):.0f}** / {max(waits):.0f} | ≤ 300 |"
        )


def _page(place: Place, site: Site, browser: Browser, path: str) -> tuple[float, float]:
    """Milliseconds of CPU of the page, and of waiting for it."""
    before, began = place.whole(site), time.perf_counter()
    browser.page(path)
    return 1000 * (place.whole(site) - before), 1000 * (time.perf_counter() - began)
