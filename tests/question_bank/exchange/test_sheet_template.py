"""The template: everything that it says of itself is true, and nothing of it but what is filled in is read."""

import io
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from question_bank.exchange import sheet
from question_bank.exchange.found import Status, Unusable
from question_bank.exchange.sheet_template import OPTIONS, READY, template
from question_bank.exchange.sheet_template_words import COLUMNS, EXAMPLES, HINTS, REMARKS, STEPS
from question_bank.exchange.sheet_words import Sort, heading, known_kind
from question_bank.kind import Kind

CLAUSES = [("GCS@2011#12.1", "提前\n预约"), ("JF@2024#1", "")]
SHEETS = {"zh": ["填写说明", "题目", "示例", "条款"], "en": ["Instructions", "Questions", "Examples", "Clauses"]}


def opened(language: str = "zh", **given: Any) -> Workbook:
    return load_workbook(io.BytesIO(template(language, **given)))


def saved(book: Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_untouched_template_holds_no_question(language: str) -> None:
    assert opened(language, clauses=CLAUSES).sheetnames == SHEETS[language]
    with pytest.raises(Unusable) as refusal:
        sheet.read_xlsx(template(language, clauses=CLAUSES))
    assert refusal.value.code == "no_questions"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_its_examples_are_questions_of_every_kind_when_they_are_copied(language: str) -> None:
    book = opened(language)
    fill, shown = book[SHEETS[language][1]], book[SHEETS[language][2]]
    for number, row in enumerate(shown.iter_rows(min_row=2, values_only=True), 2):
        for place, value in enumerate(row, 1):
            fill.cell(number, place, value)
    found = sheet.read_xlsx(saved(book))
    assert [one.kind for one in found] == [example.kind for example in EXAMPLES]
    assert {one.kind for one in found} == set(Kind)
    assert [(one.status, one.notes) for one in found] == [(Status.KEPT, ())] * len(EXAMPLES)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_heading_and_every_choice_is_understood(language: str) -> None:
    book = opened(language, clauses=CLAUSES)
    page = book[SHEETS[language][1]]
    heads = [heading(str(cell.value)) for cell in page[1]]
    assert None not in heads
    assert len({(found.sort, found.place) for found in heads if found}) == len(heads)
    rules = {str(rule.sqref): rule for rule in page.data_validations.dataValidation}
    kinds = rules[f"B2:B{READY + 1}"]
    assert [known_kind(word) for word in kinds.formula1.strip('"').split(",")] == list(Kind)
    clauses = next(rule for rule in rules.values() if SHEETS[language][3] in str(rule.formula1))
    assert clauses.formula1.endswith("$A$2:$A$3")
    assert [row[0] for row in book[SHEETS[language][3]].iter_rows(min_row=2, values_only=True)] == ["GCS@2011#12.1 提前 预约", "JF@2024#1"]


def test_a_chosen_clause_is_read_with_its_title() -> None:
    book = opened(clauses=CLAUSES)
    page = book["题目"]
    at = {cell.value: cell.column for cell in page[1]}
    for head, value in {"题型 *": "判断题", "题干 *": "题", "答案 *": "对", "条款": "GCS@2011#12.1 提前 预约"}.items():
        page.cell(2, at[head], value)
    (found,) = sheet.read_xlsx(saved(book))
    assert (found.clauses, found.status) == (("GCS@2011#12.1",), Status.KEPT)


def test_what_is_typed_stays_text() -> None:
    page = opened()["题目"]
    letters = [page.cell(1, place).column_letter for place in range(1, 4 + OPTIONS)]
    assert {page.column_dimensions[letter].number_format for letter in letters if letter in page.column_dimensions} == {"@"}


def test_every_sentence_is_said_by_the_door() -> None:
    said: list[str] = []

    def say(message: str) -> str:
        said.append(message)
        return f"<{message}>"

    book = opened("en", say=say)
    sentences = [*HINTS.values(), *REMARKS, *(text for step in STEPS for text in step), *(text for _s, text, _o in COLUMNS)]
    assert set(sentences) <= set(said)
    guide = {str(cell) for row in book["Instructions"].iter_rows(values_only=True) for cell in row if cell}
    assert {f"<{text}>" for text in REMARKS} <= guide
    assert set(HINTS) <= set(Sort)


def test_the_same_template_is_the_same_file() -> None:
    assert template() == template()
