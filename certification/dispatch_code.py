"""The closed list of what a dispatch decision may find, the clauses behind each check, and what would cure a denial.

Published in docs/dispatch.md; a code is never given another meaning.
"""

from collections.abc import Mapping
from enum import StrEnum

from certification.licence import State


class Result(StrEnum):
    """What a check came to."""

    PASS = "pass"
    FAIL = "fail"
    SKIP = "skip"


class Code(StrEnum):
    """What a check found. The list is closed and published in docs/dispatch.md."""

    # denials
    UNKNOWN_STAFF = "unknown_staff"
    LEFT = "left_company"
    UNKNOWN_PROGRAMME = "unknown_programme"
    VISIT_WINDOW = "visit_window"
    VISIT_TOO_LONG = "visit_too_long"
    WRONG_PARTNER = "wrong_partner"
    LICENCE_NONE = "licence_none"
    LICENCE_NOT_YET = "licence_not_yet"
    LICENCE_EXPIRED = "licence_expired"
    LICENCE_SUSPENDED = "licence_suspended"
    LICENCE_REVOKED = "licence_revoked"
    LICENCE_SUPERSEDED = "licence_superseded"
    LICENCE_LAPSES = "licence_lapses"
    CERTIFICATION_OLD = "certification_old"
    NO_EXCELLENT = "no_excellent"
    NOT_ON_ROSTER = "not_on_roster"
    ROSTER_SHORT = "roster_short"
    CONTRACT_NOT_SIGNED = "contract_not_signed"
    CONTRACT_NOT_STARTED = "contract_not_started"
    CONTRACT_ENDED = "contract_ended"
    CONTRACT_SHORT = "contract_short"
    ITEMS_OVERDUE = "items_overdue"
    NO_AGREEMENT = "no_agreement"
    NO_CUSTODY = "no_custody"
    RETRAINING_DUE = "retraining_due"
    CLOCK_IN_DOUBT = "clock_in_doubt"
    SYSTEM_UNAVAILABLE = "system_unavailable"
    # what was found in order, or did not apply
    STAFF_KNOWN = "staff_known"
    PROGRAMME_KNOWN = "programme_known"
    WINDOW_SOUND = "window_sound"
    PARTNER_MATCHES = "partner_matches"
    LICENCE_ACTIVE = "licence_active"
    VALIDITY_COVERS = "validity_covers"
    CERTIFIED_RECENTLY = "certified_recently"
    EXCELLENT_PRESENT = "excellent_present"
    CONTRACT_COVERS = "contract_covers"
    OPERATOR_STAFF = "operator_staff"
    NOT_NEEDED = "not_needed"
    NO_LICENCE_TO_CHECK = "no_licence_to_check"
    ITEMS_IN_ORDER = "items_in_order"
    NO_ITEMS = "no_items"
    NO_RETRAINING_DUE = "no_retraining_due"
    OVERRIDDEN = "overridden"


class Cure(StrEnum):
    """What would help, for other programs; docs/dispatch.md says each in words."""

    CHECK_NUMBER = "check_number"
    REPLACE_MEMBER = "replace_member"
    CHANGE_WINDOW = "change_window"
    GET_CERTIFIED = "get_certified"
    RENEW = "renew"
    REINSTATE = "reinstate"
    ADD_EXCELLENT = "add_excellent"
    ADD_TO_ROSTER = "add_to_roster"
    SETTLE_CONTRACT = "settle_contract"
    RETURN_ITEMS = "return_items"
    SIGN_AGREEMENT = "sign_agreement"
    ISSUE_ITEMS = "issue_items"
    RETRAIN = "retrain"
    TRY_AGAIN = "try_again"


CURES = {
    Code.UNKNOWN_STAFF: Cure.CHECK_NUMBER, Code.UNKNOWN_PROGRAMME: Cure.CHECK_NUMBER, Code.LEFT: Cure.REPLACE_MEMBER,
    Code.VISIT_WINDOW: Cure.CHANGE_WINDOW, Code.VISIT_TOO_LONG: Cure.CHANGE_WINDOW, Code.WRONG_PARTNER: Cure.REPLACE_MEMBER,
    Code.LICENCE_NONE: Cure.GET_CERTIFIED, Code.LICENCE_NOT_YET: Cure.CHANGE_WINDOW, Code.LICENCE_EXPIRED: Cure.RENEW,
    Code.LICENCE_SUSPENDED: Cure.REINSTATE, Code.LICENCE_REVOKED: Cure.GET_CERTIFIED, Code.LICENCE_SUPERSEDED: Cure.CHECK_NUMBER,
    Code.LICENCE_LAPSES: Cure.RENEW, Code.CERTIFICATION_OLD: Cure.RENEW, Code.NO_EXCELLENT: Cure.ADD_EXCELLENT,
    Code.NOT_ON_ROSTER: Cure.ADD_TO_ROSTER, Code.ROSTER_SHORT: Cure.ADD_TO_ROSTER, Code.CONTRACT_NOT_SIGNED: Cure.SETTLE_CONTRACT,
    Code.CONTRACT_NOT_STARTED: Cure.SETTLE_CONTRACT, Code.CONTRACT_ENDED: Cure.SETTLE_CONTRACT, Code.CONTRACT_SHORT: Cure.SETTLE_CONTRACT,
    Code.ITEMS_OVERDUE: Cure.RETURN_ITEMS, Code.NO_AGREEMENT: Cure.SIGN_AGREEMENT, Code.NO_CUSTODY: Cure.ISSUE_ITEMS,
    Code.RETRAINING_DUE: Cure.RETRAIN,
    Code.CLOCK_IN_DOUBT: Cure.TRY_AGAIN, Code.SYSTEM_UNAVAILABLE: Cure.TRY_AGAIN,
}
STANDING_CODES = {
    State.EXPIRED: Code.LICENCE_EXPIRED, State.SUSPENDED: Code.LICENCE_SUSPENDED, State.REVOKED: Code.LICENCE_REVOKED,
    State.SUPERSEDED: Code.LICENCE_SUPERSEDED,
}
CHECKS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "window": ("", ()), "programme": ("", ()), "staff": ("", ()), "partner": ("", ()), "system": ("", ()),
    "licence": ("R1", ("GCS@2011#12.1", "GCS@2011#12.5")),
    "validity": ("R3", ("GCS@2011#12.6",)),
    "yearly": ("R3", ("GCS@2011#12.6",)),
    "backbone": ("R4", ("GCS@2011#12.2",)),
    "contract": ("R2", ("GCS@2011#12.3",)),
    "custody": ("R5", ("GCS@2011#19.4", "GCS@2011#19.5", "GCS@2011#19.6")),
    "breach": ("R6", ("GCS@2011#3.1",)),
    "override": ("", ()),
}
"""Each check's rule of product.md and the clauses behind it, the main one first."""
CLAUSES: Mapping[Code, str] = {Code.ITEMS_OVERDUE: "GCS@2011#19.6"}
"""The clause behind a code, where it is another than the main one of its check."""
