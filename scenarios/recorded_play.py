"""Test plans: plays in the notation of counter-examples, played again and held against what they must give (code 070)."""

from collections.abc import Iterator

from scenarios.course import Course, Draws, opening_moves
from scenarios.expression import Value
from scenarios.finding import Finding, finding
from scenarios.free_text import answer_of, judge
from scenarios.language import Kind, Plan, Scenario, points
from scenarios.walk import Play, Refusal, choose, result, start


def check(scenario: Scenario, out_of: int) -> Iterator[Finding]:
    """Each plan whose play cannot be played, or no longer gives its verdict, score or end."""
    course = Course(scenario)
    for plan in scenario.plans:
        yield from _compared(course, plan, out_of)


def play_of(course: Course, moves: tuple[str, ...]) -> Play | tuple[str, str]:
    """The play of ``moves``, or the move that cannot be made and why. Free text stands in quotes: ``complain:"sorry"``."""
    drawn = {move[1:].partition("=")[0]: move for move in moves if move.startswith("$")}
    draws = _draws(course, drawn)
    if draws is None:
        variants = "; ".join(" ".join(opening_moves(one)) for one in course.draws()[:8])
        return " ".join(drawn.values()) or "$", f"one of: {variants}"
    play = start(course, draws)
    for move in moves:
        if move.startswith("$"):
            continue
        name, _, answer = move.partition(":")
        if play.end or play.stuck:
            return move, Refusal.ENDED.value
        step = course.step(play.position)
        if step.kind is Kind.TEXT and len(answer) > 1 and answer[0] == answer[-1] == '"':
            answer = answer_of(step, judge(step, answer[1:-1]))
        after = choose(course, play, answer, name)
        if isinstance(after, Refusal):
            return move, f"{after.value}: {play.position.step}"
        play = after
    return play


def _draws(course: Course, drawn: dict[str, str]) -> Draws | None:
    for draws in course.draws():
        if {opening[1:].partition("=")[0]: opening for opening in opening_moves(draws)} == drawn:
            return draws
    return None


def _compared(course: Course, plan: Plan, out_of: int) -> Iterator[Finding]:
    field = f"{plan.path}.play"
    play = play_of(course, plan.play)
    if not isinstance(play, Play):
        yield finding("plan_answer", plan.line, field, plan.play, name=plan.id, move=play[0], why=play[1])
        return
    if not play.end:
        yield finding("plan_open", plan.line, field, plan.play, name=plan.id, step=play.position.step)
        return
    found = result(course, play, out_of)
    compared: list[tuple[str, str, Value, Value]] = [("结果", "verdict", plan.verdict or found.verdict.value, found.verdict.value)]
    if plan.score is not None:
        compared.append(("得分", "score", points(plan.score), points(found.score)))
    if plan.end:
        compared.append(("结局", "end", plan.end, found.end))
    for zh, en, said, got in compared:
        if said != got:
            words = {"name": plan.id, "zh": zh, "en": en, "said": str(said), "found": str(got)}
            yield finding("plan_verdict", plan.line, f"{plan.path}.expect.{en}", plan.play, None, **words)
