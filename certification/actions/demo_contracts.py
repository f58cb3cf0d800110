"""The demonstration's contracts in every part of their life, moved by the same actions that HR uses."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from certification import demonstration as company
from certification.actions import contracts
from certification.store import partners as store
from certification.store.partners import Asked
from foundation.config import settings
from foundation.database import db
from foundation.work import Actor, Work, work
from people.actions import contracts as drafts
from people.actions import rosters
from people.actions.contracts import Wanted
from people.contract import State
from people.roster import after, midnight
from people.store import companies
from people.store import contracts as contract_store

PROGRAMME = "GC"


def load(today: datetime, zone: ZoneInfo, hr: Actor) -> None:
    """One contract signed and about to begin, one whose roster is confirmed, one renewal and one draft that somebody blocks."""

    def day(delta: int) -> date:
        return (today + timedelta(days=delta)).astimezone(zone).date()

    def wanted(title: str, first: int, last: int, renews: int | None = None) -> Wanted:
        return Wanted(title, midnight(day(first), zone), after(day(last), zone), (PROGRAMME,), renews)

    def at(days: int) -> datetime:
        return today - timedelta(days=days)

    signed = _draft(hr, at(40), "P01", "C-HX-02", wanted("专线保障（新签）", 10, 374), _certified("P01", company.HUAXIN, at(30)))
    _move(hr, at(30), signed, State.CERTIFIED_ROSTER)
    _move(hr, at(25), signed, State.SIGNED)
    confirmed = _draft(hr, at(12), "P03", "C-JL-02", wanted("5G 专线开通（新签）", 21, 750), _certified("P03", company.JINGLIAN, at(2)))
    _move(hr, at(2), confirmed, State.CERTIFIED_ROSTER)
    old = _contract_id("C-YC-01")
    _draft(hr, at(5), "P02", "C-YC-02", wanted("集团客户现场支撑（郊区，续签）", 46, 410, old), _some(company.YUANCHENG[8:16]))
    _enter(hr, at(3), _contract_id("C-LH-01"), _some(company.LANHAI[:3]))


def _draft(hr: Actor, at: datetime, partner: str, code: str, wanted: Wanted, people: Callable[[Work], Sequence[int]]) -> int:
    with work(hr, at) as w:
        contract_id = drafts.add_contract(w, _partner_id(w, partner), code, wanted)
    _enter(hr, at + timedelta(hours=1), contract_id, people)
    return contract_id


def _enter(hr: Actor, at: datetime, contract_id: int, people: Callable[[Work], Sequence[int]]) -> None:
    with work(hr, at) as w:
        contract = companies.contract_for_change(w.session, contract_id)
        for person_id in people(w):
            rosters.enter_roster(w, contract, person_id, contract.starts)


def _move(hr: Actor, at: datetime, contract_id: int, to: State) -> None:
    with work(hr, at) as w:
        contracts.move_contract(w, contract_id, to)


def _contract_id(code: str) -> int:
    return contract_store.ids_by_code(db.session, [code])[code]


def _partner_id(w: Work, code: str) -> int:
    return next(int(row.id) for row in w.session.execute(companies.partners_in_scope(None)) if row.code == code)


def _some(staff: Sequence[str]) -> Callable[[Work], Sequence[int]]:
    """Those people, licensed or not."""
    return lambda w: list(companies.person_ids(w.session, staff).values())


def _certified(partner: str, staff: Sequence[str], at: datetime) -> Callable[[Work], Sequence[int]]:
    """Of those people the first six who hold a licence at ``at``, and will for a while."""

    def holders(w: Work) -> Sequence[int]:
        asked, known = Asked(at, settings().expiring_days), store.programmes_by_code(w.session)
        every = store.staff(_partner_id(w, partner), asked).where(store.standing_is("certified", (PROGRAMME,), known, asked))
        found = {row.staff_no: row.id for row in w.session.execute(every) if row.staff_no in staff}
        return [found[number] for number in sorted(found)[:6]]

    return holders
