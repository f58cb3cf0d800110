"""What the Markdown of a question becomes, and that nothing else comes out of it."""

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.rich_text import bare, html, is_rich, line, media_names, parts

PICTURE, SOUND = "0123456789abcdef", "0123456789abcdes"


@pytest.mark.parametrize("text", [
    "上门前应提前____分钟联系客户。", "，____分钟____。", "1. 下列哪一项正确", "- 5 度", "# 号键", "> 10 分钟", "2*3*4 等于多少",
    "snake_case_name", "a & b", "A < B", "《规范》第 24 条", "https://example.com", "[括号](圆括号)", "他说：\"好\"", "＿＿＿ 与 ____ 之间",
])
def test_a_plain_sentence_looks_as_it_was_typed(text: str) -> None:
    assert "<" not in html(text)
    assert unescape(html(text)) == bare(text) == text


@pytest.mark.parametrize(("text", "shown"), [
    ("**重点**和*斜体*", "<strong>重点</strong>和<em>斜体</em>"),
    ("第一行\n第二行", "第一行<br>第二行"),
    ("第一段\r\n\r\n第二段", "<p>第一段</p><p>第二段</p>"),
    ("先：\n- 一\n- 二", "<p>先：</p><ul><li>一</li><li>二</li></ul>"),
    ("|左|右|\n|-|-|\n|1|2|", "<table><thead><tr><th>左</th><th>右</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table>"),
    ("```\nx < y\n```", "<pre><code>x &lt; y\n</code></pre>"),
    (r"\*不是斜体\*", "*不是斜体*"),
    (f"看![机柜](media:{PICTURE})", f'看<img class="rich-picture" src="/media/{PICTURE}" alt="机柜">'),
])
def test_marks_become_what_they_mean(text: str, shown: str) -> None:
    assert html(text) == shown


def test_a_sound_can_be_played_and_has_a_name() -> None:
    shown = html(f"听：![客户来电](media:{SOUND})")
    assert f'src="/media/{SOUND}"' in shown
    assert "<span>客户来电</span>" in shown
    assert "<audio" in shown


def test_an_option_has_no_blocks() -> None:
    assert line("- 一\n- 二") == "- 一<br>- 二"


def test_the_parts_between_gaps_join_to_the_whole() -> None:
    text = f"**提前____分钟**，![图 ____](media:{PICTURE})再等____。"
    assert len(parts(text)) == 3
    assert "<input>".join(parts(text)).count("<strong>提前<input>分钟</strong>") == 1


@pytest.mark.parametrize("text", [
    "<script>alert(1)</script>*x*", "![x](javascript:alert(1))", "![x](https://example.com/x.png)", "*x* [x](javascript:alert(1))",
    f'![" onerror="alert(1)](media:{PICTURE})', f"![x](media:{PICTURE}/../../x)", "*x* <img src=x onerror=alert(1)>",
    "*x* &#60;img src=x&#62;",
])
def test_nothing_active_and_nothing_of_others_comes_out(text: str) -> None:
    for shown in (html(text), line(text)):
        tags = re.findall(r"<[^>]*>", shown)
        assert not [tag for tag in tags if "script" in tag or "http" in tag or re.search(r"\son\w+=", re.sub(r'"[^"]*"', "", tag))]
        assert all(source == f"/media/{PICTURE}" for tag in tags for source in re.findall(r'src="([^"]*)"', tag))


@given(st.text(st.sampled_from(list("ab1 *_`[]()!<>&\\|-#\n.：____media:/\"'")), max_size=80))
def test_whatever_is_typed_only_known_tags_come_out(text: str) -> None:
    names = {tag.strip("/").split()[0] for tag in re.findall(r"<([^>]+)>", html(text))}
    assert names <= {"p", "br", "strong", "em", "code", "pre", "ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td", "span"}
    assert is_rich(text) or "<" not in html(text)


def test_the_files_a_text_shows_are_named_once_and_in_order() -> None:
    assert media_names(f"![b](media:{SOUND})![a](media:{PICTURE})![b](media:{SOUND})![x](media:other.png)") == [SOUND, PICTURE]


def test_a_list_shows_what_a_picture_shows_or_a_sign_for_it() -> None:
    assert bare(f"**看**![机柜](media:{PICTURE})\n![](media:{PICTURE})") == "看机柜 ▣"
