"""Decisions, licences, their ledger and its spans."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Base, Instant
from foundation.guards import insert_only


class Decision(Base):
    """The recorded act on a person's certification. Pending until somebody uninvolved decides.

    ``kind`` is ``certification`` (a case to grant or refuse) or the kind of an
    event: an act on the licence ``licence_id``, which a decider did at once
    (granted as it was opened) or which was proposed and waits. ``proposal`` is
    the proposer's reason, ``reason`` the decider's. ``effective`` is None for
    "as soon as it is decided"; ``holder`` the name that a new licence would carry.
    """

    __tablename__ = "decisions"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), default="certification")
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    programme_edition_id: Mapped[int] = mapped_column(ForeignKey("programme_editions.id"))
    attempt_id: Mapped[str | None] = mapped_column(ForeignKey("attempts.id"), unique=True)
    licence_id: Mapped[int | None] = mapped_column(ForeignKey("licences.id"), index=True)
    state: Mapped[str] = mapped_column(String(20), index=True)
    grade: Mapped[str | None] = mapped_column(String(20))
    effective: Mapped[datetime | None] = mapped_column(Instant)
    holder: Mapped[str] = mapped_column(String(80), default="")
    reason_code: Mapped[str] = mapped_column(String(40), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    proposal: Mapped[str] = mapped_column(Text, default="")
    opened: Mapped[datetime] = mapped_column(Instant)
    opened_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    decided: Mapped[datetime | None] = mapped_column(Instant)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))

    __table_args__ = (
        CheckConstraint(
            "kind IN ('certification', 'upgraded', 'scope_reduced', 'suspended', 'reinstated', 'revoked', 'superseded')", name="kind"
        ),
        CheckConstraint("(kind = 'certification') = (licence_id IS NULL)", name="licence"),
        CheckConstraint("state IN ('pending', 'granted', 'refused')", name="state"),
        CheckConstraint("(state = 'pending') = (decided IS NULL)", name="decided"),
    )


class Licence(Base):
    """A licence's identity; what it is worth on a day is derived from its events.

    ``status_index`` is its place in the published status lists, drawn by lot so that it tells nothing.
    ``holder`` is the name as it stands on this licence: a corrected name is a new licence.
    """

    __tablename__ = "licences"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(30), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes.id"))
    programme_edition_id: Mapped[int] = mapped_column(ForeignKey("programme_editions.id"))
    created: Mapped[datetime] = mapped_column(Instant)
    status_index: Mapped[int] = mapped_column(unique=True)
    holder: Mapped[str] = mapped_column(String(80), default="")

    __table_args__ = (Index("ix_licences_person_programme", "person_id", "programme_id"),)


class LicenceEvent(Base):
    """One entry of the ledger: insert-only. A replay at T sees what was ``recorded`` by T.

    ``certified`` is given where a licence carries on an older certification (a
    corrected name); else what certifies does so on its effective day.
    """

    __tablename__ = "licence_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    licence_id: Mapped[int] = mapped_column(ForeignKey("licences.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    grade: Mapped[str | None] = mapped_column(String(20))
    effective: Mapped[datetime] = mapped_column(Instant)
    until: Mapped[datetime | None] = mapped_column(Instant)
    certified: Mapped[datetime | None] = mapped_column(Instant)
    recorded: Mapped[datetime] = mapped_column(Instant)
    reason_code: Mapped[str] = mapped_column(String(40), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decisions.id"))
    by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("licences.id"))

    __table_args__ = (
        CheckConstraint(
            "kind IN ('granted', 'renewed', 'upgraded', 'scope_reduced', 'suspended', 'reinstated', 'revoked', 'superseded')", name="kind"
        ),
    )


insert_only(LicenceEvent.__table__, "ledger")


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
        Index("ix_licence_spans_standing", "standing"),
        CheckConstraint("ends IS NULL OR ends > starts", name="order"),
        CheckConstraint("standing IN ('active', 'suspended', 'revoked', 'superseded', 'expired')", name="standing"),
    )
