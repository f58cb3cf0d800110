"""A roster as a table of strangers gives it: which column is which, and each cell made plain.

Cells come by column, because a check that runs down a column costs a fraction
of one that runs along rows. ID numbers and phones count as text only: a
spreadsheet keeps fifteen digits of a number, and the last three of an ID
number are gone before anybody looks. Sources: GB 11643-1999 by
``people.identity``; promise 7 ("nothing lost") for what is refused.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from people import identity
from people.identity import Flaw

ROWS = 100_000
"""Rows of people in one file, at most."""
EXAMPLES = {"zh": "示例", "en": "EXAMPLE"}
"""What stands for the staff number in the template's example by language: such a row is passed over."""
MASK = "*"


class Field(StrEnum):
    """A column that is understood."""

    STAFF_NO = "staff_no"
    NAME = "name"
    ID_NUMBER = "id_number"
    PHONE = "phone"
    CITY = "city"
    CONTRACT = "contract"
    SINCE = "since"
    PARTNER = "partner"


REQUIRED = (Field.STAFF_NO, Field.NAME)
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
"""What a new staff number may be, here as on the page that enters one person."""
STARTS_A_FORMULA = tuple("=+-@＝＋－＠")
REPEATING = frozenset({Field.CITY, Field.CONTRACT, Field.SINCE, Field.PARTNER})
"""Columns in which few different values stand."""
LONGEST = {Field.STAFF_NO: 40, Field.NAME: 80, Field.CITY: 40}
HEADINGS: dict[Field, tuple[str, ...]] = {
    Field.STAFF_NO: ("工号", "员工编号", "员工号", "人员编号", "职工号", "Staff no", "staff number", "employee no"),
    Field.NAME: ("姓名", "员工姓名", "人员姓名", "名字", "Name", "full name"),
    Field.ID_NUMBER: ("身份证号", "身份证号码", "身份证", "公民身份号码", "证件号码", "证件号", "ID number", "id card", "id no"),
    Field.PHONE: ("手机号", "手机号码", "手机", "电话", "联系电话", "联系方式", "Phone", "phone number", "mobile"),
    Field.CITY: ("城市", "所在城市", "地市", "工作城市", "City"),
    Field.CONTRACT: ("合同编号", "合同号", "合同", "Contract", "contract code", "contract no"),
    Field.SINCE: ("上岗日期", "入场日期", "列入日期", "开始日期", "起始日期", "Since", "start date", "from"),
    Field.PARTNER: ("合作方编号", "公司编号", "合作方", "合作方代码", "Partner", "partner code", "company code"),
}
"""What each column may be called; the first is what our own tables call it. Blanks, case, width and marks do not matter."""


def heading(name: Field, language: str) -> str:
    """What our own tables call a column; a name that is understood when the table comes back."""
    names = HEADINGS[name]
    return names[0] if language == "zh" else next(known for known in names if known.isascii())


class Wrong(StrEnum):
    """What is wrong with a cell, or with the table's head (row 0)."""

    NO_COLUMN = "no_column"
    TWO_COLUMNS = "two_columns"
    REQUIRED = "required"
    NUMBER = "number"
    LOST_DIGITS = "lost_digits"
    LONG = "long"
    SIGNS = "signs"
    STAFF_NO_SHAPE = "staff_no_shape"
    ID_SHAPE = "id_shape"
    ID_BIRTH_DATE = "id_birth_date"
    ID_CHECK = "id_check"
    PHONE_SHAPE = "phone_shape"
    DATE_SHAPE = "date_shape"
    DATE_NUMBER = "date_number"
    PARTNER_UNKNOWN = "partner_unknown"
    PARTNER_OTHER = "partner_other"
    CONTRACT_UNKNOWN = "contract_unknown"
    CONTRACT_ELSEWHERE = "contract_elsewhere"
    CONTRACT_OVER = "contract_over"
    CONTRACT_NEEDED = "contract_needed"
    SINCE_OUTSIDE = "since_outside"
    SINCE_OTHER = "since_other"
    SINCE_OVERLAP = "since_overlap"
    TWICE = "twice"
    UNLIKE = "unlike"
    ID_TWICE = "id_twice"
    ID_TAKEN = "id_taken"
    STAFF_NO_TAKEN = "staff_no_taken"
    NAME_OTHER = "name_other"
    ID_OTHER = "id_other"
    MASK_OTHER = "mask_other"


@dataclass(frozen=True)
class Fault:
    """One cell that is wrong: the file's row (1 is the head), the column, what was there, and what it clashes with."""

    row: int
    field: Field
    wrong: Wrong
    value: str = ""
    other: str = ""


@dataclass
class Sheet:
    """A table made plain: for each field as many values as rows, ``""`` or None where nothing is to be used."""

    first: int
    fields: frozenset[Field]
    values: dict[Field, list[Any]]
    ignored: tuple[str, ...] = ()
    faults: list[Fault] = field(default_factory=list)

    @property
    def height(self) -> int:
        """Rows below the head, empty ones among them."""
        return len(self.values[Field.STAFF_NO])


def folded(heading: object) -> str:
    """A heading without what people write differently: width, case, blanks, underscores, brackets and what they hold, marks."""
    text = unicodedata.normalize("NFKC", str(heading)).lower()
    return re.sub(r"\(.*?\)|[\s_*:：.-]", "", text)


_KNOWN = {folded(name): field for field, names in HEADINGS.items() for name in names}


def head_row(columns: Sequence[Sequence[Any]]) -> int | None:
    """The index of the head among the first rows: the first with two headings that are known; a title may stand above it."""
    for row in range(min(10, len(columns[0]) if columns else 0)):
        if len({_KNOWN[name] for column in columns if (name := folded(column[row])) in _KNOWN}) >= 2:
            return row
    return None


def tidy(columns: Sequence[list[Any]], today: date) -> Sheet:
    """Make a table plain; what is wrong with single cells stands in ``faults``. ``today`` bounds birth dates."""
    head = head_row(columns)
    if head is None:
        return Sheet(1, frozenset(), {Field.STAFF_NO: []}, faults=[Fault(0, name, Wrong.NO_COLUMN) for name in REQUIRED])
    places: dict[Field, int] = {}
    sheet = Sheet(head + 2, frozenset(), {})
    ignored = []
    for place, column in enumerate(columns):
        known = _KNOWN.get(folded(column[head]))
        if known is None:
            if str(column[head]).strip():
                ignored.append(str(column[head]).strip()[:80])
        elif known in places:
            sheet.faults.append(Fault(head + 1, known, Wrong.TWO_COLUMNS, str(column[head])))
        else:
            places[known] = place
    sheet.faults += [Fault(head + 1, name, Wrong.NO_COLUMN) for name in REQUIRED if name not in places]
    sheet.fields, sheet.ignored = frozenset(places), tuple(ignored)
    height = len(columns[0]) - head - 1
    for name in Field:
        cells = columns[places[name]][head + 1 :] if name in places else [""] * height
        sheet.values[name] = _Tidier(sheet, name, today).column(cells) if name in places else cells
    _ask_for_needed(sheet)
    return sheet


def _ask_for_needed(sheet: Sheet) -> None:
    """A row with anything in it needs a staff number and a name; the template's example is emptied."""
    for index, value in enumerate(sheet.values[Field.STAFF_NO]):
        if value in EXAMPLES.values():
            row = sheet.first + index
            sheet.faults[:] = [fault for fault in sheet.faults if fault.row != row]
            for values in sheet.values.values():
                values[index] = ""
    told = {(fault.row, fault.field) for fault in sheet.faults}
    for name in REQUIRED:
        if name in sheet.fields and "" in sheet.values[name]:
            for index, cells in enumerate(zip(*sheet.values.values(), strict=True)):
                row = sheet.first + index
                if not sheet.values[name][index] and any(cells) and (row, name) not in told:
                    sheet.faults.append(Fault(row, name, Wrong.REQUIRED))


class _Tidier:
    """Makes the cells of one column plain and notes what cannot be used."""

    def __init__(self, sheet: Sheet, name: Field, today: date) -> None:
        self.sheet, self.field, self.today = sheet, name, today
        self.births: dict[str, bool] = {}

    def column(self, cells: list[Any]) -> list[Any]:
        """The plain values, ``""`` for what is empty or wrong."""
        one: Callable[[int, Any], Any] = {
            Field.ID_NUMBER: self.id_number, Field.PHONE: self.phone, Field.SINCE: self.since, Field.NAME: self.name,
        }.get(self.field, self.code)
        if self.field not in REPEATING:
            return [one(index, cell) if cell != "" else "" for index, cell in enumerate(cells)]
        seen: dict[Any, Any] = {"": ""}
        plain = []
        for index, cell in enumerate(cells):
            value = seen.get(cell)
            if value is None:
                value = one(index, cell)
                if value:  # what is wrong is told for each row
                    seen[cell] = value
            plain.append(value)
        return plain

    def wrong(self, index: int, what: Wrong, value: object = "") -> str:
        """Note a fault; answers the empty value."""
        self.sheet.faults.append(Fault(self.sheet.first + index, self.field, what, str(value)[:80]))
        return ""

    def plain(self, cell: str) -> str:
        """A text without outer blanks, an export's apostrophe before a formula's sign, and the ``="…"`` that keeps digits."""
        text = cell.strip()
        if text[:1] == "'" and text[1:].lstrip()[:1] in STARTS_A_FORMULA:
            text = text[1:].strip()
        return text[2:-1].strip() if text[:2] == '="' and text[-1:] == '"' else text

    def code(self, index: int, cell: Any) -> str:
        """A staff number, a code or a city: full-width forms folded; a whole number is taken for its digits."""
        if isinstance(cell, float | int) and not isinstance(cell, bool):
            if cell != int(cell) or not 0 <= cell < 1e15:
                return self.wrong(index, Wrong.NUMBER, cell)
            cell = str(int(cell))
        text = self.plain(str(cell))
        if not text.isascii():
            text = unicodedata.normalize("NFKC", text)
        if len(text) > LONGEST.get(self.field, 200):
            return self.wrong(index, Wrong.LONG, text)
        return text if text.isprintable() else self.wrong(index, Wrong.SIGNS, text)

    def name(self, index: int, cell: Any) -> str:
        """A name: blanks outside go, blanks inside become one; characters stay as they are written."""
        if not isinstance(cell, str):
            return self.wrong(index, Wrong.SIGNS, cell)
        text = " ".join(self.plain(cell).split())
        if len(text) > LONGEST[Field.NAME]:
            return self.wrong(index, Wrong.LONG, text)
        return text if text.isprintable() else self.wrong(index, Wrong.SIGNS, text)

    def id_number(self, index: int, cell: Any) -> str:
        """An ID number, checked; one that is masked as our exports do is left for later."""
        if not isinstance(cell, str):
            return self.wrong(index, Wrong.LOST_DIGITS)
        text = cell if len(cell) == 18 and cell.isalnum() and cell.isascii() else identity.tidy_id(self.plain(cell))
        if MASK in text:
            return text
        birth = text[6:14]
        good = self.births.get(birth)
        if good and len(text) == 18 and text[0] != "0" and text.isascii() and identity.check_agrees(text):
            return text
        text = text.upper()
        flaw = identity.id_flaw(text, self.today)
        if flaw is None:
            self.births[birth] = True
            return text
        if flaw is Flaw.SHAPE and re.fullmatch(r"\d(\.\d+)?E\+?\d+", text):
            return self.wrong(index, Wrong.LOST_DIGITS)
        return self.wrong(index, _ID_FLAWS[flaw], identity.mask_id(text))

    def phone(self, index: int, cell: Any) -> str:
        """A phone number, checked; one that is masked is left for later."""
        if not isinstance(cell, str):
            return self.wrong(index, Wrong.LOST_DIGITS)
        text = cell if identity.is_mobile(cell) else identity.tidy_phone(self.plain(cell))
        if MASK in text or not text or identity.phone_flaw(text) is None:
            return text
        return self.wrong(index, Wrong.PHONE_SHAPE, identity.mask_phone(text))

    def since(self, index: int, cell: Any) -> date | str:
        """A civil day: a date, or a text that names one."""
        found = cell if isinstance(cell, date) else _day(self.plain(cell)) if isinstance(cell, str) else None
        if found is not None and 1990 <= found.year <= 2200:
            return found
        return self.wrong(index, Wrong.DATE_SHAPE if isinstance(cell, str | date) else Wrong.DATE_NUMBER, cell)


_ID_FLAWS = {Flaw.SHAPE: Wrong.ID_SHAPE, Flaw.BIRTH_DATE: Wrong.ID_BIRTH_DATE, Flaw.CHECK: Wrong.ID_CHECK}
_DAY = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{2})(\d{2}))(?: 00:00:00)?")


def _day(text: str) -> date | None:
    """2026-01-31, 2026/1/31, 2026.1.31, 2026年1月31日 or 20260131."""
    found = _DAY.fullmatch(unicodedata.normalize("NFKC", text))
    if found is None:
        return None
    year, month, day = found[1], found[2] or found[4], found[3] or found[5]
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
