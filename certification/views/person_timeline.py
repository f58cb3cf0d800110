"""A person's file as one line of time, the newest first."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from certification.custody import Kind as ItemKind
from certification.forms.custody import KINDS as ITEMS
from certification.licence import CERTIFIES
from certification.views import breach_words
from certification.views.person_contents import File
from certification.views.verdicts import answer_of, lines
from certification.views.words import KIND_WORDS
from foundation.wording import last_day, mark, said
from people.login import account
from people.permission import Permission

P = Permission
Moment = dict[str, Any]
KINDS = {
    "licence": _l("上岗证"), "decision": _l("认证决定"), "exam": _l("考试"), "training": _l("培训"), "breach": _l("违规"),
    "custody": _l("标识物品"), "contract": _l("合同"), "dispatch": _l("派单"),
}


def moments(file: File, now: datetime) -> list[Moment]:
    """Everything that happened by now, as the ``timeline`` macro shows it, each with its ``kind``."""
    found = [{"kind": kind, **one} for kind, tell in TELLERS.items() for one in tell(file) if one["when"] <= now]
    return sorted(found, key=lambda one: one["when"], reverse=True)


def _joined(*parts: object) -> str:
    return mark("，").join(str(part) for part in parts if part)


def _one(when: Any, title: str, text: str = "", icon: str = "", tone: str = "", url: str | None = None) -> Moment:
    return {"when": when, "title": title, "text": text, "icon": icon, "tone": tone, "url": url}


def _licences(file: File) -> Iterator[Moment]:
    tones = {"suspended": "warn", "revoked": "bad", "superseded": "", "scope_reduced": "warn"}
    for held in file.licences:
        url, programme = url_for("licences.show", number=held.view.number), said(held.view.programme)
        for entry in held.ledger:
            event = entry.event
            until = _("有效至 %(day)s", day=last_day(event.until)) if event.until and event.kind in CERTIFIES else ""
            title = _("%(deed)s%(programme)s上岗证", deed=KIND_WORDS[event.kind], programme=programme)
            text = _joined(held.view.number, until, event.reason)
            yield _one(event.effective, title, text, "licence", tones.get(event.kind, "good"), url)


def decision_word(row: Any) -> str:
    """What a decision was about and how it came out."""
    if row.kind == "certification":
        return {"granted": _("授予上岗证"), "refused": _("不授予上岗证")}.get(row.state, _("等待认证决定"))
    deed = str(KIND_WORDS[row.kind])
    done = {"granted": _("决定%(deed)s上岗证", deed=deed), "refused": _("不同意%(deed)s上岗证", deed=deed)}
    return done.get(row.state, _("提请%(deed)s上岗证", deed=deed))


def _decisions(file: File) -> Iterator[Moment]:
    for row in file.decisions:
        text = _joined(said(row.title), row.reason, "" if file.own else row.decider)
        tone = {"granted": "good", "refused": "bad"}.get(row.state, "warn")
        yield _one(row.decided or row.opened, decision_word(row), text, "seal", tone, decision_url(file, row))


def decision_url(file: File, row: Any) -> str | None:
    """Where a decision can be seen, by those who read decisions."""
    return url_for("decisions.show", decision_id=row.id) if account().may(P.DECISION_READ) and not file.own else None


def _exams(file: File) -> Iterator[Moment]:
    for row in file.exams:
        if row.started:
            title = _("参加%(programme)s考试", programme=said(row.title))
            yield _one(row.started, title, _joined(row.code, row.place), "exam")
        if row.released:
            got = _("%(m)s / %(p)s 分", m=f"{row.mark:g}", p=f"{row.points:g}")
            title = _("考试通过") if row.passed else _("考试未通过")
            yield _one(row.released, title, _joined(said(row.title), got), "exam", "good" if row.passed else "bad")


def _trainings(file: File) -> Iterator[Moment]:
    for row in file.trainings:
        text = _joined(said(row.programme), _("%(minutes)s 分钟", minutes=row.minutes), "" if file.own else row.trainer)
        yield _one(row.held, _("参加培训：%(title)s", title=row.title), text, "training")


def _breaches(file: File) -> Iterator[Moment]:
    for row in file.breaches:
        found, url = row.Breach, url_for("breaches.show", number=row.Breach.number)
        text = _joined(found.number, said(row.citation), breach_words.SEVERITIES[found.severity], _("%(n)s 分", n=found.points))
        yield _one(found.recorded, _("记录违规"), text, "breach", "warn", url)
        if found.appealed:
            yield _one(found.appealed, _("对违规记录提出申诉"), found.number, "inbox", "", url)
        if found.decided:
            lifted = found.state == "lifted"
            title = _("违规记录撤销") if lifted else _("违规记录维持")
            yield _one(found.decided, title, found.number, "check", "good" if lifted else "", url)
    for row in file.measures:
        measure, kind = row.BreachMeasure, breach_words.KINDS[row.BreachMeasure.kind]
        due = _("%(day)s前完成", day=last_day(measure.due)) if measure.due else ""
        text = _joined(row.number, _("累计 %(n)s 分", n=measure.points), due)
        yield _one(measure.opened, _("处理措施：%(kind)s", kind=kind), text, "breach", "bad")
        if measure.closed:
            why = str(breach_words.CLOSED[measure.why_closed])
            yield _one(measure.closed, _("措施了结：%(kind)s", kind=kind), why, "check", "good")


def item_word(row: Any) -> str:
    """What an item is called."""
    return _joined(ITEMS[ItemKind(row.kind)], row.label)


def _custody(file: File) -> Iterator[Moment]:
    for row in file.custody:
        url, item = custody_url(file, row), item_word(row)
        yield _one(row.issued, _("领用%(item)s", item=item), _joined(row.number, row.assignment), "hand-over", "", url)
        if row.closed:
            lost, text = row.state == "lost", _joined(row.number, "" if file.own else row.note)
            title = _("报失%(item)s", item=item) if lost else _("交回%(item)s", item=item)
            yield _one(row.closed, title, text, "lost" if lost else "check", "bad" if lost else "good", url)


def custody_url(file: File, row: Any) -> str | None:
    """Where a receipt can be seen, by those who may."""
    return url_for("custody.show", number=row.number) if account().may(P.CUSTODY_READ) and not file.own else None


def _contracts(file: File) -> Iterator[Moment]:
    for row in file.rosters:
        url = contract_url(file, row)
        yield _one(row.starts, _("列入合同 %(code)s 的花名册", code=row.code), _joined(row.partner, row.title), "contract", "", url)
        if row.ends:
            yield _one(row.ends, _("离开合同 %(code)s 的花名册", code=row.code), row.partner, "contract", "", url)


def contract_url(file: File, row: Any) -> str | None:
    """Where a contract can be seen, by those who may."""
    me = account()
    if file.own or not me.may(P.PARTNER_READ) or me.limit(P.PARTNER_READ) not in (None, row.partner_id):
        return None
    return url_for("partners.contract", partner_id=row.partner_id, contract_id=row.contract_id)


def dispatch_url(file: File, row: Any) -> str | None:
    """Where an answer to the dispatcher can be seen: by those who read the log, or who asked."""
    me = account()
    asked = me.may(P.DISPATCH_TRY) and row.asker == f"account:{me.account_id}"
    return url_for("dispatch.show", decision_id=row.id) if (me.may(P.DISPATCH_LOG) and not file.own) or asked else None


def dispatch_words(file: File) -> list[str]:
    """Why each visit was denied, in a sentence; to the person only what is about the person or the whole visit."""
    told = {None, file.who.staff_no}
    return [
        brief.why if not file.own or all(check.subject in told for check in answer_of(row).reasons) else ""
        for row, brief in zip(file.dispatches, lines(file.dispatches), strict=True)
    ]


def _dispatches(file: File) -> Iterator[Moment]:
    for row, why in zip(file.dispatches, dispatch_words(file), strict=True):
        title = _("派单判定：可以派") if row.allowed else _("派单判定：不能派")
        yield _one(row.at, title, _joined(row.visit, why), "dispatch", "good" if row.allowed else "bad", dispatch_url(file, row))


TELLERS: dict[str, Callable[[File], Iterator[Moment]]] = {
    "licence": _licences, "decision": _decisions, "exam": _exams, "training": _trainings, "breach": _breaches, "custody": _custody,
    "contract": _contracts, "dispatch": _dispatches,
}
