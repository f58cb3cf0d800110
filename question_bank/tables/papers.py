"""Assembled papers, and which versions stand on them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Base, Document, Instant


class Form(Base):
    """One assembled paper, never changed. ``sections``: [{"title", "slots": [[item_version_id, points], …], "canaries": [version, …]}].

    ``canaries`` stand among the section's slots, unscored. A paper that differs in them alone keeps the ``seed``.
    """

    __tablename__ = "forms"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(60), unique=True)
    seed: Mapped[str] = mapped_column(String(64))
    sections: Mapped[list[Any]] = mapped_column(Document)
    created: Mapped[datetime] = mapped_column(Instant)


class FormItem(Base):
    """Where a version was used: for exposure, and so that no used version is ever deleted."""

    __tablename__ = "form_items"

    form_id: Mapped[int] = mapped_column(ForeignKey("forms.id"), primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("item_versions.id"), primary_key=True)

    __table_args__ = (Index("ix_form_items_version", "version_id"),)
