"""Licences: the holder's own, and one licence's ledger with the acts on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from certification import decision, licence_act
from certification import licence as rule
from certification.actions import licence_acts as actions
from certification.actions.licence_acts import Act
from certification.forms.licences import ActForm
from certification.licence import Event, Kind, Standing, State, Validity
from certification.licence_act import Refusal
from certification.store import decisions as decision_store
from certification.store import licences as store
from certification.store.decisions import Judged
from certification.store.licences import Entry, LicenceView, Scope
from certification.views import cards, independence
from certification.views.words import ACT_WORDS, DECISION_WORDS, KIND_WORDS, LICENCE_REFUSALS, REASON_WORDS, REFUSALS
from foundation import clock
from foundation.config import settings
from foundation.database import db
from foundation.wording import day, instant, last_day, mark
from foundation.work import work
from people.login import account, actor, requires
from people.permission import Permission

doors = Blueprint("licences", __name__)


def scope() -> Scope:
    """Whose licences the asker sees."""
    me = account()
    if not me.may(Permission.STANDING_READ):
        return Scope(me.person_id)
    return Scope(me.person_id, me.company, everyone=me.company is None)


@doors.get("/licences/mine")
@requires(Permission.SIGNED_IN)
def mine() -> str:
    """The holder's own cards."""
    now, me = clock.now(), account()
    views = store.licences_of(db.session, me.person_id)
    return render_template("certification/licences_mine.html", held=[(cards.card(view, now), view) for view in views])


@doors.get("/licences/<number>")
@requires(Permission.SIGNED_IN)
def show(number: str) -> str:
    """One licence: the card, its ledger, its standing on any day, and for a decider what may be done with it."""
    return _page(found(number), ActForm())


@doors.post("/licences/<number>")
@requires(Permission.DECIDE)
def change(number: str) -> Any:
    """Upgrade, reduce, suspend, reinstate, revoke or replace, now or from a day to come."""
    view, form = found(number), ActForm()
    _offer(form, view)
    act = _act(form) if form.validate_on_submit() else None
    if act is None:
        return _page(view, form), 422
    with work(actor()) as w:
        judged = _judged(w.session, view, w.now)
        barred = decision.refusal(decision_store.decider_of(w.session, account().account_id), judged.case)
        refused = None if barred else actions.change(w, view.id, act)
        if barred:
            w.record(f"licence.{act.kind}", f"licence:{view.id}", "refused", why=barred)
    if refused in FIELDS:
        form[FIELDS[refused]].errors = [str(LICENCE_REFUSALS[refused])]
        return _page(view, form), 422
    if why := REFUSALS[barred] if barred else LICENCE_REFUSALS[refused] if refused else None:
        flash(why, "bad")
        return _page(found(number), form), 409
    flash(_done(view, act), "good")
    return redirect(url_for("licences.show", number=number))


FIELDS = {
    Refusal.PAST_DAY: "effective", Refusal.PLANNED_NAME: "effective", Refusal.WRONG_REASON: "reason_code", Refusal.NO_NAME: "holder",
    Refusal.SAME_NAME: "holder",
}


def _act(form: ActForm) -> Act | None:
    """What was typed as an act; None with the errors on the form."""
    kind, now = Kind(form.kind.data), clock.now()
    effective = licence_act.effective_from(form.effective.data, now, settings().timezone)
    if isinstance(effective, Refusal):
        form.effective.errors = [str(LICENCE_REFUSALS[effective])]
    if not form.code:
        form.reason_code.errors = [str(LICENCE_REFUSALS[Refusal.WRONG_REASON])]
    if isinstance(effective, Refusal) or not form.code:
        return None
    planned = effective if effective > now else None
    return Act(kind, form.code, str(form.reason.data).strip(), planned, str(form.holder.data or "").strip())


def _done(view: LicenceView, act: Act) -> str:
    if act.kind is Kind.SUPERSEDED:
        return _("已更正姓名并换发新证，原证 %(number)s 作废。", number=view.number)
    if act.effective:
        words = {"day": day(act.effective), "deed": ACT_WORDS[act.kind], "name": view.name}
        return _("已计划：%(day)s 零点起%(deed)s %(name)s 的上岗证。", **words)
    return _("已%(deed)s %(name)s 的上岗证。", deed=ACT_WORDS[act.kind], name=view.name)


def found(number: str) -> LicenceView:
    """The licence of that number where the asker may see it, else 404."""
    return store.licence_in_scope(db.session, number, scope()) or abort(404)


def _judged(session: store.Reader, view: LicenceView, now: datetime) -> Judged:
    """An act on the licence as a case to be judged."""
    return decision_store.act_on(session, view.person_id, view.partner_id, view.programme_id, now, settings().timezone)


def _ledger(view: LicenceView) -> list[Entry]:
    return store.ledger(db.session, view.id)


def _events(entries: Sequence[Entry]) -> list[Event]:
    """The ledger in the order in which it was written, as far as that matters."""
    return [entry.event for entry in reversed(entries)]


def _offer(form: ActForm, view: LicenceView, entries: Sequence[Entry] | None = None) -> None:
    events = _events(_ledger(view) if entries is None else entries)
    kinds = licence_act.possible(events, clock.now(), Validity(view.months, settings().timezone))
    form.offer(kinds, ACT_WORDS, REASON_WORDS)


def _page(view: LicenceView, form: ActForm) -> str:
    now, me, entries = clock.now(), account(), _ledger(view)
    held = rule.standing_at(view.spans, now, settings().expiring_days)
    insider = me.may(Permission.DECISION_READ)
    _offer(form, view, entries)
    return render_template(
        "certification/licence.html", view=view, card=cards.card(view, now), held=held, form=form, insider=insider,
        shown=independence.shown(_judged(db.session, view, now)) if insider else None,
        events=[_timeline(entry, now) for entry in entries], day=_day(view, entries), may_decide=me.may(Permission.DECIDE),
        may_ask=may_ask(view) and any(kind == Kind.SUPERSEDED for kind, _word in form.kind.choices),
        may_read=me.may(Permission.STANDING_READ), words=DECISION_WORDS,
        waiting=decision_store.waiting_on(db.session, view.id, view.person_id),
        predecessor=store.predecessor_of(db.session, view.id),
        successor=store.successor_of(db.session, view.id) if held.state is State.SUPERSEDED else None,
    )


def may_ask(view: LicenceView) -> bool:
    """Whether the asker may request another name: the holder, and who keeps rosters."""
    me, keeps = account(), Permission.ROSTER_WRITE
    return me.person_id == view.person_id or (me.may(keeps) and me.limit(keeps) in (None, view.partner_id))


@dataclass(frozen=True)
class Day:
    """A day that was asked for: what was typed, the error, or from when each standing held."""

    typed: str
    known: bool
    day: date | None = None
    error: str = ""
    standings: Sequence[tuple[datetime, Standing]] = ()


def _day(view: LicenceView, entries: Sequence[Entry]) -> Day | None:
    """The standing on the day in ``?on=``; with ``known=then`` by what had been recorded by the end of that day."""
    typed, known = request.args.get("on", "").strip()[:20], request.args.get("known") == "then"
    if not typed:
        return None
    try:
        asked = date.fromisoformat(typed)
    except ValueError:
        return Day(typed, known, error=_("请按 2027-01-31 的样子填写日期"))
    if not 1990 <= asked.year <= 2100:
        return Day(typed, known, error=_("年份要在 1990 到 2100 之间"))
    zone = settings().timezone
    starts, ends = (datetime.combine(one, time(), zone) for one in (asked, asked + timedelta(days=1)))
    events = _events(entries)
    spans = rule.spans(rule.known_by(events, ends), Validity(view.months, zone)) if known else view.spans
    return Day(typed, known, asked, standings=rule.on_day(spans, starts, ends, settings().expiring_days))


TONES = {
    Kind.GRANTED: ("good", "licence"), Kind.RENEWED: ("good", "calendar"), Kind.UPGRADED: ("good", "grade"),
    Kind.REINSTATED: ("good", "check"), Kind.SCOPE_REDUCED: ("warn", "grade"), Kind.SUSPENDED: ("warn", "pause"),
    Kind.REVOKED: ("bad", "revoke"), Kind.SUPERSEDED: ("", "next"),
}


def _timeline(entry: Entry, now: datetime) -> dict[str, Any]:
    """An event for the ``timeline`` macro; who recorded it is for those who read decisions."""
    event, insider = entry.event, account().may(Permission.DECISION_READ)
    grade = {"qualified": _("合格"), "excellent": _("优秀")}.get(event.grade or "") if event.kind in rule.CERTIFIES else ""
    planned = event.effective > now
    elsewhere = abs(event.recorded - event.effective) > timedelta(minutes=1)
    why = REASON_WORDS.get(entry.reason_code)  # type: ignore[call-overload]  # a Reason is its own text
    lines = (
        str(why) if why else "", event.reason,
        _("有效至 %(day)s", day=last_day(event.until)) if event.until else "",
        _("沿用原证的认证日") if event.certified else "",
        _("新证 %(number)s", number=entry.successor) if entry.successor else "",
        _("%(time)s 记录", time=instant(event.recorded)) if elsewhere else "",
        _("记录人 %(name)s", name=entry.by) if insider and entry.by else "",
    )
    tone, picture = TONES[event.kind]
    words = (_("计划") if planned else "", str(KIND_WORDS[event.kind]), grade)
    return {
        "when": event.effective, "title": " · ".join(filter(None, words)), "tone": tone,
        "icon": "clock" if planned else picture, "text": mark("；").join(filter(None, lines)),
        "url": url_for("decisions.show", decision_id=entry.decision_id) if insider and entry.decision_id else None,
    }
