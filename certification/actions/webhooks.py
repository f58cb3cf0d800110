"""Telling others of a change of standing: addresses, messages, and the sweep that finds what time changed."""

import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Row

from certification import webhook as rule
from certification.store import webhooks as store
from certification.store.webhooks import Change
from certification.tables import Webhook, WebhookDelivery
from foundation import clock, outgoing
from foundation.config import settings
from foundation.database import db
from foundation.outbox import handler
from foundation.outgoing import Reply
from foundation.sealing import sealer
from foundation.work import SYSTEM, Actor, Work, work
from foundation.worker import sweep

CLAIMED = timedelta(minutes=10)
SWEEP = "standings"


@dataclass(frozen=True)
class Outcome:
    """What came of a message that was sent."""

    delivery_id: int
    reply: Reply


def new_secret() -> str:
    """What signs the messages to one address; shown once, kept sealed."""
    return "whsec_" + secrets.token_urlsafe(32)


def add(w: Work, name: str, url: str, secret: str) -> int:
    """Tell ``url`` of every change from now on; answers its id."""
    row = Webhook(name=name, url=url, secret=sealer().seal(secret), created=w.now, created_by=w.actor.account_id)
    w.session.add(row)
    w.session.flush()
    w.record("webhook.added", f"webhook:{row.id}")
    return row.id


def close(w: Work, webhook_id: int) -> bool:
    """Tell it nothing any more; whether it was told until now."""
    row = store.for_change(w.session, webhook_id)
    if row.closed is not None:
        return False
    row.closed = w.now
    store.drop_waiting(w.session, webhook_id)
    w.record("webhook.closed", f"webhook:{webhook_id}")
    return True


def ping(actor: Actor, webhook_id: int) -> Reply:
    """Send a message that means nothing, now, and keep what came of it."""
    now = clock.now()
    key = f"{rule.PING}:{secrets.token_hex(8)}"
    with work(actor) as w:
        hook = store.for_change(w.session, webhook_id)
        row = _message(webhook_id, rule.PING, key, now, {})
        row.due = now + CLAIMED  # nobody else sends it meanwhile
        w.session.add(row)
        w.session.flush()
        w.record("webhook.pinged", f"webhook:{webhook_id}")
        sent = (row.id, row.payload, hook.url, hook.secret)
    delivery_id, payload, url, sealed = sent
    reply = _send(url, sealed, rule.PING, payload, now)
    with work(SYSTEM) as w:
        kept = store.delivery(w.session, delivery_id)
        if kept is not None:
            _keep(kept, reply, w.now)
            kept.due = None  # a ping is not tried again
    return reply


def _message(webhook_id: int, kind: str, key: str, now: datetime, data: dict[str, Any]) -> WebhookDelivery:
    payload = rule.message(kind, key, now, data)
    return WebhookDelivery(webhook_id=webhook_id, event=kind, event_key=key, payload=payload, created=now, due=now, tries=0)


@handler("standing_changed")
def standing_changed(payload: dict[str, Any]) -> None:
    """A licence's ledger grew: tell every address how it stands now. Safe to repeat; what takes effect later is found by the sweep."""
    now = clock.now()
    if not store.living(db.session):
        return
    found = store.change_now(db.session, int(payload["licence_id"]), now, settings().expiring_days)
    if found is not None and announce([found]):
        deliver(now)


@sweep("webhooks")
def sweep_standings(now: datetime) -> int:
    """Tell of every standing that time changed since the last sweep, and send what is due; answers how many messages were sent."""
    with work(SYSTEM) as w:
        mark = store.mark(w.session, SWEEP)
        since = mark.at if mark else None
        if mark is None:
            store.add_mark(w.session, SWEEP, now)
    if since is not None and since < now:
        announce(store.changes_by_time(db.session, since, now, settings().expiring_days))
        with work(SYSTEM) as w:
            kept = store.mark(w.session, SWEEP)
            if kept is not None:
                kept.at = max(kept.at, now)
    return deliver(now)


def announce(changes: Iterable[Change]) -> int:
    """Keep a message for every address that was not told of it yet, in the order in which things changed; answers how many."""
    by_key = {rule.event_key(change.number, change.after, change.effective): change for change in sorted(changes, key=_when)}
    if not by_key or not store.living(db.session):
        return 0
    with work(SYSTEM) as w:
        told = {hook: store.sent_already(w.session, hook, list(by_key)) for hook in store.living(w.session)}
        fresh = [
            _message(hook, rule.STANDING, key, w.now, _data(change))
            for hook, known in told.items() for key, change in by_key.items() if key not in known
        ]
        w.session.add_all(fresh)
    return len(fresh)


def _when(change: Change) -> datetime:
    return change.effective


def _data(change: Change) -> dict[str, Any]:
    said = asdict(change)
    said["licence"] = said.pop("number")
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in said.items()}


def deliver(now: datetime) -> int:
    """Send what is due; answers how many messages were taken. An address that does not answer is left alone until later."""
    with work(SYSTEM) as w:
        waiting = store.claim(w.session, now, now + CLAIMED)
    silent: set[int] = set()
    outcomes = []
    for row in waiting:
        reply = Reply(None, "not tried: the address does not answer") if row.webhook_id in silent else _sent(row, now)
        if not reply.taken:
            silent.add(row.webhook_id)
        outcomes.append(Outcome(row.id, reply))
    if outcomes:
        with work(SYSTEM) as w:
            for outcome in outcomes:
                kept = store.delivery(w.session, outcome.delivery_id)
                if kept is not None and kept.delivered is None:
                    _keep(kept, outcome.reply, w.now)
    return sum(outcome.reply.taken for outcome in outcomes)


def _sent(row: Row[Any], now: datetime) -> Reply:
    return _send(row.url, row.secret, row.event, row.payload, now)


def _send(url: str, sealed: bytes, event: str, payload: dict[str, Any], now: datetime) -> Reply:
    body = msgspec.json.encode(payload)
    headers = {
        "Content-Type": "application/json", "User-Agent": "Chizheng-Webhook/1", "Chizheng-Event": event, "Chizheng-Id": str(payload["id"]),
        "Chizheng-Signature": rule.signature(sealer().open(sealed), body, now),
    }
    return outgoing.post(url, body, headers, inside=not settings().production)


def _keep(row: WebhookDelivery, reply: Reply, now: datetime) -> None:
    row.tries += 1
    row.status, row.error = reply.status, reply.error
    if reply.taken:
        row.delivered, row.due = now, None
    else:
        row.due = rule.next_try(row.created, row.tries, now)
