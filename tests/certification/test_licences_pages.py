"""Licences in pages: the holder's own, the board, one licence's ledger, the public verify page, the export, the doctor."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, update

from certification.actions import licences as actions
from certification.actions.licences import NewEvent
from certification.licence import Kind
from certification.store import standings
from certification.tables import Licence, LicenceEvent, LicenceSpan
from foundation.cells import neutral
from foundation.clock import TickingClock
from foundation.database import db
from foundation.work import SYSTEM, work
from people.tables import Partner, Person
from tests.cast import Cast, Visitor
from tests.certification.holders import event, granted, stage
from tests.conftest import START

SignIn = Callable[[str], Visitor]
GONE = timedelta(days=1)


def standing_of(page: Any) -> str:
    return str(page.text).partition('data-standing="')[2].partition('"')[0]


@pytest.fixture
def numbers(app: Flask, cast: Cast) -> dict[str, str]:
    """Somebody in every standing; the rest of the candidates have none."""
    return stage(
        app, cast,
        owner=[granted(grade="excellent")],
        colleague=[granted(-330)],
        stranger=[granted(-400)],
        coordinator=[granted(), event("suspended", START - GONE, reason="客户投诉")],
        other_coordinator=[granted(), event("revoked", START - GONE, reason="冒用证件")],
    )


# the holder

def test_a_holder_sees_the_card_and_shows_the_code(numbers: dict[str, str], sign_in: SignIn) -> None:
    for url in ("/licences", "/licences/mine"):
        page = sign_in("owner").get(url).text
        assert f'href="/verify/{numbers["owner"]}"' in page
        assert "王建国" in page
        assert "<svg" in page
        assert "style=" not in page
        assert numbers["colleague"] not in page


def test_an_expiring_holder_is_told_what_to_do(numbers: dict[str, str], sign_in: SignIn) -> None:
    assert "续期考试" in sign_in("colleague").get("/licences").text
    assert "上岗证已过期" in sign_in("stranger").get("/licences").text


def test_without_a_licence_the_page_says_so(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    stage(app, cast)
    assert "还没有上岗证" in sign_in("owner").get("/licences").text


def test_a_replaced_licence_leads_to_its_successor(app: Flask, cast: Cast, client: Visitor, sign_in: SignIn) -> None:
    old = stage(app, cast, owner=[granted()])["owner"]
    with app.app_context(), work(SYSTEM) as w:
        row = w.session.execute(select(Licence.id)).scalar_one()
        edition = w.session.execute(select(Licence.programme_edition_id)).scalar_one()
        new, number = actions.new_licence(w, cast.owner.person_id, edition, w.now)
        actions.append_event(w, new, NewEvent("granted", w.now, "qualified"))
        actions.append_event(w, row, NewEvent("superseded", w.now, successor_id=new, reason="姓名更正"))
    page = client.get(f"/verify/{old}")
    assert (standing_of(page), f'href="/verify/{number}"' in page.text) == ("superseded", True)
    assert standing_of(client.get(f"/verify/{number}")) == "active"
    own = sign_in("owner").get(f"/licences/{old}").text
    assert f'href="/licences/{number}"' in own


# who sees which licence

@pytest.mark.parametrize(("name", "status"), [
    ("owner", 200), ("colleague", 404), ("stranger", 404), ("coordinator", 200), ("other_coordinator", 404), ("hr", 200), ("decider", 200),
    ("auditor", 200), ("officer", 404), ("trainer", 404), ("admin", 404),
])
def test_who_sees_a_licence(numbers: dict[str, str], sign_in: SignIn, name: str, status: int) -> None:
    assert sign_in(name).get(f"/licences/{numbers['owner']}").status_code == status


def test_nobody_signs_in_first(numbers: dict[str, str], client: Visitor) -> None:
    for url in ("/licences", "/licences.csv", "/licences/mine", f"/licences/{numbers['owner']}"):
        assert client.get(url).location.startswith("/login")


def test_the_ledger_is_told(numbers: dict[str, str], sign_in: SignIn) -> None:
    page = sign_in("hr").get(f"/licences/{numbers['coordinator']}").text
    assert "客户投诉" in page
    assert "暂停" in page
    assert "有效至 2027年8月13日" in page


# what a decider does

def test_suspend_reinstate_revoke(app: Flask, numbers: dict[str, str], client: Visitor, sign_in: SignIn, clock: TickingClock) -> None:
    decider, url = sign_in("decider"), f"/licences/{numbers['owner']}"
    seen = []
    for kind in ("suspended", "reinstated", "revoked"):
        clock.tick(minutes=1)
        assert decider.form(url, {"kind": kind, "reason": f"理由 {kind}"}).status_code == 302
        seen.append(standing_of(client.get(f"/verify/{numbers['owner']}")))
    assert seen == ["suspended", "active", "revoked"]
    assert "理由 revoked" in sign_in("owner").get(url).text
    with app.app_context():
        kinds = select(LicenceEvent.kind).join(Licence, Licence.id == LicenceEvent.licence_id).where(Licence.number == numbers["owner"])
        assert list(db.session.scalars(kinds.order_by(LicenceEvent.id))) == ["granted", "suspended", "reinstated", "revoked"]
        assert actions.doctor_spans(db.session) == []


def test_what_makes_no_sense_is_not_offered_and_not_done(numbers: dict[str, str], sign_in: SignIn) -> None:
    decider, url = sign_in("decider"), f"/licences/{numbers['owner']}"
    assert 'value="reinstated"' not in decider.get(url).text
    assert decider.form(url, {"kind": "reinstated", "reason": "x"}).status_code == 409
    assert "没有被暂停" in decider.form(url, {"kind": "reinstated", "reason": "x"}).text
    assert decider.form(f"/licences/{numbers['other_coordinator']}", {"kind": "suspended", "reason": "x"}).status_code == 409


def test_a_change_needs_a_reason_and_a_kind(numbers: dict[str, str], sign_in: SignIn) -> None:
    decider, url = sign_in("decider"), f"/licences/{numbers['owner']}"
    no_reason = decider.form(url, {"kind": "suspended"})
    assert (no_reason.status_code, "请写明理由" in no_reason.text) == (422, True)
    no_kind = decider.form(url, {"reason": "已经写好的理由"})
    assert (no_kind.status_code, "已经写好的理由" in no_kind.text) == (422, True)
    assert decider.form(url, {"kind": "granted", "reason": "x"}).status_code == 422


@pytest.mark.parametrize("name", ["hr", "auditor", "coordinator", "owner", "officer"])
def test_nobody_else_changes_a_licence(numbers: dict[str, str], sign_in: SignIn, name: str) -> None:
    assert sign_in(name).form(f"/licences/{numbers['owner']}", {"kind": "revoked", "reason": "x"}).status_code == 403


def test_a_decider_does_not_judge_oneself(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    number = stage(app, cast, decider=[granted(), event("suspended", START - GONE)])["decider"]
    page = sign_in("decider")
    assert "不能对自己" in page.get(f"/licences/{number}").text
    assert page.form(f"/licences/{number}", {"kind": "reinstated", "reason": "x"}).status_code == 409


# the board

def test_the_board_has_everybody_with_a_standing(numbers: dict[str, str], sign_in: SignIn) -> None:
    page = sign_in("hr").get("/licences").text
    for words in ("有效", "即将到期", "已过期", "已暂停", "已撤销", "未持证"):
        assert words in page
    assert "共 8 条" in page  # five who hold or held one, three candidates without one under BB; office accounts do not count


@pytest.mark.parametrize(("query", "found"), [
    ("standing=active", {"S0001"}), ("standing=expiring", {"S0002"}), ("standing=expired", {"S0101"}), ("standing=suspended", {"S0003"}),
    ("standing=revoked", {"S0102"}), ("within=30", set()), ("within=60", {"S0002"}),
    ("partner=P01&programme=GC", {"S0001", "S0002", "S0003"}),
    ("q=S0101&programme=GC", {"S0101"}), ("q=赵志&programme=GC", {"S0101"}), ("standing=none&programme=BB", {"S0001", "S0002", "S0101"}),
    ("city=北京", set()), ("q=%25&programme=GC", set()), ("q=_", set()),
])
def test_the_board_narrows(numbers: dict[str, str], sign_in: SignIn, query: str, found: set[str]) -> None:
    page = sign_in("hr").get(f"/licences?{query}").text
    assert {no for no in ("S0001", "S0002", "S0003", "S0101", "S0102") if f">{no}<" in page} == found


def test_the_board_finds_a_licence_by_its_number(numbers: dict[str, str], sign_in: SignIn) -> None:
    page = sign_in("hr").get(f"/licences?q={numbers['owner'][3:12].lower()}").text
    assert page.count("row-link") == 1


@pytest.mark.parametrize("query", ["sort=-until", "sort=standing", "page=99", "page=-1", "sort=nothing", "within=x", "standing=x"])
def test_odd_questions_get_an_answer(numbers: dict[str, str], sign_in: SignIn, query: str) -> None:
    assert sign_in("hr").get(f"/licences?{query}").status_code == 200


def test_zero_bytes_are_turned_away(numbers: dict[str, str], sign_in: SignIn) -> None:
    hr = sign_in("hr")
    assert hr.get("/licences?partner=%00").status_code == 400
    assert hr.get("/licences/%00").status_code == 404
    assert hr.get("/verify/%00").status_code == 404


def test_what_lapses_next_comes_first(numbers: dict[str, str], sign_in: SignIn) -> None:
    page = sign_in("hr").get("/licences?programme=GC").text
    places = [page.index(f">{no}<") for no in ("S0002", "S0001", "S0101")]
    assert places == sorted(places)


def test_a_coordinator_sees_the_own_company_only(numbers: dict[str, str], sign_in: SignIn) -> None:
    page = sign_in("coordinator").get("/licences").text
    assert "S0001" in page
    assert "S0101" not in page
    assert "远诚网络" not in page
    assert "S0101" not in sign_in("coordinator").get("/licences?partner=P02").text
    assert "S0101" not in sign_in("coordinator").get("/licences.csv").text


def test_figures_agree_with_the_rows(app: Flask, cast: Cast, numbers: dict[str, str]) -> None:
    with app.app_context():
        found = standings.figures(db.session, START, None, 60)
        own = standings.figures(db.session, START, cast.partners["P01"], 60)
    assert found == {"none": 3, "active": 1, "expiring": 1, "expired": 1, "suspended": 1, "revoked": 1, "superseded": 0}
    assert (own["active"], own["expiring"], own["suspended"], own["expired"]) == (1, 1, 1, 0)


def test_who_left_is_no_longer_on_the_board(app: Flask, cast: Cast, numbers: dict[str, str], sign_in: SignIn) -> None:
    with app.app_context(), work(SYSTEM) as w:
        w.session.execute(update(Person).where(Person.id == cast.owner.person_id).values(left=START))
    assert ">S0001<" not in sign_in("hr").get("/licences").text
    assert sign_in("hr").get(f"/licences/{numbers['owner']}").status_code == 200


# the export

def test_the_export_is_what_the_board_shows(app: Flask, cast: Cast, numbers: dict[str, str], sign_in: SignIn) -> None:
    with app.app_context(), work(SYSTEM) as w:
        w.session.execute(update(Person).where(Person.id == cast.owner.person_id).values(name="=1+2", city="＝cmd"))
        w.session.execute(update(Partner).where(Partner.code == "P02").values(name=" @远诚"))
    answer = sign_in("hr").get("/licences.csv?programme=GC")
    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="licences-20261122.csv"'
    assert answer.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert len(rows) == 6
    by_number = {row[1]: row for row in rows}
    assert by_number["S0001"] == [
        "'=1+2", "S0001", "华信通服", "'＝cmd", "集团客户现场支撑", "有效", "优秀", "2027-08-13", "2026-08-14", numbers["owner"],
    ]
    assert by_number["S0101"][2] == "' @远诚"
    assert len(list(csv.reader(io.StringIO(sign_in("hr").get("/licences.csv?standing=revoked").text)))) == 2


@pytest.mark.parametrize("name", ["owner", "officer", "trainer", "admin"])
def test_who_may_not_export(numbers: dict[str, str], sign_in: SignIn, name: str) -> None:
    assert sign_in(name).get("/licences.csv").status_code == 403


@pytest.mark.parametrize(("text", "shown"), [
    ("", ""), ("张伟", "张伟"), ("=A1", "'=A1"), ("+1", "'+1"), ("-1", "'-1"), ("@x", "'@x"), ("\tx", "'\tx"), ("\rx", "'\rx"),
    ("＋1", "'＋1"),
    ("＠x", "'＠x"), ("　=A1", "'　=A1"), ("a=b", "a=b"), (" ", " "),
])
def test_cells_that_a_spreadsheet_would_run_are_neutral(text: str, shown: str) -> None:
    assert neutral(text) == shown


# the public page

@pytest.mark.parametrize(("name", "standing"), [
    ("owner", "active"), ("colleague", "expiring"), ("stranger", "expired"), ("coordinator", "suspended"), ("other_coordinator", "revoked"),
])
def test_anybody_may_verify(numbers: dict[str, str], client: Visitor, name: str, standing: str) -> None:
    page = client.get(f"/verify/{numbers[name]}")
    assert (page.status_code, standing_of(page)) == (200, standing)
    assert "noindex" in page.headers["X-Robots-Tag"]


def test_the_public_page_says_no_more_than_it_must(numbers: dict[str, str], client: Visitor) -> None:
    page = client.get(f"/verify/{numbers['coordinator']}").text
    assert "陈*" in page
    assert numbers["coordinator"] in page
    for private in ("陈立新", "立新", "S0003", "华信通服", "杭州", "客户投诉"):
        assert private not in page


def test_a_number_is_found_however_it_was_typed(numbers: dict[str, str], client: Visitor) -> None:
    typed = numbers["owner"].lower().replace("-", " ")
    assert standing_of(client.get(f"/verify/{typed}")) == "active"


@pytest.mark.parametrize("number", ["CZ-2026-AAAAAAAAA", "x", "'; DROP TABLE licences;--", "<img src=x onerror=alert(1)>", "号"])
def test_an_unknown_number_is_a_clear_404(numbers: dict[str, str], client: Visitor, number: str) -> None:
    page = client.get(f"/verify/{number}")
    assert page.status_code == 404
    assert "没有这张上岗证" in page.text
    assert "data-standing" not in page.text
    assert "<img src=x" not in page.text


def test_a_licence_expires_without_anybody_doing_anything(numbers: dict[str, str], client: Visitor, clock: TickingClock) -> None:
    clock.tick(days=264)  # the last good day is 13 August 2027
    assert standing_of(client.get(f"/verify/{numbers['owner']}")) == "expiring"
    clock.tick(hours=15)
    assert standing_of(client.get(f"/verify/{numbers['owner']}")) == "expired"


# spans and the doctor

def test_the_doctor_finds_spans_that_differ_from_the_ledger(app: Flask, numbers: dict[str, str]) -> None:
    with app.app_context():
        assert actions.doctor_spans(db.session) == []
        with work(SYSTEM) as w:
            w.session.execute(update(LicenceSpan).where(LicenceSpan.standing == "suspended").values(standing="active"))
        found = actions.doctor_spans(db.session)
    assert len(found) == 1
    assert numbers["coordinator"] in found[0]


def test_the_doctor_finds_missing_spans_and_spans_without_a_ledger(app: Flask, numbers: dict[str, str]) -> None:
    with app.app_context():
        with work(SYSTEM) as w:
            first, second = w.session.scalars(select(LicenceEvent.licence_id).distinct().order_by(LicenceEvent.licence_id).limit(2)).all()
            w.session.execute(delete(LicenceSpan).where(LicenceSpan.licence_id == first))
            w.session.execute(delete(LicenceEvent).where(LicenceEvent.licence_id == second))
        assert len(actions.doctor_spans(db.session)) == 2


def test_an_event_rebuilds_the_spans_of_its_licence_alone(app: Flask, cast: Cast, numbers: dict[str, str]) -> None:
    with app.app_context():
        before = db.session.scalar(select(func.count()).select_from(LicenceSpan))
        with work(SYSTEM) as w:
            licence = w.session.scalar(select(Licence.id).where(Licence.number == numbers["owner"]))
            actions.append_event(w, licence, NewEvent(Kind.SUSPENDED, w.now, reason="x"))
        assert db.session.scalar(select(func.count()).select_from(LicenceSpan)) == before + 1
        assert actions.doctor_spans(db.session) == []


def test_an_exception_leaves_neither_event_nor_span(app: Flask, numbers: dict[str, str]) -> None:
    with app.app_context():
        before = db.session.scalar(select(func.count()).select_from(LicenceEvent))
        with pytest.raises(RuntimeError), work(SYSTEM) as w:
            licence = w.session.scalar(select(Licence.id).where(Licence.number == numbers["owner"]))
            actions.append_event(w, licence, NewEvent(Kind.REVOKED, w.now, reason="x"))
            raise RuntimeError("power cut")
        assert db.session.scalar(select(func.count()).select_from(LicenceEvent)) == before
        assert actions.doctor_spans(db.session) == []
