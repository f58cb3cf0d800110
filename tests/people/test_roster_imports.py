"""Rosters as files from the upload to the roster: dry run, faults by cell, all or nothing, safe to repeat."""

import io
import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import func, select

from foundation import worker
from foundation.clock import TickingClock
from foundation.database import db
from foundation.sealing import sealer
from foundation.work import SYSTEM, work
from people.actions import roster_keeping
from people.actions.roster_keeping import Stale
from people.tables import Account, Contract, ImportedEntry, ImportedPerson, Person, RosterEntry, RosterImport
from tests.cast import SHANGHAI, Cast, Visitor
from tests.people.sheets import HEAD, csv, id_number, person, xlsx

SignIn = Callable[[str], Visitor]


def count(app: Flask, table: Any) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(table)) or 0


def drain(app: Flask) -> None:
    with app.app_context():
        worker.drain_outbox()


def upload(app: Flask, client: Visitor, cast: Cast, content: bytes, partner: str = "P01", contract: int = 0) -> RosterImport:
    """Upload a file and have it read; answers the import."""
    answer = client.form(
        f"/partners/{cast.partners[partner]}/import", {"file": (io.BytesIO(content), "花名册.xlsx"), "contract": str(contract)},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 302, answer.text
    drain(app)
    return found(app, int(answer.headers["Location"].rpartition("/")[2]))


def found(app: Flask, import_id: int) -> RosterImport:
    with app.app_context():
        row = db.session.get(RosterImport, import_id)
        assert row is not None
        row.faults  # noqa: B018  # loaded while the session is there
        return row


def keep(app: Flask, client: Visitor, import_id: int) -> RosterImport:
    assert client.form(f"/imports/{import_id}/keep").status_code == 302
    drain(app)
    return found(app, import_id)


def faults(row: RosterImport) -> list[tuple[int, str, str]]:
    return [(fault[0], fault[1], fault[2]) for fault in row.faults]


def test_a_roster_is_checked_shown_and_kept(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    client = sign_in("coordinator")
    row = upload(app, client, cast, xlsx([person(1), person(2, contract="", since=""), person(3, partner="")]))
    assert (row.state, row.report["counts"]) == (
        "checked", {"new": 3, "moved": 0, "returning": 0, "changed": 0, "known": 0, "entered": 2, "rows": 3},
    )
    assert count(app, Person) == len(list(cast))
    page = client.get(f"/imports/{row.id}")
    assert page.status_code == 200
    assert "全部导入" in page.text
    row = keep(app, client, row.id)
    assert (row.state, row.done, row.total) == ("kept", 3, 3)
    with app.app_context():
        first = db.session.scalars(select(Person).where(Person.staff_no == "N00001")).one()
        assert (first.name, first.city, first.partner_id) == ("新人1", "杭州", cast.partners["P01"])
        assert first.id_number
        assert sealer().open(first.id_number) == id_number(1)
        assert first.phone
        assert sealer().open(first.phone) == "13900000001"
        assert first.id_number_digest == sealer().digest(id_number(1))
        stay = db.session.scalars(select(RosterEntry).where(RosterEntry.person_id == first.id)).one()
        assert (stay.contract_id, stay.starts, stay.ends) == (cast.contracts["C01"], datetime(2026, 3, 1, tzinfo=SHANGHAI), None)
        assert db.session.scalar(select(RosterImport.content)) is None
    assert count(app, ImportedPerson) == count(app, ImportedEntry) == 0
    assert "全部导入完成" in client.get(f"/imports/{row.id}").text


def test_the_same_file_again_changes_nothing_and_is_recognised(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    client, content = sign_in("hr"), xlsx([person(number) for number in range(20)])
    keep(app, client, upload(app, client, cast, content).id)
    people, entries = count(app, Person), count(app, RosterEntry)
    row = upload(app, client, cast, content)
    assert row.report["counts"]["known"] == 20
    assert row.report["counts"]["entered"] == 0
    text = client.get(f"/imports/{row.id}").text
    assert "这个文件导入过" in text
    assert "没有要改动的内容" in text
    assert keep(app, client, row.id).state == "kept"
    assert (count(app, Person), count(app, RosterEntry)) == (people, entries)


def test_each_wrong_cell_is_named_and_nothing_is_kept(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    rows = [person(number) for number in range(2, 17)]
    rows[15 - 2] = person(15, id_number=id_number(15)[:17] + "?")  # row 15 of the file
    rows.append(person(17, id_number=4.403011990010113e17, phone=13800138000.0))
    rows.append(person(18, contract="C02"))
    rows.append(person(19, contract="没有"))
    rows.append(person(20, partner="P02"))
    rows.append(person(21, since=date(2030, 1, 1)))
    rows.append(person(22, staff_no="N00002"))
    rows.append(person(23, id_number=id_number(3)))
    client = sign_in("coordinator")
    row = upload(app, client, cast, xlsx(rows))
    assert row.state == "refused"
    assert faults(row) == [
        (15, "id_number", "id_shape"), (17, "id_number", "lost_digits"), (17, "phone", "lost_digits"), (18, "contract", "contract_unknown"),
        (19, "contract", "contract_unknown"), (20, "partner", "partner_other"), (21, "since", "since_outside"), (22, "staff_no", "twice"),
        (22, "name", "unlike"), (22, "id_number", "unlike"), (22, "phone", "unlike"), (23, "id_number", "id_twice"),
    ]
    assert count(app, Person) == len(list(cast))
    page = client.get(f"/imports/{row.id}").text
    assert "第 17 行" in page
    assert "存成了数字" in page
    assert "重新上传" in page
    table = client.get(f"/imports/{row.id}/faults.csv")
    assert table.data.decode("utf-8-sig").count("\r\n") == 13
    assert id_number(3) not in table.text
    assert id_number(3) not in page
    client.form(f"/imports/{row.id}/keep")
    drain(app)
    assert found(app, row.id).state == "refused"
    assert count(app, Person) == len(list(cast))


def test_nobody_enters_a_contract_that_has_ended_and_the_cell_is_quoted(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    with app.app_context(), work(SYSTEM) as w:
        w.session.get_one(Contract, cast.contracts["C01"]).state = "ended"
    row = upload(app, sign_in("coordinator"), cast, xlsx([person(1)]))
    assert row.state == "refused"
    assert [fault[:4] for fault in row.faults] == [[2, "contract", "contract_over", "C01"]]


def test_who_is_known_is_filled_in_renamed_beside_the_id_number_and_comes_back(
    app: Flask, cast: Cast, sign_in: SignIn, clock: TickingClock
) -> None:
    client = sign_in("hr")
    keep(app, client, upload(app, client, cast, xlsx([person(1), person(2), person(3)])).id)
    with app.app_context(), work(SYSTEM) as w:
        left = w.session.scalars(select(Person).where(Person.staff_no == "N00003")).one()
        left.left = w.now
        for stay in w.session.scalars(select(RosterEntry).where(RosterEntry.person_id == left.id)):
            stay.ends = w.now
    clock.tick(days=1)
    client = sign_in("hr")
    row = upload(app, client, cast, csv([
        person(1, name="改名", city="宁波", phone=""), person(2, city="", phone="13711112222", id_number=""),
        person(3, since=date(2026, 11, 23)),
        ["S0001", "王建国", id_number(77), "13611112222", "", "C01", "", ""],
    ], encoding="gbk"))
    assert row.report["counts"] == {"new": 0, "moved": 0, "returning": 1, "changed": 3, "known": 0, "entered": 1, "rows": 4}
    keep(app, client, row.id)
    with app.app_context():
        kept = {each.staff_no: each for each in db.session.scalars(select(Person))}
        assert (kept["N00001"].name, kept["N00001"].city, _opened(kept["N00001"].phone)) == ("改名", "宁波", "13900000001")
        second = kept["N00002"]
        assert (second.city, _opened(second.phone), _opened(second.id_number)) == ("杭州", "13711112222", id_number(2))
        assert kept["N00003"].left is None
        assert _opened(kept["S0001"].id_number) == id_number(77)


def _opened(sealed: bytes | None) -> str:
    return sealer().open(sealed) if sealed else ""


def test_who_is_known_under_another_name_or_number_is_not_overwritten(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    client = sign_in("hr")
    keep(app, client, upload(app, client, cast, xlsx([person(1), person(2)])).id)
    row = upload(app, client, cast, xlsx([
        person(1, name="别人", id_number=""), person(2, id_number=id_number(99)), person(3, id_number=id_number(1)),
        person(4, id_number="*" * 14 + "1234"), person(5, since=date(2026, 3, 1), staff_no="工号五"),
        ["S0001", "王建国", "", "", "", "C01", date(2026, 5, 1), ""],
    ]))
    assert faults(row) == [
        (2, "name", "name_other"), (3, "id_number", "id_other"), (4, "id_number", "id_taken"), (5, "id_number", "mask_other"),
        (6, "staff_no", "staff_no_shape"), (7, "since", "since_other"),
    ]
    text = client.get(f"/imports/{row.id}").text
    assert "这个工号登记的姓名是新人1" in text
    assert "已登记在工号 N00001 名下" in text


def test_hr_moves_people_between_companies_in_one_file_and_a_coordinator_learns_nothing(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    rows = [
        person(1), person(2, contract="C02", partner="P02"), ["S0101", "赵志强", "", "", "", "C01", date(2026, 12, 1), "P01"],
        ["S0002", "李晓梅", "", "", "", "C02", "", "P02"],
    ]
    refused = upload(app, sign_in("coordinator"), cast, xlsx(rows))
    assert faults(refused) == [(3, "partner", "partner_other"), (4, "staff_no", "staff_no_taken"), (5, "partner", "partner_other")]
    assert "赵志强" not in json.dumps(refused.faults, ensure_ascii=False)
    assert "远诚" not in json.dumps(refused.faults, ensure_ascii=False)
    client = sign_in("hr")
    row = upload(app, client, cast, xlsx(rows))
    assert row.report["counts"] == {"new": 2, "moved": 2, "returning": 0, "changed": 0, "known": 0, "entered": 4, "rows": 4}
    keep(app, client, row.id)
    with app.app_context():
        moved = db.session.scalars(select(Person).where(Person.staff_no == "S0101")).one()
        assert moved.partner_id == cast.partners["P01"]
        stays = db.session.execute(
            select(Contract.code, RosterEntry.ends).join(Contract).where(RosterEntry.person_id == moved.id).order_by(RosterEntry.starts)
        ).all()
        assert [(code, ends) for code, ends in stays] == [("C02", datetime(2026, 12, 1, tzinfo=SHANGHAI)), ("C01", None)]


def test_somebody_else_cannot_see_or_keep_an_import(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    row = upload(app, sign_in("coordinator"), cast, xlsx([person(1)]))
    wide = upload(app, sign_in("hr"), cast, xlsx([person(1)]))
    other = sign_in("other_coordinator")
    for path in ("", "/progress", "/faults.csv"):
        assert other.get(f"/imports/{row.id}{path}").status_code == 404
        assert sign_in("coordinator").get(f"/imports/{wide.id}{path}").status_code == 404
    for verb in ("keep", "discard"):
        assert other.form(f"/imports/{row.id}/{verb}").status_code == 404
        assert sign_in("owner").form(f"/imports/{row.id}/{verb}").status_code == 403
    assert other.get(f"/partners/{cast.partners['P01']}/import").status_code == 404
    drain(app)
    assert found(app, row.id).state == "checked"


def test_what_was_thrown_away_or_never_kept_is_gone(app: Flask, cast: Cast, sign_in: SignIn, clock: TickingClock) -> None:
    client = sign_in("hr")
    thrown, waiting = (upload(app, client, cast, xlsx([person(number)])) for number in (1, 2))
    client.form(f"/imports/{thrown.id}/discard")
    client.form(f"/imports/{thrown.id}/keep")
    clock.tick(days=8)
    with app.app_context():
        assert worker.sweeps["roster-imports"](clock.now()) == 1
        assert db.session.scalars(select(RosterImport.content)).all() == [None, None]
    assert (found(app, thrown.id).state, found(app, waiting.id).state) == ("discarded", "discarded")
    assert count(app, Person) == len(list(cast))


def test_a_file_that_is_none_is_named_with_advice(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    client = sign_in("coordinator")
    row = upload(app, client, cast, b"\x89PNG\0\0")
    assert (row.state, row.report) == ("refused", {"trouble": "not_a_table"})
    assert "这不是 Excel 或 CSV 文件" in client.get(f"/imports/{row.id}").text
    headless = upload(app, client, cast, csv([["1", "2"]], head=("甲", "乙")))
    assert faults(headless) == [(0, "staff_no", "no_column"), (0, "name", "no_column")]
    assert "没有找到“工号”这一列" in client.get(f"/imports/{headless.id}").text
    assert client.form(f"/partners/{cast.partners['P01']}/import", {}).status_code == 422
    empty = client.form(
        f"/partners/{cast.partners['P01']}/import", {"file": (io.BytesIO(b""), "a.csv")}, content_type="multipart/form-data"
    )
    assert empty.status_code == 422
    assert "文件是空的" in empty.text


def test_a_chosen_contract_takes_in_those_who_name_none(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    client = sign_in("coordinator")
    row = upload(app, client, cast, csv([["N1", "张三"]], head=("工号", "姓名")), contract=cast.contracts["C01"])
    assert row.report["counts"]["entered"] == 1
    keep(app, client, row.id)
    with app.app_context():
        stay = db.session.scalars(select(RosterEntry).join(Person, Person.id == RosterEntry.person_id).where(Person.staff_no == "N1")).one()
        assert stay.starts == datetime(2026, 11, 22, tzinfo=SHANGHAI)


def test_a_crash_before_the_end_leaves_nothing_and_the_next_try_keeps_all(
    app: Flask, cast: Cast, sign_in: SignIn, clock: TickingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sign_in("hr")
    row = upload(app, client, cast, xlsx([person(number) for number in range(30)]))

    def crash(*_given: object) -> None:
        raise KeyError("the power went")

    with monkeypatch.context() as broken:
        broken.setattr(roster_keeping, "_record", crash)  # everybody is in by then, and nothing is committed
        client.form(f"/imports/{row.id}/keep")
        drain(app)
    assert found(app, row.id).state == "keeping"
    assert (count(app, Person), count(app, ImportedPerson)) == (len(list(cast)), 30)
    clock.tick(minutes=5)
    drain(app)
    assert found(app, row.id).state == "kept"
    assert (count(app, Person), count(app, ImportedPerson)) == (len(list(cast)) + 30, 0)


def test_what_changed_between_looking_and_keeping_is_looked_at_again(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    client = sign_in("hr")
    row = upload(app, client, cast, xlsx([person(1), person(2)]))
    with app.app_context(), work(SYSTEM) as w:
        w.session.add(Person(staff_no="X1", name="别人", partner_id=cast.partners["P02"], id_number_digest=sealer().digest(id_number(2))))
    kept = keep(app, client, row.id)
    assert (kept.state, faults(kept)) == ("refused", [(3, "id_number", "id_taken")])
    assert count(app, Person) == len(list(cast)) + 1


def test_a_swap_on_stale_ground_is_refused(app: Flask, cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    client = sign_in("hr")
    row = upload(app, client, cast, xlsx([["S0001", "王建国", id_number(5), "", "", "", "", ""]]))
    really = roster_keeping.stage

    def stage_then_move(*given: Any) -> None:
        really(*given)
        with work(SYSTEM) as w:
            w.session.get_one(Person, cast.owner.person_id).left = w.now - timedelta(days=1)

    monkeypatch.setattr(roster_keeping, "stage", stage_then_move)
    client.form(f"/imports/{row.id}/keep")
    drain(app)
    kept = found(app, row.id)
    assert kept.state == "kept"  # the second look found somebody who returns
    assert kept.report["counts"]["returning"] == 1
    with app.app_context(), work(SYSTEM) as w:
        w.session.add(ImportedPerson(
            import_id=row.id, person_id=cast.owner.person_id, staff_no="S0001", name="", city="", partner_id=1, seen_partner=999, back=False
        ))
    with pytest.raises(Stale), app.app_context(), work(SYSTEM) as w:
        roster_keeping.swap(w, row.id)


def test_nobody_is_given_an_account(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    client, before = sign_in("hr"), count(app, Account)
    keep(app, client, upload(app, client, cast, xlsx([person(1)])).id)
    assert count(app, Account) == before


def test_progress_is_told_while_it_waits(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    client = sign_in("coordinator")
    answer = client.form(
        f"/partners/{cast.partners['P01']}/import", {"file": (io.BytesIO(xlsx([person(1)])), "a.xlsx")}, content_type="multipart/form-data"
    )
    page = client.get(answer.headers["Location"])
    assert "<progress" in page.text
    assert "import-progress.js" in page.text
    path = answer.headers["Location"] + "/progress"
    assert client.get(path).get_json() == {"state": "waiting", "busy": True, "done": 0, "total": 0}
    drain(app)
    assert client.get(path).get_json() == {"state": "checked", "busy": False, "done": 2, "total": 2}


def test_the_template_can_be_filled_in_and_sent_back(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    client = sign_in("coordinator")
    made = client.get(f"/partners/{cast.partners['P01']}/import/template.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(made.data))
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[1]] == list(HEAD)
    assert sheet["C2"].number_format == "@"
    assert sheet["F2"].value == "C01"
    assert "C01" in [cell.value for cell in book["_"]["F"]]
    for place, cell in enumerate(person(9), 1):
        sheet.cell(3, place, cell)
    filled = io.BytesIO()
    book.save(filled)
    row = upload(app, client, cast, filled.getvalue())
    assert (row.state, row.report["counts"]["new"], row.report["counts"]["rows"]) == ("checked", 1, 1)


def test_the_command_checks_and_keeps(app: Flask, cast: Cast, tmp_path: Path) -> None:
    good, bad, none = (tmp_path / name for name in ("好.xlsx", "坏.csv", "无.bin"))
    good.write_bytes(xlsx([person(1)]))
    bad.write_bytes(csv([person(2, id_number="1")]))
    none.write_bytes(b"\0\0")

    def run(*words: str) -> Any:
        return app.test_cli_runner().invoke(args=["roster", "import", *words])

    dry = run(str(good), "--partner", "p01", "--dry-run", "--json")
    assert (dry.exit_code, json.loads(dry.output)["kept"], json.loads(dry.output)["counts"]["new"]) == (0, False, 1)
    assert count(app, Person) == len(list(cast))
    wrong = run(str(bad), "--partner", "P01")
    assert wrong.exit_code == 3
    assert "row 2, id_number: id_shape" in wrong.output
    assert run(str(none), "--partner", "P01").exit_code == 2
    assert run(str(good), "--partner", "P99").exit_code == 2
    kept = run(str(good), "--partner", "P01")
    assert kept.exit_code == 0
    assert "1 new" in kept.output
    assert (count(app, Person), count(app, ImportedPerson)) == (len(list(cast)) + 1, 0)
    again = run(str(good), "--partner", "P01", "--json")
    assert json.loads(again.output)["counts"]["known"] == 1


def test_what_a_crash_left_beside_is_swept_away(app: Flask, cast: Cast, sign_in: SignIn, clock: TickingClock) -> None:
    row = upload(app, sign_in("hr"), cast, xlsx([person(1)]))
    with app.app_context():
        with work(SYSTEM) as w:
            w.session.add(ImportedPerson(
                import_id=row.id, staff_no="N1", name="新人", city="", partner_id=cast.partners["P01"], back=False
            ))
        worker.sweeps["roster-imports"](clock.now())
    assert count(app, ImportedPerson) == 0
