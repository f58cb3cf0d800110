"""QTI 2.1, 2.2 and 3.0 as one tree: the names of 2.x without namespaces, so that the rest reads one dialect.

3.0 writes ``qti-simple-choice`` with ``response-identifier`` where 2.x writes
``simpleChoice`` with ``responseIdentifier``; HTML has the same names in all.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from html import escape
from typing import TypeAlias

from question_bank.exchange.found import Note, Unusable, Weight
from question_bank.exchange.markup import Marked, from_html
from question_bank.exchange.xml_tree import Element, root

MARK = "3.0"
DEEPEST = 200
ITEM, TEST, STIMULUS = "assessmentItem", "assessmentTest", "assessmentStimulus"
INTERACTION = re.compile(r"[A-Za-z]{1,60}Interaction")
_TAG_NAME = re.compile("[A-Za-z][A-Za-z0-9]{0,15}")
_DASH = re.compile("-([a-z0-9])")
_ROOTS = {ITEM, TEST, STIMULUS, "assessmentSection"}
_HIDDEN = {
    "stylesheet", "rubricBlock", "feedbackBlock", "feedbackInline", "templateBlock", "templateInline", "catalogInfo",
    "companionMaterialsInfo", "contextDeclaration", "positionObjectStage", "endAttemptInteraction", "prompt",
}
"""What a text is not made of: some of it is read by itself, the rest shows nothing by itself."""
_THROUGH = {"contentBody", "itemBody", "stimulusBody", "infoControl"}
_PLAYED = {"mediaInteraction"}
_SHOWN_ELSEWHERE = {"img", "object", "audio", "video"}
"""What names a file; what stands in it is for programs that cannot show that."""


def load(content: bytes) -> Element:
    """The root of an item, test or stimulus, every element by its 2.x name; raises Unusable."""
    tree = root(content)
    local = _local(tree.tag)
    old = not local.startswith("qti-")
    for depth, element in _walk(tree):
        if depth > DEEPEST:
            raise Unusable("damaged", f"XML, {element.sourceline}")
        if isinstance(element.tag, str):
            _rename(element, old)
    return tree


def _walk(tree: Element) -> Iterator[tuple[int, Element]]:
    """All elements with their depth, parents first."""
    waiting = [(0, tree)]
    while waiting:
        depth, element = waiting.pop()
        yield depth, element
        waiting.extend((depth + 1, child) for child in element)


def _rename(element: Element, old: bool) -> None:
    name = _local(element.tag)
    element.tag = name if old or not name.startswith("qti-") else _camel(name[4:])
    for key in list(element.attrib):
        short = _local(key)
        said = element.attrib.pop(key)
        element.set(short if old or short.startswith(("data-", "aria-")) else _camel(short), said)


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _camel(name: str) -> str:
    return _DASH.sub(lambda found: found[1].upper(), name)


def is_ours(name: str) -> bool:
    """Whether a root of this name is QTI."""
    return name in _ROOTS


def interactions(body: Element) -> list[Element]:
    """Everything that a candidate acts on, outermost first, in order; what only plays, or asks for a hint, is none."""
    found = []
    for element in body.iter():
        name = element.tag
        if isinstance(name, str) and INTERACTION.fullmatch(name) and name not in (*_PLAYED, "endAttemptInteraction"):
            found.append(element)
    return found


def flag(element: Element, name: str, otherwise: bool = False) -> bool:
    """A truth value of an attribute."""
    said = (element.get(name) or "").strip().lower()
    return otherwise if said not in ("true", "false", "1", "0") else said in ("true", "1")


def number(element: Element, name: str, otherwise: int) -> int:
    """A whole number of an attribute."""
    said = (element.get(name) or "").strip()
    return int(said) if re.fullmatch("[0-9]{1,6}", said) else otherwise


def plain(element: Element) -> str:
    """The words of an element without markup, blanks as one space."""
    return " ".join("".join(element.itertext()).split())


Shown: TypeAlias = Callable[[Element], str | list[Element] | None]
"""What stands for an element in a text: HTML, the elements that are read instead, or None for what it is."""


def text(elements: Iterable[Element], find: Callable[[str], str | None], shown: Shown = lambda element: None) -> Marked:
    """The elements as one text of ours; ``find`` answers the name of the media file that a source means."""
    lost: dict[Note, None] = {}
    html = "".join(_html(element, shown, lost, inner=True) for element in elements)
    said = from_html(html, find)
    return Marked(said.text, (*lost, *said.notes), said.media)


def _html(element: Element, shown: Shown, lost: dict[Note, None], inner: bool = False) -> str:
    """An element as HTML, without what stands behind it; ``inner``: only what stands in it."""
    if not isinstance(element.tag, str):
        return ""
    said = None if inner and element.tag in _THROUGH else shown(element)
    if isinstance(said, list):
        return "<div>" + "".join(_html(one, shown, lost, inner=one.tag == "prompt") + escape(one.tail or "") for one in said) + "</div>"
    if said is not None:
        return said
    name = element.tag
    if name in _HIDDEN and not inner:
        return ""
    if name == "math":
        lost[Note(Weight.LOST, "markup_lost", ("math",))] = None
        return escape(plain(element))
    if name in _SHOWN_ELSEWHERE and (element.get("src") or element.get("data")):
        return f'<{name}{_attributes(element)} alt="{escape(element.get("alt") or plain(element))}">'
    content = escape(element.text or "") + "".join(_html(child, shown, lost) + escape(child.tail or "") for child in element)
    if inner or name in _THROUGH or name in _PLAYED:
        return f"<div>{content}</div>"
    if not _TAG_NAME.fullmatch(name) or name == "hottext":
        return content
    return f"<{name}{_attributes(element)}>{content}</{name}>"


def _attributes(element: Element) -> str:
    kept = {key: said for key, said in element.attrib.items() if key in ("src", "data", "href", "type") and "<" not in said}
    return "".join(f' {key}="{escape(said)}"' for key, said in kept.items())
