"""What a released result may show of its questions: the other sittings of the same paper, the clauses, the questions themselves."""

from datetime import timedelta
from typing import Any

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session, aliased, scoped_session

from certification.review import Use
from certification.tables import Attempt, Sitting
from question_bank.tables import Form, FormItem

Reader = Session | scoped_session[Session]
RUNNING = ("in_progress", "paused")


def uses(session: Reader, sitting_id: int, whole: bool) -> list[Use]:
    """Every sitting that is not called off and asks the same, itself among them.

    The same paper; with ``whole``, also any paper that shares a question with
    it: where questions are shown, nobody may still be asked one of them.
    """
    mine, kin, own = aliased(Form), aliased(Form), aliased(Sitting)
    asked, again = aliased(FormItem), aliased(FormItem)
    running: Any = exists(select(Attempt.id).where(Attempt.sitting_id == Sitting.id, Attempt.state.in_(RUNNING)))
    shares: Any = exists(
        select(asked.form_id).join(again, again.version_id == asked.version_id).where(asked.form_id == mine.id, again.form_id == kin.id)
    )
    same = or_(kin.id == mine.id, kin.seed == mine.seed)
    query = (
        select(Sitting.closes, Sitting.extra_seconds, running)
        .join(kin, kin.id == Sitting.form_id).join(own, own.id == sitting_id).join(mine, mine.id == own.form_id)
        .where(Sitting.cancelled.is_(None), or_(same, shares) if whole else same)
    )
    return [Use(closes + timedelta(seconds=extra), runs) for closes, extra, runs in session.execute(query)]
