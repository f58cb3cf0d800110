"""Keeping a loaded standard: added, changed and same are counted, and what did not change is not written."""

import copy
from collections import Counter
from typing import Any

import msgspec
import pytest
from flask import Flask
from sqlalchemy import select

from foundation.database import db
from foundation.tables import AuditRow
from foundation.work import COMMAND, work
from standards import store
from standards.actions import UnknownClause, keep_clash, keep_standard
from standards.clause import ClashDoc, StandardDoc
from tests.standards.book import BOOK


def load(app: Flask, book: dict[str, Any]) -> tuple[Counter[str], Counter[str]]:
    """Keep the book; answers the counts of clauses and of clashes."""
    zone = app.extensions["settings"].timezone
    clauses: Counter[str] = Counter()
    clashes: Counter[str] = Counter()
    with app.app_context(), work(COMMAND) as w:
        for plain in book["standards"]:
            clauses.update(keep_standard(w, msgspec.convert(plain, StandardDoc), zone))
        for plain in book["clashes"]:
            clashes.update(keep_clash(w, msgspec.convert(plain, ClashDoc)))
    return clauses, clashes


def test_a_second_load_changes_nothing(app: Flask) -> None:
    assert load(app, BOOK) == ({"added": 6}, {"added": 1})
    with app.app_context():
        before = len(db.session.scalars(select(AuditRow.seq)).all())
    assert load(app, BOOK) == ({"same": 6}, {"same": 1})
    with app.app_context():
        assert len(db.session.scalars(select(AuditRow.seq)).all()) == before


def test_a_changed_clause_is_updated_and_counted(app: Flask) -> None:
    load(app, BOOK)
    book = copy.deepcopy(BOOK)
    book["standards"][0]["editions"][0]["clauses"][2]["text"]["zh"] = "上门前必须先打电话。"
    book["clashes"][0]["sides"][0]["says"]["zh"] = "提前5至10分钟"
    assert load(app, book) == ({"changed": 1, "same": 5}, {"changed": 1})
    with app.app_context():
        clause = store.clause_at(db.session, "STD", "2026", "2.1")
        assert clause is not None
        assert clause.text["zh"] == "上门前必须先打电话。"
        assert [found.ref for found in store.clauses(db.session, store.matching("打电话"))] == ["STD@2026#2.1"]
        assert store.clashes(db.session)[0].sides[1].says == {"zh": "提前5至10分钟"}


def test_a_clause_that_is_no_longer_named_stays(app: Flask) -> None:
    load(app, BOOK)
    book = copy.deepcopy(BOOK)
    del book["standards"][0]["editions"][0]["clauses"][0]
    load(app, book)
    with app.app_context():
        assert "STD@2026#1.1" in store.clause_ids(db.session)


def test_a_side_that_left_a_clash_is_gone(app: Flask) -> None:
    load(app, BOOK)
    book = copy.deepcopy(BOOK)
    book["clashes"][0]["sides"][0]["clause"] = "STD@2026#2.1"
    assert load(app, book)[1] == {"changed": 1}
    with app.app_context():
        assert {side.clause.ref for side in store.clashes(db.session)[0].sides} == {"STD@2026#2.1", "OTH@1#1"}


def test_an_edition_begins_at_midnight_of_the_configured_zone(app: Flask) -> None:
    load(app, BOOK)
    with app.app_context():
        edition = store.edition_at(db.session, "STD", "2026")
        assert edition is not None
        assert edition.effective.isoformat() == "2025-12-31T16:00:00+00:00"
        assert (edition.clauses, edition.keys) == (5, 2)


def test_a_clash_over_an_unknown_clause_is_refused(app: Flask) -> None:
    book = copy.deepcopy(BOOK)
    book["clashes"][0]["sides"][0]["clause"] = "STD@2026#9"
    with pytest.raises(UnknownClause, match="STD@2026#9"):
        load(app, book)
    with app.app_context():
        assert store.clause_ids(db.session) == {}


def test_clauses_are_found_by_two_characters(app: Flask) -> None:
    load(app, BOOK)
    with app.app_context():
        assert [clause.number for clause in store.clauses(db.session, store.matching("预约"))] == ["2.1", "2.2"]
        assert [clause.number for clause in store.clauses(db.session, store.matching("第二条"))] == ["2.1"]
        assert [clause.number for clause in store.clauses(db.session, store.matching("disclose"))] == ["1.1"]
        assert store.clauses(db.session, store.matching("，")) == []
        assert store.clauses(db.session, store.matching("客户泄露")) == []


def test_clashes_are_handed_over_as_camps(app: Flask) -> None:
    load(app, BOOK)
    with app.app_context():
        assert [set(camps) for camps in store.clash_camps(db.session)] == [{frozenset({"STD@2026#2.2"}), frozenset({"OTH@1#1"})}]
