"""After a play: the path taken against the best path, clause by clause with the better line, critical mistakes first."""

from dataclasses import dataclass

from scenarios.answer import TIMEOUT, Outcome, outcomes
from scenarios.course import Course, Draws
from scenarios.file_check import answers
from scenarios.language import Kind, Scenario, Step, Wording
from scenarios.score_check import ScoreCheck
from scenarios.state_graph import Graph
from scenarios.walk import Move, Play, choose, start


@dataclass(frozen=True)
class Remark:
    """One answer. ``lost`` is what a better one would have earned more, in hundredths; ``better`` which one ("": none)."""

    step: str
    answer: str
    gain: int
    lost: int
    criticals: tuple[str, ...]
    better: str
    said: tuple[Wording, ...]
    better_said: tuple[Wording, ...]
    feedback: tuple[Wording, ...]
    clauses: tuple[str, ...]


@dataclass(frozen=True)
class ClauseLine:
    """One clause over the whole play: the remarks on it, critical ones first, then the dearest."""

    clause: str
    lost: int
    critical: bool
    remarks: tuple[Remark, ...]


@dataclass(frozen=True)
class Debrief:
    """``taken`` in the order of play; ``clauses`` with critical ones first; ``best`` the answers of the best play from the same opening."""

    taken: tuple[Remark, ...]
    clauses: tuple[ClauseLine, ...]
    best: tuple[Remark, ...]
    parted: int | None
    score: int
    best_score: int


def debrief(course: Course, play: Play, best: Play) -> Debrief:
    """``best`` is the best play with the same draws; ``parted`` is the first move (from 0) in which they differ, None when in none."""
    taken = tuple(_remark(course, move) for move in play.moves)
    pairs = [(move.step, move.answer) for move in play.moves]
    ideal = [(move.step, move.answer) for move in best.moves]
    parted = next((n for n, pair in enumerate(pairs) if n >= len(ideal) or pair != ideal[n]), None)
    clauses = tuple(sorted(_by_clause(taken), key=lambda line: (not line.critical, -line.lost)))
    return Debrief(taken, clauses, tuple(_remark(course, move) for move in best.moves), parted, play.score, best.score)


def best_play(course: Course, graph: Graph, draws: Draws) -> Play | None:
    """The best play by best practice from this opening; else the best clean one; None when every play has a critical mistake."""
    order = graph.order()
    check = ScoreCheck(graph, order)
    place = dict(graph.starts)[draws]
    way = next((one for one in (check.practice, check.clean) if one.value[place] is not None), None)
    if way is None:
        return None
    play: Play = start(course, draws)
    for edge in way.edges(place):
        if edge.answer:
            step, _, answer = edge.answer.partition(":")
            after = choose(course, play, answer, step)
            if not isinstance(after, Play):
                raise AssertionError(f"the graph and the walk disagree at {edge.answer}: {after}")
            play = after
    return play


def _remark(course: Course, move: Move) -> Remark:
    step = course.scenario.steps[move.step]
    offered = course.offered(move.before)
    clean = [one for one in outcomes(step, offered) if not one.criticals and one.answer != TIMEOUT]
    top = max(clean, key=_worth, default=None)
    got = sum(award[1] for award in move.awards)
    lost = max(0, _worth(top) - got) if top and move.awards else 0
    better = top.answer if top and (lost or move.criticals) else ""
    return Remark(
        step.id, move.answer, move.gain, lost, move.criticals, better, spoken(step, move.answer), spoken(step, better) if better else (),
        _feedback(step, move.answer), _clauses(course.scenario, step, move.answer, better),
    )


def _worth(one: Outcome) -> int:
    return one.face


def _chosen(step: Step, answer: str) -> list[str]:
    if answer == TIMEOUT:
        return [step.timer.on_timeout] if step.timer and step.timer.on_timeout else []
    return [name for name in answer.split(">" if step.kind is Kind.ORDER else "+") if name]


def spoken(step: Step, answer: str) -> tuple[Wording, ...]:
    """The words of an answer: the texts of what was chosen, or one synonym of each element of a text."""
    chosen = _chosen(step, answer)
    texts = {option.id: option.text for option in step.options} | {entry.id: entry.text for entry in step.items}
    said = [text for name in chosen if (text := texts.get(name))]
    return tuple(said) + tuple(Wording(phrase.words[0]) for phrase in (*step.rubric, *step.forbid) if phrase.id in chosen and phrase.words)


def _feedback(step: Step, answer: str) -> tuple[Wording, ...]:
    chosen = _chosen(step, answer)
    return tuple(option.feedback for option in step.options if option.id in chosen and option.feedback)


def _clauses(scenario: Scenario, step: Step, answer: str, better: str) -> tuple[str, ...]:
    """The clauses of what was chosen and of what would have been better; those of the step where neither names any."""
    chosen = {*_chosen(step, answer), *_chosen(step, better)}
    cited = [clause for one in answers(step) if one.id in chosen for clause, _ in one.clauses]
    return tuple(dict.fromkeys(scenario.reference(clause) for clause in cited or [clause for clause, _ in step.clauses]))


def _by_clause(taken: tuple[Remark, ...]) -> list[ClauseLine]:
    found: dict[str, list[Remark]] = {}
    for remark in taken:
        for clause in remark.clauses:
            found.setdefault(clause, []).append(remark)
    return [
        ClauseLine(
            clause, sum(one.lost for one in remarks), any(one.criticals for one in remarks),
            tuple(sorted(remarks, key=lambda one: (not one.criticals, -one.lost))),
        )
        for clause, remarks in found.items()
    ]
