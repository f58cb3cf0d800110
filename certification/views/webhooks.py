"""Who is told of a change of standing, what was sent, and what came of it."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from certification.actions import webhooks as actions
from certification.forms.webhooks import WebhookForm
from certification.store import webhooks as store
from certification.webhook import AddressProblem, address_problem
from foundation.config import settings
from foundation.database import db
from foundation.listing import Listing
from foundation.outgoing import Forbidden, reachable
from foundation.work import work
from people.login import actor, requires
from people.permission import Permission

doors = Blueprint("webhooks", __name__, url_prefix="/webhooks")
PROBLEMS = {
    AddressProblem.MALFORMED: _l("这不是一个完整的网址"), AddressProblem.NOT_HTTPS: _l("地址要以 https 开头"),
    AddressProblem.WITH_PASSWORD: _l("地址里不能有用户名和密码"),
}
ERRORS = {
    "ConnectTimeout": _l("连接超时"), "ReadTimeout": _l("对方超时没有回答"), "SSLError": _l("对方的证书不可信"),
    "gaierror": _l("找不到这个主机名"), "ConnectionError": _l("连不上对方"), "forbidden": _l("地址指向内部网络，没有发送"),
    "not tried": _l("对方一直不通，暂缓发送"), "closed": _l("已停用"),
}
STATES = {"delivered": _l("已送达"), "waiting": _l("等待发送"), "given_up": _l("已放弃")}


def _why(error: str) -> str:
    """What went wrong, in words; a kind of failure that has none is named."""
    return str(ERRORS.get(error.partition(":")[0], error))


@doors.get("")
@requires(Permission.ACCOUNT_READ)
def index() -> str:
    """Every address."""
    listing = Listing.from_request(("created", "name"), descending=True)
    listing.fill(db.session, store.listed(), store.ORDER, store.ORDER["created"])
    return render_template("certification/webhooks.html", listing=listing)


@doors.route("/new", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_WRITE)
def new() -> Any:
    """Add one; its secret is shown on the page that answers, and nowhere else."""
    form = WebhookForm(formdata=request.form if request.method == "POST" else None)
    if form.validate_on_submit() and _leads_out(form):
        secret = actions.new_secret()
        with work(actor()) as w:
            webhook_id = actions.add(w, str(form.name.data).strip(), str(form.url.data).strip(), secret)
        return render_template("certification/webhook_made.html", webhook_id=webhook_id, name=form.name.data, secret=secret), 201
    return render_template("certification/webhook_new.html", form=form), 422 if form.errors else 200


def _leads_out(form: WebhookForm) -> bool:
    """Whether messages may be sent there; else the reason stands at the field."""
    production, url = settings().production, str(form.url.data).strip()
    problem = address_problem(url, production)
    if problem is not None:
        form.url.errors = [str(PROBLEMS[problem])]
        return False
    try:
        reachable(url, inside=not production)
    except Forbidden:
        form.url.errors = [_("这个地址指向内部网络，不能使用")]
    except (OSError, ValueError):
        form.url.errors = [_("找不到这个主机名，请核对地址")]
    return not form.url.errors


@doors.get("/<int:webhook_id>")
@requires(Permission.ACCOUNT_READ)
def show(webhook_id: int) -> str:
    """One address and what was sent to it."""
    hook = store.in_scope(db.session, webhook_id) or abort(404)
    listing = Listing.from_request(("created", "tries"), ("state",), descending=True)
    listing.add_filter("state", _("状态"), {name: str(label) for name, label in STATES.items()})
    query = store.deliveries(webhook_id, listing.q, listing.chosen.get("state", ""))
    listing.fill(db.session, query, store.SENT, store.SENT["created"])
    return render_template("certification/webhook.html", hook=hook, listing=listing, why=_why)


@doors.post("/<int:webhook_id>/ping")
@requires(Permission.ACCOUNT_WRITE)
def ping(webhook_id: int) -> Response:
    """Send a message that means nothing, to see whether it arrives."""
    hook = store.in_scope(db.session, webhook_id) or abort(404)
    if hook.closed is not None:
        flash(_("这个地址已经停用。"), "bad")
        return redirect(url_for("webhooks.show", webhook_id=webhook_id), 303)
    reply = actions.ping(actor(), webhook_id)
    if reply.taken:
        flash(_("对方已收到（%(status)s）。", status=reply.status), "good")
    elif reply.status is not None:
        flash(_("对方没有接受，返回 %(status)s。", status=reply.status), "bad")
    else:
        flash(_("没有送到：%(error)s", error=_why(reply.error)), "bad")
    return redirect(url_for("webhooks.show", webhook_id=webhook_id), 303)


@doors.post("/<int:webhook_id>/close")
@requires(Permission.ACCOUNT_WRITE)
def close(webhook_id: int) -> Response:
    """Tell it nothing any more."""
    store.in_scope(db.session, webhook_id) or abort(404)
    with work(actor()) as w:
        closed = actions.close(w, webhook_id)
    if closed:
        flash(_("已停用，不再发送。"), "good")
    return redirect(url_for("webhooks.show", webhook_id=webhook_id), 303)
