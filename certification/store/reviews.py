"""What a released result may show of its questions: the other sittings of the same paper, the clauses, the questions themselves."""

from datetime import timedelta
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased, scoped_session

from certification.review import Use
from certification.tables import Attempt, Sitting
from question_bank.tables import Form

Reader = Session | scoped_session[Session]
RUNNING = ("in_progress", "paused")


def uses(session: Reader, sitting_id: int) -> list[Use]:
    """Every sitting of the same questions as this one's that is not called off, itself among them."""
    mine, kin, own = aliased(Form), aliased(Form), aliased(Sitting)
    running: Any = exists(select(Attempt.id).where(Attempt.sitting_id == Sitting.id, Attempt.state.in_(RUNNING)))
    query = (
        select(Sitting.closes, Sitting.extra_seconds, running)
        .join(kin, kin.id == Sitting.form_id).join(mine, mine.seed == kin.seed).join(own, own.form_id == mine.id)
        .where(own.id == sitting_id, Sitting.cancelled.is_(None))
    )
    return [Use(closes + timedelta(seconds=extra), runs) for closes, extra, runs in session.execute(query)]
