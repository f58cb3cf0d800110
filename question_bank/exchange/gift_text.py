"""The texts of a GIFT file: escapes, the four text formats, and the comment lines that carry what GIFT has no sign for.

Escaped signs become characters that no text has while a question is taken
apart, so that the first ``{`` is the one that opens the answers. Of comments
``[id:…]`` and ``[tag:…]`` are Moodle's; ``[kind:…]``, ``[options:…]`` and
``[right:…]`` are ours and mean nothing to others.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from question_bank.exchange.found import Note, Weight
from question_bank.exchange.markup import Marked, escaped, from_html, is_plain, missing_media
from question_bank.item import Level, Option, Wording
from standards.clause import parse_reference

SIGNS = "~=#{}:\n\\"
_HELD = {sign: chr(0xFDD0 + place) for place, sign in enumerate(SIGNS)}
_OUT = str.maketrans({held: sign for sign, held in _HELD.items()})
_IN = re.compile(r"\\([~=#{}:n\\])")
_SIGN = re.compile(r"[~=#{}:\\]")
_BRACKET = re.compile(r"\[(html|markdown|plain|moodle)\]")
_TAGS = re.compile(r"\[(id|tag|kind|options|right):((?:[^\]\[\\]|\\.){1,400})\]")
_TAG_NAME = re.compile(r"<[A-Za-z/]|&[#A-Za-z0-9]{1,10};")
_SET_IN = re.compile(r"\n[ \t]+")
_SAFE_CODE = re.compile(r"[A-Za-z0-9.-]{1,20}")


def hold(text: str) -> str:
    """The text with its escaped signs held back."""
    return _IN.sub(lambda found: _HELD["\n" if found[1] == "n" else found[1]], re.sub("[\ufdd0-\ufdd7]", "", text))


def release(text: str) -> str:
    """The text with the signs that ``hold`` held back, without blanks at its ends."""
    return text.translate(_OUT).strip()


def marked(raw: str, default: str) -> tuple[Marked, str]:
    """A held text in the format that it names, else in ``default``: as our Markdown, and the format's name."""
    raw = raw.strip()
    found = _BRACKET.match(raw)
    form = found[1] if found else default
    text = release(raw[found.end() :] if found else raw)
    if form == "markdown":
        return Marked(text, tuple(missing_media(text))), form
    if form == "plain":
        return Marked(escaped(text)), form
    if form == "moodle" and not _TAG_NAME.search(text):
        return Marked(escaped(_SET_IN.sub("\n", text))), form
    return from_html(text, breaks=form == "moodle"), form


def written(text: str, default: str = "") -> tuple[str, str]:
    """A text of ours as GIFT, and its format, said only where it is not the ``default`` or the text begins like a format or a weight."""
    form = "plain" if is_plain(text) else "markdown"
    said = f"[{form}]" if form != default or text.startswith(("[", "%")) else ""
    return said + sign_safe(text), form


def sign_safe(text: str) -> str:
    """The text with its signs escaped, in one line."""
    return _SIGN.sub(lambda found: "\\" + found[0], text).replace("\n", "\\n")


@dataclass(frozen=True)
class Beside:
    """What the comments of a question say."""

    code: str = ""
    clauses: tuple[str, ...] = ()
    difficulty: int = 3
    level: Level = Level.RECALL
    kind: str = ""
    options: tuple[str, ...] = ()
    right: tuple[tuple[str, int], ...] = ()
    notes: tuple[Note, ...] = ()


def beside(comments: Iterable[str]) -> Beside:
    """Read the comment lines of one question; tags that say nothing here are kept as a note."""
    said = [(kind, re.sub(r"\\(.)", r"\1", text)) for line in comments for kind, text in _TAGS.findall(line)]
    values = {kind: text for kind, text in said if kind != "tag"}
    return replace(
        tagged([text.strip() for kind, text in said if kind == "tag"]), code=values.get("id", "").strip(), kind=values.get("kind", ""),
        options=tuple(filter(None, values.get("options", "").split(","))), right=_places(values.get("right", "")),
    )


def tagged(tags: Sequence[str]) -> Beside:
    """What the tags of a question say: clauses, difficulty, level; the others are kept as a note."""
    clauses = tuple(dict.fromkeys(tag for tag in tags if parse_reference(tag) is not None))
    difficulty = next((int(tag[11:]) for tag in tags if re.fullmatch("difficulty:[1-5]", tag)), 3)
    level = Level.APPLY if "level:apply" in tags else Level.RECALL
    ours = {*clauses, "level:apply", "level:recall", f"difficulty:{difficulty}"}
    others = [tag for tag in tags if tag and tag not in ours]
    notes = (Note(Weight.HINT, "tags", ("、".join(others),)),) if others else ()
    return Beside(clauses=clauses, difficulty=difficulty, level=level, notes=notes)


def _places(text: str) -> tuple[tuple[str, int], ...]:
    pairs = [entry.rpartition("@") for entry in text.split(",")]
    return tuple((code, int(place)) for code, _at, place in pairs if code and re.fullmatch("[0-9]{1,3}", place))


def comment(code: str, said: Wording, **ours: Sequence[str]) -> str:
    """The comment line of a question; ``ours`` are the entries that are not Moodle's, empty ones left out."""
    tags = [*said.clauses, *([f"difficulty:{said.difficulty}"] if said.difficulty != 3 else [])]
    tags += ["level:apply"] if said.level is Level.APPLY else []
    parts = [f"[id:{_bracketed(code)}]", *(f"[tag:{_bracketed(tag)}]" for tag in tags)]
    return "// " + " ".join([*parts, *(f"[{name}:{','.join(values)}]" for name, values in ours.items() if values)])


def _bracketed(text: str) -> str:
    return re.sub(r"([\[\]\\])", r"\\\1", text)


def usual(options: Sequence[Option], first: str) -> bool:
    """Whether the codes are the ones that a reader gives by itself: A, B, C… or 1, 2, 3…"""
    return [option.code for option in options] == list(codes(len(options), first))


def codes(count: int, first: str) -> tuple[str, ...]:
    """``count`` codes from ``first`` on: letters, or numbers."""
    return tuple(str(place + 1) if first == "1" else chr(ord(first) + place) for place in range(count))


def can_say(options: Sequence[Option]) -> bool:
    """Whether a comment can carry the codes."""
    return all(_SAFE_CODE.fullmatch(option.code) for option in options)
