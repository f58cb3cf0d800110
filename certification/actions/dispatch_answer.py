"""A dispatch decision in words and as JSON, for the doors that hand it on."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from certification import dispatch_wording as wording
from certification.actions import dispatch as actions
from certification.actions.dispatch import Evaluation
from certification.actions.licences import zone
from certification.dispatch_code import CHECKS, CLAUSES, CURES, Code, Result
from certification.dispatch_finding import Check
from foundation.wording import both
from standards.store import ClauseView

_LAST_DAYS = frozenset({"until", "due"})
_DAYS = frozenset({"certified", "left"})


def sentence(check: Check, zone_used: ZoneInfo, subject: str | None = None) -> dict[str, str]:
    """What a check found, as ``{"zh", "en"}``; ``subject`` stands for the staff number where a name is better.

    Instants are said as local days and minutes, in figures that both languages read.
    """
    times = {name: spoken(name, moment, zone_used) for name, moment in check.times.items()}
    return both(wording.SENTENCES[check.code], **{**check.words, **times, "who": subject or check.subject or ""})


@cache
def cure(code: Code) -> dict[str, str] | None:
    """What would help against a denial, as ``{"zh", "en"}``."""
    return both(wording.CURES[code]) if code in wording.CURES else None


def spoken(name: str, moment: datetime, zone_used: ZoneInfo) -> str:
    """An instant in a sentence: the end of a validity as its last good day, others to the day or the minute."""
    local = (moment - timedelta(microseconds=1) if name in _LAST_DAYS else moment).astimezone(zone_used)
    return f"{local:%Y-%m-%d}" if name in _DAYS | _LAST_DAYS else f"{local:%Y-%m-%d %H:%M}"


def answered(evaluation: Evaluation) -> dict[str, Any]:
    """An evaluation as the decision point says it (AuthZEN): the verdict, in ``context`` all that is behind it; msgspec encodes it."""
    answer, at = evaluation.answer, evaluation.question.at
    reasons, overridden = answer.reasons, answer.overridden
    citations = actions.citations() if reasons or overridden else {}
    context: dict[str, Any] = {
        "decision_id": evaluation.id,
        "reasons": [_reason(check, citations) for check in reasons],
        "checks": _written(answer.checks),
        "evidence": answer.evidence,
        "policy_version": answer.policy_version,
        "evaluated_at": evaluation.evaluated_at,
        "valid_until": answer.valid_until,
    }
    if overridden:
        context["overridden"] = [_reason(check, citations) for check in overridden]
    if at is not None:
        context["at"] = at
    return {"decision": answer.decision, "context": context}


def _written(checks: Iterable[Check]) -> msgspec.Raw:
    """The checks as JSON. A batch has a hundred thousand that differ in the subject alone, so what they share is kept ready."""
    parts, subjects = [], {}
    for check in checks:
        subject = check.subject
        if subject is None:
            parts.append(_alike_written(check.check, check.outcome, check.code) + b"}")
        elif check.code is Code.OVERRIDDEN:
            parts.append(msgspec.json.encode(_plain(check)))
        else:
            said = subjects.get(subject)
            if said is None:
                said = subjects[subject] = b',"subject":' + msgspec.json.encode(subject) + b"}"
            parts.append(_alike_written(check.check, check.outcome, check.code) + said)
    return msgspec.Raw(b"[" + b",".join(parts) + b"]")


@cache
def _alike_written(check: str, outcome: Result, code: Code) -> bytes:
    """``_alike`` as JSON, open at its end."""
    return msgspec.json.encode(_alike(check, outcome, code))[:-1]


@cache
def _alike(check: str, outcome: Result, code: Code) -> dict[str, Any]:
    """What all checks of one kind and outcome say."""
    rule, _clauses = CHECKS[check]
    found: dict[str, Any] = {"check": check, "outcome": outcome, "code": code}
    if rule:
        found["rule"] = rule
    if clause := clause_of(check, code):
        found["clause"] = clause
    return found


def clause_of(check: str, code: Code) -> str | None:
    """The clause behind what a check found: the code's own, or the main one of the check."""
    return CLAUSES.get(code) or next(iter(CHECKS[check][1]), None)


def _plain(check: Check) -> dict[str, Any]:
    found = _alike(check.check, check.outcome, check.code)
    if check.subject is None:
        return found
    if check.code is Code.OVERRIDDEN:
        return {**found, "subject": check.subject, **check.words, "until": check.times["ends"], "message": sentence(check, zone())}
    return {**found, "subject": check.subject}


def _reason(check: Check, citations: Mapping[str, ClauseView]) -> dict[str, Any]:
    found = dict(_plain(check))
    del found["outcome"]
    found["message"] = sentence(check, zone())
    if check.code is Code.RETRAINING_DUE:
        found["clause"] = check.words["clause"]  # the one that was broken says more than the one on supervision
    if found.get("clause") in citations:
        found["citation"] = citations[found["clause"]].citation
    found["cure"] = {"code": CURES[check.code], "message": cure(check.code)}
    return found
