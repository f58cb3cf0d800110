"""A company's people, or one contract's roster, as a table to take away: standings beside them, numbers masked.

The headings are those that the import understands: what is taken away can be
corrected and brought back, and nothing else changes.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import islice
from typing import Any

from flask import Blueprint, Response, abort
from flask_babel import gettext as _
from sqlalchemy import Row

from certification.store import partners as store
from certification.store.partners import Asked
from certification.views.partners import asked, contract_or_404, masked, partner_or_404
from certification.views.words import STATE_WORDS
from foundation import clock, sheets
from foundation.cells import csv_lines
from foundation.database import db
from foundation.wording import language, local, said
from foundation.work import work
from people import identity
from people.login import actor, requires
from people.permission import Permission
from people.roster_sheet import Field, heading

doors = Blueprint("roster_exports", __name__, url_prefix="/partners/<int:partner_id>")
P = Permission
PORTION = 2000
WIDTHS = {Field.ID_NUMBER: 22, Field.PHONE: 16, Field.CONTRACT: 20}


@doors.get("/roster.<kind>")
@requires(P.ROSTER_READ)
def company(partner_id: int, kind: str) -> Response:
    """Everybody who works for the company, a row for each roster that they are on."""
    partner, when = partner_or_404(partner_id, P.ROSTER_READ), asked()
    contracts = store.contracts_of_all(db.session, [partner_id])[partner_id]
    codes = dict.fromkeys(code for contract in contracts for code in contract.programmes)
    return _answer(kind, partner, store.staff(partner_id, when), tuple(codes), when, f"partner:{partner_id}", partner.name)


@doors.get("/contracts/<int:contract_id>/roster.<kind>")
@requires(P.ROSTER_READ)
def contract(partner_id: int, contract_id: int, kind: str) -> Response:
    """Who is on a contract's roster."""
    partner, found = partner_or_404(partner_id, P.ROSTER_READ), contract_or_404(partner_id, contract_id, P.ROSTER_READ)
    when, title = asked(), found.title or found.code
    return _answer(kind, partner, store.roster(contract_id, when), tuple(found.programmes), when, f"contract:{contract_id}", title)


def _answer(
    kind: str, partner: Row[Any], query: Any, codes: Sequence[str], when: Asked, subject: str, title: str
) -> Response:
    """The table in the wanted kind; that it was taken away is on record before it is."""
    if kind not in ("xlsx", "csv"):
        abort(404)
    with work(actor()) as w:
        w.record("roster.exported", subject, kind=kind)
    known = store.programmes_by_code(db.session)
    programmes = [known[code] for code in codes if code in known]
    head = [heading(name, language()) for name in Field]
    for programme in programmes:
        head += [said(programme.title), _("%(name)s有效至", name=said(programme.title))]
    rows = _rows(query, partner, programmes, when)
    if kind == "csv":
        content, media_type = b"".join(csv_lines([head, *rows])), "text/csv"
    else:
        widths = [*(WIDTHS.get(name, 14) for name in Field), *[16.0] * (2 * len(programmes))]
        content, media_type = sheets.xlsx(head, rows, widths, title), sheets.MEDIA_TYPE
    name = f"roster-{subject.replace(':', '-')}-{local(clock.now()):%Y%m%d}.{kind}"
    return Response(content, mimetype=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _rows(query: Any, partner: Row[Any], programmes: Sequence[Row[Any]], when: Asked) -> Iterator[Iterable[object]]:
    order = (store.ROSTER_ORDER["staff_no"], store.ROSTER_ORDER["starts"])
    found = iter(db.session.execute(query.order_by(*order)).all())
    while portion := list(islice(found, PORTION)):
        standings = store.standings(db.session, {row.id for row in portion}, when)
        for row in portion:
            cells: list[object] = [
                row.staff_no, row.name, masked(row.id_number, identity.mask_id), masked(row.phone, identity.mask_phone), row.city,
                row.contract, local(row.starts).date() if row.starts else "", partner.code,
            ]
            for programme in programmes:
                standing = standings.get((row.id, programme.id))
                cells.append(str(STATE_WORDS[standing.state] if standing else _("未持证")))
                cells.append(local(standing.until - timedelta(microseconds=1)).date() if standing and standing.until else "")
            yield cells
