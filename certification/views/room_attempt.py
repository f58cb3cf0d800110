"""One attempt as its officer sees it: the whole timeline, and what may be done to it, each deed with its reason.

Nothing here tells which answers are right, and what was answered is shown only
of late evidence, by the letters that the candidate saw, once the attempt is over.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import Row

from certification import receipt, timing
from certification.actions import room as actions
from certification.actions.timing import grace
from certification.evidence import REPORTED
from certification.forms.room import CollectForm, MinutesForm, NoteForm, ReasonForm, SureForm
from certification.layout import Paper
from certification.sitting import RUNNING, State
from certification.store import attempts, saving
from certification.store import room as store
from certification.timing import Kind
from certification.views.check_in import masked
from certification.views.room import found
from certification.views.room_lines import facts, questions, seat
from certification.views.room_words import CODES, REFUSALS, WHY, clock_face, groups, happened, second
from foundation import clock
from foundation.database import db
from foundation.wording import day, local, mark
from foundation.work import work
from people.login import account, actor, requires
from people.permission import Permission as P
from people.store import accounts as people

doors = Blueprint("room_attempt", __name__, url_prefix="/sittings")
VERBS: dict[str, tuple[Kind, type[ReasonForm]]] = {
    "extend": (Kind.EXTENDED, MinutesForm), "pause": (Kind.PAUSED, ReasonForm), "resume": (Kind.RESUMED, ReasonForm),
    "collect": (Kind.COLLECTED, CollectForm), "reopen": (Kind.REOPENED, MinutesForm), "invalidate": (Kind.INVALIDATED, SureForm),
}
MOST_LATE = 200
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class Entry:
    """A line of the timeline; ``kind``: ``deed`` of a person, or ``sign`` of the device."""

    at: datetime
    title: str
    kind: str = "deed"
    text: str = ""
    who: str = ""
    tone: str | None = None
    icon: str = "active"


def _attempt(sitting_id: int, attempt_id: str) -> tuple[Row[Any], Row[Any], Row[Any]]:
    """The sitting, the person's row on the board and the attempt; 404 when it is another sitting's."""
    sitting = found(sitting_id)
    attempt = store.attempt_shown(db.session, sitting_id, attempt_id) or abort(404)
    return sitting, store.seats(db.session, sitting_id, attempt_id)[0], attempt


@doors.get("/<int:sitting_id>/attempts/<attempt_id>")
@requires(P.ROOM_READ)
def show(sitting_id: int, attempt_id: str) -> str:
    """What happened to an attempt, and what may be done."""
    return _page(*_attempt(sitting_id, attempt_id), {}, NoteForm(formdata=None))


@doors.post("/<int:sitting_id>/attempts/<attempt_id>/notes")
@requires(P.ROOM)
def note(sitting_id: int, attempt_id: str) -> Any:
    """Write down what one saw of this person."""
    known, form = _attempt(sitting_id, attempt_id), NoteForm()
    if not form.validate_on_submit():
        return _page(*known, {}, form), 422
    with work(actor()) as w:
        actions.note(w, sitting_id, str(form.text.data), attempt_id)
    flash(_("已记入时间线。"), "good")
    return redirect(url_for("room_attempt.show", sitting_id=sitting_id, attempt_id=attempt_id))


@doors.post("/<int:sitting_id>/attempts/<attempt_id>/<verb>")
@requires(P.ROOM)
def turn(sitting_id: int, attempt_id: str, verb: str) -> Any:
    """Extend, pause, resume, collect, reopen or invalidate."""
    if verb not in VERBS:
        abort(404)
    known, (kind, make) = _attempt(sitting_id, attempt_id), VERBS[verb]
    form = make(prefix=verb)
    if form.validate_on_submit():
        seconds = int(form.minutes.data or 0) * 60 if isinstance(form, MinutesForm) else 0
        with work(actor()) as w:
            refusal = actions.turn_one(w, sitting_id, attempt_id, kind, str(form.reason.data), seconds)
        if refusal is None:
            flash(_DONE[kind](), "good")
            return redirect(url_for("room_attempt.show", sitting_id=sitting_id, attempt_id=attempt_id))
        form.form_errors.append(REFUSALS[refusal])
        known = _attempt(sitting_id, attempt_id)
    return _page(*known, {verb: form}, NoteForm(formdata=None)), 422


_DONE = {
    Kind.EXTENDED: lambda: _("已延长时间，考生的倒计时会随下一次保存更新。"), Kind.PAUSED: lambda: _("已暂停，计时停在现在。"),
    Kind.RESUMED: lambda: _("已恢复，剩余时间和暂停时一样。"), Kind.REOPENED: lambda: _("已重开，考生可以接着作答，原回执留在时间线上。"),
    Kind.INVALIDATED: lambda: _("答卷已作废。"), Kind.COLLECTED: lambda: _("已收卷，按已保存的答案评分，回执已生成。"),
}


def _page(sitting: Row[Any], row: Row[Any], attempt: Row[Any], typed: dict[str, Any], form: NoteForm) -> str:
    now, state = clock.now(), State(attempt.state)
    released = attempts.is_released(db.session.connection(), attempt)
    turns = store.turns(db.session, sitting.id, [attempt.id]).get(attempt.id, [])
    limit = attempt.deadline + grace()
    overdue = state is State.IN_PROGRESS and now >= limit
    asked = State.CLOSED_BY_DEADLINE if overdue else state
    open_to = [verb for verb, (kind, _make) in VERBS.items() if timing.refusal(kind, asked, limit, now, 60, released) is None]
    forms = {verb: typed.get(verb) or VERBS[verb][1](formdata=None, prefix=verb) for verb in {*open_to, *typed}}
    entries = sorted(_entries(sitting, row, attempt), key=lambda entry: entry.at, reverse=True)
    shown = request.args.get("show", "")
    counts = {kind: sum(entry.kind == kind for entry in entries) for kind in ("deed", "sign")}
    return render_template(
        "certification/room_attempt.html", sitting=sitting, row=row, attempt=attempt, total=questions(sitting), form=form, counts=counts,
        forms={verb: forms[verb] for verb in VERBS if verb in forms} if account().may(P.ROOM) else {}, typed=typed, released=released,
        left=timing.left(facts(sitting, row, turns), now) if state in RUNNING else None, overdue=overdue, seat=seat(sitting, row), now=now,
        timeline_items=[_item(entry, attempt.started) for entry in entries if shown not in counts or entry.kind == shown], shown=shown,
        mask=masked(row), acts=account().may(P.ROOM), clock_face=clock_face,
    )


def _item(entry: Entry, began: datetime) -> dict[str, Any]:
    when = second(entry.at) if local(entry.at).date() == local(began).date() else f"{day(entry.at)} {second(entry.at)}"
    return {
        "when": f"{when} · {entry.who}" if entry.who else when, "title": entry.title, "text": entry.text, "tone": entry.tone,
        "icon": entry.icon,
    }


def _entries(sitting: Row[Any], row: Row[Any], attempt: Row[Any]) -> Iterator[Entry]:
    events = attempts.events(db.session, attempt.id)
    names = people.account_names(db.session, {one for one in (row.checked_in_by, *(event.by for event in events)) if one})
    if row.checked_in:
        yield Entry(row.checked_in, _("身份已核验"), text=row.check_note, who=names.get(row.checked_in_by, ""), tone="good", icon="user")
    yield Entry(attempt.started, _("开始作答"), icon="next")
    for event in events:
        title, tone, icon, told = happened(event)
        text = mark("。").join(part for part in (event.reason, told) if part)
        kind = "sign" if event.kind in REPORTED else "deed"
        yield Entry(event.at, title, kind, text, names.get(event.by, ""), tone, icon)
    for line in store.notes(db.session, sitting.id, attempt.id):
        yield Entry(line.at, _("考务记录"), text=line.text, who=line.who, icon="edit")
    yield from _late(attempt)
    for past in store.past_results(db.session, attempt.id):
        why = str(WHY.get(past.why.partition(":")[0], past.why))
        yield Entry(past.replaced, _("此前的评分结果转为留存"), text=_("原因：%(why)s", why=why), icon="history")
    if attempt.ended and attempt.receipt:
        statement = receipt.read(attempt.receipt)
        collected = any(event.kind == Kind.COLLECTED and event.at == attempt.ended for event in events)
        by_person = _("考务收卷的回执") if collected else _("本人交卷")
        title = _("到时自动收卷") if attempt.state == State.CLOSED_BY_DEADLINE else by_person
        told = _("答了 %(n)s 题，回执码 %(digest)s", n=statement.count, digest=groups(statement.digest))
        yield Entry(attempt.ended, title, text=told, tone="good", icon="check")


def _late(attempt: Row[Any]) -> Iterator[Entry]:
    """Late evidence; what it says only after the end, so that nobody in the room learns an answer of an open paper."""
    paper, over = saving.paper_of(attempt), attempt.state not in RUNNING
    for late in store.late_answers(db.session, attempt.id, MOST_LATE):
        told = [str(CODES.get(late.code, late.code)), _("不计分")]
        if over:
            told.append(_("内容：%(answer)s", answer=written(paper, late.slot, msgspec.json.decode(late.answer))))
        yield Entry(late.received, _("留存的答案，第 %(n)s 题", n=late.slot), "sign", " · ".join(told), icon="inbox")


def written(paper: Paper, number: int, answer: Any) -> str:
    """An answer as it can be read aloud: texts as they are, options by the letters that this candidate saw."""
    slot = paper.slot(number)
    if answer is None or slot is None:
        return _("已清空")
    letters = dict(zip(paper.ids(number, slot.shown), LETTERS, strict=False))
    if isinstance(answer, dict):
        right = {key: str(place) for place, key in enumerate(paper.right_ids(number, slot.right), 1)}
        return mark("、").join(f"{letters.get(one, '?')}–{right.get(other, '?')}" for one, other in answer.items())
    texts = answer if isinstance(answer, list) else [answer]
    return mark("、").join(letters.get(text, text) if slot.shown else text for text in texts) or _("已清空")
