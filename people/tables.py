"""Partners, contracts, people, rosters, accounts, sessions, keys."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Base, Document, Instant


class Partner(Base):
    """A company: a partner, or the operator itself."""

    __tablename__ = "partners"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(20), default="partner")

    __table_args__ = (CheckConstraint("kind IN ('partner', 'operator')", name="kind"),)


class Contract(Base):
    """A partner's agreement: ``[starts, ends)`` as instants; ``programmes`` are codes that its staff need."""

    __tablename__ = "contracts"

    id: Mapped[int] = mapped_column(primary_key=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partners.id"), index=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    title: Mapped[str] = mapped_column(String(200), default="")
    state: Mapped[str] = mapped_column(String(20))
    starts: Mapped[datetime] = mapped_column(Instant)
    ends: Mapped[datetime] = mapped_column(Instant)
    programmes: Mapped[list[Any]] = mapped_column(Document, default=list)

    __table_args__ = (
        CheckConstraint("ends > starts", name="order"),
        CheckConstraint("state IN ('draft', 'certified_roster', 'signed', 'running', 'ending', 'ended')", name="state"),
    )


class Person(Base):
    """One of the staff. ID number and phone are sealed; their digests find duplicates."""

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_no: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(80), index=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partners.id"), index=True)
    city: Mapped[str] = mapped_column(String(40), default="", index=True)
    id_number: Mapped[bytes | None] = mapped_column(LargeBinary)
    id_number_digest: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    phone: Mapped[bytes | None] = mapped_column(LargeBinary)
    left: Mapped[datetime | None] = mapped_column(Instant)


class RosterEntry(Base):
    """A person works under a contract from ``starts`` until ``ends`` (open when null)."""

    __tablename__ = "roster"

    id: Mapped[int] = mapped_column(primary_key=True)
    contract_id: Mapped[int] = mapped_column(ForeignKey("contracts.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    starts: Mapped[datetime] = mapped_column(Instant)
    ends: Mapped[datetime | None] = mapped_column(Instant)

    __table_args__ = (
        UniqueConstraint("contract_id", "person_id", "starts"),
        CheckConstraint("ends IS NULL OR ends >= starts", name="order"),
    )


class Account(Base):
    """A person's way in. ``roles`` is a list of role names."""

    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), unique=True)
    username: Mapped[str] = mapped_column(String(64), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    one_time: Mapped[bool] = mapped_column(default=False)
    roles: Mapped[list[Any]] = mapped_column(Document, default=list)
    created: Mapped[datetime] = mapped_column(Instant)
    closed: Mapped[datetime | None] = mapped_column(Instant)


class LoginSession(Base):
    """One sign-in on one device. The cookie holds a random token, the row its SHA-256: deleting the row signs out."""

    __tablename__ = "login_sessions"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    created: Mapped[datetime] = mapped_column(Instant)
    expires: Mapped[datetime] = mapped_column(Instant)
    device: Mapped[str] = mapped_column(String(200), default="")


class SignInFailure(Base):
    """Failed sign-ins counted by name and by address (keyed digests), across all doors and processes."""

    __tablename__ = "sign_in_failures"

    key: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    count: Mapped[int]
    last: Mapped[datetime] = mapped_column(Instant)
    locked_until: Mapped[datetime | None] = mapped_column(Instant)


class ApiKey(Base):
    """A machine's way in: shown once, kept as SHA-256."""

    __tablename__ = "api_keys"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    scope: Mapped[str] = mapped_column(String(40))
    key_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    created: Mapped[datetime] = mapped_column(Instant)
    revoked: Mapped[datetime | None] = mapped_column(Instant)

    __table_args__ = (
        Index("uq_api_keys_live_name", "name", unique=True, sqlite_where=revoked.is_(None), postgresql_where=revoked.is_(None)),
    )
