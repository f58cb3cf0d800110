"""Printed papers: blocks of text, tables, ticks and signatures as one A4 PDF.

The typeface is embedded, so that a name prints on any machine, and the text can
be extracted again. A character that the typeface lacks is an error and never a
blank: a name is not printed wrong. The same blocks always make the same bytes,
so that a paper's digest can be kept.
"""

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from html import escape
from pathlib import Path
from typing import Any

import segno
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, KeepTogether, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

FONT = "NotoSansSC"
INK, MUTED, LINE, PRIMARY = HexColor("#16222e"), HexColor("#5b6670"), HexColor("#c9c5bb"), HexColor("#0f5c63")
SIGNATURE = (1000, 400)
"""The field in which the points of a drawn signature lie: width, height, the origin at the top left."""

FONT_FILE = Path(__file__).parent / "fonts" / "noto-sans-sc" / "NotoSansSC-Regular.ttf"
_WIDTH = A4[0] - 40 * mm
_TITLE = ParagraphStyle("title", fontName=FONT, fontSize=19, leading=28, textColor=INK, wordWrap="CJK", spaceAfter=8)
_HEADING = ParagraphStyle("heading", _TITLE, fontSize=13, leading=20, textColor=PRIMARY, spaceBefore=12, spaceAfter=4)
_TEXT = ParagraphStyle("text", _TITLE, fontSize=10.5, leading=17, spaceAfter=4)
_SMALL = ParagraphStyle("small", _TEXT, fontSize=8.5, leading=13, textColor=MUTED)
_GRID = [
    ("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 4), ("RIGHTPADDING", (0, 0), (-1, -1), 4),
    ("TOPPADDING", (0, 0), (-1, -1), 3), ("BOTTOMPADDING", (0, 0), (-1, -1), 3), ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE),
]


class MissingGlyph(Exception):
    """The typeface has no picture of ``characters``; nothing was printed."""

    def __init__(self, characters: Sequence[str]) -> None:
        super().__init__("no glyph for " + " ".join(f"{character} (U+{ord(character):04X})" for character in characters))
        self.characters = list(characters)


@dataclass(frozen=True)
class Heading:
    """A heading inside the paper."""

    text: str


@dataclass(frozen=True)
class Text:
    """A paragraph; line breaks are kept."""

    text: str
    small: bool = False


@dataclass(frozen=True)
class Facts:
    """Labels and values."""

    rows: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Grid:
    """A table; ``widths`` are shares."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[float]


@dataclass(frozen=True)
class Checks:
    """Lines with a box: ticked, crossed, or empty to be filled by hand when None; then the text and a note."""

    rows: Sequence[tuple[bool | None, str, str]]


@dataclass(frozen=True)
class Blanks:
    """Labels, each with a line to write on."""

    labels: Sequence[str]


@dataclass(frozen=True)
class Signed:
    """A signature as it was drawn (lines of points in the field ``SIGNATURE``), the name, and when."""

    caption: str
    name: str
    when: str
    strokes: Sequence[Sequence[tuple[float, float]]] = ()


@dataclass(frozen=True)
class Square:
    """A QR code with what it is for."""

    content: str
    caption: str


Block = Heading | Text | Facts | Grid | Checks | Blanks | Signed | Square


@cache
def font() -> str:
    """The typeface's name, registered with the printer."""
    pdfmetrics.registerFont(TTFont(FONT, str(FONT_FILE)))
    return FONT


def missing(text: str) -> list[str]:
    """The characters of ``text`` that cannot be printed, each once, in order."""
    known = pdfmetrics.getFont(font()).face.charToGlyph
    return [character for character in dict.fromkeys(text) if ord(character) not in known and character not in "\n\r\t"]


def checked(text: str) -> str:
    """``text``; raises MissingGlyph when it cannot be printed."""
    if lacking := missing(text):
        raise MissingGlyph(lacking)
    return text


def paper(title: str, blocks: Iterable[Block], footer: str) -> bytes:
    """The PDF of a title and its blocks, ``footer`` and the page's number under each page. Raises MissingGlyph."""
    held = io.BytesIO()
    font()
    made = SimpleDocTemplate(
        held, pagesize=A4, leftMargin=20 * mm, rightMargin=20 * mm, topMargin=18 * mm, bottomMargin=20 * mm, invariant=1,
        title=title, author="Chizheng 持证上岗", displayDocTitle=True, lang="zh-CN",
    )
    story = [_paragraph(title, _TITLE), *(piece for block in blocks for piece in _pieces(block))]
    below = partial(_below, footer=checked(footer))
    made.build(story, onFirstPage=below, onLaterPages=below)
    return held.getvalue()


def square(canvas: Canvas, content: str, x: float, y: float, size: float) -> None:
    """Draw a QR code of ``content`` as one shape, its lower left corner at ``x, y``, without a quiet zone."""
    matrix = segno.make(content, error="m", micro=False).matrix
    module = size / len(matrix)
    path = canvas.beginPath()
    for down, row in enumerate(matrix):
        for across, dark in enumerate(row):
            if dark:
                path.rect(x + across * module, y + size - (down + 1) * module, module, module)
    canvas.drawPath(path, stroke=0, fill=1)


def _below(canvas: Canvas, document: Any, footer: str) -> None:
    canvas.saveState()
    canvas.setFont(FONT, 8)
    canvas.setFillColor(MUTED)
    canvas.drawString(20 * mm, 11 * mm, footer)
    canvas.drawRightString(A4[0] - 20 * mm, 11 * mm, str(document.page))
    canvas.restoreState()


def _paragraph(text: str, style: ParagraphStyle) -> Paragraph:
    return Paragraph(escape(checked(text)).replace("\n", "<br/>"), style)


def _table(rows: Sequence[Sequence[Any]], widths: Sequence[float], *more: tuple[Any, ...], head: bool = False) -> Table:
    share = _WIDTH / sum(widths)
    made = Table(rows, [width * share for width in widths], repeatRows=int(head), hAlign="LEFT")
    made.setStyle(TableStyle([*_GRID, *more]))
    return made


def _pieces(block: Block) -> Iterator[Flowable]:
    """What a block is printed as."""
    match block:
        case Heading():
            yield _paragraph(block.text, _HEADING)
        case Text():
            yield _paragraph(block.text, _SMALL if block.small else _TEXT)
        case Facts():
            if block.rows:
                yield _table([[_paragraph(label, _SMALL), _paragraph(value, _TEXT)] for label, value in block.rows], (1, 3.4))
        case Grid():
            rows = [[_paragraph(cell, _SMALL) for cell in block.head], *([_paragraph(cell, _TEXT) for cell in row] for row in block.rows)]
            yield _table(rows, block.widths, head=True)
        case Checks():
            if block.rows:
                yield _table([[_Box(done), [_paragraph(text, _TEXT), *_note(note)]] for done, text, note in block.rows], (0.6, 12))
        case Blanks():
            rows = [[_paragraph(label, _SMALL), ""] for label in block.labels]
            yield _table(rows, (1, 3.4), ("BOTTOMPADDING", (0, 0), (-1, -1), 12))
        case Signed():
            yield KeepTogether([Spacer(1, 8), _Strokes(block.strokes), _table(
                [[_paragraph(block.caption, _SMALL), _paragraph(block.name, _TEXT), _paragraph(block.when, _SMALL)]], (1.2, 2, 2)
            )])
        case Square():
            yield KeepTogether([Spacer(1, 8), _Square(block.content), _paragraph(block.caption, _SMALL)])


def _note(note: str) -> list[Flowable]:
    return [_paragraph(note, _SMALL)] if note else []


class _Box(Flowable):
    """A box, ticked, crossed or empty."""

    def __init__(self, done: bool | None) -> None:
        super().__init__()
        self.done, self.width, self.height = done, 10, 14

    def draw(self) -> None:
        canvas = self.canv
        canvas.setStrokeColor(INK)
        canvas.setLineWidth(0.8)
        canvas.rect(0, 0, 9, 9)
        canvas.setLineWidth(1.4)
        if self.done:
            canvas.lines([(1.8, 4.6, 3.8, 2.2), (3.8, 2.2, 7.6, 7.4)])
        elif self.done is False:
            canvas.lines([(2, 2, 7, 7), (2, 7, 7, 2)])


class _Strokes(Flowable):
    """A drawn signature, 50 by 20 mm."""

    def __init__(self, strokes: Sequence[Sequence[tuple[float, float]]]) -> None:
        super().__init__()
        self.strokes, self.width, self.height = strokes, 50 * mm, 20 * mm if strokes else 0

    def draw(self) -> None:
        canvas, scale = self.canv, self.width / SIGNATURE[0]
        canvas.setStrokeColor(INK)
        canvas.setLineWidth(1.2)
        canvas.setLineCap(1)
        for stroke in self.strokes:
            points = [(x * scale, self.height - y * scale) for x, y in stroke]
            for (x, y), (to_x, to_y) in zip(points, points[1:] or points, strict=False):
                canvas.line(x, y, to_x, to_y)


class _Square(Flowable):
    """A QR code of 28 mm."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.content, self.width, self.height = content, 28 * mm, 28 * mm

    def draw(self) -> None:
        self.canv.setFillColor(INK)
        square(self.canv, self.content, 0, 0, self.width)
