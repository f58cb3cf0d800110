"""Keeping a parsed document: all of it or nothing, safe to repeat."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from certification import pack as rule
from certification.actions import ledgers, programmes, sittings
from certification.actions.ledgers import Ledger
from certification.licence import Event, Grade, Kind
from certification.pack import LicenceDoc, Pack, PackInvalid, SittingDoc
from certification.programme import ProgrammeDoc, from_json
from certification.store import ledgers as ledger_store
from certification.tables import Booking, Licence, Programme, ProgrammeEdition, Sitting
from foundation.problem import Path, Problem
from foundation.work import Actor, Work, work
from people.actions import accounts, companies
from people.actions.sign_in import hash_password
from people.store import accounts as key_store
from people.store import companies as people_store
from question_bank.actions import cards
from question_bank.actions import items as question_bank
from question_bank.assembly import Shortfall
from question_bank.store import items as question_store
from standards import actions as standards
from standards import store as standards_store


@dataclass
class Kept:
    """Ids by code, counts by list and outcome, and notes on what was left as it is."""

    ids: dict[str, int | str] = field(default_factory=dict)
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def count(self, name: str, outcome: str, number: int = 1) -> None:
        """Note ``number`` more entries of list ``name`` with that outcome."""
        found = self.counts.setdefault(name, {})
        found[outcome] = found.get(outcome, 0) + number


def hash_passwords(pack: Pack) -> dict[str, str]:
    """Each distinct password's hash; slow on purpose, so it is done before the unit of work."""
    return {text: hash_password(text) for text in {doc.password for doc in pack.people if doc.password}}


def keep_pack(pack: Pack, actor: Actor, zone: ZoneInfo) -> Kept:
    """Keep everything in one transaction; raises PackInvalid with every problem of the first list that has one."""
    hashes = hash_passwords(pack)
    with work(actor) as w:
        kept = Kept()
        _keep_standards(w, pack, zone, kept)
        companies.ensure_operator(w)
        _keep_partners(w, pack, zone, kept)
        if pack.people:
            ids, problems = companies.keep_people(w, pack.people, hashes, zone)
            _stop(problems)
            kept.ids.update(ids)
            kept.count("people", "kept", len(ids))
        _keep_items(w, pack, kept)
        if kept.counts.get("clauses", {}).get("changed"):
            cards.file_all(w)  # what the bank's list says of a question's clauses
        _keep_programmes(w, pack.programmes, kept)
        _keep_keys(w, pack, kept)
        _keep_licences(w, pack.licences, zone, kept)
        _keep_sittings(w, pack.sittings, kept)
        w.record("pack.kept", "pack", **{name: sum(found.values()) for name, found in kept.counts.items()})
    return kept


def _stop(problems: list[Problem]) -> None:
    if problems:
        raise PackInvalid(problems)


def _keep_standards(w: Work, pack: Pack, zone: ZoneInfo, kept: Kept) -> None:
    for standard in pack.standards:
        for outcome, number in standards.keep_standard(w, standard, zone).items():
            kept.count("clauses", outcome, number)
    refs = standards_store.clause_ids(w.session)
    problems = [
        Problem(("clashes", index, "sides", position, "clause"), f"there is no clause {side.clause}")
        for index, clash in enumerate(pack.clashes)
        for position, side in enumerate(clash.sides)
        if side.clause not in refs
    ]
    _stop(problems)
    for clash in pack.clashes:
        for outcome, number in standards.keep_clash(w, clash).items():
            kept.count("clashes", outcome, number)


def _keep_partners(w: Work, pack: Pack, zone: ZoneInfo, kept: Kept) -> None:
    problems: list[Problem] = []
    for index, partner in enumerate(pack.partners):
        ids, found = companies.keep_partner(w, partner, ("partners", index), zone)
        kept.ids.update(ids)
        kept.count("partners", "kept")
        problems += found
    _stop(problems)


def _keep_items(w: Work, pack: Pack, kept: Kept) -> None:
    if not pack.items:
        return
    refs = standards_store.clause_ids(w.session)
    _stop([
        Problem(("items", index, "clauses", position), f"there is no clause {ref}")
        for index, item in enumerate(pack.items)
        for position, ref in enumerate(item.clauses)
        if ref not in refs
    ])
    for item in pack.items:
        outcome = question_bank.keep_item(w, item, refs)
        kept.count("items", outcome)
        if outcome == "kept_here":
            kept.notes.append(f"{item.code} was edited on the site and stays as it is there")
    kept.ids.update(question_store.item_ids(w.session, {item.code for item in pack.items}))


def _keep_programmes(w: Work, docs: Iterable[ProgrammeDoc], kept: Kept) -> None:
    known = {f"{edition.standard}@{edition.edition}" for edition in standards_store.editions(w.session)}
    for index, doc in enumerate(docs):
        _stop([
            Problem(("programmes", index, "standards", position), f"there is no edition {code}")
            for position, code in enumerate(doc.standards)
            if code not in known
        ])
        programme_id, outcome = programmes.keep_programme(w, doc)
        kept.ids[doc.code] = programme_id
        kept.count("programmes", outcome)


def _keep_keys(w: Work, pack: Pack, kept: Kept) -> None:
    for doc in pack.api_keys:
        live = key_store.live_key_named(w.session, doc.name)
        kept.ids[doc.name] = live or accounts.create_key(w, doc.name, doc.scope, doc.key)
        kept.count("api_keys", "same" if live else "added")


def _keep_licences(w: Work, docs: tuple[LicenceDoc, ...], zone: ZoneInfo, kept: Kept) -> None:
    """Licences with their whole ledger; a person who already holds one under the programme keeps it as it is."""
    if not docs:
        return
    persons = people_store.person_ids(w.session, [doc.staff_no for doc in docs])
    editions = {code: programmes.newest_edition(w, id_) for code, id_ in w.session.execute(select(Programme.code, Programme.id))}
    held = set(w.session.execute(select(Licence.person_id, Licence.programme_id)).all())
    problems: list[Problem] = []
    for index, doc in enumerate(docs):
        nobody = f"there is nobody with staff number {doc.staff_no!r}"
        problems += _unknown(doc.staff_no in persons, ("licences", index, "staff_no"), nobody)
        problems += _unknown(doc.programme in editions, ("licences", index, "programme"), f"there is no programme {doc.programme!r}")
    _stop(problems)
    numbers = ledger_store.numbers(w.connection)
    fresh = [
        doc for doc in docs
        if (doc.number not in numbers if doc.number else (persons[doc.staff_no], editions[doc.programme].programme_id) not in held)
    ]
    kept.count("licences", "same", len(docs) - len(fresh))
    given = ledgers.take_over(w, [_ledger(doc, persons[doc.staff_no], editions[doc.programme], w.now, zone) for doc in fresh])
    kept.ids.update((f"{doc.staff_no}/{doc.programme}", number) for doc, number in zip(fresh, given, strict=True))
    kept.count("licences", "added", len(fresh))


def _ledger(doc: LicenceDoc, person_id: int, edition: ProgrammeEdition, now: datetime, zone: ZoneInfo) -> Ledger:
    """The ledger of one document; what lies in the past counts as recorded when it took effect, so that it can be replayed."""
    events = tuple(
        Event(
            Kind(event.kind), Grade(event.grade) if event.grade else None, event.effective,
            rule.parse_until(event.until, zone) if event.until else None, min(event.effective, now), event.reason,
        )
        for event in sorted(doc.events, key=lambda event: event.effective)
    )
    return Ledger(person_id, edition.programme_id, edition.id, from_json(edition.spec).validity_months, doc.number, events)


def _unknown(known: bool, path: Path, message: str) -> list[Problem]:
    return [] if known else [Problem(path, message)]


def _keep_sittings(w: Work, docs: tuple[SittingDoc, ...], kept: Kept) -> None:
    """Sittings with their bookings; one that exists keeps its form and window and only gains bookings."""
    for index, doc in enumerate(docs):
        programme = w.session.scalar(select(Programme).where(Programme.code == doc.programme))
        if programme is None:
            raise PackInvalid([Problem(("sittings", index, "programme"), f"there is no programme {doc.programme!r}")])
        sitting_id = w.session.scalar(select(Sitting.id).where(Sitting.code == doc.code))
        kept.count("sittings", "same" if sitting_id else "added")
        if sitting_id is None:
            edition = programmes.newest_edition(w, programme.id)
            made = sittings.schedule(w, doc.code, edition.id, doc.opens, doc.closes, doc.place, doc.seats, doc.entry_code)
            if isinstance(made, Shortfall):
                raise PackInvalid([Problem(("sittings", index), f"no form can be assembled: {made}")])
            sitting_id = made
        kept.ids[doc.code] = sitting_id
        _keep_bookings(w, doc, sitting_id, ("sittings", index, "booked"))


def _keep_bookings(w: Work, doc: SittingDoc, sitting_id: int, path: Path) -> None:
    persons = people_store.person_ids(w.session, doc.booked)
    _stop([
        Problem((*path, position), f"there is nobody with staff number {number!r}")
        for position, number in enumerate(doc.booked)
        if number not in persons
    ])
    there = set(w.session.scalars(select(Booking.person_id).where(Booking.sitting_id == sitting_id)))
    w.session.add_all(Booking(sitting_id=sitting_id, person_id=id_, booked=w.now) for id_ in persons.values() if id_ not in there)
    w.session.flush()
