"""One QTI item as a question."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from question_bank.exchange.found import Found, Note, Weight, Wrong, checked, refused
from question_bank.exchange.markup import Marked
from question_bank.exchange.qti_feedback import rationale
from question_bank.exchange.qti_interactions import Part, known_kinds, part
from question_bank.exchange.qti_processing import MAP, MATCH, NONE, Processing
from question_bank.exchange.qti_scoring import Worth
from question_bank.exchange.qti_tree import INTERACTION, Shown, flag, interactions, text
from question_bank.exchange.qti_values import NUMBERS, Beyond, declarations
from question_bank.exchange.xml_tree import Element
from question_bank.item import MAX_OPTIONS, TRUE_FALSE, Level, Option
from question_bank.key import MAX_LINE, MAX_LINES
from question_bank.kind import Kind

GAP = "____"
TRUTHS = {
    "T": {"正确", "对", "√", "✓", "✔", "是", "true", "t", "right", "correct"},
    "F": {"错误", "错", "×", "✗", "✘", "✕", "x", "否", "不正确", "不对", "false", "f", "wrong", "incorrect"},
}
SIGNS = {"T": "√", "F": "×"}
_SHORT = re.compile(r"_?[A-Za-z0-9][A-Za-z0-9.-]{0,2}")
_HELD = "\ufdd1"
_LINE_OF_GAP, _BESIDE = re.compile("[_＿]{2,}"), re.compile(f"{_HELD}(?={_HELD})")


@dataclass(frozen=True)
class Beside:
    """What is known of an item from outside its file.

    ``find`` answers the name of the media file that a source means; ``stimuli``
    are texts that stand before it; ``code`` is its name where that is not the
    item's own identifier.
    """

    ref: str
    find: Callable[[str], str | None] = lambda source: None
    stimuli: tuple[Element, ...] = ()
    code: str = ""
    clauses: tuple[str, ...] = ()
    difficulty: int = 3
    level: Level = Level.RECALL
    notes: tuple[Note, ...] = ()


def read(item: Element, beside: Beside) -> Found:
    """The question of an item; what cannot be asked is refused with the reason."""
    body, code = item.find("itemBody"), beside.code or item.get("identifier", "")
    if body is None:
        return replace(refused(beside.ref, item.get("title", ""), "not_a_question"), code=code)
    acts = interactions(body)
    try:
        if not acts:
            raise Wrong("not_a_question")
        known_kinds(acts)
        if flag(item, "adaptive") or item.find("templateDeclaration") is not None:
            raise Wrong("dynamic", "adaptive" if flag(item, "adaptive") else "template")
        asked, processing, notes = _asked(item, acts)
    except Wrong as wrong:
        said = text([*beside.stimuli, body], beside.find, _shown(None))
        return replace(refused(beside.ref, said.text, wrong.code, *wrong.words), code=code)
    return _found(item, body, beside, asked, processing, notes, code)


def _asked(item: Element, acts: Sequence[Element]) -> tuple[Part, Processing, list[Note]]:
    """What is asked and what it is worth; where the rules cannot be followed the correct response counts. Raises Wrong."""
    notes, name = [], ""
    try:
        known = declarations(item)
    except Beyond as beyond:
        raise Wrong("processing_unread", str(beyond)) from beyond
    try:
        processing = Processing(item, known)
        if processing.way == NONE and any(act.tag != "extendedTextInteraction" for act in acts):
            notes.append(Note(Weight.GUESSED, "processing_absent"))
        return part(acts, processing), processing, notes
    except Beyond as beyond:
        name = str(beyond)
    answered = [known[act.get("responseIdentifier", "")] for act in acts]
    if not any(declared.correct for declared in answered):
        raise Wrong("answer_missing")
    plain = Processing(item.makeelement(item.tag), known)
    plain.way = MAP if all(declared.points and declared.base == "string" for declared in answered) else MATCH
    try:
        return part(acts, plain), plain, [Note(Weight.GUESSED, "processing_guessed", (name,))]
    except Beyond as beyond:
        raise Wrong("processing_unread", name) from beyond


def _found(
    item: Element, body: Element, beside: Beside, asked: Part, processing: Processing, notes: Sequence[Note], code: str
) -> Found:
    worth = asked.worth
    stem = _stem([*beside.stimuli, body], beside, asked)
    sides = [_side(asked.left, beside, "A"), _side(asked.right, beside, "1")]
    guides = [text([block], beside.find) for block in body.iter("rubricBlock") if not _for_candidates(block)]
    codes = {name: option.code for name, option, _said in sides[0]}
    beyond = worth.kind is Kind.SHORT
    truths = _truths([option.text for _name, option, _said in sides[0]]) if worth.kind is Kind.SINGLE else []
    names = {name: SIGNS[truth] for name, truth in zip(codes, truths, strict=True)} if truths else codes
    said = rationale(item, processing, worth, names, beside.find, [] if beyond else guides)
    texts = [stem, *(marked for side in sides for _name, _option, marked in side)]
    left, right = (tuple(option for _name, option, _said in side) for side in sides)
    key = _key(worth, codes, {name: option.code for name, option, _said in sides[1]}, guides)
    every = [*beside.notes, *notes, *worth.notes, *asked.notes, *(note for one in texts for note in one.notes), *said.notes]
    every += [] if beyond else list(_unreachable(item, processing, worth))
    title = item.get("title", "").strip()
    every += [Note(Weight.HINT, "title", (title[:200],))] if title and title not in (code, item.get("identifier")) else []
    media = tuple(dict.fromkeys((*(one for marked in texts for one in marked.media), *said.media)))
    found = Found(
        beside.ref, worth.kind, stem.text, left, key, right, said.text, code, beside.clauses, beside.difficulty, beside.level,
        float(worth.best) if worth.best else None, media, tuple(dict.fromkeys(every)),
    )
    return checked(_truth(found))


def _key(worth: Worth, left: dict[str, str], right: dict[str, str], guides: Sequence[Marked]) -> object:
    """The key in codes of ours."""
    if worth.kind is Kind.SHORT:
        lines = [line.strip() for said in [*guides, *(Marked(text) for text in worth.key)] for line in said.text.split("\n")]
        return tuple(line[:MAX_LINE] for line in dict.fromkeys(filter(None, lines)))[:MAX_LINES]
    if worth.kind is Kind.FILL:
        return worth.key
    if worth.kind is Kind.MATCH:
        return {left[name]: right[other] for name, other in worth.key.items()}
    if worth.kind is Kind.SITUATIONAL:
        return {left[name]: share for name, share in worth.key.items()}
    return tuple(left[name] for name in worth.key)


def _side(entries: Sequence[tuple[str, Element | str]], beside: Beside, first: str) -> list[tuple[str, Option, Marked]]:
    """Options with the codes of the file where those are short, else A, B, C… or 1, 2, 3…"""
    names = [name for name, _what in entries]
    own = [name.lstrip("_") for name in names]
    if not all(_SHORT.fullmatch(name) for name in names) or len(set(own)) < len(own):
        own = [str(place + 1) if first == "1" or len(names) > MAX_OPTIONS else chr(ord(first) + place) for place in range(len(names))]
    texts = [Marked(what) if isinstance(what, str) else text([what], beside.find) for _name, what in entries]
    return [(name, Option(code, said.text), said) for name, code, said in zip(names, own, texts, strict=True)]


def _stem(elements: Sequence[Element], beside: Beside, asked: Part) -> Marked:
    """The text of the question with its gaps."""
    said = text(elements, beside.find, _shown(asked))
    words = _LINE_OF_GAP.sub("…", said.text) if asked.gaps else said.text
    return replace(said, text=_BESIDE.sub(f"{_HELD} ", words).replace(_HELD, GAP))


def _shown(asked: Part | None) -> Shown:
    """What stands for interactions, gaps and notes in the text of a question."""

    def shown(element: Element) -> str | list[Element] | None:
        name = element.tag
        if name == "rubricBlock":
            return list(element) if _for_candidates(element) else ""
        if name in ("textEntryInteraction", "inlineChoiceInteraction", "gap"):
            mine = element.get("identifier" if name == "gap" else "responseIdentifier", "")
            return GAP if asked is None else _HELD if mine in asked.gaps else asked.marks.get(mine, GAP)
        if name in ("hottextInteraction", "gapMatchInteraction"):
            return [child for child in element if child.tag not in ("gapText", "gapImg")]
        if INTERACTION.fullmatch(name) and name != "mediaInteraction":
            return list(element.iterchildren("prompt"))
        return None

    return shown


def _for_candidates(block: Element) -> bool:
    views = block.get("view", "candidate").split()
    return "candidate" in views or "testTaker" in views


def _unreachable(item: Element, processing: Processing, worth: Worth) -> Iterator[Note]:
    """Points of the item that no answer here can earn: somebody else gives them."""
    declared = processing.known.get("MAXSCORE")
    most = declared.start.one if declared and declared.start and declared.base in NUMBERS else None
    if most is not None and not isinstance(most, str | tuple) and most > worth.best:
        yield Note(Weight.LOST, "points_apart", (f"{float(worth.best):g}", f"{float(most):g}"))


def _truths(words: Sequence[str]) -> list[str]:
    """Which option says T and which F; [] unless these two are all."""
    sides = [next((side for side, known in TRUTHS.items() if word.strip().lower() in known), "") for word in words]
    return sides if sorted(sides) == ["F", "T"] else []


def _truth(found: Found) -> Found:
    """A choice between the two truths is a true/false question."""
    sides = _truths([option.text for option in found.options]) if found.kind is Kind.SINGLE else []
    right = [side for side, option in zip(sides, found.options, strict=False) if option.code in found.key]
    return replace(found, kind=Kind.TRUE_FALSE, options=TRUE_FALSE, key=tuple(right)) if right else found
