"""The faint mark on the exam room and on a paper that was looked into: who sees it, and a code that leads back.

The code is a keyed digest, so that nobody makes another's. What is read off a
photograph may be incomplete: a question mark stands for a letter that cannot be
read, and letters that look alike count as one.
"""

import base64
import hmac
from collections.abc import Iterable, Iterator
from enum import StrEnum
from html import escape

LENGTH = 8
LEAST = 4
"""Letters that must be legible before anything is looked for."""
ANY = "?"
_ALIKE = str.maketrans({"0": "O", "1": "I", "8": "B", "？": ANY, "-": "", " ": "", "·": ""})
_TILE = (330, 190)


class Kind(StrEnum):
    """What a code leads to."""

    ATTEMPT = "attempt"
    LOOK = "look"


def code(key: str, kind: Kind, name: str) -> str:
    """The eight letters (A–Z, 2–7) of an attempt or of a look into a paper, as ``ABCD-EFGH``."""
    digest = hmac.digest(key.encode(), f"watermark:{kind}:{name}".encode(), "sha256")
    letters = base64.b32encode(digest)[:LENGTH].decode()
    return f"{letters[:4]}-{letters[4:]}"


def pattern(typed: str) -> str | None:
    """What was typed as it is compared; None when it is no code, or too little of one."""
    text = typed.upper().translate(_ALIKE)
    legible = sum(letter != ANY for letter in text)
    known = all(letter == ANY or letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" for letter in text)
    return text if len(text) == LENGTH and legible >= LEAST and known else None


def matching(key: str, wanted: str, named: Iterable[tuple[Kind, str]]) -> Iterator[tuple[Kind, str]]:
    """Those of ``named`` whose code fits ``wanted`` (see ``pattern``)."""
    for kind, name in named:
        letters = code(key, kind, name).replace("-", "")
        if all(one in (ANY, other) for one, other in zip(wanted, letters, strict=True)):
            yield kind, name


def masked(name: str) -> str:
    """A name that shows who it is to those who know: 王建国 → 王*国, 张三 → 张*, others by their first letters."""
    words = name.split()
    if len(words) > 1:
        return f"{words[0][:1]}. {words[-1][:1]}."
    return f"{name[:1]}*{name[-1:]}" if len(name) > 2 else f"{name[:1]}*"


def picture(first: str, second: str) -> str:
    """An SVG that fills whatever it is laid over with the two lines, slanted and repeated; no style, no script."""
    width, height = _TILE
    lines = "".join(
        f'<text x="{x}" y="{y}"><tspan>{escape(first)}</tspan><tspan x="{x}" dy="19">{escape(second)}</tspan></text>'
        for x, y in ((18, 50), (18 + width // 2, 50 + height // 2))
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="100%" height="100%">'
        f'<defs><pattern id="mark" width="{width}" height="{height}" patternUnits="userSpaceOnUse" patternTransform="rotate(-22)">'
        '<g font-family="sans-serif" font-size="15" font-weight="600" fill="#7b8794" fill-opacity="0.17">'
        f'{lines}</g></pattern></defs><rect width="100%" height="100%" fill="url(#mark)"/></svg>'
    )
