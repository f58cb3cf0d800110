"""Where the versions of a question were asked. What stands on a sealed paper is counted nowhere, and is not here either."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, and_, func, select
from sqlalchemy.orm import Session, scoped_session

from certification.tables import Attempt, Programme, ProgrammeEdition, Sitting
from question_bank.tables import Form, FormItem, ItemFigures, ItemRemark, ItemVersion

Reader = Session | scoped_session[Session]
ORDER: dict[str, Any] = {"opens": Sitting.opens, "code": Sitting.code, "version": ItemVersion.number}


def uses(item_id: int, now: datetime) -> Select[Any]:
    """Sittings that have opened and asked a version of the item: ``id, code, opens, closes, place, title, form, number, shown, remarks``.

    ``shown``: to how many people; ``remarks``: how many of them found that it looks wrong.
    """
    shown = select(func.count(Attempt.id)).where(Attempt.sitting_id == Sitting.id).correlate(Sitting).scalar_subquery()
    heard = select(func.count(ItemRemark.id)).join(Attempt, Attempt.id == ItemRemark.met_id)
    heard = heard.where(Attempt.sitting_id == Sitting.id, ItemRemark.version_id == ItemVersion.id).correlate(Sitting, ItemVersion)
    return (
        select(
            Sitting.id, Sitting.code, Sitting.opens, Sitting.closes, Sitting.place, Programme.title, Form.code.label("form"),
            ItemVersion.number, shown.label("shown"), heard.scalar_subquery().label("remarks"),
        )
        .join(FormItem, FormItem.form_id == Sitting.form_id).join(ItemVersion, ItemVersion.id == FormItem.version_id)
        .join(Form, Form.id == Sitting.form_id)
        .join(ProgrammeEdition, ProgrammeEdition.id == Sitting.programme_edition_id)
        .join(Programme, Programme.id == ProgrammeEdition.programme_id)
        .where(ItemVersion.item_id == item_id, Sitting.opens <= now, Sitting.cancelled.is_(None))
    )


def sums(session: Reader, item_id: int, now: datetime) -> Sequence[Row[Any]]:
    """Of each version that was asked, the newest first: ``number, papers, sittings, shown, last, answers, facility``."""
    query = (
        select(
            ItemVersion.number, func.count(FormItem.form_id.distinct()).label("papers"),
            func.count(Sitting.id.distinct()).label("sittings"), func.count(Attempt.id.distinct()).label("shown"),
            func.max(Attempt.started).label("last"),
            func.max(ItemFigures.answers).label("answers"), func.max(ItemFigures.facility).label("facility"),
        )
        .join(FormItem, FormItem.version_id == ItemVersion.id)
        .join(Sitting, and_(Sitting.form_id == FormItem.form_id, Sitting.opens <= now, Sitting.cancelled.is_(None)))
        .outerjoin(Attempt, Attempt.sitting_id == Sitting.id).outerjoin(ItemFigures, ItemFigures.version_id == ItemVersion.id)
        .where(ItemVersion.item_id == item_id).group_by(ItemVersion.number).order_by(ItemVersion.number.desc())
    )
    return session.execute(query).all()
