"""Who may decide: the cycle, everybody who had a part in it, the rosters of the two, and what the decision page shows of it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.event import listen

from certification import decision, independence
from certification.actions import decisions as actions
from certification.actions import trainings
from certification.actions.trainings import Held
from certification.decision import Case, Decider, Employment, Refusal
from certification.independence import CHECK_OF, Check, Cycle, Involvement, Part
from certification.store import decisions as store
from certification.store import independence as facts
from certification.store.independence import Asked
from certification.tables import (
    Attempt,
    AttemptEvent,
    Booking,
    Decision,
    FillRuling,
    Licence,
    LicenceEvent,
    Marking,
    Programme,
    ProgrammeEdition,
    Regrade,
    Result,
    RoomNote,
    Sitting,
)
from foundation.clock import TickingClock
from foundation.database import db
from foundation.work import SYSTEM, Actor, Work, work
from people.permission import Role
from people.tables import Account, RosterEntry
from question_bank.tables import FormItem
from tests.cast import Cast, Visitor
from tests.certification.exams import Room, document
from tests.certification.holders import event, granted, stage
from tests.conftest import START

SignIn = Callable[[str], Visitor]
Seed = Callable[..., dict[str, int]]
SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


# the cycle

NOW = "2026-11-22T09:00"
CYCLES = [
    ("a first certification: twelve months back", [], False, None, "2025-11-22"),
    ("since the previous one", ["2026-03-01T10:00"], False, None, "2026-03-01T10:00"),
    ("since the latest of several", ["2024-03-01T10:00", "2025-05-01T10:00"], False, None, "2025-05-01T10:00"),
    ("a previous one of long ago reaches further than twelve months", ["2023-05-01T10:00"], False, None, "2023-05-01T10:00"),
    ("what comes later does not count", ["2027-01-01"], False, None, "2025-11-22"),
    ("never later than the exam that is judged", ["2026-10-01T10:00"], False, "2026-09-01T09:00", "2026-09-01T09:00"),
    ("an act judges the certification in force: since the one before it", ["2025-03-01", "2026-03-01"], True, None, "2025-03-01"),
    ("an act on a first certification: twelve months before it", ["2026-03-01T10:00"], True, None, "2025-03-01"),
    ("an act where nothing was certified", [], True, None, "2025-11-22"),
    ("twelve months before a leap day", ["2028-02-29T10:00"], True, None, "2027-03-01"),
]


@pytest.mark.parametrize(("certified", "act", "sat", "since"), [row[1:] for row in CYCLES], ids=[row[0] for row in CYCLES])
def test_when_a_cycle_began(certified: list[str], act: bool, sat: str | None, since: str) -> None:
    at = local("2028-06-01T09:00" if certified and certified[0].startswith("2028") else NOW)
    found = independence.since([local(one) for one in certified], at, act, local(sat) if sat else None, SHANGHAI)
    assert found == local(since)


def test_a_cycle_holds_what_happened_in_it_once() -> None:
    def part(day: int, kind: Part = Part.TRAINED, what: str = "A") -> Involvement:
        return Involvement(local(f"2026-11-{day:02}"), kind, 7, what)

    parts = [part(10), part(4), part(21), part(12), part(12, what="B"), part(5)]
    found = independence.cycle(local("2026-11-05"), local("2026-11-20"), parts)
    assert [(one.at, one.what) for one in found.involvements] == [(local("2026-11-05"), "A"), (local("2026-11-12"), "B")]


# companies

DECIDER = Decider(1, 1, 10, company_is_operator=True)
CASE = Case(pending=True, person_id=2, company_id=20, since=local("2026-01-01"))


def works(company: int, starts: str = "2020-01-01", ends: str | None = None) -> Employment:
    return Employment(company, local(starts), local(ends) if ends else None)


COMPANIES = [
    ("never together", DECIDER, CASE, False),
    ("the decider worked there in the cycle", replace(DECIDER, employment=(works(20, ends="2026-02-01"),)), CASE, True),
    ("the decider left before the cycle", replace(DECIDER, employment=(works(20, ends="2026-01-01"),)), CASE, False),
    ("the decider works elsewhere", replace(DECIDER, employment=(works(30),)), CASE, False),
    ("both worked for a third one in the cycle", replace(DECIDER, employment=(works(30),)),
     replace(CASE, employment=(works(30, ends="2026-03-01"),)), True),
    ("the person left the third one before the cycle", replace(DECIDER, employment=(works(30),)),
     replace(CASE, employment=(works(30, ends="2025-12-01"),)), False),
    ("one company now", Decider(1, 1, 20, company_is_operator=False), CASE, True),
    ("the person has just come from the decider's company", Decider(1, 1, 30, company_is_operator=False),
     replace(CASE, employment=(works(30, ends="2026-10-01"),)), True),
    ("the operator on its own staff", Decider(1, 1, 20, company_is_operator=True), CASE, False),
]


@pytest.mark.parametrize(("decider", "case", "together"), [row[1:] for row in COMPANIES], ids=[row[0] for row in COMPANIES])
def test_who_works_for_one_company(decider: Decider, case: Case, together: bool) -> None:
    assert decision.colleagues(decider, case) is together
    assert decision.refusal(decider, case) is (Refusal.OWN_COMPANY if together else None)


ids = st.integers(1, 3)
employments = st.lists(st.builds(Employment, ids, st.just(local("2020-01-01")), st.sampled_from([None, local("2026-06-01")])), max_size=2)


@given(
    st.builds(Decider, ids, ids, ids, st.booleans(), employments.map(tuple)),
    st.builds(Case, st.just(True), ids, ids, proposer=st.sampled_from([None, 1, 2]), since=st.just(local("2026-01-01")),
              employment=employments.map(tuple)),
    st.lists(st.builds(Involvement, st.just(local("2026-02-01")), st.sampled_from(Part), ids, st.just("x")), max_size=3),
)
def test_the_checks_that_are_shown_all_hold_exactly_when_the_rule_lets_decide(
    decider: Decider, case: Case, found: list[Involvement]
) -> None:
    case = replace(case, involved=Cycle(local("2026-01-01"), tuple(found)).accounts)
    shown = independence.checks(decider, case, found)
    assert (decision.refusal(decider, case) is None) == all(holds for _check, holds in shown)


def test_every_part_is_asked_about() -> None:
    assert set(CHECK_OF) == set(Part)
    assert set(CHECK_OF.values()) == {Check.NOT_TRAINED, Check.NOT_EXAMINED, Check.NOT_MARKED}


# the facts

@pytest.fixture
def judged(app: Flask, cast: Cast, sign_in: SignIn, seed: Seed) -> int:
    """``owner`` has passed the exam of T1, and the decision waits; nobody of the cast had a part in it but the two officers."""
    room = Room(app, sign_in("owner"), seed(document(cast))["T1"])
    room.start()
    room.put(*room.answers())
    room.submit()
    with app.app_context(), work(SYSTEM) as w:
        officers = {"created_by": cast.officer.account_id, "released_by": cast.other_officer.account_id, "released": w.now}
        w.session.execute(update(Sitting).values(**officers))
        w.session.execute(update(Result).values(state="released", released=w.now))
        edition = w.session.scalars(select(Sitting.programme_edition_id)).one()
        return actions.open_for(w, cast.owner.person_id, edition, room.attempt, "qualified") or 0


def taught(app: Flask, cast: Cast, trainer: str, at: datetime, title: str = "集中培训") -> None:
    account = cast[trainer].account_id
    with app.app_context(), work(Actor(f"account:{account}", account)) as w:
        programme = w.session.scalars(select(Programme.id)).first() or 0
        trainings.record(w, Held(programme, title, at, 90, "", [cast.owner.person_id]))


def now_decider(app: Flask, cast: Cast, name: str) -> None:
    """Roles change over time: whoever examined yesterday decides today."""
    with app.app_context(), work(SYSTEM) as w:
        w.session.execute(update(Account).where(Account.id == cast[name].account_id).values(roles=[Role.DECIDER]))


def _attempt(w: Work) -> tuple[str, Sitting]:
    return w.session.scalars(select(Attempt.id)).one(), w.session.scalars(select(Sitting)).one()


def _checked(w: Work, account: int) -> None:
    w.session.execute(update(Booking).values(checked_in=w.now, checked_in_by=account))


def _acted(w: Work, account: int) -> None:
    w.session.add(AttemptEvent(attempt_id=_attempt(w)[0], kind="credited", at=w.now, seconds=60, by=account))


def _noted(w: Work, account: int) -> None:
    w.session.add(RoomNote(sitting_id=_attempt(w)[1].id, kind="incident", text="停电", by=account, at=w.now))


def _marked(w: Work, account: int) -> None:
    w.session.add(Marking(attempt_id=_attempt(w)[0], slot=1, round=1, marker_id=account, fraction=1, taken=w.now, marked=w.now))


def _ruled(w: Work, account: int) -> None:
    version = w.session.scalars(select(FormItem.version_id)).first()
    w.session.add(FillRuling(version_id=version, blank=0, text="x", accepted=True, by=account, at=w.now))


def _regraded(w: Work, account: int) -> None:
    version = w.session.scalars(select(FormItem.version_id)).first()
    w.session.add(Regrade(
        sitting_id=_attempt(w)[1].id, version_id=version, kind="void", reason="有歧义", state="refused", proposed=w.now,
        proposed_by=account, decided=w.now, decided_by=account,
    ))


def _scheduled(w: Work, account: int) -> None:
    w.session.execute(update(Sitting).values(created_by=account))


def _released(w: Work, account: int) -> None:
    w.session.execute(update(Sitting).values(released_by=account))


DEEDS = {
    Part.SCHEDULED: (_scheduled, "安排考试"), Part.RELEASED: (_released, "公布成绩"), Part.CHECKED_IN: (_checked, "核验身份"),
    Part.INVIGILATED: (_acted, "监考"), Part.MARKED: (_marked, "评卷"), Part.RULED: (_ruled, "认定填空写法"),
    Part.REGRADED: (_regraded, "提议重新评分"), None: (_noted, "监考"),
}


@pytest.mark.parametrize(("deed", "word"), DEEDS.values(), ids=[deed.__name__.strip("_") for deed, _word in DEEDS.values()])
def test_whoever_examined_or_marked_is_kept_from_deciding(
    app: Flask, cast: Cast, sign_in: SignIn, judged: int, deed: Callable[[Work, int], None], word: str
) -> None:
    now_decider(app, cast, "rater")
    with app.app_context(), work(SYSTEM) as w:
        deed(w, cast.rater.account_id)
    browser, url = sign_in("rater"), f"/decisions/{judged}"
    page = browser.get(url).text
    shown = page.partition('id="independence"')[2]
    assert "您不能决定这一项" in page
    assert all(words in shown for words in ("褚思远", word, "您"))
    assert browser.form(url, {"verdict": "grant"}).status_code == 409
    assert "不能由您决定" in browser.get("/decisions").text
    assert sign_in("other_decider").form(url, {"verdict": "grant"}).status_code == 302


def test_the_trainer_of_the_cycle_is_kept_from_deciding(app: Flask, cast: Cast, sign_in: SignIn, judged: int) -> None:
    taught(app, cast, "trainer", START - 200 * DAY)
    now_decider(app, cast, "trainer")
    browser, url = sign_in("trainer"), f"/decisions/{judged}"
    page = browser.get(url).text
    assert "您培训过这位人员" in page
    assert "集中培训" in page
    assert browser.form(url, {"verdict": "grant"}).status_code == 409
    assert browser.form("/decisions/grant", {"ids": [judged]}).status_code == 302
    with app.app_context():
        assert db.session.get(Decision, judged).state == "pending"
        assert db.session.scalars(select(Licence.id)).all() == []


def test_a_trainer_of_an_earlier_cycle_may_decide(app: Flask, cast: Cast, sign_in: SignIn, judged: int) -> None:
    taught(app, cast, "trainer", START - 370 * DAY)
    now_decider(app, cast, "trainer")
    browser, url = sign_in("trainer"), f"/decisions/{judged}"
    page = browser.get(url).text
    assert "集中培训" not in page
    assert "您没有参与这位人员本周期" in page
    assert browser.form(url, {"verdict": "grant"}).status_code == 302


def test_who_had_a_part_is_shown_to_everybody_who_reads_decisions(app: Flask, cast: Cast, sign_in: SignIn, judged: int) -> None:
    taught(app, cast, "trainer", START - 20 * DAY)
    for name in ("decider", "auditor"):
        shown = sign_in(name).get(f"/decisions/{judged}").text.partition('id="independence"')[2]
        assert all(words in shown for words in ("周文静", "郑秀英", "冯国栋", "培训", "安排考试", "公布成绩", "T1"))
        assert ("没有培训过这位人员" in shown) == (name == "decider")


def test_what_was_decided_is_shown_as_it_was_then(
    app: Flask, cast: Cast, sign_in: SignIn, judged: int, clock: TickingClock
) -> None:
    sign_in("decider").form(f"/decisions/{judged}", {"verdict": "grant"})
    clock.tick(hours=2)
    taught(app, cast, "trainer", START + timedelta(hours=1))
    shown = sign_in("auditor").get(f"/decisions/{judged}").text.partition('id="independence"')[2]
    assert ("周文静" in shown, "郑秀英" in shown) == (False, True)


def test_an_act_is_kept_from_those_who_certified_the_licence(
    app: Flask, cast: Cast, sign_in: SignIn, judged: int, clock: TickingClock
) -> None:
    sign_in("decider").form(f"/decisions/{judged}", {"verdict": "grant"})
    clock.tick(hours=1)
    now_decider(app, cast, "officer")
    with app.app_context():
        number = db.session.scalars(select(Licence.number)).one()
    said = {"kind": "suspended", "reason_code": "suspended.complaint", "reason": "x"}
    officer = sign_in("officer")
    assert "您不能处理这张证" in officer.get(f"/licences/{number}").text
    assert officer.form(f"/licences/{number}", said).status_code == 409
    assert sign_in("decider").form(f"/licences/{number}", said).status_code == 302  # who granted it may also suspend it


def test_a_decider_who_worked_for_the_company_in_the_cycle_may_not(app: Flask, cast: Cast, sign_in: SignIn, judged: int) -> None:
    with app.app_context(), work(SYSTEM) as w:
        entry = {"contract_id": cast.contracts["C01"], "person_id": cast.decider.person_id}
        w.session.add(RosterEntry(starts=START - 90 * DAY, ends=START - 30 * DAY, **entry))
    decider = sign_in("decider")
    assert "同属过一家合作方" in decider.get(f"/decisions/{judged}").text
    assert decider.form(f"/decisions/{judged}", {"verdict": "grant"}).status_code == 409


def test_the_proposer_of_an_act_leaves_it_to_another(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    number = stage(app, cast, owner=[granted()])["owner"]
    now_decider(app, cast, "hr")
    with app.app_context(), work(SYSTEM) as w:
        licence = w.session.scalars(select(Licence)).one()
        proposal = store.add_act(
            w.session, kind="suspended", person_id=licence.person_id, programme_edition_id=licence.programme_edition_id,
            licence_id=licence.id, state="pending", reason_code="complaint", proposal="x", opened=w.now, opened_by=cast.hr.account_id,
        )
    answer = sign_in("hr").form(f"/decisions/{proposal}", {"verdict": "grant"})
    assert (answer.status_code, "是您提请的" in answer.text) == (409, True)
    assert sign_in("decider").form(f"/decisions/{proposal}", {"verdict": "grant"}).status_code == 302
    assert "已暂停" in sign_in("auditor").get(f"/licences/{number}").text


# renewals

def test_a_late_renewal_needs_an_exam(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    stage(app, cast, owner=[granted(-400)])
    with app.app_context(), work(SYSTEM) as w:
        edition = w.session.scalars(select(ProgrammeEdition.id).order_by(ProgrammeEdition.id)).first()
        case = actions.open_for(w, cast.owner.person_id, edition or 0, None, "qualified")
    answer = sign_in("decider").form(f"/decisions/{case}", {"verdict": "grant"})
    assert (answer.status_code, "迟到的续期" in answer.text) == (409, True)


def test_a_late_renewal_with_a_new_exam_counts_from_its_own_day(app: Flask, cast: Cast, sign_in: SignIn, seed: Seed, judged: int) -> None:
    seed({"licences": [{"staff_no": cast.owner.staff_no, "programme": "GC", "events": [granted(-400)]}]})
    assert sign_in("decider").form(f"/decisions/{judged}", {"verdict": "grant"}).status_code == 302
    with app.app_context():
        last = db.session.scalars(select(LicenceEvent).order_by(LicenceEvent.id.desc())).first()
        assert (last.kind, last.reason_code, last.effective, last.until) == ("renewed", "passed", START, local("2027-11-22"))


def test_an_exam_from_before_the_last_certification_is_spent(
    app: Flask, cast: Cast, sign_in: SignIn, seed: Seed, judged: int, clock: TickingClock
) -> None:
    clock.tick(hours=2)
    later = START + timedelta(hours=1)
    seed({"licences": [{"staff_no": cast.owner.staff_no, "programme": "GC", "events": [event("granted", later, grade="qualified")]}]})
    answer = sign_in("decider").form(f"/decisions/{judged}", {"verdict": "grant"})
    assert (answer.status_code, "已经用过" in answer.text) == (409, True)


def test_many_cases_cost_no_more_queries_than_one(app: Flask, cast: Cast, judged: int) -> None:
    said: list[str] = []
    with app.app_context():
        programme = db.session.scalars(select(Programme.id)).first() or 0
        listen(db.engine, "before_cursor_execute", lambda _connection, _cursor, statement, *_more: said.append(statement))
        facts.cycles(db.session, [Asked(cast.owner.person_id, programme, START)], SHANGHAI)
        few = len(said)
        facts.cycles(db.session, [Asked(member.person_id, programme, START) for member in cast], SHANGHAI)
        assert (len(said) - few, few <= 12) == (few, True)
