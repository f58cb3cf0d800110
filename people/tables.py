"""Partners, contracts, people, rosters, accounts, sessions, keys."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Base, Document, Instant
from foundation.guards import insert_only


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
    renews_id: Mapped[int | None] = mapped_column(ForeignKey("contracts.id"), index=True)

    __table_args__ = (
        CheckConstraint("ends > starts", name="order"),
        CheckConstraint("state IN ('draft', 'certified_roster', 'signed', 'running', 'ending', 'ended')", name="state"),
    )


class ContractEvent(Base):
    """One entry of a contract's history: a move, or (``before`` = ``after``) a change. The first has no ``before``.

    Insert-only. ``facts``: ``checklist`` of a signing, ``since`` when the calendar had moved it earlier than it was
    noted, ``document`` when a document said so, else each changed field as [before, after].
    """

    __tablename__ = "contract_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    contract_id: Mapped[int] = mapped_column(ForeignKey("contracts.id"), index=True)
    before: Mapped[str] = mapped_column(String(20))
    after: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(Instant)
    by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    note: Mapped[str] = mapped_column(String(500), default="")
    facts: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)


insert_only(ContractEvent.__table__, "contract history")


class Person(Base):
    """One of the staff. ID number and phone are sealed; their digests find duplicates."""

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_no: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(80), index=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partners.id"))
    city: Mapped[str] = mapped_column(String(40), default="")
    id_number: Mapped[bytes | None] = mapped_column(LargeBinary)
    id_number_digest: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    phone: Mapped[bytes | None] = mapped_column(LargeBinary)
    left: Mapped[datetime | None] = mapped_column(Instant)

    # with the number, so that a search among a hundred thousand finds its page in order
    __table_args__ = (Index("ix_people_partner_id", "partner_id", "staff_no"), Index("ix_people_city", "city", "staff_no"))


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

    ``content`` is sealed, and dropped once it was kept, refused or thrown away. ``everywhere``: rows may name any
    company, else ``partner_id`` alone. ``report``: counts, headings that were passed over, or why nothing was read;
    ``faults``: [row, column, what, value, other] for each cell that is wrong.
    """

    __tablename__ = "roster_imports"

    id: Mapped[int] = mapped_column(primary_key=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partners.id"), index=True)
    contract_id: Mapped[int | None] = mapped_column(ForeignKey("contracts.id"))
    everywhere: Mapped[bool] = mapped_column(default=False)
    name: Mapped[str] = mapped_column(String(200))
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), index=True)
    state: Mapped[str] = mapped_column(String(20))
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    report: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)
    faults: Mapped[list[Any]] = mapped_column(Document, default=list, deferred=True)
    created: Mapped[datetime] = mapped_column(Instant)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    finished: Mapped[datetime | None] = mapped_column(Instant)

    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'reading', 'checked', 'refused', 'keeping', 'kept', 'discarded')", name="state"),
    )


class ImportedPerson(Base):
    """One person of a roster that is being kept, staged until all of them are swapped in at once; numbers are sealed.

    Without ``person_id`` somebody new; else an empty value leaves what is there, and ``seen_*`` is what was relied on.
    """

    __tablename__ = "imported_people"

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("roster_imports.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    staff_no: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(80))
    city: Mapped[str] = mapped_column(String(40))
    partner_id: Mapped[int] = mapped_column(ForeignKey("partners.id"))
    id_number: Mapped[bytes | None] = mapped_column(LargeBinary)
    id_number_digest: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    phone: Mapped[bytes | None] = mapped_column(LargeBinary)
    seen_partner: Mapped[int | None]
    seen_left: Mapped[datetime | None] = mapped_column(Instant)
    back: Mapped[bool]
    moves: Mapped[datetime | None] = mapped_column(Instant)


class ImportedEntry(Base):
    """A roster entry of a roster that is being kept."""

    __tablename__ = "imported_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("roster_imports.id"), index=True)
    staff_no: Mapped[str] = mapped_column(String(40))
    contract_id: Mapped[int] = mapped_column(ForeignKey("contracts.id"))
    starts: Mapped[datetime] = mapped_column(Instant)
