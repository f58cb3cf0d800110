"""How our workbooks look: one hand for the template and for what is written, on paper white and ink with one strong colour.

A workbook is made in memory, says nothing of when or by whom it was made, and
holds texts only: nothing in it is a formula, whatever it begins with.
"""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from question_bank.exchange.sheet_words import Sort, column

INK, PAPER, LINE, TEAL, AMBER = "#16222E", "#FBFAF7", "#E4E1DA", "#0F5C63", "#C77D0A"
TEAL_WASH, AMBER_WASH, GREY_WASH, MUTED = "#E3EFEF", "#FCEBD0", "#EFEDE8", "#66707A"
FONT = "Microsoft YaHei"
FIRST_MOMENT = datetime(2000, 1, 1)
LONGEST = 32_767
REQUIRED = frozenset({Sort.KIND, Sort.STEM, Sort.ANSWER})
WIDTHS = {
    Sort.CODE: 15, Sort.KIND: 10, Sort.STEM: 46, Sort.OPTION: 22, Sort.RIGHT: 18, Sort.ANSWER: 20, Sort.RATIONALE: 42, Sort.CLAUSES: 24,
    Sort.DIFFICULTY: 8, Sort.LEVEL: 10, Sort.FORMAT: 11, Sort.CODES: 16,
}
_RUNS = re.compile(r"'*[\s　]*[=+\-@＝＋－＠\t\r\n]")


def neutral(text: str) -> str:
    """A text behind an apostrophe where a spreadsheet that opens it as CSV would run it; the reader takes it away again."""
    return f"'{text}" if _RUNS.match(text) else text


@dataclass(frozen=True)
class Place:
    """A column: what it holds, and of options and right sides which one."""

    sort: Sort
    number: int = 0

    def head(self, language: str = "zh") -> str:
        return column(self.sort, self.number, language)

    @property
    def required(self) -> bool:
        """Whether a question cannot do without it."""
        return self.sort in REQUIRED

    @property
    def short(self) -> bool:
        """Whether it holds a word or a number."""
        return self.sort in (Sort.KIND, Sort.DIFFICULTY, Sort.LEVEL, Sort.FORMAT)


def places(options: int, right: int, extra: Sequence[Sort] = ()) -> list[Place]:
    """The columns of a table with so many options and right sides."""
    return [
        Place(Sort.CODE), Place(Sort.KIND), Place(Sort.STEM), *(Place(Sort.OPTION, number) for number in range(options)),
        *(Place(Sort.RIGHT, number) for number in range(right)),
        *(Place(sort) for sort in (Sort.ANSWER, Sort.RATIONALE, Sort.CLAUSES, Sort.DIFFICULTY, Sort.LEVEL, *extra)),
    ]


class Book:
    """A workbook in our look, in memory."""

    def __init__(self) -> None:
        self._target = io.BytesIO()
        settings = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        self.book = Workbook(self._target, settings)
        self.book.set_properties({"created": FIRST_MOMENT})
        self.book.set_size(2400, 1400)
        self._formats: dict[str, Format] = {}

    def look(self, **how: object) -> Format:
        """A cell's format: what is not said is the body's."""
        name = repr(sorted(how.items()))
        if name not in self._formats:
            body = {"font_name": FONT, "font_size": 10.5, "font_color": INK, "valign": "top"}
            self._formats[name] = self.book.add_format({**body, **how})
        return self._formats[name]

    @cached_property
    def body(self) -> Format:
        """A cell of a table: a text whatever is typed into it."""
        return self.look(text_wrap=True, border=1, border_color=LINE, num_format="@")

    @cached_property
    def middle(self) -> Format:
        """The same, for a word or a number."""
        return self.look(text_wrap=True, border=1, border_color=LINE, num_format="@", align="center")

    def heading(self, required: bool) -> Format:
        """A heading of a table."""
        colours = {"bg_color": TEAL, "font_color": "#FFFFFF"} if required else {"bg_color": TEAL_WASH, "font_color": TEAL}
        return self.look(bold=True, valign="vcenter", align="center", text_wrap=True, border=1, border_color=LINE, **colours)

    def sheet(self, name: str, tab: str = TEAL) -> Worksheet:
        sheet = self.book.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.set_tab_color(tab)
        return sheet

    def table(self, name: str, columns: Sequence[Place], language: str = "zh", tab: str = TEAL) -> Worksheet:
        """A sheet with its headings, which stay in sight as the code, the kind and the question do."""
        sheet = self.sheet(name, tab)
        sheet.set_row(0, 30)
        for at, place in enumerate(columns):
            sheet.set_column(at, at, WIDTHS[place.sort], self.middle if place.short else self.body, {"hidden": place.sort is Sort.CODES})
            sheet.write_string(0, at, place.head(language) + " *" * place.required, self.heading(place.required))
        sheet.freeze_panes(1, 3)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        return sheet

    def bytes(self) -> bytes:
        """The workbook as a file."""
        self.book.close()
        return self._target.getvalue()
