"""Pictures and sounds of an exam: fetched by whoever's paper shows them, from when it does; nobody else learns that they exist."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from certification.tables import Attempt
from foundation.clock import TickingClock
from foundation.work import SYSTEM, work
from question_bank.actions import media as actions
from question_bank.picture import encode
from question_bank.tables import VersionMedia
from tests import cast as players
from tests.cast import Cast, Visitor
from tests.certification.exams import Room, document, room_for
from tests.certification.papers import Desk, release

SignIn = Callable[[str], Visitor]


def picture(colour: str) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(target, "PNG")
    return target.getvalue()


@pytest.fixture
def names(app: Flask, cast: Cast) -> dict[str, str]:
    """A picture of a stem, one of an option, one of a rationale, one of no question."""
    with app.app_context(), work(SYSTEM) as w:
        return {place: actions.keep(w, encode(picture(colour)), f"{place}.png") for place, colour in (
            ("stem", "red"), ("option", "green"), ("rationale", "blue"), ("loose", "white"),
        )}


@pytest.fixture
def room(app: Flask, cast: Cast, names: dict[str, str], sign_in: SignIn) -> Callable[[str], Room]:
    filled = document(cast)
    first = filled["items"][0]
    first["stem"] += f"![机柜](media:{names['stem']})"
    first["options"][0]["text"] += f"![门](media:{names['option']})"
    first["rationale"] += f"![答案](media:{names['rationale']})"
    return room_for(app, sign_in, players.seed(app, filled)["T1"])


def status(client: Any, name: str) -> int:
    return int(client.get(f"/media/{name}").status_code)


def test_versions_remember_what_they_show(app: Flask, room: Any) -> None:
    with app.app_context(), work(SYSTEM) as w:
        assert len(w.session.scalars(select(VersionMedia)).all()) == 3


def test_a_candidate_fetches_what_the_open_paper_shows_and_nothing_else(room: Any, names: dict[str, str], sign_in: SignIn) -> None:
    here = room("owner")
    assert status(here.browser, names["stem"]) == 404, "not before the start"
    here.start()
    assert status(here.browser, names["stem"]) == status(here.browser, names["option"]) == 200
    assert status(here.browser, names["rationale"]) == 404, "a rationale is no part of the face"
    assert status(here.browser, names["loose"]) == 404
    assert status(sign_in("colleague"), names["stem"]) == 404, "booked, and has not begun"
    assert status(sign_in("stranger"), names["stem"]) == 404
    assert here.submit().status_code == 200
    assert status(here.browser, names["stem"]) == 404, "handed in, and not released"


def test_nobody_is_sent_to_sign_in(app: Flask, room: Any, names: dict[str, str]) -> None:
    answer = app.test_client().get(f"/media/{names['stem']}")
    assert answer.status_code == 302
    assert "/login" in answer.location


def test_a_paused_paper_shows_nothing(app: Flask, room: Any, names: dict[str, str]) -> None:
    here = room("owner")
    here.start()
    with app.app_context(), work(SYSTEM) as w:
        w.session.get_one(Attempt, here.attempt).state = "paused"
    assert status(here.browser, names["stem"]) == 404


def test_a_released_review_shows_everything(
    app: Flask, cast: Cast, room: Any, names: dict[str, str], sign_in: SignIn, clock: TickingClock
) -> None:
    here = room("owner")
    here.start()
    here.submit()
    release(Desk(app, cast, sign_in, here.sitting), clock, "full")
    assert status(here.browser, names["stem"]) == status(here.browser, names["rationale"]) == 200
    page = here.browser.get(f"/attempts/{here.attempt}/review").text
    assert f'src="/media/{names["stem"]}"' in page
    assert f'src="/media/{names["rationale"]}"' in page


@pytest.mark.parametrize(("name", "found"), [
    ("trainer", 200), ("auditor", 200), ("officer", 404), ("rater", 404), ("decider", 404), ("hr", 404), ("admin", 404),
    ("coordinator", 404),
])
def test_before_the_seal_ends_only_those_who_see_the_bank_see_a_picture(
    app: Flask, cast: Cast, names: dict[str, str], sign_in: SignIn, clock: TickingClock, name: str, found: int
) -> None:
    filled = document(cast, opens=clock.now().replace(hour=23, minute=59))
    filled["items"][0]["stem"] += f"![机柜](media:{names['stem']})"
    players.seed(app, filled)
    assert status(sign_in(name), names["stem"]) == found
    assert status(sign_in(name), names["loose"]) == (200 if found == 200 else 404)


@pytest.mark.parametrize("name", ["officer", "rater", "decider"])
def test_when_the_seal_has_ended_those_who_work_with_papers_see_it(room: Any, names: dict[str, str], sign_in: SignIn, name: str) -> None:
    assert status(sign_in(name), names["stem"]) == 200
    assert status(sign_in(name), names["loose"]) == 404


def test_the_paper_carries_html_beside_the_words_where_there_is_more_than_a_sentence(room: Any, names: dict[str, str]) -> None:
    items = [item for section in room("owner").start().json["form"]["sections"] for item in section["items"]]
    rich = [item for item in items if "html" in item]
    assert len(rich) == 1
    assert rich[0]["stem"] == "第1题：应当怎样做？机柜"
    assert rich[0]["html"] == f'第1题：应当怎样做？<img class="rich-picture" src="/media/{names["stem"]}" alt="机柜">'
    assert [option["text"] for option in rich[0]["options"] if "html" in option] == ["第1题的做法1门"]
    assert all(set(item) <= {"slot", "kind", "stem", "points", "options", "max_pick"} for item in items if item is not rich[0])


def test_what_is_handed_out_can_be_kept_by_the_browser_and_never_runs(room: Any, names: dict[str, str]) -> None:
    here = room("owner")
    here.start()
    answer = here.browser.get(f"/media/{names['stem']}")
    assert answer.mimetype == "image/png"
    assert answer.data == encode(picture("red")).content
    assert answer.headers["Cache-Control"] == "private, max-age=86400, immutable"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert here.browser.get(f"/media/{names['stem']}", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    part = here.browser.get(f"/media/{names['stem']}", headers={"Range": "bytes=0-3"})
    assert (part.status_code, part.data) == (206, answer.data[:4])


@pytest.mark.parametrize("name", ["nothing", "0123456789abcde", "..%2f..%2fetc", "0123456789ABCDEF"])
def test_a_name_that_means_nothing_is_not_found(room: Any, sign_in: SignIn, name: str) -> None:
    assert status(sign_in("trainer"), name) == 404
