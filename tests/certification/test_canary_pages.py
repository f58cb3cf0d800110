"""Trap questions on the pages: marked with a reason, never told from the others, shown to officers as a lead."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from certification.layout import read_layout
from certification.tables import Attempt, Result
from foundation.clock import TickingClock
from foundation.database import db
from foundation.work import SYSTEM, work
from question_bank.store import items as bank
from question_bank.tables import Item
from tests.cast import Cast, Visitor
from tests.certification.exams import Room, room_for
from tests.certification.papers import OPENS, RIGHT, STEM, TRAPS, Desk, desk_for, release


@pytest.fixture
def desk(app: Flask, cast: Cast, sign_in: Callable[[str], Visitor]) -> Desk:
    return desk_for(app, cast, sign_in)


@pytest.fixture
def room(desk: Desk) -> Callable[[str], Room]:
    return room_for(desk.app, desk.sign_in, desk.sitting)


def test_marking_takes_a_reason_and_an_item_that_never_counted(desk: Desk) -> None:
    desk.add_items(draft=True)
    officer = desk["officer"]
    assert "请写明理由" in officer.form("/papers/canaries", {"code": "TRAP-1", "reason": ""}).text
    for code, words in (("Q1", "计过分"), ("nothing", "没有这个编号")):
        answer = officer.form("/papers/canaries", {"code": code, "reason": "防泄露"})
        assert answer.status_code == 422
        assert words in answer.text
        assert f'value="{code}"' in answer.text
    desk.mark("trainer", ("TRAP-1",))
    page = desk["auditor"].get("/papers/canaries").text
    assert "TRAP-1" in page
    assert "防泄露" in page
    assert "周文静" in page
    assert "设一道陷阱题" not in page
    assert "已经是陷阱题" in officer.form("/papers/canaries", {"code": "TRAP-1", "reason": "再来"}).text
    assert ("item.canary_marked", "done") in desk.deeds()


def test_a_trap_in_use_is_not_unmarked(desk: Desk) -> None:
    desk.add_items(draft=True)
    desk.mark(codes=("TRAP-1",))
    live(desk)
    path = "/papers/canaries/TRAP-1/unmark"
    answer = desk["trainer"].form(path, {"reason": "改为普通题"})
    assert answer.status_code == 422
    assert "请先在题库停用" in answer.text
    desk.change_items(("TRAP-1",), state="retired")
    assert desk["trainer"].form(path, {"reason": "改为普通题"}).status_code == 302
    with desk.app.app_context():
        assert not db.session.scalars(select(Item.canary).where(Item.code == "TRAP-1")).one()


def live(desk: Desk) -> None:
    """Put every trap to use, as its review would."""
    with desk.app.app_context(), work(SYSTEM) as w:
        for item in w.session.scalars(select(Item).where(Item.code.in_(TRAPS))):
            item.state, item.version_id = "live", bank.newest_version(w.session, item.id)


@pytest.fixture
def trapped(desk: Desk) -> Desk:
    desk.add_items(draft=True)
    desk.mark()
    live(desk)
    assert desk.place(2).status_code == 302
    return desk


def test_a_sitting_carries_as_many_traps_as_it_was_given(trapped: Desk) -> None:
    form = trapped.form
    placed = [version for section in trapped.sections(form) for version in section.get("canaries", [])]
    assert len(placed) == 2
    assert trapped["officer"].get(f"/papers/{form}").text.count("3 题 · 6 分") == 2, "they count nowhere"
    assert "F-T1-2" in trapped["officer"].get("/papers").text
    answer = trapped.place(4)
    assert answer.status_code == 422
    assert "陷阱题不够" in answer.text
    assert trapped.place(11).status_code == 422
    trapped.place(0)
    assert not any("canaries" in section for section in trapped.sections(trapped.form))
    assert [deed for deed in trapped.deeds() if deed[0] == "paper.canaries"] == [
        ("paper.canaries", "done"), ("paper.canaries", "refused"), ("paper.canaries", "done")
    ]


def test_a_trap_is_never_drawn_to_count(trapped: Desk, clock: TickingClock) -> None:
    trapped["officer"].form(f"/papers/sittings/{trapped.sitting}/replace", {"reason": "泄露"})
    with trapped.app.app_context():
        traps = set(db.session.scalars(select(Item.version_id).where(Item.canary)))
    assert not traps & {version for section in trapped.sections(trapped.form) for version, _points in section["slots"]}


def test_the_log_of_looks_goes_along_with_the_questions(trapped: Desk) -> None:
    trapped.ask("officer", "break")
    assert trapped.look("officer").text.count(STEM) == 8
    trapped.place(1)
    assert "郑秀英" in trapped["auditor"].get(f"/papers/{trapped.form}").text
    assert "F-T1-2" in trapped["auditor"].get(f"/papers/{trapped.form}").text


def test_nothing_on_the_candidates_side_tells_a_trap_from_a_question(trapped: Desk, clock: TickingClock, room: Any) -> None:
    clock.set(OPENS)
    here = room("owner")
    waiting = here.browser.get(f"/exams/sittings/{trapped.sitting}").text
    assert "8 题，共 12 分" in waiting
    started = here.start()
    with trapped.app.app_context():
        slots = read_layout(json.dumps(db.session.scalars(select(Attempt.layout)).one()))
    traps = [number for number, slot in enumerate(slots, 1) if slot.unscored]
    assert len(traps) == 2
    items = [item for section in started.json["form"]["sections"] for item in section["items"]]
    assert [item["slot"] for item in items] == list(range(1, 9)), "numbers without a gap"
    by_kind = {item["kind"]: set(item) for item in items if item["slot"] not in traps}
    for item in items:
        if item["slot"] in traps:
            assert set(item) == by_kind[item["kind"]]
            assert item["points"] == 2
    acknowledged = here.put(*here.answers()).json["saved"]
    assert len({frozenset(one) for one in acknowledged}) == 1
    pages = [started.text, here.look().text, here.browser.get(f"/attempts/{here.attempt}").text, here.submit().text, here.look().text]
    release(trapped, clock, "full")
    pages += [here.browser.get(f"/attempts/{here.attempt}").text, here.browser.get(f"/attempts/{here.attempt}/review").text]
    stems = {item["stem"] for item in items if item["slot"] in traps}
    for page in pages:
        for word in ("unscored", "TRAP", "陷阱", "不计分</", "canary_"):
            assert word not in page
    assert RIGHT not in "".join(pages)
    assert not any(stem in pages[-1] for stem in stems), "a trap's key is wrong: it is not looked back at"
    assert '<b>12</b><span class="muted"> / 12</span>' in pages[-2]


def test_what_the_traps_show_is_for_officers_after_the_last_sitting(trapped: Desk, clock: TickingClock, room: Any) -> None:
    path = f"/papers/{trapped.form}/traces"
    clock.set(OPENS)
    for name, right in (("owner", True), ("colleague", False)):
        here = room(name)
        here.start()
        here.put(*here.answers(right))
        here.submit()
        with trapped.app.app_context():
            assert db.session.scalars(select(Result.mark).where(Result.attempt_id == here.attempt)).one() == (12 if right else 0)
    assert trapped["officer"].get(path).status_code == 404, "the sitting is still open"
    clock.set(OPENS)
    clock.tick(hours=2)
    page = trapped["auditor"].get(path).text
    assert "2 题中选中 2 题" in page
    assert "2 / 2" in page
    assert "0 / 2" in page
    assert "这是线索，不是结论" in page
    assert "2 份答卷，1 份选中过" in page
    for name in ("owner", "trainer", "coordinator"):
        assert trapped[name].get(path).status_code == 403
