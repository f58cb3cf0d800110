"""Reminders: the log of digests, what one would say today, and the robots that carry them into chat groups."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from certification.actions import notices as actions
from certification.actions import robots
from certification.forms.notices import KINDS, TOLD, ChannelForm, PreviewForm
from certification.store import notices as store
from foundation.config import settings
from foundation.database import db
from foundation.listing import Listing
from foundation.work import work
from people.login import actor, requires
from people.permission import Permission, Role
from people.store.accounts import partner_choices
from people.store.companies import partner_coded

doors = Blueprint("notices", __name__, url_prefix="/notices")
P = Permission


@doors.get("")
@requires(P.NOTICE_READ)
def index() -> Any:
    """What was sent, what waits, what failed."""
    listing = Listing.from_request(("created", "subject"), ("kind", "state"), descending=True)
    listing.add_filter("kind", _("途径"), {"email": _("邮件"), "wecom": _("企业微信"), "dingtalk": _("钉钉")})
    listing.add_filter("state", _("状态"), {"sent": _("已发出"), "waiting": _("待发"), "failed": _("没有发出")})
    query = store.notices(listing.q, listing.chosen.get("kind"), listing.chosen.get("state"))
    listing.fill(db.session, query, store.ORDER, store.ORDER["id"])
    known = settings()
    return render_template("certification/notices.html", listing=listing, mail_set_up=known.smtp is not None, hour=known.notice_hour)


@doors.get("/<int:notice_id>")
@requires(P.NOTICE_READ)
def show(notice_id: int) -> Any:
    """One digest as it was sent."""
    found = store.notice(db.session, notice_id) or abort(404)
    return render_template("certification/notice.html", notice=found)


@doors.post("/<int:notice_id>/again")
@requires(P.NOTICE_WRITE)
def again(notice_id: int) -> Any:
    """Send one that failed once more."""
    found = store.notice(db.session, notice_id) or abort(404)
    if found.sent is not None:
        flash(_("这条提醒已经发出，没有再发。"))
    else:
        with work(actor()) as w:
            actions.send_again(w, notice_id)
        flash(_("正在重发，结果稍后显示在这里。"), "good")
    return redirect(url_for("notices.show", notice_id=notice_id))


@doors.get("/preview")
@requires(P.NOTICE_READ)
def preview() -> Any:
    """What a digest would say today; nothing is sent."""
    form = PreviewForm(request.args)
    form.partner.choices = [("", _("不限")), *partner_choices(db.session)]
    shown, valid = None, form.validate()
    if valid and form.role.data in actions.OF_A_COMPANY and not form.partner.data:
        form.partner.errors, valid = [_("请选择合作方")], False
    if valid:
        partner = partner_coded(db.session, str(form.partner.data)) if form.partner.data else None
        shown = actions.preview(Role(form.role.data), partner.id if partner else None, int(form.days.data))
    return render_template("certification/notice_preview.html", form=form, shown=shown, valid=valid), 200 if valid else 422


@doors.get("/channels")
@requires(P.NOTICE_READ)
def channels() -> Any:
    """The robots."""
    return render_template("certification/notice_channels.html", channels=store.channels(db.session), kinds=KINDS, told=TOLD)


@doors.route("/channels/new", methods=["GET", "POST"])
@requires(P.NOTICE_WRITE)
def new_channel() -> Any:
    """Add a robot; its address is sealed and not shown again."""
    form = ChannelForm()
    form.partner.choices = [("", _("不限")), *partner_choices(db.session)]
    if form.validate_on_submit() and _sound(form):
        partner = partner_coded(db.session, str(form.partner.data)) if form.partner.data else None
        with work(actor()) as w:
            actions.add_channel(
                w, str(form.kind.data), str(form.name.data).strip(), Role(form.role.data), partner.id if partner else None,
                str(form.address.data).strip(), str(form.secret.data or "").strip(),
            )
        flash(_("机器人已添加。发一条试试，看群里能不能收到。"), "good")
        return redirect(url_for("notices.channels"))
    return render_template("certification/notice_channel_new.html", form=form), 422 if form.errors else 200


def _sound(form: ChannelForm) -> bool:
    """What no single field can say: the maker's own address, and whose company a coordinator's robot is for."""
    if not robots.is_theirs(str(form.kind.data), str(form.address.data).strip()):
        form.address.errors = [_("地址要以 https://%(host)s/ 开头", host=robots.HOSTS[str(form.kind.data)])]
    if (form.role.data == Role.COORDINATOR) != bool(form.partner.data):
        form.partner.errors = [_("只有合作方管理员的提醒要选") if form.partner.data else _("请选择是哪家合作方的群")]
    return not form.errors


@doors.post("/channels/<int:channel_id>/try")
@requires(P.NOTICE_WRITE)
def try_channel(channel_id: int) -> Any:
    """Send a word to the group."""
    found = _channel(channel_id)
    if found.closed:
        abort(404)
    error = actions.try_channel(channel_id, _("持证上岗：这是一条测试消息。"))
    if error:
        flash(_("“%(name)s”没有收下：%(error)s。请核对地址和密钥。", name=found.name, error=error), "bad")
    else:
        flash(_("“%(name)s”已收到测试消息。", name=found.name), "good")
    return redirect(url_for("notices.channels"))


@doors.post("/channels/<int:channel_id>/close")
@requires(P.NOTICE_WRITE)
def close_channel(channel_id: int) -> Any:
    """Remove a robot."""
    found = _channel(channel_id)
    with work(actor()) as w:
        actions.close_channel(w, channel_id)
    flash(_("“%(name)s”已移除，不再发送。", name=found.name), "good")
    return redirect(url_for("notices.channels"))


def _channel(channel_id: int) -> Any:
    found = store.channels(db.session, channel_id)
    return found[0] if found else abort(404)
