"""A Word document, written: paragraphs, tables and pictures as WordprocessingML, and the parts that an A4 paper needs around them.

Set for Chinese print: SongTi for the text, HeiTi for headings, page numbers at the
foot, questions that do not break over a page. Depends on nothing but what it is
given. Source: ECMA-376 Part 1; element order as its schema has it.
"""

import re
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from question_bank.exchange.archive import packed
from question_bank.exchange.paper_text import BOLD, CODE, ITALIC, SOURCE

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SPACES = (
    f'xmlns:w="{W}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
)
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
EMU = 9525
"""English metric units to a pixel of 96 to the inch."""
WIDEST, NARROW = 580, 220
"""Pixels of a picture in a question and in an option, at most."""
TEXT_WIDTH = 9638
"""Twentieths of a point between the margins."""
_HAIR = 'w:val="single" w:sz="4" w:color="999999"'
"""A thin grey line."""
GAP = re.compile("[_＿]{2,}")


@dataclass(frozen=True)
class Image:
    """A picture: its relation, its number, what it shows, its size in pixels."""

    relation: str
    number: int
    alt: str
    width: int
    height: int


@dataclass(frozen=True)
class Run:
    """Text set in one style, or a picture."""

    text: str = ""
    style: int = 0
    image: Image | None = None


def paragraph(runs: Iterable[Run], style: str = "", keep: bool = False, limit: int = WIDEST) -> str:
    """A paragraph in a named style; ``keep`` holds it together with the next one."""
    inside = f'<w:pStyle w:val="{style}"/>' if style else ""
    inside += "<w:keepNext/>" if keep else ""
    return f"<w:p>{f'<w:pPr>{inside}</w:pPr>' if inside else ''}{''.join(_run(run, limit) for run in runs)}</w:p>"


def _run(run: Run, limit: int) -> str:
    if run.image is not None:
        return f"<w:r>{_drawing(run.image, limit)}</w:r>"
    return "".join(_words(piece, run.style) for piece in _at_gaps(run.text) if piece)


def _at_gaps(text: str) -> list[str]:
    pieces, at = [], 0
    for gap in GAP.finditer(text):
        pieces += [text[at : gap.start()], gap[0]]
        at = gap.end()
    return [*pieces, text[at:]]


def _words(text: str, style: int) -> str:
    """A run; a gap is set wide enough to write in."""
    named = "ChizhengCode" if style & CODE else "ChizhengText" if style & SOURCE else ""
    properties = f'<w:rStyle w:val="{named}"/>' if named else ""
    properties += ("<w:b/>" if style & BOLD else "") + ("<w:i/>" if style & ITALIC else "")
    if GAP.fullmatch(text):
        properties += f'<w:w w:val="{min(600, max(100, 2000 // len(text)))}"/>'
    inside = "".join(
        {"\n": "<w:br/>", "\t": "<w:tab/>"}.get(piece) or f'<w:t xml:space="preserve">{_safe(piece)}</w:t>'
        for piece in re.split(r"([\n\t])", text)
        if piece
    )
    return f"<w:r>{f'<w:rPr>{properties}</w:rPr>' if properties else ''}{inside}</w:r>"


def _safe(text: str) -> str:
    return escape(_FORBIDDEN.sub("", text), quote=True)


def _drawing(image: Image, limit: int) -> str:
    part = min(1.0, limit / image.width, 700 / image.height)
    size = f'cx="{int(image.width * part * EMU)}" cy="{int(image.height * part * EMU)}"'
    name = f'id="{image.number}" name="picture {image.number}" descr="{_safe(image.alt)}"'
    return (
        f'<w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {size}/><wp:docPr {name}/>'
        '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
        f'<pic:nvPicPr><pic:cNvPr {name}/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="{image.relation}"/>'
        f'<a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing>'
    )


def table(rows: Sequence[Sequence[str]], widths: Sequence[int], ruled: bool = False, centred: bool = False) -> str:
    """A table of cells that hold paragraphs already; ``widths`` in twentieths of a point."""
    lines = "".join(f'<w:{side} {_HAIR} w:space="0"/>' for side in ("top", "left", "bottom", "right", "insideH", "insideV"))
    properties = f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/>' + ('<w:jc w:val="center"/>' if centred else "")
    properties += f"<w:tblBorders>{lines}</w:tblBorders>" if ruled else ""
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    body = "".join(
        "<w:tr><w:trPr><w:cantSplit/></w:trPr>"
        + "".join(_cell(cell, width) for cell, width in zip(row, widths, strict=True))
        + "</w:tr>"
        for row in rows
    )
    return f'<w:tbl><w:tblPr>{properties}<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{body}</w:tbl>'


def _cell(inside: str, width: int) -> str:
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{inside or "<w:p/>"}</w:tc>'


def size(content: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG or JPEG, None of anything else."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        return (width, height) if width and height else None
    if not content.startswith(b"\xff\xd8"):
        return None
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return (width, height) if width and height else None
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return None


def ending(content: bytes) -> str:
    """What the file of a picture ends in."""
    return "png" if content.startswith(b"\x89PNG") else "jpeg"


def document(blocks: Sequence[str], pictures: Mapping[str, tuple[str, bytes]]) -> bytes:
    """The file; ``pictures`` has for each relation the name of its file and its bytes."""
    page = (
        '<w:sectPr><w:footerReference w:type="default" r:id="rIdFoot"/><w:pgSz w:w="11906" w:h="16838"/>'
        '<w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134" w:header="567" w:footer="567" w:gutter="0"/>'
        '<w:docGrid w:type="lines" w:linePitch="312"/></w:sectPr>'
    )
    relations = "".join(
        f'<Relationship Id="{name}" Type="{_RELATIONS}/{kind}" Target="{target}"/>'
        for name, kind, target in (
            ("rIdStyles", "styles", "styles.xml"), ("rIdSet", "settings", "settings.xml"), ("rIdFoot", "footer", "footer1.xml"),
            *((relation, "image", f"media/{_safe(name)}") for relation, (name, _content) in pictures.items()),
        )
    )
    return packed([
        ("[Content_Types].xml", (_HEAD + _TYPES).encode()),
        ("_rels/.rels", _relations(f'<Relationship Id="rId1" Type="{_RELATIONS}/officeDocument" Target="word/document.xml"/>')),
        ("word/document.xml", f"{_HEAD}<w:document {_SPACES}><w:body>{''.join(blocks)}{page}</w:body></w:document>".encode()),
        ("word/_rels/document.xml.rels", _relations(relations)),
        ("word/styles.xml", (_HEAD + _STYLES).encode()),
        ("word/settings.xml", (_HEAD + _SETTINGS).encode()),
        ("word/footer1.xml", (_HEAD + _FOOTER).encode()),
        *((f"word/media/{name}", content) for name, content in dict(pictures.values()).items()),
    ])


def _relations(inside: str) -> bytes:
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'{_HEAD}<Relationships xmlns="{space}">{inside}</Relationships>'.encode()


_SETTINGS = (
    f'<w:settings xmlns:w="{W}"><w:zoom w:percent="100"/><w:defaultTabStop w:val="420"/>'
    '<w:characterSpacingControl w:val="compressPunctuation"/><w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/></w:settings>'
)
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>'
    '<Default Extension="jpeg" ContentType="image/jpeg"/>'
    + "".join(
        f'<Override PartName="/word/{part}.xml" ContentType="{_OFFICE}.{kind}+xml"/>'
        for part, kind in (("document", "document.main"), ("styles", "styles"), ("settings", "settings"), ("footer1", "footer"))
    )
    + "</Types>"
)


def _field(code: str) -> str:
    """A number that Word counts: the page, the pages."""
    marks = {kind: f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")}
    told = f'<w:r><w:instrText xml:space="preserve"> {code} </w:instrText></w:r>'
    return f"{marks['begin']}{told}{marks['separate']}<w:r><w:t>1</w:t></w:r>{marks['end']}"


def _said(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


_FOOTER = (
    f'<w:ftr xmlns:w="{W}"><w:p><w:pPr><w:pStyle w:val="Foot"/></w:pPr>{_said("第 ")}{_field("PAGE")}{_said(" 页　共 ")}'
    f'{_field("NUMPAGES")}{_said(" 页")}</w:p></w:ftr>'
)


def _style(name: str, title: str, paragraph_part: str, run_part: str = "", based: str = "Normal") -> str:
    return (
        f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{title}"/><w:basedOn w:val="{based}"/><w:qFormat/>'
        f"<w:pPr>{paragraph_part}</w:pPr>{f'<w:rPr>{run_part}</w:rPr>' if run_part else ''}</w:style>"
    )


def _fonts(latin: str, chinese: str) -> str:
    return f'<w:rFonts w:ascii="{latin}" w:hAnsi="{latin}" w:eastAsia="{chinese}" w:cs="{latin}"/>'


def _large(points: float) -> str:
    return f'<w:sz w:val="{int(points * 2)}"/><w:szCs w:val="{int(points * 2)}"/>'


def _stops(columns: int) -> str:
    places = [420 + (TEXT_WIDTH - 420) * place // columns for place in range(1, columns)]
    return "<w:tabs>" + "".join(f'<w:tab w:val="left" w:pos="{place}"/>' for place in places) + "</w:tabs>"


_SHADE = '<w:shd w:val="clear" w:color="auto" w:fill="F2F2F2"/>'
_RULES = f'<w:pBdr><w:bottom {_HAIR} w:space="1"/><w:between {_HAIR} w:space="1"/></w:pBdr>'
_RIGHT = f'<w:tabs><w:tab w:val="right" w:pos="{TEXT_WIDTH}"/></w:tabs>'
_CENTRE = '<w:jc w:val="center"/>'
_STYLES = (
    f'<w:styles xmlns:w="{W}"><w:docDefaults><w:rPrDefault><w:rPr>{_fonts("Times New Roman", "宋体")}{_large(10.5)}'
    '<w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault>'
    '<w:pPrDefault><w:pPr><w:spacing w:line="320" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>'
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>'
    '<w:style w:type="character" w:customStyle="1" w:styleId="ChizhengCode"><w:name w:val="Chizheng Code"/>'
    f'<w:rPr>{_fonts("Consolas", "等线")}</w:rPr></w:style>'
    '<w:style w:type="character" w:customStyle="1" w:styleId="ChizhengText"><w:name w:val="Chizheng Text"/></w:style>'
    + _style("Title", "Title", f'<w:spacing w:after="160"/>{_CENTRE}', f'{_fonts("Arial", "黑体")}<w:b/>{_large(18)}')
    + _style("Subtitle", "Subtitle", f'<w:spacing w:after="160"/>{_CENTRE}')
    + _style(
        "Heading1", "heading 1", '<w:keepNext/><w:keepLines/><w:spacing w:before="240" w:after="80"/><w:outlineLvl w:val="0"/>',
        f'{_fonts("Arial", "黑体")}<w:b/>{_large(12)}',
    )
    + _style("Question", "Question", f'<w:keepLines/>{_RIGHT}<w:spacing w:before="100"/><w:ind w:left="420" w:hanging="420"/>')
    + _style("More", "Question more", f'<w:keepLines/>{_RIGHT}<w:ind w:left="420"/>')
    + _style("Cell", "Cell", _CENTRE)
    + _style("Option", "Option", '<w:keepLines/><w:ind w:left="780" w:hanging="360"/>')
    + _style("Options2", "Options 2", f'<w:keepLines/>{_stops(2)}<w:ind w:left="420"/>')
    + _style("Options4", "Options 4", f'<w:keepLines/>{_stops(4)}<w:ind w:left="420"/>')
    + _style("Key", "Key", f'<w:keepLines/>{_SHADE}<w:ind w:left="420"/>', '<w:rFonts w:eastAsia="楷体"/>')
    + _style("About", "About", f'<w:keepLines/>{_SHADE}<w:ind w:left="420"/>', _large(9))
    + _style("Answer", "Answer", f'{_RULES}<w:spacing w:line="480" w:lineRule="auto"/><w:ind w:left="420"/>')
    + _style("Foot", "footer", _CENTRE, _large(9))
    + "</w:styles>"
)
