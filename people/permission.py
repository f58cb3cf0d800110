"""Roles, what each may do, and which may not be held together (product.md, "Who may do what").

A permission opens a door; whose things are seen behind it is decided by the
loaders in each ``store``.
"""

from collections.abc import Iterable
from enum import StrEnum


class Role(StrEnum):
    """What a person is in the product; one account may hold several."""

    CANDIDATE = "candidate"
    COORDINATOR = "coordinator"
    TRAINER = "trainer"
    OFFICER = "officer"
    RATER = "rater"
    DECIDER = "decider"
    HR = "hr"
    AUDITOR = "auditor"
    ADMIN = "admin"


class Permission(StrEnum):
    """A door."""

    SIGNED_IN = "signed_in"
    SIT = "sit"
    BOOK = "book"
    ROSTER_READ = "roster_read"
    ROSTER_WRITE = "roster_write"
    ITEM_READ = "item_read"
    ITEM_WRITE = "item_write"
    ITEM_APPROVE = "item_approve"
    PROGRAMME_READ = "programme_read"
    SITTING_READ = "sitting_read"
    SITTING_WRITE = "sitting_write"
    RELEASE = "release"
    ROOM_READ = "room_read"
    ROOM = "room"
    FORM_READ = "form_read"
    FORM_OPEN = "form_open"
    CANARY_READ = "canary_read"
    CANARY = "canary"
    MARK = "mark"
    MARK_READ = "mark_read"
    REGRADE_READ = "regrade_read"
    REGRADE = "regrade"
    APPEAL_READ = "appeal_read"
    DECISION_READ = "decision_read"
    DECIDE = "decide"
    PARTNER_READ = "partner_read"
    PARTNER_WRITE = "partner_write"
    STANDING_READ = "standing_read"
    STANDING_SUMMARY = "standing_summary"
    PERSON_READ = "person_read"
    TRAINING_READ = "training_read"
    TRAINING_WRITE = "training_write"
    CUSTODY_READ = "custody_read"
    CUSTODY_WRITE = "custody_write"
    BREACH_READ = "breach_read"
    BREACH_WRITE = "breach_write"
    NOTICE_READ = "notice_read"
    NOTICE_WRITE = "notice_write"
    DISPATCH_TRY = "dispatch_try"
    DISPATCH_LOG = "dispatch_log"
    POLICY_READ = "policy_read"
    POLICY_WRITE = "policy_write"
    OVERRIDE_READ = "override_read"
    OVERRIDE = "override"
    AUDIT_READ = "audit_read"
    ACCOUNT_READ = "account_read"
    ACCOUNT_WRITE = "account_write"


P = Permission
GRANTS: dict[Role, frozenset[Permission]] = {
    Role.CANDIDATE: frozenset({P.SIT}),
    Role.COORDINATOR: frozenset({
        P.BOOK, P.SITTING_READ, P.ROSTER_READ, P.ROSTER_WRITE, P.PARTNER_READ, P.STANDING_READ, P.DISPATCH_TRY, P.PERSON_READ,
        P.CUSTODY_READ, P.BREACH_READ,
    }),
    Role.TRAINER: frozenset({
        P.ITEM_READ, P.ITEM_WRITE, P.ITEM_APPROVE, P.PROGRAMME_READ, P.CANARY_READ, P.CANARY, P.TRAINING_READ, P.TRAINING_WRITE,
        P.STANDING_SUMMARY,
    }),
    Role.OFFICER: frozenset({
        P.BOOK, P.ROSTER_READ, P.PROGRAMME_READ, P.SITTING_READ, P.SITTING_WRITE, P.RELEASE, P.ROOM_READ, P.ROOM, P.FORM_READ, P.FORM_OPEN,
        P.MARK_READ, P.REGRADE_READ, P.REGRADE, P.CANARY_READ, P.CANARY,
    }),
    Role.RATER: frozenset({P.MARK}),
    Role.DECIDER: frozenset({
        P.REGRADE_READ, P.APPEAL_READ, P.DECISION_READ, P.DECIDE, P.STANDING_READ, P.PROGRAMME_READ, P.DISPATCH_TRY, P.PERSON_READ,
        P.TRAINING_READ, P.BREACH_READ, P.OVERRIDE_READ, P.OVERRIDE,
        P.STANDING_SUMMARY,
    }),
    Role.HR: frozenset({
        P.PARTNER_READ, P.PARTNER_WRITE, P.ROSTER_READ, P.ROSTER_WRITE, P.STANDING_READ, P.DISPATCH_TRY, P.DISPATCH_LOG, P.PERSON_READ,
        P.TRAINING_READ, P.CUSTODY_READ, P.CUSTODY_WRITE, P.BREACH_READ, P.BREACH_WRITE, P.NOTICE_READ, P.NOTICE_WRITE, P.POLICY_READ,
        P.OVERRIDE_READ, P.OVERRIDE,
        P.STANDING_SUMMARY,
    }),
    Role.AUDITOR: frozenset({
        P.ITEM_READ, P.PROGRAMME_READ, P.SITTING_READ, P.DECISION_READ, P.PARTNER_READ, P.ROSTER_READ, P.STANDING_READ,
        P.DISPATCH_TRY, P.DISPATCH_LOG, P.AUDIT_READ, P.ACCOUNT_READ, P.ROOM_READ, P.FORM_READ, P.MARK_READ, P.REGRADE_READ,
        P.APPEAL_READ, P.CANARY_READ, P.PERSON_READ, P.TRAINING_READ, P.CUSTODY_READ, P.BREACH_READ, P.NOTICE_READ, P.POLICY_READ,
        P.OVERRIDE_READ,
        P.STANDING_SUMMARY,
    }),
    Role.ADMIN: frozenset({P.ACCOUNT_READ, P.ACCOUNT_WRITE, P.POLICY_READ, P.POLICY_WRITE, P.NOTICE_READ, P.NOTICE_WRITE}),
}

WIDE = frozenset({Role.OFFICER, Role.HR, Role.AUDITOR, Role.DECIDER, Role.ADMIN})
"""Roles that see every company; the others see their own."""

KEY_SCOPES = ("dispatch", "metrics")
"""What an API key may be for."""

NEVER_TOGETHER = (
    (Role.DECIDER, Role.OFFICER),
    (Role.DECIDER, Role.TRAINER),
    (Role.DECIDER, Role.RATER),
    (Role.AUDITOR, Role.ADMIN),
)


def allowed(roles: Iterable[Role], permission: Permission) -> bool:
    """Whether any of ``roles`` opens the door; every signed-in account opens SIGNED_IN."""
    return permission is Permission.SIGNED_IN or any(permission in GRANTS[role] for role in roles)


def clash(roles: Iterable[Role]) -> tuple[Role, Role] | None:
    """Two of ``roles`` that one account may not hold together, if any.

    Independence of the decision is kept per account here, which is stricter
    than the per-cycle rule of ISO/IEC 17024, 4.3 and 9.4, and simpler to see.
    """
    held = set(roles)
    return next(((a, b) for a, b in NEVER_TOGETHER if a in held and b in held), None)
