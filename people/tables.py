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
    renews_id: Mapped[int | None] = mapped_column(ForeignKey("contracts.id"))

    __table_args__ = (
        CheckConstraint("ends > starts", name="order"),
        CheckConstraint("state IN ('draft', 'certified_roster', 'signed', 'running', 'ending', 'ended')", name="state"),
    )


class ContractEvent(Base):
    """One move in a contract's life: insert-only. ``facts`` keep what was relied on, such as the checklist of a signing."""

    __tablename__ = "contract_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    contract_id: Mapped[int] = mapped_column(ForeignKey("contracts.id"), index=True)
    before: Mapped[str] = mapped_column(String(20))
    after: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(Instant)
    by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    note: Mapped[str] = mapped_column(String(500), default="")
    facts: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)


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
    email: Mapped[str] = mapped_column(String(254), default="")
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


class SavedView(Base):
    """A list as somebody narrowed it, under a name of their own; ``query`` is the address's query string."""

    __tablename__ = "saved_views"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    page: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(80))
    query: Mapped[str] = mapped_column(String(2000), default="")
    created: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (UniqueConstraint("account_id", "page", "name"),)


class RosterImport(Base):
    """An uploaded roster: read and checked by the worker, shown, then kept as a whole or not at all.

    ``report``: counts, and problems as [row, column, code, value]; ``content`` is dropped once it was kept or thrown away.
    """

    __tablename__ = "roster_imports"

    id: Mapped[int] = mapped_column(primary_key=True)
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("partners.id"), index=True)
    contract_id: Mapped[int | None] = mapped_column(ForeignKey("contracts.id"))
    name: Mapped[str] = mapped_column(String(200))
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    state: Mapped[str] = mapped_column(String(20))
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    report: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)
    created: Mapped[datetime] = mapped_column(Instant)
    created_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    finished: Mapped[datetime | None] = mapped_column(Instant)

    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'reading', 'checked', 'refused', 'keeping', 'kept', 'discarded')", name="state"),
    )
