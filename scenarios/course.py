"""From one position of a play to the next: the one place that moves a play on, for players and for the checker alike."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product

from scenarios.answer import Outcome
from scenarios.component import components
from scenarios.expression import Value, Values
from scenarios.language import Kind, Option, Scenario, Step
from scenarios.ledger import Account, Ledger, mendable

Draws = tuple[tuple[str, Value], ...]
"""What chance decided: variable and value, in the order of the file."""


@dataclass(frozen=True)
class Position:
    """Where a play stands. ``seen`` are the steps of loops that were already answered: they earn nothing again."""

    step: str
    values: Values
    account: Account
    seen: frozenset[str] = frozenset()


class Course:
    """A scenario ready to be played. It holds no play: positions go in and come out."""

    def __init__(self, scenario: Scenario, capped: Iterable[str] | None = None) -> None:
        """``capped`` names the criteria to be followed for their cap; all of them when None, as a play needs."""
        self.scenario = scenario
        self.ledger = Ledger(scenario, scenario.criteria if capped is None else capped, mendable(scenario))
        self.loops = loops(scenario)

    def draws(self) -> list[Draws]:
        """Every way in which chance can open the play."""
        drawn = [variable for variable in self.scenario.variables if len(variable.starts) > 1]
        return [
            tuple(zip((variable.name for variable in drawn), values, strict=True))
            for values in product(*(variable.starts for variable in drawn))
        ]

    def opening(self, draws: Draws) -> Position:
        """The first position."""
        drawn = dict(draws)
        values = tuple(drawn.get(variable.name, variable.starts[0]) for variable in self.scenario.variables)
        return Position(self.scenario.start, values, self.ledger.empty)

    def step(self, position: Position) -> Step:
        return self.scenario.steps[position.step]

    def offered(self, position: Position) -> tuple[Option, ...]:
        """The options whose conditions hold."""
        return tuple(option for option in self.step(position).options if option.when is None or option.when.run(position.values))

    def onward(self, position: Position) -> str:
        """Where a ``say`` or ``branch`` goes; "" when nowhere."""
        step = self.step(position)
        if step.kind is Kind.SAY:
            return step.next
        return next((arm.next for arm in step.arms if arm.when is None or arm.when.run(position.values)), "")

    def pass_on(self, position: Position) -> Position | None:
        """After a ``say`` or ``branch``; None when it leads nowhere."""
        step = self.step(position)
        onward = self.onward(position)
        values = self._values(position.values, Outcome("", sets=step.sets)) if step.sets else position.values
        return Position(onward, values, position.account, position.seen) if onward else None

    def answer(self, position: Position, outcome: Outcome) -> tuple[Position | None, int]:
        """After an answer, and what it earned; None when it leads nowhere."""
        account, gain, seen = position.account, 0, position.seen
        if position.step not in seen:
            account, gain = self.ledger.post(account, outcome)
            seen = seen | {position.step} if position.step in self.loops else seen
        if not outcome.next:
            return None, gain
        values = self._values(position.values, outcome) if outcome.sets else position.values
        return Position(outcome.next, values, account, seen), gain

    def _values(self, values: Values, outcome: Outcome) -> Values:
        made = list(values)
        for one in outcome.sets:
            value = one.value.run(tuple(made))
            variable = self.scenario.variables[one.place]
            made[one.place] = min(variable.high, max(variable.low, value)) if variable.kind == "int" else value
        return tuple(made)

    def told(self, values: Values) -> str:
        """The variables as a person reads them: ``late=true, mood=2``."""
        pairs = zip(self.scenario.variables, values, strict=True)
        return ", ".join(f"{variable.name}={written(value)}" for variable, value in pairs) or "-"


def written(value: Value) -> str:
    """A value as the file writes it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def opening_moves(draws: Draws) -> tuple[str, ...]:
    """The draws in the notation of plays: ``$late=true``."""
    return tuple(f"${name}={written(value)}" for name, value in draws)


def loops(scenario: Scenario) -> frozenset[str]:
    """The steps from which a chain of jumps leads back to themselves, whatever the conditions."""
    ways = {name: sorted({target for target, _, _ in step.targets()} & set(scenario.steps)) for name, step in scenario.steps.items()}
    return frozenset(name for group in components(ways) for name in group if len(group) > 1 or name in ways[name])
