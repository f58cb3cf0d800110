"""The published list of credentials that are out of force: one bit each, so that asking tells nobody who is asked about.

Source: W3C Bitstring Status List 1.0. A list has 131,072 places, the least that
the standard allows; a licence's place is drawn by lot when it is issued and the
same in both lists. Where the places of one list run out, a second is opened.
"""

import base64
import binascii
import gzip
import re
import zlib
from collections.abc import Iterable
from enum import StrEnum

from certification.licence import State

SIZE = 131_072
"""Places in one list."""
BYTES = SIZE // 8
LONGEST = 64 * 1024
"""No encoded list is longer: even one of random bits has 22 KB."""


class Purpose(StrEnum):
    """What a set bit means."""

    REVOCATION = "revocation"
    SUSPENSION = "suspension"


SAYS = {State.REVOKED: Purpose.REVOCATION, State.SUPERSEDED: Purpose.REVOCATION, State.SUSPENDED: Purpose.SUSPENSION}
"""Which list shows a standing. A superseded licence never comes back: its successor has a place of its own."""


def name(purpose: Purpose, place: int) -> str:
    """The list in which a licence's ``place`` is found: ``revocation``, then ``revocation-2``…"""
    part = place // SIZE
    return f"{purpose}-{part + 1}" if part else str(purpose)


def read_name(text: str) -> tuple[Purpose, int] | None:
    """The purpose of a list and which part of the places it holds, from 0; None for a name that no list has."""
    found = re.fullmatch(r"(revocation|suspension)(?:-([1-9][0-9]{0,2}))?", text)
    if found is None or found[2] == "1":
        return None
    return Purpose(found[1]), int(found[2] or 1) - 1


def index(place: int) -> int:
    """A licence's bit within its list."""
    return place % SIZE


def places_for(licences: int) -> int:
    """Among how many places to draw for that many licences: whole lists, an eighth left free so that a lot is soon found."""
    return SIZE * max(1, -(-licences * 8 // (SIZE * 7)))


def bits(places: Iterable[int]) -> bytes:
    """A list with the bits of ``places`` set; the first place is the highest bit of the first byte."""
    found = bytearray(BYTES)
    for place in places:
        found[place % SIZE >> 3] |= 0x80 >> (place & 7)
    return bytes(found)


def encode(held: bytes) -> str:
    """The list as it is published: gzip, base64url without padding, and ``u``, which says so (Multibase)."""
    return "u" + base64.urlsafe_b64encode(gzip.compress(held, 9, mtime=0)).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """The bits of a published list; raises ValueError for anything that is none."""
    if not text.startswith("u") or len(text) > LONGEST:
        raise ValueError("not a base64url Multibase text of a list's length")
    unzip = zlib.decompressobj(wbits=31)
    try:
        held = unzip.decompress(base64.urlsafe_b64decode(text[1:] + "=" * (-(len(text) - 1) % 4)), BYTES + 1)
    except (zlib.error, binascii.Error) as error:
        raise ValueError(f"not a list: {error}") from error
    if len(held) != BYTES or not unzip.eof:
        raise ValueError(f"a list has {BYTES} bytes")
    return held


def is_set(held: bytes, at: int) -> bool:
    """Whether the bit at ``at`` is set; raises IndexError outside the list."""
    if not 0 <= at < len(held) * 8:
        raise IndexError(f"a list has no place {at}")
    return bool(held[at >> 3] & (0x80 >> (at & 7)))
