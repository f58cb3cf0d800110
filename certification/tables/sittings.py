"""Sittings, who is booked for them, and what an invigilator noted."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Base, Document, Instant


class Sitting(Base):
    """One scheduled delivery of an exam: the window ``[opens, closes)``, the form, the place, the entry code.

    ``extra_seconds`` is time given to everybody, also to those who have not
    begun. With ``check_in`` nobody begins before an officer has seen who they
    are. ``safe_browser``: the settings of the lockdown browser that is demanded,
    or None (``safe_browser``). ``review``: what a result shows of the questions
    (``review``).
    """

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
    extra_seconds: Mapped[int] = mapped_column(default=0)
    check_in: Mapped[bool] = mapped_column(default=False)
    watermark: Mapped[bool] = mapped_column(default=True)
    safe_browser: Mapped[dict[str, Any] | None] = mapped_column(Document)
    review: Mapped[str] = mapped_column(String(20), default="none")
    created_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    created: Mapped[datetime] = mapped_column(Instant)
    cancelled: Mapped[datetime | None] = mapped_column(Instant)
    cancel_reason: Mapped[str] = mapped_column(Text, default="")
    released: Mapped[datetime | None] = mapped_column(Instant)
    released_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))

    __table_args__ = (
        CheckConstraint("closes > opens", name="order"),
        CheckConstraint("extra_seconds >= 0", name="extra"),
        CheckConstraint("review IN ('none', 'clauses', 'full')", name="review"),
    )


class Booking(Base):
    """A person is entered for a sitting. ``extra_seconds`` is their own extra time; checked in: an officer has seen who they are."""

    __tablename__ = "bookings"

    sitting_id: Mapped[int] = mapped_column(ForeignKey("sittings.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    booked_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    booked: Mapped[datetime] = mapped_column(Instant)
    extra_seconds: Mapped[int] = mapped_column(default=0)
    extra_reason: Mapped[str] = mapped_column(Text, default="")
    checked_in: Mapped[datetime | None] = mapped_column(Instant)
    checked_in_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    check_note: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (CheckConstraint("extra_seconds >= 0", name="extra"),)


class RoomNote(Base):
    """The room's book: what an invigilator noted, or did to more than one attempt, each with its reason. Insert-only.

    Of one attempt, of one person who has not begun, or of the whole room.
    ``seconds`` is the time that was given. What was done to a single attempt
    stands on its own timeline (``AttemptEvent``).
    """

    __tablename__ = "room_notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sittings.id"), index=True)
    attempt_id: Mapped[str | None] = mapped_column(ForeignKey("attempts.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    kind: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    seconds: Mapped[int] = mapped_column(default=0)
    by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (
        CheckConstraint(
            "kind IN ('note', 'incident', 'paused', 'resumed', 'window', 'entry_code', 'unchecked', 'extra_time')", name="kind"
        ),
    )
