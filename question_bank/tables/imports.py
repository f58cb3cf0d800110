"""Files of questions on their way in: uploaded, read in the child, looked at, then kept as a whole or thrown away."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Base, Document, Instant


class QuestionImport(Base):
    """One file or pasted text. ``content`` goes once it is settled; ``report`` counts what became of the questions."""

    __tablename__ = "question_imports"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    format: Mapped[str] = mapped_column(String(20), default="")
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), index=True)
    state: Mapped[str] = mapped_column(String(20))
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    report: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)
    created: Mapped[datetime] = mapped_column(Instant)
    created_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    finished: Mapped[datetime | None] = mapped_column(Instant)

    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'reading', 'checked', 'refused', 'keeping', 'kept', 'discarded')", name="state"),
    )


class QuestionImportRow(Base):
    """One question of a file, in its order. ``said``: the wording as the file gives it; ``notes``: [[weight, code, [words]], …].

    ``clauses`` are the references that a trainer settled on, the main one first;
    ``twin_id`` is the item that says the same already; ``item_id`` what it became.
    """

    __tablename__ = "question_import_rows"

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("question_imports.id", ondelete="CASCADE"))
    position: Mapped[int]
    ref: Mapped[str] = mapped_column(String(200))
    code: Mapped[str] = mapped_column(String(200), default="")
    status: Mapped[str] = mapped_column(String(20))
    said: Mapped[dict[str, Any]] = mapped_column(Document)
    notes: Mapped[list[Any]] = mapped_column(Document, default=list)
    clauses: Mapped[list[Any]] = mapped_column(Document, default=list)
    suggested: Mapped[list[Any]] = mapped_column(Document, default=list)
    left_out: Mapped[bool] = mapped_column(default=False)
    twin_id: Mapped[int | None] = mapped_column(ForeignKey("items.id"))
    item_id: Mapped[int | None] = mapped_column(ForeignKey("items.id"))

    __table_args__ = (
        UniqueConstraint("import_id", "position"),
        CheckConstraint("status IN ('kept', 'degraded', 'refused')", name="status"),
    )


class QuestionImportMedia(Base):
    """A picture or sound of a file, encoded anew already; ``called`` is its name in the file, ``name`` as in Media."""

    __tablename__ = "question_import_media"

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("question_imports.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(16))
    called: Mapped[str] = mapped_column(Text)
    media_type: Mapped[str] = mapped_column(String(40))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
