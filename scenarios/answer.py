"""Answers to a step, in the notation of plays, and what each one does.

The notation (counter-examples, test plans, recorded plays): a single choice is
its id; a multiple one the ids joined by ``+`` in the step's order; an order the
ids joined by ``>``; a text the ids of the elements found in it joined by ``+``;
``@timeout`` where the timer ran out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations

from scenarios.language import Assignment, Kind, Option, Phrase, Step, Worth

TIMEOUT = "@timeout"
Award = tuple[str, int, int]
"""Criterion, what the answer got, the best that this step offered; in hundredths."""


@dataclass(frozen=True)
class Outcome:
    """What an answer does. ``next`` is "" where it leads nowhere; ``criticals`` are ``step:id``."""

    answer: str
    awards: tuple[Award, ...] = ()
    mends: tuple[tuple[tuple[str, ...], int], ...] = ()
    sets: tuple[Assignment, ...] = ()
    criticals: tuple[str, ...] = ()
    next: str = ""

    @property
    def face(self) -> int:
        """What it earns before caps and repairs."""
        return sum(got for _, got, _ in self.awards)


def outcome(step: Step, offered: Sequence[Option], answer: str) -> Outcome | None:
    """What ``answer`` does when ``offered`` may be chosen; None when it is no answer to this step."""
    if answer == TIMEOUT:
        return _timeout(step, offered)
    match step.kind:
        case Kind.SINGLE:
            picked = [option for option in offered if option.id == answer]
            return _options(step, offered, picked, answer) if picked else None
        case Kind.MULTI:
            named = answer.split("+") if answer else []
            picked = [option for option in offered if option.id in named]
            fits = len(picked) == len(named) <= step.max_pick and len(set(named)) == len(named)
            return _options(step, offered, picked, "+".join(option.id for option in picked)) if fits else None
        case Kind.ORDER:
            ids = answer.split(">")
            return _order(step, ids) if sorted(ids) == sorted(entry.id for entry in step.items) else None
        case Kind.TEXT:
            named = answer.split("+") if answer else []
            found = [phrase for phrase in (*step.rubric, *step.forbid) if phrase.id in named]
            return _text(step, found) if len(found) == len(named) == len(set(named)) else None
    return None


def outcomes(step: Step, offered: Sequence[Option]) -> Iterator[Outcome]:
    """Every answer that can differ in what it does. Of an order without hard precedences, one for each number of wrong pairs."""
    for answer in _answers(step, offered):
        found = outcome(step, offered, answer)
        if found:
            yield found
    if step.timer and step.kind is Kind.ORDER:
        yield _timeout(step, offered)


def _answers(step: Step, offered: Sequence[Option]) -> Iterator[str]:
    match step.kind:
        case Kind.SINGLE:
            yield from (option.id for option in offered)
        case Kind.MULTI:
            for size in range(min(step.max_pick, len(offered)) + 1):
                yield from ("+".join(option.id for option in some) for some in combinations(offered, size))
        case Kind.ORDER:
            ids = [entry.id for entry in step.items]
            some = permutations(ids) if step.before else _orders(ids)
            yield from (">".join(one) for one in some)
        case Kind.TEXT:
            for bad in [(), *((phrase.id,) for phrase in step.forbid)]:
                for size in range(len(step.rubric) + 1):
                    yield from ("+".join([*(phrase.id for phrase in some), *bad]) for some in combinations(step.rubric, size))


def _orders(ids: list[str]) -> Iterator[Sequence[str]]:
    """One order for each possible number of pairs that stand the wrong way round: bubble the last ones forward."""
    current = list(ids)
    yield tuple(current)
    for end in range(len(ids)):
        for place in range(len(ids) - 1, end, -1):
            current[place - 1], current[place] = current[place], current[place - 1]
            yield tuple(current)


def _timeout(step: Step, offered: Sequence[Option]) -> Outcome:
    if step.kind is Kind.SINGLE and step.timer:
        picked = [option for option in offered if option.id == step.timer.on_timeout]
        return _options(step, offered, picked, TIMEOUT)
    if step.kind is Kind.ORDER:
        return Outcome(TIMEOUT, tuple((name, 0, most) for name, most in step.worth.points), (), step.sets, (), step.next)
    empty = _text(step, []) if step.kind is Kind.TEXT else _options(step, offered, [], "")
    return Outcome(TIMEOUT, empty.awards, empty.mends, empty.sets, empty.criticals, empty.next)


def _options(step: Step, offered: Sequence[Option], picked: Sequence[Option], answer: str) -> Outcome:
    awards = []
    for name in dict.fromkeys(name for option in offered for name, _ in option.worth.points):
        every = [dict(option.worth.points).get(name, 0) for option in offered]
        got = sum(dict(option.worth.points).get(name, 0) for option in picked)
        if step.kind is Kind.MULTI:
            best = sum(sorted((points for points in every if points > 0), reverse=True)[:step.max_pick])
            got = max(got, step.floor) if step.floor is not None else got
        else:
            best = max(every)
        awards.append((name, got, best))
    onward = next((option.next for option in picked if option.next), step.next)
    return Outcome(
        answer, tuple(awards), _mends([option.worth for option in picked]),
        (*(one for option in picked for one in option.sets), *step.sets),
        tuple(f"{step.id}:{option.id}" for option in picked if option.critical), onward,
    )


def _order(step: Step, ids: list[str]) -> Outcome:
    right = {entry.id: n for n, entry in enumerate(step.items)}
    places = [right[name] for name in ids]
    broken = [one for one in step.before if ids.index(one.first) > ids.index(one.then)]
    pairs = len(places) * (len(places) - 1) // 2
    good = sum(one < other for one, other in combinations(places, 2))
    share = 0 if broken else good if step.pairs else pairs * (good == pairs)
    awards = tuple((name, most * share // pairs if pairs else most, most) for name, most in step.worth.points)
    mends = ((step.worth.repairs, step.worth.mends * share // pairs if pairs else step.worth.mends),) if step.worth.repairs else ()
    return Outcome(">".join(ids), awards, mends, step.sets, tuple(f"{step.id}:{one.id}" for one in broken if one.critical), step.next)


def _text(step: Step, found: Sequence[Phrase]) -> Outcome:
    awards = []
    for name in dict.fromkeys(name for phrase in (*step.rubric, *step.forbid) for name, _ in phrase.worth.points):
        best = sum(max(0, dict(phrase.worth.points).get(name, 0)) for phrase in step.rubric)
        awards.append((name, sum(dict(phrase.worth.points).get(name, 0) for phrase in found), best))
    criticals = tuple(f"{step.id}:{phrase.id}" for phrase in found if phrase.critical)
    answer = "+".join(phrase.id for phrase in found)
    return Outcome(answer, tuple(awards), _mends([phrase.worth for phrase in found]), step.sets, criticals, step.next)


def _mends(worths: Sequence[Worth]) -> tuple[tuple[tuple[str, ...], int], ...]:
    return tuple((worth.repairs, worth.mends) for worth in worths if worth.repairs)
