"""Sittings to come whose papers stand on an edition, with how many of their questions a later edition touches."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session, scoped_session

from certification.tables import Programme, ProgrammeEdition, Sitting
from question_bank.tables import Form, FormItem, ItemClause

Reader = Session | scoped_session[Session]


def coming(session: Reader, touched: Collection[int], edition_clauses: Collection[int], now: datetime) -> list[Row[Any]]:
    """Sittings that are not over and ask about the edition: ``id, code, opens, closes, programme, title, paper, questions, touched``.

    ``edition_clauses`` are the clause ids of the former edition, ``touched`` those
    that say something else now or are gone. Which questions they are is not said: a paper is sealed.
    """
    asked = _questions(edition_clauses).subquery()
    gone = _questions(touched).subquery()
    statement = (
        select(
            Sitting.id, Sitting.code, Sitting.opens, Sitting.closes, Programme.code.label("programme"), Programme.title,
            Form.code.label("paper"), asked.c.questions, func.coalesce(gone.c.questions, 0).label("touched"),
        )
        .join(ProgrammeEdition, ProgrammeEdition.id == Sitting.programme_edition_id)
        .join(Programme, Programme.id == ProgrammeEdition.programme_id)
        .join(Form, Form.id == Sitting.form_id)
        .join(asked, asked.c.form_id == Sitting.form_id)
        .outerjoin(gone, gone.c.form_id == Sitting.form_id)
        .where(Sitting.closes > now, Sitting.cancelled.is_(None))
    )
    return list(session.execute(statement.order_by(Sitting.opens, Sitting.id)))


def _questions(clause_ids: Collection[int]) -> Any:
    """How many questions of each paper stand on any of these clauses."""
    statement = select(FormItem.form_id, func.count(FormItem.version_id.distinct()).label("questions"))
    statement = statement.join(ItemClause, ItemClause.version_id == FormItem.version_id)
    return statement.where(ItemClause.clause_id.in_(clause_ids)).group_by(FormItem.form_id)
