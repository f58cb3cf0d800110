"""Pictures and sounds of questions, and which versions show them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Base, Instant


class Media(Base):
    """One picture or sound as it is served, never changed: encoded anew on the way in, without what it carried beside.

    ``name`` is the first 16 hexadecimal digits of the SHA-256 of ``content``, of a
    sound 15 and an ``s``; a text shows it as ``![alt](media:NAME)``, so that the
    same picture has the same name in every bank and a text alone says what it is.
    ``width`` and ``height`` in pixels, ``seconds`` of a sound.
    """

    __tablename__ = "media"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(16), unique=True)
    media_type: Mapped[str] = mapped_column(String(40))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    size: Mapped[int]
    width: Mapped[int | None]
    height: Mapped[int | None]
    seconds: Mapped[float | None]
    called: Mapped[str] = mapped_column(String(120), default="")
    created: Mapped[datetime] = mapped_column(Instant)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))

    __table_args__ = (CheckConstraint("media_type IN ('image/webp', 'image/png', 'image/jpeg', 'audio/mpeg', 'audio/wav')", name="type"),)


class VersionMedia(Base):
    """A version shows a picture or plays a sound; whoever may see the version may fetch it."""

    __tablename__ = "version_media"

    version_id: Mapped[int] = mapped_column(ForeignKey("item_versions.id"), primary_key=True)
    media_id: Mapped[int] = mapped_column(ForeignKey("media.id"), primary_key=True, index=True)
