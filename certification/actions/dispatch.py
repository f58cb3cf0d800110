"""The verbs of dispatch: judge one visit, many, or look for those who may go; nothing here changes a licence."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from weakref import WeakKeyDictionary

import msgspec
from sqlalchemy import Connection, Engine

from certification import dispatch as rule
from certification.actions.dispatch_policies import policy, policy_at
from certification.actions.licences import zone
from certification.dispatch_code import Code
from certification.dispatch_finding import DispatchAnswer
from certification.dispatch_policy import Policy
from certification.store import dispatch as store
from certification.store import dispatch_log, dispatch_search
from certification.store.dispatch import Facts, Replay
from certification.visit import Visit
from foundation import clock
from foundation.backlog import Backlog, backlog
from foundation.database import db, wires
from standards.store import ClauseView

TOLERANCE = timedelta(minutes=2)  # how far the clock may lag behind what was last recorded
LOOKED_UP = timedelta(seconds=5)
CITED = timedelta(minutes=1)


class Question(msgspec.Struct, frozen=True, gc=False):
    """A visit as it was asked about; ``at`` replays the past."""

    visit: Visit
    at: datetime | None = None


class Evaluation(msgspec.Struct, frozen=True, gc=False):
    """An answer with its name in the log, and who asked."""

    id: str
    question: Question
    answer: DispatchAnswer
    evaluated_at: datetime
    asker: str


@dataclass
class _Desk:
    """What one process remembers for one database."""

    newest: tuple[datetime, datetime | None] | None = None
    clauses: tuple[datetime, dict[str, ClauseView]] | None = None


_desks: WeakKeyDictionary[Engine, _Desk] = WeakKeyDictionary()


def _desk() -> _Desk:
    found = _desks.get(db.engine)
    if found is None:
        found = _desks[db.engine] = _Desk()
    return found


def log() -> Backlog:
    """The decisions that wait to be logged: the answer never waits, and a crash loses a second of log, never a truth."""
    return backlog("dispatch", _keep)


def _keep(connection: Connection, waiting: Sequence[Evaluation]) -> None:
    dispatch_log.keep(connection, [_row(evaluation) for evaluation in waiting])


def flush() -> int:
    """Write the log now, for commands and pages that show it next."""
    return log().flush()


def evaluate(question: Question, asker: str, company: int | None = None) -> Evaluation:
    """Judge one visit and log the answer; an asker limited to ``company`` knows nobody else."""
    return evaluate_many([question], asker, company)[0]


def evaluate_many(questions: Sequence[Question], asker: str, company: int | None = None) -> list[Evaluation]:
    """Judge many visits, in the order in which they were asked, with one query for each programme and instant of replay."""
    now = clock.now()
    facts = _facts(questions, company)
    trusted = clock_trusted(now)
    policies = {at: policy_at(at or now, now) for at in {question.at for question in questions}}
    found = [
        Evaluation(id_, one, _judge(one, facts[one.visit.programme, one.at], now, policies[one.at], trusted), now, asker)
        for id_, one in zip(new_ids(now, len(questions)), questions, strict=True)
    ]
    log().put(found)
    return found


def replay(question: Question, at: datetime | None) -> DispatchAnswer:
    """The answer as of ``at`` (now when None) on what had been recorded by then; nothing is logged, for nobody is sent."""
    now = clock.now()
    asked = Question(question.visit, at)
    return _judge(asked, _facts([asked], None)[asked.visit.programme, at], now, policy_at(at or now, now), clock_trusted(now))


def _facts(questions: Sequence[Question], company: int | None) -> dict[tuple[str, datetime | None], Facts]:
    """What is known, gathered by programme and instant; programmes that do not exist share one gathering."""
    teams: dict[tuple[str, datetime | None], dict[str, None]] = {}
    logo = any(question.visit.logo for question in questions)
    for question in questions:
        teams.setdefault((question.visit.programme, question.at), {}).update(dict.fromkeys(question.visit.team))
    if len(teams) > 1:
        return _facts_of_many(teams, company, logo)
    return {key: _gather(staff, key, company, logo) for key, staff in teams.items()}


def _gather(staff: Iterable[str], key: tuple[str, datetime | None], company: int | None, logo: bool) -> Facts:
    programme, at = key
    with wires().take() as wire:
        return store.facts(wire, list(staff), programme, company, Replay(at, zone()) if at else None, logo)


def _facts_of_many(
    teams: Mapping[tuple[str, datetime | None], dict[str, None]], company: int | None, logo: bool
) -> dict[tuple[str, datetime | None], Facts]:
    known = store.known_programmes(db.session, [programme for programme, _at in teams])
    strays: dict[str, None] = {}
    for (programme, _at), staff in teams.items():
        strays.update(staff if programme not in known else {})
    nowhere = _gather(strays, ("", None), company, logo)
    return {key: _gather(staff, key, company, logo) if key[0] in known else nowhere for key, staff in teams.items()}


def _judge(question: Question, facts: Facts, now: datetime, in_force: Policy, trusted: bool = True) -> DispatchAnswer:
    """The rule's answer; a denial while the clock is in doubt."""
    at = question.at or now
    if not trusted:
        return rule.denied(Code.CLOCK_IN_DOUBT, at, in_force)
    return rule.resolve(question.visit, facts.members, facts.programme_known, at, in_force)


def clock_trusted(now: datetime) -> bool:
    """Whether the clock has not fallen behind what this installation recorded last; looked up every few seconds."""
    desk = _desk()
    if desk.newest is None or abs(now - desk.newest[0]) > LOOKED_UP:
        desk.newest = (now, store.newest_record(db.session))
    return desk.newest[1] is None or now >= desk.newest[1] - TOLERANCE


def citations() -> Mapping[str, ClauseView]:
    """The clauses behind the checks, by reference; looked up again once a minute, for a standard may be loaded meanwhile."""
    desk, now = _desk(), clock.now()
    if desk.clauses is None or abs(now - desk.clauses[0]) > CITED:
        desk.clauses = (now, store.citations(db.session))
    return desk.clauses[1]


def programme_codes() -> list[str]:
    """Every programme's code."""
    return store.programme_codes(db.session)


def new_ids(now: datetime, count: int) -> list[str]:
    """Names for decisions: their millisecond first, so that the log grows at one end; the rest cannot be guessed."""
    first, dice = f"{int(now.timestamp() * 1000):012x}", secrets.token_hex(10 * count)
    return [first + dice[start : start + 20] for start in range(0, 20 * count, 20)]


def _row(evaluation: Evaluation) -> dict[str, Any]:
    """The log's row; the sentences are not kept, they are made again from the codes."""
    visit, answer = evaluation.question.visit, evaluation.answer
    return {
        "id": evaluation.id, "at": evaluation.evaluated_at, "asker": evaluation.asker, "subject": visit.team[0], "visit": visit.id,
        "allowed": answer.decision, "request": evaluation.question, "answer": answer,
        "policy_version": answer.policy_version,
    }


def search(
    visit: Visit, *, company: int | None = None, city: str = "", after: str = "", limit: int = 1000, backbone: bool = False
) -> tuple[list[str], str | None]:
    """Staff numbers of those who may join ``visit.team``, and the number to go on after when there may be more.

    Each of them makes the visit possible with the team as it is; ``backbone``
    asks for the grade excellent even where R4 does not.
    """
    now, team = clock.now(), visit.team
    if not clock_trusted(now):
        return [], None
    in_force = policy_at(now, now)
    lacking = rule.needs_backbone(visit.tier, visit.scope)
    if team:
        alone = _judge(Question(visit), _gather(team, (visit.programme, None), company, visit.logo), now, in_force)
        if any(reason.code is not Code.NO_EXCELLENT for reason in alone.reasons):
            return [], None
        lacking = not alone.decision
    numbers = dispatch_search.likely(
        db.session, visit, in_force.in_force, excellent=lacking or backbone, after=after, limit=limit, city=city, company=company
    )
    facts = _gather([*numbers, *team], (visit.programme, None), company, visit.logo)
    return [number for number in numbers if _fits(visit, number, facts, now, in_force)], numbers[-1] if len(numbers) == limit else None


def _fits(visit: Visit, number: str, facts: Facts, now: datetime, in_force: Policy) -> bool:
    """Whether the visit is possible with that person, and not by an override of theirs alone."""
    joined = msgspec.structs.replace(visit, team=(*visit.team, number))
    found = rule.resolve(joined, facts.members, facts.programme_known, now, in_force)
    return found.decision and all(check.subject != number for check in found.overridden)


__all__ = [
    "Evaluation", "Question", "citations", "clock_trusted", "evaluate", "evaluate_many", "flush", "log", "new_ids", "policy",
    "programme_codes", "replay", "search",
]
