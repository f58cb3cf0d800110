"""Programmes and what their editions demand."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Base, Document, Instant


class Programme(Base):
    """A certification. What it demands stands in its editions."""

    __tablename__ = "programmes"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    title: Mapped[dict[str, Any]] = mapped_column(Document)
    summary: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)


class ProgrammeEdition(Base):
    """One issue of a programme, frozen at its first sitting.

    ``spec``: {"standards", "validity_months", "retakes", "renewal_window_days",
    "exam": {"minutes", "pass", "excellent", "shuffle", "blueprint", "sections"}, "parts"}.
    """

    __tablename__ = "programme_editions"

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes.id"))
    number: Mapped[int]
    spec: Mapped[dict[str, Any]] = mapped_column(Document)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    created: Mapped[datetime] = mapped_column(Instant)
    frozen: Mapped[datetime | None] = mapped_column(Instant)

    __table_args__ = (UniqueConstraint("programme_id", "number"),)
