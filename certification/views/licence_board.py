"""The board: everybody's standing on a day, for those who look after it; its summary, and its export."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, stream_with_context, url_for
from flask_babel import gettext as _

from certification.outlook import Cell
from certification.store import standings
from certification.store.standings import Board
from certification.views import licences
from certification.views.board_groups import groups, month_bars
from certification.views.board_question import Counts, Question, add_chips, limit, question, show_words
from certification.views.words import STATE_WORDS
from foundation.cells import csv_lines
from foundation.config import settings
from foundation.database import db
from foundation.sheets import MEDIA_TYPE, xlsx
from foundation.wording import local, said
from foundation.work import work
from people.login import account, actor, requires
from people.permission import Permission
from people.store import saved_views

doors = Blueprint("licence_board", __name__)
PAGE = "licence_board.index"
SHEET_ROWS = 50_000
"""Rows up to which a workbook is made; a longer list is for CSV, which is written while it is read."""


@doors.get("/licences")
@requires(Permission.SIGNED_IN)
def index() -> str:
    """Everybody's standing, or the holder's own cards where that is all one may see."""
    if not account().may(Permission.STANDING_READ):
        return licences.mine()
    asked = question(limit())
    board = Board(asked.outlook, asked.narrowing)
    cells, inside = board.cells(db.session, asked.by, asked.unfolded)
    board.fill(db.session, asked.listing, asked.asked, cells)
    offers = standings.offers(db.session, asked.narrowing.company)
    return render_template(
        "certification/licences_board.html", **_shown(asked, cells), offers=offers, groups=groups(asked, offers, cells, inside),
        views=saved_views.views_of(db.session, account().account_id, PAGE), page=PAGE,
        files="person_file.show" in current_app.view_functions, too_long=asked.listing.total > SHEET_ROWS, words=show_words(),
    )


def _shown(asked: Question, cells: Sequence[Cell]) -> dict[str, Any]:
    """What the board and its summary share: the figures, and the months in which licences end."""
    whole = asked.outlook.merged(cells)
    counts = Counts(asked, whole)
    add_chips(asked, counts)
    figures = asked.outlook.by_standing(whole)
    return {
        "asked": asked, "listing": asked.listing, "figures": figures, "owed": counts.alone("owed"), "bars": month_bars(asked, whole),
        "soon": settings().expiring_days, "total": sum(figures.values()), "now": asked.outlook.at,
    }


@doors.get("/licences/summary")
@requires(Permission.STANDING_SUMMARY)
def summary() -> str:
    """How many are certified, without a name: for those who train people and need not know who is who."""
    asked = question(None)
    asked.listing.q = ""
    asked.narrowing = asked.narrowing.nameless()
    cells, inside = Board(asked.outlook, asked.narrowing).cells(db.session, asked.by, asked.unfolded)
    offers = standings.offers(db.session, None)
    shown = _shown(asked, cells)
    for bar in shown["bars"]:  # there is no list to lead to
        bar["url"] = ""
    return render_template(
        "certification/licences_summary.html", **shown, offers=offers, groups=groups(asked, offers, cells, inside),
    )


@doors.get("/licences.csv")
@requires(Permission.STANDING_READ)
def export() -> Response:
    """The board as it is narrowed, as CSV."""
    asked = question(limit())
    _note(asked, "csv")
    return Response(
        stream_with_context(csv_lines(_lines(asked))), mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{_file_name(asked)}.csv"'},
    )


@doors.get("/licences.xlsx")
@requires(Permission.STANDING_READ)
def workbook() -> Any:
    """The board as it is narrowed, as a workbook; a list that is too long is sent back to be taken as CSV."""
    asked = question(limit())
    board = Board(asked.outlook, asked.narrowing)
    if asked.outlook.count(board.cells(db.session)[0], asked.asked) > SHEET_ROWS:
        flash(_("超过 %(most)s 行，Excel 文件打开会很慢。请导出 CSV，或先缩小范围。", most=f"{SHEET_ROWS:,}"), "warn")
        return redirect(url_for(PAGE) + "?" + request.query_string.decode())
    _note(asked, "xlsx")
    lines = _lines(asked)
    head = [str(cell) for cell in next(lines)]
    return Response(
        xlsx(head, lines, widths=(12, 14, 24, 10, 24, 12, 8, 12, 12, 18, 10), title=_("持证情况")), mimetype=MEDIA_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{_file_name(asked)}.xlsx"'},
    )


def _file_name(asked: Question) -> str:
    return f"licences-{local(asked.outlook.at):%Y%m%d}"


def _note(asked: Question, kind: str) -> None:
    """Note in the audit who took which part of the list; a search may be somebody's name and is not repeated there."""
    chosen = {name: value for name, value in asked.listing.chosen.items() if name not in ("by", "open", "groups")}
    with work(actor()) as w:
        w.record("licences.exported", "licences", format=kind, searched=bool(asked.listing.q), company=asked.narrowing.company, **chosen)


def _lines(asked: Question) -> Iterator[list[object]]:
    """The head, then a line for each person and programme."""
    yield [
        _("姓名"), _("工号"), _("合作方"), _("城市"), _("认证项目"), _("状态"), _("等级"), _("有效至"), _("最近认证"), _("证号"),
        _("缺证在册"),
    ]
    grades = {"qualified": _("合格"), "excellent": _("优秀")}
    for row in Board(asked.outlook, asked.narrowing).export(db.session, asked.asked):
        missing = row.owed and row.standing in ("expired", "none")
        yield [
            row.name, row.staff_no, row.partner, row.city, said(row.title), str(STATE_WORDS[row.standing]), grades.get(row.grade, ""),
            local(row.until - timedelta(microseconds=1)).date() if row.until else "", local(row.certified).date() if row.certified else "",
            row.number or "", _("是") if missing else "",
        ]
