"""A logged dispatch decision as a page tells it: sentences with names, the clauses, and who would cure what."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Row

from certification.actions import dispatch as actions
from certification.actions.dispatch import Question
from certification.actions.dispatch_answer import clause_of, sentence
from certification.actions.dispatch_answer import cure as advice_on
from certification.dispatch_code import CURES, Code, Cure, Result
from certification.dispatch_finding import Check, DispatchAnswer, differences
from certification.forms.dispatch import typed
from certification.store import dispatch_search as search_store
from certification.visit import Visit
from foundation import clock
from foundation.config import settings
from foundation.database import db
from foundation.wording import instant, mark, said
from standards.clause import parse_reference
from standards.store import ClauseView, clause_at

SHOWN = 4
COUNTED = 30  # people who are counted before it says "at least"
TOGETHER = {
    Code.STAFF_KNOWN: _l("%(who)s 在职"), Code.PARTNER_MATCHES: _l("%(who)s 属于工单上的合作方"),
    Code.LICENCE_ACTIVE: _l("%(who)s 持证有效，未被暂停"), Code.VALIDITY_COVERS: _l("%(who)s 的上岗证覆盖到作业结束"),
    Code.CERTIFIED_RECENTLY: _l("%(who)s 最近一次认证在规定的期限以内"),
    Code.CONTRACT_COVERS: _l("%(who)s 在有效合同的花名册上"),
    Code.OPERATOR_STAFF: _l("%(who)s 是运营商员工，不适用合作合同和标识物品的规定"),
    Code.ITEMS_IN_ORDER: _l("%(who)s 领用的标识物品所属合同有效"), Code.NO_ITEMS: _l("%(who)s 没有领用标识物品，这次作业也没有要求"),
    Code.NO_RETRAINING_DUE: _l("%(who)s 没有逾期的复训"), Code.NO_LICENCE_TO_CHECK: _l("%(who)s 没有可核对的有效上岗证"),
}
"""Several people in one line, where what was found is the same and in order."""
ORDER = (
    "override", "licence", "validity", "yearly", "backbone", "contract", "custody", "breach", "partner", "staff", "programme", "window",
    "system",
)
REPLACES = frozenset({
    Cure.REPLACE_MEMBER, Cure.GET_CERTIFIED, Cure.RENEW, Cure.REINSTATE, Cure.ADD_TO_ROSTER, Cure.SETTLE_CONTRACT, Cure.RETURN_ITEMS,
    Cure.ISSUE_ITEMS, Cure.RETRAIN,
})
EXAMS = frozenset({Cure.GET_CERTIFIED, Cure.RENEW})


@dataclass(frozen=True)
class Helper:
    """Somebody who would cure a denial, with the fields that ask again with them."""

    name: str
    staff_no: str
    fields: dict[str, str]


@dataclass(frozen=True)
class Line:
    """One row of the chain; ``reference`` is given when the clause can be read here, ``helpers`` would cure a denial."""

    outcome: str
    text: str
    clause: str | None = None
    reference: str | None = None
    cure: str | None = None
    helpers: tuple[Helper, ...] = ()
    more: bool = False
    intro: str = ""
    adds: bool = False


@dataclass(frozen=True)
class Page:
    """Everything that the page of one decision shows."""

    question: Question
    answer: DispatchAnswer
    lines: tuple[Line, ...]
    headline: str
    failed: int
    passed: int
    team: tuple[tuple[str, str, str], ...]
    override: str = ""


def question_of(row: Any) -> Question:
    """The question as it was logged."""
    return msgspec.convert(row.request, Question)


def answer_of(row: Any) -> DispatchAnswer:
    """The answer as it was logged."""
    return msgspec.convert(row.answer, DispatchAnswer)


def page(row: Any, company: int | None) -> Page:
    """The decision, told to somebody limited to ``company``."""
    question, answer = question_of(row), answer_of(row)
    visit = question.visit
    known = search_store.names(db.session, visit.team, company)
    names = {number: known[number][0] if number in known else number for number in visit.team}
    names |= _who_let_go(answer)
    lines = (*_denials(answer, visit, names, known, company), *_lifted(answer, names), *_in_order(answer, names))
    grades = {one.subject: one.grade or "" for one in answer.evidence if one.type == "licence"}
    passed = sum(check.outcome is Result.PASS for check in answer.checks)
    let_go = mark("；").join(_text(check, names) for check in answer.checks if check.code is Code.OVERRIDDEN)
    team = tuple((number, names[number], grades.get(number, "")) for number in visit.team)
    return Page(question, answer, lines, _headline(answer, names), len(answer.reasons), passed, team, let_go)


def _who_let_go(answer: DispatchAnswer) -> dict[str, str]:
    """The names of those who confirmed an override between them, by staff number."""
    numbers = [number for check in answer.checks if check.code is Code.OVERRIDDEN for number in check.words.values()]
    return {number: name for number, (name, _city) in search_store.names(db.session, numbers, None).items()} if numbers else {}


def _headline(answer: DispatchAnswer, names: dict[str, str]) -> str:
    """What decides the visit in one line."""
    if answer.decision:
        return _("紧急放行期间可以派") if answer.overridden else _("这支队伍可以派")
    for check in answer.reasons:
        if check.code in {Code.UNKNOWN_STAFF, Code.UNKNOWN_PROGRAMME}:  # what nobody knows comes before what it lacks
            return _text(check, names)
    first = min(answer.reasons, key=_place)
    return _("缺少一名“优秀”等级的技术骨干") if first.code is Code.NO_EXCELLENT else _text(first, names)


def _place(check: Check) -> int:
    """Where a reason is told: what concerns the visit, then what concerns one person, then what the team lacks.

    A team may lack an excellent member because that one is suspended: the cause is told before what follows from it.
    """
    return 2 if check.code is Code.NO_EXCELLENT else int(check.subject is not None)


def _text(check: Check, names: dict[str, str]) -> str:
    if check.code is Code.OVERRIDDEN:
        check = msgspec.structs.replace(check, words={word: names.get(number, number) for word, number in check.words.items()})
    return said(sentence(check, settings().timezone, names.get(check.subject or "")))


def _clause(check: Check, brief: bool = False) -> tuple[str | None, str | None]:
    """The clause behind a check, in words (with the standard's title unless ``brief``), and its reference where it is loaded."""
    reference = check.words["clause"] if check.code is Code.RETRAINING_DUE else clause_of(check.check, check.code)
    view = actions.citations().get(reference) or _loaded(reference) if reference else None
    if view is None:
        return reference, None
    article = said(view.citation) or view.number
    return article if brief else f"{said(view.standard_title)} · {article}", reference


def _loaded(reference: str) -> ClauseView | None:
    """A clause that is none of those behind the checks: one that somebody broke."""
    parts = parse_reference(reference)
    return clause_at(db.session, parts.standard, parts.edition, parts.number) if parts else None


def _lifted(answer: DispatchAnswer, names: dict[str, str]) -> Iterable[Line]:
    """What would deny, but for an override."""
    for check in answer.overridden:
        yield Line("fail", _text(check, names), *_clause(check), _("已由紧急放行，仍须尽快补正"))


def _denials(
    answer: DispatchAnswer, visit: Visit, names: dict[str, str], known: dict[str, tuple[str, str]], company: int | None
) -> Iterable[Line]:
    """The reasons first, each with what and who would cure it."""
    sick = {check.subject for check in answer.reasons if check.subject}
    sound = tuple(number for number in visit.team if number not in sick)
    city = next((known[number][1] for number in visit.team if number in known), "")
    for check in sorted(answer.reasons, key=_place):
        cure, more, intro = CURES[check.code], False, ""
        helpers: tuple[Helper, ...] = ()
        advice = said(advice_on(check.code))
        if cure is Cure.ADD_EXCELLENT:
            helpers, count, more = _helpers(visit, sound, visit.team, city, company, backbone=True)
            intro = _excellent_there(city, count, more)
        elif cure in REPLACES and check.subject:
            rest = tuple(number for number in visit.team if number != check.subject)
            helpers, count, more = _helpers(visit, sound, rest, city, company)
            more = more or count > SHOWN
            intro = _("%(city)s可以换成：", city=city) if city else _("可以换成：")
        if cure in EXAMS and check.subject and (exam := _exam(visit, check.subject)):
            advice = _("%(advice)s。%(exam)s", advice=advice, exam=exam)
        clause, reference = _clause(check)
        yield Line("fail", _text(check, names), clause, reference, advice, helpers, more, intro, cure is Cure.ADD_EXCELLENT)


def _excellent_there(city: str, count: int, more: bool) -> str:
    """How many could be added: "4 people in this city"."""
    where = city or _("各地")
    if more:
        return _("%(city)s至少有 %(n)s 名优秀骨干可派，点名字加入：", city=where, n=count)
    return _("%(city)s有 %(n)s 名优秀骨干可派，点名字加入：", city=where, n=count)


def _helpers(
    visit: Visit, sound: tuple[str, ...], kept: tuple[str, ...], city: str, company: int | None, backbone: bool = False
) -> tuple[tuple[Helper, ...], int, bool]:
    """Up to four who could go with those of the team that are in order, from the same city, asked again beside ``kept``.

    How many there are is counted up to a limit; the last value says whether there are more.
    """
    wanted = msgspec.structs.replace(visit, team=sound)
    numbers, further = actions.search(wanted, company=company, city=city, limit=COUNTED + len(visit.team), backbone=backbone)
    fresh = [number for number in numbers if number not in visit.team]
    names = search_store.names(db.session, fresh[:SHOWN], company)
    zone = settings().timezone
    found = tuple(
        Helper(names[number][0], number, typed(msgspec.structs.replace(visit, team=(*kept, number)), zone)) for number in fresh[:SHOWN]
    )
    return found, len(fresh), further is not None


def _exam(visit: Visit, staff_no: str) -> str | None:
    """The exam that could still cure it before the visit."""
    exam = search_store.next_exam(db.session, visit.programme, staff_no, clock.now(), visit.starts)
    if exam is None:
        return None
    when = instant(exam.opens)
    return _("已报名 %(time)s 的考试（%(code)s）", time=when, code=exam.code) if exam.booked else _(
        "作业前还有考试：%(time)s（%(code)s）", time=when, code=exam.code
    )


def _in_order(answer: DispatchAnswer, names: dict[str, str]) -> Iterable[Line]:
    """What was in order or did not apply; people for whom the same was found share a line."""
    groups: dict[tuple[str, str, Code], list[Check]] = {}
    for check in answer.checks:
        if check.outcome is Result.PASS:
            groups.setdefault((str(check.outcome), check.check, check.code), []).append(check)
        elif check.outcome is Result.SKIP:  # two checks that found nothing to look at are one line
            alike = groups.setdefault((str(check.outcome), "licence" if check.subject else check.check, check.code), [])
            alike += [] if any(one.subject == check.subject for one in alike) else [check]
    for (outcome, _name, code), checks in sorted(groups.items(), key=lambda item: (item[0][0], ORDER.index(item[0][1]))):
        who = mark("、").join(names.get(check.subject, check.subject) for check in checks if check.subject)
        text = str(TOGETHER[code]) % {"who": who} if code in TOGETHER else _text(checks[0], names)
        yield Line(outcome, text, *_clause(checks[0], brief=True))


@dataclass(frozen=True)
class Replayed:
    """A logged decision beside the answer as of its time, and the one of now: which reasons went, came and stayed."""

    logged: DispatchAnswer
    then: DispatchAnswer
    now: DispatchAnswer
    then_lines: tuple[Line, ...]
    gone: tuple[Line, ...]
    new: tuple[Line, ...]
    stayed: tuple[Line, ...]
    faithful: bool


def replayed(row: Any, at: datetime) -> Replayed:
    """The logged decision ``row``, judged again as of ``at`` and as of now."""
    question, logged = question_of(row), answer_of(row)
    then, now = actions.replay(question, at), actions.replay(question, None)
    known = search_store.names(db.session, question.visit.team, None)
    names = {number: name for number, (name, _city) in known.items()}
    gone, new, stayed = (tuple(_reason(check, names) for check in checks) for checks in differences(then, now))
    reasons = tuple(_reason(check, names) for check in sorted(then.reasons, key=_place))
    faithful = logged.decision is then.decision and not any(differences(logged, then)[:2])
    return Replayed(logged, then, now, reasons, gone, new, stayed, faithful)


def _reason(check: Check, names: dict[str, str]) -> Line:
    return Line("fail", _text(check, names), *_clause(check), said(advice_on(check.code)))


@dataclass(frozen=True)
class Brief:
    """A logged decision in a list."""

    id: str
    at: Any
    visit: str
    subject: str
    team: int
    allowed: bool
    why: str
    more: int
    asker: str


def lines(rows: Sequence[Row[Any]]) -> list[Brief]:
    """Rows of the log with their first reason in words."""
    found = []
    for row in rows:
        question, answer = question_of(row), answer_of(row)
        reasons = answer.reasons
        why = _text(min(reasons, key=_place), {}) if reasons else ""
        team = len(question.visit.team)
        found.append(Brief(row.id, row.at, row.visit, row.subject, team, row.allowed, why, max(0, len(reasons) - 1), row.asker))
    return found
