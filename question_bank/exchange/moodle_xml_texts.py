"""The texts of a Moodle question in their four formats, with the files that stand in base 64 beside them, both ways.

A text names a file as ``@@PLUGINFILE@@/name.png``, and every text has files of
its own: two pictures of one name in one question are told apart here.
"""

import base64
import re
from collections.abc import Callable, Mapping
from urllib.parse import quote, unquote

from question_bank.exchange.found import Media, Note, Weight
from question_bank.exchange.markup import Marked, escaped, from_html, is_plain, missing_media, named_media
from question_bank.exchange.plain_text import decoded_base64
from question_bank.exchange.xml_tree import Element

Find = Callable[[str], str | None]
"""Answers the name in our texts of the file that a source means, None where it is missing."""
PLACE = "@@PLUGINFILE@@"
FORMATS = {"html", "markdown", "plain_text", "moodle_auto_format"}
ENDINGS = (
    (b"\x89PNG", ".png"), (b"\xff\xd8\xff", ".jpg"), (b"GIF8", ".gif"), (b"ID3", ".mp3"), (b"\xff\xfb", ".mp3"), (b"\xff\xf3", ".mp3"),
    (b"RIFF", ".wav"), (b"OggS", ".ogg"),
)
_TAG = re.compile(r"<[A-Za-z/!]|&[#A-Za-z0-9]{1,10};")
_UNSAFE = re.compile(r"[()\s\\\[\]<>\"']+")
_IN_MARKDOWN = re.compile(r"!\[([^\[\]]{0,500})\]\(@@PLUGINFILE@@/([^()\s]{1,300})(?:[ ]\"[^\"]{0,200}\")?\)")
_IMAGE = re.compile(r"<img\b[^<>]{0,500}?\bsrc=\"@@PLUGINFILE@@/([^\"\s]{1,300})\"[^<>]{0,500}>")
_SOUND = re.compile(r"<audio controls src=\"@@PLUGINFILE@@/([^\"\s]{1,300})\" title=\"([^\"]{0,500})\"></audio>")
_OUR_NAME = re.compile(r"([0-9a-f]{15}[0-9a-fs])\.[a-z0-9]{3,4}")
_PICTURE = re.compile(r"!\[([^\[\]]{0,500})\]\(media:([^()\s]{1,200})\)")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


class Texts:
    """Reads the texts of one question and gathers what comes with them: ``media``, and ``notes`` on what was lost."""

    def __init__(self, form: str) -> None:
        self.form = form if form in FORMATS else "html"
        self.media: dict[str, bytes] = {}
        self.notes: dict[Note, None] = {}

    def said(self, element: Element | None) -> str:
        """The text of an element as our Markdown, "" where there is none."""
        if element is None:
            return ""
        files = self._files(element)
        used: set[str] = set()

        def find(source: str) -> str | None:
            name = unquote(source.partition("?")[0].removeprefix(PLACE).lstrip("/"))
            if not source.startswith(PLACE) or name not in files:
                return None
            used.add(name)
            return self._kept(name, files[name])

        marked = self._marked(raw_text(element), element.get("format") or self.form, find)
        for one in marked.media:
            self.media.setdefault(one.name, one.content)
        for note in (*marked.notes, *(Note(Weight.LOST, "file_lost", (name[:100],)) for name in files if name not in used)):
            self.notes.setdefault(note)
        return marked.text

    def plain(self, element: Element | None, rich: bool = False) -> str:
        """The text of an element that Moodle shows as it stands, as our Markdown; of a ``rich`` one the plain text alone."""
        return unescaped(self.said(element)) if rich else escaped(raw_text(element))

    def _marked(self, text: str, form: str, find: Find) -> Marked:
        if form == "plain_text" or (form == "moodle_auto_format" and not _TAG.search(text)):
            return Marked(escaped(text))
        if form == "markdown":
            return _from_markdown(text, find)
        return from_html(text, find, breaks=form == "moodle_auto_format", prefix=f"{len(self.media) + 1}-")

    def _files(self, element: Element) -> dict[str, bytes]:
        files = {}
        for file in element.iterfind("file"):
            name = (file.get("path") or "/").strip("/") + "/" + (file.get("name") or "")
            content = decoded_base64(file.text or "")
            if content:
                files[name.lstrip("/")] = content
        return files

    def keep(self, name: str, content: bytes) -> str:
        """Take in a file that no text holds; its name in our texts."""
        return self._kept(name, content)

    def _kept(self, name: str, content: bytes) -> str:
        ours = _OUR_NAME.fullmatch(name)
        safe = ours[1] if ours else _UNSAFE.sub("_", name.rpartition("/")[2])[-120:] or "file"
        tried, number = safe, 1
        while self.media.get(tried, content) != content:
            number += 1
            tried = f"{number}-{safe}"
        self.media[tried] = content
        return tried

    @property
    def found_media(self) -> tuple[Media, ...]:
        """All files that the texts show."""
        return tuple(Media(name, content) for name, content in self.media.items())


def raw_text(element: Element | None) -> str:
    """What stands in an element's ``text``, or in itself; "" where there is none."""
    if element is None:
        return ""
    inner = element.find("text")
    whole = "".join(inner.itertext()) if inner is not None else element.text or ""
    return whole.strip()


def unescaped(text: str) -> str:
    """Markdown without the backslashes before its signs: what plain text made it."""
    return _ESCAPED.sub(r"\1", text)


def _from_markdown(text: str, find: Find) -> Marked:
    missing: list[Note] = []

    def shown(alt: str, name: str) -> str:
        known = find(f"{PLACE}/{name}")
        if known is None:
            missing.append(Note(Weight.LOST, "picture_missing", (name[:100],)))
            return alt
        return f"![{alt}](media:{known})"

    said = _IN_MARKDOWN.sub(lambda met: shown(met[1], met[2]), text)
    said = _SOUND.sub(lambda met: shown(met[2], met[1]), said)
    said = _IMAGE.sub(lambda met: shown("", met[1]), said)
    there = missing_media(text)  # a picture of another bank, named and not sent
    return Marked(said.strip(), (*missing, *there))


def write(parent: Element, text: str, media: Mapping[str, bytes]) -> None:
    """A text of ours into ``parent``: its format, what it says, and the files that it shows."""
    names = [name for name in named_media(text) if name in media]
    parent.set("format", "plain_text" if is_plain(text) and not names else "markdown")
    inner = parent.makeelement("text")
    parent.append(inner)
    files = {name: f"{name}{_ending(name, media[name])}" for name in names}
    inner.text = _PICTURE.sub(lambda met: _shown(met[1], files[met[2]]) if met[2] in files else met[0], text)
    for name in names:
        file = parent.makeelement("file", {"name": files[name], "path": "/", "encoding": "base64"})
        file.text = base64.b64encode(media[name]).decode()
        parent.append(file)


def _shown(alt: str, name: str) -> str:
    if name.endswith((".mp3", ".wav", ".ogg")) and '"' not in alt:
        return f'<audio controls src="{PLACE}/{quote(name)}" title="{alt}"></audio>'
    return f"![{alt}]({PLACE}/{quote(name)})"


def _ending(name: str, content: bytes) -> str:
    """What a name without an ending must end in, for Moodle to serve it as what it is."""
    if re.search(r"\.[a-z0-9]{3,4}$", name):
        return ""
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return ".webp"
    return next((ending for start, ending in ENDINGS if content.startswith(start)), ".bin")
