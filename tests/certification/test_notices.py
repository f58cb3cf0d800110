"""Reminders end to end: a digest a day, sent once, to whom it concerns and nobody else."""

import re
import socket
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from certification import reminder as rule
from certification.actions import notices, robots
from certification.actions.notice_wording import text_of
from certification.store import notices as store
from certification.tables import Appeal, BreachMeasure, CustodyAgreement, CustodyItem, CustodyReceipt, Notice, NoticeRun
from foundation import mail, worker
from foundation.clock import TickingClock
from foundation.database import db
from foundation.mail import MailServer
from foundation.wording import local
from foundation.work import SYSTEM, work
from people.permission import Role
from people.tables import Account, Contract
from tests.cast import Cast, Visitor, sign_in
from tests.certification import field
from tests.certification.holders import granted, stage
from tests.conftest import START


class Post(socketserver.StreamRequestHandler):
    """A mail server that takes everything, or says 451."""

    def handle(self) -> None:
        mail: list[str] = []
        self.wfile.write(b"220 here\r\n")
        taking = False
        for raw in self.rfile:
            line = raw.decode().rstrip("\r\n")
            if taking:
                if line == ".":
                    taking = False
                    self.server.taken.append("\n".join(mail))  # type: ignore[attr-defined]
                    self.wfile.write(b"250 taken\r\n")
                else:
                    mail.append(line)
                continue
            word = line[:4].upper()
            if word == "DATA":
                taking = True
                self.wfile.write(b"354 go on\r\n")
            elif word == "QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            elif word == "MAIL" and self.server.busy:  # type: ignore[attr-defined]
                self.wfile.write(b"451 later\r\n")
            else:
                self.wfile.write(b"250 ok\r\n")


class Office(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Post)
        self.taken: list[str] = []
        self.busy = False


@pytest.fixture
def office(app: Flask) -> Iterator[Office]:
    """A mail server, and the app told of it."""
    with Office() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        known = app.extensions["settings"]
        app.extensions["settings"] = replace(known, smtp=MailServer("smtp", "127.0.0.1", server.server_address[1], "", ""))
        yield server
        server.shutdown()


def address(app: Flask, cast: Cast, *names: str) -> None:
    with app.app_context(), work(SYSTEM) as w:
        for name in names:
            w.session.execute(update(Account).where(Account.id == cast[name].account_id).values(email=f"{name}@example.com"))


def thirty_days_left() -> dict[str, Any]:
    return granted(-335, until=(START + timedelta(days=30)).replace(hour=16).isoformat())


def sent_to(office: Office) -> list[str]:
    return sorted(match.group(1) for mail in office.taken if (match := re.search(r"^To: (\S+)@", mail, re.M)))


def test_each_role_gets_what_concerns_it_once(app: Flask, cast: Cast, clock: TickingClock, office: Office) -> None:
    stage(app, cast, owner=[thirty_days_left()], stranger=[granted(-100)])
    address(app, cast, "owner", "colleague", "coordinator", "other_coordinator", "hr")
    with app.app_context():
        assert notices.make_todays(START) == 3
        assert notices.make_todays(START) == 0
        worker.drain_outbox()
        worker.drain_outbox()
        assert sent_to(office) == ["coordinator", "hr", "owner"]
        bodies = dict(db.session.execute(select(Notice.account_id, Notice.body)).all())
        assert "王建国：集团客户现场支撑上岗证还有 30 天到期，最后一天是 2026-12-22" in bodies[cast.owner.account_id]
        assert "华信通服 1 人：" in bodies[cast.hr.account_id]
        assert db.session.scalars(select(Notice.sent)).all().count(None) == 0


def test_retraining_is_told_by_its_last_day_and_late_from_the_first_day_on_which_nobody_is_sent(
    app: Flask, cast: Cast, clock: TickingClock, office: Office
) -> None:
    field.stage(app, cast, owner=[granted()])
    field.record(app, cast)
    with app.app_context():
        due = db.session.scalars(select(BreachMeasure.due)).one()
        assert due is not None
        last = local(due - timedelta(seconds=1)).date()
        for before, words in ((7, f"须在 {last} 前完成复训"), (1, f"须在 {last} 前完成复训"), (-1, f"应于 {last} 前完成，现在不能派单")):
            today = last - timedelta(days=before)
            (line,) = notices.gather(db.session, today - timedelta(days=1), today, START).own[cast.owner.person_id]
            assert (line.left, line.day) == (before, last)
            assert words in text_of(rule.digest([line]), "", "")
        assert not notices.gather(db.session, last - timedelta(days=1), last, START).own.get(cast.owner.person_id)


def test_items_are_called_back_when_the_custody_pages_do_so(app: Flask, cast: Cast, clock: TickingClock) -> None:
    told = {"signature": {"how": "typed", "strokes": []}, "text": "x", "pdf": b"%PDF-1.4", "digest": bytes(32)}
    week = timedelta(days=7)
    with app.app_context(), work(SYSTEM) as w:
        first = w.session.get_one(Contract, cast.contracts["C01"])
        before, agreement = first.id, CustodyAgreement(
            contract_id=first.id, signatory="钱总", signed=START, recorded_by=cast.hr.account_id, **told
        )
        w.session.add(agreement)
        w.session.flush()
        receipt = CustodyReceipt(
            number="BG-2026-AAAAAAAA", agreement_id=agreement.id, person_id=cast.owner.person_id, assignment="驻点", issued=START,
            issued_by=cast.hr.account_id, **told,
        )
        w.session.add(receipt)
        w.session.flush()
        w.session.add_all([CustodyItem(receipt_id=receipt.id, kind="badge", label=str(n), state="issued") for n in range(2)])
        first.state, first.starts, first.ends = "ended", START - 3 * week, START - 2 * week
        for code, state, starts in (("C01-2", "ended", START - 2 * week), ("C01-3", "running", START - week)):
            row = Contract(
                partner_id=first.partner_id, code=code, state=state, starts=starts, ends=starts + week, programmes=[], renews_id=before
            )
            w.session.add(row)
            w.session.flush()
            before = row.id
    with app.app_context():
        assert store.overdue_items(db.session, START - timedelta(hours=1)) == [], "a renewal of a renewal covers them"
        (row,) = store.overdue_items(db.session, START + timedelta(hours=1))
        assert (row.name, row.items) == ("王建国", 2)


def test_nothing_goes_out_before_the_hour_or_without_a_mail_server(app: Flask, cast: Cast, clock: TickingClock) -> None:
    stage(app, cast, owner=[thirty_days_left()])
    address(app, cast, "owner")
    with app.app_context():
        assert notices.make_todays(START - timedelta(hours=2)) == 0
        assert db.session.scalars(select(NoticeRun.day)).all() == []
        assert notices.make_todays(START) == 0
        assert db.session.scalars(select(Notice.id)).all() == []


def test_a_server_that_is_busy_is_asked_again_and_the_log_says_so(app: Flask, cast: Cast, clock: TickingClock, office: Office) -> None:
    stage(app, cast, owner=[thirty_days_left()])
    address(app, cast, "owner")
    office.busy = True
    with app.app_context():
        notices.make_todays(START)
        worker.drain_outbox()
        assert "451" in (db.session.scalar(select(Notice.error)) or "")
    office.busy = False
    clock.tick(hours=1)
    with app.app_context():
        worker.drain_outbox()
        assert sent_to(office) == ["owner"]
        assert db.session.scalar(select(Notice.error)) == ""


def test_nothing_reaches_an_account_that_was_closed_meanwhile(app: Flask, cast: Cast, clock: TickingClock, office: Office) -> None:
    stage(app, cast, owner=[thirty_days_left()])
    address(app, cast, "owner")
    with app.app_context():
        notices.make_todays(START)
        with work(SYSTEM) as w:
            w.session.execute(update(Account).where(Account.id == cast.owner.account_id).values(closed=START))
        worker.drain_outbox()
        assert "closed" in (db.session.scalar(select(Notice.error)) or "")
    assert office.taken == []


def test_a_server_that_is_away_is_asked_once_a_minute(
    app: Flask, cast: Cast, clock: TickingClock, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def nobody_there(_server: Any, _sender: str, to: str, *_rest: str) -> None:
        asked.append(to)
        raise mail.NoAnswer("TimeoutError: timed out")

    stage(app, cast, owner=[thirty_days_left()], colleague=[thirty_days_left()])
    address(app, cast, "owner", "colleague", "hr")
    with monkeypatch.context() as away, app.app_context():
        away.setattr(mail, "send", nobody_there)
        assert notices.make_todays(START) == 3
        worker.drain_outbox()
        assert len(asked) == 1, "the others do not wait for the same silence"
        assert db.session.scalars(select(Notice.tries)).all() == [1, 1, 1]
    clock.tick(minutes=2)
    with app.app_context():
        worker.drain_outbox()
    assert sent_to(office) == ["colleague", "hr", "owner"]


def test_no_answer_and_a_refusal_are_told_apart(office: Office) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        with pytest.raises(mail.NoAnswer):
            mail.send(MailServer("smtp", "127.0.0.1", free.getsockname()[1], "", ""), "a@example.com", "b@example.com", "s", "b")
    office.busy = True
    with pytest.raises(mail.MailError, match="451") as caught:
        mail.send(MailServer("smtp", "127.0.0.1", office.server_address[1], "", ""), "a@example.com", "b@example.com", "s", "b")
    assert not isinstance(caught.value, mail.NoAnswer)


def test_what_failed_for_two_days_is_given_up(app: Flask, cast: Cast, clock: TickingClock, office: Office) -> None:
    stage(app, cast, owner=[thirty_days_left()])
    address(app, cast, "owner")
    office.busy = True
    with app.app_context():
        notices.make_todays(START)
    clock.tick(hours=49)
    with app.app_context():
        worker.drain_outbox()
        assert worker.drain_outbox() == 0
        assert db.session.scalar(select(Notice.tries)) == 1


def test_the_preview_says_what_would_go_out_and_sends_nothing(app: Flask, cast: Cast, clock: TickingClock, office: Office) -> None:
    stage(app, cast, owner=[thirty_days_left()])
    with app.app_context():
        shown = notices.preview(Role.COORDINATOR, cast.partners["P01"], 7)
        assert shown is not None
        assert "王建国" in shown.body
        assert notices.preview(Role.COORDINATOR, cast.partners["P02"], 7) is None
    page = sign_in(app, cast, "hr").get("/notices/preview?role=candidate&partner=P01&days=7")
    assert "王建国" in page.text
    assert sign_in(app, cast, "hr").get("/notices/preview?role=king&days=7").status_code == 422
    nobodys = sign_in(app, cast, "hr").get("/notices/preview?role=coordinator&partner=&days=7")
    assert (nobodys.status_code, "请选择合作方" in nobodys.text, "没有要提醒的事项" in nobodys.text) == (422, True, False)
    assert office.taken == []


def test_a_decider_is_told_of_what_waits(app: Flask, cast: Cast, clock: TickingClock, office: Office) -> None:
    address(app, cast, "decider", "officer")
    with app.app_context():
        with work(SYSTEM) as w:
            waiting = {"person_id": cast.owner.person_id, "state": "filed", "text": "考场停电。", "filed": w.now, "due": w.now}
            w.session.add(Appeal(kind="complaint", **waiting))
        assert notices.make_todays(START) == 1
        assert "1 件等待答复，最早的从 2026-11-22 起" in (db.session.scalar(select(Notice.body)) or "")


def test_ones_own_address_is_kept_and_checked(app: Flask, cast: Cast, clock: TickingClock) -> None:
    browser: Visitor = sign_in(app, cast, "owner")
    wrong = browser.form("/account/email", {"email": "not an address"})
    assert wrong.status_code == 422
    assert "not an address" in wrong.text
    assert browser.form("/account/email", {"email": "wang@example.com"}).status_code == 302
    assert "wang@example.com" in browser.get("/account/email").text


def test_a_robot_must_be_at_its_makers_address_and_its_secret_is_not_shown(app: Flask, cast: Cast, clock: TickingClock) -> None:
    browser = sign_in(app, cast, "hr")
    given = {"kind": "dingtalk", "name": "人力群", "role": "hr", "partner": "", "address": "https://evil.example/robot", "secret": "s"}
    refused = browser.form("/notices/channels/new", given)
    assert refused.status_code == 422
    assert "oapi.dingtalk.com" in refused.text
    assert browser.form("/notices/channels/new", given | {"role": "coordinator"}).status_code == 422
    for broken in ("https://[", "https://oapi.dingtalk.com:x/robot", "https://oapi.dingtalk.com:8080/robot"):
        assert browser.form("/notices/channels/new", given | {"address": broken}).status_code == 422, broken
    for_one = browser.form("/notices/channels/new", given | {"address": "https://oapi.dingtalk.com/robot/send?a=b", "partner": "P01"})
    assert for_one.status_code == 422, "people who look after everybody are told of every company"
    taken = browser.form("/notices/channels/new", given | {"address": "https://oapi.dingtalk.com/robot/send?access_token=hidden-token"})
    assert taken.status_code == 302
    page = browser.get("/notices/channels").text
    assert "人力群" in page
    assert "hidden-token" not in page


class Answer:
    def __init__(self, body: Any, status: int = 200) -> None:
        self.body, self.status = body, status

    def raise_for_status(self) -> None:
        if self.status >= 400:
            raise robots.requests.HTTPError(str(self.status))

    def json(self) -> Any:
        return self.body


def test_dingtalk_gets_a_signed_address_and_a_refusal_is_told() -> None:
    asked: list[tuple[str, Any]] = []

    def send(url: str, json: Any, **_more: Any) -> Any:
        asked.append((url, json))
        return Answer({"errcode": 0})

    robots.post("dingtalk", "https://oapi.dingtalk.com/robot/send?access_token=x", "SEC1", "您好", START, send)
    # HMAC-SHA256 over "1795309200000\nSEC1" under the key "SEC1", as openssl works it out
    assert asked[0][0].endswith("&timestamp=1795309200000&sign=DhBZbzaOvoo1y7xcw%2Bb76GS66aWF7c01H0aDrER5aJ8%3D")
    assert asked[0][1] == {"msgtype": "text", "text": {"content": "您好"}}
    refused: Any = Answer({"errcode": 1, "errmsg": "keywords"})
    with pytest.raises(robots.RobotError, match="keywords"):
        robots.post("wecom", "https://qyapi.weixin.qq.com/x", "", "您好", START, lambda *_a, **_k: refused)
    with pytest.raises(robots.RobotError, match="not at"):
        robots.post("wecom", "https://qyapi.weixin.qq.com.evil.example/x", "", "您好", START, send)


def test_a_long_text_is_cut_at_a_line() -> None:
    text = "\n".join(f"第 {n} 行" for n in range(500))
    cut = robots.shortened(text, 2000)
    assert len(cut.encode()) <= 2000
    assert cut.endswith("行\n…")
