"""What the file alone shows: clauses, translations, pictures, feedback, samples, variables nobody reads (012, 04x, 05x, 06x, 080)."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from scenarios.answer import outcomes
from scenarios.expression import Expression
from scenarios.finding import Finding, finding
from scenarios.free_text import judge, overlaps
from scenarios.language import Kind, Option, Phrase, Scenario, Step
from standards.clause import covers_reference

SAMPLES = 10
"""Labelled samples that a text step needs."""


@dataclass(frozen=True)
class Clauses:
    """What the database knows: references of the editions in force, and the outdated ones with what replaced them."""

    known: frozenset[str] = frozenset()
    superseded: Mapping[str, str] = field(default_factory=dict)


def check(scenario: Scenario, clauses: Clauses | None, reached: Collection[str] | None) -> Iterator[Finding]:
    """Every finding about the file. Without ``clauses`` code 040 is left out; ``reached`` are the steps that plays reach, if decided."""
    yield from _never_read(scenario)
    if clauses is not None:
        yield from _clauses(scenario, clauses)
    tested = coverage(scenario, reached)
    for clause, line in scenario.declared:
        reference = scenario.reference(clause)
        if not any(covers_reference(reference, other) for other in tested):
            yield finding("untested", line, "clauses", name=reference)
    yield from _translations(scenario)
    for step in scenario.steps.values():
        if step.picture and not (step.picture.alt and (step.picture.alt.zh or step.picture.alt.en)):
            yield finding("no_alt", step.picture.line, f"{step.path}.image")
        if step.kind is Kind.TEXT:
            yield from _samples(step)
        yield from _feedback(step)


def coverage(scenario: Scenario, reached: Collection[str] | None = None) -> dict[str, tuple[str, ...]]:
    """Clause by clause, the steps that test it; ``reached`` leaves out steps that no play reaches."""
    found: dict[str, list[str]] = {}
    for step in scenario.steps.values():
        if reached is not None and step.id not in reached:
            continue
        cited = [*step.clauses]
        for one in answers(step):
            cited += one.clauses
            for name, _ in one.worth.points:
                cited += scenario.criteria[name].clauses
        for clause, _ in cited:
            steps = found.setdefault(scenario.reference(clause), [])
            if step.id not in steps:
                steps.append(step.id)
    return {clause: tuple(steps) for clause, steps in found.items()}


def answers(step: Step) -> tuple[Option | Phrase, ...]:
    """The options and phrases of a step."""
    return (*step.options, *step.rubric, *step.forbid)


def expressions(scenario: Scenario) -> Iterator[tuple[Expression, str]]:
    """Every expression, with the variable that it sets or ""."""
    for step in scenario.steps.values():
        conditions = [option.when for option in step.options] + [arm.when for arm in step.arms] + [line.when for line in step.said]
        yield from ((condition, "") for condition in conditions if condition)
        for one in (*step.sets, *(one for option in step.options for one in option.sets)):
            yield one.value, one.name


def _never_read(scenario: Scenario) -> Iterator[Finding]:
    read = {name for expression, target in expressions(scenario) for name in expression.names if name != target}
    for variable in scenario.variables:
        if variable.name not in read:
            yield finding("never_read", variable.line, f"vars.{variable.name}", name=variable.name)


def _clauses(scenario: Scenario, clauses: Clauses) -> Iterator[Finding]:
    cited = [(clause, line, f"criteria.{one.id}") for one in scenario.criteria.values() for clause, line in one.clauses if not one.implied]
    cited += [(clause, line, "clauses") for clause, line in scenario.declared]
    for step in scenario.steps.values():
        cited += [(clause, line, step.path) for clause, line in step.clauses]
        cited += [(clause, line, one.path) for one in answers(step) for clause, line in one.clauses]
    for clause, line, path in dict.fromkeys(cited):
        reference = scenario.reference(clause)
        if any(covers_reference(reference, known) for known in clauses.known):
            continue
        newer = next((newer for old, newer in clauses.superseded.items() if covers_reference(reference, old)), None)
        if newer:
            yield finding("superseded", line, path, name=reference, newer=newer)
        else:
            yield finding("unknown_clause", line, path, (), (reference, clauses.known), name=reference)


def _translations(scenario: Scenario) -> Iterator[Finding]:
    for wording in scenario.wordings:
        for missing, zh, en in ((not wording.zh, "中文", "Chinese"), (not wording.en, "英文", "English")):
            if missing:
                yield finding("untranslated", wording.line, wording.path, name=wording.path.rpartition(".")[2], zh=zh, en=en)
    for step in scenario.steps.values():
        bare = [(option.id, option.line, option.path) for option in step.options if option.text is None]
        bare += [(entry.id, entry.line, f"{step.path}.items") for entry in step.items if entry.text is None]
        for name, line, path in bare:
            yield finding("untranslated", line, f"{path}.text", name=name, zh="文字", en="text")


def _samples(step: Step) -> Iterator[Finding]:
    if len(step.samples) < SAMPLES:
        yield finding("few_samples", step.line, f"{step.path}.samples", name=step.id, count=len(step.samples))
    for sample in step.samples:
        found = judge(step, sample.text).hits
        if found != sample.hits:
            said, read = ("+".join(sorted(ids)) or "-" for ids in (sample.hits, found))
            yield finding("misread", sample.line, sample.path, text=sample.text, said=said, found=read)
    for element in step.rubric:
        for word, phrase in (pair for forbidden in step.forbid for pair in overlaps(element, forbidden)):
            yield finding("overlap", element.line, element.path, word=word, phrase=phrase)


def _feedback(step: Step) -> Iterator[Finding]:
    if step.kind is Kind.SINGLE:
        faces = {one.answer: one.face + sum(mends for _, mends in one.mends) for one in outcomes(step, step.options)}
        worse = {answer for answer, face in faces.items() if face < max(faces.values())}
    else:
        worse = {one.id for one in step.options if sum(points for _, points in one.worth.points) + one.worth.mends <= 0}
    for option in step.options:
        if (option.id in worse or option.critical) and option.feedback is None:
            yield finding("no_feedback", option.line, f"{option.path}.feedback", name=option.id)
