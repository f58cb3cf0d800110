"""The admin: accounts, roles, one-time passwords. The auditor reads."""

import secrets
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from foundation import clock
from foundation.database import db
from foundation.listing import Listing
from foundation.work import work
from people.account import Refusal
from people.actions import accounts as actions
from people.actions.sign_in import hash_password
from people.forms import ROLE_DUTIES, ROLE_WORDS, AccountForm, RolesForm
from people.login import actor, requires
from people.permission import NEVER_TOGETHER, Permission, Role, clash
from people.store import accounts as store

doors = Blueprint("accounts", __name__, url_prefix="/accounts")

TAKEN = {
    "username": lambda: _("这个用户名已有人使用"),
    "staff_no": lambda: _("这个工号已有账号"),
    "partner": lambda: _("没有这个单位"),
}
REFUSALS = {
    Refusal.OWN_ADMIN: lambda: _("不能取消自己的系统管理员角色，请让另一位系统管理员来改"),
    Refusal.OWN_ACCOUNT: lambda: _("不能停用自己的账号，请让另一位系统管理员来停用。"),
    Refusal.LAST_ADMIN: lambda: _("这是最后一位系统管理员，系统里至少要留一位"),
}


def clash_words(roles: list[Role]) -> str:
    """Which two roles one account may not hold, and why."""
    pair = clash(roles)
    words = tuple(str(ROLE_WORDS[role]) for role in pair) if pair else ("", "")
    return _("%(one)s和%(other)s不能由同一个账号担任：做决定或审计的人不能参与被决定、被审计的工作", one=words[0], other=words[1])


@doors.get("")
@requires(Permission.ACCOUNT_READ)
def index() -> Any:
    """All accounts, searched and filtered."""
    listing = Listing.from_request(("name", "username", "created"), ("role", "state"))
    listing.add_filter("role", _("角色"), {role.value: str(words) for role, words in ROLE_WORDS.items()})
    listing.add_filter("state", _("状态"), {"open": _("启用"), "closed": _("停用")})
    role = listing.chosen.get("role")
    query = store.accounts(listing.q, Role(role) if role in set(Role) else None, listing.chosen.get("state"))
    listing.fill(db.session, query, store.ACCOUNT_ORDER, store.ACCOUNT_ORDER["id"])
    return render_template("people/accounts.html", listing=listing)


@doors.route("/new", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_WRITE)
def new() -> Any:
    """Open an account; its one-time password is shown on the page that answers, and nowhere else."""
    form = AccountForm()
    form.partner.choices = store.partner_choices(db.session)
    if form.validate_on_submit():
        roles = [Role(role) for role in form.roles.data or ()]
        chosen = secrets.token_urlsafe(12)
        if clash(roles):
            form.roles.errors = [clash_words(roles)]
        else:
            try:
                account_id = _create(form, roles, chosen)
            except actions.AccountRefused as refused:
                form[refused.field].errors = [TAKEN[refused.field]()]
            else:
                shown = store.account_shown(db.session, account_id)
                return render_template("people/one_time.html", account=shown, password=chosen, fresh=True), 201
    return render_template("people/account_new.html", form=form, duties=_duties(), pairs=_pairs()), 422 if form.errors else 200


def _create(form: AccountForm, roles: list[Role], chosen: str) -> int:
    hashed = hash_password(chosen)
    with work(actor()) as w:
        return actions.create_account(
            w, str(form.username.data).strip(), str(form.name.data).strip(), roles, str(form.partner.data),
            str(form.staff_no.data).strip(), hashed,
        )


@doors.get("/<int:account_id>")
@requires(Permission.ACCOUNT_READ)
def show(account_id: int) -> Any:
    """One account: whose it is, what it may do, where it is signed in."""
    return _page(account_id, None)


@doors.post("/<int:account_id>/roles")
@requires(Permission.ACCOUNT_WRITE)
def roles(account_id: int) -> Any:
    """Change the roles; they count from the person's next click on."""
    _found(account_id)
    form = RolesForm()
    if form.validate_on_submit():
        wanted = [Role(role) for role in form.roles.data or ()]
        with work(actor()) as w:
            refusal = actions.set_roles(w, account_id, wanted)
        if refusal in (None, Refusal.SAME):
            flash(_("角色没有变化。") if refusal else _("角色已更新，立即生效。"), "info" if refusal else "good")
            return redirect(url_for("accounts.show", account_id=account_id))
        form.roles.errors = [clash_words(wanted) if refusal is Refusal.CLASH else REFUSALS[refusal]()]
    return _page(account_id, form)


@doors.post("/<int:account_id>/close")
@requires(Permission.ACCOUNT_WRITE)
def close(account_id: int) -> Any:
    """Close the account and sign it out everywhere."""
    _found(account_id)
    with work(actor()) as w:
        refusal = actions.close_account(w, account_id)
    flash(REFUSALS[refusal]() if refusal else _("账号已停用，所有设备已退出登录。"), "bad" if refusal else "good")
    return redirect(url_for("accounts.show", account_id=account_id))


@doors.post("/<int:account_id>/reopen")
@requires(Permission.ACCOUNT_WRITE)
def reopen(account_id: int) -> Any:
    """Open the account again."""
    _found(account_id)
    with work(actor()) as w:
        actions.reopen_account(w, account_id)
    flash(_("账号已重新启用，可以用原来的密码登录。"), "good")
    return redirect(url_for("accounts.show", account_id=account_id))


@doors.post("/<int:account_id>/password")
@requires(Permission.ACCOUNT_WRITE)
def reset(account_id: int) -> Any:
    """Give a one-time password, shown on the page that answers; all devices are signed out."""
    found = _found(account_id)
    chosen = secrets.token_urlsafe(12)
    hashed = hash_password(chosen)
    with work(actor()) as w:
        actions.reset_password(w, account_id, hashed)
    return render_template("people/one_time.html", account=found, password=chosen, fresh=False)


def _found(account_id: int) -> Any:
    return store.account_shown(db.session, account_id) or abort(404)


def _page(account_id: int, form: RolesForm | None) -> Any:
    found = _found(account_id)
    status = 422 if form is not None else 200
    form = form or RolesForm(formdata=None, roles=list(found.roles))
    devices = store.sign_ins(db.session, account_id, clock.now())
    page = render_template("people/account.html", account=found, form=form, devices=devices, duties=_duties(), pairs=_pairs())
    return page, status


def _duties() -> dict[str, str]:
    return {role.value: str(words) for role, words in ROLE_DUTIES.items()}


def _pairs() -> list[tuple[str, str]]:
    return [(one.value, other.value) for one, other in NEVER_TOGETHER]
