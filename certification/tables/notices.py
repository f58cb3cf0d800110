"""Reminders: where they go, and what was sent."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Base, Instant


class NoticeChannel(Base):
    """A robot of a chat group (WeCom, DingTalk). ``address`` and ``secret`` are sealed; e-mail goes to accounts' own addresses."""

    __tablename__ = "notice_channels"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(80))
    role: Mapped[str] = mapped_column(String(20))
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("partners.id"))
    address: Mapped[bytes] = mapped_column(LargeBinary)
    secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    created: Mapped[datetime] = mapped_column(Instant)
    closed: Mapped[datetime | None] = mapped_column(Instant)

    __table_args__ = (CheckConstraint("kind IN ('wecom', 'dingtalk')", name="kind"),)


class Notice(Base):
    """A digest for one account or one channel on one day, at most once: ``key`` names it."""

    __tablename__ = "notices"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(20))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    channel_id: Mapped[int | None] = mapped_column(ForeignKey("notice_channels.id"))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    created: Mapped[datetime] = mapped_column(Instant, index=True)
    sent: Mapped[datetime | None] = mapped_column(Instant)
    tries: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        UniqueConstraint("key"),
        CheckConstraint("kind IN ('email', 'wecom', 'dingtalk')", name="kind"),
    )


class NoticeRun(Base):
    """A day on which the digests were made; its row is there once, whoever else tries."""

    __tablename__ = "notice_runs"

    day: Mapped[date] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
    made: Mapped[int] = mapped_column(default=0)
