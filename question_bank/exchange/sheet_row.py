"""One row of a table as a question."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from question_bank.exchange import sheet_answers
from question_bank.exchange.found import Found, Media, Note, Weight, Wrong, checked
from question_bank.exchange.markup import escaped, named_media
from question_bank.exchange.sheet_cells import Columns, Row, lay, row_of
from question_bank.exchange.sheet_codes import recoded
from question_bank.exchange.sheet_table import Cell, Doubt, Picture
from question_bank.exchange.sheet_words import (
    MARKDOWN,
    Sort,
    kind_in,
    known_difficulty,
    known_kind,
    known_level,
    known_truth,
    plain,
)
from question_bank.fill import BLANK
from question_bank.item import TRUE_FALSE, Level, Option
from question_bank.key import MAX_TEXTS
from question_bank.kind import WITHOUT_OPTIONS, Kind
from standards.clause import parse_reference

LONGEST = 40_000
_BEGINS = re.compile(r"^\s*[(（]?([A-Za-z])[)）.．、:：\-—]\s*(?=\S)")
_INLINE = re.compile(r"(?:^|(?<=[\s;；|｜]))[(（]?([A-Z])[)）.．、:：]\s*")


def question(
    ref: str, number: int, cells: Mapping[int, Cell], columns: Columns, titled: Kind | None, pictures: Sequence[Picture],
    kept: Mapping[str, bytes],
) -> Found:
    """The question of a row; ``titled`` is the kind that its sheet or the title above it names, ``kept`` are pictures by name."""
    row = row_of(number, cells, columns)
    row.markdown = plain(row.raw(Sort.FORMAT)) == plain(MARKDOWN)
    lay(row, pictures, columns)
    if sum(len(cell.text) for cell in cells.values()) > LONGEST:
        return Found(ref, Kind.SHORT, row.raw(Sort.STEM)[:200], notes=(Note(Weight.WRONG, "too_long", (str(LONGEST),)),))
    options, right = _options(row), _numbered(row, Sort.RIGHT)
    kind = _kind(row, columns, titled, options)
    stem = "\n\n".join(filter(None, [row.text(Sort.STEM), _pictured(row)]))
    if not stem:
        row.note(Weight.WRONG, "cell_empty", row.name(Sort.STEM))
    stem, key = _key(row, kind, stem, options, right)
    found = Found(
        ref, kind, stem, _used(row, kind, options), key, right if kind is Kind.MATCH else (), _rationale(row),
        _code(row), _clauses(row), _difficulty(row), _level(row), _points(row),
    )
    _ignored(row, cells, columns, kind)
    found = replace(recoded(found, row.raw(Sort.CODES)), media=_media(row, found, kept), notes=tuple(dict.fromkeys(row.notes)))
    return found if any(note.weight is Weight.WRONG for note in row.notes) else checked(found)


def _code(row: Row) -> str:
    """The question's name; a number that only counts the rows is none."""
    number = row.raw(Sort.NUMBER)
    return row.raw(Sort.CODE) or (number if re.search("[A-Za-z]", number) else "")


def _pictured(row: Row) -> str:
    """The pictures of a column of their own; one that only an address names is not in the file."""
    if said := row.raw(Sort.PICTURE):
        row.note(Weight.LOST, "picture_missing", said[:100])
    return "\n\n".join(f"![](media:{row.keep(media)})" for media in row.cells.get((Sort.PICTURE, 0), Cell()).pictures)


def _rationale(row: Row) -> str:
    """Why, with what other columns say of single options."""
    places = sorted(place for sort, place in row.cells if sort is Sort.WHY)
    lines = [f"{chr(ord('A') + place)}：{text}" for place in places if (text := row.text(Sort.WHY, place))]
    if lines:
        row.note(Weight.LOST, "feedback_merged")
    return "\n".join(filter(None, [row.text(Sort.RATIONALE), *lines]))


def _media(row: Row, found: Found, kept: Mapping[str, bytes]) -> tuple[Media, ...]:
    texts = [found.stem, found.rationale, *(option.text for option in (*found.options, *found.right))]
    for name in named_media(*texts):
        if name in kept:
            row.media.setdefault(name, kept[name])
        elif name not in row.media:
            row.note(Weight.LOST, "picture_missing", name)
    return tuple(Media(name, content) for name, content in row.media.items())


def _numbered(row: Row, sort: Sort) -> tuple[Option, ...]:
    places = sorted(place for kind, place in row.cells if kind is sort)
    named = [(place, row.text(sort, place)) for place in places]
    return tuple(Option(chr(ord("A") + place) if sort is Sort.OPTION else str(place + 1), text) for place, text in named if text)


def _options(row: Row) -> tuple[Option, ...]:
    """The options: a column each, or all in one cell, line by line or behind their letters."""
    apart = _numbered(row, Sort.OPTION)
    whole = row.raw(Sort.OPTIONS)
    if apart or not whole:
        return apart
    pieces = [piece.strip() for piece in re.split(r"\n|[|｜]|[;；](?=\s*[(（]?[A-Za-z][)）.．、:：])", whole) if piece.strip()]
    if len(pieces) < 2:
        marks = list(_INLINE.finditer(whole))
        ends = [*(mark.start() for mark in marks[1:]), len(whole)] if marks else []
        pieces = [whole[mark.start() : end].strip() for mark, end in zip(marks, ends, strict=True)] or pieces
    if len(pieces) < 2:
        pieces = [piece.strip() for piece in re.split("[;；]", whole) if piece.strip()]
    begins = [_BEGINS.match(piece) for piece in pieces]
    lettered = [begin[1].upper() for begin in begins if begin]
    if lettered == [chr(ord("A") + place) for place in range(len(pieces))]:
        pieces = [piece[begin.end() :].strip() for piece, begin in zip(pieces, begins, strict=True) if begin]
    texts = [piece if row.markdown else escaped(piece) for piece in pieces]
    return tuple(Option(chr(ord("A") + place), text) for place, text in enumerate(texts))


def _used(row: Row, kind: Kind, options: tuple[Option, ...]) -> tuple[Option, ...]:
    if kind is Kind.TRUE_FALSE:
        return TRUE_FALSE
    if kind in WITHOUT_OPTIONS:
        for option in options:
            place = ord(option.code) - ord("A")
            sort = (Sort.OPTION, place) if (Sort.OPTION, place) in row.cells else (Sort.OPTIONS, 0)
            row.note(Weight.LOST, "cell_ignored", row.name(*sort), option.text[:60])
        return ()
    return options


def _kind(row: Row, columns: Columns, titled: Kind | None, options: Sequence[Option]) -> Kind:
    said = row.raw(Sort.KIND)
    answer = row.raw(Sort.ANSWER)
    known = known_kind(said) or kind_in(said) or columns.numbered_kind(said)
    if said and known is None:
        row.note(Weight.WRONG, "cell_kind", row.name(Sort.KIND), said[:40])
    if known is Kind.SINGLE and plain(said) in ("选择题", "选择") and len(re.findall("[A-Za-z]", answer)) > 1:
        return Kind.MULTIPLE
    if known or titled:
        return known or titled or Kind.SHORT
    guessed = _guessed(row, options, answer)
    if not said:
        row.note(Weight.GUESSED, "kind_guessed", guessed)
    return guessed


def _guessed(row: Row, options: Sequence[Option], answer: str) -> Kind:
    if any(sort is Sort.RIGHT for sort, _place in row.cells):
        return Kind.MATCH
    judged = {known_truth(option.text) for option in options} == {"T", "F"}
    if judged or (not options and known_truth(answer)):
        return Kind.TRUE_FALSE
    if options:
        return Kind.MULTIPLE if len(re.findall("[A-Za-z]", answer)) > 1 else Kind.SINGLE
    return Kind.FILL if BLANK.search(row.raw(Sort.STEM)) or 0 < len(answer) <= 20 else Kind.SHORT


def _key(row: Row, kind: Kind, stem: str, options: tuple[Option, ...], right: tuple[Option, ...]) -> tuple[str, Any]:
    """The stem, with brackets become gaps, and the key."""
    answer = row.raw(Sort.ANSWER)
    if not answer:
        if kind is not Kind.SHORT and not _troubled(row, Sort.ANSWER):
            row.note(Weight.WRONG, "cell_empty", row.name(Sort.ANSWER))
        return stem, ()
    if kind is Kind.FILL:
        wanted = len([part for part in sheet_answers.split(answer, sheet_answers.GAPS) if part])
        gapped = sheet_answers.gap_in_brackets(stem, wanted)
        if gapped:
            row.note(Weight.GUESSED, "gap_guessed", row.name(Sort.STEM))
            stem = gapped
    try:
        key, taken = sheet_answers.read(kind, answer, stem, options, right)
    except Wrong as unread:
        row.note(Weight.WRONG, unread.code, row.name(Sort.ANSWER), *unread.words)
        return stem, ()
    for said, read in taken:
        row.note(Weight.GUESSED, "cell_taken", row.name(Sort.ANSWER), said[:60], read[:60])
    if kind is Kind.FILL and any(len(accepted) > MAX_TEXTS for accepted in key):
        row.note(Weight.WRONG, "cell_unread", row.name(Sort.ANSWER), answer[:60])
    return stem, key


def _troubled(row: Row, sort: Sort) -> bool:
    cell = row.cells.get((sort, 0))
    return cell is not None and cell.doubt in (Doubt.FORMULA, Doubt.ERROR)


def _clauses(row: Row) -> tuple[str, ...]:
    """The references; what stands behind one on its line is its title."""
    found: dict[str, None] = {}
    for line in row.raw(Sort.CLAUSES).split("\n"):
        words = [word for word in re.split(r"[\s,，;；、]+", line) if word]
        references = [word for word in words if parse_reference(word) is not None]
        found.update(dict.fromkeys(references))
        if words and not references:
            row.note(Weight.LOST, "clause_unknown", line.strip()[:60])
    return tuple(found)


def _difficulty(row: Row) -> int:
    said = row.raw(Sort.DIFFICULTY)
    if re.fullmatch("[1-5]", said) or not said:
        return int(said or 3)
    known, plainly = known_difficulty(said)
    if known is None and re.fullmatch(r"0\.[0-9]{1,4}", said):
        known = 5 - min(4, int(float(said) * 5))  # the share of people who get it right
    if known is None and re.fullmatch("[★☆*]{1,5}", said):
        known = max(1, said.count("★") or said.count("*"))
    if known is None:
        row.note(Weight.LOST, "cell_ignored", row.name(Sort.DIFFICULTY), said[:40])
    elif not plainly:
        row.note(Weight.GUESSED, "difficulty_guessed", said[:40], str(known))
    return known or 3


def _level(row: Row) -> Level:
    said = row.raw(Sort.LEVEL)
    known = known_level(said)
    if said and known is None:
        row.note(Weight.LOST, "cell_ignored", row.name(Sort.LEVEL), said[:40])
    return known or Level.RECALL


def _points(row: Row) -> float | None:
    said = row.raw(Sort.POINTS).removesuffix("分")
    return float(said) if re.fullmatch(r"[0-9]{1,4}(?:\.[0-9]{1,4})?", said) else None


def _ignored(row: Row, cells: Mapping[int, Cell], columns: Columns, kind: Kind) -> None:
    for sort, code in ((Sort.CATEGORY, "category"), (Sort.TAGS, "tags")):
        if said := row.raw(sort):
            row.note(Weight.HINT, code, said[:200])
    for place, heading in columns.unknown.items():
        if place in cells and cells[place].text.strip():
            row.note(Weight.HINT, "column_ignored", heading[:40], cells[place].text.strip()[:60])
    if kind is not Kind.MATCH:
        for sort, place in row.cells:
            if sort is Sort.RIGHT:
                row.note(Weight.LOST, "cell_ignored", row.name(sort, place), row.raw(sort, place)[:60])
