"""HTML as programs really write it becomes Markdown that says the same; plain text stays what it was."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from question_bank.exchange.markup import escaped, from_html, is_plain, missing_media, named_media
from question_bank.fill import gaps

HTML = [
    ('<p dir="ltr" style="text-align: left;">提前预约<br></p>', "提前预约", []),
    ("<p>一</p>\n<p>二<br />三</p>", "一\n\n二\n三", []),
    ("<p>&nbsp;一&nbsp; 二 </p>", "一 二", []),
    ("<ul>\n<li>一</li>\n<li>二\n<ol><li>甲</li><li>乙</li></ol></li>\n</ul>\n<p>后</p>", "- 一\n- 二\n   1. 甲\n   2. 乙\n\n后", []),
    ("<b>重要 </b>的 <em>是</em> <code>x=1</code>", "**重要** 的 *是* `x=1`", []),
    ("<b>（一）</b>", "（一）", ["markup_lost"]),
    ("<b></b><i> </i>空", "空", []),
    ("10<sup>2</sup> m<sup>2</sup>, x<sup>abc</sup>, CO<sub>2</sub>", "10² m², xabc, CO₂", ["markup_lost"]),
    ('<span style="color: red;">红</span><font size="2">小</font>', "红小", []),
    ("<u>线</u>", "线", ["markup_lost"]),
    ("<table><tbody><tr><td>一</td><td>二</td></tr><tr><td>三</td><td>四</td></tr></tbody></table>", "一 二\n\n三 四", ["markup_lost"]),
    ("<script>alert(1)</script>题<style>p{}</style>", "题", ["markup_lost", "markup_lost"]),
    ("<!-- 注 <b> -->题<!-- 没完", "题", []),
    ("5 < 6 & 7 > 3, a<b 和 <未知>", "5 < 6 & 7 > 3, a<b 和 <未知>", []),
    ("&lt;b&gt; &amp;amp; &copy; &#20013;", r"<b> \&amp; © 中", []),
    ('<a href="javascript:alert(1)">点</a> <a href="https://x.cn/a">看</a>', "点 看（https://x.cn/a）", ["link_lost"]),
    ('<img src="@@PLUGINFILE@@/a.png" alt="图 [1]">', "图 (1)", ["picture_missing"]),
    ("提前 ____ 分钟，__ 次", "提前 ____ 分钟，__ 次", []),
    ("</b></i></li></ul>只有结尾", "只有结尾", []),
    ("<b><i>没有关", "***没有关***", None),
]


@pytest.mark.parametrize(("html", "text", "lost"), HTML)
def test_html(html: str, text: str, lost: list[str] | None) -> None:
    marked = from_html(html)
    if lost is None:  # nested emphasis: the words, however they are marked
        assert marked.text.strip("*") == text.strip("*")
        return
    assert (marked.text, [note.code for note in marked.notes]) == (text, lost)


def test_pictures() -> None:
    known = {"@@PLUGINFILE@@/a%20b.png": "a-b.png"}
    html = '<p><img src="@@PLUGINFILE@@/a%20b.png" alt="图"> <img src="data:image/png;base64,iVBORw0KGgo="></p>'
    marked = from_html(html, known.get, prefix="q1-")
    assert marked.text == "![图](media:a-b.png) ![](media:q1-image1.png)"
    assert [(one.name, one.content) for one in marked.media] == [("q1-image1.png", b"\x89PNG\r\n\x1a\n")]
    assert named_media(marked.text, "![](media:c)") == ["a-b.png", "q1-image1.png", "c"]
    assert [note.words for note in missing_media(marked.text)] == [("a-b.png",), ("q1-image1.png",)]
    broken = from_html('<img src="data:image/png;base64,@@@" alt="坏"><img src="data:text/html;base64,QQ==">')
    assert (broken.text, [note.code for note in broken.notes], broken.media) == ("坏", ["picture_missing"] * 2, ())


def test_line_ends_count_where_the_format_says_so() -> None:
    assert from_html("一\n  二 <b>三</b>", breaks=True).text == "一\n二 **三**"
    assert from_html("一\n  二 <b>三</b>").text == "一 二 **三**"


@given(st.text("ab12一 *_`[](){}<>#&;!\\-+.|~$'\"=", max_size=60).map(str.strip).filter(lambda text: "__" not in text))
def test_escaped_text_reads_as_it_stands(text: str) -> None:
    shown = MarkdownIt("commonmark", {"html": False, "breaks": True}).disable(["list", "autolink"]).renderInline(escaped(text))
    plain = shown.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")
    assert plain == text
    assert "<em>" not in shown
    assert "<a " not in shown


@given(st.text("_＿ a一", max_size=30))
def test_gaps_stay_gaps(text: str) -> None:
    assert gaps(escaped(text)) == gaps(text)
    assert is_plain("提前 ____ 分钟")


@given(st.text("<>/&;!-\"'= abphitulosrc1\n", max_size=200))
def test_any_html_is_read(html: str) -> None:
    from_html(html)
    from_html(html, breaks=True)


PARTS = [
    "<", "<a ", '<a "', "<a '\"", "<b>", "<!--", "<b>x</b>", "<ul><li>", "</b>", "&", "&lt;", "_", "a_", "*", "\n", "- \n\n", " ", "<a a=",
    "<img src='", "(media:", "#", "=",
]


@pytest.mark.parametrize("part", PARTS)
def test_the_time_grows_with_the_text(part: str) -> None:
    start = time.process_time()
    text = from_html(part * (60_000 // len(part))).text
    missing_media(text)
    assert time.process_time() - start < 3, "the child would be killed"
