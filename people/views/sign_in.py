"""Sign-in, sign-out, password, language and theme."""

import math
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _

from foundation import clock
from foundation.database import db
from foundation.wording import LANGUAGES, hour
from foundation.work import work
from people import login
from people import password as rule
from people.actions import accounts as account_actions
from people.actions import sign_in as actions
from people.forms import EmailForm, PasswordForm, SignInForm
from people.login import account, actor, public, requires, token_hash
from people.permission import Permission
from people.store import accounts

doors = Blueprint("people", __name__)

WEAKNESSES = {
    "short": lambda: _("密码至少要有 15 个字符"),
    "long": lambda: _("密码最多 200 个字符"),
    "common": lambda: _("这个密码太常见，容易被猜到"),
    "repeated": lambda: _("密码里不同的字符太少"),
    "personal": lambda: _("密码不能主要由您的姓名或用户名组成"),
}


def safe_next(target: str | None) -> str:
    """A path on this site, or the home page: never another host."""
    if not target or not target.startswith("/") or target.startswith("//") or "\\" in target or not target.isprintable():
        return url_for("home.index")
    parts = urlsplit(target)
    return url_for("home.index") if parts.scheme or parts.netloc else target


def seconds_until(moment: datetime) -> int:
    """Whole seconds from the request's arrival to ``moment``, at least one."""
    return max(1, math.ceil((moment - clock.now()).total_seconds()))


def minute_after(moment: datetime) -> str:
    """The first full minute that is not before ``moment``: what a person can wait for."""
    return hour(moment + timedelta(seconds=59))


@doors.route("/login", methods=["GET", "POST"])
@public
def sign_in() -> Any:
    """Name and password; five tries are free, then the door waits."""
    if login.me() is not None:
        return redirect(safe_next(request.args.get("next")))
    form = SignInForm()
    problem = None
    if form.validate_on_submit():
        token = login.new_token()
        found = actions.sign_in(
            str(form.username.data).strip(), str(form.password.data), token_hash(token), request.user_agent.string,
            request.remote_addr or "", clock.now() + login.SESSION_LENGTH, actor(),
        )
        person = login._load(token) if found.account_id else None
        if person is not None:
            login.begin_session(token, person)
            return redirect(url_for("people.password") if person.one_time else safe_next(request.args.get("next")))
        problem = _("用户名或密码不对，请再试一次。")
        if found.until:
            problem = _("输错次数太多，请在 %(time)s 以后再试。正在进行的考试不受影响。", time=minute_after(found.until))
    status = 200 if request.method != "POST" else 429 if problem and found.until else 422
    headers = {"Retry-After": str(seconds_until(found.until))} if status == 429 and found.until else {}
    return render_template("people/login.html", form=form, problem=problem), status, headers


@doors.post("/logout")
@requires(Permission.SIGNED_IN)
def sign_out() -> Any:
    """End this session."""
    actions.sign_out(token_hash(account().token), actor())
    login.end_session()
    flash(_("已退出登录。"))
    return redirect(url_for("people.sign_in"))


@doors.route("/account/password", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
def password() -> Any:
    """Choose a password of one's own; other devices are signed out."""
    form, person = PasswordForm(), account()
    if form.validate_on_submit():
        weak = rule.weakness(str(form.new.data), (person.username, person.name, person.staff_no))
        found = actions.confirm_password(person.username, str(form.current.data), request.remote_addr or "", actor())
        if found.until:
            form.current.errors = [_("输错次数太多，请在 %(time)s 以后再试", time=minute_after(found.until))]
        elif found.account_id is None:
            form.current.errors = [_("现在的密码不对")]
        elif weak:
            form.new.errors = [WEAKNESSES[weak]()]
        elif rule.normal(str(form.new.data)) == rule.normal(str(form.current.data)):
            form.new.errors = [_("新密码不能和现在的一样")]
        else:
            actions.change_password(person.account_id, actions.hash_password(str(form.new.data)), token_hash(person.token), actor())
            flash(_("密码已更新，其他设备已退出登录。"), "good")
            return redirect(url_for("home.index"))
    return render_template("people/password.html", form=form), 422 if form.errors else 200


@doors.route("/account/email", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
def email() -> Any:
    """Where one's own reminders go."""
    form = EmailForm(email=accounts.email_of(db.session, account().account_id))
    if form.validate_on_submit():
        given = str(form.email.data or "").strip()
        with work(actor()) as w:
            account_actions.set_email(w, account().account_id, given)
        flash(_("邮箱已保存，提醒会发到这里。") if given else _("邮箱已清空，不再发提醒。"), "good")
        return redirect(url_for("people.email"))
    return render_template("people/email.html", form=form), 422 if form.errors else 200


@doors.post("/language")
@public
def set_language() -> Any:
    """Remember the language of the pages."""
    if (chosen := request.form.get("locale", "")) in LANGUAGES:
        session["locale"] = chosen
    return redirect(safe_next(request.form.get("next")))


@doors.post("/theme")
@public
def set_theme() -> Any:
    """Remember light, dark, or as the device says."""
    if (chosen := request.form.get("theme", "")) in {"light", "dark", "auto"}:
        session["theme"] = chosen
    return redirect(safe_next(request.form.get("next")))
