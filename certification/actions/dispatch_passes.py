"""Passes for gates: sign one for a decision that was allowed, and verify one."""

from datetime import datetime, timedelta

from certification import dispatch_pass as rule
from certification.actions import signing
from certification.actions.dispatch import Evaluation
from certification.actions.dispatch_policies import policy_at
from certification.dispatch_pass import Verdict
from foundation.config import settings


def issue(found: Evaluation) -> tuple[str, datetime] | None:
    """The pass and when it ends, for an answer that allows; None when there is nothing to sign."""
    hours = policy_at(found.evaluated_at, found.evaluated_at).pass_hours
    said = rule.claims(found.question.visit, found.answer, found.id, settings().public_url, found.evaluated_at, hours)
    if said is None:
        return None
    ends = min(found.answer.valid_until, found.evaluated_at + timedelta(hours=hours)).replace(microsecond=0)
    return signing.sign(said, {"typ": rule.TYPE}), ends


def verify(token: str, now: datetime) -> Verdict:
    """Whether a pass opens the gate at ``now``, by the keys of this site."""
    return rule.check(token, signing.published().values(), now)
