"""Word documents put together by hand, as Word and WPS write them: paragraphs, lists, tables, pictures, boxes."""

import io
import re
import zipfile
from collections.abc import Mapping

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SPACES = (
    f'xmlns:w="{W}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" xmlns:o="urn:schemas-microsoft-com:office:office"'
)
STYLES = {
    "bold": "<w:b/>", "lined": '<w:u w:val="single"/>', "red": '<w:color w:val="FF0000"/>', "lit": '<w:highlight w:val="yellow"/>',
    "hidden": "<w:vanish/>", "raised": '<w:vertAlign w:val="superscript"/>', "dotted": '<w:em w:val="dot"/>', "struck": "<w:strike/>",
}
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)
LEVELS = {
    "0": [("decimal", "%1."), ("upperLetter", "%2.")], "1": [("chineseCountingThousand", "%1、")], "2": [("upperLetter", "%1、")],
    "3": [("decimalEnclosedCircle", "%1")], "4": [("decimal", "第%1题")],
}
LISTS = {"1": ("0", ""), "2": ("1", ""), "3": ("0", "1"), "4": ("2", ""), "5": ("2", "1"), "6": ("3", ""), "7": ("4", "")}
"""Number of a list: its definition, and where it starts anew."""


def run(text: str, *styles: str) -> str:
    """Text set in ``styles``; line ends and tabs are Word's own."""
    pieces = [piece for piece in re.split(r"([\n\t])", text) if piece]
    inside = "".join({"\n": "<w:br/>", "\t": "<w:tab/>"}.get(piece) or f'<w:t xml:space="preserve">{piece}</w:t>' for piece in pieces)
    return f"<w:r><w:rPr>{''.join(STYLES[style] for style in styles)}</w:rPr>{inside}</w:r>"


def para(*runs: str, number: str = "", level: int = 0, style: str = "") -> str:
    """A paragraph of runs or plain texts."""
    numbered = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>' if number else ""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{named}{numbered}</w:pPr>{''.join(one if one.startswith('<') else run(one) for one in runs)}</w:p>"


def rows(*given: list[str]) -> str:
    """A table of texts, or of paragraphs."""
    return "<w:tbl>" + "".join(f"<w:tr>{''.join(map(_cell, row))}</w:tr>" for row in given) + "</w:tbl>"


def _cell(text: str) -> str:
    return f"<w:tc>{text if text.startswith('<w:p>') else para(text)}</w:tc>"


def picture(relation: str, alt: str = "") -> str:
    return (
        f'<w:r><w:drawing><wp:inline><wp:docPr id="1" name="图片 1" descr="{alt}"/><a:graphic><a:graphicData><pic:pic><pic:blipFill>'
        f'<a:blip r:embed="{relation}"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>'
    )


def box(text: str) -> str:
    """A text box as Word writes it: for new programs, and once more for old ones."""
    inside = f"<w:txbxContent>{para(text)}</w:txbxContent>"
    return (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor><wps:wsp><wps:txbx>{inside}</wps:txbx></wps:wsp>'
        f"</wp:anchor></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{inside}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )


def _level(place: int, form: str, text: str) -> str:
    return f'<w:lvl w:ilvl="{place}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'


def docx(*blocks: str, files: Mapping[str, tuple[str, bytes]] | None = None, extra: Mapping[str, str] | None = None) -> bytes:
    """The file; ``files`` has the picture of each relation, ``extra`` parts that stand in place of the usual ones."""
    pictures = files or {}
    numbering = "".join(
        f'<w:abstractNum w:abstractNumId="{code}">'
        + "".join(_level(at, form, text) for at, (form, text) in enumerate(levels))
        + "</w:abstractNum>"
        for code, levels in LEVELS.items()
    ) + "".join(
        f'<w:num w:numId="{number}"><w:abstractNumId w:val="{code}"/>'
        + (f'<w:lvlOverride w:ilvl="0"><w:startOverride w:val="{anew}"/></w:lvlOverride>' if anew else "")
        + "</w:num>"
        for number, (code, anew) in LISTS.items()
    )
    heading = '<w:style w:styleId="1"><w:name w:val="heading 1"/><w:pPr><w:numPr><w:numId w:val="2"/></w:numPr></w:pPr></w:style>'
    relations = "".join(f'<Relationship Id="{code}" Type="x/image" Target="media/{name}"/>' for code, (name, _content) in pictures.items())
    parts = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": '<Relationships><Relationship Id="a" Type="x/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f"<w:document {SPACES}><w:body>{''.join(blocks)}</w:body></w:document>",
        "word/numbering.xml": f"<w:numbering {SPACES}>{numbering}</w:numbering>",
        "word/styles.xml": f"<w:styles {SPACES}>{heading}</w:styles>",
        "word/_rels/document.xml.rels": '<Relationships><Relationship Id="n" Type="x/numbering" Target="numbering.xml"/>'
        f'<Relationship Id="s" Type="x/styles" Target="styles.xml"/>{relations}</Relationships>',
        **(extra or {}),
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as into:
        for name, text in parts.items():
            into.writestr(name, text)
        for name, content in pictures.values():
            into.writestr(f"word/media/{name}", content)
    return packed.getvalue()
