"""Questions as a workbook or a CSV file, in such a way that they are read again as they were."""

import base64
import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence

from xlsxwriter.image import Image

from question_bank.exchange import sheet_answers
from question_bank.exchange.found import Note, Weight
from question_bank.exchange.markup import is_plain, named_media
from question_bank.exchange.sent import Sent, Written
from question_bank.exchange.sheet_look import LONGEST, Book, Place, neutral, places
from question_bank.exchange.sheet_words import LEVELS, MARKDOWN, Sort, kind_name, our
from question_bank.item import Wording
from question_bank.kind import Kind

LEAST_OPTIONS = 4
SHEET, ATTACHMENTS = "题目", "附件"
PIECE = 30_000
THUMB = (320, 180)
DRAWN = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8")
"""Beginnings of pictures that lie on the sheet for people to see; sounds stand there as text."""


def write_xlsx(items: Sequence[Sent]) -> Written:
    """The questions as a workbook; pictures and sounds on a sheet of their own."""
    rows, notes = _rows(items)
    columns = _columns([item.wording for item in items])
    book = Book()
    sheet = book.table(SHEET, columns)
    for number, row in enumerate(rows, 1):
        for at, place in enumerate(columns):
            if text := row.get(place, ""):
                sheet.write_string(number, at, neutral(text))
    if rows:
        sheet.autofilter(0, 0, len(rows), len(columns) - 1)
    media = {one.name: one.content for item in items for one in item.media}
    if media:
        _attach(book, media)
    return Written(book.bytes(), notes)


def write_csv(items: Sequence[Sent]) -> Written:
    """The questions as CSV in UTF-8 with a byte order mark, which makes Excel read Chinese; pictures and sounds stay behind."""
    rows, notes = _rows(items)
    columns = _columns([item.wording for item in items])
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow([place.head() for place in columns])
    writer.writerows([neutral(row.get(place, "")) for place in columns] for row in rows)
    lost = {item.code: Note(Weight.LOST, "media_lost", ("、".join(named),)) for item in items if (named := _media(item))}
    both = {code: (*notes.get(code, ()), *([lost[code]] if code in lost else [])) for code in {**notes, **lost}}
    return Written(("\ufeff" + target.getvalue()).encode(), both)


def _media(item: Sent) -> list[str]:
    return named_media(*_texts(item.wording))


def _texts(said: Wording) -> list[str]:
    return [said.stem, said.rationale, *(option.text for option in (*said.options, *said.right))]


def _columns(wordings: Sequence[Wording]) -> list[Place]:
    options = max((len(said.options) for said in wordings if said.kind is not Kind.TRUE_FALSE), default=0)
    right = max((len(said.right) for said in wordings), default=0)
    extra = [Sort.FORMAT] if any(_format(said) for said in wordings) else []
    extra += [Sort.CODES] if any(_codes(said) for said in wordings) else []
    return places(max(LEAST_OPTIONS, options), right, extra)


def _rows(items: Sequence[Sent]) -> tuple[list[dict[Place, str]], dict[str, tuple[Note, ...]]]:
    rows, notes = [], {}
    for item in items:
        row, lost = _row(item)
        if any(len(text) > LONGEST for text in row.values()):
            lost = [Note(Weight.WRONG, "text_not_carried", (item.wording.stem[:100],))]
        else:
            rows.append(row)
        if lost:
            notes[item.code] = tuple(lost)
    return rows, notes


def _row(item: Sent) -> tuple[dict[Place, str], list[Note]]:
    said = item.wording
    letters = {option.code: chr(ord("A") + place) for place, option in enumerate(said.options)}
    answer, lost = sheet_answers.write(said, letters)
    row = {
        Place(Sort.CODE): item.code, Place(Sort.KIND): kind_name(said.kind), Place(Sort.STEM): said.stem, Place(Sort.ANSWER): answer,
        Place(Sort.RATIONALE): said.rationale, Place(Sort.CLAUSES): "\n".join(_clauses(item)), Place(Sort.DIFFICULTY): str(said.difficulty),
        Place(Sort.LEVEL): our(LEVELS[said.level]), Place(Sort.FORMAT): _format(said), Place(Sort.CODES): _codes(said),
    }
    if said.kind is not Kind.TRUE_FALSE:
        row |= {Place(Sort.OPTION, number): option.text for number, option in enumerate(said.options)}
    row |= {Place(Sort.RIGHT, number): option.text for number, option in enumerate(said.right)}
    return row, lost


def _clauses(item: Sent) -> Iterator[str]:
    for reference in item.wording.clauses:
        title = " ".join(item.clause_titles.get(reference, "").split())
        yield f"{reference} {title}".strip()


def _format(said: Wording) -> str:
    return "" if all(map(is_plain, _texts(said))) else MARKDOWN


def _codes(said: Wording) -> str:
    """The codes of the options, where they are not the letters and numbers of their columns."""
    if said.kind in (Kind.TRUE_FALSE, Kind.FILL, Kind.SHORT):
        return ""
    left, right = [option.code for option in said.options], [option.code for option in said.right]
    usual = [chr(ord("A") + place) for place in range(len(left))], [str(place + 1) for place in range(len(right))]
    return "" if (left, right) == usual else json.dumps([left, right], ensure_ascii=False)


def _attach(book: Book, media: Mapping[str, bytes]) -> None:
    """The pictures, to be seen, and the sounds, as text in columns that are hidden."""
    sheet = book.sheet(ATTACHMENTS)
    sheet.set_row(0, 30)
    for at, (head, width) in enumerate((("名称", 22), ("图片", 48), ("内容", 20))):
        sheet.set_column(at, at, width, book.body)
        sheet.write_string(0, at, head, book.heading(False))
    sheet.freeze_panes(1, 0)
    for number, (name, content) in enumerate(media.items(), 1):
        sheet.write_string(number, 0, name, book.body)
        if content.startswith(DRAWN):
            image = Image(io.BytesIO(content))
            scale = min(1.0, THUMB[0] / max(1.0, image.width), THUMB[1] / max(1.0, image.height))
            sheet.set_row_pixels(number, max(24, int(image.height * scale) + 12))
            size = {"x_scale": scale, "y_scale": scale, "x_offset": 6, "y_offset": 6}
            sheet.insert_image(number, 1, f"{name}.png", {**size, "image_data": io.BytesIO(content), "description": name})
        else:
            packed = base64.b64encode(content).decode()
            for at in range(0, len(packed), PIECE):
                sheet.write_string(number, 2 + at // PIECE, packed[at : at + PIECE])
