"""The bank as its list reads it: narrow rows beside the questions, derived from them and never the truth."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Base, Instant


class ItemCard(Base):
    """One question as the list finds, counts and sorts it; made anew whenever something of it changes (``actions/cards``).

    ``version_id`` is the version that the question's page shows first. ``traits``
    and ``figures`` are packed by the rule ``traits``, so that one reading of a
    narrow table counts many facets. ``edition_id`` is that of the main clause,
    ``facility`` and ``rest_correlation`` as in ItemFigures.
    """

    __tablename__ = "item_cards"

    version_id: Mapped[int] = mapped_column(ForeignKey("item_versions.id"), primary_key=True, autoincrement=False)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"), unique=True)
    code: Mapped[str] = mapped_column(String(60), index=True)
    changed: Mapped[datetime] = mapped_column(Instant)
    traits: Mapped[int] = mapped_column(index=True)
    figures: Mapped[int]
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("editions.id"), index=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    facility: Mapped[float | None]
    rest_correlation: Mapped[float | None]

    __table_args__ = (Index("ix_item_cards_changed", "changed", "item_id"),)
