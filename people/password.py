"""What makes a password good enough (NIST SP 800-63B, 5.1.1; OWASP).

Length instead of composition: at least 15 characters; nothing from the list of
passwords that are tried first, nothing made of the person's own name.
"""

import unicodedata

LEAST = 15
MOST = 200
_TRIED_FIRST = """
    123456789012345 1234567890123456 111111111111111 000000000000000 passwordpassword password1234567 qwertyuiopasdfg
    qwertyuiopasdfgh abcdefghijklmno abcdefghijklmnop 1qaz2wsx3edc4rfv 1q2w3e4r5t6y7u8i iloveyouiloveyou adminadminadmin
    administrator123 woaini1314520520 5201314520131452 chizhengshanggang
"""
COMMON = frozenset(_TRIED_FIRST.split())


def normal(password: str) -> str:
    """The same password however a keyboard composed it (NFKC)."""
    return unicodedata.normalize("NFKC", password)


def weakness(password: str, names: tuple[str, ...] = ()) -> str | None:
    """Why ``password`` is refused: ``short``, ``long``, ``common``, ``repeated`` or ``personal``; None when it is good."""
    text = normal(password)
    folded = text.casefold()
    if len(text) < LEAST:
        return "short"
    if len(text) > MOST:
        return "long"
    if folded in COMMON:
        return "common"
    if len(set(folded)) < 5:
        return "repeated"
    rest = folded
    for name in names:
        rest = rest.replace(name.casefold(), "") if len(name) > 1 else rest
    return "personal" if len(rest) * 2 < len(text) else None
