"""The expressions of QTI: what they say of an attempt.

Whatever is random, looks at a picture or calls another program is ``Beyond``.
NULL is None, and what is compared with it is NULL too. Source: IMS QTI 2.2,
"Expressions".
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import floor, trunc
from typing import Any

from question_bank.exchange.qti_values import MULTIPLE, NUMBERS, ORDERED, SINGLE, Beyond, Declaration, Value, cased, scalar
from question_bank.exchange.xml_tree import Element

STEPS = 100_000
"""Rules and expressions that are followed for one item, over all attempts that are tried."""


@dataclass(frozen=True)
class Rule:
    """A rule or an expression."""

    name: str
    attributes: Mapping[str, str]
    parts: tuple["Rule", ...]
    text: str


def rules(element: Element) -> Rule:
    """An element with everything in it."""
    parts = tuple(rules(child) for child in element if isinstance(child.tag, str))
    return Rule(element.tag, dict(element.attrib), parts, element.text or "")


class Budget:
    """Counts the steps of one item."""

    def __init__(self) -> None:
        self.spent = 0

    def step(self, rule: Rule) -> None:
        """One more; raises Beyond past the limit."""
        self.spent += 1
        if self.spent > STEPS:
            raise Beyond(rule.name)


def same(one: Value | None, other: Value | None) -> bool:
    """Whether two values are equal; the order counts in an ordered container only."""
    if one is None or other is None:
        return False
    if MULTIPLE in (one.cardinality, other.cardinality):
        return sorted(map(repr, one.items)) == sorted(map(repr, other.items))
    return one.items == other.items


def _number(value: Fraction | int) -> Value:
    return Value(SINGLE, (Fraction(value),))


def _truth(value: bool) -> Value:
    return Value(SINGLE, (value,))


class Attempt:
    """One attempt: the answers that were given and the outcomes so far."""

    def __init__(
        self, known: Mapping[str, Declaration], answers: Mapping[str, Value | None], outcomes: dict[str, Value | None], budget: Budget
    ) -> None:
        self.known, self.answers, self.outcomes, self.budget = known, answers, outcomes, budget

    def holds(self, rule: Rule) -> bool:
        """Whether a condition is true; NULL is not. Raises Beyond."""
        value = self.value(rule)
        return value is not None and value.one is True

    def one(self, rule: Rule, kind: type) -> Any:
        """The single value of an expression, None for NULL; raises Beyond where it is of another type."""
        value = self.value(rule)
        if value is None:
            return None
        if not isinstance(value.one, kind) or len(value.items) > 1:
            raise Beyond(rule.name)
        return value.one

    def value(self, rule: Rule) -> Value | None:
        """What an expression says; raises Beyond."""
        self.budget.step(rule)
        name = rule.attributes.get("identifier", "")
        declared = self.known.get(name)
        if rule.name == "baseValue":
            return Value(SINGLE, (scalar(rule.attributes.get("baseType", "string"), rule.text),))
        if rule.name == "null":
            return None
        if rule.name in ("variable", "correct", "mapResponse", "mapTolResponse", "default"):
            return self._of(rule, name, declared)
        if rule.name in _LOGIC:
            if len(rule.parts) != (1 if rule.name in _ALONE else 2) and rule.name not in ("and", "or"):
                raise Beyond(rule.name)
            return _LOGIC[rule.name](self, rule)
        if rule.name in ("multiple", "ordered"):
            items = tuple(item for part in rule.parts if (found := self.value(part)) for item in found.items)
            return Value(MULTIPLE if rule.name == "multiple" else ORDERED, items) if items else None
        if rule.name not in _NUMERIC or not rule.parts:
            raise Beyond(rule.name)
        numbers = [number for part in rule.parts for number in self._numbers(part)]
        return None if None in numbers else _number(_NUMERIC[rule.name]([number for number in numbers if number is not None]))

    def _of(self, rule: Rule, name: str, declared: Declaration | None) -> Value | None:
        """What is known of a variable; it is the first attempt. A mapping with a tolerance (ONYX) is one without it for texts."""
        if rule.name == "variable" and name == "numAttempts":
            return _number(1)
        if declared is None or (rule.name == "mapTolResponse" and declared.base in NUMBERS):
            raise Beyond(name or rule.name)
        if rule.name == "variable":
            return self.answers[name] if name in self.answers else self.outcomes.get(name)
        if rule.name not in ("mapResponse", "mapTolResponse"):
            return declared.correct if rule.name == "correct" else declared.start
        if declared.points is None:
            raise Beyond(rule.name)
        return _number(declared.points.of(self.answers.get(name)))

    def _numbers(self, rule: Rule) -> list[Fraction | None]:
        value = self.value(rule)
        if value is None:
            return [None]
        if not all(isinstance(item, Fraction) for item in value.items):
            raise Beyond(rule.name)
        return [item for item in value.items if isinstance(item, Fraction)]


def _both(run: Attempt, rule: Rule) -> tuple[Value, Value] | None:
    """The two sides of a comparison; None where one of them is NULL."""
    one, other = run.value(rule.parts[0]), run.value(rule.parts[1])
    return None if one is None or other is None else (one, other)


def _match(run: Attempt, rule: Rule) -> Value | None:
    sides = _both(run, rule)
    return sides and _truth(same(*sides))


def _logical(run: Attempt, rule: Rule) -> Value | None:
    said = [run.value(part) for part in rule.parts]
    truths = [value is not None and value.one is True for value in said]
    if rule.name == "isNull":
        return _truth(said == [None])
    if rule.name == "not":
        return None if said == [None] else _truth(not any(truths))
    return _truth(all(truths) if rule.name == "and" else any(truths))


def _compared(run: Attempt, rule: Rule) -> Value | None:
    one, other = (run.one(part, Fraction) for part in rule.parts)
    if one is None or other is None:
        return None
    ways = {"lt": one < other, "lte": one <= other, "gt": one > other, "gte": one >= other}
    return _truth(ways[rule.name])


def _equal(run: Attempt, rule: Rule) -> Value | None:
    one, other = (run.one(part, Fraction) for part in rule.parts)
    if one is None or other is None:
        return None
    if rule.name == "equalRounded":
        figures = rule.attributes.get("figures", "")
        if rule.attributes.get("roundingMode", "significantFigures") != "decimalPlaces" or not figures.isdigit() or int(figures) > 15:
            raise Beyond(rule.name)
        return _truth(_rounded(one, int(figures)) == _rounded(other, int(figures)))
    low, high = margin(rule, one)
    return _truth(low <= other <= high)


def _rounded(number: Fraction, places: int) -> int:
    moved: Fraction = number * Fraction(10) ** places + Fraction(1, 2)
    return floor(moved)


def margin(rule: Rule, middle: Fraction) -> tuple[Fraction, Fraction]:
    """The numbers that ``equal`` takes for ``middle``, from and to; raises Beyond."""
    said = [scalar("float", text) for text in rule.attributes.get("tolerance", "").split()]
    sizes = [size for size in said if isinstance(size, Fraction)] or [Fraction(0)]
    mode = rule.attributes.get("toleranceMode", "exact")
    if mode == "exact":
        return middle, middle
    if mode == "relative":
        sizes = [abs(middle) * size / 100 for size in sizes]
    return middle - sizes[0], middle + sizes[-1]


def _strings(run: Attempt, rule: Rule) -> Value | None:
    one, other = (run.one(part, str) for part in rule.parts)
    if one is None or other is None:
        return None
    if not cased(rule.attributes.get("caseSensitive", "")):
        one, other = one.casefold(), other.casefold()
    part = rule.name == "substring" or rule.attributes.get("substring") in ("true", "1")
    return _truth(one in other if rule.name == "substring" else other in one if part else one == other)


def _member(run: Attempt, rule: Rule) -> Value | None:
    sides = _both(run, rule)
    if sides is None:
        return None
    one, other = sides
    if rule.name == "member":
        return _truth(one.one in other.items)
    if one.cardinality == ORDERED:
        raise Beyond(rule.name)
    return _truth(all(one.items.count(item) >= other.items.count(item) for item in other.items))


def _container(run: Attempt, rule: Rule) -> Value | None:
    if rule.name == "containerSize":
        value = run.value(rule.parts[0])
        return _number(len(value.items) if value else 0)
    if rule.name == "delete":
        sides = _both(run, rule)
        if sides is None:
            return None
        left = tuple(item for item in sides[1].items if item != sides[0].one)
        return Value(sides[1].cardinality, left) if left else None
    value, place = run.value(rule.parts[0]), rule.attributes.get("n", "")
    if not place.isdigit():
        raise Beyond(rule.name)
    return Value(SINGLE, (value.items[int(place) - 1],)) if value and 1 <= int(place) <= len(value.items) else None


def _product(numbers: list[Fraction]) -> Fraction:
    found = Fraction(1)
    for number in numbers:
        found *= number
        if found.numerator.bit_length() + found.denominator.bit_length() > 2000:
            raise Beyond("product")
    return found


def _quotient(numbers: list[Fraction]) -> Fraction:
    if len(numbers) != 2 or not numbers[1]:
        raise Beyond("divide")
    return numbers[0] / numbers[1]


def _difference(numbers: list[Fraction]) -> Fraction:
    if len(numbers) != 2:
        raise Beyond("subtract")
    return numbers[0] - numbers[1]


_ALONE = frozenset({"isNull", "not", "containerSize", "index"})
_LOGIC: dict[str, Callable[[Attempt, Rule], Value | None]] = {
    "match": _match, "isNull": _logical, "not": _logical, "and": _logical, "or": _logical, "lt": _compared, "lte": _compared,
    "gt": _compared, "gte": _compared, "equal": _equal, "equalRounded": _equal, "stringMatch": _strings, "substring": _strings,
    "member": _member, "contains": _member, "containerSize": _container, "index": _container, "delete": _container,
}
_NUMERIC: dict[str, Callable[[list[Fraction]], Fraction | int]] = {
    "sum": lambda numbers: sum(numbers, Fraction(0)), "product": _product, "subtract": _difference, "divide": _quotient, "min": min,
    "max": max, "round": lambda numbers: floor(numbers[0] + Fraction(1, 2)), "truncate": lambda numbers: trunc(numbers[0]),
    "integerToFloat": lambda numbers: numbers[0], "integerDivide": lambda numbers: floor(_quotient(numbers)),
}
