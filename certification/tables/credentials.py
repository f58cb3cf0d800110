"""Keys that sign what leaves the house: credentials, status lists, passes."""

from datetime import datetime
from typing import Any

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Base, Document, Instant


class SigningKey(Base):
    """An ES256 key. The newest that is not retired signs; all that are published verify. ``private`` is sealed."""

    __tablename__ = "signing_keys"

    kid: Mapped[str] = mapped_column(String(60), primary_key=True)
    public: Mapped[dict[str, Any]] = mapped_column(Document)
    private: Mapped[bytes] = mapped_column(LargeBinary)
    created: Mapped[datetime] = mapped_column(Instant)
    retired: Mapped[datetime | None] = mapped_column(Instant)
