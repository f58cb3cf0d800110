"""How questions stand to each other, and how they did."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Base, Instant


class ItemEnemy(Base):
    """Two questions that never stand on one paper, because one gives the other away; ``one_id`` is the smaller."""

    __tablename__ = "item_enemies"

    one_id: Mapped[int] = mapped_column(ForeignKey("items.id"), primary_key=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("items.id"), primary_key=True, index=True)
    reason: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[datetime] = mapped_column(Instant)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))

    __table_args__ = (CheckConstraint("one_id < other_id", name="order"),)


class ItemFigures(Base):
    """How a version did in released exams; made anew from the marks, so nothing is lost with a row.

    ``facility`` is the mean fraction earned (0–1), ``rest_correlation`` the
    correlation of that fraction with the mark on the rest of the paper
    (None below 30 answers, or where either does not vary).
    """

    __tablename__ = "item_figures"

    version_id: Mapped[int] = mapped_column(ForeignKey("item_versions.id"), primary_key=True)
    answers: Mapped[int]
    facility: Mapped[float]
    rest_correlation: Mapped[float | None]
    seen: Mapped[datetime] = mapped_column(Instant)
