"""A list's search, order, filters and pages, whatever the query string says."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from sqlalchemy import insert, select

from foundation.database import db
from foundation.listing import PER_PAGE, Listing
from foundation.work import SYSTEM, work
from people.tables import Partner

SORTS = ("code", "name")


@pytest.fixture
def listed(app: Flask) -> Iterator[Flask]:
    """Sixty companies, and a context to read them in."""
    with app.app_context():
        with work(SYSTEM) as w:
            w.connection.execute(insert(Partner), [
                {"code": f"P{number:02}", "name": f"公司{number % 3}", "kind": "partner"} for number in range(60)
            ])
        yield app


def listing(app: Flask, query: str) -> Listing:
    with app.test_request_context(f"/partners?{query}"):
        found = Listing.from_request(SORTS, ("kind",))
        return found.fill(db.session, select(Partner.code, Partner.name), {"code": Partner.code, "name": Partner.name}, Partner.id)


@pytest.mark.parametrize("query", ["", "sort=nonsense", "sort=", "page=x", "page=0", "page=-3", "page=1.5", "sort=-nonsense", "page=²"])
def test_what_makes_no_sense_falls_back_to_the_first_page(listed: Flask, query: str) -> None:
    found = listing(listed, query)
    assert (found.sort, found.descending, found.page, found.total, found.pages) == ("code", False, 1, 60, 3)
    assert [row.code for row in found.rows] == [f"P{number:02}" for number in range(PER_PAGE)]


@pytest.mark.parametrize("query", ["page=3", "page=99", "page=9999999999999999999999"])
def test_beyond_the_end_is_the_last_page(listed: Flask, query: str) -> None:
    found = listing(listed, query)
    assert (found.page, len(found.rows)) == (3, 10)


def test_a_minus_turns_the_order(listed: Flask) -> None:
    assert listing(listed, "sort=-code").rows[0].code == "P59"


def test_equal_rows_keep_one_order_over_all_pages(listed: Flask) -> None:
    seen = [row.code for page in (1, 2, 3) for row in listing(listed, f"sort=name&page={page}").rows]
    assert len(set(seen)) == 60


def test_search_text_is_trimmed_and_cut(listed: Flask) -> None:
    assert listing(listed, "q=%20%20x%20").q == "x"
    assert len(listing(listed, "q=" + "x" * 5000).q) == 100


def test_an_empty_list_has_one_page(app: Flask) -> None:
    with app.app_context():
        found = listing(app, "")
    assert (found.total, found.pages, found.page, list(found.rows)) == (0, 1, 1, [])


def query_of(url: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(url).query)


def test_addresses_carry_what_was_asked(listed: Flask) -> None:
    with listed.test_request_context("/partners?q=公司&sort=-name&kind=partner&page=2"):
        found = Listing.from_request(SORTS, ("kind",))
        assert query_of(found.url(3)) == {"q": ["公司"], "sort": ["-name"], "kind": ["partner"], "page": ["3"]}
        assert query_of(found.sort_url("code")) == {"q": ["公司"], "sort": ["code"], "kind": ["partner"]}
        assert query_of(found.sort_url("name"))["sort"] == ["name"]
        assert found.clear_url == "/partners"
        assert dict(found.carry) == {"sort": "-name", "kind": "partner"}
        assert found.active


def test_choosing_the_active_filter_clears_it(listed: Flask) -> None:
    with listed.test_request_context("/partners?kind=partner"):
        found = Listing.from_request(SORTS, ("kind",))
        found.add_filter("kind", "类型", {"partner": "合作方", "operator": "运营商"}, {"partner": 60})
    partner, operator = found.filters[0].options
    assert (partner.active, partner.count, "kind" in query_of(partner.url)) == (True, 60, False)
    assert (operator.active, operator.count, query_of(operator.url)["kind"]) == (False, None, ["operator"])


def test_a_filter_that_was_not_offered_is_not_read(listed: Flask) -> None:
    with listed.test_request_context("/partners?secret=1"):
        assert Listing.from_request(SORTS, ("kind",)).chosen == {}
