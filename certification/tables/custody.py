"""Logo items in custody: the company's agreement, each person's receipt, and what came of every item (R5)."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Base, Document, Instant


class CustodyAgreement(Base):
    """A company's responsibility agreement under one contract: nothing is issued before it is signed.

    ``signature``: ``{"how": "drawn" | "typed" | "paper", "strokes": […]}``; ``digest`` is the SHA-256 of ``pdf``.
    """

    __tablename__ = "custody_agreements"

    id: Mapped[int] = mapped_column(primary_key=True)
    contract_id: Mapped[int] = mapped_column(ForeignKey("contracts.id"), unique=True)
    text: Mapped[str] = mapped_column(Text)
    signatory: Mapped[str] = mapped_column(String(80))
    signature: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)
    signed: Mapped[datetime] = mapped_column(Instant)
    recorded_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    pdf: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))


class CustodyReceipt(Base):
    """A person's receipt for items, under a contract's agreement and for an assignment on its roster."""

    __tablename__ = "custody_receipts"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(30), unique=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("custody_agreements.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    assignment: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    signature: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)
    issued: Mapped[datetime] = mapped_column(Instant)
    issued_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    pdf: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))


class CustodyItem(Base):
    """One item of a receipt: open until it was returned or its loss was reported; a loss blocks the next issue until ``settled``."""

    __tablename__ = "custody_items"

    id: Mapped[int] = mapped_column(primary_key=True)
    receipt_id: Mapped[int] = mapped_column(ForeignKey("custody_receipts.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    label: Mapped[str] = mapped_column(String(80), default="")
    state: Mapped[str] = mapped_column(String(20), default="issued")
    closed: Mapped[datetime | None] = mapped_column(Instant)
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    note: Mapped[str] = mapped_column(Text, default="")
    settled: Mapped[datetime | None] = mapped_column(Instant)
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    settlement: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        CheckConstraint("kind IN ('uniform', 'badge', 'tool_bag', 'helmet', 'other')", name="kind"),
        CheckConstraint("state IN ('issued', 'returned', 'lost')", name="state"),
        CheckConstraint("(state = 'issued') = (closed IS NULL)", name="closed"),
        CheckConstraint("settled IS NULL OR state = 'lost'", name="settled"),
    )


class VisitPaper(Base):
    """A paper of a visit that was allowed (R10): pre-filled, then printed, or confirmed by the customer on a phone.

    ``kind``: fault handling, inspection, or the note that is left when nobody answers. ``fields`` hold what was printed on it
    beforehand and what was filled in, ``confirmation`` what the customer said and signed. ``token_hash``: SHA-256 of the address
    that the customer opens. ``pdf`` is kept once the paper is final: a note when it is filled in, the others when confirmed.
    """

    __tablename__ = "visit_papers"

    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[str] = mapped_column(ForeignKey("dispatch_decisions.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    fields: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)
    created: Mapped[datetime] = mapped_column(Instant)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    filled: Mapped[datetime | None] = mapped_column(Instant)
    filled_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    token_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    token_until: Mapped[datetime | None] = mapped_column(Instant)
    confirmed: Mapped[datetime | None] = mapped_column(Instant)
    confirmation: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)
    pdf: Mapped[bytes | None] = mapped_column(LargeBinary)
    digest: Mapped[bytes | None] = mapped_column(LargeBinary(32))

    __table_args__ = (
        CheckConstraint("(pdf IS NULL) = (digest IS NULL)", name="kept"),
        CheckConstraint("kind IN ('fault', 'inspection', 'note')", name="kind"),
        Index("ix_visit_papers_decision_kind", "decision_id", "kind"),
    )
