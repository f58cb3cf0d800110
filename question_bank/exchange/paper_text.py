"""A piece of a paper: its characters, and beside each one how it is set.

Lines are recognised by ``folded``, where every sign that Chinese writes in two
widths has one form and stands at the same place, so that a piece can be cut
by what was found there. A picture is one character of ``PICTURES``.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from question_bank.exchange.found import Media
from question_bank.exchange.markup import escaped

BOLD, ITALIC, LINED, COLOURED, CODE, SOURCE = 1, 2, 4, 8, 16, 32
"""How a character is set; ``SOURCE``: it is Markdown as it stands, written by us."""
PLAIN = " "
"""The mark of a character that is set in no special way; a mark is this sign and the sum of the styles above it."""
PICTURES = 0xF0000
_MOST_PICTURES = 0xFFFD
_PICTURE = re.compile("[\U000F0000-\U000FFFFD]")
_FOLDED: dict[int, int | str] = {
    **{ord("！") + place: ord("!") + place for place in range(94)},
    **dict.fromkeys(map(ord, "　\xa0\u2002\u2003\u2009"), " "),
    **dict.fromkeys(map(ord, "【〔〖﹝［"), "["),
    **dict.fromkeys(map(ord, "】〕〗﹞］"), "]"),
    **dict.fromkeys(map(ord, "—–―－‐‑"), "-"),
    **{ord(wide): narrow for wide, narrow in zip("～∶︰﹕﹒﹍﹏", "~:::.__", strict=True)},
}
_NOTHING = re.compile(
    "[\u200b-\u200f\u2060\ufeff\u202a-\u202e\x00-\x08\x0b\x0c\x0e-\x1f\ufff9-\uffff\ufdd0-\ufdef\ue000-\uf8ff\U000F0000-\U0010FFFF]"
)
_BULLET = re.compile("^[•●▪■◆][ \u2002]{1,3}(?=\\S)")
_STARRED = re.compile(r"\*\*(?=[^\s*])([^*\n]{1,2000})(?<=[^\s*])\*\*")
LONG_RUN = 200
_RUNS = re.compile(r"([ \t\u3000\xa0.…·_()（）\[\]【】-])\1{200,}")
_SIGNS = {BOLD: "**", ITALIC: "*", CODE: "`"}
_OPEN, _CLOSE = 0xFDD0, 0xFDD8
_MARKS = re.compile("[\ufdd0-\ufddf]")


@dataclass(frozen=True)
class Said:
    """Text, and a string of the same length with the mark of each character."""

    text: str
    marks: str

    @cached_property
    def folded(self) -> str:
        """The text in one width, for recognising: the same length."""
        return self.text.translate(_FOLDED)

    def __getitem__(self, place: slice) -> "Said":
        return Said(self.text[place], self.marks[place])

    def __add__(self, other: "Said") -> "Said":
        return Said(self.text + other.text, self.marks + other.marks)

    def __bool__(self) -> bool:
        return bool(self.text.strip())

    def strip(self, signs: str | None = None) -> "Said":
        """Without blanks (or ``signs``) at both ends."""
        left = len(self.text) - len(self.text.lstrip(signs))
        return self[left : max(left, len(self.text.rstrip(signs)))]

    def tamed(self) -> "Said":
        """With no run of one sign longer than anybody means it."""
        runs = list(_RUNS.finditer(self.text)) if len(self.text) > LONG_RUN else []
        out, at = [], 0
        for run in runs:
            out.append(self[at : run.start() + LONG_RUN])
            at = run.end()
        return joined([*out, self[at:]], "") if runs else self

    def styled(self, style: int) -> str:
        """For each character ``x`` where it is set in ``style``, a blank where it is not."""
        return "".join("x" if (ord(mark) - 32) & style else " " for mark in self.marks)

    def all_in(self, style: int) -> bool:
        """Whether everything that can be seen is set in ``style``."""
        return bool(self) and all((ord(mark) - 32) & style for letter, mark in zip(self.text, self.marks, strict=True) if letter.strip())


NOTHING = Said("", "")


def plain(text: str) -> Said:
    """Text that is set in no special way, without signs that nobody sees."""
    clean = _NOTHING.sub("", text)
    return Said(clean, PLAIN * len(clean))


def pasted(text: str) -> Said:
    """A line of a pasted paper; words between double stars are bold, as in Markdown."""
    clean, pieces, at = _NOTHING.sub("", text), [], 0
    for found in _STARRED.finditer(clean):
        pieces += [plain(clean[at : found.start()]), marked(found[1], BOLD)]
        at = found.end()
    return joined([*pieces, plain(clean[at:])], "")


def marked(text: str, style: int) -> Said:
    """Text that is set in ``style`` as a whole."""
    clean = _NOTHING.sub("", text)
    return Said(clean, chr(32 + style) * len(clean))


def picture(number: int) -> Said:
    """The sign that stands for picture ``number``, from 0 on."""
    return Said(chr(PICTURES + min(number, _MOST_PICTURES)), PLAIN)


def joined(pieces: Iterable[Said], between: str) -> Said:
    """The pieces one after the other."""
    known = list(pieces)
    return Said(between.join(piece.text for piece in known), (PLAIN * len(between)).join(piece.marks for piece in known))


def in_cell(said: Said) -> Said:
    """The text as one line that may stand in a cell of a table in Markdown."""
    return Said(said.text.replace("\n", " ").replace("|", "｜"), said.marks).strip()


def pictures(said: Said) -> list[int]:
    """The numbers of the pictures in a piece."""
    return [ord(sign) - PICTURES for sign in _PICTURE.findall(said.text)]


def only_pictures(said: Said) -> bool:
    """Whether there is a picture and no word."""
    return bool(pictures(said)) and not _PICTURE.sub("", said.text).strip()


def markdown(said: Said, media: Sequence[tuple[Media | None, str]]) -> str:
    """The piece as a text of ours; ``media`` has for each picture its file and what it shows. Bold as a whole says nothing."""
    piece = said.strip()
    if piece.all_in(SOURCE):
        return _PICTURE.sub(lambda sign: _shown(ord(sign[0]) - PICTURES, media), piece.text)
    styles = [style for style in _SIGNS if not piece.all_in(style) or style == CODE]
    text = escaped(_with_signs(piece, styles))
    text = _MARKS.sub(lambda sign: _SIGNS[1 << ((ord(sign[0]) - _OPEN) % 8)], text)
    lines = (_BULLET.sub("- ", line.replace("\t", " ").strip()) for line in text.split("\n"))
    return _PICTURE.sub(lambda sign: _shown(ord(sign[0]) - PICTURES, media), "\n".join(lines)).strip()


def _with_signs(piece: Said, styles: Sequence[int]) -> str:
    """The text with a character before and behind each run that is to stand out, where Markdown can say so."""
    text = piece.text
    for style in styles:
        bit = style.bit_length() - 1
        runs = list(re.finditer("x+", _on(piece, text, style)))
        for run in reversed(runs):
            inner = text[run.start() : run.end()]
            core = inner.strip()
            if core and core[0].isalnum() and core[-1].isalnum() and not re.search(r"[*`\n_]", core) and not _MARKS.search(core):
                start = run.start() + inner.index(core)
                end = start + len(core)
                text = f"{text[:start]}{chr(_OPEN + bit)}{core}{chr(_CLOSE + bit)}{text[end:]}"
    return text


def _on(piece: Said, text: str, style: int) -> str:
    """Where ``style`` is on in ``text``, which may hold signs of other styles already."""
    on = iter(piece.styled(style))
    return "".join(" " if _MARKS.match(letter) else next(on) for letter in text)


def _shown(number: int, media: Sequence[tuple[Media | None, str]]) -> str:
    file, alt = media[number] if number < len(media) else (None, "")
    shown = escaped(" ".join(alt.split()).replace("[", "(").replace("]", ")"))
    return f"![{shown}](media:{file.name})" if file else shown
