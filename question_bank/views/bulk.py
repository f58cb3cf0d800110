"""A step for many questions of the list, and the report on each."""

import re
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from foundation.database import db
from foundation.listing import Listing
from foundation.work import work
from people.login import account, actor, requires
from people.permission import Permission
from question_bank.actions import bulk as actions
from question_bank.actions.bulk import AT_ONCE, MOST, STEPS, Outcome
from question_bank.review import Refusal, Step
from question_bank.store import facets
from question_bank.store import items as store
from question_bank.views import bank
from question_bank.views.items import refusal_words

doors = Blueprint("bulk", __name__)
P = Permission
TICK = re.compile(r"([0-9]{1,9}):([0-9]{1,9})")


@doors.post("/question-bank/bulk")
@requires(P.ITEM_WRITE)
def take() -> Any:
    """Take a step for the ticked questions, or for all that the address narrows the list to; each outcome is told."""
    listing = bank.asked()
    listing.path = url_for(bank.PAGE)
    back = listing.url(1)
    step = request.form.get("step", "")
    if step not in STEPS:
        flash(_("请先选要做什么。"), "warn")
        return redirect(back)
    if step == Step.APPROVE and not account().may(P.ITEM_APPROVE):
        abort(403)
    if step == Step.APPROVE and request.form.get("all"):
        flash(_("审核要看过题目：请逐页勾选看过的试题，再通过。"), "warn")
        return redirect(back)
    wanted = _all(listing) if request.form.get("all") else _ticked()
    if not wanted:
        flash(_("没有选中任何试题，请先勾选。"), "warn")
        return redirect(back)
    return _report(Step(step), _taken(Step(step), wanted), back)


def _ticked() -> list[tuple[int, int]]:
    """The questions that were ticked, each with the version that was seen."""
    found = [TICK.fullmatch(text) for text in request.form.getlist("ids")[:MOST]]
    return list(dict.fromkeys((int(one[1]), int(one[2])) for one in found if one))


def _all(listing: Listing) -> list[tuple[int, int]]:
    """The first of the whole list, in its order."""
    listing.page, listing.per_page = 1, MOST
    bank.fill(listing, facets.count(db.session, listing.q, listing.chosen).total)
    return [(row.id, row.version_id) for row in listing.rows]


def _taken(step: Step, wanted: list[tuple[int, int]]) -> list[Outcome]:
    outcomes = []
    for first in range(0, len(wanted), AT_ONCE):
        with work(actor()) as w:
            outcomes += actions.take_steps(w, step, wanted[first : first + AT_ONCE], account().account_id)
    return outcomes


def _report(step: Step, outcomes: list[Outcome], back: str) -> str:
    done = [one for one in outcomes if one.refusal is None]
    word = bank.step_words()[step]
    elsewhere = _("在现在的状态下不能%(what)s。", what=word)
    kept = [
        (one, elsewhere if one.refusal is Refusal.WRONG_STATE else refusal_words(one.refusal))
        for one in outcomes if one.refusal is not None
    ]
    stems = store.stems(db.session, [one.item_id for one in outcomes])
    return render_template("question_bank/bulk.html", word=word, done=done, kept=kept, stems=stems, back=back)
