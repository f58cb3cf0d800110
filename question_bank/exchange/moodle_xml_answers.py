"""What the types of a Moodle question say, by type: kind, options, key, feedback, and what was lost.

Each is read as Moodle itself counts it when a quiz is marked once
(``penalty`` and hints belong to several tries, which an exam does not give).
Source: docs.moodle.org, "Moodle XML format", and the question types' own pages.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from question_bank.exchange.found import Note, Part, Weight, Wrong, letters
from question_bank.exchange.gift_answers import within
from question_bank.exchange.moodle_xml_texts import Texts, raw_text
from question_bank.exchange.weights import FULL, one, percent, same_as, several
from question_bank.exchange.xml_tree import Element
from question_bank.item import TRUE_FALSE, Option
from question_bank.key import MAX_TEXTS
from question_bank.kind import Kind

TRUTHS = {"true": "T", "false": "F"}
ORDERS = {
    "": "positions", "0": "positions", "ABSOLUTE_POSITION": "positions", "-1": "exact", "ALL_OR_NOTHING": "exact",
    "1": "adjacent_pairs", "RELATIVE_NEXT_EXCLUDE_LAST": "adjacent_pairs",
}
"""Ways to count an ordering question that one of our policies counts the same."""
_NUMBER = re.compile(r"[+-]?[0-9]{1,9}(?:\.[0-9]{0,20})?")


def weight(answer: Element) -> Decimal:
    """The percent of the points that an answer earns; raises Wrong."""
    text = (answer.get("fraction") or answer.findtext("fraction") or "0").strip()
    if not _NUMBER.fullmatch(text):
        raise Wrong("syntax", str(answer.sourceline), f'fraction="{text[:40]}"')
    return Decimal(text)


def is_true(question: Element, name: str, otherwise: bool) -> bool:
    """A switch of a question; one that stands there without a word is on."""
    found = question.find(name)
    if found is None:
        return otherwise
    return (found.text or "").strip().lower() not in ("0", "false", "no")


def merged(pairs: Sequence[tuple[str, str]]) -> tuple[tuple[str, ...], tuple[Note, ...]]:
    """Feedback on single answers as lines of the rationale; ``pairs`` are (what it is about, feedback)."""
    lines = tuple(f"{name}：{text}" if name else text for name, text in pairs if text)
    return lines, ((Note(Weight.LOST, "feedback_merged"),) if lines else ())


def fixed(question: Element) -> tuple[Note, ...]:
    """A note where the options keep their order."""
    return () if is_true(question, "shuffleanswers", True) else (Note(Weight.LOST, "position_lost"),)


def choice(question: Element, texts: Texts) -> Part:
    """Multiple choice, one or several to choose."""
    return _chosen(question, texts, one if is_true(question, "single", True) else several)


def choice_set(question: Element, texts: Texts) -> Part:
    """Several to choose, all or nothing."""

    def all_or_nothing(weights: Any) -> tuple[Kind, Any, list[Note]]:
        return Kind.MULTIPLE, tuple(code for code, value in weights.items() if value and value > 0), [same_as("all_or_nothing")]

    return _chosen(question, texts, all_or_nothing)


def choice_ou(question: Element, texts: Texts) -> Part:
    """The Open University's several to choose: each right one earns its part, and one chosen too many takes a right one away."""

    def by_count(weights: Any) -> tuple[Kind, Any, list[Note]]:
        right = tuple(code for code, value in weights.items() if value and value > 0)
        return Kind.MULTIPLE, right, [Note(Weight.LOST, "policy_lost", ("oumultiresponse",))]

    return _chosen(question, texts, by_count)


def _chosen(question: Element, texts: Texts, read: Callable[[Any], tuple[Kind, Any, list[Note]]]) -> Part:
    given = [(texts.said(answer), answer) for answer in question.iterfind("answer")]
    given = [(text, answer) for text, answer in given if text or weight(answer)]
    options = letters([text for text, _answer in given])
    weights = {option.code: weight(answer) or None for option, (_text, answer) in zip(options, given, strict=True)}
    lines, notes = merged([(option.code, texts.said(answer.find("feedback"))) for option, (_t, answer) in zip(options, given, strict=True)])
    kind, key, lost = read(weights)
    if not key:
        raise Wrong("answer_missing")
    return Part(kind, key, options, feedback=lines, notes=(*fixed(question), *notes, *lost))


def truth(question: Element, texts: Texts) -> Part:
    """True or false; in old files the answers have other words, and the first one is "true"."""
    answers = question.findall("answer")
    said = [TRUTHS.get(raw_text(answer).lower(), "TF"[place > 0]) for place, answer in enumerate(answers)]
    right = [code for code, answer in zip(said, answers, strict=True) if weight(answer) > 0]
    if len(right) != 1:
        raise Wrong("answer_missing")
    signs = {"T": "√", "F": "×"}
    lines, notes = merged([(signs[code], texts.said(answer.find("feedback"))) for code, answer in zip(said, answers, strict=True)])
    return Part(Kind.TRUE_FALSE, (right[0],), TRUE_FALSE, feedback=lines, notes=notes)


def typed(question: Element, texts: Texts) -> Part:
    """A word or some to type."""
    given = [(raw_text(answer), weight(answer)) for answer in question.iterfind("answer")]
    accepted, lost = accepted_texts(given)
    if not accepted:
        raise Wrong("answer_missing")
    if is_true(question, "usecase", False):
        lost.append(Note(Weight.LOST, "case_lost"))
    lines, notes = merged(_of_typed(question, texts))
    return Part(Kind.FILL, (tuple(accepted),), feedback=lines, notes=(*lost, *notes))


def _of_typed(question: Element, texts: Texts) -> list[tuple[str, str]]:
    named = [(raw_text(answer), texts.said(answer.find("feedback"))) for answer in question.iterfind("answer")]
    return [("" if name == "*" else name[:100], text) for name, text in named]


def accepted_texts(given: Sequence[tuple[str, Decimal]]) -> tuple[list[str], list[Note]]:
    """The texts that earn everything, and what was lost: ``given`` are texts as Moodle has them, with their weights."""
    accepted: dict[str, None] = {}
    lost = []
    seen: set[str] = set()
    for text, earned in given:
        plain = text.replace("\\*", "\0")
        met = plain.casefold() in seen
        seen.add(plain.casefold())
        if earned <= 0 or met:
            continue  # what is wrong anyway, what Moodle says to everything else, what an answer before has judged
        if "*" in plain:
            lost.append(Note(Weight.LOST, "wildcard_lost", (text[:100],)))
        elif earned < FULL:
            lost.append(Note(Weight.LOST, "partial_answer_lost", (text[:100], f"{percent(earned)}%")))
        else:
            accepted.setdefault(plain.replace("\0", "*"))
    if len(accepted) > MAX_TEXTS:
        lost.append(Note(Weight.LOST, "partial_answer_lost", ("、".join(list(accepted)[MAX_TEXTS:])[:100], "100%")))
    return list(accepted)[:MAX_TEXTS], lost


def number(question: Element, texts: Texts) -> Part:
    """A number, within a margin, in one of its units."""
    units = [(unit.findtext("unit_name") or "", unit.findtext("multiplier") or "1") for unit in question.iterfind("units/unit")]
    bare, lost = _bare(question, bool(units))
    accepted: dict[str, None] = {}
    for answer in question.iterfind("answer"):
        text, earned = raw_text(answer), weight(answer)
        if earned <= 0:
            continue
        margin = (answer.findtext("tolerance") or answer.get("tolerance") or "0").strip() or "0"
        if text == "*" or earned < FULL:
            lost.append(Note(Weight.LOST, "wildcard_lost" if text == "*" else "partial_answer_lost", (text[:100], f"{percent(earned)}%")))
            continue
        listed, whole = within(f"{text}:{margin}")
        if not whole:
            lost.append(Note(Weight.LOST, "tolerance_lost", (f"{text} ± {margin}",)))
        for value in listed:
            accepted.update(dict.fromkeys([*([value] if bare else []), *_in_units(value, units)]))
    if not accepted:
        raise Wrong("answer_missing")
    if len(accepted) > MAX_TEXTS and not any(note.code == "tolerance_lost" for note in lost):
        lost.append(Note(Weight.LOST, "tolerance_lost", ("、".join(list(accepted)[MAX_TEXTS:])[:100],)))
    lines, notes = merged(_of_typed(question, texts))
    return Part(Kind.FILL, (tuple(accepted)[:MAX_TEXTS],), feedback=lines, notes=(*lost, *notes))


def _bare(question: Element, units: bool) -> tuple[bool, list[Note]]:
    """Whether a number without its unit earns everything, and a note where it earns a part."""
    taken = (question.findtext("unitpenalty") or "0").strip()
    if not units or (question.findtext("unitgradingtype") or "0").strip() == "0" or not _NUMBER.fullmatch(taken) or not Decimal(taken):
        return True, []
    kept = percent(max(Decimal(0), (1 - Decimal(taken)) * 100))
    return False, [Note(Weight.LOST, "partial_answer_lost", ("1, 2, 3…", f"{kept}%"))]


def _in_units(value: str, units: Sequence[tuple[str, str]]) -> Iterator[str]:
    for name, factor in units:
        try:
            scaled = Decimal(value) * Decimal(factor.strip())
        except InvalidOperation:
            continue
        yield f"{percent(scaled)} {name.strip()}"


def match(question: Element, texts: Texts) -> Part:
    """Pairs; a right one without a left one misleads."""
    pairs = []
    for part in question.iterfind("subquestion"):
        answer = part.find("answer")
        rich = answer is not None and answer.get("format") is not None
        other = texts.said(answer) if rich else texts.plain(answer)
        pairs.append((texts.said(part), other))
    if len(pairs) > 100:
        raise Wrong("unsound", "options", f"{len(pairs)}")
    return paired([pair for pair in pairs if pair[1]], fixed(question))


def paired(pairs: Sequence[tuple[str, str]], notes: tuple[Note, ...], stem: str | None = None) -> Part:
    """A match of (left, right); one without a left one misleads. Moodle counts each pair alone."""
    named = list(dict.fromkeys(other for _left, other in pairs))
    right = tuple(Option(str(place + 1), text) for place, text in enumerate(named))
    asked = [(left, other) for left, other in pairs if left]
    options = letters([left for left, _other in asked])
    key = {option.code: right[named.index(other)].code for option, (_left, other) in zip(options, asked, strict=True)}
    return Part(Kind.MATCH, key, options, right, notes=(*notes, same_as("share")), stem=stem)


def order(question: Element, texts: Texts) -> Part:
    """Steps to put in order: the file has them in the right one."""
    answers = question.findall("answer")
    options = letters([texts.said(answer) for answer in answers])
    lines, notes = merged([(option.code, texts.said(answer.find("feedback"))) for option, answer in zip(options, answers, strict=True)])
    counted = (question.findtext("gradingtype") or "").strip()
    lost = [same_as(ORDERS[counted]) if counted in ORDERS else Note(Weight.LOST, "policy_lost", (counted[:60],))]
    some = (question.findtext("selecttype") or "").strip() not in ("", "ALL", "0")
    count = (question.findtext("selectcount") or "0").strip()
    if some and count not in ("", "0", str(len(options))):
        lost.append(Note(Weight.LOST, "subset_lost", (count[:10], str(len(options)))))
    return Part(Kind.ORDER, tuple(option.code for option in options), options, feedback=lines, notes=(*lost, *notes))


def essay(question: Element, texts: Texts) -> Part:
    """An answer in one's own words; what graders are told is the model answer."""
    told = question.find("graderinfo")
    lines = raw_text(told).split("\n") if told is not None and told.get("format") == "plain_text" else texts.plain(told, True).split("\n")
    notes = [Note(Weight.LOST, "template_lost")] if texts.said(question.find("responsetemplate")) else []
    if (question.findtext("attachmentsrequired") or "0").strip() not in ("", "0") or question.findtext("responseformat") == "noinline":
        notes.append(Note(Weight.LOST, "attachment_lost"))
    return Part(Kind.SHORT, tuple(line.strip() for line in lines if line.strip()), notes=tuple(notes))
