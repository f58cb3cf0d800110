"""One step of a scenario, from the file's tree: what each kind may say, and what not."""

from collections.abc import Callable
from typing import TypeVar

from scenarios.expression import Expression, Fault, Variable, of_kind, parse
from scenarios.language import ASKS, Arm, Assignment, Entry, Kind, Line, Option, Phrase, Picture, Precedence, Sample, Step, Timer, Worth
from scenarios.reading import Reader
from scenarios.source import Tree
from scenarios.worth import Cited, Criteria

T = TypeVar("T")
SHOWN = {"say", "customer", "lines", "prompt", "hint", "image"}
ASKED = SHOWN - {"say"} | {"ask", "timer", "clauses", "criterion", "next", "set"}
FIELDS: dict[Kind, set[str]] = {
    Kind.SAY: SHOWN | {"next", "set"},
    Kind.SINGLE: ASKED | {"options"},
    Kind.MULTI: ASKED | {"options", "max_pick", "floor"},
    Kind.ORDER: ASKED | {"items", "scoring", "points", "repairs", "before"},
    Kind.TEXT: ASKED | {"rubric", "forbid", "samples"},
    Kind.BRANCH: {"branch"},
    Kind.END: {"end", "text", "image"},
}
"""The fields of each kind of step; closed."""
EVERY = set().union(*FIELDS.values())
NEEDED = {Kind.SINGLE: "options", Kind.MULTI: "options", Kind.ORDER: "items", Kind.TEXT: "rubric"}
OPTION = {"id", "text", "when", "points", "criterion", "repairs", "clauses", "feedback", "set", "critical", "next"}
PHRASE = {"id", "any", "points", "criterion", "repairs", "clauses", "critical"}
MOST = {"options": 10, "items": 7, "rubric": 6, "forbid": 8, "before": 12, "samples": 500, "branch": 20, "lines": 20}
"""How many of each a step may have: every answer is tried by the checker."""


class StepReader:
    """Reads steps; needs the variables and criteria that the scenario declares."""

    def __init__(self, reader: Reader, variables: tuple[Variable, ...], criteria: Criteria) -> None:
        self.r, self.variables, self.criteria = reader, variables, criteria

    def step(self, name: str, tree: Tree, path: str) -> Step | None:
        """The step, or None when it says nothing that could be played."""
        fields = self.r.fields(tree, path, EVERY)
        kind = self._kind(fields, tree, path)
        if kind is None:
            return None
        for field in sorted(set(fields) - FIELDS[kind]):
            self.r.say("not_for_kind", fields[field].line, f"{path}.{field}", name=field, kind=kind.value)
        if kind in NEEDED and NEEDED[kind] not in fields:
            self.r.say("missing_field", tree.line, f"{path}.{NEEDED[kind]}", name=NEEDED[kind])
        f = {field: value for field, value in fields.items() if field in FIELDS[kind]}
        clauses = self.r.texts(f.get("clauses"), f"{path}.clauses")
        home = self.criteria.home(f.get("criterion"), f"{path}.criterion")
        options = tuple(self._many(f, "options", path, lambda t, p: self._option(t, p, clauses, home, name)))
        entries = tuple(self._many(f, "items", path, self._entry))
        step = Step(
            id=name, kind=kind, line=tree.line, path=path, clauses=clauses, options=options, items=entries,
            said=tuple(self._said(f, path)), picture=self._picture(f.get("image"), f"{path}.image"),
            hint=self.r.wording(f.get("hint"), f"{path}.hint"), timer=self._timer(f.get("timer"), f"{path}.timer", kind, options),
            max_pick=self.r.integer(f.get("max_pick"), f"{path}.max_pick", 1, len(options) or 1, len(options)),
            floor=self.r.points(f.get("floor"), f"{path}.floor"),
            pairs=self.r.one_of(f.get("scoring"), f"{path}.scoring", ("exact", "pairs"), "exact") == "pairs",
            before=tuple(self._many(f, "before", path, lambda t, p: self._precedence(t, p, [entry.id for entry in entries]))),
            worth=self.criteria.worth(f, path, clauses, "", name) if kind is Kind.ORDER else Worth(),
            rubric=tuple(self._many(f, "rubric", path, lambda t, p: self._phrase(t, p, clauses, home, name))),
            forbid=tuple(self._many(f, "forbid", path, lambda t, p: self._phrase(t, p, clauses, home, name))),
            samples=tuple(self._many(f, "samples", path, self._sample)), arms=tuple(self._many(f, "branch", path, self._arm)),
            sets=self.assignments(f.get("set"), f"{path}.set"), next=self.r.text(f.get("next"), f"{path}.next"),
            next_line=f["next"].line if "next" in f else tree.line,
            failed=self.r.one_of(f.get("end"), f"{path}.end", ("by_score", "failed"), "by_score") == "failed",
            text=self.r.wording(f.get("text"), f"{path}.text"),
        )
        self._unique(step)
        return step

    def _kind(self, fields: dict[str, Tree], tree: Tree, path: str) -> Kind | None:
        doing = [name for name in ("say", "ask", "branch", "end") if name in fields]
        if not doing and {"customer", "lines"} & set(fields):
            return Kind.SAY
        if len(doing) != 1:
            self.r.say("one_kind", tree.line, path)
            return None
        if doing != ["ask"]:
            return Kind(doing[0])
        kind = self.r.one_of(fields["ask"], f"{path}.ask", [kind.value for kind in ASKS], "")
        return Kind(kind) if kind else None

    def _unique(self, step: Step) -> None:
        samples = {phrase.id for phrase in (*step.rubric, *step.forbid)}
        for sample in step.samples:
            for name in sorted(sample.hits - samples):
                self.r.say("unknown_name", sample.line, f"{sample.path}.hits", (name, samples), name="hits", value=name)
        for ids, field in (
            ([(option.id, option.line) for option in step.options], "options"), ([(entry.id, entry.line) for entry in step.items], "items"),
            ([(phrase.id, phrase.line) for phrase in (*step.rubric, *step.forbid)], "rubric"),
        ):
            seen: set[str] = set()
            for name, line in ids:
                if name in seen:
                    self.r.say("twice", line, f"{step.path}.{field}", name=name)
                seen.add(name)

    def _many(self, fields: dict[str, Tree], name: str, path: str, read: Callable[[Tree, str], T]) -> list[T]:
        items = self.r.items(fields.get(name), f"{path}.{name}")
        if name in fields and not (1 <= len(items) <= MOST[name]) and fields[name].items is not None:
            self.r.say("out_of_range", fields[name].line, f"{path}.{name}", name=name, low=1, high=MOST[name])
        return [read(item, f"{path}.{name}[{n}]") for n, item in enumerate(items[:MOST[name]])]

    def _said(self, fields: dict[str, Tree], path: str) -> list[Line]:
        said = []
        for name in ("say", "customer", "prompt"):
            text = self.r.wording(fields.get(name), f"{path}.{name}")
            if text:
                said.append(Line(text, None, f"{path}.{name}"))
        return said + [line for line in self._many(fields, "lines", path, self._line) if line]

    def _line(self, tree: Tree, path: str) -> Line | None:
        f = self.r.fields(tree, path, ("when", "text"), ("text",))
        text = self.r.wording(f.get("text"), f"{path}.text")
        return Line(text, self.condition(f.get("when"), f"{path}.when"), path) if text else None

    def _picture(self, tree: Tree | None, path: str) -> Picture | None:
        if tree is None:
            return None
        f = self.r.fields(tree, path, ("file", "alt"), ("file",))
        return Picture(self.r.text(f.get("file"), f"{path}.file"), self.r.wording(f.get("alt"), f"{path}.alt"), tree.line)

    def _timer(self, tree: Tree | None, path: str, kind: Kind, options: tuple[Option, ...]) -> Timer | None:
        if tree is None:
            return None
        f = self.r.fields(tree, path, ("seconds", "on_timeout"), ("seconds", "on_timeout") if kind is Kind.SINGLE else ("seconds",))
        target = self.r.text(f.get("on_timeout"), f"{path}.on_timeout")
        free = {option.id for option in options if option.when is None}
        if "on_timeout" in f and (kind is not Kind.SINGLE or target not in free):
            self.r.say("bad_timeout", f["on_timeout"].line, f"{path}.on_timeout", (target, sorted(free)), value=target)
        return Timer(self.r.integer(f.get("seconds"), f"{path}.seconds", 1, 3600, 60), target if target in free else "", tree.line)

    def _option(self, tree: Tree, path: str, above: Cited, home: str, step: str) -> Option:
        f = self.r.fields(tree, path, OPTION, ("id",))
        clauses = self.r.texts(f.get("clauses"), f"{path}.clauses")
        return Option(
            self.r.name(f.get("id"), f"{path}.id"), tree.line, path, self.r.wording(f.get("text"), f"{path}.text"),
            self.condition(f.get("when"), f"{path}.when"), self.criteria.worth(f, path, clauses or above, home, step), clauses or above,
            self.r.wording(f.get("feedback"), f"{path}.feedback"), self.assignments(f.get("set"), f"{path}.set"),
            self.r.boolean(f.get("critical"), f"{path}.critical"), self.r.text(f.get("next"), f"{path}.next"),
            f["next"].line if "next" in f else tree.line,
        )

    def _entry(self, tree: Tree, path: str) -> Entry:
        if tree.fields is None:
            return Entry(self.r.name(tree, path), None, tree.line)
        f = self.r.fields(tree, path, ("id", "text"), ("id",))
        return Entry(self.r.name(f.get("id"), f"{path}.id"), self.r.wording(f.get("text"), f"{path}.text"), tree.line)

    def _precedence(self, tree: Tree, path: str, ids: list[str]) -> Precedence:
        f = self.r.fields(tree, path, ("first", "then", "critical"), ("first", "then"))
        first, then = (self.r.one_of(f.get(name), f"{path}.{name}", ids, "") for name in ("first", "then"))
        if first and then and ids.index(first) >= ids.index(then):
            self.r.say("bad_order", tree.line, path, first=first, then=then)
        return Precedence(first, then, self.r.boolean(f.get("critical"), f"{path}.critical"), tree.line)

    def _phrase(self, tree: Tree, path: str, above: Cited, home: str, step: str) -> Phrase:
        f = self.r.fields(tree, path, PHRASE, ("any",))
        clauses = self.r.texts(f.get("clauses"), f"{path}.clauses") or above
        words = tuple(word for word, _ in self.r.texts(f.get("any"), f"{path}.any"))
        number = path.rpartition("[")[2].rstrip("]")
        name = self.r.name(f.get("id"), f"{path}.id") or f"{path.split('.')[-1].partition('[')[0]}{number}"
        worth = self.criteria.worth(f, path, clauses, home, step) if ".rubric[" in path or "points" in f else Worth()
        return Phrase(name, words, worth, self.r.boolean(f.get("critical"), f"{path}.critical"), clauses, tree.line, path)

    def _sample(self, tree: Tree, path: str) -> Sample:
        f = self.r.fields(tree, path, ("text", "hits"), ("text", "hits"))
        hits = frozenset(name for name, _ in self.r.texts(f.get("hits"), f"{path}.hits"))
        return Sample(self.r.text(f.get("text"), f"{path}.text"), hits, tree.line, path)

    def _arm(self, tree: Tree, path: str) -> Arm:
        f = self.r.fields(tree, path, ("when", "next"), ("next",))
        line = f["next"].line if "next" in f else tree.line
        return Arm(self.condition(f.get("when"), f"{path}.when"), self.r.text(f.get("next"), f"{path}.next"), tree.line, line, path)

    def condition(self, tree: Tree | None, path: str) -> Expression | None:
        """A condition, or None where there is none or a wrong one."""
        return self._expression(tree, path, "bool") if tree is not None else None

    def _expression(self, tree: Tree, path: str, kind: str) -> Expression | None:
        text = self.r.text(tree, path)
        try:
            return of_kind(parse(text, self.variables, tree.line), kind)
        except Fault as fault:
            names = [variable.name for variable in self.variables]
            near = (fault.name, names) if fault.name else None
            self.r.say(fault.saying, tree.line, path, near, text=text, zh=fault.zh, en=fault.en, name=fault.name)
            return None

    def assignments(self, tree: Tree | None, path: str) -> tuple[Assignment, ...]:
        """``set``: each known variable with its new value."""
        made = []
        places = {variable.name: n for n, variable in enumerate(self.variables)}
        for name, value in self.r.mapping(tree, path).items():
            if name not in places:
                self.r.say("undefined", value.line, f"{path}.{name}", (name, places), name=name)
                continue
            variable = self.variables[places[name]]
            if variable.kind == "enum":
                text = value.text.strip("'\"")
                expression = None if text not in variable.values else _constant(text, name, value.line)
                if expression is None and text not in places:
                    listed = ", ".join(variable.values)
                    words = {"text": text, "zh": f"{name} 只能是 {listed}", "en": f"{name} is one of {listed}"}
                    self.r.say("type", value.line, f"{path}.{name}", (text, variable.values), **words)
                elif expression is None:
                    expression = self._expression(value, f"{path}.{name}", f"enum:{name}")
            else:
                expression = self._expression(value, f"{path}.{name}", variable.kind)
            if expression:
                made.append(Assignment(name, places[name], expression))
        return tuple(made)


def _constant(text: str, name: str, line: int) -> Expression:
    return Expression(text, f"enum:{name}", frozenset(), lambda values: text, line)
