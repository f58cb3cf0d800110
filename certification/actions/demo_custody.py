"""The demonstration's logo items and visit papers: signed for, returned, lost, overdue; a visit that the customer confirmed."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from certification import demonstration as company
from certification.actions import contracts, custody, custody_papers, visit_papers, visit_prints
from certification.actions.custody import NewReceipt
from certification.actions.custody_papers import Holder, Parties
from certification.custody import Kind, Wanted
from certification.custody_wording import agreement as usual_text
from certification.signature import How, Signature, Strokes
from certification.tables import CustodyItem, CustodyReceipt, DispatchDecision, Licence
from certification.visit_paper import Kind as PaperKind
from foundation.database import db
from foundation.work import SYSTEM, Actor, work
from people.actions import contracts as drafts
from people.actions import rosters
from people.actions.contracts import Wanted as WantedContract
from people.contract import State
from people.roster import midnight
from people.store import companies
from people.store import contracts as contract_store
from people.store.sign_in import account_named

HAND: Strokes = (
    ((120, 150), (240, 130), (330, 140)), ((225, 80), (215, 200), (180, 300)), ((225, 190), (290, 260), (350, 300)),
    ((430, 120), (520, 105), (600, 120)), ((510, 105), (500, 210), (440, 290)), ((450, 205), (600, 195)),
    ((690, 130), (720, 240), (700, 310)), ((690, 140), (850, 125), (845, 300), (700, 305)),
)
"""A few strokes of a hand that nobody has."""
KINDS = (Kind.UNIFORM, Kind.BADGE, Kind.TOOL_BAG)


def load(today: datetime, zone: ZoneInfo, hr: Actor) -> None:
    """Two companies that signed; receipts in every state; one contract that ended while items were out; one confirmed visit."""
    ended, inspectors = _ended(today, zone, hr)
    for code, days in (("C-HX-01", 380), ("C-YC-01", 300), (ended, 108)):
        _sign(hr, code, today - timedelta(days=days))
    for place, staff in enumerate(company.HUAXIN[:5]):
        _issue(hr, "C-HX-01", staff, today - timedelta(days=60 - 5 * place), "城区集团客户驻点支撑", KINDS)
    _issue(hr, "C-YC-01", company.YUANCHENG[0], today - timedelta(days=40), "郊区故障抢修", (*KINDS, Kind.HELMET))
    for staff in inspectors:
        _issue(hr, ended, staff, today - timedelta(days=100), "机房巡检", KINDS[:2])
    _afterwards(hr, today)
    _confirmed_visit()


def _ended(today: datetime, zone: ZoneInfo, hr: Actor) -> tuple[str, Sequence[str]]:
    """A contract that was signed in time, ran, and ended three weeks ago without a renewal; answers its code and who was on its roster."""
    ids = companies.person_ids(db.session(), company.JINGLIAN)
    licensed = set(db.session.scalars(select(Licence.person_id).where(Licence.person_id.in_(ids.values()))))
    people = [staff for staff, person_id in sorted(ids.items()) if person_id in licensed][:3]
    partner = companies.partner_coded(db.session, "P03")
    assert partner is not None
    first, end = today - timedelta(days=110), today - timedelta(days=20)
    with work(hr, today - timedelta(days=116)) as w:
        wanted = WantedContract("机房巡检（一季）", midnight(first.date(), zone), midnight(end.date(), zone), ("GC",), None)
        contract_id = drafts.add_contract(w, partner.id, "C-JL-00", wanted)
        contract = companies.contract_for_change(w.session, contract_id)
        for person_id in companies.person_ids(w.session, people).values():
            rosters.enter_roster(w, contract, person_id, contract.starts)
    with work(hr, today - timedelta(days=112)) as w:
        contracts.move_contract(w, contract_id, State.SIGNED)
    return "C-JL-00", people


def _parties(code: str) -> tuple[int, Parties]:
    """A contract's id, and the parties as a paper names them."""
    contract = contract_store.contract_coded(db.session, code, None)
    assert contract is not None
    partner = companies.partner_in_scope(db.session, contract.partner_id, None)
    assert partner is not None
    return contract.id, Parties(partner.name, code, contract.title)


def _sign(hr: Actor, code: str, at: datetime) -> None:
    contract_id, parties = _parties(code)
    paper = custody_papers.agreement(parties, usual_text(code), Signature("赵经理", How.DRAWN, HAND), at, at)
    with work(hr, at) as w:
        custody.sign(w, contract_id, paper, at)


def _issue(hr: Actor, code: str, staff: str, at: datetime, assignment: str, kinds: Sequence[Kind]) -> None:
    labels = {Kind.UNIFORM: "175", Kind.BADGE: f"GP-{staff[1:]}", Kind.HELMET: "A-7"}
    items = [Wanted(kind, labels.get(kind, "")) for kind in kinds]
    contract_id, parties = _parties(code)
    person = companies.person_numbered(db.session, staff)
    assert person is not None
    number, signature = custody.new_number(at), Signature(person.name, How.DRAWN, HAND)
    paper = custody_papers.receipt(number, parties, Holder(person.name, staff, assignment), items, signature, at)
    new = NewReceipt(number, person.id, assignment, items, paper)
    with work(hr, at) as w:
        if refused := custody.issue(w, contract_id, new):
            raise ValueError(f"{staff} gets nothing under {code}: {', '.join(refused)}")


def _receipt(staff: str) -> tuple[str, int, list[int]]:
    """A person's receipt: number, id, its items."""
    person_id = companies.person_ids(db.session(), [staff])[staff]
    query = select(CustodyReceipt.number, CustodyReceipt.id).where(CustodyReceipt.person_id == person_id)
    number, receipt_id = db.session.execute(query).one()
    items = db.session.scalars(select(CustodyItem.id).where(CustodyItem.receipt_id == receipt_id).order_by(CustodyItem.id)).all()
    return number, receipt_id, list(items)


def _afterwards(hr: Actor, today: datetime) -> None:
    """One gave everything back, one a part; one lost a badge and one's loss was settled."""
    whole, part, lost, settled = (_receipt(staff) for staff in company.HUAXIN[1:5])
    with work(hr, today - timedelta(days=12)) as w:
        custody.give_back(w, whole[0], whole[1], whole[2], "完好")
        custody.give_back(w, part[0], part[1], part[2][:1], "换发新尺码")
        custody.report_loss(w, settled[0], settled[1], settled[2][1], "地铁上遗失胸卡，已向站务登记。")
    with work(hr, today - timedelta(days=8)) as w:
        custody.settle(w, settled[0], settled[1], settled[2][1], "登记作废，由公司照价赔偿。")
    with work(hr, today - timedelta(days=2)) as w:
        custody.report_loss(w, lost[0], lost[1], lost[2][2], "工具箱包在客户楼下被人拿走，已报警。")


def _confirmed_visit() -> None:
    """The newest visit that was allowed: its leader filled a paper in and the customer confirmed it."""
    query = select(DispatchDecision).where(DispatchDecision.allowed).order_by(DispatchDecision.at.desc(), DispatchDecision.id.desc())
    decision = db.session.scalars(query.limit(1)).first()
    if decision is None:
        return
    leader = account_named(db.session, "candidate" if decision.subject == company.HUAXIN[0] else decision.subject.lower())
    printed, decision_id = visit_prints.printed(decision), decision.id
    actor = Actor(f"account:{leader.id}", leader.id) if leader else SYSTEM
    with work(actor) as w:
        made, arrived = visit_papers.make(w, decision, PaperKind.FAULT, printed), w.now - timedelta(minutes=50)
        filled = {"customer": "华宁大厦", "arrived": arrived.isoformat(), "left": "", "work": "机房光收发器掉电，更换电源后业务恢复。"}
        if not isinstance(made, int):
            return
        visit_papers.fill(w, made, filled, arrived, None, None)
        token = secrets.token_urlsafe(32)
        visit_papers.link(w, made, token)
        now = w.now
    said = visit_papers.Confirmation(True, "处理很快，谢谢。", Signature("刘女士", How.DRAWN, HAND))
    content = visit_prints.paper(decision_id, PaperKind.FAULT, {**printed, **filled}, said, now)
    with work(SYSTEM, now) as w:
        visit_papers.confirm(w, token, said, content)
