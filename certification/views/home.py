"""The home page: for each role what comes next."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, render_template
from flask_babel import format_date
from flask_babel import gettext as _

from certification import seal
from certification.store import appeals, breaches, papers, regrades
from certification.store import home as store
from certification.views import breach_words
from certification.views.appeal_words import KINDS
from certification.views.attention import attention
from certification.views.cards import own_cards
from certification.views.marking_tasks import marker_of, tasks, texts_waiting
from certification.views.words import DECISION_WORDS
from foundation import clock
from foundation.database import db
from foundation.wording import language, local
from people.login import Me, account, requires
from people.permission import Permission, Role
from question_bank.store import edition_changes

doors = Blueprint("home", __name__)


@doors.get("/")
@requires(Permission.SIGNED_IN)
def index() -> str:
    """What is next for the person who signed in, role by role."""
    person, now = account(), clock.now()
    parts = [(role.value, part(person, now)) for role, part in PARTS.items() if role in person.roles]
    return render_template("certification/home/index.html", greeting=greeting(now), today=weekday(now), parts=parts, now=now)


def greeting(now: datetime) -> str:
    """Good morning, afternoon or evening, by the civil hour."""
    hour = local(now).hour
    return _("早上好") if 5 <= hour < 12 else _("下午好") if 12 <= hour < 18 else _("晚上好")


def weekday(now: datetime) -> str:
    """The day as one would say it."""
    return format_date(local(now), "EEEE · M月d日" if language() == "zh" else "EEEE, MMMM d", rebase=False)


def _candidate(person: Me, now: datetime) -> dict[str, Any]:
    return {
        "cards": own_cards(person.person_id, now),
        "next": store.next_sitting(db.session, person.person_id, now),
        "result": store.latest_result(db.session, person.person_id, now - timedelta(days=30)),
        "waiting": store.waiting_result(db.session, person.person_id),
        "appeals": appeals.news(db.session, person.person_id, now - timedelta(days=30)), "kinds": KINDS,
        "measures": [row for row in breaches.measures_of(db.session, person.person_id) if row.BreachMeasure.closed is None],
        "measure_words": breach_words, "now": now,
    }


def _coordinator(person: Me, now: datetime) -> dict[str, Any]:
    company = person.limit(Permission.STANDING_READ)
    return {
        "attention": attention(company, now), "sittings": store.upcoming_sittings(db.session, now),
        "contracts": store.ending_contracts(db.session, now, company),
    }


def _trainer(person: Me, now: datetime) -> dict[str, Any]:
    return {"desk": store.writing(db.session, person.account_id), "renewals": edition_changes.waiting(db.session, person.account_id)}


def _officer(person: Me, now: datetime) -> dict[str, Any]:
    return {"openings": _openings(person, now),
            "sittings": store.upcoming_sittings(db.session, now), "release": store.sittings_to_release(db.session, now),
            "asked": regrades.asked_for(db.session)}


def _openings(person: Me, now: datetime) -> list[Any]:
    """Sealed papers that others asked to open just now, or opened alone in the last fortnight."""
    return papers.recent_openings(db.session, person.account_id, now - seal.WAITS, now - timedelta(days=14))


def _rater(person: Me, now: datetime) -> dict[str, Any]:
    marker = marker_of(person)
    found, coming = tasks(marker, now)
    texts = texts_waiting(marker, now)
    return {
        "tasks": sorted((task for task in found if task.mine or task.third), key=lambda task: task.due)[:5], "coming": coming,
        "mine": sum(task.mine for task in found), "third": sum(task.third for task in found),
        "unseen": sum(unseen for _row, _total, unseen in texts),
    }


def _decider(person: Me, now: datetime) -> dict[str, Any]:
    waiting, oldest = store.pending_decisions(db.session)
    return {
        "waiting": waiting, "oldest": oldest, "words": DECISION_WORDS, "appeals": appeals.counts(db.session, now),
        "breaches": breaches.counts(db.session, None).get("appealed", 0),
        "regrades": regrades.waiting(db.session, but=person.account_id),
    }


def _hr(person: Me, now: datetime) -> dict[str, Any]:
    asked, denied, newest = store.denials(db.session, now - timedelta(days=1))
    return {
        "attention": attention(None, now), "contracts": store.ending_contracts(db.session, now, None),
        "asked": asked, "denied": denied, "newest": newest,
    }


def _auditor(person: Me, now: datetime) -> dict[str, Any]:
    total, today = store.deeds(db.session, now - timedelta(days=1))
    asked, denied, _newest = store.denials(db.session, now - timedelta(days=1))
    return {"openings": _openings(person, now), "total": total, "today": today, "asked": asked, "denied": denied}


def _admin(person: Me, now: datetime) -> dict[str, Any]:
    return {"operation": store.operation(db.session, now)}


PARTS: dict[Role, Callable[[Me, datetime], dict[str, Any]]] = {
    Role.CANDIDATE: _candidate, Role.DECIDER: _decider, Role.OFFICER: _officer, Role.COORDINATOR: _coordinator, Role.TRAINER: _trainer,
    Role.RATER: _rater, Role.HR: _hr, Role.AUDITOR: _auditor, Role.ADMIN: _admin,
}
