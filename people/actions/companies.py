"""Companies, contracts, people and rosters, as documents give them."""

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, insert, select

from foundation.problem import Path, Problem
from foundation.sealing import sealer
from foundation.work import Work
from people import roster
from people.roster import ContractDoc, PartnerDoc, PersonDoc
from people.store import companies as store
from people.tables import Account, Contract, ContractEvent, Partner, Person, RosterEntry


def ensure_operator(w: Work) -> None:
    """The operator itself is a company of kind ``operator``: its own staff belong to it."""
    if not w.session.scalar(select(Partner.id).where(Partner.code == "OPERATOR")):
        w.session.add(Partner(code="OPERATOR", name="运营商", kind="operator"))
        w.session.flush()


def keep_partner(w: Work, doc: PartnerDoc, path: Path, zone: ZoneInfo) -> tuple[dict[str, int], list[Problem]]:
    """Add or update a company and its contracts; answers ids by code."""
    partner = w.session.scalar(select(Partner).where(Partner.code == doc.code))
    if partner is None:
        partner = Partner(code=doc.code)
        w.session.add(partner)
    partner.name, partner.kind = doc.name, doc.kind
    w.session.flush()
    ids, problems = {doc.code: partner.id}, []
    for index, given in enumerate(doc.contracts):
        contract = w.session.scalar(select(Contract).where(Contract.code == given.code)) or Contract(code=given.code, partner_id=partner.id)
        if contract.partner_id != partner.id:
            problems.append(Problem((*path, "contracts", index, "code"), f"{given.code} belongs to another company"))
            continue
        contract.title, contract.programmes = given.title, list(given.programmes)
        contract.starts, contract.ends = roster.midnight(given.starts, zone), roster.after(given.ends, zone)
        contract.renews_id = _renewed(w, given, partner.id, (*path, "contracts", index, "renews"), problems)
        before, contract.state = contract.state, given.state
        w.session.add(contract)
        w.session.flush()
        if before != given.state:
            w.session.add(ContractEvent(
                contract_id=contract.id, before=before or "", after=given.state, at=w.now, by=w.actor.account_id, facts={"document": True}
            ))
        ids[given.code] = contract.id
    w.record("partner.kept", f"partner:{partner.id}", contracts=len(doc.contracts))
    return ids, problems


def _renewed(w: Work, given: ContractDoc, partner_id: int, path: Path, problems: list[Problem]) -> int | None:
    """The contract that ``given`` renews: an earlier one of the same company."""
    if given.renews is None:
        return None
    query = select(Contract.id).where(Contract.code == given.renews, Contract.partner_id == partner_id, Contract.code != given.code)
    if (found := w.session.scalar(query)) is None:
        problems.append(Problem(path, f"there is no contract {given.renews!r} of this company before it"))
    return found


def keep_people(
    w: Work, docs: Sequence[PersonDoc], hashes: Mapping[str, str], zone: ZoneInfo
) -> tuple[dict[str, int], list[Problem]]:
    """Add people with their accounts and roster entries, in bulk; those who are known are left as they are.

    ``hashes`` maps each password to its hash, made before the unit of work.
    Answers person ids by staff number, and problems with paths from ``people``.
    """
    partners = dict(w.session.execute(select(Partner.code, Partner.id)).all())
    contracts = {row.code: row for row in w.session.execute(select(Contract.code, Contract.id, Contract.partner_id, Contract.starts))}
    problems = _unknown_places(docs, partners, contracts)
    known = store.person_ids(w.session, [doc.staff_no for doc in docs])
    fresh = [doc for doc in docs if doc.staff_no not in known]
    problems += _same_id_numbers(w, docs, known)
    if problems:
        return {}, problems
    if fresh:
        w.connection.execute(insert(Person), [_person_row(doc, partners[doc.partner]) for doc in fresh])
    ids = known | store.person_ids(w.session, [doc.staff_no for doc in fresh])
    entries = [
        {"contract_id": contracts[doc.contract].id, "person_id": ids[doc.staff_no],
         "starts": roster.midnight(doc.since, zone) if doc.since else contracts[doc.contract].starts}
        for doc in fresh if doc.contract
    ]
    if entries:
        w.connection.execute(insert(RosterEntry), entries)
    problems += _keep_accounts(w, docs, ids, hashes)
    w.record("people.kept", "people", added=len(fresh), known=len(known))
    return ids, problems


def _unknown_places(docs: Sequence[PersonDoc], partners: Mapping[str, int], contracts: Mapping[str, Row[Any]]) -> list[Problem]:
    problems = []
    for index, doc in enumerate(docs):
        if doc.partner not in partners:
            problems.append(Problem(("people", index, "partner"), f"there is no company {doc.partner!r}"))
        elif doc.contract and doc.contract not in contracts:
            problems.append(Problem(("people", index, "contract"), f"there is no contract {doc.contract!r}"))
        elif doc.contract and contracts[doc.contract].partner_id != partners[doc.partner]:
            problems.append(Problem(("people", index, "contract"), f"{doc.contract} is not a contract of {doc.partner}"))
    return problems


def _same_id_numbers(w: Work, docs: Sequence[PersonDoc], known: Mapping[str, int]) -> list[Problem]:
    """An ID number belongs to one person; two staff numbers for one would give that person two standings."""
    taken = set(w.session.scalars(select(Person.id_number_digest).where(Person.id_number_digest.is_not(None))))
    problems = []
    for index, doc in enumerate(docs):
        if doc.id_number and doc.staff_no not in known:
            digest = sealer().digest(doc.id_number)
            if digest in taken:
                problems.append(Problem(("people", index, "id_number"), "somebody else has the same ID number"))
            taken.add(digest)
    return problems


def _person_row(doc: PersonDoc, partner_id: int) -> dict[str, Any]:
    sealed = sealer()
    return {
        "staff_no": doc.staff_no, "name": doc.name, "partner_id": partner_id, "city": doc.city,
        "id_number": sealed.seal(doc.id_number) if doc.id_number else None,
        "id_number_digest": sealed.digest(doc.id_number) if doc.id_number else None,
        "phone": sealed.seal(doc.phone) if doc.phone else None,
    }


def _keep_accounts(w: Work, docs: Sequence[PersonDoc], ids: Mapping[str, int], hashes: Mapping[str, str]) -> list[Problem]:
    """Open accounts for those who have none; a username that is another person's is a problem."""
    taken = dict(w.session.execute(select(Account.username, Account.person_id)).all())
    holders = set(taken.values())
    problems, rows = [], []
    for index, doc in enumerate(docs):
        if doc.username is None or doc.password is None or taken.get(doc.username) == ids[doc.staff_no]:
            continue
        if doc.username in taken:
            problems.append(Problem(("people", index, "username"), f"{doc.username!r} is taken"))
        elif ids[doc.staff_no] not in holders:
            taken[doc.username] = ids[doc.staff_no]
            rows.append({
                "person_id": ids[doc.staff_no], "username": doc.username, "password_hash": hashes[doc.password],
                "roles": list(doc.roles), "created": w.now, "one_time": False,
            })
    if rows:
        w.connection.execute(insert(Account), rows)
    return problems
