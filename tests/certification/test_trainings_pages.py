"""Trainings in pages: recording with errors line by line, the list, and who sees which."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from certification.tables import Training, TrainingAttendance
from certification.training import Attendee, Flaw, flaws, read
from foundation.database import db
from foundation.tables import AuditRow
from foundation.work import SYSTEM, work
from people.tables import Person
from tests.cast import Cast, Visitor
from tests.certification.holders import stage
from tests.conftest import START

SignIn = Callable[[str], Visitor]
GIVEN = {
    "programme": "GC", "title": "集中培训", "held": "2026-11-20T14:00", "minutes": "90", "attendees": "S0001\nS0002\n", "note": "二号教室",
}


def test_lines_are_read_as_they_were_pasted() -> None:
    assert [(line.number, line.staff_no) for line in read("\nS0001 \r\n\t\n Ｓ０００２\n")] == [(2, "S0001"), (4, "S0002")]


@pytest.mark.parametrize(("text", "found"), [
    ("S1", []), ("S1\nS2", []), ("S1\nS1", [(2, Flaw.TWICE)]), ("X", [(1, Flaw.UNKNOWN)]), ("X" * 41, [(1, Flaw.LONG)]),
    ("S1\nT1", [(2, Flaw.ONESELF)]), ("GONE\nLATER", [(1, Flaw.LEFT)]), ("S1, S2", [(1, Flaw.UNKNOWN)]),
])
def test_what_is_wrong_is_said_line_by_line(text: str, found: list[tuple[int, Flaw]]) -> None:
    known = {
        "S1": Attendee(1, "甲"), "S2": Attendee(2, "乙"), "T1": Attendee(9, "师"), "GONE": Attendee(3, "丙", START),
        "LATER": Attendee(4, "丁", START + timedelta(days=1)),
    }
    assert [(line.number, flaw) for line, flaw in flaws(read(text), known, START, 9)] == found


@pytest.fixture
def school(app: Flask, cast: Cast) -> None:
    """Two programmes, and nothing taught yet."""
    stage(app, cast)


def record(visitor: Visitor, **more: str) -> Any:
    return visitor.form("/trainings/new", {**GIVEN, **more})


def number_of(answer: Any) -> str:
    return str(answer.location).rpartition("/")[2]


def test_a_trainer_records_what_was_held(app: Flask, cast: Cast, school: None, sign_in: SignIn) -> None:
    trainer = sign_in("trainer")
    assert "还没有培训记录" in trainer.get("/trainings").text
    made = record(trainer)
    assert made.status_code == 302
    page = trainer.get(made.location).text
    assert all(words in page for words in ("集中培训", "王建国", "李晓梅", "周文静", "二号教室"))
    with app.app_context():
        row = db.session.scalars(select(Training)).one()
        assert (row.trainer_id, row.recorded_by, row.minutes) == (cast.trainer.account_id, cast.trainer.account_id, 90)
        assert row.held.isoformat() == "2026-11-20T06:00:00+00:00"
        attended = set(db.session.scalars(select(TrainingAttendance.person_id)))
        assert attended == {cast.owner.person_id, cast.colleague.person_id}
        assert "training.recorded" in set(db.session.scalars(select(AuditRow.event)))


def test_every_wrong_line_is_named_and_nothing_is_lost(app: Flask, cast: Cast, school: None, sign_in: SignIn) -> None:
    with app.app_context(), work(SYSTEM) as w:
        w.session.execute(update(Person).where(Person.id == cast.stranger.person_id).values(left=START - timedelta(days=30)))
    page = record(sign_in("trainer"), attendees="S0001\nX9999\nS0001\nT0001\nS0101\n")
    assert page.status_code == 422
    for words in ("第 2 行", "没有这个工号", "第 3 行", "和前面重复", "第 4 行", "培训师本人", "第 5 行", "已离职", "有 4 行需要修改"):
        assert words in page.text
    assert "S0001\nX9999\nS0001\nT0001\nS0101" in page.text.replace("\r", "")
    assert all(words in page.text for words in ("集中培训", "2026-11-20T14:00", "二号教室", 'value="90"'))
    with app.app_context():
        assert db.session.scalars(select(Training.id)).all() == []


@pytest.mark.parametrize(("field", "value", "words"), [
    ("programme", "", "请选择认证项目"), ("programme", "NO", "认证项目"), ("title", "", "请填写培训名称"), ("title", "x" * 201, "最多 200"),
    ("held", "", "请填写开始时间"), ("held", "x", "开始时间"), ("held", "2026-11-22T09:01", "不能晚于现在"),
    ("held", "0001-01-01T00:00", "开始时间"),
    ("minutes", "0", "1 到 10080"), ("minutes", "x", "时长"), ("attendees", " \n ", "至少填写一个"),
    ("attendees", "\n".join(["S0001"] * 501), "一次最多 500 人"), ("note", "x" * 2001, "最多 2000"),
    ("attendees", "<script>alert(1)</script>", "没有这个工号"),
])
def test_bad_input_is_named(school: None, sign_in: SignIn, field: str, value: str, words: str) -> None:
    page = record(sign_in("trainer"), **{field: value})
    assert (page.status_code, words in page.text) == (422, True)
    assert "<script>alert" not in page.text


@pytest.mark.parametrize(("name", "listed", "shown"), [
    ("trainer", True, 200), ("other_trainer", False, 404), ("hr", True, 200), ("decider", True, 200), ("auditor", True, 200),
    ("coordinator", None, 403), ("owner", None, 403), ("officer", None, 403), ("admin", None, 403),
])
def test_who_sees_a_training(school: None, sign_in: SignIn, name: str, listed: bool | None, shown: int) -> None:
    made = record(sign_in("trainer"))
    browser = sign_in(name)
    page = browser.get("/trainings")
    assert page.status_code == (403 if listed is None else 200)
    assert ("集中培训" in page.text) is bool(listed)
    assert browser.get(made.location).status_code == shown


@pytest.mark.parametrize("name", ["hr", "decider", "auditor", "coordinator", "owner"])
def test_nobody_else_records(school: None, sign_in: SignIn, name: str) -> None:
    browser = sign_in(name)
    assert (browser.get("/trainings/new").status_code, record(browser).status_code) == (403, 403)


def test_nobody_is_sent_to_sign_in(school: None, client: Visitor) -> None:
    for url in ("/trainings", "/trainings/new", "/trainings/1"):
        assert client.get(url).location.startswith("/login")


def test_the_list_searches_sorts_filters_and_pages(school: None, sign_in: SignIn) -> None:
    first, second = sign_in("trainer"), sign_in("other_trainer")
    for number in range(26):
        record(first, title=f"晨会 {number:02}", minutes=str(number + 1), held=f"2026-11-{number % 20 + 1:02}T08:00")
    record(second, title="投诉处理", attendees="S0101", programme="BB")
    hr = sign_in("hr")
    assert "共 27 条" in hr.get("/trainings").text
    assert "共 26 条" in first.get("/trainings").text
    assert ["投诉处理" in hr.get(f"/trainings?page={page}&sort=held").text for page in (1, 2)] == [False, True]
    for query in ("q=投诉", "q=S0101", "q=吴海涛", "programme=BB"):
        page = hr.get(f"/trainings?{query}").text
        assert ("投诉处理" in page, "晨会" in page) == (True, False)
    assert "没有符合条件的培训" in first.get("/trainings?q=S0101").text
    for odd in ("sort=nothing", "page=99", "programme=x", "q=%25", "sort=-attendees"):
        assert hr.get(f"/trainings?{odd}").status_code == 200
