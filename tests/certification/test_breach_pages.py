"""The pages of breaches: recording with look-ups and evidence, the list, the person's appeal, the decider's answer."""

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import func, select

from certification.breach_file import MOST_BYTES
from certification.tables import Breach, BreachFile
from foundation.clock import TickingClock
from foundation.database import db
from foundation.tables import AuditRow
from tests.cast import Cast, Visitor
from tests.certification import field
from tests.certification.holders import granted, question
from tests.certification.test_breach_file import PAPER, picture

SignIn = Callable[[str], Visitor]
GOOD = {
    "picked_staff": "S0001", "picked_clause": field.CLAUSE, "severity": "serious", "source": "complaint", "occurred": "2026-11-21T15:30",
    "description": field.WORDS, "programme": "GC",
}


@pytest.fixture
def staged(app: Flask, cast: Cast) -> dict[str, Any]:
    return field.stage(app, cast, owner=[granted()], colleague=[granted()])


def upload(*files: tuple[bytes, str]) -> list[tuple[io.BytesIO, str]]:
    return [(io.BytesIO(content), name) for content, name in files]


def number_of(answer: Any) -> str:
    assert answer.status_code == 302, answer.text
    return str(answer.headers["Location"].rpartition("/")[2])


def test_hr_records_a_breach_with_its_evidence(app: Flask, cast: Cast, sign_in: SignIn, staged: Any) -> None:
    hr = sign_in("hr")
    files = upload((picture(), "现场 照片.jpg"), (PAPER, "投诉单.pdf"))
    number = number_of(hr.form("/breaches/new", {**GOOD, "files": files}, content_type="multipart/form-data"))
    page = hr.get(f"/breaches/{number}").text
    for words in ("王建国", field.WORDS, "第十二条", "客户投诉", "较重", "11月21日 15:30", "现场 照片.jpg", "投诉单.pdf", "复训", "沈佳怡"):
        assert words in page, words
    with app.app_context():
        photo, paper = db.session.scalars(select(BreachFile).order_by(BreachFile.id)).all()
        found = db.session.scalars(select(Breach)).one()
        assert (found.points, found.state, found.recorded_by) == (3, "confirmed", cast.hr.account_id)
        events = set(db.session.scalars(select(AuditRow.event)))
    assert {"breach.recorded", "breach.evidence_added", "breach.retraining"} <= events
    shown, handed = hr.get(f"/breaches/{number}/files/{photo.id}"), hr.get(f"/breaches/{number}/files/{paper.id}")
    assert (shown.mimetype, handed.mimetype, handed.data) == ("image/jpeg", "application/pdf", PAPER)
    assert handed.headers["Content-Disposition"].startswith("attachment")
    for answer in (shown, handed):
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "no-store"


def test_people_and_clauses_are_looked_up_without_a_script_and_nothing_typed_is_lost(app: Flask, sign_in: SignIn, staged: Any) -> None:
    hr = sign_in("hr")
    typed = {**GOOD, "picked_staff": "", "picked_clause": "", "staff": "王建", "clause": "提前", "visit": "W-17"}
    page = hr.form("/breaches/new", {**typed, "do": "staff"})
    assert page.status_code == 200
    assert 'value="S0001"' in page.text
    assert "没有这位人员" not in page.text, "looking up is no error"
    page = hr.form("/breaches/new", {**typed, "do": "clause", "picked_staff": "S0001"}).text
    assert f'value="{field.KEY}"' in page
    assert "关键条款" in page
    assert re.search(r'value="S0001" checked', page)
    for kept in (field.WORDS, "2026-11-21T15:30", "W-17", "提前"):
        assert kept in page, kept
    assert re.search(r'value="serious"[^>]*>|checked[^>]*value="serious"', page)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Breach)) == 0


def test_an_address_brings_the_person_and_the_visit(app: Flask, sign_in: SignIn, staged: Any) -> None:
    page = sign_in("hr").get("/breaches/new?staff=s0001&visit=W-17").text
    assert re.search(r'value="S0001" checked', page)
    assert 'value="W-17"' in page


@pytest.mark.parametrize(("change", "words"), [
    ({"picked_staff": "", "staff": "S9999"}, "没有这位人员"),
    ({"picked_staff": "", "staff": "王建国"}, "请从查到的人员中选择一位"),
    ({"picked_clause": "", "clause": "提前"}, "请从查到的条款中选择一条"),
    ({"picked_clause": "", "clause": ""}, "请输入关键词或条款号"),
    ({"severity": ""}, "请选择严重程度"), ({"severity": "deadly"}, "Not a valid choice"), ({"source": ""}, "请选择来源"),
    ({"occurred": "2026-11-23T15:30"}, "发生时间在将来"), ({"occurred": "2025-11-21T15:30"}, "发生在 12 个月以前"),
    ({"occurred": "0001-01-01T00:00"}, "年份要在"), ({"description": "太短"}, "请写 10 到 4000 字"),
    ({"visit": "W-99"}, "没有找到这位人员在这个工单上的派单判定"),
])
def test_a_bad_form_names_the_field_and_keeps_what_was_typed(
    app: Flask, sign_in: SignIn, staged: Any, change: dict[str, str], words: str
) -> None:
    answer = sign_in("hr").form("/breaches/new", {**GOOD, **change})
    assert answer.status_code == 422
    assert words in answer.text or words == "Not a valid choice"
    assert change.get("description", field.WORDS) in answer.text
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Breach)) == 0


@pytest.mark.parametrize(("content", "name", "words"), [
    (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "a.svg", "不是可以识别的照片或 PDF"),
    (b"<html><script>alert(1)</script>", "photo.jpg", "不是可以识别的照片或 PDF"),
    (picture() + bytes(MOST_BYTES), "big.jpg", "超过 5 MB"), (b"", "empty.jpg", "文件是空的"),
])
def test_a_hostile_file_is_named_and_the_form_is_still_there(sign_in: SignIn, staged: Any, content: bytes, name: str, words: str) -> None:
    answer = sign_in("hr").form("/breaches/new", {**GOOD, "files": upload((content, name))}, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert f"{name}：{words}" in answer.text
    assert field.WORDS in answer.text


def test_six_files_of_five_megabytes_fit_and_a_seventh_does_not(app: Flask, sign_in: SignIn, staged: Any) -> None:
    hr = sign_in("hr")
    papers = [(PAPER[:-6] + bytes([65 + n]) * (MOST_BYTES - len(PAPER)) + PAPER[-6:], f"{n}.pdf") for n in range(6)]
    number = number_of(hr.form("/breaches/new", {**GOOD, "files": upload(*papers)}, content_type="multipart/form-data"))
    more = hr.form(f"/breaches/{number}/files", {"files": upload((PAPER, "7.pdf"))}, content_type="multipart/form-data")
    assert more.status_code == 422
    assert "最多 6 个文件" in more.text
    same = hr.form(f"/breaches/{number}/files", {"files": upload(papers[0])}, content_type="multipart/form-data")
    assert same.status_code == 302, "what is there already is not kept twice"
    seven = hr.form("/breaches/new", {**GOOD, "files": upload(*papers[:1] * 7)}, content_type="multipart/form-data")
    assert seven.status_code == 413


def test_a_breach_is_tied_to_the_visit_at_which_it_happened(app: Flask, cast: Cast, sign_in: SignIn, staged: Any) -> None:
    hr = sign_in("hr")
    asked = question()["resource"]["properties"]
    tried = hr.form("/dispatch", {
        "staff": "S0001\nS0002", "programme": "GC", "customer_tier": "ordinary", "scope": "local", "visit": "W-17",
        "starts": asked["starts"][:16], "ends": asked["ends"][:16],
    })
    decision = tried.headers["Location"].rpartition("/")[2]
    for who, typed in (("S0001", "W-17"), ("S0002", decision)):
        number = number_of(hr.form("/breaches/new", {**GOOD, "picked_staff": who, "visit": typed}))
        assert f"/dispatch/decisions/{decision}" in hr.get(f"/breaches/{number}").text
    assert hr.form("/breaches/new", {**GOOD, "picked_staff": "S0101", "visit": "W-17"}).status_code == 422


def test_who_sees_which_breach_and_its_evidence(app: Flask, cast: Cast, sign_in: SignIn, staged: Any) -> None:
    sent = {**GOOD, "files": upload((picture(), "a.jpg"))}
    number = number_of(sign_in("hr").form("/breaches/new", sent, content_type="multipart/form-data"))
    with app.app_context():
        file_id = db.session.scalars(select(BreachFile.id)).one()
    for name in ("owner", "coordinator", "hr", "decider", "auditor"):
        assert sign_in(name).get(f"/breaches/{number}").status_code == 200, name
        assert sign_in(name).get(f"/breaches/{number}/files/{file_id}").status_code == 200, name
    for name in ("colleague", "stranger", "other_coordinator", "trainer", "officer", "admin"):
        assert sign_in(name).get(f"/breaches/{number}").status_code == 404, name
        assert sign_in(name).get(f"/breaches/{number}/files/{file_id}").status_code == 404, name
    assert "沈佳怡" not in sign_in("owner").get(f"/breaches/{number}").text, "who recorded it is no business of the person"


def test_the_list_is_searched_filtered_sorted_and_limited_to_ones_company(app: Flask, cast: Cast, sign_in: SignIn, staged: Any) -> None:
    own = field.record(app, cast, "minor")
    other = field.record(app, cast, "grave", who="stranger")
    hr = sign_in("hr")
    assert all(name in hr.get("/breaches").text for name in ("王建国", "赵志强"))
    for query, shown in (
        ("q=王建国", own), (f"q={other}", other), ("severity=grave", other), ("partner=P01", own), ("state=confirmed&severity=minor", own),
    ):
        page = hr.get(f"/breaches?{query}").text
        assert shown in page, query
        assert ({own, other} - {shown}).pop() not in page, query
    assert "没有符合条件的违规记录" in hr.get("/breaches?state=lifted").text
    first = hr.get("/breaches?sort=-points").text
    assert first.index(other) < first.index(own)
    page = sign_in("coordinator").get("/breaches").text
    assert own in page
    assert other not in page
    assert "记录违规" not in page
    page = sign_in("other_coordinator").get("/breaches").text
    assert other in page
    assert own not in page


def test_the_person_appeals_and_a_decider_lifts_it(app: Flask, cast: Cast, sign_in: SignIn, staged: Any, clock: TickingClock) -> None:
    number = field.record(app, cast, "grave")
    owner, decider = sign_in("owner"), sign_in("decider")
    assert number in owner.get("/breaches/mine").text
    assert "上岗证已暂停" in owner.get("/licences/mine").text
    short = owner.form(f"/breaches/{number}/appeal", {"text": "不服"})
    assert short.status_code == 422
    assert "不服" in short.text
    assert owner.form(f"/breaches/{number}/appeal", {"text": "当天我在另一个客户处，照片里的人不是我。"}).status_code == 302
    assert owner.form(f"/breaches/{number}/appeal", {"text": "再申诉一次，请尽快处理。"}).status_code == 409
    page = decider.get(f"/breaches/{number}").text
    assert "当天我在另一个客户处" in page
    assert "答复申诉" in page
    empty = decider.form(f"/breaches/{number}/decision", {"verdict": "lift", "outcome": ""})
    assert empty.status_code == 422
    lifted = {"verdict": "lift", "outcome": "经核对签到记录，当事人不在现场，予以撤销。"}
    assert decider.form(f"/breaches/{number}/decision", lifted).status_code == 302
    assert decider.form(f"/breaches/{number}/decision", lifted).status_code == 409
    letter = owner.get(f"/breaches/{number}/letter").text
    assert "撤销这条违规记录" in letter
    assert "经核对签到记录" in letter
    assert "上岗证已暂停" not in owner.get("/licences/mine").text


def test_an_upheld_breach_stands_and_is_heard_no_second_time(app: Flask, cast: Cast, sign_in: SignIn, staged: Any) -> None:
    number = field.record(app, cast)
    owner, decider = sign_in("owner"), sign_in("other_decider")
    assert decider.form(f"/breaches/{number}/decision", {"verdict": "uphold", "outcome": "没有人申诉的时候不能维持。"}).status_code == 409
    owner.form(f"/breaches/{number}/appeal", {"text": "当天我出示过工号牌，请再核实。"})
    assert decider.form(f"/breaches/{number}/decision", {"verdict": "uphold", "outcome": "录像显示没有出示，维持。"}).status_code == 302
    assert "维持这条违规记录，记 3 分" in owner.get(f"/breaches/{number}/letter").text
    assert owner.form(f"/breaches/{number}/appeal", {"text": "还是不服，请再看一次。"}).status_code == 409


def test_after_the_last_working_day_no_appeal_is_heard(
    app: Flask, cast: Cast, sign_in: SignIn, staged: Any, clock: TickingClock
) -> None:
    number = field.record(app, cast)
    clock.tick(days=19)  # Friday 11 December
    owner = sign_in("owner")
    assert "提交申诉" in owner.get(f"/breaches/{number}").text
    clock.tick(days=1)
    owner = sign_in("owner")
    page = owner.get(f"/breaches/{number}").text
    assert "提交申诉" not in page
    assert "申诉期限已过" in page
    assert owner.form(f"/breaches/{number}/appeal", {"text": "当天我出示过工号牌，请再核实。"}).status_code == 409


def test_nobody_decides_on_what_they_recorded_or_appeals_for_another(app: Flask, cast: Cast, sign_in: SignIn, staged: Any) -> None:
    number = field.record(app, cast, by="decider")
    assert "您不能处理这条记录" in sign_in("decider").get(f"/breaches/{number}").text
    said = {"verdict": "lift", "outcome": "自己记录的自己撤销。"}
    assert sign_in("decider").form(f"/breaches/{number}/decision", said).status_code == 409
    for name in ("colleague", "coordinator", "hr"):
        assert sign_in(name).form(f"/breaches/{number}/appeal", {"text": "替他申诉，请核实情况。"}).status_code == 404


def test_a_page_without_breaches_helps(sign_in: SignIn) -> None:
    assert "没有违规记录" in sign_in("owner").get("/breaches/mine").text
    assert "还没有违规记录" in sign_in("hr").get("/breaches").text


def test_a_photograph_is_decoded_by_nobody_but_us(app: Flask, sign_in: SignIn, staged: Any) -> None:
    polyglot = picture() + b"<script>alert(1)</script>" + PAPER
    sent = {**GOOD, "files": upload((polyglot, "x.jpg"))}
    number = number_of(sign_in("hr").form("/breaches/new", sent, content_type="multipart/form-data"))
    with app.app_context():
        kept = db.session.scalars(select(BreachFile)).one()
    assert b"script" not in kept.content
    assert Image.open(io.BytesIO(kept.content)).format == "JPEG"
    assert number
