"""The demonstration's question bank at work: drafts, a review, a key clause that waits for its second reviewer, remarks from an exam."""

from datetime import datetime, timedelta

from sqlalchemy import select

from certification import demonstration as company
from certification.actions import remarks
from certification.pack import parse
from certification.tables import Attempt, Sitting
from foundation.database import db
from foundation.work import Actor, Work, work
from people.store import companies
from people.store.sign_in import account_named
from question_bank.actions import comments, items
from question_bank.actions.remarks import settle
from question_bank.item import Wording, wording
from question_bank.remark import Met, State
from question_bank.review import Step
from question_bank.store import items as store
from question_bank.store import remarks as heard
from standards.store import clause_ids


def load(today: datetime) -> None:
    """What lies on the trainers' desks."""
    for username, state, document in company.DRAFTS:
        author = _account(username)
        with work(_actor(author)) as w:
            item_id = items.write_item(w, _said(document), clause_ids(w.session), author)
            if state == "in_review":
                items.take_step(w, item_id, Step.SUBMIT, store.newest_version(w.session, item_id), author)
    _two_reviewers(today)
    _remarks(today)


def _account(username: str) -> int:
    row = account_named(db.session, username)
    if row is None:
        raise LookupError(username)
    return int(row.id)


def _actor(account_id: int) -> Actor:
    return Actor(f"account:{account_id}", account_id)


def _said(document: object) -> Wording:
    return wording(parse({"items": [document]}).items[0])


def _two_reviewers(today: datetime) -> None:
    """A question on a key clause: in use since both others approved it; its revision has one approval and a comment."""
    author, first, second = (_account(name) for name in ("trainer3", "trainer", "trainer2"))
    before, after = (_said(document) for document in company.REVISED)
    with work(_actor(author), today - timedelta(days=20)) as w:
        item_id = items.write_item(w, before, clause_ids(w.session), author)
        _step(w, item_id, Step.SUBMIT, author)
    for reviewer in (first, second):
        with work(_actor(reviewer), today - timedelta(days=19)) as w:
            _step(w, item_id, Step.APPROVE, reviewer)
    with work(_actor(author), today - timedelta(days=18)) as w:
        _step(w, item_id, Step.MAKE_LIVE, author)
    with work(_actor(author), today - timedelta(days=2)) as w:
        items.revise_item(w, item_id, store.newest_version(w.session, item_id), after, clause_ids(w.session), author)
        _step(w, item_id, Step.SUBMIT, author)
    with work(_actor(first), today - timedelta(days=1)) as w:
        comments.comment(w, item_id, 2, first, "options", company.REVISED_COMMENT)
        _step(w, item_id, Step.APPROVE, first)


def _step(w: Work, item_id: int, step: Step, account_id: int) -> None:
    items.take_step(w, item_id, step, store.newest_version(w.session, item_id), account_id)


def _remarks(today: datetime) -> None:
    """Three who sat the fourth sitting found two of its questions wrong; one remark is answered."""
    past = company.PAST[3]
    query = select(Attempt).join(Sitting, Sitting.id == Attempt.sitting_id).where(Sitting.code == past.code)
    sat = {row.person_id: row for row in db.session.scalars(query)}
    persons = companies.person_ids(db.session, past.staff)
    asked = sorted({slot[1] for slot in next(iter(sat.values())).layout})
    for who, which, reason, text in company.REMARKS:
        row, account = sat[persons[past.staff[who]]], _account(past.staff[who].lower())
        slot = next(number for number, entry in enumerate(row.layout, 1) if entry[1] == asked[which])
        with work(_actor(account), row.started + timedelta(minutes=10)) as w:
            remarks.remark(w, row.person_id, account, row.id, slot, Met.EXAM, reason, text)
    trainer = _account("trainer2")
    with work(_actor(trainer), today - timedelta(days=3)) as w:
        subject = heard.subject(w.session, asked[company.REMARKS[-1][1]])
        if subject is not None:
            settle(w, subject.id, [row.id for row in heard.of_item(w.session, subject.id)], State.NO_FAULT, company.REMARK_ANSWER, trainer)
