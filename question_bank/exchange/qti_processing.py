"""What an answer earns by the file's own rules: response processing of QTI, followed step by step.

This is how an item keeps its worth: nothing is concluded from the shape of the
rules, every answer that matters is put through them. A file without any rules
means its correct response. Source: IMS QTI 2.2, "Response Processing".
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from fractions import Fraction

from question_bank.exchange.qti_expressions import Attempt, Budget, Rule, rules, same
from question_bank.exchange.qti_values import SINGLE, Beyond, Declaration, Value
from question_bank.exchange.xml_tree import Element

SCORE, BASIC = "SCORE", "FEEDBACKBASIC"
MATCH, MAP, RULES, NONE = "match", "map", "rules", "none"
TEMPLATES = {
    "match_correct": MATCH, "CC2_match": MATCH, "CC2_match_basic": MATCH, "map_response": MAP, "CC2_map_response": MAP,
    "CC2_map_response_basic": MAP,
}
"""The templates by the last part of their address."""
Answers = Mapping[str, Value | None]
Outcomes = dict[str, Value | None]


class _Exit(Exception):
    """The rules say that nothing more is done."""


class Processing:
    """The rules of one item.

    ``way``: MATCH, MAP, RULES or, where the file says nothing, NONE, which
    counts as MATCH or MAP. ``by_hand``: the score comes from elsewhere.
    """

    def __init__(self, item: Element, known: Mapping[str, Declaration]) -> None:
        """Raises Beyond for a template that is unknown."""
        self.known, self.budget = known, Budget()
        scored = item.iterchildren("outcomeDeclaration")
        self.by_hand = any(one.get("identifier") == SCORE and one.get("externalScored") for one in scored)
        element = item.find("responseProcessing")
        self.rule = None if element is None else rules(element)
        self.way = RULES if self.rule is not None and self.rule.parts else NONE
        address = "" if element is None else element.get("template", "") or element.get("templateLocation", "")
        if self.way == NONE and address:
            name = address.rstrip("/").rpartition("/")[2].removesuffix(".xml")
            if name not in TEMPLATES:
                raise Beyond(name[:60])
            self.way = TEMPLATES[name]

    def outcomes(self, answers: Answers) -> Outcomes:
        """Every outcome after an attempt with these answers; raises Beyond."""
        found: Outcomes = {name: declared.start for name, declared in self.known.items() if name not in answers}
        if self.way == RULES and self.rule is not None:
            run = _Run(self.known, answers, found, self.budget)
            with suppress(_Exit):
                run.all(self.rule.parts)
            return found
        earned = [self._template(self.known[name], answer) for name, answer in answers.items()]
        score = sum(earned, Fraction(0)) if self.way == MAP else min(earned, default=Fraction(0))
        found[SCORE] = Value(SINGLE, (score,))
        if BASIC in self.known:
            found[BASIC] = Value(SINGLE, ("correct" if score > 0 else "incorrect",))
        return found

    def score(self, answers: Answers) -> Fraction:
        """The points; raises Beyond."""
        found = self.outcomes(answers)
        numbers = [name for name in found if name in self.known and self.known[name].base in ("float", "integer")]
        value = found.get(SCORE if SCORE in found else next(iter(numbers), ""))
        if value is None:
            return Fraction(0)
        if not isinstance(value.one, Fraction):
            raise Beyond(SCORE)
        return value.one

    def _template(self, declared: Declaration, answer: Value | None) -> Fraction:
        maps = self.way == MAP or (self.way == NONE and declared.correct is None)
        if not maps:
            return Fraction(int(same(answer, declared.correct)))
        if declared.points is None:
            raise Beyond("mapping")
        return declared.points.of(answer)

    def named(self, *names: str) -> Iterator[Rule]:
        """The rules and expressions with one of these names."""
        waiting = [self.rule] if self.rule else []
        while waiting:
            rule = waiting.pop()
            if rule.name in names:
                yield rule
            waiting.extend(reversed(rule.parts))


class _Run(Attempt):
    """The rules of one attempt, as they are followed."""

    def all(self, parts: tuple[Rule, ...]) -> None:
        """Follow rules one after the other; raises Beyond."""
        for rule in parts:
            self.budget.step(rule)
            if rule.name == "responseCondition":
                self._condition(rule)
            elif rule.name == "setOutcomeValue":
                self.outcomes[rule.attributes.get("identifier", "")] = self.value(rule.parts[0]) if rule.parts else None
            elif rule.name == "lookupOutcomeValue":
                self._look_up(rule)
            elif rule.name == "responseProcessingFragment":
                self.all(rule.parts)
            elif rule.name == "exitResponse":
                raise _Exit
            else:
                raise Beyond(rule.name)

    def _condition(self, rule: Rule) -> None:
        for branch in rule.parts:
            if branch.name == "responseElse":
                self.all(branch.parts)
                return
            if branch.name not in ("responseIf", "responseElseIf") or not branch.parts:
                raise Beyond(branch.name)
            if self.holds(branch.parts[0]):
                self.all(branch.parts[1:])
                return

    def _look_up(self, rule: Rule) -> None:
        name = rule.attributes.get("identifier", "")
        number = self.one(rule.parts[0], Fraction) if rule.parts else None
        declared = self.known.get(name)
        if declared is None or not declared.table:
            raise Beyond(rule.name)
        rows = (said for limit, lower, said in declared.table if number is not None and (number >= limit if lower else number == limit))
        found = next(rows, None)
        self.outcomes[name] = None if found is None else Value(SINGLE, (found,))
