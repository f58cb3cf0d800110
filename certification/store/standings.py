"""The standing of everybody: each person under each programme, by SQL over the spans.

A person counts when they still work here and either have no account, or one
with the role of candidate, or hold or held a licence: an office account is
not "without a licence". Of several licences under one programme the last
certified speaks.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, String, Text, and_, case, cast, exists, func, literal, or_, select
from sqlalchemy.orm import Session, scoped_session

from certification.licence import State
from certification.store.licences import SPANS, spans_at
from certification.tables import Licence, Programme
from foundation.listing import Listing
from people.tables import Account, Partner, Person

Reader = Session | scoped_session[Session]
STATES = [state.value for state in State]


def _speaks(at: datetime) -> ColumnElement[bool]:
    """A condition on the joined span: it covers ``at``, and no span of another licence there was certified later.

    An anti-join, not a window: it looks at one person's few spans by index, and lets the list be read in its order.
    """
    other = SPANS.alias("other")
    same_instant = and_(other.c.certified == SPANS.c.certified, other.c.licence_id > SPANS.c.licence_id)
    later = or_(other.c.certified > SPANS.c.certified, same_instant)
    rival = exists().where(
        other.c.person_id == SPANS.c.person_id, other.c.programme_id == SPANS.c.programme_id, other.c.licence_id != SPANS.c.licence_id,
        other.c.starts <= at, or_(other.c.ends.is_(None), other.c.ends > at), later,
    )
    return and_(spans_at(at), ~rival)


class Board:
    """The board at an instant: build once, narrow, then list, count or export."""

    def __init__(self, at: datetime, expiring_days: int, company: int | None) -> None:
        self.at = at
        soon = at + timedelta(days=expiring_days)
        self.standing = case(
            (SPANS.c.licence_id.is_(None), literal(State.NONE.value, String)),
            (and_(SPANS.c.standing == State.ACTIVE, SPANS.c.until <= soon), literal(State.EXPIRING.value, String)),
            else_=SPANS.c.standing,
        )
        self.wanted: list[ColumnElement[bool]] = [
            or_(Person.left.is_(None), Person.left > at),
            or_(Account.id.is_(None), cast(Account.roles, Text).contains('"candidate"'), SPANS.c.licence_id.is_not(None)),
        ]
        if company is not None:
            self.wanted.append(Person.partner_id == company)

    def narrow(
        self, text: str = "", standing: str = "", partner: str = "", programme: str = "", city: str = "", within: int = 0
    ) -> "Board":
        """Keep what was asked for; ``within`` days counts from now to the end of an active licence."""
        if standing in STATES:
            self.wanted.append(self.standing == standing)
        if partner:
            self.wanted.append(Partner.code == partner)
        if programme:
            self.wanted.append(Programme.code == programme)
        if city:
            self.wanted.append(Person.city == city)
        if within:
            ends = and_(SPANS.c.standing == State.ACTIVE, SPANS.c.until <= self.at + timedelta(days=within))
            self.wanted.append(ends)
        if text:
            self.wanted.append(or_(
                Person.name.icontains(text, autoescape=True), Person.staff_no.icontains(text, autoescape=True),
                Licence.number.icontains(text.replace(" ", ""), autoescape=True),
            ))
        return self

    def _from(self, *columns: Any) -> Select[Any]:
        return (
            select(*columns)
            .select_from(Person)
            .join(Partner, Partner.id == Person.partner_id)
            .join(Programme, literal(True))
            .outerjoin(Account, Account.person_id == Person.id)
            .outerjoin(SPANS, and_(SPANS.c.person_id == Person.id, SPANS.c.programme_id == Programme.id, _speaks(self.at)))
            .outerjoin(Licence, Licence.id == SPANS.c.licence_id)
            .where(*self.wanted)
        )

    def rows(self) -> Select[Any]:
        """One row a person and programme."""
        return self._from(
            Person.id.label("person_id"), Person.name, Person.staff_no, Person.city, Partner.name.label("partner"),
            Partner.code.label("partner_code"), Programme.id.label("programme_id"), Programme.code.label("programme_code"), Programme.title,
            self.standing.label("standing"), SPANS.c.grade, SPANS.c.until, SPANS.c.certified, Licence.number,
        )

    def order(self) -> dict[str, Any]:
        """What the board may be sorted by; "until" begins with what lapses next, what has lapsed or never was comes last."""
        far = literal(self.at + timedelta(days=365_000), SPANS.c.until.type)
        return {
            "until": case((SPANS.c.until > self.at, SPANS.c.until), else_=far), "name": Person.name,
            "staff_no": Person.staff_no, "partner": Partner.name, "city": Person.city, "standing": self.standing,
        }

    def fill(self, session: Session, listing: Listing, total: int | None = None) -> None:
        """The page that ``listing`` asks for; a ``total`` that the figures tell already spares a count of everybody."""
        if total is None:
            total = session.scalar(self._from(func.count())) or 0
        listing.total = total
        listing.page = min(listing.page, listing.pages)
        column = self.order()[listing.sort]
        rows = self.rows().order_by(column.desc() if listing.descending else column, Person.id, Programme.id)
        listing.rows = session.execute(rows.limit(listing.per_page).offset((listing.page - 1) * listing.per_page)).all()

    def figures(self, session: Reader) -> dict[str, int]:
        """How many there are by standing, zero included."""
        standing = self.standing.label("standing")
        rows = session.execute(self._from(standing, func.count()).group_by(standing))
        found: dict[str, int] = dict(rows.all())
        return {state: found.get(state, 0) for state in STATES}

    def export(self, session: Reader) -> Iterator[Row[Any]]:
        """Every row, by company and staff number, read in portions."""
        query = self.rows().order_by(Partner.name, Person.staff_no, Programme.code).execution_options(yield_per=1000)
        yield from session.execute(query)


def figures(session: Reader, at: datetime, company: int | None, expiring_days: int) -> dict[str, int]:
    """People and programmes by standing, those of one company or of all."""
    return Board(at, expiring_days, company).figures(session)


def choices(session: Reader, company: int | None) -> tuple[dict[str, str], dict[str, dict[str, str]], list[str]]:
    """Partners by code, programme titles by code, and cities, for filters."""
    partners = select(Partner.code, Partner.name).order_by(Partner.name)
    cities = select(Person.city).where(Person.city != "").distinct().order_by(Person.city)
    if company is not None:
        partners, cities = partners.where(Partner.id == company), cities.where(Person.partner_id == company)
    programmes = select(Programme.code, Programme.title).order_by(Programme.code)
    return (
        dict(session.execute(partners).all()), dict(session.execute(programmes).all()), list(session.scalars(cities)),
    )
