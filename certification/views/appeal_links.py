"""What a candidate's result page says about appealing: whether one may, until when, what was filed, and how the result changed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from certification.actions import appeals as actions
from certification.appeal import ANSWER_DAYS, FILING_DAYS
from certification.store import appeals as store
from certification.views.appeal_words import KINDS, STATES, TONES
from foundation.database import db


@dataclass(frozen=True)
class AppealPart:
    """``cases`` are one's own about this sitting; ``former`` the results that were out before this one, the newest first."""

    may: bool
    ends: datetime | None
    cases: list[Row[Any]]
    former: list[Row[Any]]
    days: int = FILING_DAYS
    answer_days: int = ANSWER_DAYS
    kinds: Any = None
    states: Any = None
    tones: Any = None


def appeal_part(attempt: Row[Any], now: datetime) -> AppealPart:
    """For the owner of a released attempt."""
    former = [past for past in store.past_results(db.session, attempt.id) if past.released is not None]
    return AppealPart(
        actions.may_appeal(db.session, attempt, now) is None, actions.filing_ends(db.session, attempt.id),
        list(store.about(db.session, attempt.person_id, attempt.sitting_id)), former, kinds=KINDS, states=STATES, tones=TONES,
    )
