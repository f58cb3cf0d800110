"""The values of QTI: what a variable holds, how a declaration gives it, and the mappings from answers to points.

Numbers are exact. A pair without a direction is kept sorted, so that A B is B A.
NULL is None, an empty container too. Source: IMS QTI 2.2, "Basic Data Types".
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeAlias

from question_bank.exchange.xml_tree import Element

Scalar: TypeAlias = str | Fraction | bool | tuple[str, ...]
SINGLE, MULTIPLE, ORDERED = "single", "multiple", "ordered"
NUMBERS = frozenset({"integer", "float"})
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,18}(?:\.[0-9]{0,18})?|\.[0-9]{1,18})(?:[eE][+-]?[0-9]{1,2})?")


class Beyond(Exception):
    """What the file says is not followed here: the name of the element."""


@dataclass(frozen=True)
class Value:
    """Something that is not NULL."""

    cardinality: str
    items: tuple[Scalar, ...]

    @property
    def one(self) -> Scalar:
        """The only item; of a container the first."""
        return self.items[0]


@dataclass(frozen=True)
class Points:
    """A mapping: what each answer earns, by its key as it is compared without capitals; the key itself where capitals count."""

    entries: tuple[tuple[Scalar, Fraction, bool], ...]
    default: Fraction = Fraction(0)
    lower: Fraction | None = None
    upper: Fraction | None = None

    def of(self, value: Value | None) -> Fraction:
        """What an answer earns, within the bounds; each item of a container counts once."""
        items = dict.fromkeys(value.items) if value else {}
        earned = sum((self._entry(item) for item in items), Fraction(0)) if items else Fraction(0)
        if self.lower is not None:
            earned = max(self.lower, earned)
        return earned if self.upper is None else min(self.upper, earned)

    def _entry(self, item: Scalar) -> Fraction:
        for key, points, cased in self.entries:
            if key == item or (not cased and isinstance(key, str) and isinstance(item, str) and key.casefold() == item.casefold()):
                return points
        return self.default


@dataclass(frozen=True)
class Declaration:
    """A variable of an item; ``start`` is its value before anything happens."""

    name: str
    cardinality: str
    base: str
    start: Value | None = None
    correct: Value | None = None
    points: Points | None = None
    table: tuple[tuple[Fraction, bool, Scalar], ...] = field(default=())
    """Of an outcome, what ``lookupOutcomeValue`` finds: (number, whether it is a lower limit, value)."""

    def value(self, *items: Scalar) -> Value | None:
        """A value of this variable's shape."""
        return Value(self.cardinality, items) if items else None


def scalar(base: str, said: str) -> Scalar:
    """One value as it is written; raises Beyond where it is not of the type."""
    text = said.strip()
    if base in NUMBERS:
        return exact(text)
    if base == "boolean":
        return text.lower() in ("true", "1")
    if base in ("pair", "directedPair"):
        ends = tuple(text.split())
        if len(ends) != 2:
            raise Beyond(base)
        return ends if base == "directedPair" else tuple(sorted(ends))
    if base in ("point", "file"):
        raise Beyond(base)
    return text


def exact(text: str) -> Fraction:
    """A number as it is written; raises Beyond."""
    if not _NUMBER.fullmatch(text.strip()):
        raise Beyond(text[:40] or "float")
    return Fraction(text.strip())


def declarations(item: Element) -> Mapping[str, Declaration]:
    """The variables of an item by name; raises Beyond."""
    found = {}
    for element in item.iterchildren("responseDeclaration", "outcomeDeclaration"):
        base, name = element.get("baseType", ""), element.get("identifier", "")
        if element.get("cardinality") == "record" or not name:
            raise Beyond(element.get("cardinality", "") or "identifier")
        cardinality = element.get("cardinality", SINGLE)
        mapping = element.find("mapping")
        found[name] = Declaration(
            name, cardinality, base, _given(element.find("defaultValue"), cardinality, base),
            _given(element.find("correctResponse"), cardinality, base), None if mapping is None else _points(mapping, base),
            tuple(_table(element, base)),
        )
    return found


def _given(element: Element | None, cardinality: str, base: str) -> Value | None:
    texts = [] if element is None else ["".join(value.itertext()) for value in element.iterchildren("value")]
    items = tuple(scalar(base, text) for text in texts if text.strip())
    return Value(cardinality, items[:1] if cardinality == SINGLE else items) if items else None


def _points(mapping: Element, base: str) -> Points:
    entries = tuple(
        (scalar(base, entry.get("mapKey", "")), exact(entry.get("mappedValue", "")), cased(entry.get("caseSensitive", "")))
        for entry in mapping.iterchildren("mapEntry")
        if entry.get("mapKey", "").strip()
    )
    lower, upper = mapping.get("lowerBound"), mapping.get("upperBound")
    return Points(
        entries, exact(mapping.get("defaultValue", "0")), exact(lower) if lower else None, exact(upper) if upper else None
    )


def cased(said: str) -> bool:
    """Whether capitals count, by the attribute ``caseSensitive``; they do where it says nothing."""
    return said.strip().lower() not in ("false", "0")


def _table(element: Element, base: str) -> list[tuple[Fraction, bool, Scalar]]:
    rows = [
        (exact(entry.get("sourceValue", "")), entry.tag == "interpolationTableEntry", scalar(base, entry.get("targetValue", "")))
        for entry in element.iter("matchTableEntry", "interpolationTableEntry")
    ]
    return sorted(rows, key=lambda row: row[0], reverse=True) if rows and rows[0][1] else rows
