"""Something behind every door, owned by the cast: what ``tests/authorization.yaml`` knocks with.

``owner`` is booked for a sitting, has an attempt in progress, a licence and a
pending decision; the coordinator of the same company tried a dispatch.
"""

from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from certification.actions.decisions import open_for
from certification.tables import (
    Appeal,
    Breach,
    BreachFile,
    DispatchOverride,
    FormLook,
    FormOpening,
    Notice,
    NoticeChannel,
    Programme,
    ProgrammeEdition,
    Regrade,
    Sitting,
    Training,
    TrainingAttendance,
    Webhook,
)
from foundation.sealing import sealer
from foundation.work import SYSTEM, Work, work
from people.actions import roster_imports, saved_views
from people.actions.contracts import Wanted, add_contract
from people.actions.roster_reading import Scope
from people.tables import RosterEntry, SavedView
from question_bank.actions import comments, edition_changes
from question_bank.tables import FormItem, Item, ItemVersion, Media, QuestionImport, VersionMedia
from standards.edition_change import Change
from standards.tables import Clause, Edition
from tests import cast as players
from tests.cast import Cast
from tests.certification import custodian, written
from tests.certification.exams import document

KEYS = {"dispatch": "a key for dispatch, of a test 0123456789", "metrics": "a key for metrics, of a test 0123456789"}
PICTURE = "0123456789abcdef"
VISIT = {
    "staff": "S0001", "programme": "GC", "customer_tier": "ordinary", "scope": "local",
    "starts": "2026-11-23T09:00", "ends": "2026-11-23T18:00", "visit": "W-1",
}


def build(app: Flask, cast: Cast) -> dict[str, Any]:
    """Make it all; answers the names that the authorization file uses for ids."""
    filled = document(cast)
    filled["sittings"][0]["booked"] = [cast.owner.staff_no]
    filled["items"][0]["stem"] += f"![机柜](media:{PICTURE})"
    filled["standards"][0]["editions"].append(
        {"edition": "2027", "effective": "2027-01-01", "clauses": [{"number": "1.1", "text": {"zh": "提前十分钟按时到达"}}]}
    )
    filled["licences"] = [{
        "staff_no": cast.owner.staff_no, "programme": "GC",
        "events": [{"kind": "granted", "grade": "qualified", "effective": "2026-03-01T00:00:00+08:00"}],
    }]
    filled["api_keys"] = [{"name": name, "scope": name, "key": key} for name, key in KEYS.items() if name == "dispatch"]
    ids = players.seed(app, filled)
    sitting = ids["T1"]
    started = players.sign_in(app, cast, "owner").send("POST", f"/api/v1/sittings/{sitting}/attempts", json={})
    attempt = started.get_json()["attempt_id"]
    tried = players.sign_in(app, cast, "coordinator").form("/dispatch", VISIT)
    with app.app_context(), work(SYSTEM) as w:
        edition = w.session.scalars(select(ProgrammeEdition.id)).first()
        decision = open_for(w, cast.owner.person_id, edition or 0, None, "qualified")
        cases = _cases(w, cast, sitting, attempt)
        cases |= _sealed(w, cast, sitting)
        cases["media"] = _drawn(w, ids["Q1"])
        cases["training"] = _taught(w, cast)
        cases |= _found_in_the_field(w, cast)
        dispatched = tried.headers["Location"].rpartition("/")[2]
        held = custodian.kept_for(w, cast, dispatched)
        cases |= _reminded(w, cast)
        cases |= _told_and_let_go(w, cast)
        saved_views.keep(w, cast.owner.account_id, "licence_board.index", "常看的", "sort=until")
        cases["view"] = w.session.scalars(select(SavedView.id)).one()
        marked = written.yesterday(w, cast, edition or 0)
        talked = comments.comment(w, ids["Q1"], 1, cast.trainer.account_id, "stem", "题干可以更短。")
        cases["edition_change"] = _renewed(w, cast)
        draft = add_contract(w, cast.partners["P01"], "C03", Wanted("续签合同", w.now, w.now + timedelta(days=365), ["GC"]))
        roster_file = sealer().seal("工号,姓名\nS0001,王建国")
        cases["question_import"] = _pasted(w, cast)
        uploaded = roster_imports.upload(w, Scope(cast.partners["P01"], False), "花名册.csv", b"-", roster_file)
        entry = w.session.scalars(select(RosterEntry.id).where(RosterEntry.person_id == cast.owner.person_id)).one()
    return {
        **cases, **marked, **held, "sitting": sitting, "attempt": attempt, "licence": ids[f"{cast.owner.staff_no}/GC"],
        "decision": decision, "dispatch_decision": tried.headers["Location"].rpartition("/")[2], "programme": "GC", "item": ids["Q1"],
        "status_list": "revocation", "programme_edition": 1,
        "person": cast.owner.person_id, "account": cast.owner.account_id, "key": ids["dispatch"], "partner": cast.partners["P01"],
        "roster_import": uploaded, "file_kind": "csv",
        "contract": cast.contracts["C01"], "contract_code": "C01", "draft_contract": draft, "entry": entry, "state": "ended",
        "pause": "pause", "slot": 1, "item_comment": talked,
        "standard": "STD", "edition": "2026", "later_edition": "2027", "clause": "1.1",
    }


def _renewed(w: Work, cast: Cast) -> int:
    """The work list from the edition of the questions to the later one."""
    former, later = w.session.scalars(select(Edition.id).order_by(Edition.effective)).all()
    changes = dict.fromkeys(w.session.scalars(select(Clause.id).where(Clause.edition_id == former)), Change.CHANGED)
    return edition_changes.open_list(w, former, later, changes, cast.trainer.account_id)[0]


def _pasted(w: Work, cast: Cast) -> int:
    """A question that ``trainer`` pasted and nobody has read yet."""
    found = QuestionImport(
        name="试卷", content="甲问 {=一 ~二}".encode(), digest=b"0" * 32, state="waiting", created=w.now, created_by=cast.trainer.account_id
    )
    w.session.add(found)
    w.session.flush()
    return found.id


def _drawn(w: Work, item: int) -> str:
    """The picture that a question on ``owner``'s open paper shows."""
    media = Media(name=PICTURE, media_type="image/png", content=b"-", size=1, created=w.now)
    w.session.add(media)
    w.session.flush()
    version = w.session.scalars(select(Item.version_id).where(Item.id == item)).one()
    w.session.add(VersionMedia(version_id=version or 0, media_id=media.id))
    return PICTURE


def _told_and_let_go(w: Work, cast: Cast) -> dict[str, int]:
    """A proposal of HR to let ``owner`` go, and an address that is told of changes; nobody listens there."""
    override = DispatchOverride(
        person_id=cast.owner.person_id, programme_id=w.session.scalars(select(Programme.id).where(Programme.code == "GC")).one(),
        reason="暴雨后全城抢修，持证人员都在外面", starts=w.now, ends=w.now + timedelta(hours=8), proposed=w.now,
        proposed_by=cast.hr.account_id,
    )
    hook = Webhook(
        name="派单系统", url="http://127.0.0.1:9/changes", secret=sealer().seal("whsec_test"), created=w.now,
        created_by=cast.admin.account_id,
    )
    w.session.add_all([override, hook])
    w.session.flush()
    return {"override": override.id, "webhook": hook.id}


def _cases(w: Work, cast: Cast, sitting: int, attempt: str) -> dict[str, int]:
    """A proposal to regrade a question, a complaint that waits and an appeal that was answered, both of ``owner``."""
    version = w.session.scalars(select(FormItem.version_id)).first() or 0
    regrade = Regrade(
        sitting_id=sitting, version_id=version, kind="void", reason="题干有歧义", state="proposed", proposed=w.now,
        proposed_by=cast.officer.account_id,
    )
    filed = {"person_id": cast.owner.person_id, "sitting_id": sitting, "text": "考场的网络中断过。", "filed": w.now, "due": w.now}
    appeal = Appeal(kind="complaint", state="filed", **filed)
    answered = Appeal(
        kind="appeal", attempt_id=attempt, state="rejected", decided=w.now, decided_by=cast.decider.account_id, outcome="已复核，无误。",
        **filed,
    )
    w.session.add_all([regrade, appeal, answered])
    w.session.flush()
    return {"version": version, "regrade": regrade.id, "appeal": appeal.id, "answered": answered.id}


def _reminded(w: Work, cast: Cast) -> dict[str, int]:
    """A digest that waits to be mailed to HR, and a robot whose sealed address nobody can reach."""
    said = {"subject": "上岗证到期", "body": "1 人即将到期。", "created": w.now}
    notice = Notice(key="2026-11-22:account:1", kind="email", account_id=cast.hr.account_id, **said)
    address = sealer().seal("https://oapi.dingtalk.com.invalid/robot")
    channel = NoticeChannel(kind="dingtalk", name="人力群", role="hr", address=address, created=w.now)
    w.session.add_all([notice, channel])
    w.session.flush()
    return {"notice": notice.id, "channel": channel.id}


def _found_in_the_field(w: Work, cast: Cast) -> dict[str, Any]:
    """Two minor breaches of ``owner``: one with a photograph, one that was upheld on appeal."""
    clause = w.session.scalars(select(Clause.id)).first() or 0
    said = {
        "person_id": cast.owner.person_id, "source": "inspection", "clause_id": clause, "severity": "minor", "points": 1, "occurred": w.now,
        "description": "没有出示工号牌，客户提出异议。", "state": "confirmed", "recorded": w.now, "recorded_by": cast.hr.account_id,
    }
    fresh = Breach(number="BR-2026-000001", **said)
    heard = Breach(
        number="BR-2026-000002", appealed=w.now, appeal_text="当天出示过工号牌。", decided=w.now, decided_by=cast.decider.account_id,
        outcome="录像显示没有出示，维持。", **said,
    )
    w.session.add_all([fresh, heard])
    w.session.flush()
    photo = BreachFile(
        breach_id=fresh.id, name="a.jpg", media_type="image/jpeg", content=b"-", digest=b"0" * 32, added=w.now, added_by=cast.hr.account_id
    )
    w.session.add(photo)
    w.session.flush()
    return {"breach": fresh.number, "heard_breach": heard.number, "breach_file": photo.id, "staff_no": cast.owner.staff_no}


def _taught(w: Work, cast: Cast) -> int:
    """A training that ``trainer`` held and ``owner`` attended."""
    programme = w.session.scalars(select(Programme.id)).first() or 0
    row = Training(
        programme_id=programme, title="礼仪与规范", held=w.now, minutes=90, trainer_id=cast.trainer.account_id, recorded=w.now,
        recorded_by=cast.trainer.account_id,
    )
    w.session.add(row)
    w.session.flush()
    w.session.add(TrainingAttendance(training_id=row.id, person_id=cast.owner.person_id))
    return row.id


def _sealed(w: Work, cast: Cast, sitting: int) -> dict[str, Any]:
    """The sitting's paper, a request to look into it and a look, both of ``officer``; a trap question that nobody uses yet."""
    form = w.session.get_one(Sitting, sitting).form_id
    opening = FormOpening(form_id=form, asked=w.now, asked_by=cast.officer.account_id, reason="核对一处错字")
    trap = Item(code="TRAP-1", state="draft", canary=True, changed=w.now)
    w.session.add_all([opening, trap])
    w.session.flush()
    look = FormLook(form_id=form, opening_id=opening.id, account_id=cast.officer.account_id, at=w.now)
    like = w.session.scalars(select(ItemVersion).order_by(ItemVersion.id)).first()
    assert like is not None
    w.session.add_all([look, ItemVersion(
        item_id=trap.id, number=1, kind=like.kind, stem="陷阱题", options=like.options, key=like.key, digest=b"0" * 32, created=w.now
    )])
    w.session.flush()
    return {"form": form, "opening": opening.id, "look": look.id, "canary": trap.code}
