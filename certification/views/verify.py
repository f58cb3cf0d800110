"""The public page behind a licence's QR code, and the page where anybody has a number, a credential or a badge checked."""

import re
from typing import Any

from flask import Blueprint, Response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from certification.actions import credentials
from certification.actions import licence_papers as papers
from certification.actions.credentials import Judged
from certification.credential import Refusal
from certification.forms.verify import CheckForm
from certification.licence import State
from certification.licence_number import read_number
from certification.store import credentials as credential_store
from certification.store import licences as store
from certification.store.licences import LicenceView
from foundation import clock
from foundation.database import db
from people.login import public

doors = Blueprint("verify", __name__)
LARGEST = 2 * 1024 * 1024
"""Bytes of a badge; ours have less than half a megabyte."""
REFUSALS = {
    Refusal.NO_PICTURE: (_l("这不是可以核验的图片"), _l("需要从本系统下载的 PNG 原图；这个文件不是 PNG，或者已经损坏。")),
    Refusal.EMPTY_PICTURE: (
        _l("图片里没有凭证"), _l("截图、拍照或聊天软件压缩过的图片会丢失凭证。请对方重新下载徽章原图，或直接扫码核验。"),
    ),
    Refusal.NO_TOKEN: (_l("看不懂这段内容"), _l("它既不是证号，也不是完整的凭证文本。请核对后再试。")),
    Refusal.ALG_NONE: (_l("没有签名，不能相信"), _l("这段凭证声明自己不需要签名，任何人都写得出来。")),
    Refusal.FORGED: (_l("伪造的凭证"), _l("签名方式不是本系统使用的，这段凭证不是本系统签发的。")),
    Refusal.FOREIGN_KEY: (_l("不是本系统签发的"), _l("签名用的是别人的密钥。")),
    Refusal.WITHDRAWN_KEY: (_l("签名密钥已停用"), _l("这段凭证用已停用的密钥签名，不再有效。请持证人重新下载凭证，或直接扫码核验。")),
    Refusal.ALTERED: (_l("凭证被改动过"), _l("签名和内容对不上：签发之后内容被改过，或者签名是伪造的。")),
    Refusal.WRONG_TYPE: (_l("这不是上岗证的凭证"), _l("签名是本系统的，但它是另一种文件。")),
    Refusal.FOREIGN_ISSUER: (_l("签发单位不对"), _l("凭证写明的签发网址不是本系统。")),
    Refusal.UNKNOWN: (_l("没有这张上岗证"), _l("签名是本系统的，但系统里没有对应的上岗证。")),
}
_TOKEN = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*")


@doors.get("/verify/<number>")
@public
def show(number: str) -> Response:
    """What anybody may know about a licence: its standing, and just enough to tell whose it is."""
    return _page(store.public_licence(db.session, {number, read_number(number) or number}), asked=number[:60])


@doors.route("/verify", methods=["GET", "POST"])
@public
def check() -> Any:
    """Type a number, paste a credential or hand in a badge; nothing is changed or kept."""
    form = CheckForm()
    if not form.validate_on_submit():
        return _hidden(render_template("certification/verify_check.html", form=form), 422 if form.errors else 200)
    picture = form.picture.data.read(LARGEST + 1) if form.picture.data else b""
    text = str(form.text.data or "").strip()
    if len(picture) > LARGEST:
        form.picture.errors = [_("图片太大，最大 2 MB")]
    elif picture:
        return _judged(credentials.judge_picture(db.session, picture, clock.now()), form)
    elif text:
        return _typed(text, form)
    else:
        form.text.errors = [_("请填写证号，粘贴凭证，或者选择徽章图片")]
    return _hidden(render_template("certification/verify_check.html", form=form), 422)


def _typed(text: str, form: CheckForm) -> Any:
    """A credential, a number as it is printed, or the address that the QR code carries."""
    if _TOKEN.fullmatch("".join(text.split())):
        return _judged(credentials.judge(db.session, text, clock.now()), form)
    number = read_number(text.rstrip("/").rpartition("/")[2])
    if number:
        return redirect(url_for("verify.show", number=number), 303)
    return _judged(Refusal.NO_TOKEN, form)


def _judged(found: Judged | Refusal, form: CheckForm) -> Response:
    if isinstance(found, Judged):
        return _page(found.view, judged=found)
    title, why = REFUSALS[found]
    return _hidden(render_template("certification/verify_check.html", form=form, refused=found, title=title, why=why), 200)


def _page(view: LicenceView | None, asked: str = "", judged: Judged | None = None) -> Response:
    page: dict[str, Any] = {"view": view, "asked": asked, "judged": judged, "now": clock.now()}
    if view:
        page["held"] = credentials.standing(view, page["now"])
        page["masked"] = view.name[:1] + "*"
        page["gone"] = page["held"].state in papers.PRINTED and credential_store.has_left(db.session, view.person_id, page["now"])
        page["successor"] = store.successor_of(db.session, view.id) if page["held"].state is State.SUPERSEDED else None
    return _hidden(render_template("certification/verify.html", **page), 200 if view else 404)


def _hidden(page: str, status: int) -> Response:
    """A page that search engines are to leave alone."""
    return Response(page, status=status, headers={"X-Robots-Tag": "noindex, nofollow"})
