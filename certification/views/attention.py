"""What needs somebody's attention: who lapses next month, who is missing on contracts, what is overdue. For HR, and for a company's own."""

from datetime import datetime
from typing import Any

from certification.licence import State
from certification.outlook import Asked, Outlook, Show, months_from
from certification.store import breaches, custody, home, standings
from certification.store.standing_pairs import Narrowing
from certification.store.standings import Board
from certification.views.board_question import month_words
from foundation.config import settings
from foundation.database import db

SHOWN = 6
"""Companies and contracts that are named on the page; the board has them all."""


def attention(company: int | None, now: datetime) -> dict[str, Any]:
    """The figures, and lists of those who need somebody, the longest first; within a company, or everywhere."""
    config = settings()
    outlook = Outlook.of(now, config.expiring_days, months_from(now, config.timezone, 2))
    cells = Board(outlook, Narrowing(company)).cells(db.session)[0]
    missing = Board(outlook, Narrowing(company, contract_state="in_force")).contract_cells(db.session)
    offers = standings.offers(db.session, company)
    month, this_month = outlook.months[1], outlook.months[0]
    lapsing = _counted(outlook, cells, Asked(month=month))
    out = _counted(outlook, missing, Asked(Show.OUT))
    return {
        "figures": outlook.by_standing(cells) | {"owed": outlook.count(cells, Asked(Show.OWED))},
        "month": month.key, "month_words": month_words(month), "lapsing_total": sum(lapsing.values()),
        "this_month": this_month.key, "this_month_left": outlook.count(cells, Asked(State.EXPIRING, month=this_month)),
        "lapsing": [(offers.partner[id_], count) for id_, count in lapsing.items()][:SHOWN], "lapsing_more": max(0, len(lapsing) - SHOWN),
        "out": [
            (offers.contract[id_], offers.partner[offers.contract[id_].partner_id or 0], count) for id_, count in list(out.items())[:SHOWN]
        ],
        "out_more": max(0, len(out) - SHOWN), **_overdue(company, now),
    }


def _counted(outlook: Outlook, cells: Any, asked: Asked) -> dict[Any, int]:
    """How many of each group are meant, the most first; groups without any are left out."""
    found: dict[Any, int] = {}
    for cell in cells:
        if outlook.wants(cell, asked):
            found[cell.group] = found.get(cell.group, 0) + cell.count
    return dict(sorted(found.items(), key=lambda pair: -pair[1]))


def _overdue(company: int | None, now: datetime) -> dict[str, int]:
    due = custody.due_contracts(db.session, now, company)
    return {
        "custody": custody.counts(db.session, custody.receipts(now, company), now, due)["overdue"],
        "appealed": breaches.counts(db.session, company).get("appealed", 0),
        "retraining": home.overdue_retrainings(db.session, now, company),
    }
