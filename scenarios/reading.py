"""Typed reading of a file's tree: closed shapes, with a finding (codes 002 to 005) for whatever does not fit.

A value that does not fit is replaced by a harmless one, so that one run tells
all faults of a file and not only the first.
"""

import re
from collections.abc import Collection, Iterable
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from scenarios.finding import Finding, finding
from scenarios.language import HUNDREDTH, Wording
from scenarios.source import Tree

N = TypeVar("N", int, float)
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,39}")
"""An id: also what a play's notation can carry without quoting."""
MOST_POINTS = 1000
LONGEST_TEXT = 4000
_MAPPING = ("若干“名称: 值”", "a mapping of names to values")
_LIST = ("列表", "a list")


class Reader:
    """Collects findings, and the texts in both languages, while a tree is read."""

    def __init__(self) -> None:
        self.found: list[Finding] = []
        self.wordings: list[Wording] = []

    def say(self, saying: str, line: int, path: str, near: tuple[str, Iterable[str]] | None = None, **words: object) -> None:
        """Note a finding."""
        self.found.append(finding(saying, line, path, (), near, **words))

    def wrong(self, tree: Tree, path: str, zh: str, en: str) -> None:
        """Note that the value is of the wrong type."""
        self.say("wrong_type", tree.line, path, name=path.rpartition(".")[2] or path, zh=zh, en=en)

    def fields(self, tree: Tree, path: str, allowed: Collection[str], required: Iterable[str] = ()) -> dict[str, Tree]:
        """The mapping's known fields."""
        if tree.fields is None:
            self.wrong(tree, path or "scenario", *_MAPPING)
            return {}
        for name, value in tree.fields.items():
            if name not in allowed:
                self.say("unknown_field", value.line, _inside(path, name), (name, sorted(allowed)), name=name)
        for name in required:
            if name not in tree.fields:
                self.say("missing_field", tree.line, _inside(path, name), name=name)
        return {name: value for name, value in tree.fields.items() if name in allowed}

    def mapping(self, tree: Tree | None, path: str) -> dict[str, Tree]:
        """A mapping whose keys are ids."""
        if tree is None:
            return {}
        if tree.fields is None:
            self.wrong(tree, path, *_MAPPING)
            return {}
        for name, value in tree.fields.items():
            if not NAME.fullmatch(name):
                self.say("bad_name", value.line, _inside(path, name), value=name)
        return tree.fields

    def items(self, tree: Tree | None, path: str) -> tuple[Tree, ...]:
        """The values of a list."""
        if tree is None:
            return ()
        if tree.items is None:
            self.wrong(tree, path, *_LIST)
            return ()
        return tree.items

    def text(self, tree: Tree | None, path: str) -> str:
        """A single text; a number is taken as it was typed."""
        if tree is None:
            return ""
        if tree.tag not in {"str", "int", "float", "bool"} or len(tree.text) > LONGEST_TEXT:
            self.wrong(tree, path, "文字", "a text")
            return ""
        return tree.text

    def name(self, tree: Tree | None, path: str) -> str:
        """An id."""
        text = self.text(tree, path)
        if tree is not None and text and not NAME.fullmatch(text):
            self.say("bad_name", tree.line, path, value=text)
        return text

    def texts(self, tree: Tree | None, path: str) -> tuple[tuple[str, int], ...]:
        """A list of texts, each with its line; one text counts as a list of one."""
        if tree is not None and tree.items is None and tree.fields is None:
            return ((self.text(tree, path), tree.line),)
        found = ((self.text(item, f"{path}[{n}]"), item.line) for n, item in enumerate(self.items(tree, path)))
        return tuple((text, line) for text, line in found if text)

    def one_of(self, tree: Tree | None, path: str, listed: Collection[str], otherwise: str) -> str:
        """One of a closed list."""
        if tree is None:
            return otherwise
        text = self.text(tree, path)
        if text in listed:
            return text
        if text:
            name = path.rpartition(".")[2]
            self.say("not_listed", tree.line, path, (text, listed), name=name, value=text, listed=", ".join(listed))
        return otherwise

    def boolean(self, tree: Tree | None, path: str) -> bool:
        """``true`` or ``false``; false where it is missing."""
        if tree is None:
            return False
        if tree.tag != "bool":
            self.wrong(tree, path, " true 或 false", "true or false")
            return False
        return tree.text.lower() == "true"

    def integer(self, tree: Tree | None, path: str, low: int, high: int, otherwise: int = 0) -> int:
        """A whole number within bounds."""
        if tree is None:
            return otherwise
        if tree.tag != "int" or not re.fullmatch(r"[+-]?[0-9]{1,9}", tree.text):
            self.wrong(tree, path, "整数", "a whole number")
            return otherwise
        return self._within(tree, path, int(tree.text), low, high, otherwise)

    def share(self, tree: Tree | None, path: str, otherwise: float) -> float:
        """A share from 0 to 1."""
        number = self._decimal(tree, path)
        return otherwise if tree is None or number is None else self._within(tree, path, float(number), 0.0, 1.0, otherwise)

    def points(self, tree: Tree | None, path: str) -> int | None:
        """Points as hundredths; None where they are missing."""
        number = self._decimal(tree, path)
        if tree is None or number is None:
            return None
        scaled = number * HUNDREDTH
        if scaled != scaled.to_integral_value():
            self.wrong(tree, path, "最多两位小数的数", "a number with at most two decimals")
            return None
        return self._within(tree, path, int(scaled), -MOST_POINTS * HUNDREDTH, MOST_POINTS * HUNDREDTH, 0)

    def _decimal(self, tree: Tree | None, path: str) -> Decimal | None:
        if tree is None:
            return None
        try:
            number = Decimal(tree.text) if tree.tag in {"int", "float"} and len(tree.text) < 20 else None
        except InvalidOperation:
            number = None
        if number is None or not number.is_finite() or abs(number) > 10**9:
            self.wrong(tree, path, "数", "a number")
            return None
        return number

    def _within(self, tree: Tree, path: str, number: N, low: N, high: N, otherwise: N) -> N:
        if low <= number <= high:
            return number
        self.say("out_of_range", tree.line, path, name=path.rpartition(".")[2], low=low, high=high)
        return otherwise

    def wording(self, tree: Tree | None, path: str) -> Wording | None:
        """``{zh, en}``, or one text, which is then Chinese."""
        if tree is None:
            return None
        if tree.fields is None:
            made = Wording(self.text(tree, path), "", tree.line, path)
        else:
            fields = self.fields(tree, path, ("zh", "en"))
            zh, en = (self.text(fields.get(language), f"{path}.{language}") for language in ("zh", "en"))
            made = Wording(zh, en, tree.line, path)
        self.wordings.append(made)
        return made


def _inside(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
