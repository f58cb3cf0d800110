"""Every kind of question on one paper: seeded, answered on the JSON door, graded, released; and nothing of a key on the way."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from certification.layout import Paper, Slot, in_ids
from certification.store import attempts as store
from certification.store import saving
from certification.tables import Result
from certification.views.room_attempt import written
from foundation.database import db
from foundation.work import SYSTEM, work
from tests.cast import Cast, Visitor
from tests.certification.exams import Room, document, room_for
from tests.conftest import START

Seed = Callable[[dict[str, Any]], dict[str, int]]
SignIn = Callable[[str], Visitor]


def options(*texts: str) -> list[dict[str, str]]:
    """Options whose codes are canaries; the right ones know it."""
    return [{"code": f"canary{at}", "text": text} for at, text in enumerate(texts, 1)]


ITEMS: dict[str, dict[str, Any]] = {
    "single": {"options": options("先预约", "直接去"), "key": ["canary1"]},
    "multiple": {"options": options("工号牌", "鞋套", "香烟", "工具包"), "key": ["canary1", "canary2", "canary4"]},
    "true_false": {"key": ["T"]},
    "order": {"options": options("预约", "上门", "确认", "回访"), "key": ["canary1", "canary2", "canary3", "canary4"]},
    "match": {
        "options": options("迟到", "改期", "无人"), "right": options("致电", "两小时前", "留言条", "不理会"),
        "key": {"canary1": "canary1", "canary2": "canary2", "canary3": "canary3"},
    },
    "fill": {"stem": "提前 ____ 至 ____________ 分钟到达。", "key": [["canary-a", "5"], ["10", "canary-b"]]},
    "situational": {"options": options("道歉并说明", "沉默", "争辩"), "key": {"canary1": 1, "canary2": 0.25, "canary3": 0}},
    "short": {"key": ["canary 说明原因", "canary 道歉"]},
}
KINDS = tuple(ITEMS)
RIGHT: dict[str, Any] = {
    "single": "canary1", "multiple": ["canary2", "canary1", "canary4"], "true_false": "T",
    "order": ["canary1", "canary2", "canary3", "canary4"], "match": {"canary1": "canary1", "canary3": "canary3", "canary2": "canary2"},
    "fill": ["五分钟", "１０"], "situational": "canary1", "short": "先道歉，再说明原因。",
}
PARTLY: dict[str, tuple[Any, float]] = {
    "single": ("canary2", 0), "multiple": (["canary1", "canary2"], 2 / 3), "true_false": ("F", 0),
    "order": (["canary2", "canary3", "canary4", "canary1"], 2 / 3), "match": ({"canary1": "canary1", "canary2": "canary4"}, 1 / 3),
    "fill": (["5", "15"], 1 / 2), "situational": ("canary2", 1 / 4), "short": ("", 0),
}
GENEROUS = {"multiple": "share_unless_wrong", "order": "adjacent_pairs", "match": "share", "fill": "share"}


def every_kind(cast: Cast, without: str = "", **spec: Any) -> dict[str, Any]:
    """A seed document with one question of each kind, three points each, in one section."""
    filled = document(cast)
    kinds = [kind for kind in KINDS if kind != without]
    filled["items"] = [
        {"code": f"K{at}", "kind": kind, "stem": f"第{at}题：{kind}？", "rationale": "canary 第一条", "clauses": ["STD@2026#1.1"],
         **ITEMS[kind]}
        for at, kind in enumerate(kinds, 1)
    ]
    exam = filled["programmes"][0]["exam"]
    exam["blueprint"] = [{"clauses": ["STD@2026#1"], "kinds": [kind], "count": 1, "points": 3} for kind in kinds]
    exam.update(spec)
    return filled


@pytest.fixture
def begun(cast: Cast, seed: Seed, app: Flask, sign_in: SignIn) -> Callable[..., Room]:
    """A started room on a paper of every kind."""

    def start(**more: Any) -> Room:
        room = room_for(app, sign_in, seed(every_kind(cast, **more))["T1"])("owner")
        assert room.start().status_code == 201
        return room

    return start


def say(room: Room, said: dict[str, Any]) -> None:
    """Answer by kind, in option codes, as no candidate could; every save must be acknowledged."""
    with room.app.app_context():
        paper = saving.paper_of(store.any_attempt(db.session.connection(), room.attempt))
    room.seq += 1
    responses = [
        {"slot": number, "seq": room.seq, "answer": in_ids(paper, number, said[slot.kind])} for number, slot in enumerate(paper.slots, 1)
    ]
    body = room.put(*responses).json
    assert (len(body["saved"]), body["refused"]) == (len(responses), [])


def graded(room: Room) -> tuple[str, dict[str, float | None]]:
    """The result's state, and the fraction by kind."""
    with room.app.app_context():
        paper = saving.paper_of(store.any_attempt(db.session.connection(), room.attempt))
        state, marks = db.session.execute(select(Result.state, Result.marks).where(Result.attempt_id == room.attempt)).one()
    return state, {paper.slots[slot - 1].kind: share for slot, share, _mark in marks}


def test_a_paper_of_every_kind_is_answered_graded_and_released(begun: Callable[..., Room]) -> None:
    room = begun(without="short")
    say(room, RIGHT)
    assert room.submit().status_code == 200
    assert graded(room) == ("marked", dict.fromkeys((kind for kind in KINDS if kind != "short"), 1.0))
    with room.app.app_context(), work(SYSTEM) as w:
        w.connection.execute(update(Result).values(state="released", released=START))
    text = room.browser.get(f"/attempts/{room.attempt}").get_data(as_text=True)
    assert "<b>21</b>" in text
    assert "canary" not in text


def test_a_short_answer_keeps_the_result_open_until_somebody_marks_it(begun: Callable[..., Room]) -> None:
    room = begun()
    say(room, RIGHT)
    room.submit()
    state, shares = graded(room)
    assert (state, shares["short"], shares["match"]) == ("marking", None, 1.0)


@pytest.mark.parametrize(("scoring", "names"), [({}, ()), (GENEROUS, tuple(GENEROUS))])
def test_what_is_partly_right_earns_what_the_programme_says(
    begun: Callable[..., Room], scoring: dict[str, str], names: tuple[str, ...]
) -> None:
    room = begun(scoring=scoring)
    say(room, {kind: said for kind, (said, _share) in PARTLY.items()})
    room.submit()
    expected = {kind: share if kind in (*names, "situational") else 0 for kind, (_said, share) in PARTLY.items()}
    assert graded(room) == ("marked", pytest.approx(expected))


def test_late_evidence_of_every_kind_is_told_by_what_the_candidate_saw(app: Flask) -> None:
    slot = Slot(0, 1, 1, "match", ("canary2", "canary1"), ("canary1", "canary2"))
    paper = Paper((slot,), bytes(16))
    with app.test_request_context():
        assert written(paper, 1, in_ids(paper, 1, {"canary2": "canary2", "canary1": "canary1"})) == "A–2、B–1"


def test_answers_come_back_as_they_were_sent(begun: Callable[..., Room]) -> None:
    room = begun()
    say(room, RIGHT)
    items = {item["slot"]: item for section in room.look().json["form"]["sections"] for item in section["items"]}
    kept = {items[int(slot)]["kind"]: said["answer"] for slot, said in room.look().json["responses"].items()}
    texts = {kind: {one["id"]: one["text"] for side in ("options", "left", "right") for one in item.get(side, [])}
             for item in items.values() for kind in [item["kind"]]}
    assert [texts["order"][one] for one in kept["order"]] == ["预约", "上门", "确认", "回访"]
    assert {texts["match"][one]: texts["match"][other] for one, other in kept["match"].items()} == {
        "迟到": "致电", "改期": "两小时前", "无人": "留言条"
    }
    assert (kept["fill"], kept["short"]) == (["五分钟", "１０"], "先道歉，再说明原因。")


def test_what_each_kind_carries(begun: Callable[..., Room]) -> None:
    room = begun()
    items = {item["kind"]: item for section in room.look().json["form"]["sections"] for item in section["items"]}
    shapes = {kind: set(item) - {"slot", "kind", "stem", "points", "options"} for kind, item in items.items()}
    assert shapes == {**{kind: set() for kind in KINDS}, "multiple": {"max_pick"}, "match": {"left", "right"}, "fill": {"blanks"}}
    assert items["multiple"]["max_pick"] == 4
    assert items["fill"]["stem"] == "提前 ____ 至 ____ 分钟到达。"
    assert (items["fill"]["blanks"], items["fill"]["options"], items["short"]["options"]) == (2, [], [])
    assert len(items["match"]["right"]) == 4


def test_no_response_before_the_release_holds_anything_of_a_key(app: Flask, begun: Callable[..., Room]) -> None:
    """Codes, accepted texts, rubrics and shares are canaries; every answer of every door is searched, headers too."""
    room = begun(scoring=GENEROUS)
    urls = ("/exams", f"/exams/sittings/{room.sitting}", f"/attempts/{room.attempt}", f"/api/v1/attempts/{room.attempt}")
    answers = [room.start(), room.look()]
    for said in (RIGHT, {kind: wrong for kind, (wrong, _share) in PARTLY.items()}, dict.fromkeys(KINDS)):
        with app.app_context():
            paper = saving.paper_of(store.any_attempt(db.session.connection(), room.attempt))
        room.seq += 1
        slots = list(enumerate(paper.slots, 1))
        answers.append(room.put(*({"slot": n, "seq": room.seq, "answer": in_ids(paper, n, said[slot.kind])} for n, slot in slots)))
    answers += [room.put({"slot": n, "seq": 9, "answer": ["?"]}) for n in range(1, len(KINDS) + 1)]
    answers += [room.browser.get(url) for url in urls]
    answers += [room.submit(), *(room.browser.get(url) for url in urls)]
    for answer in answers:
        seen = answer.get_data(as_text=True) + json.dumps(list(answer.headers.items()))
        for word in ("canary", "0.25", '"key"', "rationale", "fraction"):
            assert word not in seen, (answer.request.path, word)


def test_a_right_and_a_wrong_answer_are_acknowledged_alike(begun: Callable[..., Room]) -> None:
    room = begun()
    sizes = []
    for said in (RIGHT, {**RIGHT, "single": "canary2", "true_false": "F", "situational": "canary3", "order": RIGHT["order"][::-1]}):
        say(room, said)
        sizes.append(len(room.put().get_data()) + len(room.look().get_data()))
    assert sizes[0] == sizes[1]


BAD: list[tuple[str, dict[str, Any], str]] = [
    ("match", {"right": []}, "$.items[4].right"), ("match", {"key": {"canary1": "x"}}, "$.items[4].key.canary1"),
    ("order", {"key": ["canary1"]}, "$.items[3].key"), ("fill", {"key": [["5"]]}, "$.items[5].key"),
    ("fill", {"key": ["5", "10"]}, "$.items[5].key"), ("situational", {"key": {"canary1": 0.5}}, "$.items[6].key"),
    ("short", {"options": options("甲", "乙")}, "$.items[7].options"),
]


@pytest.mark.parametrize(("kind", "change", "place"), BAD)
def test_a_seed_that_cannot_be_asked_is_refused_by_path(cast: Cast, seed: Seed, kind: str, change: dict[str, Any], place: str) -> None:
    filled = every_kind(cast)
    filled["items"][KINDS.index(kind)].update(change)
    with pytest.raises(Exception, match=place.replace("$", r"\$").replace("[", r"\[").replace("]", r"\]")):
        seed(filled)


def test_an_unknown_policy_is_refused_by_path(cast: Cast, seed: Seed) -> None:
    with pytest.raises(Exception, match=r"\$\.programmes\[0\]\.exam\.scoring\.multiple"):
        seed(every_kind(cast, scoring={"multiple": "generous"}))



def test_candidates_and_officers_are_told_how_partly_right_answers_count(
    cast: Cast, seed: Seed, app: Flask, sign_in: SignIn
) -> None:
    sitting = seed(every_kind(cast, scoring=GENEROUS))["T1"]
    before = sign_in("owner").get(f"/exams/sittings/{sitting}").get_data(as_text=True)
    programme = sign_in("officer").get("/programmes/GC").get_data(as_text=True)
    for text in (before, programme):
        for words in ("少选得部分分", "错选不得分", "按前后相接排对的组数", "按配对正确的项数", "按填对的空数", "由阅卷人评分"):
            assert words in text
