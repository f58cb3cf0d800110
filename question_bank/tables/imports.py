"""Files of questions on their way in: uploaded, read in the child, looked at, then kept as a whole or thrown away."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Base, Document, Instant


class QuestionImport(Base):
    """One file or pasted text. ``content`` goes once it is settled.

    ``format`` is what was asked for, then what it was found to be ("" while
    nobody knows); ``edition`` (``STD@EDITION``) narrows the clauses that are
    suggested, "" for every edition in force; ``submit``: what is kept goes on to
    review. ``report``: ``{"refusal": [code, words]}``, or counts of what became
    of it. ``created_by`` is None for the command line.
    """

    __tablename__ = "question_imports"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    format: Mapped[str] = mapped_column(String(20), default="")
    edition: Mapped[str] = mapped_column(String(90), default="")
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), index=True)
    state: Mapped[str] = mapped_column(String(20))
    submit: Mapped[bool] = mapped_column(default=False)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    report: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)
    created: Mapped[datetime] = mapped_column(Instant)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    finished: Mapped[datetime | None] = mapped_column(Instant)

    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'reading', 'checked', 'refused', 'keeping', 'kept', 'discarded')", name="state"),
    )


class QuestionImportRow(Base):
    """One question of a file, in its order. ``said``: the wording as the file gives it, as formats.md writes an item;
    ``notes``: [[weight, code, [words]], …].

    ``relation`` is how it stands to the bank (see ``question_bank/sameness.py``) and
    ``twin_id`` the item that is meant. ``clauses`` are the references that were
    settled on, the main one first; ``suggested``: [[reference, score], …];
    ``item_id`` what it became.
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
    relation: Mapped[str] = mapped_column(String(20), default="new")
    clauses: Mapped[list[Any]] = mapped_column(Document, default=list)
    suggested: Mapped[list[Any]] = mapped_column(Document, default=list)
    left_out: Mapped[bool] = mapped_column(default=False)
    twin_id: Mapped[int | None] = mapped_column(ForeignKey("items.id"))
    item_id: Mapped[int | None] = mapped_column(ForeignKey("items.id"))

    __table_args__ = (
        UniqueConstraint("import_id", "position"),
        CheckConstraint("status IN ('kept', 'degraded', 'refused')", name="status"),
        CheckConstraint("relation IN ('new', 'same', 'revision', 'key_differs', 'busy', 'repeated')", name="relation"),
    )
