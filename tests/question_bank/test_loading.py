"""Items as they are loaded, the pool they form, the faces and keys that are handed out, and kept forms."""

from typing import Any

import msgspec
import pytest
from flask import Flask
from sqlalchemy import select

from foundation.database import db
from foundation.work import COMMAND, work
from question_bank.actions import items as actions
from question_bank.actions import papers
from question_bank.item import ItemDoc, Kind, Option, State
from question_bank.store import faces
from question_bank.store import items as store
from question_bank.store.pool import pool as pool_of
from question_bank.tables import Form, FormItem, Item, ItemVersion
from standards.store import clause_ids
from tests.cast import Cast, seed
from tests.standards.book import BOOK

SINGLE: dict[str, Any] = {
    "code": "STD-2-01", "kind": "single", "stem": "上门前要做什么？",
    "options": [{"code": "A", "text": "预约"}, {"code": "B", "text": "直接去"}], "key": ["A"],
    "rationale": "第二条。", "clauses": ["STD@2026#2.1"], "difficulty": 2, "level": "apply", "author": "trainer",
}
KEY = {**SINGLE, "code": "STD-1-01", "stem": "客户资料能不能给别人？", "clauses": ["STD@2026#1.1", "STD@2026#1.2"]}
MIXED = {**SINGLE, "code": "STD-1-02", "stem": "上门前能不能说出去？", "clauses": ["STD@2026#2.2", "STD@2026#1.1"]}
FOREIGN = {**SINGLE, "code": "OTH-1-01", "stem": "提前多久到门口？", "clauses": ["OTH@1#1"]}
BOTH = {**SINGLE, "code": "STD-2-02", "stem": "提前多久到？", "clauses": ["STD@2026#2.2", "OTH@1#1"]}


@pytest.fixture
def shelf(app: Flask, cast: Cast) -> None:
    seed(app, BOOK)


def keep(app: Flask, plain: dict[str, Any]) -> str:
    with app.app_context(), work(COMMAND) as w:
        return actions.keep_item(w, msgspec.convert(plain, ItemDoc), clause_ids(w.session))


def test_a_loaded_item_is_live_and_a_second_load_changes_nothing(app: Flask, shelf: None, cast: Cast) -> None:
    assert keep(app, SINGLE) == "added"
    assert keep(app, {**SINGLE, "options": list(SINGLE["options"])}) == "same"
    with app.app_context():
        item = db.session.scalars(select(Item)).one()
        assert (item.state, item.author_id, item.edited_here) == (State.LIVE, cast["trainer"].account_id, False)
        assert [version.number for version in store.versions(db.session, item.id)] == [1]


def test_a_changed_item_is_a_new_version_and_the_old_one_stays(app: Flask, shelf: None) -> None:
    keep(app, SINGLE)
    assert keep(app, {**SINGLE, "stem": "上门前先做什么？"}) == "changed"
    with app.app_context():
        item = db.session.scalars(select(Item)).one()
        first, second = store.versions(db.session, item.id)
        assert item.version_id == second.id
        assert (first.stem, second.stem) == ("上门前要做什么？", "上门前先做什么？")


def test_an_item_that_was_changed_on_the_site_wins(app: Flask, shelf: None, cast: Cast) -> None:
    keep(app, SINGLE)
    with app.app_context(), work(COMMAND) as w:
        item = w.session.scalars(select(Item)).one()
        assert item.version_id is not None
        actions.take_step(w, item.id, actions.Step.RETIRE, item.version_id, cast["trainer"].account_id)
    assert keep(app, {**SINGLE, "stem": "别的？"}) == "kept_here"
    with app.app_context():
        assert db.session.scalars(select(Item.state)).one() == State.RETIRED


def test_an_unknown_clause_stops_the_load(app: Flask, shelf: None) -> None:
    with pytest.raises(actions.UnknownClause, match=r"STD@2026#9\.9"):
        keep(app, {**SINGLE, "clauses": ["STD@2026#9.9"]})
    with app.app_context():
        assert db.session.scalars(select(Item)).all() == []


def test_an_author_who_has_no_account_is_left_open(app: Flask, shelf: None) -> None:
    keep(app, {**SINGLE, "author": "somebody.else"})
    with app.app_context():
        assert db.session.scalars(select(ItemVersion.author_id)).one() is None


def test_the_pool_holds_live_items_of_the_named_editions_only(app: Flask, shelf: None) -> None:
    for plain in (SINGLE, KEY, MIXED, FOREIGN, BOTH):
        keep(app, plain)
    with app.app_context():
        pool = pool_of(db.session, ["STD@2026"])
        assert {item.refs: item.key_clause for item in pool} == {
            ("STD@2026#2.1",): False, ("STD@2026#1.1", "STD@2026#1.2"): True, ("STD@2026#2.2", "STD@2026#1.1"): None,
        }
        assert {item.refs[0]: (item.kind, item.level, item.difficulty, item.tier) for item in pool}["STD@2026#2.2"] == (
            Kind.SINGLE, "apply", 2, "basic"
        )
        assert len(pool_of(db.session, ["STD@2026", "OTH@1"])) == 5
        assert pool_of(db.session, []) == []


def test_a_revision_leaves_the_version_in_use_in_the_pool(app: Flask, shelf: None, cast: Cast) -> None:
    keep(app, SINGLE)
    with app.app_context():
        item = db.session.scalars(select(Item)).one()
        live = item.version_id
        said = store.wording_of(db.session, store.versions(db.session, item.id)[0])
        refs = clause_ids(db.session)
        with work(COMMAND) as w:
            changed = said.__class__(**{**vars(said), "stem": "上门前首先做什么？"})
            actions.revise_item(w, item.id, live or 0, changed, refs, cast["trainer"].account_id)
        assert [found.version_id for found in pool_of(db.session, ["STD@2026"])] == [live]
        with work(COMMAND) as w:
            row = w.session.get(Item, item.id)
            assert row is not None
            assert (row.state, row.version_id) == (State.DRAFT, live)
            row.state = State.RETIRED
        assert pool_of(db.session, ["STD@2026"]) == []


def test_a_face_carries_no_key(app: Flask, shelf: None) -> None:
    keep(app, SINGLE)
    with app.app_context():
        version_id = db.session.scalars(select(ItemVersion.id)).one()
        face = faces.faces(db.session, [version_id, 999])[version_id]
        assert (face.stem, face.options) == ("上门前要做什么？", (Option("A", "预约"), Option("B", "直接去")))
        assert set(face.__dataclass_fields__) == {"version_id", "kind", "stem", "options", "right"}
        key = faces.keys(db.session, [version_id])[version_id]
        assert (key.key, key.rationale, key.clause_ids) == (("A",), "第二条。", (clause_ids(db.session)["STD@2026#2.1"],))
        assert faces.faces(db.session, [999]) == {}
        assert faces.keys(db.session, []) == {}


def test_faces_are_asked_of_the_database_once(app: Flask, shelf: None) -> None:
    keep(app, SINGLE)
    with app.app_context():
        version_id = db.session.scalars(select(ItemVersion.id)).one()
        assert faces.faces(db.session, [version_id])[version_id] is faces.faces(db.session, [version_id])[version_id]


def test_a_form_is_kept_with_its_versions(app: Flask, shelf: None) -> None:
    keep(app, SINGLE)
    with app.app_context():
        version_id = db.session.scalars(select(ItemVersion.id)).one()
        sections = [{"title": {"zh": "总则"}, "slots": [[version_id, 2]]}]
        with work(COMMAND) as w:
            form_id = papers.keep_form(w, "F1", "seed", sections)
        form = db.session.get(Form, form_id)
        assert form is not None
        assert (form.code, form.seed, form.sections) == ("F1", "seed", sections)
        assert db.session.scalars(select(FormItem.version_id).where(FormItem.form_id == form_id)).all() == [version_id]
