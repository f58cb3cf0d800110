"""The exam room's door for "this question looks wrong". The answer says that it is kept, and nothing about the question.

It is apart from saving, and made so that it may be sent again and again: the
newest remark on a slot replaces the one before while nobody has settled it.
"""

import msgspec
from flask import Blueprint, Response, abort, request
from flask_babel import gettext as _

from certification.actions import remarks as actions
from certification.api.attempts import changes
from foundation import clock
from foundation.web import ApiError, csrf
from foundation.work import work
from people.login import account, actor, requires
from people.permission import Permission
from question_bank.remark import Met, Refusal
from question_bank.remark_wording import SENTENCES

doors = Blueprint("remarks_api", __name__, url_prefix="/api/v1")
csrf.exempt(doors)  # checked by @changes, after the session
FIELDS = {Refusal.NOT_OFFERED: "reason"}


class Remark(msgspec.Struct):
    """The body of a remark: on which slot, why, and what else there is to say."""

    slot: int
    reason: str
    text: str = ""


@doors.post("/attempts/<attempt_id>/remarks")
@requires(Permission.SIT)
@changes
def remark(attempt_id: str) -> Response:
    """Keep a remark on the question in a slot of one's own attempt."""
    try:
        given = msgspec.json.decode(request.get_data(), type=Remark)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        message = _("提交的内容格式不对。")
        raise ApiError(422, "bad_shape", message, fields={"body": message}) from None
    me = account()
    try:
        with work(actor()) as w:
            refused = actions.remark(w, me.person_id, me.account_id, attempt_id, given.slot, Met.EXAM, given.reason, given.text)
    except LookupError:
        abort(404)
    if refused is not None:
        message = _(SENTENCES[refused])
        raise ApiError(422, "bad_shape", message, fields={FIELDS.get(refused, "text"): message})
    return Response(msgspec.json.encode({"kept": given.slot, "server_time": clock.now()}), mimetype="application/json")
