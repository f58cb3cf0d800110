"""The auditor: the record of deeds, to read and to verify."""

import json
from datetime import date, datetime
from typing import Any

from flask import Blueprint, current_app, render_template, request, url_for
from flask_babel import gettext as _

from foundation import audit
from foundation.config import Settings
from foundation.database import db
from foundation.listing import Listing
from foundation.work import work
from people.forms import PeriodForm
from people.login import actor, requires
from people.permission import Permission
from people.roster import after, midnight
from people.store import audit as store

doors = Blueprint("audit", __name__, url_prefix="/audit")

DAMAGES = {
    "missing": lambda n: _("缺少第 %(n)s 条", n=n),
    "altered": lambda n: _("第 %(n)s 条被改动，或它前面有记录被删除", n=n),
    "differs": lambda n: _("第 %(n)s 条与签名检查点不一致", n=n),
    "tail_cut": lambda n: _("签名检查点记到第 %(n)s 条，但记录已不存在：末尾被截掉", n=n),
    "head": lambda n: _("链头与最后一条（第 %(n)s 条）不一致", n=n),
    "unreadable": lambda n: _("检查点文件第 %(n)s 行无法读取", n=n),
    "wrong_signature": lambda n: _("检查点文件第 %(n)s 行的签名不对", n=n),
}
SHOWN_DAMAGES = 20
FILTERS = ("event", "actor", "subject", "result", "since", "until")


@doors.get("")
@requires(Permission.AUDIT_READ)
def index() -> Any:
    """What was done, the newest first."""
    return _page(None)


@doors.post("/verify")
@requires(Permission.AUDIT_READ)
def verify() -> Any:
    """Walk the whole chain and say what was found."""
    settings: Settings = current_app.extensions["settings"]
    db.session.remove()
    report = audit.verify(db.engine, settings.data_dir, settings.secret_key)
    with work(actor()) as w:
        w.record("audit.verified", "audit", "refused" if report.damages else "done", rows=report.rows, damages=len(report.damages))
    return _page(report)


def _page(report: audit.Report | None) -> Any:
    listing = Listing.from_request(("time",), FILTERS, descending=True, path=url_for("audit.index"))
    form = _period(listing)
    since, until = (None if field.errors else field.data for field in (form.since, form.until))
    query = store.audit_rows(db.session, listing.q, listing.chosen, _start(since), _end(until))
    names = store.names_of(db.session, [listing.chosen.get("actor", ""), listing.chosen.get("subject", "")])
    for name, label in (("actor", _("操作人")), ("subject", _("对象"))):
        if value := listing.chosen.get(name):
            listing.add_filter(name, label, {value: f"{names[value]} {value}" if value in names else value})
    listing.add_filter("result", _("结果"), {"done": _("完成"), "refused": _("被拒绝")})
    listing.fill(db.session, query, store.AUDIT_ORDER, store.AUDIT_ORDER["time"])
    names = store.names_of(db.session, [reference for row in listing.rows for reference in (row.actor, row.subject)])
    return render_template(
        "people/audit.html", listing=listing, form=form, names=names, details={row.seq: _detail(row.detail) for row in listing.rows},
        report=report, damages=[DAMAGES[kind](number) for kind, number in report.damages[:SHOWN_DAMAGES]] if report else [],
        last=store.last_verification(db.session),
    ), 422 if form.errors else 200


def _period(listing: Listing) -> PeriodForm:
    form = PeriodForm(request.args)
    events = store.audit_events(db.session)
    form.event.choices = [("", _("全部事件")), *((event, event) for event in events)]
    if listing.chosen.get("event") not in events:
        listing.chosen.pop("event", None)
        form.event.data = ""
    form.validate()
    return form


def _start(day: date | None) -> datetime | None:
    return midnight(day, current_app.extensions["settings"].timezone) if day else None


def _end(day: date | None) -> datetime | None:
    return after(day, current_app.extensions["settings"].timezone) if day else None


def _detail(text: str) -> list[tuple[str, str]]:
    """The detail as pairs; it holds ids, codes and digests, never personal data."""
    found = json.loads(text)
    return [(key, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)) for key, value in sorted(found.items())]
