"""The board's SQL against a board that is counted one by one, on generated licences and rosters."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from certification.outlook import WITHIN, Asked, Month, Outlook, Show, month_named, months_from
from certification.store import standings
from certification.store.standing_pairs import Narrowing
from certification.store.standings import SORTS, Board
from foundation.database import db
from foundation.listing import Listing
from foundation.work import SYSTEM, work
from people.tables import Partner
from tests.cast import SHANGHAI, Cast
from tests.certification import crowd
from tests.certification.crowd import Pair
from tests.certification.holders import stage
from tests.conftest import START

SOON = 60
DAYS = (-120, -1, 0, 45, 300)


@pytest.fixture
def people(app: Flask, cast: Cast) -> Iterator[Flask]:
    stage(app, cast)
    with app.app_context():
        with work(SYSTEM) as w:
            crowd.settle(w)
        yield app


def outlook(days: int = 0, month: Month | None = None) -> Outlook:
    at = START + timedelta(days=days)
    return Outlook.of(at, SOON, months_from(at, SHANGHAI), month)


def page(sort: str = "until", descending: bool = False, number: int = 1, size: int = 25) -> Listing:
    return Listing("", sort, descending, number, {}, "/", per_page=size)


def wanted(pair: Pair, show: str) -> bool:
    """What a narrowing by standing means, said another way."""
    groups = {
        "in_force": {"active", "expiring"}, "stopped": {"suspended", "revoked"},
        "out": {"expired", "none", "suspended", "revoked", "superseded"},
    }
    return pair.owed if show == "owed" else pair.standing in groups.get(show, {show})


def listed(board: Board, asked: Asked, **more: Any) -> Counter[tuple[str, str | None, str]]:
    """What the list shows, all pages at once."""
    listing = page(size=5000, **more)
    board.fill(db.session, listing, asked, board.cells(db.session)[0])
    assert listing.total == len(listing.rows)
    return Counter((row.staff_no, row.programme_code, row.standing) for row in listing.rows)


def counted(pairs: list[Pair]) -> Counter[tuple[str, str | None, str]]:
    return Counter((pair.staff_no, pair.programme, pair.standing) for pair in pairs)


@pytest.mark.parametrize("days", DAYS)
def test_the_figures_are_those_of_the_reference_on_any_day(people: Flask, days: int) -> None:
    here, pairs = outlook(days), crowd.board(db.session, START + timedelta(days=days), SOON)
    cells = Board(here, Narrowing()).cells(db.session)[0]
    assert len(pairs) > 150
    found = {state: number for state, number in here.by_standing(cells).items() if number}
    assert found == Counter(pair.standing for pair in pairs)
    assert here.count(cells, Asked(Show.OWED)) == sum(pair.owed for pair in pairs)
    assert days == DAYS[-1] or any(pair.owed for pair in pairs)
    for within in WITHIN:
        force = [pair.until for pair in pairs if pair.standing in ("active", "expiring") and pair.until]
        assert here.count(cells, Asked(within=within)) == sum(until <= here.at + timedelta(within) for until in force)
    for month, count, lapsed in here.by_month(cells):
        ending = [pair for pair in pairs if pair.lapses_in(month)]
        assert (count, lapsed) == (len(ending), sum(pair.standing == "expired" for pair in ending))


def test_groups_are_those_of_the_reference(people: Flask) -> None:
    pairs, offers = crowd.board(db.session, START, SOON), standings.offers(db.session, None)
    for by in ("partner", "city", "programme"):
        _check_groups(by, pairs, offers)


def _check_groups(by: str, pairs: list[Pair], offers: standings.Offers) -> None:
    here = outlook()
    names = {group: known.code for group, known in getattr(offers, by).items()}
    found = here.by_group(Board(here, Narrowing()).cells(db.session, by)[0])
    for group, counts in found.items():
        mine = [pair for pair in pairs if getattr(pair, by) == names.get(group, None if by == "programme" else "")]
        assert {state: counts[state] for state in counts if state != "owed" and counts[state]} == Counter(pair.standing for pair in mine)
        assert counts["owed"] == sum(pair.owed for pair in mine)
    assert sum(sum(counts.values()) - counts["owed"] for counts in found.values()) == len(pairs)


@pytest.mark.parametrize("days", [-10, 0, 45])
def test_contracts_are_those_of_the_reference(people: Flask, days: int) -> None:
    here, pairs = outlook(days), crowd.by_contract(db.session, START + timedelta(days=days), SOON)
    offers = standings.offers(db.session, None)
    board = Board(here, Narrowing())
    cells = board.cells(db.session, "contract")[1]
    for number, counts in here.by_group(cells).items():
        mine = Counter(pair.standing for pair in pairs if pair.contract == offers.contract[number].code)
        assert {state: counts[state] for state in counts if state != "owed" and counts[state]} == mine
    assert sum(cell.count for cell in cells) == len(pairs) > 40
    assert Counter(cells) == Counter(board.contract_cells(db.session))
    owners = {cell.group: offers.partner[offers.contract[cell.group].partner_id or 0].code for cell in cells}
    for code in set(owners.values()):
        unfolded = board.cells(db.session, "partner", code)[1]
        assert Counter(unfolded) == Counter(cell for cell in cells if owners[cell.group] == code)


def test_a_narrowing_by_standing_lists_what_it_counts(people: Flask) -> None:
    pairs, board = crowd.board(db.session, START, SOON), Board(outlook(), Narrowing())
    for show in (*Show, "active", "expiring", "expired", "none", "suspended", "revoked", "superseded"):
        assert listed(board, Asked(show)) == counted([pair for pair in pairs if wanted(pair, show)]), show


def test_a_month_lists_who_lapses_in_it(people: Flask) -> None:
    pairs = crowd.board(db.session, START, SOON)
    for key in ("2026-10", "2026-11", "2026-12", "2027-03", "2031-01"):
        month = month_named(key, SHANGHAI)
        assert month is not None
        lapsing = counted([pair for pair in pairs if pair.lapses_in(month)])
        assert listed(Board(outlook(month=month), Narrowing()), Asked(month=month)) == lapsing, key


NARROWINGS: list[tuple[Narrowing, Callable[[Pair], bool]]] = [
    (Narrowing(partner="K1"), lambda pair: pair.partner == "K1"),
    (Narrowing(city="宁波"), lambda pair: pair.city == "宁波"),
    (Narrowing(programme="BB"), lambda pair: pair.programme == "BB"),
    (Narrowing(text="K001"), lambda pair: pair.staff_no.startswith("K001")),
    (Narrowing(partner="K1", city="宁波", programme="GC"), lambda pair: (pair.partner, pair.city, pair.programme) == ("K1", "宁波", "GC")),
    (Narrowing(partner="nobody"), lambda pair: False),
]


def test_narrowed_lists_are_those_of_the_reference(people: Flask) -> None:
    pairs = crowd.board(db.session, START, SOON)
    for narrowing, keep in NARROWINGS:
        assert listed(Board(outlook(), narrowing), Asked()) == counted([pair for pair in pairs if keep(pair)]), narrowing


def test_a_contract_lists_what_it_asks_for_once(people: Flask) -> None:
    pairs = [pair for pair in crowd.by_contract(db.session, START, SOON) if pair.contract == "KC3"]
    found = listed(Board(outlook(), Narrowing(contract="KC3")), Asked())
    assert found == counted(pairs)
    running = listed(Board(outlook(), Narrowing(contract_state="in_force")), Asked())
    assert max(running.values(), default=0) == 1


def test_a_company_sees_its_own(people: Flask) -> None:
    company = next(row.id for row in db.session.query(Partner) if row.code == "K3")
    pairs = [pair for pair in crowd.board(db.session, START, SOON) if pair.partner == "K3"]
    assert listed(Board(outlook(), Narrowing(company)), Asked()) == counted(pairs)
    assert sum(standings.figures(db.session, START, company, SOON).values()) == len(pairs)
    assert set(standings.by_partner(db.session, START, SOON, company)) == {company}


def test_pages_join_to_the_whole_in_order(people: Flask) -> None:
    board = Board(outlook(), Narrowing())
    cells = board.cells(db.session)[0]
    for sort, descending in product(SORTS, (False, True)):
        whole, pieces = page(sort, descending, size=5000), []
        board.fill(db.session, whole, Asked(), cells)
        for number in range(1, -(-whole.total // 90) + 1):
            listing = page(sort, descending, number, 90)
            board.fill(db.session, listing, Asked(), cells)
            pieces += [(row.person_id, row.programme_id) for row in listing.rows]
        assert pieces == [(row.person_id, row.programme_id) for row in whole.rows], sort


def test_what_lapses_next_comes_first(people: Flask) -> None:
    board, listing = Board(outlook(), Narrowing()), page(size=5000)
    board.fill(db.session, listing, Asked(), board.cells(db.session)[0])
    ends = [row.until for row in listing.rows if row.standing in ("active", "expiring")]
    assert [row.until for row in listing.rows[: len(ends)]] == sorted(ends)


def test_an_export_holds_what_the_list_shows(people: Flask) -> None:
    board = Board(outlook(), Narrowing(partner="K0"))
    rows = Counter((row.staff_no, row.programme_code, row.standing) for row in board.export(db.session, Asked(Show.OUT)))
    assert rows == listed(board, Asked(Show.OUT))


def test_each_question_is_one_statement(people: Flask) -> None:
    board, said = Board(outlook(), Narrowing()), []

    def note(*said_: Any) -> None:
        said.append(said_[2])

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        db.session.rollback()
        cells, _ = board.cells(db.session, "partner", "K1")
        board.fill(db.session, page(), Asked(), cells)
        standings.offers(db.session, None)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert len([statement for statement in said if not statement.startswith(("BEGIN", "ROLLBACK"))]) == 3
