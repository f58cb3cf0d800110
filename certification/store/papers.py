"""Papers from outside: which sittings use them, who asked to look inside and who did, what was done to them.

Nothing here names a question; ``contents`` does. Papers that differ in their
traps alone hold the same questions and share their ``seed``: one seal, one log.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased, scoped_session

from certification.seal import Opening
from certification.tables import Attempt, Booking, FormLook, FormOpening, PaperNote, Programme, ProgrammeEdition, Sitting
from people.tables import Account, Person
from question_bank.tables import Form

Reader = Session | scoped_session[Session]
STATES = ("sealed", "ended", "set_aside")
_kin = aliased(Form)
_ENDS = (
    select(func.min(Sitting.opens)).join(_kin, _kin.id == Sitting.form_id)
    .where(_kin.seed == Form.seed, Sitting.cancelled.is_(None)).correlate(Form).scalar_subquery()
)
"""When the seal ends by itself (``seal.opens``), as a column of Form."""
_USED = exists(select(Sitting.id).where(Sitting.form_id == Form.id))
_LOOKS = (
    select(func.count(FormLook.id)).join(_kin, _kin.id == FormLook.form_id).where(_kin.seed == Form.seed).correlate(Form).scalar_subquery()
)
ORDER: dict[str, Any] = {"created": Form.created, "code": Form.code, "ends": _ENDS, "looks": _LOOKS, "id": Form.id}


def state_column(now: datetime) -> ColumnElement[str]:
    """One of STATES."""
    return case((and_(_ENDS.is_not(None), now >= _ENDS), "ended"), (_USED, "sealed"), else_="set_aside")


def _papers(now: datetime) -> Select[Any]:
    return select(
        Form.id, Form.code, Form.seed, Form.sections, Form.created, _ENDS.label("ends"), _LOOKS.label("looks"),
        state_column(now).label("state"),
    )


def papers(now: datetime, search: str, state: str | None) -> Select[Any]:
    """The list: narrowed by words in the codes of papers and sittings, and by state."""
    query = _papers(now)
    for word in search.split():
        used = select(Sitting.id).where(Sitting.form_id == Form.id, Sitting.code.icontains(word, autoescape=True))
        query = query.where(or_(Form.code.icontains(word, autoescape=True), exists(used)))
    return query.where(state_column(now) == state) if state in STATES else query


def state_counts(session: Reader, now: datetime) -> dict[str, int]:
    """How many papers there are by state."""
    state = state_column(now)
    return dict(session.execute(select(state, func.count(Form.id)).group_by(state)).all())


def paper(session: Reader, form_id: int, now: datetime) -> Row[Any] | None:
    """One paper as the list shows it, or None."""
    return session.execute(_papers(now).where(Form.id == form_id)).first()


def sittings_of(session: Reader, form_ids: Collection[int]) -> dict[int, list[Row[Any]]]:
    """The sittings that use each paper, with how many attempts each has."""
    attempts = select(func.count(Attempt.id)).where(Attempt.sitting_id == Sitting.id).scalar_subquery()
    query = (
        select(Sitting.id, Sitting.form_id, Sitting.code, Sitting.opens, Sitting.closes, Sitting.cancelled, Sitting.extra_seconds,
               Programme.title, attempts.label("attempts"))
        .join(ProgrammeEdition, ProgrammeEdition.id == Sitting.programme_edition_id)
        .join(Programme, Programme.id == ProgrammeEdition.programme_id)
        .where(Sitting.form_id.in_(form_ids)).order_by(Sitting.opens, Sitting.id)
    )
    found: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in session.execute(query):
        found[row.form_id].append(row)
    return found


def sits(session: Reader, seed: str, account_id: int, now: datetime) -> bool:
    """Whether the account's holder is booked for a sitting with these questions that has not closed, or still writes with extra time."""
    writes = exists().where(
        Attempt.sitting_id == Sitting.id, Attempt.person_id == Booking.person_id, Attempt.state.in_(("in_progress", "paused"))
    )
    query = (
        select(Booking.sitting_id).join(Account, Account.person_id == Booking.person_id)
        .join(Sitting, Sitting.id == Booking.sitting_id).join(Form, Form.id == Sitting.form_id)
        .where(Form.seed == seed, Account.id == account_id, Sitting.cancelled.is_(None), or_(Sitting.closes > now, writes))
    )
    return bool(session.scalar(select(query.exists())))


def kin(session: Reader, seed: str) -> dict[int, str]:
    """The papers with the same questions: code by id."""
    return dict(session.execute(select(Form.id, Form.code).where(Form.seed == seed).order_by(Form.id)).all())


def codes_like(session: Reader, prefix: str) -> set[str]:
    """The codes of papers that begin with ``prefix``."""
    return set(session.scalars(select(Form.code).where(Form.code.startswith(prefix, autoescape=True))))


def notes(session: Reader, form_id: int) -> list[Row[Any]]:
    """What was done to a paper, the newest first: ``kind, reason, at, name, former, later`` (codes and ids of the papers)."""
    former, later = aliased(Form), aliased(Form)
    query = (
        select(PaperNote.kind, PaperNote.reason, PaperNote.at, Person.name, former.id.label("former_id"), former.code.label("former"),
               later.id.label("later_id"), later.code.label("later"))
        .join(former, former.id == PaperNote.former_id).join(later, later.id == PaperNote.form_id)
        .outerjoin(Account, Account.id == PaperNote.by).outerjoin(Person, Person.id == Account.person_id)
        .where(or_(PaperNote.form_id == form_id, PaperNote.former_id == form_id)).order_by(PaperNote.at.desc(), PaperNote.id.desc())
    )
    return list(session.execute(query))


_asker, _second = aliased(Account), aliased(Account)
_asking, _confirming = aliased(Person), aliased(Person)
_OPENINGS = (
    select(
        FormOpening.id, FormOpening.form_id, FormOpening.asked, FormOpening.asked_by, FormOpening.reason, FormOpening.broken_glass,
        FormOpening.confirmed, FormOpening.confirmed_by, FormOpening.refused, FormOpening.ends, Form.code, Form.seed,
        _asking.name.label("asker"), _confirming.name.label("second"),
    )
    .join(Form, Form.id == FormOpening.form_id)
    .join(_asker, _asker.id == FormOpening.asked_by).join(_asking, _asking.id == _asker.person_id)
    .outerjoin(_second, _second.id == FormOpening.confirmed_by).outerjoin(_confirming, _confirming.id == _second.person_id)
)


def as_opening(row: Any) -> Opening:
    """The rule's facts of a row."""
    return Opening(row.id, row.asked, row.asked_by, row.broken_glass, row.confirmed, row.confirmed_by, row.refused, row.ends)


def openings(session: Reader, seed: str, limit: int = 50) -> list[Row[Any]]:
    """The newest openings of the papers with these questions, with names."""
    return list(session.execute(_OPENINGS.where(Form.seed == seed).order_by(FormOpening.asked.desc(), FormOpening.id.desc()).limit(limit)))


def opening(session: Reader, opening_id: int) -> Row[Any] | None:
    """One opening, or None."""
    return session.execute(_OPENINGS.where(FormOpening.id == opening_id)).first()


def recent_openings(session: Reader, but: int, asked_after: datetime, broken_after: datetime) -> list[Row[Any]]:
    """Other people's requests since ``asked_after`` that nobody answered, and glass broken since ``broken_after``; the newest first."""
    waiting = and_(~FormOpening.broken_glass, FormOpening.confirmed.is_(None), ~FormOpening.refused, FormOpening.asked > asked_after)
    broken = and_(FormOpening.broken_glass, FormOpening.asked > broken_after)
    query = _OPENINGS.where(FormOpening.asked_by != but, or_(waiting, broken))
    return list(session.execute(query.order_by(FormOpening.asked.desc(), FormOpening.id.desc()).limit(10)))


def locked_opening(session: Session, opening_id: int) -> FormOpening:
    """The row for a change, held until the unit of work ends."""
    return session.get_one(FormOpening, opening_id, with_for_update=True)


def looks(seed: str) -> Select[Any]:
    """The log of those who looked into the papers with these questions."""
    return (
        select(FormLook.id, FormLook.at, Person.name, Person.staff_no, Form.code, FormLook.opening_id, FormOpening.broken_glass)
        .join(Form, Form.id == FormLook.form_id).join(Account, Account.id == FormLook.account_id)
        .join(Person, Person.id == Account.person_id).outerjoin(FormOpening, FormOpening.id == FormLook.opening_id)
        .where(Form.seed == seed)
    )


LOOK_ORDER: dict[str, Any] = {"at": FormLook.at, "name": Person.name, "id": FormLook.id}


def look(session: Reader, look_id: int) -> Row[Any] | None:
    """One look: ``account_id, name, staff_no, at, form_id, code, opening_id, reason``; None when there is none."""
    query = (
        select(
            FormLook.id, FormLook.at, FormLook.account_id, FormLook.form_id, Form.code, Person.name, Person.staff_no, FormLook.opening_id,
            FormOpening.reason,
        )
        .join(Form, Form.id == FormLook.form_id).join(Account, Account.id == FormLook.account_id)
        .join(Person, Person.id == Account.person_id).outerjoin(FormOpening, FormOpening.id == FormLook.opening_id)
    )
    return session.execute(query.where(FormLook.id == look_id)).first()


def add_look(session: Session, form_id: int, opening_id: int | None, account_id: int, now: datetime) -> int:
    """Keep that an account looked; answers the row's id."""
    row = FormLook(form_id=form_id, opening_id=opening_id, account_id=account_id, at=now)
    session.add(row)
    session.flush()
    return row.id
