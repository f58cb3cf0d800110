"""Printed papers: what was put in can be read out again, and nothing is printed wrong."""

import io

import pytest
from pypdf import PdfReader

from foundation import pdf

BLOCKS = [
    pdf.Heading("核对"), pdf.Text("人员先认证合格，合同才能签订。\n<b>不是标签</b>"), pdf.Facts([("公司", "示例通信工程有限公司")]),
    pdf.Grid(["姓名", "状态"], [["䶮堃", "缺证"]], [1, 2]),
    pdf.Checks([(True, "已核对", ""), (False, "未持证", "张三"), (None, "待填", "")]),
    pdf.Blanks(["日期"]), pdf.Signed("签收人", "张三", "2026-11-22 10:00", [[(10, 10), (900, 300)]]), pdf.Square("CZ-1", "扫码核验"),
]


def text_of(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def test_every_text_can_be_extracted() -> None:
    text = text_of(pdf.paper("签约前核对表", BLOCKS, "第 1 号"))
    wanted = {"签约前核对表", "<b>不是标签</b>", "示例通信工程有限公司", "䶮堃", "已核对", "待填", "10:00", "扫码核验", "第 1 号"}
    assert {piece for piece in wanted if piece not in text} == set()


def test_the_same_blocks_make_the_same_bytes() -> None:
    assert pdf.paper("核对", BLOCKS, "页脚") == pdf.paper("核对", BLOCKS, "页脚")


def test_a_character_without_a_glyph_is_an_error_that_names_it() -> None:
    with pytest.raises(pdf.MissingGlyph, match=r"U\+20BB7") as caught:
        pdf.paper("核对", [pdf.Facts([("姓名", "𠮷野")])], "页脚")
    assert caught.value.characters == ["𠮷"]


def test_a_long_table_goes_on_over_pages_with_its_head() -> None:
    table = pdf.Grid(["姓名", "工号"], [[f"人{n}", str(n)] for n in range(90)], [1, 1])
    pages = PdfReader(io.BytesIO(pdf.paper("名单", [table], "x"))).pages
    assert len(pages) > 2
    assert all("工号" in page.extract_text() for page in pages)
