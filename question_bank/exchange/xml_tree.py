"""XML from strangers as a tree: no DOCTYPE, no entities but the five of XML, nothing fetched, no deeper and no larger than libxml2 allows.

The text is decoded here, by its byte order mark, then by what its declaration
says when that is an encoding that such files have, then as any text file, so
that the parser only ever sees one encoding. Signs that XML does not allow
(TCExam writes them) are left out.
"""

import re
from typing import Any, TypeAlias

from lxml import etree

from question_bank.exchange.found import Unusable
from question_bank.exchange.plain_text import MARKS, decode

Element: TypeAlias = Any
"""An element of lxml."""
ENCODINGS = {
    "utf-8": "utf-8", "utf8": "utf-8", "us-ascii": "ascii", "ascii": "ascii", "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030",
    "big5": "big5", "iso-8859-1": "latin-1", "iso-8859-15": "iso8859-15", "windows-1252": "cp1252",
}
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s{0,9}=\s{0,9}[\"']([A-Za-z0-9._-]{1,40})[\"']")
_DECLARATION = re.compile(r"\s*<\?xml\s[^>]{0,300}\?>")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_BLANKS = re.compile("[\ufeff \t\r\n]*")
_NAME = re.compile(r"<(?:[^\s<>/!?:]{1,100}:)?([^\s<>/!?:]{1,100})")


def root(content: bytes) -> Element:
    """The root element; raises Unusable ``empty``, ``encoding``, ``doctype`` or ``damaged`` with the line."""
    text = source(content)
    if text[prolog(text) :].startswith("<!"):
        raise Unusable("doctype")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True)
    try:
        tree = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as trouble:
        raise Unusable("damaged", f"XML, {trouble.lineno}:{trouble.offset}") from trouble
    if tree.getroottree().docinfo.internalDTD is not None:
        raise Unusable("doctype")
    return tree


def source(content: bytes) -> str:
    """The text without its declaration and without signs that XML does not allow; raises Unusable."""
    declared = _DECLARED.match(content.lstrip()[:400])
    encoding = ENCODINGS.get(declared[1].decode().lower()) if declared else None
    if encoding and not content.startswith(tuple(mark for mark, _name in MARKS)):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError as trouble:
            raise Unusable("encoding") from trouble
    else:
        text = decode(content)
    text = _DECLARATION.sub("", _FORBIDDEN.sub("", text), count=1)
    if not text.strip():
        raise Unusable("empty")
    return text


def prolog(text: str) -> int:
    """Where the first thing stands that is neither a blank, a comment nor an instruction: the root, or a DOCTYPE."""
    at = 0
    while True:
        at = _end_of_blanks(text, at)
        end = "-->" if text.startswith("<!--", at) else "?>" if text.startswith("<?", at) else ""
        past = text.find(end, at) if end else -1
        if past < 0:
            return at
        at = past + len(end)


def _end_of_blanks(text: str, at: int) -> int:
    found = _BLANKS.match(text, at)
    return found.end() if found else at


def root_name(text: str) -> str:
    """The local name of the root element, "" where the text does not begin with one; raises Unusable ``doctype``."""
    start = text[prolog(text) :][:1000]
    if start.startswith("<!"):
        raise Unusable("doctype")
    found = _NAME.match(start)
    return found[1] if found else ""
