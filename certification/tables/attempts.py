"""Attempts: their steps, what came late, what happened to them, where they are."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Base, Document, Instant


class Attempt(Base):
    """One person's run of a sitting.

    ``layout`` is the frozen form as this person sees it: one ``layout.Slot`` an
    entry, in order. ``secret`` makes the option ids opaque. ``chain`` is the head
    of the steps' hash chain, ``step_count`` its length. ``deadline`` is kept as
    ``timing`` derives it from the window, the minutes, extra time and events.
    ``pen`` names the signed-in session that writes (its token's hash): another
    device that takes over moves it. ``receipt`` is a JWS (see ``receipt``).
    """

    __tablename__ = "attempts"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sittings.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    state: Mapped[str] = mapped_column(String(20))
    layout: Mapped[list[Any]] = mapped_column(Document)
    secret: Mapped[bytes] = mapped_column(LargeBinary(16))
    started: Mapped[datetime] = mapped_column(Instant)
    deadline: Mapped[datetime] = mapped_column(Instant)
    pen: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    ended: Mapped[datetime | None] = mapped_column(Instant)
    chain: Mapped[bytes] = mapped_column(LargeBinary(32))
    step_count: Mapped[int] = mapped_column(default=0)
    receipt: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        UniqueConstraint("sitting_id", "person_id"),
        Index("ix_attempts_open", "state", "deadline"),
        CheckConstraint("state IN ('in_progress', 'paused', 'submitted', 'closed_by_deadline', 'invalidated')", name="state"),
        CheckConstraint("(state IN ('in_progress', 'paused')) = (ended IS NULL)", name="ended"),
    )


class PreparedAttempt(Base):
    """A layout drawn before the sitting opens, so that a whole room can begin in one minute. Gone once it is used."""

    __tablename__ = "prepared_attempts"

    sitting_id: Mapped[int] = mapped_column(ForeignKey("sittings.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    form_id: Mapped[int] = mapped_column(ForeignKey("forms.id"))
    layout: Mapped[list[Any]] = mapped_column(Document)
    secret: Mapped[bytes] = mapped_column(LargeBinary(16))


class Step(Base):
    """One appended raw response. The highest ``seq`` of a slot is the answer; ``answer`` is canonical JSON.

    ``position`` counts an attempt's steps in the order in which they were kept: the order of its hash chain.
    """

    __tablename__ = "steps"

    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempts.id"), primary_key=True)
    slot: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position: Mapped[int]
    answer: Mapped[str] = mapped_column(Text)
    received: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = {"sqlite_with_rowid": False}


class LateStep(Base):
    """A well-formed answer that came too late, or from a device that may not write any more: evidence, never scored by itself."""

    __tablename__ = "late_steps"

    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempts.id"), primary_key=True)
    slot: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sha256: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    answer: Mapped[str] = mapped_column(Text)
    code: Mapped[str] = mapped_column(String(20))
    received: Mapped[datetime] = mapped_column(Instant)


class AttemptEvent(Base):
    """What happened to an attempt besides answers: its timeline. Insert-only.

    ``kind`` is one of ``timing.Kind`` (they move the clock or the state) or of
    ``evidence.Kind`` (they are only kept). ``seconds`` where time was given,
    ``by`` the account of whoever did it to somebody else's attempt.
    """

    __tablename__ = "attempt_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempts.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(Instant)
    seconds: Mapped[int | None]
    by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
    detail: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)


class Presence(Base):
    """When an open attempt was last heard of, where it is, and how many answers wait on its device. Written in batches."""

    __tablename__ = "presences"

    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempts.id"), primary_key=True)
    seen: Mapped[datetime] = mapped_column(Instant)
    slot: Mapped[int | None]
    waiting: Mapped[int] = mapped_column(default=0)
    hidden: Mapped[bool] = mapped_column(default=False)
