"""The verbs of reminders: make a day's digests, send one, try one out, look after the robots.

A digest is a row, written once a day in one transaction with its sending as
outbox rows; who and what is decided by ``certification.reminder``.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row

from certification import reminder as rule
from certification.actions import robots
from certification.actions.notice_wording import subject_of, text_of
from certification.reminder import Digest, Line, Topic
from certification.store import home
from certification.store import notices as store
from foundation import clock, mail, outbox, worker
from foundation.config import settings
from foundation.database import db
from foundation.sealing import sealer
from foundation.wording import local
from foundation.work import SYSTEM, Work, work
from people.permission import Role
from people.roster import after, midnight

SEND = "notice.send"
GIVE_UP = timedelta(hours=48)
REST = timedelta(minutes=1)
"""How long a mail server that did not answer is left alone: other work waits behind each attempt."""
OF_A_COMPANY = (Role.CANDIDATE, Role.COORDINATOR)
"""Whose digests are about the people of one company."""
DAY = timedelta(days=1)
_resting: dict[mail.MailServer, datetime] = {}


@dataclass
class Facts:
    """Everything that somebody may be reminded of on a day, by whom it concerns."""

    own: dict[int, list[Line]] = field(default_factory=dict)
    company: dict[int, list[Line]] = field(default_factory=dict)
    decider: list[Line] = field(default_factory=list)
    officer: list[Line] = field(default_factory=list)

    def about(self, person_id: int, partner_id: int, line: Line) -> None:
        """Keep a line about a person, for them and for their company."""
        self.own.setdefault(person_id, []).append(line)
        self.company.setdefault(partner_id, []).append(line)

    def lines(self, roles: Iterable[str], person_id: int | None, partner_id: int | None) -> list[Line]:
        """What concerns somebody of those roles."""
        found: list[Line] = []
        if Role.CANDIDATE in roles and person_id is not None:
            found += self.own.get(person_id, [])
        if Role.COORDINATOR in roles and partner_id is not None:
            found += self.company.get(partner_id, [])
        if Role.HR in roles:
            found += rule.by_company([line for lines in self.company.values() for line in lines])
        if Role.DECIDER in roles:
            found += self.decider
        if Role.OFFICER in roles:
            found += self.officer
        return found


def gather(session: store.Reader, since: date, today: date, now: datetime) -> Facts:
    """The facts of a day: thresholds crossed after ``since``, and what waits now."""
    facts, zone = Facts(), settings().timezone
    ends = _bounds(Topic.LICENCE, since, today, lambda day: after(day, zone))
    for row in store.lapsing(session, ends, now):
        last = local(row.until - timedelta(microseconds=1)).date()
        facts.about(row.person_id, row.partner_id, Line(
            Topic.LICENCE, *_titles(row.title), row.name, row.partner, last, rule.left(last, today)
        ))
    for row in store.exams(session, _bounds(Topic.EXAM, since, today, lambda day: midnight(day, zone))):
        opens = local(row.opens).date()
        if opens < today:  # made up for after a standstill, and over by now
            continue
        line = Line(Topic.EXAM, *_titles(row.title), row.name, row.partner, opens, rule.left(opens, today))
        facts.about(row.person_id, row.partner_id, line)
    for row in store.retraining(session, _bounds(Topic.RETRAINING, since, today, lambda day: after(day, zone))):
        due = local(row.due - timedelta(microseconds=1)).date()
        facts.about(row.person_id, row.partner_id, Line(Topic.RETRAINING, "", "", row.name, row.partner, due, rule.left(due, today)))
    for row in store.overdue_items(session, now):
        facts.about(row.person_id, row.partner_id, Line(Topic.CUSTODY, "", "", row.name, row.partner, count=row.items))
    for row in store.contracts(session, _bounds(Topic.CONTRACT, since, today, lambda day: after(day, zone))):
        last = local(row.ends - timedelta(microseconds=1)).date()
        line = Line(Topic.CONTRACT, row.code, "", "", row.partner, last, rule.left(last, today))
        facts.company.setdefault(row.partner_id, []).append(line)
    _waiting(session, facts, now)
    return facts


def _titles(title: Mapping[str, str]) -> tuple[str, str]:
    return title.get("zh", ""), title.get("en", "")


def _bounds(topic: Topic, since: date, today: date, first: Any) -> list[tuple[datetime, datetime]]:
    """Windows of days as windows of instants; ``first`` is the instant that stands for a day."""
    return [(first(window.first), first(window.last + DAY)) for window in rule.windows(topic, since, today)]


def _waiting(session: store.Reader, facts: Facts, now: datetime) -> None:
    for topic, (count, oldest) in ((Topic.DECISION, store.decisions_waiting(session)), (Topic.APPEAL, store.appeals_waiting(session))):
        if count and oldest:
            facts.decider.append(Line(topic, "", day=local(oldest).date(), count=count))
    facts.officer += [
        Line(Topic.RELEASE, row.code, day=local(row.closes).date(), count=row.marked) for row in home.sittings_to_release(session, now)
    ]


@worker.sweep("notices")
def make_todays(now: datetime) -> int:
    """Make the day's digests once, from the appointed hour on; answers how many."""
    today = local(now).date()
    if local(now).hour < settings().notice_hour or store.last_run(db.session) == today:
        return 0
    with work(SYSTEM, now) as w:
        since = rule.since(store.last_run(w.session), today)
        if not store.claim_run(w.session, today, now):
            return 0
        rows = list(_digests(w.session, gather(w.session, since, today, now), today, now))
        for notice_id in store.add_notices(w.session, rows):
            w.later(SEND, {"notice": notice_id})
        store.close_run(w.session, today, len(rows))
        if rows:
            w.record("notice.made", "notices", made=len(rows))
    return len(rows)


def _digests(session: store.Reader, facts: Facts, today: date, now: datetime) -> Iterable[dict[str, Any]]:
    if settings().smtp is not None:
        for row in store.recipients(session):
            if found := rule.digest(facts.lines(row.roles, row.person_id, row.partner_id)):
                yield _row(f"{today}:account:{row.id}", "email", found, today, now, row.name) | {"account_id": row.id}
    for row in store.channels(session):
        if found := rule.digest(facts.lines((row.role,), None, row.partner_id)):
            yield _row(f"{today}:channel:{row.id}", row.kind, found, today, now, row.name) | {"channel_id": row.id}


def _row(key: str, kind: str, found: Digest, today: date, now: datetime, name: str) -> dict[str, Any]:
    return {
        "key": key, "kind": kind, "subject": subject_of(found, today), "body": text_of(found, name, settings().public_url),
        "created": now, "account_id": None, "channel_id": None,
    }


@dataclass(frozen=True)
class Preview:
    """What somebody of a role would be told, from where the thresholds were crossed, and to how many it would go."""

    subject: str
    body: str
    recipients: int


def preview(role: Role, partner_id: int | None, days: int) -> Preview | None:
    """The digest for ``role`` as if the last run had been ``days`` ago; None when there is nothing to tell.

    For candidates it is that of one company's people together, so that each sentence can be read.
    """
    now = clock.now()
    today = local(now).date()
    facts = gather(db.session, today - timedelta(days=days), today, now)
    shown = Role.COORDINATOR if role is Role.CANDIDATE else role
    found = rule.digest(facts.lines((shown,), None, partner_id))
    if not found:
        return None
    anywhere = role not in OF_A_COMPANY
    wanted = [row for row in store.recipients(db.session) if role in row.roles and (anywhere or row.partner_id == partner_id)]
    return Preview(subject_of(found, today), text_of(found, "", settings().public_url), len(wanted))


@outbox.handler(SEND)
def send_later(payload: Mapping[str, Any]) -> None:
    """Send one notice that was not sent yet; a failure is kept and tried again for two days."""
    found = store.notice(db.session, payload["notice"])
    if found is None or found.sent is not None:
        return
    now = clock.now()
    try:
        _send(found, now)
    except (mail.MailError, robots.RobotError) as error:
        with work(SYSTEM, now) as w:
            store.keep_outcome(w.session, found.id, None, str(error))
        if now - found.created < GIVE_UP:
            raise
        return
    with work(SYSTEM, now) as w:
        store.keep_outcome(w.session, found.id, now, "")


def _send(found: Row[Any], now: datetime) -> None:
    if found.kind == "email":
        server = settings().smtp
        if server is None:
            raise mail.MailError("no mail server is set up (CHIZHENG_SMTP_URL)")
        if found.closed is not None or not found.email:
            raise mail.MailError("the account was closed or has no address any more")
        _hand_in(server, found, now)
        return
    channels: Sequence[Row[Any]] = store.channels(db.session, found.channel_id)
    if not channels or channels[0].closed:
        raise robots.RobotError("the robot was removed")
    _post(channels[0], found.subject + "\n" + found.body, now)


def _hand_in(server: mail.MailServer, found: Row[Any], now: datetime) -> None:
    if now < _resting.get(server, now):
        raise mail.MailError("the mail server did not answer a moment ago")
    try:
        mail.send(server, settings().mail_from, found.email, found.subject, found.body)
    except mail.NoAnswer:
        _resting[server] = now + REST
        raise


def _post(channel: Row[Any], text: str, now: datetime) -> None:
    opened = sealer()
    secret = opened.open(channel.secret) if channel.secret else ""
    robots.post(channel.kind, opened.open(channel.address), secret, text, now)


def send_again(w: Work, notice_id: int) -> None:
    """Have a notice that failed sent once more."""
    w.later(SEND, {"notice": notice_id})
    w.record("notice.again", f"notice:{notice_id}")


def add_channel(w: Work, kind: str, name: str, role: Role, partner_id: int | None, address: str, secret: str) -> int:
    """Keep a robot; its address and secret are sealed."""
    sealed = sealer()
    channel_id = store.add_channel(w.session, {
        "kind": kind, "name": name, "role": role.value, "partner_id": partner_id, "address": sealed.seal(address),
        "secret": sealed.seal(secret) if secret else None, "created": w.now,
    })
    w.record("channel.added", f"channel:{channel_id}", kind=kind, role=role.value)
    return channel_id


def close_channel(w: Work, channel_id: int) -> None:
    """Send nothing to a robot any more."""
    store.close_channel(w.session, channel_id, w.now)
    w.record("channel.closed", f"channel:{channel_id}")


def try_channel(channel_id: int, text: str) -> str:
    """Send a word to a robot; answers why it did not take it, empty when it did."""
    channels = store.channels(db.session, channel_id)
    try:
        _post(channels[0], text, clock.now())
    except robots.RobotError as error:
        return str(error)
    return ""
