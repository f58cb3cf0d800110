"""Licences in pages: the holder's own, the board, one licence's ledger, the public verify page, the export, the doctor."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, update

from certification.actions import licences as actions
from certification.actions.licences import NewEvent
from certification.licence import Kind
from certification.tables import Licence, LicenceEvent, LicenceSpan
from foundation.clock import TickingClock
from foundation.database import db
from foundation.work import SYSTEM, work
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


def test_the_doctor_finds_missing_spans_and_spans_without_a_ledger(app: Flask, cast: Cast, numbers: dict[str, str]) -> None:
    with app.app_context():
        with work(SYSTEM) as w:
            first, second = w.session.scalars(select(LicenceEvent.licence_id).distinct().order_by(LicenceEvent.licence_id).limit(2)).all()
            w.session.execute(delete(LicenceSpan).where(LicenceSpan.licence_id == first))
            edition = w.session.scalars(select(Licence.programme_edition_id).where(Licence.id == second)).one()
            empty, _number = actions.new_licence(w, cast.colleague.person_id, edition, w.now)
            w.session.execute(update(LicenceSpan).where(LicenceSpan.licence_id == second).values(licence_id=empty))
        assert len(actions.doctor_spans(db.session)) == 3  # two whose spans are gone, one that has spans and no ledger


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
