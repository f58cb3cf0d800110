"""Regrades, appeals and complaints."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Base, Document, Instant


class Regrade(Base):
    """A proposal to mark a question otherwise in one sitting; once committed it is what grading reads.

    ``kind`` and ``detail``: see ``regrade``. ``report`` is the dry run as it was
    committed: every flip and every licence touched. ``signature`` is a JWS over
    the proposal and the report. ``appeal_id``: the upheld appeal that asked for it.
    """

    __tablename__ = "regrades"

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sittings.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("item_versions.id"))
    kind: Mapped[str] = mapped_column(String(20))
    detail: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)
    reason: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(20), index=True)
    proposed: Mapped[datetime] = mapped_column(Instant)
    proposed_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    decided: Mapped[datetime | None] = mapped_column(Instant)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    note: Mapped[str] = mapped_column(Text, default="")
    report: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)
    signature: Mapped[str | None] = mapped_column(Text)
    appeal_id: Mapped[int | None] = mapped_column(ForeignKey("appeals.id"))

    __table_args__ = (
        CheckConstraint("kind IN ('void', 'full_credit', 'extra_key', 'reweight')", name="kind"),
        CheckConstraint("state IN ('proposed', 'committed', 'refused', 'withdrawn')", name="state"),
        CheckConstraint("(state = 'proposed') = (decided IS NULL)", name="decided"),
        CheckConstraint("(state = 'committed') = (signature IS NOT NULL)", name="signature"),
    )


class Appeal(Base):
    """An appeal against a result, or a complaint about how an exam was held; decided by somebody uninvolved by ``due``.

    ``slot`` is the question it is about, as the person's own paper numbers it;
    ``asks_regrade``: it was upheld, and an officer is to propose a regrade.
    """

    __tablename__ = "appeals"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    sitting_id: Mapped[int | None] = mapped_column(ForeignKey("sittings.id"))
    attempt_id: Mapped[str | None] = mapped_column(ForeignKey("attempts.id"))
    slot: Mapped[int | None]
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(20), index=True)
    filed: Mapped[datetime] = mapped_column(Instant)
    due: Mapped[datetime] = mapped_column(Instant)
    taken: Mapped[datetime | None] = mapped_column(Instant)
    taken_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    decided: Mapped[datetime | None] = mapped_column(Instant)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    outcome: Mapped[str] = mapped_column(Text, default="")
    asks_regrade: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (
        CheckConstraint("kind IN ('appeal', 'complaint')", name="kind"),
        CheckConstraint("state IN ('filed', 'under_review', 'upheld', 'rejected', 'withdrawn')", name="state"),
        CheckConstraint("(state IN ('filed', 'under_review')) = (decided IS NULL)", name="decided"),
        CheckConstraint("kind = 'complaint' OR attempt_id IS NOT NULL", name="attempt"),
    )
