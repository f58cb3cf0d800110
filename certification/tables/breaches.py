"""Breaches found in the field, their evidence, and what follows from them (R6)."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Base, Instant


class Breach(Base):
    """A finding against a clause, with points. A breach counts from ``occurred`` while it is ``confirmed``.

    ``appealed`` keeps counting until the appeal is decided; ``lifted`` counts no more.
    """

    __tablename__ = "breaches"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(30), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    programme_id: Mapped[int | None] = mapped_column(ForeignKey("programmes.id"))
    source: Mapped[str] = mapped_column(String(20))
    clause_id: Mapped[int] = mapped_column(ForeignKey("clauses.id"))
    severity: Mapped[str] = mapped_column(String(20))
    points: Mapped[int]
    occurred: Mapped[datetime] = mapped_column(Instant)
    description: Mapped[str] = mapped_column(Text)
    decision_id: Mapped[str | None] = mapped_column(ForeignKey("dispatch_decisions.id"))
    state: Mapped[str] = mapped_column(String(20))
    recorded: Mapped[datetime] = mapped_column(Instant)
    recorded_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    appealed: Mapped[datetime | None] = mapped_column(Instant)
    appeal_text: Mapped[str] = mapped_column(Text, default="")
    decided: Mapped[datetime | None] = mapped_column(Instant)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    outcome: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        CheckConstraint("source IN ('inspection', 'complaint', 'mystery_visit')", name="source"),
        CheckConstraint("severity IN ('minor', 'serious', 'grave')", name="severity"),
        CheckConstraint("state IN ('confirmed', 'appealed', 'lifted')", name="state"),
        CheckConstraint("points BETWEEN 1 AND 12", name="points"),
        Index("ix_breaches_person_occurred", "person_id", "occurred"),
    )


class BreachFile(Base):
    """Evidence: a photograph or a document, re-encoded where it is a picture."""

    __tablename__ = "breach_files"

    id: Mapped[int] = mapped_column(primary_key=True)
    breach_id: Mapped[int] = mapped_column(ForeignKey("breaches.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    media_type: Mapped[str] = mapped_column(String(60))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    added: Mapped[datetime] = mapped_column(Instant)
    added_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))


class BreachMeasure(Base):
    """What a threshold of points brought about. ``retraining`` must be done by ``due``; ``reexamination`` before a reinstatement.

    Open while ``closed`` is None, else ``why_closed`` is one of ``breach.Closed``. Dispatch denies from ``due`` on while a
    retraining is open; a suspension stands in the licence's own ledger; ``revocation`` is a proposal that waits for a decider.
    """

    __tablename__ = "breach_measures"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    breach_id: Mapped[int] = mapped_column(ForeignKey("breaches.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    points: Mapped[int]
    opened: Mapped[datetime] = mapped_column(Instant)
    due: Mapped[datetime | None] = mapped_column(Instant)
    closed: Mapped[datetime | None] = mapped_column(Instant)
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    why_closed: Mapped[str] = mapped_column(String(20), default="")

    __table_args__ = (
        CheckConstraint("kind IN ('retraining', 'suspension', 'reexamination', 'revocation')", name="kind"),
        CheckConstraint("(closed IS NULL) = (why_closed = '')", name="closed"),
    )
