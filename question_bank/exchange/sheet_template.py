"""The workbook that trainers fill in: how to, the empty table with its drop-downs, an example of every kind, the clauses.

Nothing that it shows beside the empty table is read as a question, so it can
be sent back as it is. Sentences are message ids: the door that hands it out
says them in the reader's language. What a cell must hold and does not is
amber, what its kind has no use for is grey, while one types.
"""

from collections.abc import Callable, Sequence

from xlsxwriter.worksheet import Worksheet

from question_bank.exchange import sheet_look as look
from question_bank.exchange.sheet_look import Book, Place, places
from question_bank.exchange.sheet_template_words import COLUMNS, EXAMPLES, HINTS, REMARKS, STEPS
from question_bank.exchange.sheet_words import LEVELS, MARKDOWN, PLAIN, Sort, kind_name, our
from question_bank.kind import Kind

READY = 500
OPTIONS, RIGHT = 6, 4
NAMES = {
    "zh": {"guide": "填写说明", "table": "题目", "examples": "示例", "clauses": "条款"},
    "en": {"guide": "Instructions", "table": "Questions", "examples": "Examples", "clauses": "Clauses"},
}
Say = Callable[[str], str]


def _(message: str) -> str:
    """Mark a message id for the catalogue."""
    return message



def template(language: str = "zh", say: Say = str, clauses: Sequence[tuple[str, str]] = ()) -> bytes:
    """The workbook in ``language`` (zh, en), its sentences said by ``say``; ``clauses`` are (reference, title), to choose from."""
    names = NAMES["en" if language == "en" else "zh"]
    book = Book()
    guide = book.sheet(names["guide"], look.TEAL)
    columns = places(OPTIONS, RIGHT, [Sort.FORMAT])
    sheet = book.table(names["table"], columns, language, look.AMBER)
    examples = book.table(names["examples"], columns, language, "#9AA5AD")
    _examples(book, examples, columns, language, say)
    if clauses:
        _clauses(book, names["clauses"], clauses, say)
    _choices(book, sheet, columns, language, say, (names["clauses"], len(clauses)) if clauses else None)
    _signals(book, sheet, columns, language)
    _guide(book, guide, names, language, say)
    guide.activate()
    return book.bytes()


def _examples(book: Book, sheet: Worksheet, columns: Sequence[Place], language: str, say: Say) -> None:
    for number, example in enumerate(EXAMPLES, 1):
        values = {
            Place(Sort.CODE): f"EX-{number:02}", Place(Sort.KIND): kind_name(example.kind, language), Place(Sort.STEM): say(example.stem),
            Place(Sort.ANSWER): say(example.answer), Place(Sort.RATIONALE): say(example.rationale), Place(Sort.CLAUSES): "GCS@2011#12.1",
            Place(Sort.DIFFICULTY): "3", Place(Sort.LEVEL): _level(0, language),
            **{Place(Sort.OPTION, at): say(text) for at, text in enumerate(example.options)},
            **{Place(Sort.RIGHT, at): say(text) for at, text in enumerate(example.right)},
        }
        for at, place in enumerate(columns):
            sheet.write_string(number, at, values.get(place, ""), book.middle if place.short else book.body)


def _level(place: int, language: str) -> str:
    return our(list(LEVELS.values())[place], language)


def _clauses(book: Book, name: str, clauses: Sequence[tuple[str, str]], say: Say) -> None:
    sheet = book.sheet(name, "#9AA5AD")
    sheet.set_row(0, 30)
    sheet.set_column(0, 0, 70, book.body)
    sheet.write_string(0, 0, say(_("条款编号和名称，供“题目”表里选用")), book.heading(False))
    sheet.freeze_panes(1, 0)
    for number, (reference, title) in enumerate(clauses, 1):
        sheet.write_string(number, 0, f"{reference} {' '.join(title.split())}".strip(), book.body)


def _choices(book: Book, sheet: Worksheet, columns: Sequence[Place], language: str, say: Say, clauses: tuple[str, int] | None) -> None:
    """Drop-downs, and a word of advice beside the chosen cell."""
    lists = {
        Sort.KIND: [kind_name(kind, language) for kind in Kind], Sort.DIFFICULTY: list("12345"),
        Sort.LEVEL: [_level(0, language), _level(1, language)], Sort.FORMAT: [PLAIN.split()[0] if language != "en" else "Plain", MARKDOWN],
    }
    for at, place in enumerate(columns):
        rule: dict[str, object] = {"validate": "any"}
        if place.sort in lists:
            rule = {"validate": "list", "source": lists[place.sort], "error_type": "warning"}
            rule |= {"error_title": place.head(language), "error_message": say(_("请从列表里选。"))}
        elif place.sort is Sort.CLAUSES and clauses:
            rule = {"validate": "list", "source": f"='{clauses[0]}'!$A$2:$A${clauses[1] + 1}", "show_error": False}
        if place.sort in HINTS:
            rule |= {"input_title": place.head(language)[:32], "input_message": say(HINTS[place.sort])[:255]}
        sheet.data_validation(1, at, READY, at, rule)


def _signals(book: Book, sheet: Worksheet, columns: Sequence[Place], language: str) -> None:
    """Amber where a question that was begun still needs something, grey where its kind needs nothing."""
    at = {place: number for number, place in enumerate(columns)}
    kind, stem, answer = (f"${_letter(at[Place(sort)])}2" for sort in (Sort.KIND, Sort.STEM, Sort.ANSWER))
    begun = f'({kind}<>"")+({stem}<>"")+({answer}<>"")>0'
    short, match = kind_name(Kind.SHORT, language), kind_name(Kind.MATCH, language)
    without = [kind_name(one, language) for one in (Kind.TRUE_FALSE, Kind.FILL, Kind.SHORT)]
    amber = book.look(bg_color=look.AMBER_WASH)
    grey = book.look(bg_color=look.GREY_WASH, font_color=look.MUTED)
    for sort, exempt in ((Sort.KIND, ""), (Sort.STEM, ""), (Sort.ANSWER, f'*({kind}<>"{short}")')):
        cell = f"${_letter(at[Place(sort)])}2"
        _colour(sheet, at[Place(sort)], at[Place(sort)], f'=AND({begun},({cell}=""){exempt})', amber)
    first, last = at[Place(Sort.OPTION, 0)], at[Place(Sort.OPTION, OPTIONS - 1)]
    unused = ",".join(f'{kind}="{name}"' for name in without)
    _colour(sheet, first, last, f"=OR({unused})", grey)
    needs = f'=AND({kind}<>"",NOT(OR({unused})),{_letter(first)}2="")'
    _colour(sheet, first, first + 1, needs, amber)
    right = at[Place(Sort.RIGHT, 0)]
    _colour(sheet, right, at[Place(Sort.RIGHT, RIGHT - 1)], f'=AND({kind}<>"",{kind}<>"{match}")', grey)
    _colour(sheet, right, right + 1, f'=AND({kind}="{match}",{_letter(right)}2="")', amber)


def _colour(sheet: Worksheet, first: int, last: int, when: str, how: object) -> None:
    sheet.conditional_format(1, first, READY, last, {"type": "formula", "criteria": when, "format": how})


def _letter(at: int) -> str:
    return chr(ord("A") + at)


def _guide(book: Book, sheet: Worksheet, names: dict[str, str], language: str, say: Say) -> None:
    """One page that says everything: three steps, a table of kinds, the other columns, what to beware of."""
    for at, width in enumerate((3, 14, 34, 40, 34)):
        sheet.set_column(at, at, width)
    title = book.look(font_size=20, bold=True, font_color=look.TEAL, valign="vcenter")
    muted = book.look(font_color=look.MUTED, valign="vcenter")
    sheet.set_row(1, 36)
    sheet.write_string(1, 1, say(_("题库导入模板")), title)
    sheet.write_string(2, 1, say(_("适用于 Excel 2010 以上和 WPS。照着填，一次可以导入几百道题。")), muted)
    link = book.look(bold=True, font_color="#FFFFFF", bg_color=look.TEAL, align="center", valign="vcenter")
    sheet.set_row(2, 22)
    sheet.set_row(3, 8)
    sheet.set_row(4, 28)
    sheet.write_url(4, 1, f"internal:'{names['table']}'!B2", link, say(_("开始填题")))
    row = _steps(book, sheet, 6, say)
    row = _grid(book, sheet, row + 1, say(_("八种题型怎么填")), [
        (say(_("题型")), say(_("选项怎么填")), say(_("答案怎么填")), say(_("答案举例"))),
        *((kind_name(one.kind, language), say(one.fills_options), say(one.fills_answer), say(one.answer)) for one in EXAMPLES),
    ])
    row = _grid(book, sheet, row + 1, say(_("其他列都可以不填")), [
        (say(_("列")), say(_("填什么")), say(_("不填时")), ""),
        *((Place(sort).head(language), say(text), say(otherwise), "") for sort, text, otherwise in COLUMNS),
    ])
    _band(book, sheet, row + 1, say(_("请留意")))
    wrapped = book.look(text_wrap=True, valign="vcenter")
    for number, remark in enumerate(REMARKS, row + 2):
        sheet.set_row(number, 22 + 16 * (len(remark) > 48))
        sheet.write_string(number, 1, "·", book.look(align="right", valign="vcenter", bold=True, font_color=look.AMBER))
        sheet.merge_range(number, 2, number, 4, say(remark), wrapped)
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 1)


def _steps(book: Book, sheet: Worksheet, row: int, say: Say) -> int:
    ground = {"valign": "vcenter", "bg_color": look.PAPER, "bottom": 1, "bottom_color": look.LINE}
    figure = book.look(**ground, font_size=20, bold=True, font_color=look.TEAL, align="center")
    name = book.look(**ground, bold=True, font_size=12)
    text = book.look(**ground, text_wrap=True)
    for number, (head, what) in enumerate(STEPS, 1):
        sheet.set_row(row, 44)
        sheet.write_string(row, 1, str(number), figure)
        sheet.write_string(row, 2, say(head), name)
        sheet.merge_range(row, 3, row, 4, say(what), text)
        row += 1
    return row


def _band(book: Book, sheet: Worksheet, row: int, text: str) -> None:
    sheet.set_row(row, 30)
    sheet.write_string(row, 1, text, book.look(bold=True, font_size=13, font_color=look.TEAL, valign="vcenter"))


def _grid(book: Book, sheet: Worksheet, row: int, title: str, lines: Sequence[tuple[str, ...]]) -> int:
    """A small table below its title; the row after it. An empty last column is joined to the one before."""
    _band(book, sheet, row, title)
    head = book.look(bold=True, font_color=look.TEAL, bg_color=look.TEAL_WASH, border=1, border_color=look.LINE, valign="vcenter", indent=1)
    cell = book.look(text_wrap=True, border=1, border_color=look.LINE, valign="vcenter", indent=1)
    first = book.look(bold=True, border=1, border_color=look.LINE, valign="vcenter", indent=1)
    for number, line in enumerate(lines):
        row += 1
        sheet.set_row(row, 24 if number == 0 else 20 + 16 * max(text.count("\n") + (len(text) > 22) for text in line[1:]))
        for at, text in enumerate(line[:-1] if not line[-1] else line, 1):
            style = head if number == 0 else first if at == 1 else cell
            if at == 3 and not line[-1]:
                sheet.merge_range(row, at, row, at + 1, text, style)
            else:
                sheet.write_string(row, at, text, style)
    return row + 1
