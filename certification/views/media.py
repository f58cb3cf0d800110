"""Pictures and sounds of questions: handed out to whoever may see a question that shows them, and from when they may.

Trainers and auditors see the bank. A candidate sees what stands on the paper
that is open in front of them, or that a released result shows in full; what
belongs to a rationale only the latter. Officers, raters and deciders see what a
paper shows whose seal has ended for them. Everybody else is told that there is nothing.
"""

import io
from typing import Any

from flask import Blueprint, Response, abort, send_file
from sqlalchemy import Row

from certification import seal
from certification.review import Review
from certification.seal import Pass
from certification.sitting import State
from certification.store import exams, papers
from certification.store import media as store
from certification.views.reviews import shown_at
from foundation import clock
from foundation.database import db, wires
from people.login import Me, account, requires
from people.permission import Permission as P
from question_bank.item import texts
from question_bank.rich_text import NAME, media_names
from question_bank.store import faces as bank
from question_bank.store import media as files

doors = Blueprint("media", __name__)
AFTERWARDS = (P.FORM_READ, P.MARK, P.REGRADE_READ, P.APPEAL_READ)
"""Who sees papers when their seal has ended: these look at papers, mark, regrade, decide appeals."""
KEPT_SECONDS = 86_400


@doors.get("/media/<name>")
@requires(P.SIGNED_IN)
def show(name: str) -> Response:
    """A picture or sound. It never changes, so the browser may keep it for this session: an exam goes on without a network."""
    found = files.media(db.session, name) if NAME.fullmatch(name) else None
    if found is None or not _may_see(account(), name, found.id):
        abort(404)
    answer = send_file(
        io.BytesIO(found.content), mimetype=found.media_type, max_age=KEPT_SECONDS, etag=name, conditional=True, last_modified=found.created
    )
    answer.headers["Cache-Control"] = f"private, max-age={KEPT_SECONDS}, immutable"
    answer.headers["Vary"] = "Cookie"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def _may_see(me: Me, name: str, media_id: int) -> bool:
    if me.may(P.ITEM_READ):
        return True
    versions = files.versions_showing(db.session, media_id)
    if not versions:
        return False
    asked = {key for key, face in bank.faces(db.session, versions).items() if name in media_names("\n".join(texts(face)))}
    attempts = store.own_attempts(db.session, me.person_id, versions) if me.may(P.SIT) else []
    if any(_shows(row, asked) for row in attempts):
        return True
    works = any(me.may(permission) for permission in AFTERWARDS)
    return works and any(_unsealed(me, one) for one in store.papers_with(db.session, versions))


def _shows(attempt: Row[Any], asked: set[int]) -> bool:
    """Whether the person's attempt shows it now: its question while it runs, everything once the result may be looked through."""
    if attempt.state == State.IN_PROGRESS:
        return attempt.version in asked
    exam = exams.own_sitting(wires(), attempt.sitting_id, attempt.person_id)
    return exam is not None and shown_at(attempt, exam, clock.now()).level is Review.FULL


def _unsealed(me: Me, form_id: int) -> bool:
    """Whether the person might look at the paper's questions now."""
    now = clock.now()
    paper = papers.paper(db.session, form_id, now)
    if paper is None:
        return False
    openings = [papers.as_opening(row) for row in papers.openings(db.session, paper.seed)]
    sits = papers.sits(db.session, paper.seed, me.account_id, now)
    return isinstance(seal.may_look(seal.is_sealed(paper.ends, now), openings, me.account_id, now, sits), Pass)
