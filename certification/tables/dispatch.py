"""Dispatch decisions as they were answered, the policy behind them, overrides, and who is told of a change."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Base, Document, Instant
from foundation.guards import insert_only


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


class DispatchPolicy(Base):
    """A version of the policy's parameters, in force from ``effective`` until the next. Insert-only: a replay finds the one of its day."""

    __tablename__ = "dispatch_policies"

    version: Mapped[str] = mapped_column(String(20), primary_key=True)
    parameters: Mapped[dict[str, Any]] = mapped_column(Document)
    effective: Mapped[datetime] = mapped_column(Instant)
    recorded: Mapped[datetime] = mapped_column(Instant)
    by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    note: Mapped[str] = mapped_column(Text, default="")


insert_only(DispatchPolicy.__table__, "dispatch policy")


class DispatchOverride(Base):
    """An emergency: two people let one person go under one programme although a rule denies it, until ``ends`` at the latest.

    In force from ``confirmed`` until ``ends`` or ``withdrawn``.
    """

    __tablename__ = "dispatch_overrides"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes.id"))
    reason: Mapped[str] = mapped_column(Text)
    starts: Mapped[datetime] = mapped_column(Instant)
    ends: Mapped[datetime] = mapped_column(Instant)
    proposed: Mapped[datetime] = mapped_column(Instant)
    proposed_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    confirmed: Mapped[datetime | None] = mapped_column(Instant)
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    withdrawn: Mapped[datetime | None] = mapped_column(Instant)
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))

    __table_args__ = (
        CheckConstraint("ends > starts", name="order"),
        CheckConstraint("confirmed_by IS NULL OR confirmed_by <> proposed_by", name="two_people"),
        CheckConstraint("(confirmed IS NULL) = (confirmed_by IS NULL)", name="confirmed"),
    )


class Webhook(Base):
    """An address that is told when a person's standing changes; ``secret`` (sealed) signs what is sent."""

    __tablename__ = "webhooks"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    url: Mapped[str] = mapped_column(String(500))
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    created: Mapped[datetime] = mapped_column(Instant)
    created_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    closed: Mapped[datetime | None] = mapped_column(Instant)


class WebhookDelivery(Base):
    """One message to one address: tried again, ever less often, until it was taken or given up.

    ``event_key`` tells the event, so that one is never sent twice. ``due`` is the next try; None when it was ``delivered`` or
    given up. ``payload`` is sent as it is kept.
    """

    __tablename__ = "webhook_deliveries"

    id: Mapped[int] = mapped_column(primary_key=True)
    webhook_id: Mapped[int] = mapped_column(ForeignKey("webhooks.id"))
    event: Mapped[str] = mapped_column(String(40))
    event_key: Mapped[str] = mapped_column(String(120))
    payload: Mapped[dict[str, Any]] = mapped_column(Document)
    created: Mapped[datetime] = mapped_column(Instant)
    due: Mapped[datetime | None] = mapped_column(Instant, index=True)
    delivered: Mapped[datetime | None] = mapped_column(Instant)
    tries: Mapped[int] = mapped_column(default=0)
    status: Mapped[int | None]
    error: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        UniqueConstraint("webhook_id", "event_key"),
        CheckConstraint("delivered IS NULL OR due IS NULL", name="due"),
    )


class WebhookMark(Base):
    """How far a sweep of standings has looked: everything that time changed until ``at`` was told."""

    __tablename__ = "webhook_marks"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
