"""An Excel workbook (.xlsx, as Excel, WPS and others write it) as tables: shown sheets, cells as they show, pictures where they lie.

Formulas are never computed and their kept results not believed: such a cell is
doubtful. WPS keeps a picture inside a cell behind a formula of its own, which
is read as the picture. Source: ECMA-376, SpreadsheetML.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from question_bank.exchange.archive import Archive, entries
from question_bank.exchange.found import Media, Note, Unusable
from question_bank.exchange.markup import from_html
from question_bank.exchange.sheet_number import BUILT_IN, shown
from question_bank.exchange.sheet_table import Cell, Doubt, Picture, Table
from question_bank.exchange.xml_tree import Element, root

PART = 64 * 1024 * 1024
PICTURE = 20 * 1024 * 1024
MOST_ROWS, MOST_COLUMNS, MOST_PICTURES, MOST_MERGED = 100_000, 256, 5_000, 500
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_RANGE = re.compile(r"([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})")
_WRITTEN = re.compile(r"_x([0-9A-Fa-f]{4})_")
_IN_CELL = re.compile(r"DISPIMG\(\"([^\"]{1,100})\"")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_STRICT = "{http://purl.oclc.org/ooxml/officeDocument/relationships}"


@dataclass(frozen=True)
class _Book:
    """What cells refer to: shared texts, formats by style, pictures in cells by name, the first day."""

    texts: list[tuple[str, tuple[Note, ...]]]
    forms: list[str]
    images: dict[str, Media]
    since_1904: bool


def read(content: bytes) -> list[Table]:
    """The sheets that are shown, in their order; raises Unusable."""
    archive = entries(content)
    if "xl/workbook.xml" not in archive:
        raise Unusable("damaged", "xl/workbook.xml")
    workbook = root(archive.read("xl/workbook.xml", PART))
    targets = _relations(archive, "xl/workbook.xml")
    properties = workbook.find("{*}workbookPr")
    since_1904 = properties is not None and properties.get("date1904") in ("1", "true")
    book = _Book(_shared(archive), _forms(archive), _in_cells(archive), since_1904)
    tables = []
    for sheet in workbook.iterfind("{*}sheets/{*}sheet"):
        path = targets.get(_related(sheet, "id"), "")
        if sheet.get("state", "visible") == "visible" and path in archive:
            tables.append(_table(archive, path, sheet.get("name", ""), book))
    if not tables:
        raise Unusable("no_questions")
    return tables


def _related(element: Element, name: str) -> str:
    return element.get(f"{_RELATION}{name}") or element.get(f"{_STRICT}{name}") or ""


def _relations(archive: Archive, path: str) -> dict[str, str]:
    """The parts that a part refers to, by their id there."""
    folder, _slash, name = path.rpartition("/")
    beside = f"{folder}/_rels/{name}.rels"
    if beside not in archive:
        return {}
    found = {}
    for one in root(archive.read(beside, PART)).iterfind("{*}Relationship"):
        target = one.get("Target", "")
        if one.get("TargetMode") != "External":
            found[one.get("Id", "")] = target.lstrip("/") if target.startswith("/") else _joined(folder, target)
    return found


def _joined(folder: str, target: str) -> str:
    parts = folder.split("/")
    for step in target.split("/"):
        if step == "..":
            parts = parts[:-1]
        elif step != ".":
            parts.append(step)
    return "/".join(parts)


def _shared(archive: Archive) -> list[tuple[str, tuple[Note, ...]]]:
    if "xl/sharedStrings.xml" not in archive:
        return []
    return [_rich(item) for item in root(archive.read("xl/sharedStrings.xml", PART)).iterfind("{*}si")]


def _rich(item: Element) -> tuple[str, tuple[Note, ...]]:
    """A text of runs; raised and lowered figures stay what they are, m² is not m2."""
    texts: list[str] = []
    notes: list[Note] = []
    for node in item.iterchildren("{*}t", "{*}r"):
        text = node.text or "" if node.tag.endswith("}t") else "".join(part.text or "" for part in node.iterfind("{*}t"))
        text = _WRITTEN.sub(lambda met: chr(int(met[1], 16)), text)
        raised = node.find("{*}rPr/{*}vertAlign")
        tag = {"superscript": "sup", "subscript": "sub"}.get(raised.get("val", "") if raised is not None else "")
        if tag and text.strip():
            marked = from_html(f"<{tag}>{escape(text)}</{tag}>")
            notes.extend(marked.notes)
            text = text if marked.notes else marked.text
        texts.append(text)
    return "".join(texts).replace("\r\n", "\n").replace("\r", "\n"), tuple(notes)


def _forms(archive: Archive) -> list[str]:
    """The number format of each cell style."""
    if "xl/styles.xml" not in archive:
        return []
    styles = root(archive.read("xl/styles.xml", PART))
    own = {one.get("numFmtId"): one.get("formatCode", "") for one in styles.iterfind("{*}numFmts/{*}numFmt")}
    ids = [one.get("numFmtId", "0") for one in styles.iterfind("{*}cellXfs/{*}xf")]
    return [own.get(number) or BUILT_IN.get(int(number) if number.isdigit() else 0, "") for number in ids]


def _in_cells(archive: Archive) -> dict[str, Media]:
    """WPS's pictures inside cells, by the name that the cell's formula gives."""
    if "xl/cellimages.xml" not in archive:
        return {}
    targets = _relations(archive, "xl/cellimages.xml")
    found = {}
    for picture in root(archive.read("xl/cellimages.xml", PART)).iter("{*}pic"):
        named = picture.find("{*}nvPicPr/{*}cNvPr")
        media = _media(archive, picture, targets)
        if named is not None and media is not None:
            found[named.get("name", "")] = media
    return found


def _media(archive: Archive, picture: Element, targets: dict[str, str]) -> Media | None:
    blip = next(picture.iter("{*}blip"), None)
    path = targets.get(_related(blip, "embed"), "") if blip is not None else ""
    return Media(path.rpartition("/")[2], archive.read(path, PICTURE)) if path in archive else None


def _table(archive: Archive, path: str, name: str, book: _Book) -> Table:
    sheet = root(archive.read(path, PART))
    rows: dict[int, dict[int, Cell]] = {}
    above = -1
    for row in sheet.iterfind("{*}sheetData/{*}row"):
        number = row.get("r", "")
        above = int(number) - 1 if number.isdigit() and len(number) < 8 else above + 1
        cells = dict(_cells(row, book))
        if cells:
            rows[above] = cells
            if len(rows) > MOST_ROWS:
                raise Unusable("too_large", f"{MOST_ROWS}")
    _spread(sheet, rows)
    return Table(name, rows, tuple(_pictures(archive, path, sheet)))


def _spread(sheet: Element, rows: dict[int, dict[int, Cell]]) -> None:
    """A cell that is merged down over several rows counts for each that says something else."""
    for merged in sheet.findall("{*}mergeCells/{*}mergeCell")[:MOST_ROWS]:
        met = _RANGE.fullmatch(merged.get("ref", ""))
        if met and met[1] == met[3] and int(met[4]) - int(met[2]) < MOST_MERGED:
            place = _column(met[1])
            cell = rows.get(int(met[2]) - 1, {}).get(place)
            for row in range(int(met[2]), int(met[4])):
                if cell and row in rows:
                    rows[row].setdefault(place, cell)


def _cells(row: Element, book: _Book) -> Iterator[tuple[int, Cell]]:
    place = -1
    for element in row.iterfind("{*}c"):
        met = _REFERENCE.fullmatch(element.get("r", ""))
        place = _column(met[1]) if met else place + 1
        if place >= MOST_COLUMNS:
            return
        cell = _cell(element, book)
        if cell.text or cell.doubt or cell.pictures:
            yield place, cell


def _column(letters: str) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1


def _cell(element: Element, book: _Book) -> Cell:
    sort, value = element.get("t", "n"), element.findtext("{*}v") or ""
    formula = element.find("{*}f")
    if formula is not None:
        image = _IN_CELL.search(formula.text or "")
        if image and image[1] in book.images:
            return Cell(pictures=(book.images[image[1]],))
        return Cell((formula.text or "=")[:200], Doubt.FORMULA)
    if sort == "s":
        known = value.isdigit() and int(value) < len(book.texts)
        text, notes = book.texts[int(value)] if known else ("", ())
        return Cell(text, notes=notes)
    if sort == "inlineStr":
        inner = element.find("{*}is")
        text, notes = _rich(inner) if inner is not None else ("", ())
        return Cell(text, notes=notes)
    if sort == "e":
        return Cell(value, Doubt.ERROR)
    if sort == "b":
        return Cell("TRUE" if value == "1" else "FALSE")
    if sort != "n" or not value:
        return Cell(value, Doubt.DATE if sort == "d" else Doubt.NONE)
    style = element.get("s", "0")
    form = book.forms[int(style)] if style.isdigit() and int(style) < len(book.forms) else ""
    text, doubt = shown(value, form, book.since_1904)
    return Cell(text, doubt)


def _pictures(archive: Archive, path: str, sheet: Element) -> Iterator[Picture]:
    """The pictures that lie on a sheet, by the cell of their upper left corner."""
    targets = _relations(archive, path)
    for drawing in sheet.iterfind("{*}drawing"):
        part = targets.get(_related(drawing, "id"), "")
        if part not in archive:
            continue
        inner = _relations(archive, part)
        anchors = [one for one in root(archive.read(part, PART)) if isinstance(one.tag, str) and one.find("{*}from") is not None]
        for anchor in anchors[:MOST_PICTURES]:
            for picture in anchor.iter("{*}pic"):
                media = _media(archive, picture, inner)
                named = picture.find("{*}nvPicPr/{*}cNvPr")
                row, column = anchor.findtext("{*}from/{*}row") or "", anchor.findtext("{*}from/{*}col") or ""
                if media is not None and row.isdigit() and column.isdigit():
                    yield Picture(int(row), int(column), media, named.get("descr", "") if named is not None else "")
