"""Questions that leave: the formats, what each would lose, and the file."""

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for

from foundation.database import db
from foundation.work import work
from people.login import actor, requires
from people.permission import Permission
from question_bank.actions import exports as actions
from question_bank.exchange import formats
from question_bank.exchange.formats import FORMATS, Format, Name
from question_bank.exchange.found import Weight
from question_bank.exchange.sent import Written
from question_bank.store import exports as store
from question_bank.views.bank import asked
from question_bank.views.exchange_words import FORMATS as FORMAT_WORDS
from question_bank.views.exchange_words import format_hint, format_word, note_lines

doors = Blueprint("exports", __name__)
P = Permission
MOST = 5000
"""Questions of one file; more of them leave by the command line, which keeps nobody waiting."""
SHOWN = 50
"""Questions with notes on the page."""


def _chosen() -> tuple[Format | None, list[int]]:
    """The format that was asked for, None for none that is written, and the versions that the list shows."""
    listing = asked()
    name = request.args.get("format", "")
    known = FORMATS[Name(name)] if name in set(Name) else None
    return known if known and known.write else None, store.chosen_versions(db.session, listing.q, listing.chosen, MOST + 1)


@doors.get("/question-bank/export")
@requires(P.ITEM_WRITE)
def export() -> Any:
    """The questions of the list: how many, in which formats, and what the chosen one cannot say."""
    known, versions = _chosen()
    narrowed = {name: value for name, value in request.args.items() if name not in ("format", "page", "sort")}
    written = _written(known, versions) if known and versions and len(versions) <= MOST else None
    notes = [(code, note_lines(found)) for code, found in written.notes.items() if found] if written else []
    lossy = sum(not any(weight == Weight.WRONG for weight, _line in lines) for _code, lines in notes)
    return render_template(
        "question_bank/export.html", total=len(versions), most=MOST, chosen=known.name if known else None, narrowed=narrowed,
        written=written, formats=[(one.name, format_word(one.name), format_hint(one.name)) for one in _offered()], notes=notes[:SHOWN],
        more=max(0, len(notes) - SHOWN), out=len(written.left_out) if written else 0, lossy=lossy,
    )


@doors.get("/question-bank/export/file")
@requires(P.ITEM_WRITE)
def file() -> Any:
    """The file itself; who took it is recorded, because it holds the keys."""
    known, versions = _chosen()
    if known is None or not versions or len(versions) > MOST:
        return redirect(url_for("exports.export") + "?" + request.query_string.decode("ascii", "ignore"))
    written = _written(known, versions)
    with work(actor()) as w:
        actions.exported(w, known.name, len(versions), written, asked().query)
    name = "paper" if known.name is Name.WORD_PAPER else "questions"  # nobody hands out the file with the key by mistake
    headers = {"Content-Disposition": f'attachment; filename="{name}.{known.ending}"'}
    return Response(written.content, content_type=known.media_type, headers=headers)


def _offered() -> list[Format]:
    """The formats that are written, those of most use first."""
    order = [name for name in FORMAT_WORDS if name in set(Name)]
    return sorted((one for one in FORMATS.values() if one.write), key=lambda one: order.index(one.name))


def _written(known: Format, versions: list[int]) -> Written:
    return formats.write(known.name, store.sent(db.session, versions))
