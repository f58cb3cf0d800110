"""Questions that come in: a file or a pasted paper, what it says, clauses by suggestion, and one button to keep all of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from flask import Blueprint, Response, abort, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _

from foundation import clock
from foundation.cells import csv_lines
from foundation.database import db
from foundation.wording import language, said
from foundation.work import work
from people.login import account, actor, requires
from people.permission import Permission
from question_bank.actions import import_keeping, imports
from question_bank.exchange import sheet_template
from question_bank.exchange.formats import FORMATS, Name
from question_bank.exchange.pieces import notes_of, wording_of
from question_bank.forms.imports import ImportForm, closest, references
from question_bank.forms.items import KINDS
from question_bank.store import imports as store
from question_bank.store.suggestions import in_force, open_clauses
from question_bank.views.exchange_words import format_word, note_lines, place_word, refusal_sentence
from question_bank.views.import_words import LEAVING, RELATIONS, STATUSES
from question_bank.views.items import whole
from standards import store as standards

doors = Blueprint("question_imports", __name__)
P = Permission
PER_PAGE = 50
BUSY = ("waiting", "reading", "keeping")
EXCERPT = 80


def import_or_404(import_id: int) -> store.Import:
    """The import, if it is the asker's own."""
    return store.own_import(db.session, import_id, account().account_id) or abort(404)


@doors.route("/question-bank/import", methods=["GET", "POST"])
@requires(P.ITEM_WRITE)
def new() -> Any:
    """Take in a file or a pasted text; a small one is read before the next page is shown."""
    form = ImportForm()
    known = [name for name, one in FORMATS.items() if one.read]
    form.format.choices = [("", _("自动识别")), *((name.value, format_word(name)) for name in known)]
    recent = store.recent(db.session, account().account_id)
    form.edition.choices = [("", _("所有现行规范")), *_editions()]
    if request.method == "GET" and recent and recent[0].edition in dict(form.edition.choices):
        form.edition.data = recent[0].edition
    if form.validate_on_submit() and (given := _given(form)):
        name, content = given
        with work(actor()) as w:
            made = imports.upload(w, name, content, form.format.data or "", form.edition.data or "")
        if len(content) <= imports.AT_ONCE:
            imports.read({"id": made})
        return redirect(url_for("question_imports.show", import_id=made))
    return render_template("question_bank/import_new.html", form=form, recent=recent), 422 if form.errors else 200


def _editions() -> list[tuple[str, str]]:
    """The editions in force with their titles."""
    current = in_force(db.session, clock.now())
    listed = [(f"{one.standard}@{one.edition}", f"{said(one.title)} {one.edition}") for one in standards.editions(db.session)]
    return [pair for pair in listed if pair[0] in current]


def _given(form: ImportForm) -> tuple[str, bytes] | None:
    """The name and content of what was sent; None with an error on the form where there is nothing, or both."""
    text = str(form.text.data or "")
    chosen = form.file.data.read() if form.file.data else b""
    if text.strip() and chosen:
        form.text.errors = [_("粘贴的文字和文件只能选一种")]
    elif text.strip():
        first = next(line.strip() for line in text.splitlines() if line.strip())
        return _("粘贴：%(start)s", start=first[:30]), text.encode("utf-8", "replace")
    elif chosen:
        return PurePath((form.file.data.filename or "").replace("\\", "/")).name, chosen
    else:
        form.text.errors = [_("文件是空的，请重新选择") if form.file.data else _("请粘贴题目，或者选择文件")]
    return None


@doors.get("/question-bank/import/template.xlsx")
@requires(P.ITEM_WRITE)
def template() -> Response:
    """A workbook to fill in, with the clauses that are in force to choose from."""
    listed = [(clause.ref, said(clause.title) or said(clause.text)) for clause in open_clauses(db.session, clock.now())]
    content = sheet_template.template(language(), _, listed)
    headers = {"Content-Disposition": 'attachment; filename="questions-template.xlsx"'}
    return Response(content, content_type=FORMATS[Name.XLSX].media_type, headers=headers)


@dataclass
class Page:
    """What was sent for the questions of a page, where it is wrong: by question what was typed, and what is said of it."""

    typed: dict[int, str] = field(default_factory=dict)
    errors: dict[int, str] = field(default_factory=dict)
    bulk: str = ""
    bulk_error: str = ""


@doors.get("/question-bank/import/<int:import_id>")
@requires(P.ITEM_WRITE)
def show(import_id: int) -> Any:
    """What the file says question by question, and what became of it."""
    return _page(import_or_404(import_id), Page())


def _page(found: store.Import, sent: Page) -> Any:
    outline = store.outline(db.session, found.id)
    view = request.args.get("view", "all")
    view = view if view in store.VIEWS else "all"
    ids = [row.id for row in outline if view in store.views_of(row)]
    pages = max(1, -(-len(ids) // PER_PAGE))
    page = min(pages, int(asked) if (asked := request.args.get("page", "1")[:5]).isdecimal() and int(asked) else 1)
    rows = store.rows(db.session, found.id, ids[(page - 1) * PER_PAGE : page * PER_PAGE])
    clauses = {clause.ref: clause for clause in standards.clauses(db.session)}
    refusal = found.report.get("refusal")
    answer = render_template(
        "question_bank/import.html", found=found, sent=sent, counts=store.counts(outline), view=view, page=page, pages=pages, rows=rows,
        shown=[_shown(row) for row in rows], items=_items_of(rows),
        clauses=clauses, narrowed=_clauses_of(found), busy=found.state in BUSY, refusal=refusal_sentence(*refusal) if refusal else "",
        before=store.kept_before(db.session, found), format_word=format_word(found.format), relations=RELATIONS,
        bare=sum(not row.clauses and not row.left_out for row in outline),
        hinted=sum(bool(row.suggested) and not row.clauses and not row.left_out for row in outline),
    )
    return answer, 422 if sent.errors or sent.bulk_error else 200


def _items_of(rows: Sequence[store.ImportRow]) -> dict[int, Any]:
    """The items that the questions are about, or became."""
    return store.items_by_id(db.session, {key for row in rows for key in (row.twin_id, row.item_id)})


def _shown(row: store.ImportRow) -> dict[str, Any]:
    """A question as the page shows it."""
    return {"said": wording_of(row.said), "notes": note_lines(notes_of(row.notes)), "place": place_word(row.ref)}


def _clauses_of(found: store.Import) -> list[Any]:
    """The clauses that may be chosen: of the edition that was named, or of all in force."""
    return open_clauses(db.session, clock.now(), found.edition)


@doors.get("/question-bank/import/<int:import_id>/progress")
@requires(P.ITEM_WRITE)
def progress(import_id: int) -> Response:
    """How far it is."""
    found = import_or_404(import_id)
    return jsonify(state=found.state, busy=found.state in BUSY, done=found.done, total=found.total)


@doors.post("/question-bank/import/<int:import_id>/rows")
@requires(P.ITEM_WRITE)
def change(import_id: int) -> Any:
    """Keep the clauses of the page, and do what the button says: suggest, choose for many, leave out, take in, keep."""
    found = import_or_404(import_id)
    do, __, wanted = request.form.get("do", "").partition(" ")
    sent, chosen = _read(found)
    if do == "suggest":  # takes the place of what was typed and is no clause
        sent = Page()
    picked = [int(value) for value in request.form.getlist("picked") if value.isdecimal() and len(value) < 10]
    if do == "set":
        refs = _bulk(found, sent, bool(picked))
        chosen.update(dict.fromkeys(picked, refs) if refs else {})
    if do == "pick":
        number, __, ref = wanted.partition(" ")
        if number.isdecimal() and len(number) < 10 and ref in standards.clause_ids(db.session):
            chosen[int(number)] = [ref]
            sent.errors.pop(int(number), None)
    with work(actor()) as w:
        if chosen and not imports.choose(w, import_id, chosen):
            return _over(import_id)
        going = not sent.errors and not sent.bulk_error and _done(w, import_id, do, picked)
    if sent.errors or sent.bulk_error:
        return _page(import_or_404(import_id), sent)
    if request.form.get("quiet"):
        return Response(status=204)
    if going and found.total <= import_keeping.AT_ONCE:
        _keep_now(import_id)
    anchor = wanted.partition(" ")[0] if do == "pick" else ""
    view, page = request.args.get("view"), request.args.get("page")
    mark = f"q{anchor}" if anchor.isdecimal() else None
    return redirect(url_for("question_imports.show", import_id=import_id, view=view, page=page, _anchor=mark))


def _read(found: store.Import) -> tuple[Page, dict[int, list[str]]]:
    """The clauses by question that were sent and differ from what is kept, and where they are none."""
    sent, chosen = Page(bulk=request.form.get("bulk", "")), {}
    sent_for = [(whole(name.removeprefix("clauses-")), text) for name, text in request.form.items() if name.startswith("clauses-")]
    typed = {key: text for key, text in sent_for if key}
    refs = standards.clause_ids(db.session)
    numbers = _by_number(found)
    for row in store.rows(db.session, found.id, list(typed)):
        good, wrong = references(typed[row.id], refs, numbers)
        if wrong:
            sent.typed[row.id], sent.errors[row.id] = typed[row.id], _no_clause(wrong[0], refs)
        elif good != row.clauses:
            chosen[row.id] = good
    return sent, chosen


def _by_number(found: store.Import) -> dict[str, str]:
    """References by their number alone, of the numbers that one clause has."""
    listed = _clauses_of(found)
    numbers = [clause.number for clause in listed]
    return {clause.number: clause.ref for clause in listed if numbers.count(clause.number) == 1}


def _no_clause(part: str, refs: Collection[str]) -> str:
    near = closest(part, refs)
    return str(_("没有条款“%(part)s”，是不是 %(near)s？", part=part, near=near) if near else _("没有条款“%(part)s”", part=part))


def _bulk(found: store.Import, sent: Page, any_picked: bool) -> list[str]:
    """The clauses to choose for all that were ticked; [] with an error where there is none."""
    good, wrong = references(sent.bulk, standards.clause_ids(db.session), _by_number(found))
    if not any_picked:
        sent.bulk_error = _("请先勾选题目")
    elif wrong:
        sent.bulk_error = _no_clause(wrong[0], standards.clause_ids(db.session))
    elif not good:
        sent.bulk_error = _("请写明条款")
    return [] if sent.bulk_error else good


def _done(w: Any, import_id: int, do: str, picked: list[int]) -> bool:
    """Do what the button says within the unit of work; whether the import is being kept now."""
    if do in ("keep", "submit"):
        return import_keeping.ask_keep(w, import_id, do == "submit")
    if do == "suggest":
        imports.take_suggested(w, import_id, every=True)
    elif do in LEAVING and picked:
        imports.leave_out(w, import_id, picked, left=do == "leave")
    elif do == "as_new" and picked:
        imports.as_new(w, import_id, picked)
    return False


def _keep_now(import_id: int) -> None:
    """Keep few questions at once, and say what came of it."""
    who = actor()
    import_keeping.keep({"id": import_id, "actor": who.name, "account": who.account_id, "origin": who.origin})
    found = import_or_404(import_id)
    if found.state == "kept":
        flash(_("导入完成，%(new)s 道新题，%(sent)s 道已提交审核。", new=found.report["new"], sent=found.report["submitted"]), "good")
    else:
        flash(_("题库刚有变化，有题目和刚才看到的不同。请再看一遍。"), "warn")


def _over(import_id: int) -> Any:
    flash(_("这次导入已经结束，不能再改。"), "bad")
    return redirect(url_for("question_imports.show", import_id=import_id))


@doors.post("/question-bank/import/<int:import_id>/discard")
@requires(P.ITEM_WRITE)
def discard(import_id: int) -> Any:
    """Throw the import away; the bank stays as it is."""
    import_or_404(import_id)
    with work(actor()) as w:
        gone = imports.discard(w, import_id)
    flash(_("已放弃，题库没有变化。") if gone else _("已在导入或已结束，不能放弃。"), "info" if gone else "bad")
    return redirect(url_for("question_imports.new"))


@doors.get("/question-bank/import/<int:import_id>/report.csv")
@requires(P.ITEM_WRITE)
def report(import_id: int) -> Response:
    """What became of every question, as CSV."""
    import_or_404(import_id)
    rows = store.rows(db.session, import_id)
    items = _items_of(rows)
    lines: list[tuple[Any, ...]] = [(_("位置"), _("题型"), _("题干"), _("结果"), _("和题库的关系"), _("条款"), _("题库编号"), _("说明"))]
    for row in rows:
        shown = _shown(row)
        known = items.get(row.item_id or row.twin_id or 0)
        notes = "；".join(sentence for _weight, sentence in shown["notes"])
        lines.append((
            shown["place"], KINDS[shown["said"].kind], shown["said"].stem[:EXCERPT], STATUSES[row.status], RELATIONS[row.relation],
            " ".join(row.clauses), known.code if known else "", notes,
        ))
    headers = {"Content-Disposition": f'attachment; filename="question-import-{import_id}.csv"'}
    return Response(b"".join(csv_lines(lines)), mimetype="text/csv; charset=utf-8", headers=headers)
