"""How a version did with those who answered it."""

from question_bank.store import Reader
from question_bank.tables import ItemFigures


def figures(session: Reader, version_id: int) -> ItemFigures | None:
    """The figures of a version out of released exams; None while nobody has answered it there."""
    return session.get(ItemFigures, version_id)
