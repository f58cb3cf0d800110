"""The board's numbers and rows, each in one statement over ``standing_pairs``."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    String,
    Text,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import Session, scoped_session

from certification.licence import State
from certification.outlook import Asked, Cell, Outlook, Show
from certification.store.licences import SPANS
from certification.store.standing_pairs import NO_ID, Narrowing, Pairs
from certification.tables import Licence, Programme
from foundation.listing import Listing
from people.tables import Contract, Partner, Person

Reader = Session | scoped_session[Session]
GROUPS = ("partner", "city", "programme", "contract")
COLUMNS = {"person_id", "programme_id", "licence_id", "standing", "owed", "grade", "until", "certified"}
"""What the rows of a page carry; names are joined to those that are shown."""
SORTS = ("until", "name", "staff_no", "partner", "city", "standing")


class Board:
    """The board at an outlook's instant, narrowed."""

    def __init__(self, outlook: Outlook, narrowing: Narrowing) -> None:
        self.outlook, self.narrowing = outlook, narrowing

    def cells(self, session: Reader, by: str = "partner", unfold: str = "") -> tuple[list[Cell], list[Cell]]:
        """Everybody counted in cells by group, and what contracts ask for by contract; one statement.

        A group is an id, or a city as it is written. The second list is of all contracts when ``by`` is "contract" (everybody is counted by
        company then), of those of the company whose code is ``unfold``, or empty.
        """
        inside = self.narrowing if by == "contract" else replace(self.narrowing, partner=unfold) if unfold else None
        counted = list(self._counted(self.narrowing, "partner" if by == "contract" else by, literal(0)))
        if inside is not None and self.narrowing.partner in ("", inside.partner):
            counted += self._counted(inside, "contract", literal(1))
        return self._read(session, counted)

    def contract_cells(self, session: Reader) -> list[Cell]:
        """What contracts ask for, by contract, and nothing else."""
        return self._read(session, self._counted(self.narrowing, "contract", literal(1)))[1]

    @staticmethod
    def _read(session: Reader, counted: Iterable[Select[Any]]) -> tuple[list[Cell], list[Cell]]:
        found: tuple[list[Cell], list[Cell]] = ([], [])
        for level, number, text, standing, edge, owed, count in session.execute(union_all(*counted)):
            found[level].append(Cell(number if text is None else text, standing, edge, bool(owed), count))
        return found

    def _counted(self, narrowing: Narrowing, by: str, level: Any) -> Iterator[Select[Any]]:
        """The cells of each branch; a cell that stands in two of them is added up by whoever reads."""
        rows = Pairs(self.outlook.at, narrowing, {"city" if by == "city" else f"{by}_id", "standing", "until", "owed"})
        for branch in [rows.by_contract()] if by == "contract" else rows.branches():
            pairs = branch.subquery()
            # Sums and joins of nothing keep SQLite from walking an index in the order of the groups, row by row through the table.
            number, text = (NO_ID, pairs.c.city + "") if by == "city" else (pairs.c[f"{by}_id"] + 0, cast(null(), String))
            keys = [number.label("number"), text.label("text"), pairs.c.standing, self._edge(pairs.c.until).label("edge"), pairs.c.owed]
            yield select(level.label("level"), *keys, func.count().label("count")).group_by(*keys)

    def _edge(self, until: Any) -> Any:
        """The place of an end of validity among the outlook's edges, by the middle: few comparisons a row."""
        edges, kind = self.outlook.edges, SPANS.c.until.type

        def between(low: int, high: int) -> Any:
            if low == high:
                return literal(low)
            middle = (low + high) // 2
            return case((until <= literal(edges[middle], kind), between(low, middle)), else_=between(middle + 1, high))

        return case((until.is_(None), literal(len(edges))), else_=between(0, len(edges)))

    def fill(self, session: Reader, listing: Listing, asked: Asked, cells: Sequence[Cell]) -> None:
        """The page that ``listing`` asks for; ``cells`` of everybody tell how many rows there are."""
        outlook = self.outlook
        listing.total = outlook.count(cells, asked)
        listing.page = min(listing.page, listing.pages)
        start = (listing.page - 1) * listing.per_page
        pairs, wanted = self._source(listing, asked, cells, start + listing.per_page)
        narrowed = select(pairs).where(*wanted).order_by(*self._order(pairs, listing))
        page = narrowed.limit(listing.per_page).offset(start).subquery("page")
        listing.rows = session.execute(self._named(page).order_by(*self._order(page, listing))).all()

    def _source(self, listing: Listing, asked: Asked, cells: Sequence[Cell], end: int) -> tuple[Any, list[ColumnElement[bool]]]:
        """Where the rows come from: licences in force alone, in the order of an index, where the page ends before they do."""
        active = [cell for cell in cells if cell.standing == State.ACTIVE]
        first = listing.sort == "until" and not listing.descending and not self.narrowing.by_roster
        if first and end <= self.outlook.count(active, asked):
            pairs = Pairs(self.outlook.at, self.narrowing, COLUMNS).held().where(SPANS.c.standing == State.ACTIVE).subquery("pairs")
        else:
            sorted_by = {"partner": "partner_id"}.get(listing.sort, listing.sort)
            pairs = Pairs(self.outlook.at, self.narrowing, {*COLUMNS, sorted_by}).everybody()
        return pairs, self._wanted(pairs, asked)

    def _wanted(self, pairs: Any, asked: Asked) -> list[ColumnElement[bool]]:
        """What ``asked`` means, as conditions on the rows; the same as ``Outlook.wants`` on cells."""
        kind, active, wanted = SPANS.c.until.type, pairs.c.standing == State.ACTIVE, []
        soon = pairs.c.until <= literal(self.outlook.at + timedelta(days=self.outlook.expiring_days), kind)
        shown: dict[str, ColumnElement[bool]] = {
            "": true(), Show.IN_FORCE: active, Show.OUT: ~active,
            State.EXPIRING: and_(active, soon), State.ACTIVE: and_(active, ~soon),
            Show.OWED: and_(pairs.c.owed, pairs.c.standing.in_((State.EXPIRED, State.NONE))),
            Show.STOPPED: pairs.c.standing.in_((State.SUSPENDED, State.REVOKED)),
        }
        wanted.append(shown.get(asked.show, pairs.c.standing == asked.show))
        if asked.within:
            wanted += [active, pairs.c.until <= literal(self.outlook.at + timedelta(days=asked.within), kind)]
        if month := asked.month:
            wanted += [pairs.c.standing.in_((State.ACTIVE, State.EXPIRED)), pairs.c.until > literal(month.starts, kind)]
            wanted.append(pairs.c.until <= literal(month.ends, kind))
        return wanted

    def _order(self, rows: Any, listing: Listing) -> list[Any]:
        """What the board may be sorted by; "until" begins with what lapses next, what is not in force comes last."""
        def partner() -> Any:
            company = Partner.__table__.alias("company")
            return select(company.c.name).where(company.c.id == rows.c.partner_id).scalar_subquery()

        def until() -> Any:
            far = literal(self.outlook.at + timedelta(days=365_000), SPANS.c.until.type)
            return case((rows.c.standing == State.ACTIVE, rows.c.until), else_=far)

        column = {"partner": partner, "until": until}.get(listing.sort, lambda: rows.c[listing.sort])()
        return [column.desc() if listing.descending else column, rows.c.person_id, func.coalesce(rows.c.programme_id, 0)]

    def _named(self, rows: Any) -> Select[Any]:
        """The rows with the words that a page shows."""
        soon = rows.c.until <= literal(self.outlook.at + timedelta(days=self.outlook.expiring_days), SPANS.c.until.type)
        standing = case((and_(rows.c.standing == State.ACTIVE, soon), literal(State.EXPIRING.value, String)), else_=rows.c.standing)
        return (
            select(
                rows.c.person_id, Person.name, Person.staff_no, Person.city, Person.partner_id, Partner.name.label("partner"),
                Partner.code.label("partner_code"), rows.c.programme_id, Programme.code.label("programme_code"), Programme.title,
                standing.label("standing"), rows.c.owed, rows.c.grade, rows.c.until, rows.c.certified, Licence.number,
            )
            .select_from(rows)
            .join(Person, Person.id == rows.c.person_id)
            .join(Partner, Partner.id == Person.partner_id)
            .outerjoin(Programme, Programme.id == rows.c.programme_id)
            .outerjoin(Licence, Licence.id == rows.c.licence_id)
        )

    def export(self, session: Reader, asked: Asked) -> Iterator[Row[Any]]:
        """Every row that ``asked`` means, by company and staff number, read in portions."""
        pairs = Pairs(self.outlook.at, self.narrowing, COLUMNS).everybody()
        rows = select(pairs).where(*self._wanted(pairs, asked)).subquery("found")
        query = self._named(rows).order_by(Partner.name, Person.staff_no, Programme.code)
        yield from session.execute(query.execution_options(yield_per=1000))


def figures(session: Reader, at: datetime, company: int | None, expiring_days: int) -> dict[str, int]:
    """People and programmes by standing, those of one company or of all."""
    outlook = Outlook.of(at, expiring_days, ())
    return outlook.by_standing(Board(outlook, Narrowing(company)).cells(session)[0])


def by_partner(session: Reader, at: datetime, expiring_days: int, company: int | None = None) -> dict[Any, dict[str, int]]:
    """The same for each company by its id, with ``owed``: a roster asks for the licence and it lapsed or never was."""
    outlook = Outlook.of(at, expiring_days, ())
    return outlook.by_group(Board(outlook, Narrowing(company)).cells(session)[0])


def titles(session: Reader) -> dict[str, dict[str, str]]:
    """Titles of all programmes by code."""
    return dict(session.execute(select(Programme.code, Programme.title).order_by(Programme.code)).all())


@dataclass(frozen=True)
class Group:
    """Something that people are grouped by: its code in an address, its name (a title may be a pair of languages), what it belongs to."""

    code: str
    name: Any
    partner_id: int | None = None
    state: str = ""


@dataclass(frozen=True)
class Offers:
    """What a board may be narrowed to, by id; cities by themselves."""

    partner: dict[int, Group] = field(default_factory=dict)
    programme: dict[int, Group] = field(default_factory=dict)
    contract: dict[int, Group] = field(default_factory=dict)
    city: dict[str, Group] = field(default_factory=dict)


def offers(session: Reader, company: int | None) -> Offers:
    """Companies, programmes, contracts and cities that the asker may choose, in one statement."""
    number, text = NO_ID, cast(literal(""), String)
    partners = select(
        literal("partner").label("kind"), Partner.id, Partner.code, Partner.name.label("name"), number.label("of"), text.label("state")
    )
    programmes = select(literal("programme"), Programme.id, Programme.code, cast(Programme.title, Text), number, text)
    contracts = select(literal("contract"), Contract.id, Contract.code, Contract.title, Contract.partner_id, Contract.state)
    cities = select(literal("city"), number, Person.city, Person.city, number, text).where(Person.city != "").distinct()
    if company is not None:
        partners, cities = partners.where(Partner.id == company), cities.where(Person.partner_id == company)
        contracts = contracts.where(Contract.partner_id == company)
    found = Offers()
    both = union_all(partners, programmes, contracts, cities).subquery()
    for kind, id_, code, name, of, state in session.execute(select(both).order_by(both.c.kind, both.c.name, both.c.code)):
        group = Group(code, json.loads(name) if kind == "programme" else name, of, state)
        getattr(found, kind)[code if kind == "city" else id_] = group
    return found
