"""The licence on paper: what is printed is what is held, its code can be scanned, and nothing is printed wrong."""

import io
import re
from datetime import timedelta
from typing import Any

import pytest
import segno
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import update

from certification.actions.canvas import Page
from certification.tables import Licence
from foundation.clock import TickingClock
from foundation.pdf import FONT, MissingGlyph
from foundation.work import SYSTEM, work
from people.tables import Person
from tests.cast import Cast, Visitor
from tests.certification.holders import event, granted, stage
from tests.conftest import START

PAPERS = ("licence", "card")
MM = 72 / 25.4


@pytest.fixture
def held(app: Flask, cast: Cast) -> str:
    return str(stage(app, cast, owner=[granted(grade="excellent")])["owner"])


def pdf(visitor: Visitor, licence: str, paper: str) -> PdfReader:
    answer = visitor.get(f"/licences/{licence}/{paper}.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf"), answer.get_data(as_text=True)
    return PdfReader(io.BytesIO(answer.get_data()))


def scanned(reader: PdfReader) -> list[set[tuple[int, int]]]:
    """The dark modules of each QR code on the page, as ``(row, column)``: runs of equal squares that are filled together."""
    content = reader.pages[0].get_contents()
    assert content is not None
    found = []
    for run in re.findall(rb"(?:[-\d. ]+ re\s+){40,}f", content.get_data()):
        boxes = [tuple(map(float, one.split())) for one in re.findall(rb"([-\d.]+ [-\d.]+ [-\d.]+ [-\d.]+) re", run)]
        left, top, module = min(box[0] for box in boxes), max(box[1] for box in boxes), boxes[0][2]
        found.append({(round((top - box[1]) / module), round((box[0] - left) / module)) for box in boxes})
    return found


@pytest.mark.parametrize("paper", PAPERS)
def test_the_text_on_paper_is_what_is_held(sign_in: Any, cast: Cast, held: str, paper: str) -> None:
    reader = pdf(sign_in("owner"), held, paper)
    text = reader.pages[0].extract_text()
    wanted = (
        cast.owner.name, cast.owner.staff_no, "华信通服", "集团客户现场支撑", "优秀", "2027年8月13日", held, "运营商", "上岗证",
        f"http://127.0.0.1:5000/verify/{held}",
    )
    assert [one for one in wanted if one not in text] == []
    assert len(reader.pages) == 1


@pytest.mark.parametrize(("paper", "codes"), [("licence", 1), ("card", 2)])
def test_the_code_on_paper_leads_to_the_verify_page(sign_in: Any, held: str, paper: str, codes: int) -> None:
    matrix = segno.make(f"http://127.0.0.1:5000/verify/{held}", error="m", micro=False).matrix
    dark = {(row, column) for row, line in enumerate(matrix) for column, value in enumerate(line) if value}
    assert scanned(pdf(sign_in("owner"), held, paper)) == [dark] * codes


@pytest.mark.parametrize(("paper", "size"), [("licence", (297, 210)), ("card", (105, 148))])
def test_the_paper_has_its_size_and_brings_its_typeface(sign_in: Any, held: str, paper: str, size: tuple[int, int]) -> None:
    page = pdf(sign_in("owner"), held, paper).pages[0]
    assert (round(page.mediabox.width / MM), round(page.mediabox.height / MM)) == size
    fonts: Any = page["/Resources"]["/Font"]
    embedded = [font.get_object() for font in fonts.values() if FONT in font.get_object()["/BaseFont"]]
    assert embedded
    assert all("/FontFile2" in font["/FontDescriptor"] for font in embedded)


@pytest.mark.parametrize("paper", PAPERS)
def test_a_name_that_cannot_be_printed_is_not_printed_wrong(app: Flask, sign_in: Any, cast: Cast, held: str, paper: str) -> None:
    with app.app_context(), work(SYSTEM) as w:
        w.connection.execute(update(Person).where(Person.id == cast.owner.person_id).values(name="王\U00020000国"))
        w.connection.execute(update(Licence).values(holder="王\U00020000国"))
    answer = sign_in("owner").get(f"/licences/{held}/{paper}.pdf")
    assert answer.status_code == 422
    assert "U+20000" in answer.get_data(as_text=True)


@pytest.mark.parametrize("name", ["䶮", "阿卜杜热合曼·阿卜杜拉·买买提江", "A" * 80])
@pytest.mark.parametrize("paper", PAPERS)
def test_rare_and_long_names_are_printed_whole(app: Flask, sign_in: Any, cast: Cast, held: str, paper: str, name: str) -> None:
    with app.app_context(), work(SYSTEM) as w:
        w.connection.execute(update(Person).where(Person.id == cast.owner.person_id).values(name=name))
        w.connection.execute(update(Licence).values(holder=name))
    assert name in pdf(sign_in("owner"), held, paper).pages[0].extract_text()


@pytest.mark.parametrize("last", ["suspended", "revoked", "expired"])
def test_what_is_not_in_force_is_not_printed(app: Flask, sign_in: Any, cast: Cast, clock: TickingClock, last: str) -> None:
    events = [granted()] + ([] if last == "expired" else [event(last, START - timedelta(days=1))])
    licence = stage(app, cast, owner=events)["owner"]
    if last == "expired":
        clock.tick(days=300)
    owner = sign_in("owner")
    for paper in PAPERS:
        answer = owner.get(f"/licences/{licence}/{paper}.pdf")
        assert (answer.status_code, "只打印有效的上岗证" in answer.get_data(as_text=True)) == (409, True)
    assert f"/licences/{licence}/card.pdf" not in owner.get(f"/licences/{licence}").get_data(as_text=True)
    assert owner.get(f"/credentials/{licence}.jwt").status_code == 200, "the credential stays"


@pytest.mark.parametrize(("who", "status"), [
    ("owner", 200), ("hr", 200), ("coordinator", 200), ("decider", 200), ("auditor", 200), ("colleague", 404), ("stranger", 404),
    ("other_coordinator", 404), ("trainer", 404), ("nobody", 302),
])
def test_who_may_print_it(client: Visitor, sign_in: Any, held: str, who: str, status: int) -> None:
    visitor = client if who == "nobody" else sign_in(who)
    for paper in PAPERS:
        assert visitor.get(f"/licences/{held}/{paper}.pdf").status_code == status


def test_the_holder_finds_all_of_it(sign_in: Any, held: str) -> None:
    for page in ("/licences/mine", f"/licences/{held}"):
        shown = sign_in("owner").get(page).get_data(as_text=True)
        for link in (f"/licences/{held}/licence.pdf", f"/licences/{held}/card.pdf", f"/credentials/{held}.jwt", f"/credentials/{held}.png"):
            assert f'href="{link}"' in shown, (page, link)


def test_a_long_line_is_broken_between_words_and_before_no_mark() -> None:
    page = Page(100, 100, "")
    rows = page._broken("经“集团客户”认证考试合格，并由他人授予。Passed the examination and granted by somebody else.", 10, 30)
    assert "".join(rows).replace(" ", "") == "经“集团客户”认证考试合格，并由他人授予。Passedtheexaminationandgrantedbysomebodyelse."
    assert all(row[0] not in "，。”" for row in rows)
    assert any(row.startswith("examination") or " examination" in row for row in rows)
    with pytest.raises(MissingGlyph):
        page.write(0, 0, "\U00020000", 10)
