"""Rosters taken away as tables: standings beside them, numbers masked, and coming back changes nothing."""

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import insert, select

from foundation.database import db
from foundation.sealing import sealer
from foundation.tables import AuditRow
from foundation.work import SYSTEM, work
from people.actions import roster_imports
from people.actions.roster_reading import Scope
from people.roster import midnight
from people.tables import Contract, Person, RosterEntry
from tests.cast import SHANGHAI, Cast, Visitor
from tests.certification.exams import document
from tests.people.sheets import id_number

SignIn = Callable[[str], Visitor]
Seed = Callable[[dict[str, Any]], dict[str, int]]
ROWS = 2000
NASTY = ["=1+1", "-张三", "@李四", "+王五", "买买提·阿不都", "O'Neil", "欧阳 娜娜", "＝赵六"]


def rows(content: bytes) -> list[list[Any]]:
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    return [[cell.value for cell in row] for row in sheet]


def fill(app: Flask, cast: Cast) -> None:
    """Two thousand people: with and without numbers and cities, on one contract, on two and on none, names that a spreadsheet would run."""
    with app.app_context(), work(SYSTEM) as w:
        partner, seal = cast.partners["P01"], sealer()
        second = Contract(
            partner_id=partner,
            code="C-2",
            state="ended",
            starts=midnight(date(2025, 1, 1), SHANGHAI),
            ends=midnight(date(2027, 1, 1), SHANGHAI),
        )
        w.session.add(second)
        w.session.flush()
        w.connection.execute(
            insert(Person),
            [
                {
                    "staff_no": f"人{number}" if number % 97 == 0 else f"E{number:05d}",
                    "name": NASTY[number % 8] + str(number),
                    "partner_id": partner,
                    "city": ("杭州", "", "北京")[number % 3],
                    "id_number": seal.seal(id_number(number)) if number % 2 else None,
                    "id_number_digest": seal.digest(id_number(number)) if number % 2 else None,
                    "phone": seal.seal(("13900000000", "057187654321")[number % 5 == 0]) if number % 3 else None,
                }
                for number in range(ROWS)
            ],
        )
        ids = list(w.session.scalars(select(Person.id).where(Person.partner_id == partner).order_by(Person.id)))[-ROWS:]
        w.connection.execute(
            insert(RosterEntry),
            [
                {"contract_id": contract, "person_id": id_, "starts": midnight(date(2026, 1 + id_ % 12, 1), SHANGHAI), "ends": None}
                for id_ in ids
                for contract, wanted in ((cast.contracts["C01"], id_ % 4 != 0), (second.id, id_ % 7 == 0))
                if wanted
            ],
        )


def everything(app: Flask) -> list[Any]:
    with app.app_context():
        people = db.session.execute(select(Person.__table__).order_by(Person.id)).all()
        return [*people, *db.session.execute(select(RosterEntry.__table__).order_by(RosterEntry.id)).all()]


@pytest.mark.parametrize(("kind", "who"), [("xlsx", "coordinator"), ("csv", "hr")])
def test_what_is_taken_away_and_brought_back_changes_nothing(app: Flask, cast: Cast, sign_in: SignIn, kind: str, who: str) -> None:
    fill(app, cast)
    before = everything(app)
    taken = sign_in(who).get(f"/partners/{cast.partners['P01']}/roster.{kind}")
    assert taken.status_code == 200
    with app.app_context():
        verdict = roster_imports.import_at_once(Scope(cast.partners["P01"], who == "hr"), "花名册", taken.data, SYSTEM)
    assert verdict.judged is not None
    assert verdict.judged.faults == []
    counts = verdict.judged.counts
    assert counts["known"] == ROWS + 3  # the company's own of the cast
    assert (counts["new"], counts["changed"], counts["entered"]) == (0, 0, 0)
    assert everything(app) == before


def test_standings_stand_beside_people_and_numbers_are_masked(app: Flask, cast: Cast, sign_in: SignIn, seed: Seed) -> None:
    filled = document(cast)
    filled["licences"] = [
        {
            "staff_no": "S0001",
            "programme": "GC",
            "events": [{"kind": "granted", "grade": "qualified", "effective": "2026-03-01T00:00:00+08:00"}],
        }
    ]
    seed(filled)
    with app.app_context(), work(SYSTEM) as w:
        w.session.get_one(Contract, cast.contracts["C01"]).programmes = ["GC"]
        owner = w.session.get_one(Person, cast.owner.person_id)
        owner.id_number, owner.phone = sealer().seal("11010519491231002X"), sealer().seal("13800138000")
    client = sign_in("coordinator")
    partner, contract = cast.partners["P01"], cast.contracts["C01"]
    head, first, *others = rows(client.get(f"/partners/{partner}/contracts/{contract}/roster.xlsx").data)
    assert head[:8] == ["工号", "姓名", "身份证号", "手机号", "城市", "合同编号", "上岗日期", "合作方编号"]
    assert first[:6] == ["S0001", "王建国", "*" * 14 + "002X", "138****8000", "杭州", "C01"]
    assert first[8] == "有效"
    assert first[9].date() == date(2027, 2, 28)
    assert [row[8] for row in others] == ["未持证"] * len(others)
    assert len(others) == 2
    text = client.get(f"/partners/{partner}/roster.csv").data.decode("utf-8-sig")
    assert "13800138000" not in text
    assert text.count("\r\n") == 4
    with app.app_context():
        exported = db.session.scalars(select(AuditRow.subject).where(AuditRow.event == "roster.exported").order_by(AuditRow.seq)).all()
    assert exported == [f"contract:{contract}", f"partner:{partner}"]


def test_whose_company_it_is_not_gets_nothing(app: Flask, cast: Cast, sign_in: SignIn, nobody: Visitor) -> None:
    company, contract = f"/partners/{cast.partners['P01']}", f"/partners/{cast.partners['P01']}/contracts/{cast.contracts['C01']}"
    elsewhere = f"/partners/{cast.partners['P02']}/contracts/{cast.contracts['C01']}"
    for path in (f"{company}/roster.xlsx", f"{contract}/roster.csv"):
        assert [sign_in(who).get(path).status_code for who in ("auditor", "officer", "other_coordinator", "owner", "stranger")] == [
            200,
            200,
            404,
            403,
            403,
        ]
        assert nobody.get(path).status_code == 302
    hr = sign_in("hr")
    assert hr.get(f"{elsewhere}/roster.csv").status_code == 404
    assert hr.get(f"{company}/roster.pdf").status_code == 404
