"""What a dispatch decision is made of: checks with their outcome, evidence, and the answer that holds them."""

from datetime import datetime

import msgspec

from certification.dispatch_code import Code, Result


class Check(msgspec.Struct, frozen=True, gc=False):
    """One check with its outcome; ``words`` and ``times`` fill the code's sentence.

    ``overridden``: it fails, and two people let the person go all the same.
    """

    check: str
    outcome: Result
    code: Code
    subject: str | None = None
    words: dict[str, str] = {}
    times: dict[str, datetime] = {}
    overridden: bool = False


class Evidence(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """What was relied on: a licence or a contract, whose, and until when it holds."""

    type: str
    id: str
    subject: str
    until: datetime
    grade: str | None = None
    certified: datetime | None = None


class DispatchAnswer(msgspec.Struct, frozen=True, gc=False):
    """The judgement. It may change at ``valid_until``, and at once when something new is recorded."""

    decision: bool
    checks: tuple[Check, ...]
    evidence: tuple[Evidence, ...]
    valid_until: datetime
    policy_version: str

    @property
    def reasons(self) -> list[Check]:
        """Every check that denies."""
        return [] if self.decision else [check for check in self.checks if check.outcome is Result.FAIL and not check.overridden]

    @property
    def overridden(self) -> list[Check]:
        """Every check that would deny, but for an override."""
        return [check for check in self.checks if check.overridden]


def differences(before: DispatchAnswer, after: DispatchAnswer) -> tuple[list[Check], list[Check], list[Check]]:
    """The reasons that are gone, those that are new, and those that stayed."""
    keys = [{(check.check, check.code, check.subject): check for check in answer.reasons} for answer in (before, after)]
    then, now = keys
    gone, new = ([one[key] for key in one if key not in other] for one, other in ((then, now), (now, then)))
    return gone, new, [now[key] for key in then if key in now]
