"""One question as a QTI item, 2.2 or 3.0.

What counts all or nothing here is ``match_correct`` there; shares of a
situational question and the texts of a gap are mappings; several gaps have
rules of their own. The rationale is feedback that is always shown, what a good
answer says is a rubric for scorers. Sources: IMS QTI 2.2, 1EdTech QTI 3.0.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape

from question_bank import rich_text
from question_bank.exchange.found import Media
from question_bank.fill import gaps
from question_bank.item import Option, Wording
from question_bank.kind import Kind

IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9.-]{0,59}")
INTERACTIONS = {
    Kind.SINGLE: "choiceInteraction", Kind.MULTIPLE: "choiceInteraction", Kind.TRUE_FALSE: "choiceInteraction",
    Kind.SITUATIONAL: "choiceInteraction", Kind.ORDER: "orderInteraction", Kind.MATCH: "matchInteraction",
    Kind.FILL: "textEntryInteraction", Kind.SHORT: "extendedTextInteraction",
}
MEDIA_FOLDER = "media"
_BLOCK = re.compile(r"<(?:p|ul|ol|table|pre)\b")
_TAG = re.compile(r"<(/?)([a-z0-9]{1,10})((?:[^<>\"]|\"[^\"]*\")*)>")
_SOURCE = re.compile(r'src="/media/([0-9a-fs]{16})"')
_ALT = re.compile(r'(?:alt|aria-label)="([^"]*)"')
_LABEL = re.compile(r'(?<=<span class="rich-sound">)<span>[^<]*</span>')
"""What stands before a sound; it comes once more as what the sound is called."""
_UPPER = re.compile("[A-Z]")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_KINDS_OF_MEDIA = ((b"\x89PNG", ".png", "image/png"), (b"\xff\xd8\xff", ".jpg", "image/jpeg"))


@dataclass(frozen=True)
class Dialect:
    """A version of QTI: its namespace, where its schema is, and where its templates are."""

    version: str
    namespace: str
    schema: str
    templates: str

    def element(self, name: str, attributes: Mapping[str, str] | None = None, *content: str) -> str:
        """An element of QTI by its 2.x name; ``content`` is XML."""
        name = self._name(f"qti-{name}" if self.version == "3.0" else name)
        said = "".join(f' {self._name(key)}="{quoted(value)}"' for key, value in (attributes or {}).items())
        return f"<{name}{said}>{''.join(content)}</{name}>" if any(content) else f"<{name}{said}/>"

    def _name(self, name: str) -> str:
        return _UPPER.sub(lambda found: f"-{found[0].lower()}", name) if self.version == "3.0" and ":" not in name else name

    def content(self, *blocks: str) -> str:
        """What stands in a block of feedback or rubric."""
        return self.element("contentBody", {}, *blocks) if self.version == "3.0" else "".join(blocks)


QTI22 = Dialect(
    "2.2", "http://www.imsglobal.org/xsd/imsqti_v2p2", "http://www.imsglobal.org/xsd/qti/qtiv2p2/imsqti_v2p2.xsd",
    "http://www.imsglobal.org/question/qti_v2p2/rptemplates/",
)
QTI30 = Dialect(
    "3.0", "http://www.imsglobal.org/xsd/imsqtiasi_v3p0", "https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqti_asiv3p0_v1p0.xsd",
    "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/",
)


def quoted(text: str) -> str:
    """Text for an attribute or an element."""
    return escape(_FORBIDDEN.sub("", text)).replace("\n", "&#10;")


def media_path(media: Media) -> str:
    """Where a file of the bank stands in a package."""
    ending = next((ending for start, ending, _type in _KINDS_OF_MEDIA if media.content.startswith(start)), ".mp3")
    return f"{MEDIA_FOLDER}/{media.name}{ending}"


def item(code: str, said: Wording, dialect: Dialect, media: Sequence[Media], tool: str) -> str:
    """The question as the XML of an item that stands one folder below the package's root."""
    page = _Page(dialect, {one.name: one for one in media})
    left = identifiers(said.options, "L", said.kind is Kind.MATCH)
    right = {name: f"_{code}" for name, code in identifiers(said.right, "R", True).items()}
    declared, rules = _declarations(said, dialect, left, right)
    feedback = said.rationale.strip()
    body = dialect.element("itemBody", {}, page.body(said, left, right))
    outcomes = [_outcome(dialect, "SCORE", "0", said.kind is Kind.SHORT), _outcome(dialect, "MAXSCORE", "1")]
    if feedback:
        outcomes.append(dialect.element(
            "outcomeDeclaration", {"identifier": "FEEDBACK", "cardinality": "single", "baseType": "identifier"},
            dialect.element("defaultValue", {}, dialect.element("value", {}, "rationale")),
        ))
        named = {"outcomeIdentifier": "FEEDBACK", "identifier": "rationale", "showHide": "show"}
        rules += dialect.element("modalFeedback", named, dialect.content(page.blocks(said.rationale)))
    attributes = {"identifier": code, "title": code, "adaptive": "false", "timeDependent": "false", "toolName": tool, "toolVersion": "1"}
    located = (
        f' xmlns="{dialect.namespace}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        f' xsi:schemaLocation="{dialect.namespace} {dialect.schema}"'
    )
    whole = dialect.element("assessmentItem", attributes, *declared, *outcomes, body, rules)
    head, space, rest = whole.partition(" ")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}{located}{space}{rest}\n'


def identifiers(options: Iterable[Option], first: str, behind: bool = False) -> dict[str, str]:
    """What each option is called in the file: its code where that may be a name there."""
    codes = [option.code for option in options]
    plain = all(re.fullmatch("[A-Za-z0-9.-]{1,60}", code) if behind and first == "R" else IDENTIFIER.fullmatch(code) for code in codes)
    return {code: code if plain else f"{first}{place}" for place, code in enumerate(codes, 1)}


def _outcome(dialect: Dialect, name: str, value: str, by_hand: bool = False) -> str:
    attributes = {"identifier": name, "cardinality": "single", "baseType": "float"}
    attributes |= {"externalScored": "human"} if by_hand else {}
    attributes |= {"normalMaximum": "1"} if name == "SCORE" else {}
    return dialect.element("outcomeDeclaration", attributes, dialect.element("defaultValue", {}, dialect.element("value", {}, value)))


def _declarations(said: Wording, dialect: Dialect, left: Mapping[str, str], right: Mapping[str, str]) -> tuple[list[str], str]:
    """The declarations of the responses and the rules."""
    key = said.key
    if said.kind is Kind.FILL:
        return _gap_declarations(said, dialect)
    if said.kind is Kind.SHORT:
        return [_response(dialect, "RESPONSE", "single", "string", [])], ""
    if said.kind is Kind.MATCH:
        pairs = [f"{left[code]} {right[other]}" for code, other in key.items()]
        return [_response(dialect, "RESPONSE", "multiple", "directedPair", pairs)], _template(dialect, "match_correct")
    if said.kind is Kind.SITUATIONAL:
        best = [left[code] for code, share in key.items() if share == 1][:1]
        shares = {left[code]: f"{Decimal(str(share)):f}" for code, share in key.items()}
        return [_response(dialect, "RESPONSE", "single", "identifier", best, shares)], _template(dialect, "map_response")
    cardinality = {Kind.MULTIPLE: "multiple", Kind.ORDER: "ordered"}.get(said.kind, "single")
    return [_response(dialect, "RESPONSE", cardinality, "identifier", [left[code] for code in key])], _template(dialect, "match_correct")


def _template(dialect: Dialect, name: str) -> str:
    return dialect.element("responseProcessing", {"template": f"{dialect.templates}{name}"})


def _response(
    dialect: Dialect, name: str, cardinality: str, base: str, correct: Sequence[str], points: Mapping[str, str] | None = None
) -> str:
    values = [dialect.element("value", {}, quoted(value)) for value in correct]
    parts = [dialect.element("correctResponse", {}, *values)] if values else []
    if points:
        cased = {"caseSensitive": "false"} if base == "string" else {}
        entries = [dialect.element("mapEntry", {"mapKey": key, "mappedValue": value} | cased) for key, value in points.items()]
        parts.append(dialect.element("mapping", {"defaultValue": "0", "lowerBound": "0", "upperBound": "1"}, *entries))
    return dialect.element("responseDeclaration", {"identifier": name, "cardinality": cardinality, "baseType": base}, *parts)


def _gap_names(said: Wording) -> list[str]:
    count = gaps(said.stem)
    return ["RESPONSE"] if count == 1 else [f"RESPONSE_{place}" for place in range(1, count + 1)]


def _gap_declarations(said: Wording, dialect: Dialect) -> tuple[list[str], str]:
    names = _gap_names(said)
    accepted = dict(zip(names, said.key, strict=True))
    declared = [_response(dialect, name, "single", "string", texts[:1], dict.fromkeys(texts, "1")) for name, texts in accepted.items()]
    if len(names) == 1:
        return declared, _template(dialect, "map_response")
    full = dialect.element("baseValue", {"baseType": "float"}, "1")
    filled = [dialect.element("gte", {}, dialect.element("mapResponse", {"identifier": name}), full) for name in names]
    score = [
        dialect.element("setOutcomeValue", {"identifier": "SCORE"}, dialect.element("baseValue", {"baseType": "float"}, value))
        for value in ("1", "0")
    ]
    branches = [
        dialect.element("responseIf", {}, dialect.element("and", {}, *filled), score[0]), dialect.element("responseElse", {}, score[1]),
    ]
    return declared, dialect.element("responseProcessing", {}, dialect.element("responseCondition", {}, *branches))


@dataclass(frozen=True)
class _Page:
    """What a candidate sees."""

    dialect: Dialect
    media: Mapping[str, Media]

    def body(self, said: Wording, left: Mapping[str, str], right: Mapping[str, str]) -> str:
        """The stem and the interaction; for scorers what a good answer says."""
        if said.kind is Kind.FILL:
            names = _gap_names(said)
            fields = [self.dialect.element("textEntryInteraction", {"responseIdentifier": name}) for name in names]
            parts = [self._xhtml(part) for part in rich_text.parts(said.stem)]
            if len(parts) == len(fields) + 1:
                shown = "".join(part + field for part, field in zip(parts, [*fields, ""], strict=True))
                return self._wrapped(shown)
            return self.blocks(said.stem) + f"<p>{''.join(fields)}</p>"
        stem = self.blocks(said.stem)
        if said.kind is Kind.SHORT:
            view = {"view": "scorer"} | ({"use": "scoring"} if self.dialect.version == "3.0" else {})
            lines = "".join(f"<p>{quoted(line)}</p>" for line in said.key)
            rubric = self.dialect.element("rubricBlock", view, self.dialect.content(lines)) if lines else ""
            return stem + self.dialect.element("extendedTextInteraction", {"responseIdentifier": "RESPONSE"}) + rubric
        return stem + self._interaction(said, left, right)

    def _interaction(self, said: Wording, left: Mapping[str, str], right: Mapping[str, str]) -> str:
        attributes = {"responseIdentifier": "RESPONSE", "shuffle": "true"}
        if said.kind is Kind.MATCH:
            sides = [self._side(said.options, left, "1"), self._side(said.right, right, "0")]
            attributes["maxAssociations"] = str(len(said.options))
            return self.dialect.element("matchInteraction", attributes, *sides)
        if said.kind is Kind.TRUE_FALSE:
            attributes["shuffle"] = "false"
        if said.kind is not Kind.ORDER:
            attributes["maxChoices"] = "0" if said.kind is Kind.MULTIPLE else "1"
        choices = [self.dialect.element("simpleChoice", {"identifier": left[one.code]}, self._line(one.text)) for one in said.options]
        return self.dialect.element(INTERACTIONS[said.kind], attributes, *choices)

    def _side(self, options: Iterable[Option], names: Mapping[str, str], most: str) -> str:
        choices = [
            self.dialect.element("simpleAssociableChoice", {"identifier": names[one.code], "matchMax": most}, self._line(one.text))
            for one in options
        ]
        return self.dialect.element("simpleMatchSet", {}, *choices)

    def blocks(self, text: str) -> str:
        """A text as blocks."""
        return self._wrapped(self._xhtml(rich_text.html(text)))

    def _line(self, text: str) -> str:
        return self._xhtml(rich_text.line(text))

    def _wrapped(self, shown: str) -> str:
        return shown if _BLOCK.match(shown) else f"<p>{shown}</p>"

    def _xhtml(self, html: str) -> str:
        """HTML of ours as XML of QTI."""
        return _FORBIDDEN.sub("", _TAG.sub(self._tag, _LABEL.sub("", html).replace("&nbsp;", "&#160;")))

    def _tag(self, tag: re.Match[str]) -> str:
        closes, name, attributes = tag[1], tag[2], tag[3]
        if name == "br":
            return "<br/>"
        if name not in ("img", "audio"):
            return "" if name == "span" else f"<{closes}{name}>"
        source, alt = _SOURCE.search(attributes), _ALT.search(attributes)
        if closes or source is None or source[1] not in self.media:
            return ""
        path = f"../{media_path(self.media[source[1]])}"
        if name == "img":
            return f'<img src="{path}" alt="{alt[1] if alt else ""}"/>'
        return f'<object type="audio/mpeg" data="{path}">{alt[1] if alt else ""}</object>'
