"""A QR code as an SVG drawing that a page may hold inline: no style, no script, no fixed size."""

from dataclasses import dataclass
from io import BytesIO

import segno


@dataclass(frozen=True)
class Drawing:
    """An SVG that a template shows as it is."""

    svg: str

    def __html__(self) -> str:
        return self.svg


def square(content: str) -> Drawing:
    """The SVG of ``content`` with medium error correction: it survives a scratched badge."""
    buffer = BytesIO()
    segno.make(content, error="m", micro=False).save(
        buffer, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=2, svgclass=None, lineclass=None, nl=False
    )
    return Drawing(buffer.getvalue().decode("utf-8"))
