"""Conditions and values: names, literals, ``and or not``, comparisons, ``+ -``; nothing else.

The text is parsed by Python's own parser and every node is held against a
white-list, then turned into a closure over the tuple of variable values.
Nothing is ever evaluated by name, so an expression can reach no more than the
variables. Types are decided here: a play can never meet a type error.
"""

import ast
import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

Value = bool | int | str
Values = tuple[Value, ...]
Run = Callable[[Values], Any]
LONGEST = 300
"""Characters; longer ones are unreadable, and keep the parser's recursion short."""
_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
}
_LARGEST = 1_000_000


@dataclass(frozen=True)
class Variable:
    """``kind`` is bool, int or enum. ``starts`` lists what it may begin as: more than one is drawn from the play's seed."""

    name: str
    kind: str
    starts: tuple[Value, ...]
    low: int = 0
    high: int = 0
    values: tuple[str, ...] = ()
    line: int = 0

    def holds(self, value: Value) -> bool:
        """Whether ``value`` is one of its values."""
        if self.kind == "bool":
            return isinstance(value, bool)
        if self.kind == "enum":
            return value in self.values
        return isinstance(value, int) and not isinstance(value, bool) and self.low <= value <= self.high


@dataclass(frozen=True)
class Expression:
    """A checked expression. ``names`` are the variables that it reads; ``run`` takes the values in the order of the variables."""

    text: str
    kind: str
    names: frozenset[str]
    run: Run
    line: int


@dataclass(frozen=True)
class Fault(Exception):
    """Why an expression is refused: the saying of ``finding`` with its words, and the name typed for "did you mean"."""

    saying: str
    zh: str = ""
    en: str = ""
    name: str = ""


def parse(text: str, variables: Sequence[Variable], line: int) -> Expression:
    """The expression, or ``Fault``."""
    if len(text) > LONGEST:
        raise Fault("expression", "太长", "too long")
    try:
        body = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise Fault("expression", "语法不对", "syntax") from None
    reader = _Reader(variables)
    kind, run = reader.read(body)
    if kind.startswith("text:"):
        raise Fault("type", "文字只能与枚举变量比较", "a text can only be compared with an enum variable")
    return Expression(text.strip(), kind, frozenset(reader.names), run, line)


def of_kind(expression: Expression, kind: str) -> Expression:
    """The expression when it gives a ``kind``, else ``Fault``."""
    if expression.kind != kind:
        raise Fault("type", f"应为 {kind}，实为 {expression.kind}", f"expected {kind}, found {expression.kind}")
    return expression


class _Reader:
    def __init__(self, variables: Sequence[Variable]) -> None:
        self.places = {variable.name: (n, variable) for n, variable in enumerate(variables)}
        self.names: set[str] = set()

    def read(self, node: ast.expr) -> tuple[str, Run]:
        match node:
            case ast.Name(id=name):
                return self._name(name)
            case ast.Constant(value=value):
                return self._literal(value)
            case ast.BoolOp(op=op, values=parts):
                runs = [self._of(part, "bool") for part in parts]
                if isinstance(op, ast.And):
                    return "bool", lambda values: all(run(values) for run in runs)
                return "bool", lambda values: any(run(values) for run in runs)
            case ast.UnaryOp(op=ast.Not(), operand=inner):
                run = self._of(inner, "bool")
                return "bool", lambda values: not run(values)
            case ast.UnaryOp(op=ast.USub(), operand=inner):
                run = self._of(inner, "int")
                return "int", lambda values: -run(values)
            case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as op, right=right):
                one, other = self._of(left, "int"), self._of(right, "int")
                if isinstance(op, ast.Add):
                    return "int", lambda values: one(values) + other(values)
                return "int", lambda values: one(values) - other(values)
            case ast.Compare():
                return self._comparison(node)
        what = type(node).__name__
        raise Fault("expression", f"不支持 {what}", f"{what} is not part of the language")

    def _of(self, node: ast.expr, kind: str) -> Run:
        found, run = self.read(node)
        if found != kind:
            zh, en = f"{ast.unparse(node)} 应为 {kind}", f"{ast.unparse(node)} should be {kind}"
            raise Fault("type", zh, en)
        return run

    def _name(self, name: str) -> tuple[str, Run]:
        if name in {"true", "false"}:
            return self._literal(name == "true")
        if name not in self.places:
            raise Fault("undefined", name=name)
        self.names.add(name)
        place, variable = self.places[name]
        kind = f"enum:{name}" if variable.kind == "enum" else variable.kind
        return kind, operator.itemgetter(place)

    def _literal(self, value: object) -> tuple[str, Run]:
        if isinstance(value, bool):
            return "bool", lambda values: value
        if isinstance(value, int) and abs(value) <= _LARGEST:
            return "int", lambda values: value
        if isinstance(value, str):
            return f"text:{value}", lambda values: value
        raise Fault("expression", f"不支持 {value!r}", f"{value!r} is not part of the language")

    def _comparison(self, node: ast.Compare) -> tuple[str, Run]:
        sides = [self.read(side) for side in (node.left, *node.comparators)]
        links = []
        for n, op in enumerate(node.ops):
            compare = _COMPARE.get(type(op))
            if compare is None:
                raise Fault("expression", f"不支持 {type(op).__name__}", f"{type(op).__name__} is not part of the language")
            (left, one), (right, other) = sides[n], sides[n + 1]
            self._comparable(left, right, isinstance(op, ast.Eq | ast.NotEq))
            links.append((compare, one, other))
        return "bool", lambda values: all(compare(one(values), other(values)) for compare, one, other in links)

    def _comparable(self, left: str, right: str, equality: bool) -> None:
        if left == right == "int" or (equality and left == right and not left.startswith("text:")):
            return
        enum, text = (left, right) if left.startswith("enum:") else (right, left)
        if equality and enum.startswith("enum:") and text.startswith("text:"):
            variable = self.places[enum.removeprefix("enum:")][1]
            if text.removeprefix("text:") in variable.values:
                return
            listed = ", ".join(variable.values)
            raise Fault("type", f"{variable.name} 只能是 {listed}", f"{variable.name} is one of {listed}")
        plain = [kind.partition(":")[0] for kind in (left, right)]
        raise Fault("type", f"{plain[0]} 与 {plain[1]} 不能这样比较", f"{plain[0]} and {plain[1]} cannot be compared so")
