"""Saved views: kept, changed, renamed and dropped by their owner; nobody else sees them."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from foundation.database import db
from people.saved_view import LONGEST_QUERY, MOST, Refusal, refusal
from people.tables import SavedView
from tests.cast import Cast, Visitor

SignIn = Callable[[str], Visitor]
PAGE = "licence_board.index"


def keep(visitor: Visitor, name: str = "下月到期", query: str = "partner=P01&month=2026-12", page: str = PAGE) -> int:
    return visitor.form("/views", {"name": name, "query": query, "page": page}).status_code


def kept(app: Flask) -> list[tuple[int, str, str]]:
    with app.app_context():
        return [(row.id, row.name, row.query) for row in db.session.scalars(select(SavedView).order_by(SavedView.id))]


def test_a_view_is_kept_shown_as_a_chip_and_leads_back(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    hr = sign_in("hr")
    sent = hr.form("/views", {"name": " 下月到期 ", "query": "partner=P01&sort=until&page=3&month=2026-12&q=", "page": PAGE})
    assert (sent.status_code, sent.location) == (302, "/licences?partner=P01&sort=until&month=2026-12")
    page = hr.get("/licences").text
    assert "下月到期</a>" in page
    assert "下月到期" not in sign_in("auditor").get("/licences").text
    assert "partner=P01&amp;sort=until&amp;month=2026-12" in page


def test_the_view_that_is_shown_is_marked(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    hr = sign_in("hr")
    page = hr.get("/licences?standing=expiring&partner=P01").text
    query = page.partition('name="query" value="')[2].partition('"')[0].replace("&amp;", "&")
    assert keep(hr, "快到期", query) == 302
    for address in (query, "partner=P01&standing=expiring", "standing=expiring&partner=P01&page=1"):
        chips = hr.get(f"/licences?{address}").text.partition('class="views"')[2].partition("</div>")[0]
        assert 'aria-current="true"' in chips
        assert "改名或删除" in chips
    chips = hr.get("/licences").text.partition('class="views"')[2].partition("</div>")[0]
    assert 'aria-current="true"' not in chips


def test_the_same_name_changes_the_view(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    hr = sign_in("hr")
    assert (keep(hr), keep(hr, query="city=杭州")) == (302, 302)
    assert [(name, query) for _, name, query in kept(app)] == [("下月到期", "city=%E6%9D%AD%E5%B7%9E")]
    assert keep(sign_in("auditor")) == 302
    assert len(kept(app)) == 2


def test_a_view_needs_a_name(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    hr = sign_in("hr")
    for name in ("", "   ", "名" * 41):
        answer = hr.form("/views", {"name": name, "query": "partner=P01", "page": PAGE})
        assert answer.status_code == 422
        assert 'value="partner=P01"' in answer.text
        assert name in answer.text
    assert kept(app) == []


def test_only_a_list_can_be_kept(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    hr = sign_in("hr")
    for page in ("", "nothing", "licences.show", "saved_views.delete", "//evil.example", "static"):
        assert keep(hr, page=page) == 404, page


def test_an_odd_query_leads_nowhere_else(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    sent = sign_in("hr").form("/views", {"name": "x", "query": "//evil.example/?a=b\r\nX: y", "page": PAGE})
    assert sent.location.startswith("/licences?")
    assert "\n" not in sent.location
    long = sign_in("hr").form("/views", {"name": "y", "query": "q=" + "字" * LONGEST_QUERY, "page": PAGE})
    assert (long.status_code, "条件太多" in long.text) == (422, True)


def test_there_is_an_end_to_views(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    hr = sign_in("hr")
    assert {keep(hr, f"视图 {number}") for number in range(MOST)} == {302}
    assert keep(hr, "再来一个") == 422
    assert keep(hr, "视图 3", "city=x") == 302


def test_rename_and_delete(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    hr = sign_in("hr")
    keep(hr)
    keep(hr, "别的")
    view = kept(app)[0][0]
    assert 'value="下月到期"' in hr.get(f"/views/{view}").text
    taken = hr.form(f"/views/{view}", {"name": "别的"})
    assert (taken.status_code, "同名" in taken.text, 'value="别的"' in taken.text) == (422, True, True)
    assert hr.form(f"/views/{view}", {"name": ""}).status_code == 422
    renamed = hr.form(f"/views/{view}", {"name": "十二月"})
    assert renamed.location == "/licences?partner=P01&month=2026-12"
    assert kept(app)[0][1] == "十二月"
    assert hr.form(f"/views/{view}/delete").status_code == 302
    assert [name for _, name, _ in kept(app)] == ["别的"]
    assert hr.form(f"/views/{view}/delete").status_code == 404


def test_a_stranger_does_not_find_it(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    keep(sign_in("hr"))
    view = kept(app)[0][0]
    for other in map(sign_in, ("auditor", "coordinator", "owner", "admin")):
        assert other.get(f"/views/{view}").status_code == 404
        assert other.form(f"/views/{view}", {"name": "x"}).status_code == 404
        assert other.form(f"/views/{view}/delete").status_code == 404
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(SavedView)) == 1


def test_nobody_signs_in_first(app: Flask, client: Visitor) -> None:
    assert client.get("/views/1").location.startswith("/login")


@pytest.mark.parametrize(("known", "held", "query", "why"), [
    (False, 0, "a=b", None), (False, MOST, "a=b", Refusal.TOO_MANY), (True, MOST, "a=b", None),
    (True, 0, "x" * (LONGEST_QUERY + 1), Refusal.TOO_LONG),
])
def test_the_rule(known: bool, held: int, query: str, why: Refusal | None) -> None:
    assert refusal(known, held, query) is why
