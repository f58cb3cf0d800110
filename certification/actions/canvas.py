"""A page to draw a document on, in millimetres from the lower left corner."""

import io
from collections.abc import Sequence
from typing import Any

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from foundation.pdf import FONT, INK, LINE, MUTED, PRIMARY, checked, font, square

AMBER, PALE, WHITE = HexColor("#b06c05"), HexColor("#dfe9e8"), HexColor("#ffffff")
__all__ = ["AMBER", "INK", "LINE", "MUTED", "PALE", "PRIMARY", "WHITE", "Page"]


def _within_word(before: str, after: str) -> bool:
    """Whether a line may not be broken between the two: both belong to a word in Latin letters."""
    return before.isascii() and after.isascii() and before != " "


class Page:
    """One page; every text is checked for glyphs, so that a name is never printed with a hole in it."""

    def __init__(self, width: float, height: float, title: str) -> None:
        font()
        self._held = io.BytesIO()
        self.pen = Canvas(self._held, pagesize=(width * mm, height * mm), invariant=1, lang="zh-CN")
        self.pen.setTitle(checked(title))
        self.pen.setAuthor("Chizheng 持证上岗")

    def bytes(self) -> bytes:
        """The finished PDF."""
        self.pen.showPage()
        self.pen.save()
        return self._held.getvalue()

    def write(
        self, x: float, y: float, text: str, size: float, colour: Color = INK, *, widest: float = 0, bold: float = 0, align: str = "left"
    ) -> None:
        """A line of text on the base line ``y``, made smaller until it is no wider than ``widest``."""
        checked(text)
        fitted = self.fitting(text, size, widest) if widest else size
        wide = stringWidth(text, FONT, fitted) / mm
        start = {"left": x, "right": x - wide, "middle": x - wide / 2}[align]
        self.pen.saveState()  # it would else be drawn bold from here on
        line = self.pen.beginText(start * mm, y * mm)
        line.setFont(FONT, fitted)
        line.setFillColor(colour)
        if bold:
            self.pen.setStrokeColor(colour)
            self.pen.setLineWidth(bold)
            line.setTextRenderMode(2)
        line.textOut(text)
        self.pen.drawText(line)
        self.pen.restoreState()

    @staticmethod
    def fitting(text: str, size: float, widest: float) -> float:
        """The size in points at which ``text`` is no wider than ``widest``."""
        wide = stringWidth(text, FONT, size) / mm
        return size if wide <= widest else size * widest / wide

    def lines(self, x: float, y: float, text: str, size: float, widest: float, colour: Color = INK, leading: float = 1.7) -> float:
        """Text in as many lines as it needs, downwards from the base line ``y``; answers the base line below."""
        for row in self._broken(checked(text), size, widest):
            self.write(x, y, row, size, colour)
            y -= size * leading / mm
        return y

    @staticmethod
    def _broken(text: str, size: float, widest: float) -> Sequence[str]:
        """Rows no wider than ``widest``: Chinese breaks anywhere but before a mark, Latin words stay whole."""
        rows, row = [], ""
        for character in text:
            row += character
            if stringWidth(row, FONT, size) / mm <= widest:
                continue
            cut = len(row) - 1
            while cut > 1 and (row[cut] in "，。、；：！？）”》 " or _within_word(row[cut - 1], row[cut])):
                cut -= 1
            rows.append(row[:cut].rstrip())
            row = row[cut:].lstrip()
        return [*rows, row] if row else rows

    def rule(self, x: float, y: float, to_x: float, to_y: float, colour: Color = LINE, width: float = 0.5) -> None:
        """A straight line; ``width`` in points."""
        self.pen.saveState()
        self.pen.setStrokeColor(colour)
        self.pen.setLineWidth(width)
        self.pen.line(x * mm, y * mm, to_x * mm, to_y * mm)
        self.pen.restoreState()

    def box(self, x: float, y: float, wide: float, high: float, radius: float = 0, **style: Any) -> None:
        """A rectangle: ``line`` and ``fill`` are colours, ``width`` in points, ``dash`` for its line."""
        self.pen.saveState()
        if style.get("line"):
            self.pen.setStrokeColor(style["line"])
            self.pen.setLineWidth(style.get("width", 0.6))
            self.pen.setDash(list(style.get("dash", ())))
        if style.get("fill"):
            self.pen.setFillColor(style["fill"])
        drawn = {"stroke": int("line" in style), "fill": int("fill" in style)}
        self.pen.roundRect(x * mm, y * mm, wide * mm, high * mm, radius * mm, **drawn)
        self.pen.restoreState()

    def qr(self, x: float, y: float, size: float, content: str) -> None:
        """A QR code with its lower left corner at ``x, y``."""
        self.pen.saveState()
        self.pen.setFillColor(INK)
        square(self.pen, content, x * mm, y * mm, size * mm)
        self.pen.restoreState()

    def net(self, x: float, y: float, radius: float, colour: Color = PALE) -> None:
        """A rosette of fine ellipses around ``x, y``."""
        self.pen.saveState()
        self.pen.translate(x * mm, y * mm)
        self.pen.setStrokeColor(colour)
        self.pen.setLineWidth(0.3)
        for _turn in range(36):
            self.pen.ellipse(-radius * mm, -radius * 0.39 * mm, radius * mm, radius * 0.39 * mm)
            self.pen.rotate(5)
        self.pen.restoreState()

    def emblem(self, x: float, y: float, size: float) -> None:
        """The house's sign, a card with a tick, its lower left corner at ``x, y``."""
        self.pen.saveState()
        self.pen.translate(x * mm, y * mm)
        self.pen.scale(size * mm / 32, size * mm / 32)
        self.pen.setFillColor(PRIMARY)
        self.pen.roundRect(0, 0, 32, 32, 8, stroke=0, fill=1)
        self.pen.setFillColor(WHITE)
        self.pen.roundRect(6.5, 8, 19, 16, 3, stroke=0, fill=1)
        self.pen.setLineCap(1)
        self.pen.setLineJoin(1)
        for colour, width, points in ((PRIMARY, 1.8, [(10, 19), (15, 19)]), (PRIMARY, 1.8, [(10, 15), (13.5, 15)]),
                                      (AMBER, 2.4, [(15.5, 13.8), (18.1, 11.2), (23.1, 17.2)])):
            self.pen.setStrokeColor(colour)
            self.pen.setLineWidth(width)
            path = self.pen.beginPath()
            path.moveTo(*points[0])
            for point in points[1:]:
                path.lineTo(*point)
            self.pen.drawPath(path)
        self.pen.restoreState()

    def photo(self, x: float, y: float, wide: float, high: float, word: str) -> None:
        """A place to stick a photograph; none is kept here."""
        self.box(x, y, wide, high, 1.2, line=MUTED, width=0.5, dash=(2, 2), fill=WHITE)
        self.write(x + wide / 2, y + high / 2 - 1, word, 7.5, MUTED, align="middle")
