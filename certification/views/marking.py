"""The rater: which questions wait, and one anonymous answer after the other.

Nothing here says whose an answer is: no name, number, company, attempt or
place, and the order is each marker's own and told by chance alone.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask import request as asked
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Row
from werkzeug.wrappers import Response

from certification import marking
from certification.actions import marking as actions
from certification.forms.marking import MarkForm
from certification.marking import Answer, Marker, Refusal
from certification.store import answers as answers_store
from certification.store import marking as store
from certification.views.marking_tasks import marker_of, opened, tasks, texts_waiting, waiting
from foundation import clock
from foundation.database import db
from foundation.work import work
from people.login import account, actor, requires
from people.permission import Permission
from question_bank.item import Kind
from question_bank.store import faces as bank
from standards import store as standards

doors = Blueprint("marking", __name__, url_prefix="/marking")
P = Permission
SYMBOLS = ("0", "¼", "½", "¾", "1")
RECENT = 10
REFUSALS = {
    Refusal.ONESELF: _l("这是您自己的答案，不能由您评分"),
    Refusal.COMPANY: _l("这份答案出自您所在的公司，不能由您评分"),
    Refusal.BOOKED: _l("这位考生由您报名，不能由您评分"),
    Refusal.TWICE: _l("这份答案您已经评过"),
    Refusal.TAKEN: _l("这份答案超过 30 分钟没有评，已转给其他评分员"),
    Refusal.SETTLED: _l("这份答案的得分已定，不能再改"),
}


@doors.get("")
@requires(P.MARK)
def index() -> str:
    """What waits for me."""
    marker, now = marker_of(account()), clock.now()
    found, coming = tasks(marker, now)
    return render_template("certification/marking.html", tasks=found, coming=coming, fills=texts_waiting(marker, now), now=now)


@doors.get("/<int:sitting_id>/<int:version_id>", defaults={"third": False})
@doors.get("/<int:sitting_id>/<int:version_id>/third", defaults={"third": True}, endpoint="third")
@requires(P.MARK)
def desk(sitting_id: int, version_id: int, third: bool) -> str:
    """The answer that I hold, or one of mine to look at again; else how many wait."""
    question, answers = _question(sitting_id, version_id)
    marker, wanted = marker_of(account()), asked.args.get("answer", "")
    chosen = _own(marker, answers, wanted) if wanted else _held(marker, answers, third)
    if chosen is None and wanted:
        abort(404)
    return _page(question, answers, chosen, third, MarkForm(formdata=None))


def _question(sitting_id: int, version_id: int) -> tuple[Row[Any], list[Answer]]:
    """A question that may be marked, with its answers; anything else is not found."""
    rows = answers_store.questions(db.session, Kind.SHORT, sitting_id, version_id)
    if not rows or not opened([sitting_id], {sitting_id: rows[0]}, clock.now()):
        abort(404)
    return rows[0], store.answers(db.session, [sitting_id], [version_id])[0]


def _held(marker: Marker, answers: Sequence[Answer], third: bool) -> Answer | None:
    return next((one for one in answers if marking.holds(marker, one, third, clock.now())), None)


def _own(marker: Marker, answers: Sequence[Answer], wanted: str) -> Answer | None:
    """One that the marker has marked, by its alias."""
    return next((one for one in _marked(marker, answers) if actions.alias(marker.account, one) == wanted), None)


def _marked(marker: Marker, answers: Sequence[Answer]) -> list[Answer]:
    """What the marker has marked of the question, the newest first."""
    mine = [(mark.taken, one) for one in answers if (mark := marking.own(marker, one)) and mark.fraction is not None]
    return [one for _taken, one in sorted(mine, key=lambda pair: pair[0], reverse=True)]


@doors.post("/<int:sitting_id>/<int:version_id>/take", defaults={"third": False})
@doors.post("/<int:sitting_id>/<int:version_id>/third/take", defaults={"third": True}, endpoint="take_third")
@requires(P.MARK)
def take(sitting_id: int, version_id: int, third: bool) -> Response:
    """Take the next answer."""
    _row, answers = _question(sitting_id, version_id)
    with work(actor()) as w:
        actions.take_next(w, marker_of(account()), answers, third)
    return _back(sitting_id, version_id, third)


@doors.post("/<int:sitting_id>/<int:version_id>", defaults={"third": False})
@doors.post("/<int:sitting_id>/<int:version_id>/third", defaults={"third": True}, endpoint="mark_third")
@requires(P.MARK)
def mark(sitting_id: int, version_id: int, third: bool) -> Any:
    """Keep a mark and take the next answer; a correction leads back to where one was."""
    question, answers = _question(sitting_id, version_id)
    form, marker = MarkForm(), marker_of(account())
    again = _own(marker, answers, str(form.answer.data or ""))
    if not form.validate_on_submit():
        return _page(question, answers, again or _held(marker, answers, third), third, form), 422
    comment = str(form.comment.data or "").strip()
    with work(actor()) as w:
        refused = actions.mark(w, marker, answers, str(form.answer.data), third, Fraction(form.mark.data, 4), comment)
        if refused is None and again is None:
            actions.take_next(w, marker, answers, third)
    if refused:  # told on this very page: a comment kept for the next one can be more than a cookie holds, and all of it is lost
        flash(str(REFUSALS[refused]), "bad")
        if comment:
            flash(_("您写的评语没有保存：%(comment)s", comment=comment), "warn")
        fresh = store.answers(db.session, [sitting_id], [version_id])[0]
        return _page(question, fresh, _held(marker, fresh, third), third, MarkForm(formdata=None)), 409
    if again:
        flash(_("得分已改。"), "good")
    return _back(sitting_id, version_id, third)


def _back(sitting_id: int, version_id: int, third: bool) -> Response:
    return redirect(url_for("marking.third" if third else "marking.desk", sitting_id=sitting_id, version_id=version_id))


def _page(question: Row[Any], answers: Sequence[Answer], chosen: Answer | None, third: bool, form: MarkForm) -> str:
    marker, now = marker_of(account()), clock.now()
    mine = marking.own(marker, chosen) if chosen else None
    if chosen and mine and form.answer.data is None:
        form.answer.data, form.comment.data = actions.alias(marker.account, chosen), mine.comment
    marked = _marked(marker, answers)
    recent = [
        (actions.alias(marker.account, one), one.text, own.fraction, own.round == marking.THIRD, marking.may_correct(marker, one, now))
        for one in marked[:RECENT] if (own := marking.own(marker, one))
    ]
    return render_template(
        "certification/marking_desk.html", question=question, chosen=chosen, mine=mine, third=third, form=form, steps=_steps(chosen),
        fixed=chosen is not None and mine is not None and mine.fraction is not None and not marking.may_correct(marker, chosen, now),
        tally=marking.tally(answers, now), waiting=waiting(marker, answers, third, now), done=len(marked), symbols=SYMBOLS,
        recent=recent,
        blind=[one for one in chosen.marks if one.round != marking.THIRD] if chosen and third else [],
        **(_rubric(question.version_id) if chosen else {}),
    )


def _steps(chosen: Answer | None) -> list[tuple[int, str, str]]:
    """Each step: its number, its sign, the points it is worth."""
    return [(index, SYMBOLS[index], f"{float(step) * chosen.points:g}") for index, step in enumerate(marking.STEPS)] if chosen else []


def _rubric(version_id: int) -> dict[str, Any]:
    """What a marker needs beside the answer: the model answer, what it rests on, the clauses."""
    key = bank.keys(db.session, [version_id])[version_id]
    clauses = standards.clauses_by_id(db.session, key.clause_ids)
    return {"model": list(key.key), "rationale": key.rationale, "clauses": [clauses[one] for one in key.clause_ids if one in clauses]}
