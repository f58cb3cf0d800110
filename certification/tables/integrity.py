"""Who looked into a sealed paper, and what was done to papers and traps, with the reason."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Base, Instant


class FormOpening(Base):
    """Somebody wants to look into a sealed paper: a second officer confirms, or the glass is broken with a reason.

    It is open from ``confirmed`` to ``ends``.
    """

    __tablename__ = "form_openings"

    id: Mapped[int] = mapped_column(primary_key=True)
    form_id: Mapped[int] = mapped_column(ForeignKey("forms.id"), index=True)
    asked: Mapped[datetime] = mapped_column(Instant)
    asked_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    reason: Mapped[str] = mapped_column(Text)
    broken_glass: Mapped[bool] = mapped_column(default=False)
    confirmed: Mapped[datetime | None] = mapped_column(Instant)
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    refused: Mapped[bool] = mapped_column(default=False)
    ends: Mapped[datetime | None] = mapped_column(Instant)

    __table_args__ = (
        CheckConstraint("(confirmed IS NULL) = (ends IS NULL)", name="ends"),
        CheckConstraint("confirmed_by IS NULL OR broken_glass OR confirmed_by <> asked_by", name="two_persons"),
    )


class FormLook(Base):
    """An account looked into a paper: the exposure log of people. Candidates' exposure follows from attempts."""

    __tablename__ = "form_looks"

    id: Mapped[int] = mapped_column(primary_key=True)
    form_id: Mapped[int] = mapped_column(ForeignKey("forms.id"), index=True)
    opening_id: Mapped[int | None] = mapped_column(ForeignKey("form_openings.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime] = mapped_column(Instant)


class PaperNote(Base):
    """The papers' book: what was done to a sitting's paper, or to a trap, and why. Insert-only.

    ``form_id`` is the paper afterwards, ``former_id`` the one before it.
    """

    __tablename__ = "paper_notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    sitting_id: Mapped[int | None] = mapped_column(ForeignKey("sittings.id"), index=True)
    form_id: Mapped[int | None] = mapped_column(ForeignKey("forms.id"), index=True)
    former_id: Mapped[int | None] = mapped_column(ForeignKey("forms.id"))
    item_id: Mapped[int | None] = mapped_column(ForeignKey("items.id"), index=True)
    reason: Mapped[str] = mapped_column(Text, default="")
    by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (
        CheckConstraint("kind IN ('replaced', 'canaries', 'marked', 'unmarked')", name="kind"),
        CheckConstraint("(kind IN ('marked', 'unmarked')) = (item_id IS NOT NULL)", name="item"),
        CheckConstraint("(kind IN ('replaced', 'canaries')) = (former_id IS NOT NULL)", name="former"),
    )
