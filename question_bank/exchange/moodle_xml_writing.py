"""A question as Moodle XML, in such a way that Moodle reads it as it is meant and we read it as it was.

Every kind has its type: a fill with several gaps is a Cloze, an order an
ordering question. Of several right options every wrong one takes all points,
so that nobody earns by choosing everything. The right side of a match is plain
text in Moodle; whatever else it has no place for stands in our own comment.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from lxml import etree

from question_bank.exchange import moodle_xml_texts as texts
from question_bank.exchange.found import Note, Weight
from question_bank.exchange.gift_writing import COMMON
from question_bank.exchange.markup import escaped, named_media
from question_bank.exchange.moodle_xml_beside import GAP, Beside, comment
from question_bank.exchange.sent import Sent
from question_bank.exchange.weights import percent
from question_bank.exchange.xml_tree import Element
from question_bank.fill import BLANK
from question_bank.item import Level, Option, Wording
from question_bank.kind import Kind

TYPES = {
    Kind.SINGLE: "multichoice", Kind.MULTIPLE: "multichoice", Kind.SITUATIONAL: "multichoice", Kind.TRUE_FALSE: "truefalse",
    Kind.ORDER: "ordering", Kind.MATCH: "matching", Kind.FILL: "shortanswer", Kind.SHORT: "essay",
}
_SIGNS = str.maketrans({sign: f"\\{sign}" for sign in "\\}#~/\"{"})
_HTML = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def question(tree: Element, item: Sent) -> list[Note]:
    """Put one question into the file, as far as Moodle can say it; what it cannot stands in the notes."""
    said = item.wording
    cloze = said.kind is Kind.FILL and len(said.key) > 1
    if cloze and (bad := next(_unwritable(said), "")):
        return [Note(Weight.WRONG, "text_not_carried", (bad[:100],))]
    one = etree.SubElement(tree, "question", type="cloze" if cloze else TYPES[said.kind])
    media = {file.name: file.content for file in item.media}
    _text(one, "name", item.code)
    texts.write(etree.SubElement(one, "questiontext"), _with_fields(said) if cloze else said.stem, media)
    texts.write(etree.SubElement(one, "generalfeedback"), said.rationale, media)
    for name, value in (("defaultgrade", "1.0000000"), ("penalty", "0.0000000"), ("hidden", "0"), ("idnumber", item.code)):
        if name != "defaultgrade" or not cloze:
            etree.SubElement(one, name).text = value
    notes = list(_lost(said, media))
    beside = _beside(said)
    if not cloze:
        beside = _ANSWERS[said.kind](one, said, media) or beside
    _tags(one, said)
    one.append(etree.Comment(comment(beside)))
    return notes


def _unwritable(said: Wording) -> Iterator[str]:
    """Texts that a Cloze would take for its own signs: a gap that stands in another one's place."""
    pieces = BLANK.split(said.stem)
    yield from (piece for piece in pieces if "{" in piece and ":" in piece)
    yield from (text for texts_ in said.key for text in texts_ if "\n" in text or text.strip() != text)


def _with_fields(said: Wording) -> str:
    pieces = BLANK.split(said.stem)
    fields = ["{1:SHORTANSWER:" + "~".join(f"={_cloze(text)}" for text in accepted) + "}" for accepted in said.key]
    return pieces[0] + "".join(field + piece for field, piece in zip(fields, pieces[1:], strict=True))


def _cloze(text: str) -> str:
    return text.translate(_HTML).translate(_SIGNS).replace("*", "\\*")


def _beside(said: Wording) -> Beside:
    runs = tuple(BLANK.findall(said.stem))
    several = said.kind is Kind.FILL and len(said.key) > 1
    return Beside(said.kind, gaps=runs if several and any(run != GAP for run in runs) else ())


def _lost(said: Wording, media: Mapping[str, bytes]) -> Iterator[Note]:
    shares = _shares(said)
    known = {one.normalize() for one in COMMON}
    for share in dict.fromkeys(shares.values()):
        if share > 0 and share.quantize(Decimal("0.00001")).normalize() not in known:
            yield Note(Weight.LOST, "weights_uncommon", (percent(share),))
    right = [option.text for option in said.right]
    if lost := [name for name in named_media(*right) if name in media]:
        yield Note(Weight.LOST, "media_lost", ("、".join(lost),))
    if any(escaped(texts.unescaped(text)) != text for text in right):
        yield Note(Weight.LOST, "markup_lost", ("Markdown",))
    if said.kind is Kind.SHORT and any("\n" in line for line in said.key):
        yield Note(Weight.LOST, "lines_joined")


def _shares(said: Wording) -> dict[str, Decimal]:
    """Percent by option code, of kinds whose answers are weighed."""
    if said.kind is Kind.MULTIPLE:
        each = Decimal(str(round(100 / len(said.key), 5)))
        return {option.code: each if option.code in said.key else Decimal(-100) for option in said.options}
    if said.kind is Kind.SITUATIONAL:
        return {option.code: Decimal(repr(float(said.key.get(option.code, 0)))) * 100 for option in said.options}
    return {option.code: Decimal(100 if option.code in said.key else 0) for option in said.options} if said.kind is Kind.SINGLE else {}


def _choice(one: Element, said: Wording, media: Mapping[str, bytes]) -> Beside:
    _flags(one, single="false" if said.kind is Kind.MULTIPLE else "true", shuffleanswers="true", answernumbering="ABCD")
    shares = _shares(said)
    for option in said.options:
        answer = etree.SubElement(one, "answer", fraction=percent(shares[option.code]))
        texts.write(answer, option.text, media)
        _text(answer, "feedback", "")
    named = said.key if said.kind is Kind.SITUATIONAL else {}
    zero = tuple(place for place, option in enumerate(said.options) if named.get(option.code, 1) == 0)
    return Beside(said.kind, _codes(said.options, "A"), zero=zero)


def _truth(one: Element, said: Wording, _media: Mapping[str, bytes]) -> None:
    for word, code in (("true", "T"), ("false", "F")):
        answer = etree.SubElement(one, "answer", fraction="100" if code in said.key else "0", format="moodle_auto_format")
        etree.SubElement(answer, "text").text = word
        _text(answer, "feedback", "")


def _typed(one: Element, said: Wording, _media: Mapping[str, bytes]) -> None:
    _flags(one, usecase="0")
    for text in said.key[0]:
        answer = etree.SubElement(one, "answer", fraction="100", format="moodle_auto_format")
        etree.SubElement(answer, "text").text = text.replace("*", "\\*")
        _text(answer, "feedback", "")


def _match(one: Element, said: Wording, media: Mapping[str, bytes]) -> Beside:
    _flags(one, shuffleanswers="true")
    by_code = {option.code: option for option in said.right}
    named = [by_code[said.key[option.code]] for option in said.options]
    met = list(dict.fromkeys([*named, *said.right]))
    misleading = [Option("", "")] * (len(met) - len(set(named)))
    for left, right in zip([*said.options, *misleading], [*named, *met[len(set(named)) :]], strict=True):
        part = etree.SubElement(one, "subquestion")
        texts.write(part, left.text, media)
        _text(part, "answer", texts.unescaped(right.text))
    spelled = tuple((place, option.text) for place, option in enumerate(met) if escaped(texts.unescaped(option.text)) != option.text)
    moved = tuple(met.index(option) for option in said.right)
    right_codes = tuple(option.code for option in met)
    return Beside(
        said.kind, _codes(said.options, "A"), (), () if right_codes == _numbers(len(met)) else right_codes,
        () if moved == tuple(range(len(met))) else moved, spelled,
    )


def _order(one: Element, said: Wording, media: Mapping[str, bytes]) -> Beside:
    _flags(one, layouttype="VERTICAL", selecttype="ALL", selectcount="0", gradingtype="ALL_OR_NOTHING", showgrading="SHOW")
    by_code = {option.code: option for option in said.options}
    right = [by_code[code] for code in said.key]
    for place, option in enumerate(right, 1):
        answer = etree.SubElement(one, "answer", fraction=f"{place}.0000000")
        texts.write(answer, option.text, media)
        _text(answer, "feedback", "")
    moved = tuple(right.index(option) for option in said.options)
    return Beside(said.kind, _codes(right, "A"), () if moved == tuple(range(len(right))) else moved)


def _essay(one: Element, said: Wording, _media: Mapping[str, bytes]) -> None:
    _flags(one, responseformat="editor", responserequired="1", responsefieldlines="10", attachments="0", attachmentsrequired="0")
    told = etree.SubElement(one, "graderinfo", format="plain_text")
    etree.SubElement(told, "text").text = "\n".join(" ".join(line.split("\n")) for line in said.key)


_ANSWERS: Mapping[Kind, Any] = {
    Kind.SINGLE: _choice, Kind.MULTIPLE: _choice, Kind.SITUATIONAL: _choice, Kind.TRUE_FALSE: _truth, Kind.FILL: _typed,
    Kind.MATCH: _match, Kind.ORDER: _order, Kind.SHORT: _essay,
}


def _codes(options: Sequence[Option], first: str) -> tuple[str, ...]:
    """The codes, where they are not the ones that a reader gives by itself."""
    codes = tuple(option.code for option in options)
    return () if codes == tuple(chr(ord(first) + place) for place in range(len(codes))) else codes


def _numbers(count: int) -> tuple[str, ...]:
    return tuple(str(place + 1) for place in range(count))


def _tags(one: Element, said: Wording) -> None:
    tags = [*said.clauses, *([f"difficulty:{said.difficulty}"] if said.difficulty != 3 else [])]
    tags += ["level:apply"] if said.level is Level.APPLY else []
    if tags:
        holder = etree.SubElement(one, "tags")
        for tag in tags:
            _text(holder, "tag", tag)


def _text(parent: Element, name: str, text: str) -> None:
    inner = etree.SubElement(parent, name)
    etree.SubElement(inner, "text").text = text


def _flags(one: Element, **values: str) -> None:
    for name, value in values.items():
        etree.SubElement(one, name).text = value
