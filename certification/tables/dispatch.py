"""Dispatch decisions as they were answered."""

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Base, Document, Instant


class DispatchDecision(Base):
    """An evaluation as it was answered; written after the answer, in batches."""

    __tablename__ = "dispatch_decisions"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant, index=True)
    asker: Mapped[str] = mapped_column(String(80))
    subject: Mapped[str] = mapped_column(String(40), index=True)
    visit: Mapped[str] = mapped_column(String(80), index=True)
    allowed: Mapped[bool]
    request: Mapped[dict[str, Any]] = mapped_column(Document)
    answer: Mapped[dict[str, Any]] = mapped_column(Document)
    policy_version: Mapped[str] = mapped_column(String(20))
