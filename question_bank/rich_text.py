"""The Markdown of questions: paragraphs and line breaks, **bold**, *italics*, `code`, lists, tables, pictures and sounds.

Nothing that leads away from a question: no links, no HTML, no addresses of
others; what stands there is shown as it was typed. A text of one line has no blocks,
so "1. 下列" stays a sentence and "____" stays a gap. What comes out was
written by markdown-it and cleaned once more by nh3. A picture is
``![what it shows](media:NAME)``, a sound the same with the name of a sound.
"""

import html as plain_html
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

BASE = "/media/"
"""Where pictures and sounds are handed out; the door decides to whom."""
NAME = re.compile(r"[0-9a-f]{15}[0-9a-fs]")
"""What a picture or sound is called; see ``picture.media_name``."""
GAP = re.compile(r"[_＿]{2,}")
_NAMED = re.compile(r"!\[[^\]]{0,500}\]\(media:([0-9a-f]{15}[0-9a-fs])\)")
_MARKS = re.compile(r"[\\*`|]|!\[|(?<![_＿])_(?![_＿])|&(?=#?[A-Za-z0-9])|\n")
_BETWEEN_TAGS = re.compile(r">\n+")
_ONE_PARAGRAPH = re.compile(r"<p>((?:(?!</?p>).)*)</p>", re.DOTALL)
_TAG = re.compile(r"<(?:[^>\"]|\"[^\"]*\")*>")
_ALT = re.compile(r"<img\b(?:[^>\"]|\"[^\"]*\")*?\balt=\"([^\"]*)\"[^>]*>")
_ENDS = re.compile(r"<br>|</(?:p|li|tr|pre|td|th|span)>")
_SPACE = re.compile(r"\s+")
_TAGS = {"p", "br", "strong", "em", "code", "pre", "ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td", "img", "audio", "span"}
_ATTRIBUTES = {
    "img": {"src", "alt", "class"}, "audio": {"src", "controls", "preload", "aria-label"}, "span": {"class"}, "ol": {"start"},
}
DEEPEST = 20


def html(text: str) -> str:
    """The text as HTML that may stand in a ``<div>``; one paragraph comes without its ``<p>``."""
    return _rendered(text.replace("\r\n", "\n").strip())


def line(text: str) -> str:
    """The text as HTML that may stand in a sentence, an option or a label: no paragraphs, lists and tables."""
    return _line(text.replace("\r\n", "\n").strip())


def parts(text: str) -> list[str]:
    """The HTML of a text between its gaps; joined with anything inline it is whole again."""
    return _split(html(text))


def bare(text: str, picture: str = "▣") -> str:
    """What the text says without any marks, in one line: for lists, headings and choices. ``picture`` stands for one that says nothing."""
    if not is_rich(text):
        return text
    shown = _ALT.sub(lambda found: found[1] or picture, html(text))
    return _SPACE.sub(" ", plain_html.unescape(_TAG.sub("", _ENDS.sub(" ", shown)))).strip()


@lru_cache(maxsize=20_000)
def is_rich(text: str) -> bool:
    """Whether the text is more than a sentence: False means that it may be shown as it stands."""
    if not _may_be_rich(text):
        return False
    shown = html(text)
    return "<" in shown or plain_html.unescape(shown) != text.strip()


def _may_be_rich(text: str) -> bool:
    return _MARKS.search(text) is not None


def media_names(text: str) -> list[str]:
    """The pictures and sounds of the bank that the text shows, each once."""
    return list(dict.fromkeys(_NAMED.findall(text)))


def is_sound(name: str) -> bool:
    """Whether the name is one of a sound."""
    return name.endswith("s")


@lru_cache(maxsize=4096)
def _rendered(text: str) -> str:
    if not _may_be_rich(text):
        return plain_html.escape(text)
    if "\n" not in text:
        return _line(text)
    clean = _cleaned(_blocks.render(text))
    paragraph = _ONE_PARAGRAPH.fullmatch(clean)
    return paragraph[1] if paragraph else clean


@lru_cache(maxsize=4096)
def _line(text: str) -> str:
    return _cleaned(_blocks.renderInline(text)) if _may_be_rich(text) else plain_html.escape(text)


def _cleaned(dirty: str) -> str:
    """Without line ends between tags, which would show where spaces are kept, and without anything that is not on the lists."""
    clean = nh3.clean(dirty, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=set(), link_rel=None)
    return _BETWEEN_TAGS.sub(">", clean).strip()


def _split(shown: str) -> list[str]:
    """HTML at its gaps, none of which stands in a tag: what a picture shows is written without them."""
    return GAP.split(shown)


def _gap(state: StateInline, silent: bool) -> bool:
    """A run of underscores is a gap and marks nothing."""
    found = GAP.match(state.src, state.pos)
    if not found:
        return False
    if not silent:
        state.push("text", "", 0).content = found[0]
    state.pos = found.end()
    return True


def _times(state: StateInline, silent: bool) -> bool:
    """A star between figures multiplies: 2*3*4 has nothing in italics."""
    before, after = state.src[state.pos - 1 : state.pos], state.src[state.pos + 1 : state.pos + 2]
    if state.src[state.pos] != "*" or not (before.isdigit() and after.isdigit()):
        return False
    if not silent:
        state.pending += "*"
    state.pos += 1
    return True


def _break(_self: Any, _tokens: Sequence[Token], _at: int, _options: Any, _env: Any) -> str:
    return "<br>"


def _picture(_self: Any, tokens: Sequence[Token], at: int, _options: Any, _env: Any) -> str:
    token = tokens[at]
    name = str(token.attrs.get("src", "")).removeprefix("media:")
    alt = plain_html.escape(GAP.sub("_", _SPACE.sub(" ", token.content)).replace("\\", ""))
    if not NAME.fullmatch(name) or not str(token.attrs["src"]).startswith("media:"):
        return f'<span class="rich-missing">{alt or "▣"}</span>'
    if is_sound(name):
        label = f"<span>{alt}</span>" if alt else ""
        return f'<span class="rich-sound">{label}<audio src="{BASE}{name}" controls="" preload="auto" aria-label="{alt}"></audio></span>'
    return f'<img class="rich-picture" src="{BASE}{name}" alt="{alt}">'


def _made() -> MarkdownIt:
    blocks = MarkdownIt("commonmark", {"breaks": True, "html": False, "maxNesting": DEEPEST}).enable("table")
    blocks.disable(["heading", "lheading", "blockquote", "hr", "code", "html_block", "reference", "link", "autolink", "html_inline"])
    blocks.inline.ruler.before("emphasis", "gap", _gap)
    blocks.inline.ruler.before("emphasis", "times", _times)
    for rule, function in (("softbreak", _break), ("hardbreak", _break), ("image", _picture)):
        blocks.add_render_rule(rule, function)
    return blocks


_blocks = _made()
