"""A signature given on a page: lines drawn with a finger, or a typed name that its owner declares to be the signature.

Source: 000, art. 19 (the responsibility agreement is signed) and the project's
rule that everything works by keyboard and without scripts: whoever cannot draw
types the name and ticks that it stands for the signature. A drawing is data
from a stranger's browser: it is read into a fixed field, within limits.
"""

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

FIELD = (1000, 400)
"""Width and height in which points lie, the origin at the top left; the printer draws in the same field."""
LONGEST = 60_000
"""Characters of what a page sends."""
STROKES, POINTS = 120, 4000
LEAST = 40
"""How far a drawing reaches at least, across or down: a dot from a slip of the finger is no signature."""
NAME = 80

Strokes = tuple[tuple[tuple[int, int], ...], ...]


class How(StrEnum):
    """How it was given."""

    DRAWN = "drawn"
    TYPED = "typed"
    PAPER = "paper"


class Flaw(StrEnum):
    """Why it is none."""

    NO_NAME = "no_name"
    UNSIGNED = "unsigned"
    TOO_SMALL = "too_small"
    BAD_SHAPE = "bad_shape"
    NOT_THE_SIGNER = "not_the_signer"


@dataclass(frozen=True)
class Signature:
    """A name and how it was signed; ``strokes`` are empty unless it was drawn."""

    name: str
    how: How
    strokes: Strokes = ()

    def document(self) -> dict[str, Any]:
        """What a row keeps beside the name."""
        return {"how": self.how.value, "strokes": [[list(point) for point in stroke] for stroke in self.strokes]}


def kept(name: str, document: dict[str, Any]) -> Signature:
    """The signature that a row keeps."""
    strokes = tuple(tuple((int(x), int(y)) for x, y in stroke) for stroke in document.get("strokes", ()))
    return Signature(name, How(document.get("how", How.PAPER)), strokes)


def read(name: str, drawn: str, declared: bool, signer: str | None = None) -> Signature | Flaw:
    """The signature that was sent; ``signer`` is whose it has to be, where that is known.

    A drawing speaks before a declaration: who did both has drawn.
    """
    said = " ".join(name.split())[:NAME]
    if not said:
        return Flaw.NO_NAME
    if signer is not None and said != " ".join(signer.split()):
        return Flaw.NOT_THE_SIGNER
    if not drawn.strip():
        return Signature(said, How.TYPED) if declared else Flaw.UNSIGNED
    strokes = _strokes(drawn)
    if strokes is None:
        return Flaw.BAD_SHAPE
    if not strokes:
        return Signature(said, How.TYPED) if declared else Flaw.UNSIGNED
    return Signature(said, How.DRAWN, strokes) if _reaches(strokes) else Flaw.TOO_SMALL


def _strokes(text: str) -> Strokes | None:
    """The lines in ``text``, points in whole units; None for anything that is no drawing within the limits."""
    if len(text) > LONGEST:
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, list) or len(found) > STROKES:
        return None
    points = 0
    for stroke in found:
        if not isinstance(stroke, list) or not stroke or not all(map(_is_point, stroke)):
            return None
        points += len(stroke)
    if points > POINTS:
        return None
    return tuple(tuple((round(x), round(y)) for x, y in stroke) for stroke in found)


def _is_point(value: Any) -> bool:
    if not isinstance(value, list) or len(value) != 2:
        return False
    return all(
        isinstance(one, int | float) and not isinstance(one, bool) and 0 <= one <= most  # NaN and infinity fail here
        for one, most in zip(value, FIELD, strict=True)
    )


def _reaches(strokes: Strokes) -> bool:
    across, down = zip(*(point for stroke in strokes for point in stroke), strict=True)
    return bool(max(across) - min(across) >= LEAST or max(down) - min(down) >= LEAST)
