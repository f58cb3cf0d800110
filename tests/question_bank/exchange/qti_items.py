"""QTI items in the ways of the programs that write them, and what an answer earns there, for the tests of the reader."""

import re
from collections.abc import Sequence

NAMESPACES = {"2.1": "http://www.imsglobal.org/xsd/imsqti_v2p1", "2.2": "http://www.imsglobal.org/xsd/imsqti_v2p2"}
TEMPLATES = "http://www.imsglobal.org/question/qti_v2p1/rptemplates/"
FREUD = (
    '<simpleChoice identifier="ja" fixed="true">对<feedbackInline outcomeIdentifier="FEEDBACK" identifier="ja" showHide="show">'
    '没错</feedbackInline></simpleChoice><simpleChoice identifier="nein" fixed="true">错'
    '<feedbackInline outcomeIdentifier="FEEDBACK" identifier="nein" showHide="show">想一想</feedbackInline></simpleChoice>'
)


def response(name: str, base: str, correct: Sequence[str] = (), cardinality: str = "single", mapping: str = "") -> str:
    values = "".join(f"<value>{value}</value>" for value in correct)
    said = f"<correctResponse>{values}</correctResponse>" if correct else ""
    return f'<responseDeclaration identifier="{name}" cardinality="{cardinality}" baseType="{base}">{said}{mapping}</responseDeclaration>'


def mapping(entries: dict[str, float | str], default: float = 0, **bounds: float) -> str:
    limits = "".join(f' {name}="{value}"' for name, value in bounds.items())
    rows = "".join(f'<mapEntry mapKey="{key}" mappedValue="{value}"/>' for key, value in entries.items())
    return f'<mapping defaultValue="{default}"{limits}>{rows}</mapping>'


def outcome(name: str, base: str = "float", value: str = "0") -> str:
    start = f"<defaultValue><value>{value}</value></defaultValue>" if value else ""
    return f'<outcomeDeclaration identifier="{name}" cardinality="single" baseType="{base}">{start}</outcomeDeclaration>'


def template(name: str) -> str:
    return f'<responseProcessing template="{TEMPLATES}{name}"/>'


def item(declared: str, body: str, processing: str = "", version: str = "2.1", code: str = "q1", **more: str) -> bytes:
    extra = "".join(f' {name}="{value}"' for name, value in more.items())
    return (
        f'<assessmentItem xmlns="{NAMESPACES[version]}" identifier="{code}" title="{code}" adaptive="false" timeDependent="false"{extra}>'
        f"{declared}{outcome('SCORE')}<itemBody>{body}</itemBody>{processing}</assessmentItem>"
    ).encode()


def choices(*names: str, tag: str = "simpleChoice") -> str:
    return "".join(f'<{tag} identifier="{name}">选项 {name}</{tag}>' for name in names)


def choice(most: int, *names: str, name: str = "RESPONSE") -> str:
    return (
        f'<choiceInteraction responseIdentifier="{name}" shuffle="true" maxChoices="{most}"><prompt>选哪个？</prompt>'
        f"{choices(*names)}</choiceInteraction>"
    )


def gap(name: str = "RESPONSE") -> str:
    return f'<textEntryInteraction responseIdentifier="{name}" expectedLength="15"/>'


def variable(name: str) -> str:
    return f'<variable identifier="{name}"/>'


def number(value: float | str, base: str = "float") -> str:
    return f'<baseValue baseType="{base}">{value}</baseValue>'


def setting(name: str, value: str) -> str:
    return f'<setOutcomeValue identifier="{name}">{value}</setOutcomeValue>'


def when(*branches: tuple[str, str], otherwise: str = "") -> str:
    """A condition: (test, what is done) in order, and what is done else."""
    first, *rest = branches
    said = f"<responseIf>{''.join(first)}</responseIf>" + "".join(f"<responseElseIf>{''.join(one)}</responseElseIf>" for one in rest)
    return f"<responseCondition>{said}{f'<responseElse>{otherwise}</responseElse>' if otherwise else ''}</responseCondition>"


def rules(*parts: str) -> str:
    return f"<responseProcessing>{''.join(parts)}</responseProcessing>"


def right(name: str) -> str:
    return f'<match>{variable(name)}<correct identifier="{name}"/></match>'


def in_three(content: bytes) -> bytes:
    """A 2.x item as 3.0 writes it; HTML keeps its names."""
    html = {"p", "div", "img", "strong", "br", "blockquote", "table", "tr", "td", "object", "span", "em", "b"}
    text = content.decode().replace(NAMESPACES["2.1"], "http://www.imsglobal.org/xsd/imsqtiasi_v3p0")
    text = text.replace(TEMPLATES, "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/")
    out, at = [], 0
    while (start := text.find("<", at)) >= 0:
        end = text.index(">", start)
        out.append(text[at:start])
        out.append(_tag(text[start : end + 1], html))
        at = end + 1
    return "".join([*out, text[at:]]).encode()


def _tag(tag: str, html: set[str]) -> str:
    found = re.fullmatch(r"<(/?)([A-Za-z]+)(.*?)(/?)>", tag, re.DOTALL)
    if found is None or found[2] in html:
        return tag
    attributes = re.sub(r"([A-Za-z:]+)=", lambda name: _kebab(name[1]) + "=", found[3])
    return f"<{found[1]}qti-{_kebab(found[2])}{attributes}{found[4]}>"


def _kebab(name: str) -> str:
    return re.sub("[A-Z]", lambda letter: f"-{letter[0].lower()}", name)
