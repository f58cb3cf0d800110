"""Many new questions in few statements: on SQLite a unit of work keeps everybody else's writing waiting, an exam's too."""

import secrets
from collections.abc import Mapping, Sequence

from sqlalchemy import bindparam, insert, update

from foundation.work import Work
from question_bank.actions import cards
from question_bank.actions.items import code_of, version_values
from question_bank.item import State, Wording, texts
from question_bank.review import VERDICTS, Standing, Step, decide
from question_bank.rich_text import media_names
from question_bank.store import media
from question_bank.tables import Item, ItemClause, ItemVersion, Review, VersionMedia

_NAME = update(Item.__table__).where(Item.__table__.c.id == bindparam("key")).values(code=bindparam("named"))


def write_items(
    w: Work, questions: Sequence[tuple[Wording, str]], refs: Mapping[str, int], account_id: int | None, submit: bool
) -> tuple[list[int], int]:
    """New items as drafts, with their codes ("" for one of ours); where ``submit``, on to review as far as the rule allows.

    Answers the ids in order, and how many were submitted. The references are known, the codes are free.
    """
    states = [_state(said, account_id, submit) for said, _code in questions]
    common = {"author_id": account_id, "edited_here": True, "canary": False, "changed": w.now}
    ids = _insert(w, Item, [
        {"code": code or secrets.token_hex(16), "state": state.value, **common}
        for (_said, code), state in zip(questions, states, strict=True)
    ])
    codes = [code or code_of(said, item_id) for (said, code), item_id in zip(questions, ids, strict=True)]
    _execute(w, _NAME, [{"key": item_id, "named": code} for item_id, code in zip(ids, codes, strict=True)])
    versions = _insert(w, ItemVersion, [
        {**version_values(item_id, code, 1, said), "author_id": account_id, "created": w.now}
        for item_id, code, (said, _code) in zip(ids, codes, questions, strict=True)
    ])
    _beside(w, versions, [said for said, _code in questions], refs)
    sent = [version for version, state in zip(versions, states, strict=True) if state is State.IN_REVIEW]
    verdict = {"account_id": account_id, "verdict": VERDICTS[Step.SUBMIT], "comment": "", "at": w.now}
    _execute(w, insert(Review.__table__), [{"version_id": version, **verdict} for version in sent])
    cards.file(w, ids)
    for code, version, state in zip(codes, versions, states, strict=True):
        w.record("item.written", f"item:{code}", version=1)
        if state is State.IN_REVIEW:
            w.record(f"item.{Step.SUBMIT}", f"item:{code}", version_id=version)
    return ids, len(sent)


def _state(said: Wording, account_id: int | None, submit: bool) -> State:
    """Where a new question stands once it is written."""
    if not submit or account_id is None:
        return State.DRAFT
    new = Standing(State.DRAFT, 0, False, frozenset({account_id}), asks_nothing=not said.clauses)
    outcome = decide(new, Step.SUBMIT, account_id, 0)
    return outcome if isinstance(outcome, State) else State.DRAFT


def _beside(w: Work, versions: Sequence[int], said: Sequence[Wording], refs: Mapping[str, int]) -> None:
    """The clauses and the pictures of each version."""
    pairs = list(zip(versions, said, strict=True))
    _execute(w, insert(ItemClause.__table__), [
        {"version_id": version, "clause_id": refs[ref], "position": at} for version, one in pairs for at, ref in enumerate(one.clauses)
    ])
    named = {version: media_names("\n".join([*texts(one), one.rationale])) for version, one in pairs}
    known = media.ids(w.session, {name for names in named.values() for name in names})
    _execute(w, insert(VersionMedia.__table__), [
        {"version_id": version, "media_id": known[name]} for version, names in named.items() for name in names if name in known
    ])


def _insert(w: Work, table: type, rows: list[dict[str, object]]) -> list[int]:
    """Insert the rows; answers their ids in order."""
    columns = table.__table__  # type: ignore[attr-defined]
    if not rows:
        return []
    return list(w.connection.execute(insert(columns).returning(columns.c.id, sort_by_parameter_order=True), rows).scalars())


def _execute(w: Work, statement: object, rows: list[dict[str, object]]) -> None:
    if rows:
        w.connection.execute(statement, rows)  # type: ignore[call-overload]
