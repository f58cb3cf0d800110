"""HTML of other programs as the Markdown of our texts, and plain text kept from being read as Markdown.

Paragraphs, line breaks, lists, bold, italics, code, small raised and lowered
figures and pictures are carried; colours and sizes say nothing and go without
a word; whatever else is lost is named. One pass, no nesting deeper than
``DEEPEST``: the time it takes grows with the text and no faster.
"""

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import unescape

from question_bank.exchange.found import Media, Note, Weight

DEEPEST = 12
LARGEST_INLINE = 2_000_000
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]{0,15})((?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*)>")
_ATTRIBUTE = re.compile(r"([A-Za-z-]{1,40})[ \t\n]{0,9}=[ \t\n]{0,9}(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_SPACE = re.compile(r"[ \t\n\r\f\xa0]+")
_SIGNS = re.compile(
    r"(?P<back>\\(?=[!-/:-@\[-`{-~]))|(?P<star>[*`])|(?P<under>(?<![_＿])_(?![_＿]))|(?P<link>\](?=\())"
    r"|(?P<amp>&(?=#?[A-Za-z0-9]{1,32};))|(?P<head>^(?:#{1,6}(?=\s)|>|-{3,}[ ]{0,9}$|={3,}[ ]{0,9}$))", re.MULTILINE,
)
_MEDIA = re.compile(r"\(media:([^()\s]{1,200})\)")
_PARAGRAPHS = {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "section", "article", "center", "dl"}
_LINES = {"br", "tr", "dt", "dd", "hr", "table", "thead", "tbody", "caption"}
_EMPHASIS = {"b": "**", "strong": "**", "i": "*", "em": "*", "code": "`", "tt": "`", "kbd": "`", "samp": "`"}
_PLAIN = {"span", "font", "small", "big", "html", "body", "label", "tbody", "thead", "o", "nobr", "wbr", "abbr", "cite", "q", "bdi", "mark"}
_SILENT = {"script", "style", "head", "title", "template"}
_RAISED = str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
_PICTURE = re.compile(r"data:(image|audio)/([a-z0-9.+-]{1,20});base64,([A-Za-z0-9+/=\s]+)$")


@dataclass(frozen=True)
class Marked:
    """A text of ours, what was lost on the way, and the pictures that stood in the text itself."""

    text: str
    notes: tuple[Note, ...] = ()
    media: tuple[Media, ...] = ()


@dataclass
class _Open:
    """An element that is being read: its name and what stands in it so far."""

    name: str
    pieces: list[str] = field(default_factory=list)
    href: str = ""


def escaped(text: str) -> str:
    """Plain text that reads the same as Markdown; gaps of underscores stay gaps."""
    return _SIGNS.sub(_escape, text)


def _escape(sign: re.Match[str]) -> str:
    """The sign behind a backslash; an underscore within a word, or between blanks, marks nothing."""
    if sign["under"]:
        before, after = sign.string[sign.start() - 1 : sign.start()], sign.string[sign.end() :][:1]
        if before.isalnum() == after.isalnum() and (before.isalnum() or not (before.strip() or after.strip())):
            return sign[0]
    return "\\" + sign[0]


def is_plain(text: str) -> bool:
    """Whether the text says the same as plain text and as Markdown."""
    return escaped(text) == text


def from_html(html: str, find: Callable[[str], str | None] = lambda source: None, breaks: bool = False, prefix: str = "") -> Marked:
    """HTML as Markdown.

    ``find`` answers the name of the media file that a source means, None where
    it is missing. ``breaks``: a line end in the source is one in the text too.
    ``prefix`` begins the names of pictures that stand in the text itself.
    """
    scribe = _Scribe(find, breaks, prefix)
    shown = _without_comments(html)
    at = 0
    for tag in _TAG.finditer(shown):
        scribe.say(shown[at : tag.start()])
        at = tag.end()
        scribe.tag(tag[2].lower(), bool(tag[1]), tag[3][:LARGEST_INLINE])
    scribe.say(shown[at:])
    return scribe.finished()


def _without_comments(html: str) -> str:
    first, *rest = html.split("<!--")
    return first + "".join(part.partition("-->")[2] for part in rest)


def missing_media(text: str) -> list[Note]:
    """A note for every file that a text of ours names."""
    return [Note(Weight.LOST, "picture_missing", (name,)) for name in dict.fromkeys(_MEDIA.findall(text))]


def named_media(*texts: str) -> list[str]:
    """The files that texts of ours name, each once."""
    return list(dict.fromkeys(name for text in texts for name in _MEDIA.findall(text)))


class _Scribe:
    """Writes Markdown while the tags of one text pass by."""

    def __init__(self, find: Callable[[str], str | None], breaks: bool, prefix: str) -> None:
        self.find, self.breaks, self.prefix = find, breaks, prefix
        self.open = [_Open("")]
        self.lists: list[int] = []
        self.silent = 0
        self.notes: dict[tuple[str, str], Note] = {}
        self.media: list[Media] = []

    def say(self, raw: str) -> None:
        """Text between tags."""
        if self.silent or not raw:
            return
        text = unescape(raw)
        lines = text.split("\n") if self.breaks else [text]
        self.open[-1].pieces.append(escaped("\n".join(_SPACE.sub(" ", line) for line in lines)))

    def put(self, text: str) -> None:
        self.open[-1].pieces.append(text)

    def lost(self, code: str, what: str) -> None:
        self.notes.setdefault((code, what), Note(Weight.LOST, code, (what,)))

    def tag(self, name: str, closes: bool, attributes: str) -> None:
        """A tag: ``name`` in small letters."""
        if name in _SILENT:
            self.silent = max(0, self.silent - 1) if closes else self.silent + 1
            if not closes and name != "title":
                self.lost("markup_lost", name)
        elif self.silent:
            return
        elif name in _PARAGRAPHS or name in _LINES:
            self._line(name, closes)
        elif name in ("ul", "ol", "li"):
            self._list(name, closes)
        elif name in ("td", "th"):
            self.put("" if closes else " ")
        elif name in ("img", "audio", "video", "source", "embed", "iframe", "object"):
            if not closes:
                self._picture(name, attributes)
        elif name in _EMPHASIS or name in ("sub", "sup", "a"):
            self._inline(name, closes, attributes)
        elif name not in _PLAIN and not closes:
            self.lost("markup_lost", name)

    def _line(self, name: str, closes: bool) -> None:
        if name in ("table", "pre") and not closes:
            self.lost("markup_lost", name)
        if name != "br" or not closes:
            self.put("\n\n" if name in _PARAGRAPHS or name == "table" else "\n")

    def _list(self, name: str, closes: bool) -> None:
        if name == "li":
            if not closes:
                depth = max(0, len(self.lists) - 1)
                number = self.lists[-1] if self.lists else -1
                if number >= 0:
                    self.lists[-1] = number + 1
                self.put("\n" + "\0" * min(depth, DEEPEST) + (f"{number + 1}. " if number >= 0 else "- "))
        elif closes:
            if self.lists:
                self.lists.pop()
            self.put("\n" if self.lists else "\n\n")
        else:
            self.put("" if self.lists else "\n\n")
            self.lists.append(0 if name == "ol" else -1)

    def _inline(self, name: str, closes: bool, attributes: str) -> None:
        if not closes:
            if len(self.open) <= DEEPEST:
                self.open.append(_Open(name, href=_attributes(attributes).get("href", "")))
            return
        if any(element.name == name for element in self.open):
            while True:
                element = self.open.pop()
                self.put(self._closed(element))
                if element.name == name:
                    break

    def _closed(self, element: _Open) -> str:
        inner = "".join(element.pieces)
        core = inner.strip()
        if element.name == "a":
            if core and element.href.startswith(("http:", "https:", "mailto:")) and element.href not in core:
                self.lost("link_lost", element.href[:200])
                return f"{inner}（{escaped(element.href)}）"
            return inner
        if element.name in ("sub", "sup") and core:
            moved = core.translate(_RAISED if element.name == "sup" else _LOWERED)
            if all(new != old for new, old in zip(moved, core, strict=True)):
                return moved
            self.lost("markup_lost", element.name)
            return inner
        mark = _EMPHASIS.get(element.name, "")
        if not core or not mark:
            return inner
        if not (core[0].isalnum() and core[-1].isalnum()) or "\n" in core or "*" in core or "`" in core:
            self.lost("markup_lost", element.name)
            return inner
        start = inner.index(core)
        return f"{inner[:start]}{mark}{core}{mark}{inner[start + len(core):]}"

    def _picture(self, name: str, attributes: str) -> None:
        given = _attributes(attributes)
        source = given.get("src") or given.get("data") or ""
        alt = _SPACE.sub(" ", given.get("alt", "")).strip().replace("[", "(").replace("]", ")")
        if name in ("audio", "video", "object") and not source:
            return
        known = self._inlined(source) if source.startswith("data:") else self.find(source)
        if known:
            self.put(f"![{escaped(alt)}](media:{known})")
        else:
            self.lost("picture_missing", source[:100] or name)
            self.put(escaped(alt))

    def _inlined(self, source: str) -> str | None:
        """A picture that stands in the text in base 64."""
        found = _PICTURE.match(source[:LARGEST_INLINE])
        if not found:
            return None
        try:
            content = base64.b64decode("".join(found[3].split()), validate=True)
        except (binascii.Error, ValueError):
            return None
        name = f"{self.prefix}{found[1]}{len(self.media) + 1}.{found[2].partition('+')[0]}"
        self.media.append(Media(name, content))
        return name

    def finished(self) -> Marked:
        """What was written, without blanks at the ends of lines and without more than one empty line."""
        while len(self.open) > 1:
            element = self.open.pop()
            self.put(self._closed(element))
        lines = [re.sub(" {2,}", " ", line).strip() for line in "".join(self.open[0].pieces).split("\n")]
        text = re.sub(r"\n{3,}", "\n\n", "\n".join(line.replace("\0", "   ") for line in lines)).strip("\n")
        text = re.sub(r"(?m)^((?: {3})*(?:- |\d{1,4}\. ).*)\n\n(?=(?: {3})*(?:- |\d{1,4}\. ))", r"\1\n", text)
        return Marked(text.strip(), tuple(self.notes.values()), tuple(self.media))


def _attributes(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for attribute in _ATTRIBUTE.finditer(text):
        found.setdefault(attribute[1].lower(), unescape(attribute[2] or attribute[3] or attribute[4] or ""))
    return found
