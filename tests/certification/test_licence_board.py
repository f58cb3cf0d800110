"""The board in pages: narrowing, groups, months, another day, saved views, exports, the summary, and what home says of it."""

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import event as listening
from sqlalchemy import select, update

from certification.store import standings
from certification.views import licence_board
from foundation.cells import neutral
from foundation.database import db
from foundation.tables import AuditRow
from foundation.work import SYSTEM, work
from people.tables import Contract, Partner, Person, RosterEntry
from tests.cast import Cast, Visitor
from tests.certification.holders import event, granted, stage
from tests.conftest import START

SignIn = Callable[[str], Visitor]
GONE = timedelta(days=1)


@pytest.fixture
def numbers(app: Flask, cast: Cast) -> dict[str, str]:
    """Somebody in every standing; contract C02 asks for BB, which nobody holds."""
    found = stage(
        app, cast,
        owner=[granted(grade="excellent")],
        colleague=[granted(-330)],
        stranger=[granted(-400)],
        coordinator=[granted(), event("suspended", START - GONE, reason="客户投诉")],
        other_coordinator=[granted(), event("revoked", START - GONE, reason="冒用证件")],
    )
    with app.app_context(), work(SYSTEM) as w:
        w.session.execute(update(Contract).where(Contract.code == "C02").values(programmes=["GC", "BB"]))
    return found


def shown(page: str) -> set[str]:
    """Staff numbers in the list."""
    return set(re.findall(r">(S\d{4})<", page))



def test_the_board_has_everybody_with_a_standing(numbers: dict[str, str], sign_in: SignIn) -> None:
    page = sign_in("hr").get("/licences").text
    for words in ("有效", "即将到期", "已过期", "已暂停", "已撤销", "未持证"):
        assert words in page
    assert "共 7 条" in page  # five who hold or held one, two whom the contract asks for a second; office accounts do not count


NARROWED: dict[str, set[str]] = {
    "standing=active": {"S0001"}, "standing=expiring": {"S0002"}, "standing=expired": {"S0101"}, "standing=suspended": {"S0003"},
    "standing=revoked": {"S0102"}, "within=30": set(), "within=60": {"S0002"},
    "partner=P01&programme=GC": {"S0001", "S0002", "S0003"},
    "q=S0101&programme=GC": {"S0101"}, "q=赵志&programme=GC": {"S0101"}, "standing=none&programme=BB": {"S0101", "S0102"},
    "standing=in_force": {"S0001", "S0002"}, "standing=owed": {"S0101", "S0102"}, "standing=stopped": {"S0003", "S0102"},
    "month=2026-12": {"S0002"}, "month=2026-10": {"S0101"}, "contract=C02": {"S0101", "S0102"}, "contract=C01": set(),
    "contract_state=running&standing=owed&programme=BB": {"S0101", "S0102"}, "contract_state=draft": set(),
    "on=2026-08-01&standing=in_force&programme=GC": {"S0002", "S0101"},
    "on=2027-09-01&standing=expired": {"S0001", "S0002", "S0003", "S0101"},
    "city=北京": set(), "q=%25&programme=GC": set(), "q=_": set(),
}


def test_the_board_narrows(numbers: dict[str, str], sign_in: SignIn) -> None:
    hr = sign_in("hr")
    assert {query: shown(hr.get(f"/licences?{query}").text) for query in NARROWED} == NARROWED


def test_the_board_finds_a_licence_by_its_number(numbers: dict[str, str], sign_in: SignIn) -> None:
    page = sign_in("hr").get(f"/licences?q={numbers['owner'][3:12].lower()}").text
    assert page.count("row-link") == 1


def test_odd_questions_get_an_answer(numbers: dict[str, str], sign_in: SignIn) -> None:
    hr = sign_in("hr")
    for query in (
        "sort=-until", "sort=standing", "page=99", "page=-1", "sort=nothing", "within=x", "standing=x", "month=x", "on=x", "by=x", "open=x",
        "groups=x", "partner=x&by=contract", "contract=x", "contract_state=x", "programme=x&by=programme",
    ):
        assert hr.get(f"/licences?{query}").status_code == 200, query


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
    assert found == {"none": 2, "active": 1, "expiring": 1, "expired": 1, "suspended": 1, "revoked": 1, "superseded": 0}
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
        "'=1+2", "S0001", "华信通服", "'＝cmd", "集团客户现场支撑", "有效", "优秀", "2027-08-13", "2026-08-14", numbers["owner"], "",
    ]
    assert by_number["S0101"][2] == "' @远诚"
    assert len(list(csv.reader(io.StringIO(sign_in("hr").get("/licences.csv?standing=revoked").text)))) == 2


def test_the_workbook_holds_the_same_rows(app: Flask, cast: Cast, numbers: dict[str, str], sign_in: SignIn) -> None:
    with app.app_context(), work(SYSTEM) as w:
        w.session.execute(update(Person).where(Person.id == cast.owner.person_id).values(name="=1+2", city="＝cmd"))
    hr = sign_in("hr")
    answer = hr.get("/licences.xlsx?partner=P01&programme=GC&q=S000")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="licences-20261122.xlsx"'
    sheet = list(load_workbook(io.BytesIO(answer.data)).active.iter_rows(values_only=True))
    lines = list(csv.reader(io.StringIO(hr.get("/licences.csv?partner=P01&programme=GC&q=S000").data.decode("utf-8-sig"))))
    assert [["" if cell is None else str(cell).removesuffix(" 00:00:00") for cell in row] for row in sheet] == lines
    assert sheet[1][:4] == ("'=1+2", "S0001", "华信通服", "'＝cmd")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_export_is_noted_and_says_nobody_by_name(app: Flask, numbers: dict[str, str], sign_in: SignIn, kind: str) -> None:
    assert sign_in("hr").get(f"/licences.{kind}?partner=P01&q=王建国&standing=in_force").status_code == 200
    with app.app_context():
        row = db.session.scalars(select(AuditRow).where(AuditRow.event == "licences.exported")).one()
    said = json.dumps(row.detail, ensure_ascii=False)
    assert (kind in said, "P01" in said, "in_force" in said, "王建国" in said) == (True, True, True, False)


def test_a_long_list_is_sent_to_csv(numbers: dict[str, str], sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(licence_board, "SHEET_ROWS", 3)
    hr = sign_in("hr")
    sent = hr.get("/licences.xlsx?programme=GC")
    assert (sent.status_code, sent.location) == (302, "/licences?programme=GC")
    page = hr.get(sent.location).text
    assert "请导出 CSV" in page
    assert "/licences.xlsx" not in page
    assert hr.get("/licences.xlsx?partner=P02&programme=GC").status_code == 200


def test_a_coordinator_exports_the_own_company_only(numbers: dict[str, str], sign_in: SignIn) -> None:
    sheet = load_workbook(io.BytesIO(sign_in("coordinator").get("/licences.xlsx?partner=P02").data)).active
    assert sheet.max_row == 1
    own = load_workbook(io.BytesIO(sign_in("coordinator").get("/licences.xlsx").data)).active
    assert {row[1] for row in own.iter_rows(min_row=2, values_only=True)} == {"S0001", "S0002", "S0003"}


@pytest.mark.parametrize("name", ["owner", "officer", "trainer", "admin"])
def test_who_may_not_export(numbers: dict[str, str], sign_in: SignIn, name: str) -> None:
    assert sign_in(name).get("/licences.csv").status_code == 403
    assert sign_in(name).get("/licences.xlsx").status_code == 403


@pytest.mark.parametrize(("text", "shown"), [
    ("", ""), ("张伟", "张伟"), ("=A1", "'=A1"), ("+1", "'+1"), ("-1", "'-1"), ("@x", "'@x"), ("\tx", "'\tx"), ("\rx", "'\rx"),
    ("＋1", "'＋1"),
    ("＠x", "'＠x"), ("　=A1", "'　=A1"), ("a=b", "a=b"), (" ", " "),
])
def test_cells_that_a_spreadsheet_would_run_are_neutral(text: str, shown: str) -> None:
    assert neutral(text) == shown


# groups, months, another day

def test_groups_are_switched(numbers: dict[str, str], sign_in: SignIn) -> None:
    hr = sign_in("hr")
    named = {"partner": ["华信通服", "远诚网络"], "city": ["杭州"], "programme": ["集团客户现场支撑", "宽带装维"], "contract": ["C02"]}
    for by, words in named.items():
        groups = hr.get(f"/licences?by={by}").text.partition('id="groups"')[2].partition('id="list"')[0]
        assert all(word in groups for word in words)
        assert groups.count('<svg class="standing-bar"') == len(words)


def test_a_company_unfolds_to_its_contracts_and_folds_again(numbers: dict[str, str], sign_in: SignIn) -> None:
    hr = sign_in("hr")
    assert "group-inside" not in hr.get("/licences").text
    page = hr.get("/licences?open=P02").text
    assert page.count('<tr class="group-inside">') == 1
    assert "contract=C02" in page
    assert "收起合同" in page
    assert page.count('<tr class="group-inside">') == hr.get("/licences?partner=P02").text.count('<tr class="group-inside">')
    assert "这家公司没有要求持证的合同" in hr.get("/licences?open=P01").text


def test_a_month_is_a_link_that_leads_to_who_lapses_in_it(numbers: dict[str, str], sign_in: SignIn) -> None:
    hr = sign_in("hr")
    page = hr.get("/licences?partner=P01").text
    bar = re.search(r'<a class="month" href="([^"]*month=2026-12[^"]*)"[^>]*aria-label="([^"]*)"', page)
    assert bar is not None
    assert "1 张到期" in bar[2]
    there = hr.get(bar[1].replace("&amp;", "&").partition("#")[0]).text
    assert shown(there) == {"S0002"}
    assert 'aria-current="true"' in there
    assert "<table" in page.partition("以表格查看")[2].partition("</details>")[0]


def test_the_board_as_it_stood_and_will_stand(numbers: dict[str, str], sign_in: SignIn) -> None:
    hr = sign_in("hr")
    past, future = (hr.get(f"/licences?on={day}").text for day in ("2026-11-20", "2027-12-31"))
    assert "2026年11月20日 那天结束时的情况" in past
    assert 'class="tag tag-revoked"' not in past
    assert shown(hr.get("/licences?on=2026-11-20&standing=in_force").text) == {"S0001", "S0002", "S0003", "S0102"}
    assert "回到今天" in future
    assert shown(hr.get("/licences?on=2027-12-31&standing=in_force").text) == set()
    today = hr.get("/licences?on=2026-11-22").text
    assert ('class="tag tag-revoked"' in today, "不是今天" in today) == (True, False)


def test_what_cannot_be_read_is_said(numbers: dict[str, str], sign_in: SignIn) -> None:
    hr = sign_in("hr")
    typed = {"on=31.12.2026": "31.12.2026", "on=1500-01-01": "1500-01-01", "month=12/2026": "12/2026", "on=%3Cb%3E": "&lt;b&gt;"}
    for query, said in typed.items():
        page = hr.get(f"/licences?{query}").text
        assert f"“{said}”看不懂" in page


def test_names_lead_to_the_persons_file(numbers: dict[str, str], sign_in: SignIn) -> None:
    page = sign_in("hr").get("/licences?q=S0001").text
    assert 'href="/people/S0001"' in page
    assert f'href="/licences/{numbers["owner"]}"' in page


def test_a_page_costs_four_statements(app: Flask, numbers: dict[str, str], sign_in: SignIn) -> None:
    hr, said = sign_in("hr"), []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        said.append(statement)

    hr.get("/licences")
    with app.app_context():
        engine = db.engine
    listening.listen(engine, "before_cursor_execute", note)
    try:
        for query in ("", "open=P02&month=2026-12&q=S", "by=contract&contract_state=running", "sort=-name&standing=owed&on=2026-08-01"):
            said.clear()
            assert hr.get(f"/licences?{query}").status_code == 200
            assert len([one for one in said if not one.startswith(("BEGIN", "COMMIT", "ROLLBACK"))]) <= 4, query
    finally:
        listening.remove(engine, "before_cursor_execute", note)


# the summary

def test_a_trainer_sees_numbers_and_no_names(numbers: dict[str, str], sign_in: SignIn) -> None:
    trainer = sign_in("trainer")
    for query in ("", "by=city", "by=programme", "by=contract", "open=P02", "on=2026-08-01", "month=2026-12", "standing=none", "sort=name"):
        page = trainer.get(f"/licences/summary?{query}").text
        assert "可以上岗" in page
        assert not any(secret in page for secret in ("王建国", "李晓梅", "赵志强", "S0001", "S0101", *numbers.values())), query
        assert "/licences?" not in page.replace("/licences/summary?", ""), query


def test_who_sees_the_summary(numbers: dict[str, str], sign_in: SignIn) -> None:
    names = ("trainer", "hr", "decider", "auditor", "coordinator", "owner", "officer", "admin")
    assert [sign_in(name).get("/licences/summary").status_code for name in names] == [200] * 4 + [403] * 4


def test_a_trainer_has_no_list(numbers: dict[str, str], sign_in: SignIn) -> None:
    assert "S0001" not in sign_in("trainer").get("/licences").text
    assert "/licences/summary" in sign_in("trainer").get("/").text


# home

def test_home_leads_to_who_lapses_next_month_and_to_why(numbers: dict[str, str], sign_in: SignIn) -> None:
    hr = sign_in("hr")
    home = hr.get("/").text
    link = re.search(r'href="(/licences\?[^"#]*partner=P01[^"#]*month=2026-12)#list">华信通服<', home)
    assert link is not None
    assert shown(hr.get(link[1].replace("&amp;", "&")).text) == {"S0002"}
    assert re.search(r'<form class="ask-visit" method="get" action="/dispatch/log">', home)
    assert 'name="q"' in home
    assert "C02" in home
    assert "/breaches?state=appealed" in home
    assert "/custody?state=overdue" in home


def test_a_coordinators_home_is_about_the_own_company(numbers: dict[str, str], sign_in: SignIn) -> None:
    home = sign_in("coordinator").get("/").text
    assert "2026年12月到期 1 张" in home
    assert "远诚" not in home
    assert "C02" not in home
    other = sign_in("other_coordinator").get("/").text
    assert "2026年12月到期 0 张" in other
    assert "C02" in other


def test_home_counts_who_may_not_work_under_a_contract_in_force(app: Flask, cast: Cast, numbers: dict[str, str], sign_in: SignIn) -> None:
    def lines() -> list[str]:
        return re.findall(r"contract=C02&amp;standing=out#list[^<]*<[^<]*<[^<]*>([^<]*)<", sign_in("hr").get("/").text)

    assert lines() == ["4 人次"]
    with app.app_context(), work(SYSTEM) as w:
        entries = update(RosterEntry).where(RosterEntry.person_id == cast.stranger.person_id)
        w.session.execute(entries.values(ends=START))
    assert lines() == ["2 人次"]
    with app.app_context(), work(SYSTEM) as w:
        w.session.execute(update(Contract).where(Contract.code == "C02").values(state="draft"))
    assert lines() == []
