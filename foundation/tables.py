"""Tables of the ground floor: the audit chain and the outbox."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Base, Document, Instant


class AuditRow(Base):
    """One deed. Insert-only: triggers refuse UPDATE and DELETE; ``hash`` covers ``previous``."""

    __tablename__ = "audit"

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Instant)
    actor: Mapped[str] = mapped_column(String(80))
    origin: Mapped[str] = mapped_column(String(32))
    event: Mapped[str] = mapped_column(String(80))
    subject: Mapped[str] = mapped_column(String(120))
    result: Mapped[str] = mapped_column(String(40))
    detail: Mapped[str] = mapped_column(Text)
    previous: Mapped[bytes] = mapped_column(LargeBinary(32))
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))

    __table_args__ = (Index("ix_audit_subject", "subject"), Index("ix_audit_actor", "actor"), Index("ix_audit_event", "event"))


class AuditHead(Base):
    """The chain's last link: one row, locked last by every unit of work that records."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))

    __table_args__ = (CheckConstraint("id = 1", name="single"),)


class OutboxRow(Base):
    """Something to be done after a commit; found again by the next sweep until it is done."""

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(primary_key=True)
    task: Mapped[str] = mapped_column(String(80))
    payload: Mapped[dict[str, Any]] = mapped_column(Document)
    created: Mapped[datetime] = mapped_column(Instant)
    due: Mapped[datetime] = mapped_column(Instant)
    tries: Mapped[int] = mapped_column(default=0)
    done: Mapped[datetime | None] = mapped_column(Instant)
    error: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (Index("ix_outbox_open", "done", "due"),)
