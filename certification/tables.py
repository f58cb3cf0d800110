"""Programmes, sittings, attempts, results, decisions, licences, dispatch decisions."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
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


class Sitting(Base):
    """One scheduled delivery of an exam: the window ``[opens, closes)``, the form, the place, the entry code."""

    __tablename__ = "sittings"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(60), unique=True)
    programme_edition_id: Mapped[int] = mapped_column(ForeignKey("programme_editions.id"), index=True)
    form_id: Mapped[int] = mapped_column(ForeignKey("forms.id"))
    opens: Mapped[datetime] = mapped_column(Instant, index=True)
    closes: Mapped[datetime] = mapped_column(Instant)
    place: Mapped[str] = mapped_column(String(120), default="")
    seats: Mapped[int | None]
    entry_code: Mapped[str | None] = mapped_column(String(40))
    created_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    created: Mapped[datetime] = mapped_column(Instant)
    cancelled: Mapped[datetime | None] = mapped_column(Instant)
    cancel_reason: Mapped[str] = mapped_column(Text, default="")
    released: Mapped[datetime | None] = mapped_column(Instant)
    released_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))

    __table_args__ = (CheckConstraint("closes > opens", name="order"),)


class Booking(Base):
    """A person is entered for a sitting."""

    __tablename__ = "bookings"

    sitting_id: Mapped[int] = mapped_column(ForeignKey("sittings.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    booked_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    booked: Mapped[datetime] = mapped_column(Instant)


class Attempt(Base):
    """One person's run of a sitting.

    ``layout`` is the frozen form as this person sees it: one ``layout.Slot`` an
    entry, in order. ``secret`` makes the option ids opaque. ``chain`` is the head
    of the steps' hash chain, ``step_count`` its length. ``deadline`` is stored
    with its credit already counted in. ``receipt`` is a JWS (see ``receipt``).
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


class Result(Base):
    """What grading found. ``marks``: [[slot, fraction, mark], …]; ``sections``: [{"title", "mark", "points", "fraction", "min", "met"}]."""

    __tablename__ = "results"

    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempts.id"), primary_key=True)
    state: Mapped[str] = mapped_column(String(20))
    mark: Mapped[float]
    points: Mapped[float]
    fraction: Mapped[float]
    passed: Mapped[bool]
    grade: Mapped[str | None] = mapped_column(String(20))
    marks: Mapped[list[Any]] = mapped_column(Document)
    sections: Mapped[list[Any]] = mapped_column(Document)
    graded: Mapped[datetime] = mapped_column(Instant)
    released: Mapped[datetime | None] = mapped_column(Instant)

    __table_args__ = (
        CheckConstraint("state IN ('marking', 'marked', 'released', 'voided')", name="state"),
        CheckConstraint("grade IS NULL OR grade IN ('qualified', 'excellent')", name="grade"),
        CheckConstraint("passed = (grade IS NOT NULL)", name="passed"),
    )


class Decision(Base):
    """The recorded act on a person's certification. Pending until somebody uninvolved decides."""

    __tablename__ = "decisions"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    programme_edition_id: Mapped[int] = mapped_column(ForeignKey("programme_editions.id"))
    attempt_id: Mapped[str | None] = mapped_column(ForeignKey("attempts.id"), unique=True)
    state: Mapped[str] = mapped_column(String(20), index=True)
    grade: Mapped[str | None] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text, default="")
    opened: Mapped[datetime] = mapped_column(Instant)
    decided: Mapped[datetime | None] = mapped_column(Instant)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))

    __table_args__ = (
        CheckConstraint("state IN ('pending', 'granted', 'refused')", name="state"),
        CheckConstraint("(state = 'pending') = (decided IS NULL)", name="decided"),
    )


class Licence(Base):
    """A licence's identity; what it is worth on a day is derived from its events."""

    __tablename__ = "licences"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(30), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes.id"))
    programme_edition_id: Mapped[int] = mapped_column(ForeignKey("programme_editions.id"))
    created: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (Index("ix_licences_person_programme", "person_id", "programme_id"),)


class LicenceEvent(Base):
    """One entry of the ledger: insert-only. A replay at T sees what was ``recorded`` by T."""

    __tablename__ = "licence_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    licence_id: Mapped[int] = mapped_column(ForeignKey("licences.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    grade: Mapped[str | None] = mapped_column(String(20))
    effective: Mapped[datetime] = mapped_column(Instant)
    until: Mapped[datetime | None] = mapped_column(Instant)
    recorded: Mapped[datetime] = mapped_column(Instant)
    reason: Mapped[str] = mapped_column(Text, default="")
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decisions.id"))
    by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("licences.id"))

    __table_args__ = (
        CheckConstraint(
            "kind IN ('granted', 'renewed', 'upgraded', 'scope_reduced', 'suspended', 'reinstated', 'revoked', 'superseded')", name="kind"
        ),
    )


class LicenceSpan(Base):
    """The ledger unrolled: a licence's standing over ``[starts, ends)``. Rebuildable; written with each event.

    ``standing`` is active, suspended, revoked, superseded or expired; "expiring"
    is a view of active that depends on the day asked for. ``until`` is the end of
    validity as it stood in this span, ``certified`` the last certification.
    """

    __tablename__ = "licence_spans"

    licence_id: Mapped[int] = mapped_column(ForeignKey("licences.id"), primary_key=True)
    starts: Mapped[datetime] = mapped_column(Instant, primary_key=True)
    ends: Mapped[datetime | None] = mapped_column(Instant)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes.id"))
    standing: Mapped[str] = mapped_column(String(20))
    grade: Mapped[str | None] = mapped_column(String(20))
    until: Mapped[datetime] = mapped_column(Instant)
    certified: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (
        Index("ix_licence_spans_person", "person_id", "programme_id"),
        CheckConstraint("ends IS NULL OR ends > starts", name="order"),
        CheckConstraint("standing IN ('active', 'suspended', 'revoked', 'superseded', 'expired')", name="standing"),
    )


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
