"""Keys that sign what leaves the house: credentials, status lists, passes."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Base, Document, Instant


class SigningKey(Base):
    """An ES256 key. The newest that is not retired signs; all that are published verify.

    ``private`` is sealed, and empty once the key is retired: what cannot sign
    cannot be stolen. ``over`` is when everything that a retired key signed has
    ended; until then it stays published.
    """

    __tablename__ = "signing_keys"

    kid: Mapped[str] = mapped_column(String(60), primary_key=True)
    public: Mapped[dict[str, Any]] = mapped_column(Document)
    private: Mapped[bytes] = mapped_column(LargeBinary)
    created: Mapped[datetime] = mapped_column(Instant)
    retired: Mapped[datetime | None] = mapped_column(Instant)
    over: Mapped[datetime | None] = mapped_column(Instant)

    __table_args__ = (CheckConstraint("(retired IS NULL) = (over IS NULL)", name="over"),)
