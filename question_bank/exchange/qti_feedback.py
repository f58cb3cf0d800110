"""What a QTI item says after an answer, as one rationale.

What is shown for the best answer, or calls itself a solution, is the rationale.
What is shown for one wrong option stands below it by the option's code
(``feedback_merged``); the rest speaks to somebody who answers wrongly and is
``feedback_lost``.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from question_bank.exchange.found import Media, Note, Weight
from question_bank.exchange.markup import Marked
from question_bank.exchange.qti_processing import Outcomes, Processing
from question_bank.exchange.qti_scoring import Worth
from question_bank.exchange.qti_tree import flag, text
from question_bank.exchange.qti_values import Beyond, Value
from question_bank.exchange.xml_tree import Element
from question_bank.kind import PICKS_ONE, Kind


@dataclass(frozen=True)
class Said:
    """A rationale and what became of the rest."""

    text: str
    notes: tuple[Note, ...] = ()
    media: tuple[Media, ...] = ()


def rationale(
    item: Element, processing: Processing, worth: Worth, codes: Mapping[str, str], find: Callable[[str], str | None],
    guides: Sequence[Marked],
) -> Said:
    """The rationale; ``codes`` are ours by the file's option, ``guides`` what the file says to markers."""
    blocks = [*item.iter("feedbackBlock", "feedbackInline"), *item.iterchildren("modalFeedback")]
    best = _outcomes(processing, worth.answer)
    shown = [block for block in blocks if _visible(block, best) or _solves(block)]
    lines = [text([block], find) for block in shown] + list(guides)
    notes = [note for line in lines for note in line.notes]
    media = [one for line in lines for one in line.media]
    said = list(dict.fromkeys(line.text for line in lines if line.text))
    left = [block for block in blocks if block not in shown and text([block], find).text]
    merged = []
    for option, outcomes in _others(processing, worth, codes):
        for block in [block for block in left if _visible(block, outcomes)]:
            more = text([block], find)
            merged.append((block, f"{codes[option]}：{more.text}"))
            notes += more.notes
    for block in left:
        found = [line for one, line in merged if one is block]
        if len(found) == 1:
            said += found
            notes.append(Note(Weight.LOST, "feedback_merged"))
        else:
            notes.append(Note(Weight.LOST, "feedback_lost"))
    return Said("\n".join(said), tuple(dict.fromkeys(notes)), tuple(media))


def _others(processing: Processing, worth: Worth, codes: Mapping[str, str]) -> Iterator[tuple[str, Outcomes]]:
    """What is shown for each other option, chosen alone."""
    if worth.kind not in (*PICKS_ONE, Kind.MULTIPLE) or not worth.answer:
        return
    (name, best), = worth.answer.items()
    for option in codes if best else ():
        if best and option not in best.items and all(isinstance(item, str) for item in best.items):
            yield option, _outcomes(processing, {name: Value(best.cardinality, (option,))})


def _outcomes(processing: Processing, answer: Mapping[str, Value | None] | None) -> Outcomes:
    """What is said after an answer; where that is not known, what stands there from the beginning."""
    try:
        return processing.outcomes(answer or {})
    except Beyond:
        return {name: declared.start for name, declared in processing.known.items()}


def _solves(block: Element) -> bool:
    return any("solution" in block.get(name, "").lower() for name in ("outcomeIdentifier", "identifier"))


def _visible(block: Element, outcomes: Outcomes) -> bool:
    value = outcomes.get(block.get("outcomeIdentifier", ""))
    named = value is not None and block.get("identifier", "") in value.items
    hides = block.get("showHide", "show") == "hide" or flag(block, "hide")
    return named is not hides
