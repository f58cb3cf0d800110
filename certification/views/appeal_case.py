"""What stands on a case's page: the result and how it changed, what happened, the marks, and to whoever has taken it the answers."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import Row

from certification import sitting
from certification.layout import Paper, in_codes
from certification.regrade import apply
from certification.store import appeals as store
from certification.store import attempts, decisions, exams, regrades, saving
from certification.views.appeal_words import KINDS
from certification.views.regrade_words import key_words
from certification.views.room_words import WHY, happened
from foundation.database import db
from people.login import account
from people.permission import Permission
from question_bank.rich_text import bare
from question_bank.store import faces as bank


@dataclass(frozen=True)
class Line:
    """One question of the person's paper: what it earned (None: it counts nothing) of what it is worth now.

    ``stem``, ``answer`` and ``key`` are for the taker alone.
    """

    slot: int
    code: str
    mark: float | None
    points: float
    stem: str = ""
    answer: str = ""
    key: str = ""
    rationale: str = ""


def lines(row: Row[Any], open_answers: bool) -> list[Line]:
    """The questions of the attempt that a case is about, in the person's own order; none where there is no attempt."""
    case = row.Appeal
    if case.attempt_id is None or row.marks is None:
        return []
    attempt = store.attempt_of(db.session, case.attempt_id)
    paper = saving.paper_of(attempt)
    codes = {version: code for version, _points, code, *_rest in regrades.paper(db.session, row.form_id)}
    given = {slot: mark for slot, _fraction, mark in row.marks}
    slots, _keys, _given = apply(paper.slots, {}, regrades.committed(db.session.connection(), case.sitting_id))
    plain = [
        Line(number, codes.get(slot.version, ""), None if slot.unscored else given.get(number), slot.points)
        for number, slot in enumerate(slots, 1)
    ]
    return _with_answers(case.attempt_id, paper, plain) if open_answers else plain


def _with_answers(attempt_id: str, paper: Paper, plain: list[Line]) -> list[Line]:
    versions = [slot.version for slot in paper.slots]
    faces, keys = bank.faces(db.session, versions), bank.keys(db.session, versions)
    steps = saving.newest_steps(db.session.connection(), attempt_id, 1, len(paper.slots))
    answers = sitting.answers(steps.values())
    found = []
    for line in plain:
        slot = paper.slots[line.slot - 1]
        face, key = faces[slot.version], keys[slot.version]
        said = in_codes(paper, line.slot, answers.get(line.slot))
        found.append(Line(
            line.slot, line.code, line.mark, line.points, face.stem, _said(slot.kind, said, face),
            key_words(slot.kind, key.key, face), key.rationale,
        ))
    return found


def _said(kind: str, answer: Any, face: Any) -> str:
    """An answer as one would say it: the texts of the options that were picked, or what was written."""
    texts = {option.code: bare(option.text) for option in face.options}
    if answer in (None, "", [], {}):
        return ""
    if isinstance(answer, dict):
        return key_words(kind, answer, face)
    if isinstance(answer, list):
        return " / ".join(texts.get(one, str(one)) for one in answer)
    return texts.get(answer, str(answer))


def timeline(row: Row[Any]) -> list[dict[str, Any]]:
    """Everything that is known to have happened, the newest first, for the ``timeline`` macro."""
    return sorted([*_exam(row), *_results(row), *_handling(row)], key=lambda entry: entry["when"], reverse=True)


def _exam(row: Row[Any]) -> Iterator[dict[str, Any]]:
    case = row.Appeal
    if row.started:
        yield {"when": row.started, "title": _("开始作答"), "icon": "exam"}
    if row.ended:
        yield {"when": row.ended, "title": _("收卷"), "icon": "check"}
    if case.attempt_id:
        for event in attempts.events(db.session, case.attempt_id):
            title, tone, icon, more = happened(event)
            yield {"when": event.at, "title": title, "tone": tone, "icon": icon, "text": " · ".join(filter(None, (event.reason, more)))}


def _results(row: Row[Any]) -> Iterator[dict[str, Any]]:
    case = row.Appeal
    if row.released:
        yield {"when": row.released, "title": _("公布成绩"), "tone": "good", "icon": "check"}
    for past in store.past_results(db.session, case.attempt_id or "") if row.result_state == "released" else ():
        number = past.why.partition(":")[2]
        url = url_for("regrades.show", regrade_id=number) if past.why.startswith("regrade:") else None
        result = _("通过") if past.passed else _("未通过")
        title = str(WHY.get(past.why.partition(":")[0], _("重新评分")))
        text = _("原成绩 %(m)s / %(p)s 分，%(result)s", m=f"{past.mark:g}", p=f"{past.points:g}", result=result)
        yield {"when": past.replaced, "title": title, "tone": "warn", "icon": "edit", "text": text, "url": url}
    found = exams.decision_made(db.session, case.attempt_id) if case.attempt_id else None
    if found and found.decided:
        names = decisions.names_of(db.session, [found.decided_by])
        title = _("认证决定：授予") if found.state == "granted" else _("认证决定：不授予")
        url = url_for("decisions.show", decision_id=found.id) if account().may(Permission.DECISION_READ) else None
        yield {"when": found.decided, "title": title, "icon": "seal", "text": names.get(found.decided_by, ""), "url": url}


def _handling(row: Row[Any]) -> Iterator[dict[str, Any]]:
    case = row.Appeal
    yield {"when": case.filed, "title": _("提交%(kind)s", kind=KINDS[case.kind]), "icon": "inbox"}
    if case.taken:
        yield {"when": case.taken, "title": _("受理"), "icon": "user", "text": row.taker or ""}
    if case.decided:
        title = {"upheld": _("答复：成立"), "rejected": _("答复：不成立")}.get(case.state, _("本人撤回"))
        yield {"when": case.decided, "title": title, "icon": "check", "text": row.decider if case.state != "withdrawn" else ""}
