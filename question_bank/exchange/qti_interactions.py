"""The interactions of QTI as kinds of ours: what stands on the sides, in the file's identifiers, and what it is worth.

A choice of one is single or situational, menus and gaps to drag into are a
match (or a choice, where there is but one), pairs without a direction become a
match whose left side are the first of each pair.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from question_bank.exchange import qti_scoring
from question_bank.exchange.found import Note, Weight, Wrong
from question_bank.exchange.qti_processing import NONE, Processing
from question_bank.exchange.qti_scoring import Sides, Worth
from question_bank.exchange.qti_tree import flag, number, plain
from question_bank.exchange.qti_typed import typed
from question_bank.exchange.qti_values import SINGLE, Scalar
from question_bank.exchange.xml_tree import Element
from question_bank.key import MAX_ACCEPTED
from question_bank.kind import Kind

CHOSEN = {"choiceInteraction": "simpleChoice", "hottextInteraction": "hottext", "inlineChoiceInteraction": "inlineChoice"}


@dataclass(frozen=True)
class Part:
    """What is asked. ``left`` and ``right``: (identifier, its element, or its text); ``gaps``: what is shown as a gap; ``marks``: what
    is shown instead of an element of that identifier."""

    worth: Worth
    left: tuple[tuple[str, Element | str], ...] = ()
    right: tuple[tuple[str, Element | str], ...] = ()
    notes: tuple[Note, ...] = ()
    gaps: frozenset[str] = field(default=frozenset())
    marks: dict[str, str] = field(default_factory=dict)


def known_kinds(acts: Sequence[Element]) -> None:
    """Raises Wrong for an interaction that is not asked here."""
    for act in acts:
        if act.tag not in (*_READERS, "textEntryInteraction", "extendedTextInteraction"):
            raise Wrong("kind_unknown", _called(act)[:60])


def part(acts: Sequence[Element], processing: Processing) -> Part:
    """What the interactions of one item ask together; raises Wrong and Beyond."""
    names = {act.tag for act in acts}
    for act in acts:
        if act.get("responseIdentifier", "") not in processing.known:
            raise Wrong("answer_missing")
    if names == {"textEntryInteraction"}:
        keys = list(dict.fromkeys(act.get("responseIdentifier", "") for act in acts))
        if len(keys) < len(acts):
            raise Wrong("interactions_mixed", "textEntryInteraction")
        return Part(typed(processing, keys), gaps=frozenset(keys))
    if names == {"inlineChoiceInteraction"} and len(acts) > 1:
        return _menus(acts, processing)
    if names == {"extendedTextInteraction"}:
        return _extended(acts, processing)
    if len(acts) > 1:
        raise Wrong("interactions_mixed", "、".join(sorted(name.removesuffix("Interaction") for name in names)))
    return _READERS[acts[0].tag](acts[0], processing)


def _called(act: Element) -> str:
    """What an interaction is called; one that is a program of its own says so itself."""
    own = (element.get("customInteractionTypeIdentifier") for element in act.iter() if isinstance(element.tag, str))
    return next((name for name in own if name), None) or str(act.tag)


def _children(act: Element, *names: str) -> tuple[tuple[str, Element], ...]:
    found = tuple((child.get("identifier", ""), child) for child in act.iter(*names))
    if len({name for name, _child in found}) < len(found) or not found:
        raise Wrong("answer_unknown", next((name for name, _child in found), ""))
    return found


def _choice(act: Element, processing: Processing) -> Part:
    response, most = act.get("responseIdentifier", ""), number(act, "maxChoices", 0)
    options = _children(act, CHOSEN[act.tag])
    names = [name for name, _element in options]
    alone = processing.known[response].cardinality == SINGLE or most == 1 or act.tag == "inlineChoiceInteraction"
    worth = qti_scoring.one(processing, response, names) if alone else qti_scoring.several(processing, response, names, most)
    gaps = frozenset({response} if act.tag == "inlineChoiceInteraction" else ())
    return Part(worth, options, notes=tuple(_fixed(act, options)), gaps=gaps)


def _fixed(act: Element, options: Sequence[tuple[str, Element]]) -> list[Note]:
    """Options that stay in their place while the others are shuffled."""
    held = flag(act, "shuffle") and any(flag(element, "fixed") for _name, element in options)
    return [Note(Weight.LOST, "position_lost")] if held else []


def _order(act: Element, processing: Processing) -> Part:
    steps = _children(act, "simpleChoice")
    return Part(qti_scoring.order(processing, act.get("responseIdentifier", ""), [name for name, _element in steps]), steps)


def _pairs(processing: Processing, response: str, options: Sequence[tuple[str, Element]]) -> list[tuple[str, ...]]:
    """The right pairs: the correct ones, else those that earn something; raises Wrong."""
    declared = processing.known[response]
    if declared.correct:
        given: Sequence[Scalar] = declared.correct.items
    else:
        given = [key for key, points, _cased in declared.points.entries if points > 0] if declared.points else ()
    pairs: list[tuple[str, ...]] = [pair for pair in given if isinstance(pair, tuple) and len(pair) == 2]
    if not pairs:
        raise Wrong("answer_missing")
    known = {name for name, _element in options}
    if unknown := next((name for pair in pairs for name in pair if name not in known), ""):
        raise Wrong("answer_unknown", unknown)
    return pairs


def _match(act: Element, processing: Processing) -> Part:
    response = act.get("responseIdentifier", "")
    sets = [_children(element, "simpleAssociableChoice") for element in act.iterchildren("simpleMatchSet")]
    if len(sets) != 2:
        raise Wrong("answer_unknown", "simpleMatchSet")
    pairs = _pairs(processing, response, [*sets[0], *sets[1]])
    for turned in (False, True):
        left, right = sets[::-1] if turned else sets
        key = {pair[1] if turned else pair[0]: pair[0] if turned else pair[1] for pair in pairs}
        beside = {name for name, _element in right}
        if len(key) == len(pairs) and set(key) == {name for name, _element in left} and beside.issuperset(key.values()):
            sides = Sides(tuple(name for name, _element in left), tuple(name for name, _element in right), turned)
            ordered = {name: key[name] for name in sides.left}
            return Part(qti_scoring.match(processing, response, sides, ordered), left, right, tuple(_fixed(act, [*left, *right])))
    raise Wrong("pairs_uneven")


def _associate(act: Element, processing: Processing) -> Part:
    response = act.get("responseIdentifier", "")
    options = _children(act, "simpleAssociableChoice")
    pairs = _pairs(processing, response, options)
    ends = [name for pair in pairs for name in pair]
    if len(set(ends)) < len(ends) or len(pairs) < 2:
        raise Wrong("pairs_uneven")
    places = {name: place for place, (name, _element) in enumerate(options)}
    key = {min(pair, key=lambda name: places.get(name, 0)): max(pair, key=lambda name: places.get(name, 0)) for pair in pairs}
    left = tuple(option for option in options if option[0] in key)
    right = tuple(option for option in options if option[0] not in key)
    sides = Sides(tuple(name for name, _element in left), tuple(name for name, _element in right), loose=True)
    worth = qti_scoring.match(processing, response, sides, {name: key[name] for name in sides.left})
    return Part(worth, left, right, (Note(Weight.LOST, "sides_made"),))


def _gap_match(act: Element, processing: Processing) -> Part:
    response = act.get("responseIdentifier", "")
    dragged, gaps = _children(act, "gapText", "gapImg"), _children(act, "gap")
    if len(gaps) == 1:
        gap = gaps[0][0]
        worth = qti_scoring.one(processing, response, [name for name, _element in dragged], lambda name: (name, gap))
        return Part(worth, dragged, gaps=frozenset({gap}))
    pairs = _pairs(processing, response, [*dragged, *gaps])
    key = {pair[1]: pair[0] for pair in pairs}
    named = {name for name, _element in dragged}
    if set(key) != {name for name, _element in gaps} or len(key) < len(pairs) or not named.issuperset(key.values()):
        raise Wrong("pairs_uneven")
    sides = Sides(tuple(name for name, _element in gaps), tuple(name for name, _element in dragged), turned=True)
    worth = qti_scoring.match(processing, response, sides, {name: key[name] for name in sides.left})
    left = tuple((name, f"【{place}】") for place, name in enumerate(sides.left, 1))
    return Part(worth, left, dragged, marks=dict(left))


def _menus(acts: Sequence[Element], processing: Processing) -> Part:
    """Several menus in a text, as a match of their places with everything that they offer."""
    offered: dict[str, dict[str, str]] = {}
    right: dict[str, Element] = {}
    for act in acts:
        options = _children(act, "inlineChoice")
        offered[act.get("responseIdentifier", "")] = {plain(element): name for name, element in options}
        right.update({plain(element): element for _name, element in options if plain(element) not in right})
    if len(offered) < len(acts):
        raise Wrong("interactions_mixed", "inlineChoiceInteraction")
    key = {}
    for response, said in offered.items():
        correct = processing.known[response].correct
        points = processing.known[response].points
        mapped = sorted(points.entries, key=lambda entry: -entry[1]) if points else []
        names = [str(correct.one)] if correct else [str(name) for name, _points, _cased in mapped]
        key[response] = next((text for name in names for text, code in said.items() if code == name), "")
        if not key[response]:
            raise Wrong("answer_missing")
    worth = qti_scoring.menus(processing, {name: name for name in offered}, offered, key)
    left = tuple((name, f"【{place}】") for place, name in enumerate(offered, 1))
    return Part(worth, left, tuple(right.items()), (Note(Weight.LOST, "menus_joined"),), marks=dict(left))


def _extended(acts: Sequence[Element], processing: Processing) -> Part:
    """An answer in one's own words: read by a person, unless the file itself counts it and it is as short as a gap's."""
    names = [act.get("responseIdentifier", "") for act in acts]
    texts = [str(text) for name in names if (correct := processing.known[name].correct) for text in correct.items]
    short = Part(Worth(Kind.SHORT, tuple(texts), qti_scoring.NOTHING))
    if len(acts) > 1 or processing.by_hand or processing.way == NONE or not texts or max(map(len, texts)) > MAX_ACCEPTED:
        return short
    return replace(short, worth=typed(processing, names))


_READERS: dict[str, Callable[[Element, Processing], Part]] = {
    "choiceInteraction": _choice, "hottextInteraction": _choice, "inlineChoiceInteraction": _choice, "orderInteraction": _order,
    "matchInteraction": _match, "associateInteraction": _associate, "gapMatchInteraction": _gap_match,
}
