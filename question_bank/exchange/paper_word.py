"""The lines of a Word document: its paragraphs and tables with the numbers that Word writes, its pictures, and what cannot be carried.

Deleted and hidden text, text boxes, formulas, charts, objects and footnotes are
never mixed into a question: each is named where it stood. Source: ECMA-376 Part 1
(WordprocessingML), in its transitional and its strict namespace.
"""

import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from question_bank.exchange import archive, xml_tree
from question_bank.exchange.archive import Archive
from question_bank.exchange.found import Media, Unusable
from question_bank.exchange.paper_lines import Line, start
from question_bank.exchange.paper_numbering import Lists, child, lists, local, value
from question_bank.exchange.paper_options import code_at
from question_bank.exchange.paper_styles import OWN_STYLES, is_on, raised_text, style_of, symbol
from question_bank.exchange.paper_text import (
    BOLD,
    LINED,
    NOTHING,
    Said,
    joined,
    marked,
    picture,
    plain,
)
from question_bank.exchange.xml_tree import Element
from question_bank.rich_text import NAME

PART = 64 * 2**20
PICTURE = 20 * 2**20
MOST_PICTURES = 5000
_KNOWN = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"RIFF", b"II*\0", b"MM\0*")
_THROUGH = {
    "ins", "moveTo", "hyperlink", "smartTag", "sdt", "sdtContent", "customXml", "fldSimple", "ruby", "rubyBase", "AlternateContent",
    "Choice", "dir", "bdo",
}
"""Elements that only hold others."""


@dataclass
class Document:
    """What a Word document holds, in order."""

    lines: list[Line] = field(default_factory=list)
    pictures: list[tuple[Media | None, str]] = field(default_factory=list)


def read(content: bytes) -> Document:
    """The document; raises Unusable."""
    return _Reader(archive.entries(content)).document()


class _Reader:
    """Goes through the body once."""

    def __init__(self, files: Archive) -> None:
        self.files = files
        self.main = self._main()
        self.targets = self._targets(self.main)
        self.styles = {value(style, "styleId"): style for style in self._part("styles") if local(style) == "style"}
        linked = {name: value(child(style, "pPr", "numPr", "numId")) for name, style in self.styles.items()}
        tree = self._tree("numbering")
        self.lists: Lists = lists(tree, linked)
        self.out = Document()
        self.paragraphs = self.tables = 0
        self.used: dict[str, int] = {}

    # the parts of the archive

    def _main(self) -> str:
        """The path of the document itself."""
        known = self._targets("")
        path = next((target for kind, target in known.values() if kind == "officeDocument"), "word/document.xml")
        if path not in self.files:
            raise Unusable("damaged", "word/document.xml")
        return path

    def _targets(self, part: str) -> dict[str, tuple[str, str]]:
        """The relations of a part: by id the kind, and the path in the archive ("" for one outside of it)."""
        folder, _sign, name = part.rpartition("/")
        path = posixpath.join(folder, "_rels", f"{name}.rels")
        if path not in self.files:
            return {}
        found = {}
        for relation in xml_tree.root(self.files.read(path, PART)):
            if local(relation) == "Relationship":
                target = value(relation, "Target")
                inside = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
                outside = value(relation, "TargetMode") == "External"
                found[value(relation, "Id")] = (value(relation, "Type").rpartition("/")[2], "" if outside else inside)
        return found

    def _tree(self, kind: str) -> Element | None:
        path = next((target for known, target in self.targets.values() if known == kind), "")
        return xml_tree.root(self.files.read(path, PART)) if path in self.files else None

    def _part(self, kind: str) -> Sequence[Element]:
        tree = self._tree(kind)
        return list(tree) if tree is not None else []

    # the body

    def document(self) -> Document:
        body = child(xml_tree.root(self.files.read(self.main, PART)), "body")
        if body is None:
            raise Unusable("damaged", self.main)
        self._blocks(body)
        return self.out

    def _blocks(self, parent: Element) -> None:
        for element in parent:
            name = local(element)
            if name == "p":
                self.paragraphs += 1
                self.out.lines += self._lines(element, f"第 {self.paragraphs} 段")
            elif name == "tbl":
                self._table(element)
            elif name in _THROUGH:
                self._blocks(element)
            elif name == "altChunk":
                self.out.lines.append(Line(f"第 {self.paragraphs + 1} 段", NOTHING, lost=(("object_lost", "altChunk"),)))

    def _table(self, table: Element) -> None:
        self.tables += 1
        number = self.tables
        for index, row in enumerate(_rows(table), 1):
            cells: list[Said] = []
            lost: list[tuple[str, str]] = []
            for cell in _through(row, "tc"):
                merged = child(cell, "tcPr", "vMerge")
                if merged is not None and value(merged) != "restart":
                    cells.append(NOTHING)
                    continue
                said, gone = self._cell(cell)
                cells.append(said)
                lost += gone
            place = f"第 {number} 个表格第 {index} 行"
            if len(cells) == 1 or any(_is_column(cell) for cell in cells):
                self.out.lines += [line for cell in cells for line in _split(cell, place, ())]
                self.out.lines.append(Line(place, NOTHING, lost=tuple(lost)))
            else:
                flat = joined([_flat(cell) for cell in cells], "\t")
                self.out.lines.append(Line(place, flat, tuple(cells), lost=tuple(lost), table=number))

    def _cell(self, cell: Element) -> tuple[Said, list[tuple[str, str]]]:
        pieces: list[Said] = []
        lost: list[tuple[str, str]] = []
        for element in cell.iter():
            if local(element) == "p" and not _within_box(element, cell):
                for line in self._lines(element, ""):
                    pieces.append(line.said)
                    lost += line.lost
        return joined([piece for piece in pieces if piece], "\n"), lost

    def _lines(self, paragraph: Element, place: str) -> list[Line]:
        """A paragraph: one line, more where it has soft breaks."""
        lost: list[tuple[str, str]] = []
        pieces = [self._label(paragraph), *self._pieces(paragraph, self._style(paragraph), lost)]
        return _split(_gaps(joined(pieces, "")), place, tuple(dict.fromkeys(lost)))

    def _label(self, paragraph: Element) -> Said:
        """The number that Word writes before the paragraph."""
        properties = child(paragraph, "pPr")
        numbered = child(properties, "numPr")
        number, level = value(child(numbered, "numId")), value(child(numbered, "ilvl"))
        style = value(child(properties, "pStyle"))
        for _step in range(10):
            if number or style not in self.styles:
                break
            inherited = child(self.styles[style], "pPr", "numPr")
            number, level = value(child(inherited, "numId")), level or value(child(inherited, "ilvl"))
            style = value(child(self.styles[style], "basedOn"))
        if not number or number == "0":
            return NOTHING
        label = self.lists.label(number, int(level) if level.isdigit() and len(level) < 2 else 0)
        return plain(label + ("" if label.endswith((" ", "、", "）")) else " ")) if label else NOTHING

    def _style(self, paragraph: Element) -> int:
        style = self.styles.get(value(child(paragraph, "pPr", "pStyle")))
        return style_of(child(style, "rPr"), 0) & BOLD if style is not None else 0

    def _pieces(self, parent: Element, style: int, lost: list[tuple[str, str]]) -> Iterator[Said]:
        for element in parent:
            name = local(element)
            if name == "r":
                yield from self._run(element, style, lost)
            elif name in ("oMath", "oMathPara"):
                text = "".join(one.text or "" for one in element.iter() if local(one) == "t")
                lost.append(("markup_lost", f"公式 {text[:60]}"))
                yield plain(text)
            elif name in _THROUGH:
                yield from self._pieces(element, style, lost)

    def _run(self, run: Element, style: int, lost: list[tuple[str, str]]) -> Iterator[Said]:
        properties = child(run, "rPr")
        named = self.styles.get(value(child(properties, "rStyle")))
        style = style_of(child(named, "rPr"), style) if named is not None else style
        style |= OWN_STYLES.get(value(named, "styleId"), 0)
        style = style_of(properties, style)
        hidden = is_on(properties, "vanish", default=False)
        if hidden:
            text = "".join(one.text or "" for one in run if local(one) == "t").strip()
            if text:
                lost.append(("hidden_lost", text[:100]))
            return
        if is_on(properties, "strike", default=False) or is_on(properties, "dstrike", default=False):
            lost.append(("markup_lost", "删除线"))
        raised = value(child(properties, "vertAlign"))
        for element in run:
            yield from self._inner(element, style, raised, lost)

    def _inner(self, element: Element, style: int, raised: str, lost: list[tuple[str, str]]) -> Iterator[Said]:
        name = local(element)
        if name == "t":
            yield marked(raised_text(element.text or "", raised, lost), style)
        elif name in ("tab", "ptab"):
            yield marked("\t", style)
        elif name in ("br", "cr"):
            if value(element, "type") not in ("page", "column"):
                yield plain("\n")
        elif name == "noBreakHyphen":
            yield plain("-")
        elif name == "sym":
            yield plain(symbol(value(element, "font"), value(element, "char"), lost))
        elif name in ("drawing", "pict", "object"):
            yield from self._drawn(element, lost)
        elif name in ("footnoteReference", "endnoteReference"):
            lost.append(("markup_lost", "脚注"))
        elif name in _THROUGH:
            for inner in element:
                yield from self._inner(inner, style, raised, lost) if local(inner) != "r" else self._run(inner, style, lost)

    # pictures, boxes, objects

    def _drawn(self, element: Element, lost: list[tuple[str, str]]) -> Iterator[Said]:
        names = {local(one) for one in element.iter()}
        shown = [one for one in element.iter() if local(one) in ("blip", "imagedata") and not _in_fallback(one, element)]
        told = [value(one, "descr") or value(one, "title") for one in element.iter() if local(one) in ("docPr", "shape")]
        alt = next(filter(None, told), "")
        if "txbxContent" in names:
            box = next(one for one in element.iter() if local(one) == "txbxContent")
            text = "".join(one.text or "" for one in box.iter() if local(one) == "t").strip()
            if text:
                lost.append(("box_lost", text[:200]))
        if local(element) == "object":
            lost.append(("object_lost", value(next((one for one in element.iter() if local(one) == "OLEObject"), None), "ProgID") or "OLE"))
        elif names & {"chart", "relIds", "wpc"}:
            lost.append(("object_lost", "图表"))
        elif not shown and names & {"wsp", "line", "rect", "oval", "shape", "roundrect", "polyline"} and "txbxContent" not in names:
            lost.append(("object_lost", "图形"))
        for one in shown:
            yield self._picture(value(one, "embed") or value(one, "id"), " ".join(alt.split()), lost)

    def _picture(self, relation: str, alt: str, lost: list[tuple[str, str]]) -> Said:
        _kind, path = self.targets.get(relation, ("", ""))
        if path not in self.files or len(self.out.pictures) >= MOST_PICTURES:
            self.out.pictures.append((None, alt or path.rpartition("/")[2] or "外部链接"))
            return picture(len(self.out.pictures) - 1)
        if path in self.used and self.out.pictures[self.used[path]][1] == alt:
            return picture(self.used[path])
        content = self.files.read(path, PICTURE) if self.files.size(path) <= PICTURE else b""
        name = path.rpartition("/")[2]
        name = name.partition(".")[0] if NAME.fullmatch(name.partition(".")[0]) else name
        if not content.startswith(_KNOWN):
            lost.append(("picture_unreadable", name))
            return NOTHING
        self.out.pictures.append((Media(name, content), alt))
        self.used[path] = len(self.out.pictures) - 1
        return picture(self.used[path])


def _gaps(said: Said) -> Said:
    """Underlined blanks as a line of underscores: a place to write in."""
    for run in reversed(list(re.finditer("x+", said.styled(LINED)))):
        inner = said.text[run.start() : run.end()]
        if not inner.strip() and (len(inner) > 1 or "\t" in inner) and "\n" not in inner:
            said = said[: run.start()] + plain("____") + said[run.end() :]
    return said


def _rows(table: Element) -> Iterator[Element]:
    yield from _through(table, "tr")


def _through(parent: Element, name: str) -> Iterator[Element]:
    for element in parent:
        if local(element) == name:
            yield element
        elif local(element) in _THROUGH:
            yield from _through(element, name)


def _is_column(cell: Said) -> bool:
    """Whether a cell holds whole questions, set in columns by a table."""
    lines = [line.said for line in _split(cell, "", ())]
    return len(lines) > 2 and start(lines[0]) is not None and any(code_at(line) == "A" for line in lines[1:])


def _within_box(element: Element, cell: Element) -> bool:
    for above in element.iterancestors():
        if above is cell:
            return False
        if local(above) in ("txbxContent", "Fallback"):
            return True
    return False


def _in_fallback(element: Element, top: Element) -> bool:
    return any(local(above) in ("Fallback", "txbxContent") for above in element.iterancestors() if above is not top)


def _split(said: Said, place: str, lost: tuple[tuple[str, str], ...]) -> list[Line]:
    """A text with line ends as lines; all but the first go on in its paragraph. What was lost stays with the first."""
    out: list[Line] = []
    at = 0
    for end in [*(number for number, sign in enumerate(said.text) if sign == "\n"), len(said.text)]:
        piece = said[at:end]
        at = end + 1
        cells = tuple(_cells(piece)) if "\t" in piece.text.strip() else ()
        out.append(Line(place, piece, cells, soft=bool(out)))
    return [replace(out[0], lost=lost), *out[1:]]


def _cells(said: Said) -> Iterator[Said]:
    at = 0
    for end in [*(number for number, sign in enumerate(said.text) if sign == "\t"), len(said.text)]:
        yield said[at:end].strip()
        at = end + 1


def _flat(said: Said) -> Said:
    return Said(said.text.replace("\n", " "), said.marks)
