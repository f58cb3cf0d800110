"""The one query that a dispatch decision asks: a row for each span of a member beside each place on a roster.

What few people have (items in custody, retraining, an override) comes along
as small JSON lists in the same row, so that nothing is multiplied by them.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Integer,
    ScalarSelect,
    Select,
    Text,
    and_,
    bindparam,
    case,
    cast,
    exists,
    extract,
    func,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from certification.store.licences import LICENCES, SPANS
from certification.tables import (
    Breach,
    BreachMeasure,
    CustodyAgreement,
    CustodyItem,
    CustodyReceipt,
    DispatchOverride,
    Programme,
)
from foundation.database import EPOCH, Instant
from foundation.prepared import Prepared
from people.tables import Account, Contract, Partner, Person, RosterEntry
from standards.store import reference_column
from standards.tables import Clause, Edition, Standard

PEOPLE, PARTNERS, CONTRACTS, ROSTER = Person.__table__, Partner.__table__, Contract.__table__, RosterEntry.__table__
PROGRAMMES = Programme.__table__
PROGRAMME = select(PROGRAMMES.c.id).where(PROGRAMMES.c.code == bindparam("programme")).scalar_subquery()
STAFF = PEOPLE.c.staff_no.in_(bindparam("staff", expanding=True))
_IN_JSON = PEOPLE.c.staff_no.in_(select(func.json_each(bindparam("staff")).table_valued("value").c.value))
_IN_ARRAY = PEOPLE.c.staff_no == func.any(bindparam("staff", type_=ARRAY(Text)))
_AT = bindparam("known_by", type_=Instant())
PERSON, ENTRUSTED, RETRAINING, OVERRIDES, AGREEMENT = slice(1, 4), 6, 7, 8, 9
LICENCE, PLACE = slice(10, 17), slice(17, 23)
"""Where things stand in a row; the company's id is in column 4, the programme's in column 5."""


def instant(microseconds: int) -> datetime:
    """An instant as the JSON lists hold it."""
    return EPOCH + timedelta(0, 0, microseconds)


def team(postgresql: bool, past: bool) -> Select[Any]:
    """The statement; ``past`` asks as things were recorded by ``known_by``."""
    json = _Json(postgresql)
    return (
        select(
            PEOPLE.c.staff_no, PEOPLE.c.left, PARTNERS.c.code, PARTNERS.c.kind, PARTNERS.c.id, PROGRAMME.label("programme_id"),
            _entrusted(json, past).label("entrusted"), _retraining(json, past).label("retraining"),
            _overrides(json, past).label("overrides"), _agreement(past).label("agreement"),
            LICENCES.c.number, SPANS.c.starts, SPANS.c.ends, SPANS.c.standing, SPANS.c.grade, SPANS.c.until, SPANS.c.certified,
            CONTRACTS.c.code.label("contract"), CONTRACTS.c.state, CONTRACTS.c.starts.label("begins"), CONTRACTS.c.ends.label("finishes"),
            ROSTER.c.starts.label("on"), ROSTER.c.ends.label("off"),
        )
        .select_from(
            PEOPLE.join(PARTNERS, PARTNERS.c.id == PEOPLE.c.partner_id)
            .outerjoin(SPANS, and_(SPANS.c.person_id == PEOPLE.c.id, SPANS.c.programme_id == PROGRAMME))
            .outerjoin(LICENCES, LICENCES.c.id == SPANS.c.licence_id)
            .outerjoin(ROSTER, ROSTER.c.person_id == PEOPLE.c.id)
            .outerjoin(CONTRACTS, CONTRACTS.c.id == ROSTER.c.contract_id)
        )
        .where(_IN_ARRAY if postgresql else _IN_JSON)
    )


class _Json:
    """Lists of lists in the words of one database; instants as microseconds since 1970."""

    def __init__(self, postgresql: bool) -> None:
        self.postgresql = postgresql

    def rows(self, *columns: ColumnElement[Any]) -> ColumnElement[str]:
        """Every row of the select as a list, all of them in one text; None or an empty list when there are none."""
        values = [self._value(column) for column in columns]
        if self.postgresql:
            return cast(func.json_agg(func.json_build_array(*values)), Text)
        return func.json_group_array(func.json_array(*values))

    def _value(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        if not isinstance(column.type, Instant):
            return column
        if self.postgresql:
            return cast(extract("epoch", column) * 1_000_000, BigInteger)
        return cast(column, Integer)


def _open(column: Any, past: bool) -> ColumnElement[bool]:
    """Not closed, or not yet by the instant of the replay."""
    return or_(column.is_(None), column > _AT) if past else column.is_(None)


def _entrusted(json: _Json, past: bool) -> ScalarSelect[Any]:
    """The items that a person holds: the contract of their agreement, and what renews it."""
    renewal = aliased(Contract)
    columns: list[Any] = [
        Contract.code, Contract.state, Contract.starts, Contract.ends, renewal.code, renewal.state, renewal.starts, renewal.ends,
        CustodyItem.id,
    ]
    query = (
        select(json.rows(*columns))
        .select_from(CustodyReceipt)
        .join(CustodyItem, CustodyItem.receipt_id == CustodyReceipt.id)
        .join(CustodyAgreement, CustodyAgreement.id == CustodyReceipt.agreement_id)
        .join(Contract, Contract.id == CustodyAgreement.contract_id)
        .outerjoin(renewal, renewal.renews_id == Contract.id)
        .where(CustodyReceipt.person_id == PEOPLE.c.id, _open(CustodyItem.closed, past))
    )
    return (query.where(CustodyReceipt.issued <= _AT) if past else query).correlate(PEOPLE).scalar_subquery()


def _retraining(json: _Json, past: bool) -> ScalarSelect[Any]:
    query = (
        select(json.rows(BreachMeasure.due, Breach.number, reference_column()))  # type: ignore[arg-type]
        .select_from(BreachMeasure)
        .join(Breach, Breach.id == BreachMeasure.breach_id)
        .join(Clause, Clause.id == Breach.clause_id)
        .join(Edition, Edition.id == Clause.edition_id)
        .join(Standard, Standard.id == Edition.standard_id)
        .where(BreachMeasure.person_id == PEOPLE.c.id, BreachMeasure.kind == "retraining", BreachMeasure.due.is_not(None))
        .where(_open(BreachMeasure.closed, past))
    )
    return (query.where(BreachMeasure.opened <= _AT) if past else query).correlate(PEOPLE).scalar_subquery()


def _overrides(json: _Json, past: bool) -> ScalarSelect[Any]:
    """Confirmed overrides under the programme: they begin when the second of the two said yes."""
    first, second, first_person, second_person = aliased(Account), aliased(Account), aliased(Person), aliased(Person)
    columns: list[Any] = [
        DispatchOverride.starts, DispatchOverride.confirmed, DispatchOverride.ends, first_person.staff_no, second_person.staff_no,
    ]
    query = (
        select(json.rows(*columns))
        .select_from(DispatchOverride)
        .join(first, first.id == DispatchOverride.proposed_by)
        .join(first_person, first_person.id == first.person_id)
        .join(second, second.id == DispatchOverride.confirmed_by)
        .join(second_person, second_person.id == second.person_id)
        .where(DispatchOverride.person_id == PEOPLE.c.id, DispatchOverride.programme_id == PROGRAMME)
        .where(DispatchOverride.confirmed.is_not(None), _open(DispatchOverride.withdrawn, past))
    )
    return (query.where(DispatchOverride.confirmed <= _AT) if past else query).correlate(PEOPLE).scalar_subquery()


def _agreement(past: bool) -> ColumnElement[int]:
    """Whether the person's company signed a responsibility agreement; looked up only where somebody asks with ``logo``."""
    found = exists().where(CustodyAgreement.contract_id == Contract.id, Contract.partner_id == PEOPLE.c.partner_id)
    if past:
        found = found.where(CustodyAgreement.signed <= _AT)
    return case((and_(bindparam("logo", type_=Integer()) == 1, found.correlate(PEOPLE)), 1), else_=0)


NOW = Prepared(team(False, past=False), postgresql=team(True, past=False))
THEN = Prepared(team(False, past=True), postgresql=team(True, past=True))

