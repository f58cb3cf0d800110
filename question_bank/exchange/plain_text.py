"""Text files as people and programs really save them: UTF-8, UTF-16 and the Chinese Windows encoding, any line ends.

A file that says nothing of its encoding is UTF-8 when it can be, then UTF-16
when every other byte is empty, then GB18030 (which reads GBK and GB2312 too).
"""

import base64
import binascii

from question_bank.exchange.found import Unusable

MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
SAMPLE = 4096


def decode(content: bytes) -> str:
    """The text with ``\\n`` as the only line end and no byte order mark; raises Unusable ``empty`` or ``encoding``."""
    for mark, encoding in MARKS:
        if content.startswith(mark):
            return _tidy(_decoded(content[len(mark) :], (encoding,)))
    return _tidy(_decoded(content, (*_wide(content[:SAMPLE]), "utf-8", "gb18030")))


def _wide(sample: bytes) -> tuple[str, ...]:
    """UTF-16 without a mark: ASCII characters leave one byte in two empty."""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if max(even, odd) * 5 < len(sample) // 2 or not sample:
        return ()
    return ("utf-16-le",) if odd >= even else ("utf-16-be",)


def _decoded(content: bytes, encodings: tuple[str, ...]) -> str:
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unusable("encoding")


def _tidy(text: str) -> str:
    if "\0" in text:
        raise Unusable("encoding")
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n").lstrip("\ufeff")
    if not plain.strip():
        raise Unusable("empty")
    return plain


def decoded_base64(text: str) -> bytes:
    """The bytes of base 64; none where it is broken."""
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return b""
