"""What a new edition changes, and the work list of the questions that it touches."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import pgettext as _p

from foundation.database import db
from foundation.listing import Listing
from foundation.work import work
from people.login import account, actor, requires
from people.permission import Permission, Role
from people.store.accounts import ACCOUNT_ORDER, accounts
from question_bank.actions import edition_changes as actions
from question_bank.carry_over import SUGGESTED, Refusal, Stand, Verdict
from question_bank.forms.edition_changes import DEEDS, DeedForm
from question_bank.store import clauses as asked_about
from question_bank.store import edition_changes as store
from question_bank.store import edition_steps
from question_bank.views.items import refusal_words
from standards import store as standards
from standards.edition_change import Change, Step, marked

doors = Blueprint("edition_changes", __name__)
P = Permission
MOST = 2000
"""Questions that one deed may reach; carried over ``AT_ONCE`` to a unit of work, so that exams being written never wait for it."""
AT_ONCE = 25


@doors.get("/standards/<code>/<edition>/changes")
@requires(P.SIGNED_IN)
def show(code: str, edition: str) -> str:
    """An edition beside an earlier one (``since``, or the one before it), clause by clause."""
    later = standards.edition_at(db.session, code, edition) or abort(404)
    listing = Listing.from_request(("number",), ("change", "since"))
    found = edition_steps.between(db.session, code, edition, listing.chosen.get("since", ""))
    if found is None:
        if "since" in listing.chosen:
            abort(404)
        return render_template("question_bank/edition_changes.html", found=None, later=later, listing=listing)
    counts = Counter(step.change.value for step in found.steps)
    if len(found.earlier) > 1:
        listing.add_filter("since", _("对比"), {view.edition: view.edition for view in found.earlier})
    listing.add_filter("change", _("变化"), {change: word for change, word in change_words().items() if counts[change]}, counts)
    steps = [step for step in found.steps if _shown(step, listing) and _holds(found, step, listing.q)]
    listing.total = len(steps)
    return render_template(
        "question_bank/edition_changes.html", found=found, later=later, listing=listing, steps=steps, counts=counts, marked=marked,
        items=asked_about.counts_by_clause(db.session) if account().may(P.ITEM_READ) else None,
    )


def _shown(step: Step, listing: Listing) -> bool:
    """Whether the page shows the clause: what did not change only where it was asked for, or looked for."""
    asked = listing.chosen.get("change")
    return step.change == asked if asked else bool(listing.q) or step.change is not Change.SAME


def _holds(found: edition_steps.Between, step: Step, query: str) -> bool:
    """Whether a search finds the clause, by its number or by what it says in either edition."""
    views = [found.old[step.former]] if step.former else []
    views += [found.new[step.later]] if step.later else []
    return any(query in (view.number, *view.text.values(), *view.title.values()) or query in view.text.get("zh", "") for view in views)


def change_words() -> dict[str, str]:
    """What became of a clause, in words."""
    return {
        Change.ADDED: _("新增"), Change.CHANGED: _p("clause", "修改"), Change.MOVED: _("只改了条号"), Change.WITHDRAWN: _("废止"),
        Change.SAME: _("没有变化"),
    }


@doors.post("/standards/<code>/<edition>/changes/list")
@requires(P.ITEM_WRITE)
def open_list(code: str, edition: str) -> Any:
    """Open the work list, or put on it what was written since."""
    found = edition_steps.between(db.session, code, edition, request.form.get("since", "")) or abort(404)
    with work(actor()) as w:
        change_id, came = actions.open_list(w, found.former.id, found.later.id, found.changes, account().account_id)
    flash(_("%(n)s 道试题已列入清单。", n=came) if came else _("没有新的试题要列入清单。"), "good")
    return redirect(url_for("edition_changes.work_list", change_id=change_id))


@doors.get("/question-bank/changes/<int:change_id>")
@requires(P.ITEM_READ)
def work_list(change_id: int) -> str:
    """The questions that a new edition touches: who looks at which, what was decided, what is left."""
    return _page(_list_or_404(change_id), DeedForm(formdata=None))


def _list_or_404(change_id: int) -> Any:
    return store.work_list(db.session, change_id) or abort(404)


def _listing(change_id: int) -> Listing:
    names = ("change", "stand", "verdict", "assigned")
    path = url_for("edition_changes.work_list", change_id=change_id)
    return Listing.from_request(("change", "code", "decided"), names, descending=True, path=path)


def _page(row: Any, form: DeedForm, refused: dict[str, list[str]] | None = None) -> str:
    listing, counts, trainers = _listing(row.id), store.counts(db.session, row.id), _trainers()
    form.to.choices = [("", _("不分派")), *((str(key), name) for key, name in trainers.items())]
    words = change_words()
    listing.add_filter("change", _("条款"), {change: words[change] for change in SUGGESTED if counts["change"][change]}, counts["change"])
    listing.add_filter("stand", _("进度"), stand_words(), counts["stand"])
    listing.add_filter("verdict", _("判定"), verdict_words(), counts["verdict"])
    listing.add_filter("assigned", _("负责人"), {str(account().account_id): _("我"), "none": _("未分派")})
    listing.fill(db.session, store.cases(row.id, listing.q, listing.chosen), store.ORDER, store.ORDER["id"])
    return render_template(
        "question_bank/edition_work.html", row=row, listing=listing, counts=counts, form=form, refused=refused or {}, change_words=words,
        stand_words=stand_words(), verdict_words=verdict_words(), suggested=SUGGESTED, may_write=account().may(P.ITEM_WRITE),
    )


def _trainers() -> dict[int, str]:
    rows = db.session.execute(accounts("", Role.TRAINER, "open").order_by(ACCOUNT_ORDER["name"], ACCOUNT_ORDER["id"]))
    return {row.id: row.name for row in rows}


def stand_words() -> dict[str, str]:
    """How far the work on a question is, in words."""
    return {Stand.OPEN: _("待判定"), Stand.DECIDED: _("已判定，待处理"), Stand.DONE: _("已处理")}


def verdict_words() -> dict[str, str]:
    """What was decided about a question, in words."""
    return {Verdict.RIGHT: _("仍然正确"), Verdict.REVISE: _("要出新版"), Verdict.RETIRE: _("要停用")}


@doors.post("/question-bank/changes/<int:change_id>")
@requires(P.ITEM_WRITE)
def deed(change_id: int) -> Any:
    """Do one thing with every chosen question, and say what was not done, and why."""
    row, form, listing = _list_or_404(change_id), DeedForm(), _listing(change_id)
    trainers = _trainers()
    chosen = list(form.chosen.data or [])
    if form.every.data:
        chosen = store.ids(db.session, change_id, listing.q, listing.chosen, MOST)
    if form.do.data not in DEEDS or (form.do.data == "assign" and form.to.data and form.to.data not in map(str, trainers)):
        abort(400)
    if not chosen:
        form.form_errors.append(_("先勾选试题，再选择要做什么。"))
        return _page(row, form), 422
    outcomes = _do(row, str(form.do.data), str(form.to.data or ""), chosen)
    done = sum(outcome.refusal is None for outcome in outcomes)
    if done:
        flash(_("“%(deed)s”：%(n)s 道。", deed=str(DEEDS[str(form.do.data)]), n=done) + (
            _("请核对解析里引用的条号。") if form.do.data in ("carry", "copy") else ""), "good")
    refused: dict[str, list[str]] = {}
    for outcome in outcomes:
        if outcome.refusal is not None:
            refused.setdefault(_why(outcome.refusal), []).append(outcome.code)
    if refused:
        return _page(row, form, refused), 200 if done else 409
    return redirect(f"{listing.path}?{listing.query}")


def _do(row: Any, do: str, to: str, chosen: Sequence[int]) -> list[actions.Outcome]:
    """The deed, part by part, each in a unit of work of its own."""
    me = account().account_id
    later = edition_steps.between(db.session, row.code, row.later, row.former) if do in ("carry", "copy") else None
    way = actions.Way(later.successors if later else {}, standards.clause_ids(db.session) if later else {}, do == "copy")
    outcomes: list[actions.Outcome] = []
    for part in _parts(chosen):
        with work(actor()) as w:
            if do in ("carry", "copy"):
                outcomes += actions.carry(w, row.id, part, way, me)
            elif do == "stop":
                outcomes += actions.retire(w, row.id, part, me)
            elif do == "assign":
                outcomes += actions.assign(w, row.id, part, int(to) if to else None)
            else:
                outcomes += actions.decide(w, row.id, part, None if do == "undecide" else Verdict(do), me)
    return outcomes


def _parts(chosen: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(chosen), AT_ONCE):
        yield chosen[start : start + AT_ONCE]


def _why(refusal: actions.Refusal) -> str:
    if not isinstance(refusal, Refusal):
        return refusal_words(refusal)
    words = {
        Refusal.NO_VERDICT: _("还没有判定。先判定，再带到新条款。"),
        Refusal.TO_RETIRE: _("判定为要停用，不带到新条款。"),
        Refusal.NOT_TO_RETIRE: _("没有判定为要停用。"),
        Refusal.CARRIED: _("已经带到新条款，判定不再改动。"),
        Refusal.NO_CLAUSE: _("它的条款全部废止，没有可以带去的新条款。"),
        Refusal.RETIRED: _("已经停用。"),
    }
    return str(words[refusal])
