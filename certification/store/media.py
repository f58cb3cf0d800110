"""On which papers a picture or sound stands, and whose they are."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session, scoped_session

from certification.tables import Attempt, Result, Sitting
from question_bank.tables import Form, FormItem

Reader = Session | scoped_session[Session]


def own_attempts(session: Reader, person_id: int, versions: Collection[int]) -> list[Row[Any]]:
    """The person's attempts on papers with any of the versions, each with the ``version`` and the state of its result."""
    attempt = (Attempt.id, Attempt.sitting_id, Attempt.person_id, Attempt.state)
    columns = (*attempt, Result.state.label("result_state"), FormItem.version_id.label("version"))
    query = (
        select(*columns).join(Sitting, Sitting.id == Attempt.sitting_id).join(FormItem, FormItem.form_id == Sitting.form_id)
        .outerjoin(Result, Result.attempt_id == Attempt.id)
        .where(Attempt.person_id == person_id, FormItem.version_id.in_(versions))
    )
    return list(session.execute(query))


def papers_with(session: Reader, versions: Collection[int]) -> list[int]:
    """The papers on which any of the versions stands."""
    query = select(Form.id).join(FormItem, FormItem.form_id == Form.id).where(FormItem.version_id.in_(versions)).distinct()
    return list(session.scalars(query.order_by(Form.id)))
