"""The editor: a look at the question while it is written, pictures and sounds, suggestions, near-duplicates, enemies."""

import io
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from foundation.database import db
from foundation.tables import AuditRow
from question_bank.actions import media as actions
from question_bank.picture import Unfit
from question_bank.rich_text import media_names
from question_bank.store import items as store
from question_bank.store import pool, relations
from question_bank.tables import Item, Media, VersionMedia
from tests.cast import Visitor
from tests.question_bank.test_item_pages import LOADED, TYPED
from tests.question_bank.test_media_rules import drawn, tone
from tests.standards.book import BOOK

SignIn = Callable[[str], Visitor]
TWIN = {**LOADED, "code": "STD-2-01", "stem": "上门服务之前，装维人员应当先做什么事情？", "clauses": ["STD@2026#2.1"], "options": [
    {"code": "A", "text": "与客户预约好时间"}, {"code": "B", "text": "直接到客户的现场"},
]}
PICTURE = re.compile(r"!\[图片说明\]\(media:([0-9a-f]{16})\)")


@pytest.fixture
def bank(cast: Any, seed: Callable[[dict[str, Any]], dict[str, int]]) -> dict[str, int]:
    return seed({**BOOK, "items": [LOADED, TWIN]})


@pytest.fixture
def trainer(bank: dict[str, int], sign_in: SignIn) -> Visitor:
    return sign_in("trainer")


def send(client: Visitor, url: str, status: int = 200, **changes: Any) -> str:
    answer = client.form(url, {**TYPED, **changes})
    assert answer.status_code == status, answer.status
    return unescape(answer.get_data(as_text=True))


def upload(client: Visitor, content: bytes, name: str = "图.png", url: str = "/question-bank/media", **more: Any) -> Any:
    return client.form(url, {"file": (io.BytesIO(content), name), **more}, content_type="multipart/form-data")


def written(client: Visitor, **changes: str) -> int:
    answer = client.form("/question-bank/new", {**TYPED, **changes})
    assert answer.status_code == 302, unescape(answer.get_data(as_text=True))
    return int(answer.location.rpartition("/")[2])


# The look

def test_the_look_shows_the_question_as_a_candidate_sees_it(trainer: Visitor) -> None:
    page = send(trainer, "/question-bank/look", stem="上门**之前**应当先做什么？")
    assert '<div class="question-stem rich">上门<strong>之前</strong>应当先做什么？</div>' in page
    assert "与客户预约" in page
    assert "checked" not in page, "a face has no key"


def test_a_gap_is_a_field_and_whatever_is_typed_stays_text(trainer: Visitor) -> None:
    page = send(trainer, "/question-bank/look", kind="fill", stem="提前____分钟<script>alert(1)</script>", accepted="5")
    assert page.count('class="form-control fill-gap"') == 1
    assert "<script>" not in client_text(page)


def client_text(page: str) -> str:
    """The page without what its tests unescaped: tags that a browser would see."""
    return page.replace("分钟<script>alert(1)</script>", "")


@pytest.mark.parametrize("kind", ["single", "multiple", "true_false", "order", "match", "fill", "short", "situational"])
def test_half_a_question_of_any_kind_can_be_looked_at(trainer: Visitor, kind: str) -> None:
    for stem in ("", "上门服务之前，装维人员应当先做什么事情？"):
        half = {"kind": kind, "stem": stem, "options-0-share": "x", "pairs-0-left": "左", "options-1-right": "y"}
        assert 'id="look"' in send(trainer, "/question-bank/look", **half, difficulty="", level="")


def test_hints_are_given_and_do_not_keep_anybody_from_saving(trainer: Visitor) -> None:
    changes = {"options-3-text": "以上都不对", "rationale": "要先预约。"}
    page = send(trainer, "/question-bank/look", **changes)
    assert "“以上都不对”这样的选项" in page
    assert "解析没有写出依据第几条" in page
    assert written(trainer, **changes)


def test_a_question_that_says_nearly_the_same_is_shown_beside(trainer: Visitor, bank: dict[str, int]) -> None:
    page = send(trainer, "/question-bank/look", stem=TWIN["stem"], clauses="")
    assert "几乎相同" in page
    assert 'value="STD-2-01"' in page
    assert "<ins>" in page
    own = send(trainer, f"/question-bank/look?item={bank['STD-2-01']}", stem=TWIN["stem"])
    assert 'value="STD-2-01"' not in own, "a question is not its own duplicate"


def test_clauses_are_suggested_until_they_are_named(trainer: Visitor) -> None:
    assert 'name="picked" id="suggested-1" value="STD@2026#2.1"' in send(trainer, "/question-bank/look", clauses="")
    named = send(trainer, "/question-bank/look")
    assert 'value="STD@2026#2.1"' not in named
    assert "上门服务前必须与客户预约" in named


def test_a_clash_is_told_while_writing(trainer: Visitor) -> None:
    assert "规范之间有冲突" in send(trainer, "/question-bank/look", clauses="STD@2026#2.2")


def test_the_button_without_a_script_shows_the_same_and_keeps_what_was_typed(trainer: Visitor, app: Flask) -> None:
    page = send(trainer, "/question-bank/new", do="look", stem="上门**之前**先做什么？")
    assert "上门<strong>之前</strong>先做什么？" in page
    assert ">上门**之前**先做什么？</textarea>" in page.replace("\r\n", "").replace(">\n", ">")
    with app.app_context():
        assert len(db.session.scalars(select(Item)).all()) == 2, "looking keeps nothing"


# How it begins, and where it ends

def test_the_address_fills_in_what_a_gap_needs_and_leads_back(trainer: Visitor, app: Flask) -> None:
    wanted = {"clause": "STD@2026#2.1", "kind": "fill", "level": "apply", "next": "/question-bank/coverage?standard=STD"}
    page = unescape(trainer.get("/question-bank/new", query_string=wanted).text)
    assert ">STD@2026#2.1</textarea>" in page.replace("\r\n", "").replace(">\n", ">")
    assert re.search(r'checked[^>]*value="fill"', page)
    assert re.search(r'checked[^>]*value="apply"', page)
    answer = trainer.form("/question-bank/new", {**TYPED, "next": "/question-bank/coverage?standard=STD"})
    assert answer.location == "/question-bank/coverage?standard=STD"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/\tx"])
def test_it_never_leads_to_another_site(trainer: Visitor, target: str) -> None:
    answer = trainer.form("/question-bank/new", {**TYPED, "next": target})
    assert re.fullmatch(r"/question-bank/\d+", answer.location)
    assert f'href="{target}' not in unescape(trainer.get("/question-bank/new", query_string={"next": target}).text)


# Pictures and sounds

def test_a_picture_is_kept_once_and_shown_by_its_name(trainer: Visitor, app: Flask) -> None:
    first, again = upload(trainer, drawn()), upload(trainer, drawn(), "别名.png")
    assert first.status_code == again.status_code == 201
    assert first.json == again.json
    assert PICTURE.fullmatch(first.json["text"])
    with app.app_context():
        row = db.session.scalars(select(Media)).one()
        assert (row.media_type, row.width, row.height, row.called) == ("image/png", 60, 40, "图.png")
        assert db.session.scalar(select(AuditRow.subject).where(AuditRow.event == "media.kept")) == f"media:{row.name}"
    shown = trainer.get(first.json["url"])
    assert (shown.status_code, shown.mimetype) == (200, "image/png")


def test_a_sound_is_played_in_the_look(trainer: Visitor) -> None:
    said = upload(trainer, tone(), "来电.wav").json
    assert said["name"].endswith("s")
    page = send(trainer, "/question-bank/look", stem=f"客户怎么说？{said['text']}")
    assert f'<audio src="{said["url"]}"' in page


@pytest.mark.parametrize(("content", "code"), [
    (b"", "empty"), (b"<svg xmlns=''/>", "svg"), (b"MZ not a picture", "kind"), (drawn()[:70], "broken"),
])
def test_what_cannot_be_kept_is_refused_with_the_cause(trainer: Visitor, content: bytes, code: str) -> None:
    answer = upload(trainer, content)
    assert answer.status_code == 422
    assert answer.json["error"]["code"] == code
    assert answer.json["error"]["fields"]["file"].endswith(("。", "）。"))


def test_a_file_is_put_into_the_stem_without_a_script(trainer: Visitor) -> None:
    answer = upload(trainer, drawn(), url="/question-bank/new", **{**TYPED, "do": "attach"})
    assert answer.status_code == 200
    assert PICTURE.search(unescape(answer.text))
    wrong = upload(trainer, b"nothing", url="/question-bank/new", **{**TYPED, "do": "attach"})
    assert "这不是能用的图片或声音" in wrong.text


def test_a_version_remembers_its_pictures_and_one_that_is_not_there_is_named(trainer: Visitor, app: Flask) -> None:
    text = upload(trainer, drawn()).json["text"]
    item_id = written(trainer, rationale=f"第二条要求先预约。{text}", **{"options-0-text": f"与客户预约{text}"})
    with app.app_context():
        version = store.versions(db.session, item_id)[0]
        assert [row.version_id for row in db.session.scalars(select(VersionMedia))] == [version.id]
        assert media_names(version.rationale) == media_names(text)
        assert "media" not in version.words
    page = send(trainer, "/question-bank/new", 422, stem="图里是什么？![图](media:ffffffffffffffff)")
    assert "没有图片或声音 ffffffffffffffff" in page


def test_a_costly_file_is_ended_and_not_kept() -> None:
    with pytest.raises(Unfit) as caught:
        actions.encode(b"\x89PNG\r\n\x1a\n" + b"\0" * 1000)
    assert caught.value.code in ("broken", "kind")


# Enemies

def test_enemies_are_kept_shown_and_never_drawn_together(trainer: Visitor, app: Flask, bank: dict[str, int]) -> None:
    item_id = written(trainer, enemies="STD-1-01", foes="STD-2-01")
    with app.app_context():
        assert [row.code for row in relations.enemies_of(db.session, item_id)] == ["STD-1-01", "STD-2-01"]
        drawn_from = {one.item_id: one.enemies for one in pool.pool(db.session, ["STD@2026"])}
        assert drawn_from[bank["STD-1-01"]] == {item_id}
        deed = db.session.scalars(select(AuditRow.subject).where(AuditRow.event == "item.enemies")).all()
        assert len(deed) == 1
    assert "STD-1-01" in trainer.get(f"/question-bank/{item_id}").text
    assert "互斥的试题" in trainer.get(f"/question-bank/{bank['STD-1-01']}").text, "it goes both ways"


def test_enemies_can_be_taken_back_without_a_new_version(trainer: Visitor, app: Flask) -> None:
    item_id = written(trainer, enemies="STD-1-01 STD-2-01")
    with app.app_context():
        version = store.versions(db.session, item_id)[-1].id
    answer = trainer.form(f"/question-bank/{item_id}/edit", {**TYPED, "version": str(version), "enemies": "STD-2-01"})
    assert answer.status_code == 302
    with app.app_context():
        assert [row.code for row in relations.enemies_of(db.session, item_id)] == ["STD-2-01"]
        assert len(store.versions(db.session, item_id)) == 1


def test_an_enemy_that_is_not_there_is_named_and_nothing_is_kept(trainer: Visitor, app: Flask) -> None:
    page = send(trainer, "/question-bank/new", 422, enemies="NO-SUCH")
    assert "没有试题“NO-SUCH”" in page
    assert ">NO-SUCH</textarea>" in page.replace("\r\n", "").replace(">\n", ">")
    with app.app_context():
        assert len(db.session.scalars(select(Item)).all()) == 2


def test_a_question_is_not_its_own_enemy(trainer: Visitor, app: Flask) -> None:
    item_id = written(trainer)
    with app.app_context():
        item = db.session.get_one(Item, item_id)
        version = store.versions(db.session, item_id)[-1].id
        code = item.code
    assert "试题不能和自己互斥" in send(trainer, f"/question-bank/{item_id}/edit", 422, version=str(version), enemies=code)


@pytest.mark.parametrize("stem", ["提前____分钟![图 ____](media:0123456789abcdef)", r"提前____分钟 \_\_"])
def test_a_gap_that_no_candidate_could_see_is_refused(trainer: Visitor, stem: str) -> None:
    assert "空（____）不能写在图片的说明里" in send(trainer, "/question-bank/new", 422, kind="fill", stem=stem, accepted="5\n6")
