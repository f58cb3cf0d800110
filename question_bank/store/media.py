"""Pictures and sounds: the rows, and who shows them. A name never means anything else, so what it stands for may be kept by others."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import undefer

from question_bank.store import Reader
from question_bank.tables import Media, VersionMedia


def media(session: Reader, name: str) -> Media | None:
    """A picture or sound with its content."""
    return session.scalar(select(Media).where(Media.name == name).options(undefer(Media.content)))


def ids(session: Reader, names: Collection[str]) -> dict[str, int]:
    """Ids by name; a name that is not known is left out."""
    if not names:
        return {}
    return {name: media_id for media_id, name in session.execute(select(Media.id, Media.name).where(Media.name.in_(names)))}


def files(session: Reader, names: Collection[str]) -> dict[str, bytes]:
    """Contents by name."""
    if not names:
        return {}
    return dict(session.execute(select(Media.name, Media.content).where(Media.name.in_(names))).all())


def versions_showing(session: Reader, media_id: int) -> list[int]:
    """The versions whose face or rationale names it."""
    return list(session.scalars(select(VersionMedia.version_id).where(VersionMedia.media_id == media_id)))
