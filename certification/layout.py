"""The paper as one person sees it: slots in their order, options in theirs, ids that say nothing.

A form is one for a whole sitting; a layout is drawn from it once, at the start
of an attempt, and never changes. Answers travel and are kept with opaque option
ids, different for every attempt, so that nothing can be learnt from an id or
passed on to a neighbour. Source: surface.md, "Attempt"; promises.md, "Nobody
gets in", 1.
"""

import base64
import hmac
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import msgspec

from question_bank.fill import BLANK, gaps
from question_bank.item import ItemFace
from question_bank.kind import PICKS_ONE, WITHOUT_OPTIONS, Kind
from question_bank.rich_text import bare, html, is_rich, line

GAP = "____"
"""How every gap of a stem is shown: a longer line could tell of a longer answer."""


class Slot(msgspec.Struct, frozen=True, array_like=True):
    """One place of a layout; its number is its position, counted from 1.

    ``shown`` are the option codes in the order in which this person sees them
    (of a match: the left side), ``right`` the right side of a match, ``blanks``
    how many texts a fill takes. An ``unscored`` slot looks like the others and
    counts nothing.
    """

    section: int
    version: int
    points: float
    kind: str
    shown: tuple[str, ...] = ()
    right: tuple[str, ...] = ()
    blanks: int = 0
    unscored: bool = False


class Paper(msgspec.Struct, frozen=True):
    """An attempt's layout together with the secret that its option ids are made of."""

    slots: tuple[Slot, ...]
    secret: bytes

    def slot(self, number: int) -> Slot | None:
        """The slot of that number, or None."""
        return self.slots[number - 1] if 0 < number <= len(self.slots) else None

    def ids(self, number: int, codes: Iterable[str]) -> dict[str, str]:
        """Opaque ids of a slot's option codes: ``{id: code}``, in the order given."""
        return {option_id(self.secret, number, code): code for code in codes}

    def right_ids(self, number: int, codes: Iterable[str]) -> dict[str, str]:
        """The same of the right side of a match."""
        return {right_id(self.secret, number, code): code for code in codes}


_DECODER = msgspec.json.Decoder(tuple[Slot, ...])
_CANONICAL = msgspec.json.Encoder(order="sorted")


def read_layout(text: str | bytes) -> tuple[Slot, ...]:
    """A layout out of its JSON text."""
    return _DECODER.decode(text)


@lru_cache(maxsize=32_768)
def option_id(secret: bytes, slot: int, code: str) -> str:
    """What the candidate's side calls an option: 8 characters that tell nothing without ``secret``."""
    digest = hmac.digest(secret, f"{slot}:{code}".encode(), "sha256")
    return base64.urlsafe_b64encode(digest[:6]).decode()


@lru_cache(maxsize=8192)
def right_id(secret: bytes, slot: int, code: str) -> str:
    """The same for the right side of a match: a code that stands on both sides gets two ids that have nothing in common."""
    digest = hmac.digest(secret, f"{slot}>{code}".encode(), "sha256")
    return base64.urlsafe_b64encode(digest[:6]).decode()


def canonical(value: Any) -> str:
    """The one JSON text of a value: no spaces, keys sorted, UTF-8."""
    return _CANONICAL.encode(value).decode()


def lay_out(sections: Sequence[Mapping[str, Any]], faces: Mapping[int, ItemFace], shuffle: bool, seed: bytes) -> tuple[Slot, ...]:
    """Draw a person's layout from a form's ``sections`` ([{"slots": [[version, points], …], "canaries": [version, …]}]).

    Items change places inside their section only; true and false keep theirs.
    What is to be put in order, and the right side of a match, is mixed whether
    or not ``shuffle`` is on: the written order could be the key. Canaries stand among the others, unscored.
    """
    dice = random.Random(seed)
    slots = []
    for index, section in enumerate(sections):
        canaries = frozenset(section.get("canaries", ()))
        entries = with_canaries(section)
        if shuffle:
            dice.shuffle(entries)
        slots += [_slot(index, version, points, faces[version], shuffle, dice, version in canaries) for version, points in entries]
    return tuple(slots)


def with_canaries(section: Mapping[str, Any]) -> list[tuple[int, float]]:
    """A section's (version, points) with its canaries among them, worth what a neighbour is.

    Their places are the form's, not the person's: where nobody's questions change
    places, the one that moved would stand out between two neighbours.
    """
    entries = [(version, points) for version, points in section["slots"]]
    canaries = section.get("canaries", ())
    dice = random.Random(f"{canaries}{entries}")
    for version in canaries if entries else ():
        at = dice.randrange(len(entries) + 1)
        entries.insert(at, (version, entries[max(0, at - 1)][1]))
    return entries


def versions(sections: Sequence[Mapping[str, Any]]) -> list[int]:
    """Every item version that a form asks, canaries too."""
    return [version for section in sections for version, _points in with_canaries(section)]


def _slot(
    section: int, version: int, points: float, face: ItemFace, shuffle: bool, dice: random.Random, unscored: bool = False
) -> Slot:
    blanks = gaps(face.stem) if face.kind is Kind.FILL else 0
    codes, right = [option.code for option in face.options], [option.code for option in face.right]
    if face.kind is Kind.ORDER:
        codes = _mixed(codes, dice)
    elif shuffle and face.kind is not Kind.TRUE_FALSE:
        dice.shuffle(codes)
    dice.shuffle(right)
    return Slot(section, version, points, face.kind, tuple(codes), tuple(right), blanks, unscored)


def _mixed(codes: Sequence[str], dice: random.Random) -> list[str]:
    """``codes`` in another order than the written one, which is the right one more often than not.

    Two change places or not as the dice say: never as written would always be the other way round.
    """
    mixed = list(codes)
    dice.shuffle(mixed)
    while mixed == list(codes) and len(mixed) > 2:
        dice.shuffle(mixed)
    return mixed


def fits(paper: Paper, number: int, answer: Any) -> bool:
    """Whether ``answer`` has the shape that the slot's kind takes (surface.md, "Answers"); null clears every kind."""
    slot = paper.slots[number - 1]
    if answer is None:
        return True
    if slot.kind in PICKS_ONE:
        if isinstance(answer, list) and len(answer) == 1:
            answer = answer[0]
        return isinstance(answer, str) and _one_of(paper.secret, number, slot.shown, answer)
    if slot.kind in (Kind.MULTIPLE, Kind.ORDER):
        return _texts(answer) and len(set(answer)) == len(answer) and _known(paper, number, slot.shown, answer)
    if slot.kind == Kind.MATCH:
        return (
            isinstance(answer, dict) and _texts([*answer.values()])
            and _known(paper, number, slot.shown, answer.keys()) and _known(paper, number, slot.right, answer.values(), right_id)
        )
    if slot.kind == Kind.FILL:
        return _texts(answer) and len(answer) == slot.blanks
    return isinstance(answer, str)


def _one_of(secret: bytes, number: int, codes: Sequence[str], wanted: str) -> bool:
    for code in codes:  # noqa: SIM110 - runs for every answer of everybody, and a generator costs more than the rest
        if option_id(secret, number, code) == wanted:
            return True
    return False


def _texts(answer: Any) -> bool:
    return isinstance(answer, list) and all(isinstance(entry, str) for entry in answer)


def _known(
    paper: Paper, number: int, codes: Sequence[str], ids: Iterable[str], name: Callable[[bytes, int, str], str] = option_id
) -> bool:
    """Whether all ``ids`` are the slot's own; stops as soon as they are found."""
    wanted = set(ids)
    for code in codes:
        if not wanted:
            break
        wanted.discard(name(paper.secret, number, code))
    return not wanted


def in_codes(paper: Paper, number: int, answer: Any) -> Any:
    """A kept answer with option codes instead of opaque ids, as grading reads it; an id that is not the slot's is dropped."""
    slot = paper.slots[number - 1]
    if answer is None or slot.kind in WITHOUT_OPTIONS:
        return answer
    codes = paper.ids(number, slot.shown)
    if slot.kind in PICKS_ONE:
        return codes.get(answer[0] if isinstance(answer, list) else answer)
    if slot.kind == Kind.MATCH:
        right = paper.right_ids(number, slot.right)
        return {codes[one]: right[other] for one, other in answer.items() if one in codes and other in right}
    return [codes[one] for one in answer if one in codes]


def in_ids(paper: Paper, number: int, said: Any) -> Any:
    """The other way round: an answer in option codes as this person's side would send it."""
    slot = paper.slots[number - 1]
    if said is None or slot.kind in WITHOUT_OPTIONS:
        return said
    if slot.kind == Kind.MATCH:
        return {option_id(paper.secret, number, one): right_id(paper.secret, number, other) for one, other in said.items()}
    if isinstance(said, str):
        return option_id(paper.secret, number, said)
    return [option_id(paper.secret, number, one) for one in said]


def shown(paper: Paper, faces: Mapping[int, ItemFace], titles: Sequence[Any]) -> list[dict[str, Any]]:
    """The paper as the candidate's side gets it: ``[{"title", "items": [{slot, kind, stem, points, options, …}]}]``, faces only."""
    sections: list[dict[str, Any]] = [{"title": title, "items": []} for title in titles]
    for number, slot in enumerate(paper.slots, 1):
        sections[slot.section]["items"].append(_item(paper, number, slot, faces[slot.version]))
    return sections


def _item(paper: Paper, number: int, slot: Slot, face: ItemFace) -> dict[str, Any]:
    texts = {option.code: _told(option.text, line) for option in face.options}
    left = [{"id": key, **texts[code]} for key, code in paper.ids(number, slot.shown).items()]
    points = int(slot.points) if slot.points == int(slot.points) else slot.points
    asked = _told(face.stem, html)
    item = {"slot": number, "kind": slot.kind, "stem": asked.pop("text"), **asked, "points": points, "options": left}
    if slot.kind == Kind.MULTIPLE:
        item["max_pick"] = len(left)  # how many are right is the key's to know
    elif slot.kind == Kind.FILL:
        item["blanks"] = slot.blanks
        item.update({name: BLANK.sub(GAP, item[name]) for name in ("stem", "html") if name in item})
    elif slot.kind == Kind.MATCH:
        item["left"], item["options"] = left, []
        beside = {option.code: _told(option.text, line) for option in face.right}
        item["right"] = [{"id": key, **beside[code]} for key, code in paper.right_ids(number, slot.right).items()]
    return item


def _told(text: str, shown_as: Callable[[str], str]) -> dict[str, Any]:
    """A text as it is sent: in plain words, and as HTML beside them where it is more than a sentence."""
    return {"text": bare(text), "html": shown_as(text)} if is_rich(text) else {"text": text}


def is_blank(answer: Any) -> bool:
    """Whether an answer says nothing: cleared, or only empty texts."""
    if isinstance(answer, list):
        return not any(str(entry).strip() for entry in answer)
    return not answer.strip() if isinstance(answer, str) else not answer
