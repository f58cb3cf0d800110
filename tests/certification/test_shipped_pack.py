"""The quality gate on the pack that we ship: what ``question-bank check`` asks of a bank, asked of ``content/`` without a database."""

from functools import cache
from pathlib import Path

from ruamel.yaml import YAML

from certification.pack import Pack, parse
from certification.supply import supply
from question_bank.blueprint import PoolItem
from question_bank.coverage import Needed
from question_bank.inspection import Asked, Demand, Report, inspect
from question_bank.item import wording
from standards.clause import ClauseDoc, camps

CONTENT = Path(__file__).parents[2] / "content"


@cache
def pack() -> Pack:
    document: dict[str, list[object]] = {}
    for file in sorted(CONTENT.rglob("*.yaml")):
        for name, entries in YAML(typ="safe").load(file.read_text("utf-8")).items():
            document.setdefault(name, []).extend(entries)
    return parse(document)


@cache
def clauses() -> dict[str, ClauseDoc]:
    return {
        f"{standard.code}@{edition.edition}#{clause.number}": clause
        for standard in pack().standards for edition in standard.editions for clause in edition.clauses
    }


@cache
def report() -> Report:
    items = [
        Asked(
            item.code, item.kind, item.stem, tuple((option.code, option.text) for option in (*item.choices, *item.right)),
            wording(item).key, item.rationale, item.clauses,
        )
        for item in pack().items
    ]
    return inspect(items, [Demand(ref, clause.is_key) for ref, clause in clauses().items() if clause.examinable])


def test_the_shipped_bank_holds_every_limit() -> None:
    assert [(finding.name, finding.figure, finding.broken) for finding in report().findings if not finding.holds] == []


def test_the_gate_looked_at_a_bank_and_not_at_nothing() -> None:
    assert report().items > 300
    assert len(report().skipped) < len({ref.partition("#")[0] for ref in clauses()})


def test_every_shipped_programme_can_be_examined_and_asks_about_no_clause_too_little() -> None:
    for programme in pack().programmes:
        needed = [
            Needed(at, ref, "", clause.tier, clause.is_key, clause.examinable) for at, (ref, clause) in enumerate(clauses().items())
            if ref.partition("#")[0] in programme.standards
        ]
        found = supply(programme.code, 1, programme.spec, needed, _pool(programme.standards), _clashes())
        assert (found.missing, found.short) == (0, ()), programme.code
        assert found.clauses


def _pool(standards: tuple[str, ...]) -> list[PoolItem]:
    pool = []
    for number, item in enumerate(pack().items, 1):
        flags = {clauses()[ref].is_key for ref in item.clauses}
        if all(ref.partition("#")[0] in standards for ref in item.clauses):
            key, tier = flags.pop() if len(flags) == 1 else None, clauses()[item.clauses[0]].tier
            pool.append(PoolItem(number, number, item.kind, item.clauses, key, item.difficulty, item.level, tier))
    return pool


def _clashes() -> list[list[frozenset[str]]]:
    return [camps([(side.clause, side.says["zh"]) for side in clash.sides]) for clash in pack().clashes]
