"""Verifying a pass: at a gate, by anybody who holds one up."""

from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import lazy_gettext as _l

from certification.actions import dispatch_passes as actions
from certification.dispatch_pass import Refusal
from certification.forms.dispatch_policy import PassForm
from foundation import clock
from people.login import public

doors = Blueprint("dispatch_passes", __name__)
REFUSALS = {
    Refusal.MALFORMED: _l("这不是一个完整的通行码，请重新扫描。"), Refusal.ALGORITHM: _l("签名算法不被接受，通行码不是本系统签发的。"),
    Refusal.OTHER_PURPOSE: _l("这是别的用途的签名文件，不是通行码。"), Refusal.UNKNOWN_KEY: _l("签名所用的密钥不属于本系统。"),
    Refusal.ALTERED: _l("内容或签名被改动过。"), Refusal.NOT_YET: _l("通行码还没有生效，请核对时间。"),
    Refusal.EXPIRED: _l("通行码已经过期，要重新判定。"),
}


@doors.route("/dispatch/pass", methods=["GET", "POST"])
@public
def verify() -> Any:
    """Paste or scan a pass; the answer says whom it lets in, where, and until when."""
    form = PassForm(formdata=request.form if request.method == "POST" else None)
    found = actions.verify(str(form.token.data), clock.now()) if form.validate_on_submit() else None
    page = render_template("certification/dispatch_pass.html", form=form, found=found, refusals=REFUSALS)
    return page, 422 if form.errors else 200
