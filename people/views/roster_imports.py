"""A roster as a file: the template, the upload, what it would do, and one button to keep all of it."""

from datetime import date
from pathlib import PurePath
from typing import Any

from flask import Blueprint, Response, abort, flash, jsonify, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import Row

from foundation import sheets
from foundation.cells import csv_lines
from foundation.database import db
from foundation.sealing import sealer
from foundation.sheets import Column
from foundation.wording import language
from foundation.work import work
from people.actions import roster_imports as actions
from people.actions.roster_reading import Scope
from people.forms import RosterFileForm
from people.login import account, actor, requires
from people.permission import Permission
from people.roster_sheet import EXAMPLES, Field, heading
from people.store import companies
from people.store import roster_imports as store
from people.views.import_words import TROUBLES, fault_words, field_word

doors = Blueprint("roster_imports", __name__)
P = Permission
SHOWN = 200
"""Faults on the page; the file has all of them."""
READY = 5000
"""Rows of the template that offer choices."""
WIDTHS = {Field.NAME: 12, Field.ID_NUMBER: 22, Field.PHONE: 16, Field.CITY: 12, Field.CONTRACT: 20}
AS_TEXT = frozenset({Field.STAFF_NO, Field.ID_NUMBER, Field.PHONE, Field.CONTRACT, Field.PARTNER})
BUSY = ("waiting", "reading", "keeping")


def partner_or_404(partner_id: int) -> Row[Any]:
    """The company, within what the asker may change."""
    return companies.partner_in_scope(db.session, partner_id, account().limit(P.ROSTER_WRITE)) or abort(404)


def import_or_404(import_id: int, whole: bool = False) -> Any:
    """The import, within what the asker may change."""
    return store.import_in_scope(db.session, import_id, account().limit(P.ROSTER_WRITE), whole) or abort(404)


@doors.route("/partners/<int:partner_id>/import", methods=["GET", "POST"])
@requires(P.ROSTER_WRITE)
def new(partner_id: int) -> Any:
    """Upload a roster; HR's may name any company, a coordinator's only the own one."""
    partner, form, company = partner_or_404(partner_id), RosterFileForm(), account().limit(P.ROSTER_WRITE)
    contracts = store.contract_codes(db.session, partner_id)
    form.contract.choices = [(0, _("不列入任何合同")), *((row.id, f"{row.code} {row.title}".strip()) for row in contracts)]
    if form.validate_on_submit():
        content = form.file.data.read() if form.file.data else b""
        if content:
            code = next((row.code for row in contracts if row.id == form.contract.data), "")
            scope, sealed = Scope(partner_id, company is None, code), sealer().seal_bytes(content)
            with work(actor()) as w:
                made = actions.upload(w, scope, PurePath(form.file.data.filename or "").name, content, sealed, form.contract.data or None)
            return redirect(url_for("roster_imports.show", import_id=made))
        form.file.errors = [_("文件是空的，请重新选择") if form.file.data else _("请选择花名册文件")]
    recent = store.recent(db.session, partner_id, company)
    return render_template("people/import_new.html", partner=partner, form=form, recent=recent), 422 if form.errors else 200


@doors.get("/partners/<int:partner_id>/import/template.xlsx")
@requires(P.ROSTER_WRITE)
def template(partner_id: int) -> Response:
    """A workbook to fill in: headings, text columns, contracts to choose from, one example."""
    partner, words = partner_or_404(partner_id), language()
    contracts = [row.code for row in store.contract_codes(db.session, partner_id)]
    hints = {
        Field.STAFF_NO: _("全系统唯一，例如 S0001"), Field.ID_NUMBER: _("18 位，以文本填写"), Field.PHONE: _("11 位，以文本填写"),
        Field.CONTRACT: _("不列入合同就留空"), Field.SINCE: _("例如 2026-01-31；留空从今天算起"),
        Field.PARTNER: _("留空就是导入页面上的公司"),
    }
    choices = {Field.CONTRACT: contracts, Field.PARTNER: [partner.code]}
    columns = [
        Column(heading(name, words), WIDTHS.get(name, 14), name in AS_TEXT, choices.get(name, ()), hints.get(name, "")) for name in Field
    ]
    first = contracts[0] if contracts else ""
    example = [EXAMPLES[words], "张三", "11010519491231002X", "13800138000", "杭州", first, date(2026, 1, 31), partner.code]
    notes = [
        _("第一行是标题，不要改名。第二行是示例，可以删去，不删也不会导入。"),
        _("身份证号和手机号必须是文本：Excel 会把长数字的末尾几位变成 0，所以存成数字的号码不会导入。"),
        _("空着的格子不改动系统里已有的内容。不在表里的人也不受影响：要移出花名册，请到合同页操作。"),
        _("有一格不对，整个文件都不会导入；改好后可以再导入一次，已经登记的人不会重复。"),
    ]
    content = sheets.form(columns, [example], _("花名册"), READY, notes, _("填写说明"))
    return _download(content, sheets.MEDIA_TYPE, "roster-template.xlsx")


@doors.get("/imports/<int:import_id>")
@requires(P.ROSTER_WRITE)
def show(import_id: int) -> Any:
    """What the file would do, or did, or what is wrong with it by cell."""
    found = import_or_404(import_id, whole=True)
    partner = companies.partner_in_scope(db.session, found.partner_id, None)
    faults = [(row, field_word(field), value, fault_words(field, wrong, other)) for row, field, wrong, value, other in found.faults[:SHOWN]]
    before = store.kept_before(db.session, found.digest, found.partner_id, found.id)
    trouble = TROUBLES.get(found.report.get("trouble", ""))
    return render_template(
        "people/import.html", found=found, partner=partner, faults=faults, before=before, trouble=trouble, busy=found.state in BUSY
    )


@doors.get("/imports/<int:import_id>/progress")
@requires(P.ROSTER_WRITE)
def progress(import_id: int) -> Response:
    """How far it is, for the page that waits: ``state, done, total``."""
    found = import_or_404(import_id)
    return jsonify(state=found.state, busy=found.state in BUSY, done=found.done, total=found.total)


@doors.post("/imports/<int:import_id>/keep")
@requires(P.ROSTER_WRITE)
def keep(import_id: int) -> Any:
    """Keep all of it."""
    import_or_404(import_id)
    with work(actor()) as w:
        asked = actions.ask_keep(w, import_id)
    if not asked:
        flash(_("这次导入现在不能写入，请看下面的状态。"), "bad")
    return redirect(url_for("roster_imports.show", import_id=import_id))


@doors.post("/imports/<int:import_id>/discard")
@requires(P.ROSTER_WRITE)
def discard(import_id: int) -> Any:
    """Throw it away."""
    found = import_or_404(import_id)
    partner_id = found.partner_id
    with work(actor()) as w:
        gone = actions.discard(w, import_id)
    flash(_("已放弃，花名册没有变化。") if gone else _("已在写入或已结束，不能放弃。"), "info" if gone else "bad")
    return redirect(url_for("roster_imports.new", partner_id=partner_id))


@doors.get("/imports/<int:import_id>/faults.csv")
@requires(P.ROSTER_WRITE)
def faults(import_id: int) -> Response:
    """All cells that are wrong, as CSV."""
    found = import_or_404(import_id, whole=True)
    rows: list[tuple[Any, ...]] = [(_("行"), _("列"), _("内容"), _("问题"))]
    rows += [(row, field_word(field), value, fault_words(field, wrong, other)) for row, field, wrong, value, other in found.faults]
    if found.report.get("faults", 0) > len(found.faults):
        rows.append(("", "", "", _("后面还有 %(count)s 处没有列出", count=found.report["faults"] - len(found.faults))))
    return _download(b"".join(csv_lines(rows)), "text/csv; charset=utf-8", f"import-{import_id}-faults.csv")


def _download(content: bytes, media_type: str, name: str) -> Response:
    return Response(content, mimetype=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})
