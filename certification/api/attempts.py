"""The exam room's JSON door: start, save, hand in, look (surface.md, "Attempt").

Answers are sent only after the commit. ``Idempotency-Key`` is welcome on
``submit`` and needs no bookkeeping: an attempt is handed in once, whatever the key.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, NoReturn, TypeVar

import msgspec
from flask import Blueprint, Response, abort, request
from flask_babel import gettext as _

from certification import receipt, safe_browser
from certification.actions import attempts as actions
from certification.actions import safeguards, signs
from certification.actions.results import Ended
from certification.actions.saving import save_responses
from certification.evidence import Signal
from certification.layout import shown
from certification.safe_browser import Seen
from certification.sitting import RUNNING, Accepted, Code, Refusal, Refused, State, Step, fingerprints
from certification.sitting import Response as Given
from certification.sitting_wording import SENTENCES
from certification.store import attempts as store
from certification.store import saving
from foundation import clock
from foundation.config import settings
from foundation.database import db, wires
from foundation.web import ApiError, check_token, csrf
from foundation.wording import instant
from foundation.work import work
from people.login import account, actor, requires
from people.permission import Permission
from question_bank.store import faces as bank

doors = Blueprint("attempts_api", __name__, url_prefix="/api/v1")
csrf.exempt(doors)  # checked by @changes, after the session: nobody is told 401, not that a token is missing
Door = TypeVar("Door", bound=Callable[..., Any])

MAX_BODY = 5_000_000
MAX_RESPONSES = 200


class Entry(msgspec.Struct):
    """The body of a start."""

    entry_code: str | None = None


class Save(msgspec.Struct):
    """The body of a save, well formed."""

    responses: list[Given]


class LooseSave(msgspec.Struct):
    """The body of a save some of whose entries are not."""

    responses: list[Any]


_SAVE = msgspec.json.Decoder(Save)


def changes(view: Door) -> Door:
    """A door that changes something for a signed-in person: the CSRF token is checked, the body's size limited."""

    @wraps(view)
    def checked(*args: Any, **kwargs: Any) -> Any:
        request.max_content_length = MAX_BODY
        check_token()
        return view(*args, **kwargs)

    return checked  # type: ignore[return-value]


@doors.post("/sittings/<int:sitting_id>/attempts")
@requires(Permission.SIT)
@changes
def start(sitting_id: int) -> Response:
    """Begin, or go on with, one's attempt at a sitting."""
    entry = _body(Entry) if request.get_data(cache=True) else Entry()
    with work(actor()) as w:
        outcome = actions.start(w, account().person_id, sitting_id, entry.entry_code or "", account().pen, _seen())
    if isinstance(outcome, actions.Started):
        row = store.read_attempt(wires(), outcome.attempt_id, account().person_id)
        if row is not None:
            body = {"attempt_id": row.id, "deadline": row.deadline, "server_time": clock.now(), "form": _form(row)}
            return _answer({**body, "responses": _kept(row)}, 201 if outcome.created else 200)
    return _refused(outcome if isinstance(outcome, Refused) else None)


@doors.put("/attempts/<attempt_id>/responses")
@requires(Permission.SIT)
@changes
def save(attempt_id: str) -> Response:
    """Keep answers; each is acknowledged or refused by itself, after the commit."""
    (responses, shapeless), person = _responses(), account()
    with work(actor(person)) as w:
        outcome = save_responses(w, person.person_id, attempt_id, person.pen, responses)
    if outcome is None:
        abort(404)
    if safe_browser.PAGE_HEADER in request.headers:  # only the room of a sitting that demands the lockdown browser sends it
        safeguards.watch(actor(person), attempt_id, person.person_id, _seen(), "save")
    kept, deadline = outcome
    return _answer({**_acknowledged(attempt_id, kept, shapeless), "server_time": w.now, "deadline": deadline})


@doors.post("/attempts/<attempt_id>/submit")
@requires(Permission.SIT)
@changes
def submit(attempt_id: str) -> Response:
    """Hand in; again, the same receipt."""
    safeguards.watch(actor(), attempt_id, account().person_id, _seen(), "submit")
    with work(actor()) as w:
        outcome = actions.submit(w, account().person_id, attempt_id)
    if isinstance(outcome, Ended):
        return _answer({"state": outcome.state, "receipt": receipt.as_json(outcome.receipt)})
    return _refused(outcome)


@doors.post("/attempts/<attempt_id>/signals")
@requires(Permission.SIT)
@changes
def signal(attempt_id: str) -> Response:
    """A sign of life from the room; the answer tells where the attempt stands and who holds the pen."""
    row = actions.look_at(actor(), account().person_id, attempt_id)
    if row is None:
        abort(404)
    given = _body(Signal)
    mine = row.pen in (None, account().pen)
    if mine and row.state in RUNNING:
        signs.note(actor(), attempt_id, given, clock.now())
        if row.safe_browser is not None:
            safeguards.watch(actor(), attempt_id, account().person_id, _seen(), "signals")
    body = {"state": row.state, "server_time": clock.now(), "deadline": row.deadline, "pen": "here" if mine else "elsewhere"}
    return _answer(body)


@doors.get("/attempts/<attempt_id>")
@requires(Permission.SIT)
def look(attempt_id: str) -> Response:
    """One's own attempt as it stands; the form only while it is open."""
    row = actions.look_at(actor(), account().person_id, attempt_id)
    if row is None:
        abort(404)
    body = {"attempt_id": row.id, "state": row.state, "server_time": clock.now(), "deadline": row.deadline, "responses": _kept(row)}
    body["pen"] = "here" if row.pen in (None, account().pen) else "elsewhere"
    if row.state == State.IN_PROGRESS:
        if not safe_browser.proven(row.safe_browser, settings().public_url, row.sitting_id, _seen(), row.id):
            safeguards.watch(actor(), attempt_id, account().person_id, _seen(), "look")
            return _refused(Refused(Refusal.SAFE_BROWSER))
        body["form"] = _form(row)
    return _answer(body)


def _seen() -> Seen:
    """What the request proves of a lockdown browser."""
    return safe_browser.seen(settings().public_url, request.path, request.query_string.decode("latin-1"), request.headers)


def _responses() -> tuple[list[Given], list[dict[str, Any]]]:
    """The entries of a save, and refusals of those that name no slot; one out of shape that names its slot will be refused by the rule."""
    data = request.get_data(cache=False)
    shapeless: list[dict[str, Any]] = []
    try:
        entries: list[Given] = _SAVE.decode(data).responses
    except (msgspec.ValidationError, RecursionError):
        entries = []
        for plain in _body(LooseSave, data).responses:
            if (entry := _entry(plain)) is not None:
                entries.append(entry)
            else:
                shapeless.append({"slot": None, "code": Code.BAD_SHAPE})
    except (msgspec.DecodeError, UnicodeDecodeError):
        _bad_shape("", _("提交的内容不是有效的 JSON。"))
    if len(entries) + len(shapeless) > MAX_RESPONSES:
        _bad_shape("responses", _("一次最多保存 %(n)s 个答案。", n=MAX_RESPONSES))
    return entries, shapeless


def _entry(plain: Any) -> Given | None:
    slot = plain.get("slot") if isinstance(plain, dict) else None
    if not isinstance(slot, int) or isinstance(slot, bool):
        return None
    try:
        return msgspec.convert(plain, Given)
    except msgspec.ValidationError:
        seq = plain.get("seq")
        return Given(slot, 0 if isinstance(seq, bool) or not isinstance(seq, int) else min(seq, 0), None)


def _body(shape: type[Any], data: bytes | None = None) -> Any:
    try:
        return msgspec.json.decode(request.get_data() if data is None else data, type=shape)
    except (msgspec.ValidationError, RecursionError) as error:
        _bad_shape(_path(str(error)), _("内容的格式不对：%(why)s", why=str(error)))
    except (msgspec.DecodeError, UnicodeDecodeError):
        _bad_shape("", _("提交的内容不是有效的 JSON。"))


def _path(message: str) -> str:
    """The path that msgspec names at the end of a message: "… - at `$.responses`"."""
    return message.rpartition("`$")[2].strip("`.") if "`$" in message else ""


def _bad_shape(field: str, message: str) -> NoReturn:
    raise ApiError(422, "bad_shape", message, fields={field or "body": message})


def _acknowledged(attempt_id: str, kept: Accepted, shapeless: list[dict[str, Any]]) -> dict[str, Any]:
    marks = zip(kept.saved, fingerprints(attempt_id, kept.saved), strict=True)
    return {
        "saved": [{"slot": step.slot, "seq": step.seq, "sha256": mark} for step, mark in marks],
        "refused": [{"slot": given.slot, "seq": given.seq, "code": code} for given, code in kept.refused] + shapeless,
    }


def _kept(row: Any) -> dict[str, Any]:
    steps: dict[int, Step] = saving.newest_steps(wires(), row.id, 1, len(saving.paper_of(row).slots))
    return {str(slot): {"answer": msgspec.Raw(step.answer.encode()), "seq": step.seq} for slot, step in sorted(steps.items())}


def _form(row: Any) -> dict[str, Any]:
    paper = saving.paper_of(row)
    faces = bank.faces(db.session, [slot.version for slot in paper.slots])
    return {"sections": shown(paper, faces, store.form_titles(wires(), row.sitting_id))}


def _refused(refused: Refused | None) -> Response:
    if refused is None or refused.code is Refusal.NOT_BOOKED:
        abort(404)
    body = {"refused": refused.code, "message": _(SENTENCES[refused.code], time=instant(refused.until))}
    return _answer({**body, "until": refused.until} if refused.until else body, 409)


def _answer(body: dict[str, Any], status: int = 200) -> Response:
    return Response(msgspec.json.encode(body), status, mimetype="application/json")
