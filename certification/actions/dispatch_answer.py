"""A dispatch decision in words and as JSON, for the doors that hand it on."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from certification import dispatch_wording as wording
from certification.actions import dispatch as actions
from certification.actions.dispatch import Evaluation
from certification.actions.licences import zone
from certification.dispatch import Check
from certification.dispatch_code import CHECKS, CURES, Code
from foundation.wording import both
from standards.store import ClauseView

_LAST_DAYS = frozenset({"until"})
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
    """An evaluation as the decision point says it (AuthZEN): the verdict, and in ``context`` everything behind it."""
    answer, at = evaluation.answer, evaluation.question.at
    citations = {} if answer.decision else actions.citations()
    context: dict[str, Any] = {
        "decision_id": evaluation.id,
        "reasons": [_reason(check, citations) for check in answer.reasons],
        "checks": [_plain(check) for check in answer.checks],
        "evidence": answer.evidence,
        "policy_version": answer.policy_version,
        "evaluated_at": evaluation.evaluated_at,
        "valid_until": answer.valid_until,
    }
    if at is not None:
        context["at"] = at
    return {"decision": answer.decision, "context": context}


def _plain(check: Check) -> dict[str, Any]:
    rule, clauses = CHECKS[check.check]
    found: dict[str, Any] = {"check": check.check, "outcome": check.outcome, "code": check.code}
    if rule:
        found["rule"] = rule
    if clauses:
        found["clause"] = clauses[0]
    if check.subject is not None:
        found["subject"] = check.subject
    return found


def _reason(check: Check, citations: Mapping[str, ClauseView]) -> dict[str, Any]:
    found = _plain(check)
    del found["outcome"]
    found["message"] = sentence(check, zone())
    if found.get("clause") in citations:
        found["citation"] = citations[found["clause"]].citation
    found["cure"] = {"code": CURES[check.code], "message": cure(check.code)}
    return found
