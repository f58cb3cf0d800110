"""Moodle XML, what Moodle exports whole question banks in: questions with their files, categories and tags.

A question is what Moodle makes of it when it reads the same file and marks a
quiz once. Weights of single choice are carried exactly; what a partly right
answer earns of the other kinds is the exam's policy here, and a hint names the
policy that earns the same, or a note says that none does. Types that Moodle
has and an exam here cannot ask are refused by name, one by one. Source:
docs.moodle.org, "Moodle XML format".
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from lxml import etree

from question_bank.exchange import moodle_xml_answers as answers
from question_bank.exchange import moodle_xml_beside as beside
from question_bank.exchange import moodle_xml_fields as fields
from question_bank.exchange.found import Found, Note, Part, Unusable, Weight, Wrong, checked, refused
from question_bank.exchange.gift_text import tagged
from question_bank.exchange.moodle_xml_texts import Texts, raw_text
from question_bank.exchange.moodle_xml_writing import question
from question_bank.exchange.plain_text import decoded_base64
from question_bank.exchange.sent import Sent, Written
from question_bank.exchange.xml_tree import Element, root
from question_bank.item import Level
from standards.clause import parse_reference

LONGEST = 100_000
TYPES: dict[str, Callable[[Element, Texts], Part]] = {
    "multichoice": answers.choice, "multichoiceset": answers.choice_set, "oumultiresponse": answers.choice_ou, "truefalse": answers.truth,
    "shortanswer": answers.typed, "numerical": answers.number, "matching": answers.match, "match": answers.match, "ddmatch": answers.match,
    "ordering": answers.order, "essay": answers.essay, "cloze": fields.cloze, "multianswer": fields.cloze, "gapselect": fields.slots,
    "ddwtos": fields.slots,
}
_DEFAULT_CATEGORY = re.compile(r"(?:^|/)(?:top|Default for .*|默认.*|.*的默认类别|.*默认分类)$")
_PLACES = re.compile(r"^\$(?:course|module|system|coursecat|cat[0-9]*)\$/?(?:top/?)?")
_SAID_BY_ITSELF = {
    "your answer is correct", "your answer is partially correct", "your answer is incorrect", "你的回答正确", "您的回答正确",
    "你的回答部分正确", "您的回答部分正确", "你的回答错误", "您的回答错误", "您的回答不正确", "你的回答不正确", "您的答案正确",
    "您的答案部分正确", "您的答案不正确", "答案正确", "答案部分正确", "答案错误", "答案不正确",
}
"""What Moodle itself puts below an answer of whoever writes nothing there."""
_FEEDBACK = ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback", "hint")


def read(content: bytes) -> list[Found]:
    """The questions of a Moodle XML file; raises Unusable."""
    tree = root(content)
    if tree.tag != "quiz":
        raise Unusable("format_other", "Moodle XML")
    found, category = [], ""
    for element in tree.iterfind("question"):
        if element.get("type") == "category":
            category = _PLACES.sub("", raw_text(element.find("category")).replace("//", "\uff0f"))
        else:
            found.append(_question(element, category))
    if not found:
        raise Unusable("no_questions")
    return found


def write(items: Sequence[Sent]) -> Written:
    """The questions as a Moodle XML file; every kind has its type there."""
    tree = etree.Element("quiz")
    notes = {}
    for item in items:
        lost = question(tree, item)
        if lost:
            notes[item.code] = tuple(lost)
    etree.indent(tree)
    return Written(etree.tostring(tree, encoding="utf-8", xml_declaration=True), notes)


def _question(element: Element, category: str) -> Found:
    ref = f"第 {element.sourceline} 行"
    sort = (element.get("type") or "").strip()
    asked = element.find("questiontext")
    texts = Texts(asked.get("format", "html") if asked is not None else "html")
    size = sum(len(text) for node in element.iter("text", "answer") for text in node.itertext())
    if size > LONGEST:
        return refused(ref, raw_text(asked), "too_long", str(LONGEST))
    read_answers = TYPES.get(sort)
    if read_answers is None:
        code, words = ("not_a_question", ()) if sort == "description" else ("kind_unknown", (sort[:60] or "?",))
        return replace(refused(ref, texts.said(asked), code, *words), code=_code(element))
    said = texts.said(asked) if read_answers is not fields.cloze else ""  # a Cloze takes its own text apart
    try:
        part = read_answers(element, texts)
    except Wrong as wrong:
        return replace(refused(ref, raw_text(asked), wrong.code, *wrong.words), code=_code(element))
    stem = part.stem if part.stem is not None else said
    return _whole(element, Found(ref, part.kind, _with_image(element, texts, stem)), part, texts, category)


def _whole(element: Element, found: Found, part: Part, texts: Texts, category: str) -> Found:
    said = tagged([raw_text(tag) for tag in element.iterfind("tags/tag")])
    rationale = "\n".join(filter(None, [texts.said(element.find("generalfeedback")), *part.feedback]))
    clauses = said.clauses or _clause(category)
    ours = beside.read(element)
    lost = [note for note in part.notes if not (ours.kind and note.code == "policy")]
    lost += [Note(Weight.LOST, "feedback_lost")] if any(_told(element, texts)) else []
    hints = [*said.notes, *_hints(element, category if not clauses else "")]
    found = replace(
        found, options=part.options, key=part.key, right=part.right, rationale=rationale, code=_code(element), clauses=clauses,
        difficulty=said.difficulty, level=Level(said.level), points=_points(element),
        notes=tuple(dict.fromkeys([*texts.notes, *lost, *hints])), media=texts.found_media,
    )
    return checked(beside.restored(found, ours))


def _with_image(element: Element, texts: Texts, stem: str) -> str:
    """The text with the picture that files of Moodle 1.9 have beside it."""
    name, content = (element.findtext("image") or "").strip(), decoded_base64(element.findtext("image_base64") or "")
    return f"{stem}\n\n![](media:{texts.keep(name, content)})" if name and content else stem


def _told(element: Element, texts: Texts) -> Iterator[bool]:
    """Whether there is feedback that says more than Moodle says by itself."""
    for name in _FEEDBACK:
        for told in element.iterfind(name):
            text = texts.said(told)
            yield bool(text) and text.strip(" .。!！").lower() not in _SAID_BY_ITSELF


def _hints(element: Element, category: str) -> Iterator[Note]:
    name = raw_text(element.find("name"))
    if category and not _DEFAULT_CATEGORY.search(category):
        yield Note(Weight.HINT, "category", (category[:200],))
    if name and name != _code(element):
        yield Note(Weight.HINT, "title", (name[:200],))
    if (element.findtext("hidden") or "0").strip() == "1":
        yield Note(Weight.HINT, "disabled")


def _code(element: Element) -> str:
    return (element.findtext("idnumber") or "").strip() or raw_text(element.find("name"))[:200]


def _clause(category: str) -> tuple[str, ...]:
    """The clause that a category is named after."""
    last = category.rpartition("/")[2].strip()
    return (last,) if parse_reference(last) is not None else ()


def _points(element: Element) -> float | None:
    text = (element.findtext("defaultgrade") or "").strip()
    return float(text) if re.fullmatch(r"[0-9]{1,6}(?:\.[0-9]{1,12})?", text) else None
