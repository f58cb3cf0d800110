"""The badge: a round seal of a programme and a grade, drawn once and then kept.

It carries no name, number or day: those are in the credential that is baked
into it, and a picture that says less goes out of date less.
"""

import io
import math
from collections.abc import Iterator
from functools import cache, lru_cache

from flask_babel import gettext as _
from PIL import Image, ImageDraw, ImageFont

from certification.licence import Grade
from foundation.pdf import FONT_FILE, checked

SIZE, FINE = 640, 2
"""Pixels of the picture, and how much finer it is drawn before it is scaled down."""
DEEP, TEAL, PALE, AMBER, WHITE = (9, 50, 58), (26, 123, 131), (207, 230, 230), (214, 143, 34), (255, 255, 255)
WIDEST = 400
"""The widest line of the title that stays clear of the rings."""
Point = tuple[float, float]


def words(grade: Grade | None) -> tuple[str, str]:
    """What the document is called, and the grade, in the asker's language."""
    return _("上岗证"), {Grade.EXCELLENT: _("优秀"), Grade.QUALIFIED: _("合格")}[grade] if grade else ""


@lru_cache(maxsize=64)
def draw(title: str, grade: Grade | None, issuer: str, said: tuple[str, str]) -> bytes:
    """The badge as a PNG; raises foundation.pdf.MissingGlyph when a character cannot be drawn."""
    checked(title + issuer + "".join(said))
    side = SIZE * FINE
    picture = Image.composite(_ground(side), Image.new("RGBA", (side, side)), _edge(side))
    pen = ImageDraw.Draw(picture)
    _rings(pen)
    _emblem(pen, 320, 168)
    rows = _rows(title)
    size = 46 if len(rows) == 1 else 40
    for row, text in enumerate(rows):
        _write(pen, 320, 314 + (row - (len(rows) - 1) / 2) * (size + 12), text, size, WHITE)
    _write(pen, 320, 392, said[0], 25, PALE)
    if said[1]:
        _pill(pen, 320, 452, said[1], AMBER if grade is Grade.EXCELLENT else PALE, WHITE if grade is Grade.EXCELLENT else DEEP)
    _write(pen, 320, 526, issuer, _fitting(issuer, 20, 250), PALE)
    held = io.BytesIO()
    picture.resize((SIZE, SIZE), Image.Resampling.LANCZOS).save(held, "PNG", optimize=True)
    return held.getvalue()


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONT_FILE), size * FINE)


def _scaled(points: Iterator[Point]) -> list[Point]:
    return [(x * FINE, y * FINE) for x, y in points]


def _wave(radius: float, height: float, waves: int, steps: int = 1440) -> Iterator[Point]:
    """A circle around the middle whose radius swings."""
    for step in range(steps + 1):
        angle = math.tau * step / steps
        swung = radius + height * math.cos(waves * angle)
        yield 320 + swung * math.cos(angle), 320 + swung * math.sin(angle)


def _edge(side: int) -> Image.Image:
    """What belongs to the seal: a disc with a scalloped edge."""
    mask = Image.new("L", (side, side))
    ImageDraw.Draw(mask).polygon(_scaled(_wave(308, 6, 40)), fill=255)
    return mask


def _ground(side: int) -> Image.Image:
    """Teal that grows deeper towards the lower right, under a net of fine lines."""
    fall = Image.linear_gradient("L").rotate(45, expand=True).crop((90, 90, 272, 272)).resize((side, side), Image.Resampling.BICUBIC)
    ground = Image.composite(Image.new("RGBA", fall.size, (*DEEP, 255)), Image.new("RGBA", fall.size, (*TEAL, 255)), fall)
    net = Image.new("RGBA", fall.size)
    pen = ImageDraw.Draw(net)
    for turn in range(0, 180, 5):
        pen.line(_scaled(_ellipse(300, 118, turn)), fill=(255, 255, 255, 22), width=FINE)
    return Image.alpha_composite(ground, net)


def _ellipse(wide: float, high: float, turn: float) -> Iterator[Point]:
    lean = math.radians(turn)
    for step in range(241):
        angle = math.tau * step / 240
        x, y = wide * math.cos(angle), high * math.sin(angle)
        yield 320 + x * math.cos(lean) - y * math.sin(lean), 320 + x * math.sin(lean) + y * math.cos(lean)


def _rings(pen: ImageDraw.ImageDraw) -> None:
    for radius, height, waves, width, colour in (
        (288, 0, 0, 3, WHITE), (274, 5, 72, 1, PALE), (274, -5, 72, 1, PALE), (260, 0, 0, 1, PALE),
    ):
        pen.line(_scaled(_wave(radius, height, waves)), fill=colour, width=width * FINE, joint="curve")


def _emblem(pen: ImageDraw.ImageDraw, x: float, y: float) -> None:
    """The house's sign: a card with two lines of writing and a tick."""
    box = [(x - 52) * FINE, (y - 42) * FINE, (x + 52) * FINE, (y + 42) * FINE]
    pen.rounded_rectangle(box, 15 * FINE, fill=WHITE)
    for left, right, height in ((-34, -4, -15), (-34, -14, 4)):
        _stroke(pen, [(x + left, y + height), (x + right, y + height)], TEAL, 8)
    _stroke(pen, [(x - 4, y + 8), (x + 9, y + 21), (x + 34, y - 14)], AMBER, 11)


def _stroke(pen: ImageDraw.ImageDraw, points: list[Point], colour: tuple[int, int, int], width: int) -> None:
    """A line with round ends."""
    scaled = _scaled(iter(points))
    pen.line(scaled, fill=colour, width=width * FINE, joint="curve")
    for x, y in (scaled[0], scaled[-1]):
        pen.circle((x, y), width * FINE / 2 - 0.5, fill=colour)


def _wide(text: str, size: int) -> float:
    return _font(size).getlength(text) / FINE


def _fitting(text: str, size: int, widest: float) -> int:
    """The size, made smaller until ``text`` fits."""
    while size > 11 and _wide(text, size) > widest:
        size -= 1
    return size


def _rows(title: str) -> list[str]:
    """The title in one row or two of about the same length, broken at a space where there is one; the rest is left out."""
    if _wide(title, 46) <= WIDEST:
        return [title]
    middle = len(title) / 2
    spaces = [at for at, character in enumerate(title) if character == " "]
    at = min(spaces, key=lambda space: abs(space - middle)) if spaces else math.ceil(middle)
    return [_short(title[:at].strip()), _short(title[at:].strip())]


def _short(row: str) -> str:
    if _wide(row, 40) <= WIDEST:
        return row
    while _wide(row + "…", 40) > WIDEST:
        row = row[:-1]
    return row + "…"


def _write(pen: ImageDraw.ImageDraw, x: float, y: float, text: str, size: int, colour: tuple[int, int, int]) -> None:
    pen.text((x * FINE, y * FINE), text, fill=colour, font=_font(size), anchor="mm", stroke_width=1 if size > 30 else 0)


def _pill(pen: ImageDraw.ImageDraw, x: float, y: float, text: str, ground: tuple[int, int, int], ink: tuple[int, int, int]) -> None:
    half = _wide(text, 28) / 2 + 30
    pen.rounded_rectangle([(x - half) * FINE, (y - 26) * FINE, (x + half) * FINE, (y + 26) * FINE], 26 * FINE, fill=ground)
    _write(pen, x, y - 1, text, 28, ink)
