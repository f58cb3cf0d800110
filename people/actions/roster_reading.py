"""From a file to a verdict: read in the child, made plain, held against what is known. Nothing is written."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo

from cryptography.exceptions import InvalidTag

from foundation import grid
from foundation.child import Trouble
from foundation.database import db
from foundation.sealing import Sealer, sealer
from people import identity
from people.roster_check import Facts, Judged, Known, judge
from people.roster_sheet import MASK, ROWS, Field, Sheet, tidy
from people.store import roster_imports as store

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Scope:
    """For whom a roster is read: the company of rows that name none, and whether they may name another; the contract likewise."""

    partner_id: int
    everywhere: bool
    contract: str = ""


@dataclass(frozen=True)
class Verdict:
    """What came of a file: why it was not read, or what its rows mean; ``ignored`` headings were passed over."""

    trouble: Trouble | None = None
    judged: Judged | None = None
    ignored: tuple[str, ...] = ()


@contextmanager
def _without_collector() -> Iterator[None]:
    """Hundreds of thousands of cells and no ring among them: the collector would go through all of them again and again."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def examine(content: bytes, scope: Scope, now: datetime, zone: ZoneInfo, progress: Progress = lambda _done, _total: None) -> Verdict:
    """Read and check a file as it stands against the database now."""
    with _without_collector():
        return _examine(content, scope, now, zone, progress)


def _examine(content: bytes, scope: Scope, now: datetime, zone: ZoneInfo, progress: Progress) -> Verdict:
    parsed = grid.read(content)
    if parsed.trouble:
        return Verdict(parsed.trouble)
    widths = {len(piece) for piece in parsed.pieces}
    columns = [
        list(chain.from_iterable(piece[place] if place < len(piece) else [""] * len(piece[0]) for piece in parsed.pieces))
        for place in range(max(widths))
    ]
    if len(columns[0]) > ROWS + 10:
        return Verdict(Trouble.TOO_LARGE)
    total = len(columns[0])
    progress(total // 4, total)
    sheet = tidy(columns, now.astimezone(zone).date())
    if not sheet.height and not sheet.faults:
        return Verdict(Trouble.EMPTY)
    if any(fault.row < sheet.first for fault in sheet.faults):
        return Verdict(judged=Judged([], sheet.faults, {}), ignored=sheet.ignored)
    progress(total // 2, total)
    facts = _facts(sheet, scope, now, zone)
    progress(3 * total // 4, total)
    return Verdict(judged=judge(sheet, facts), ignored=sheet.ignored)


def _facts(sheet: Sheet, scope: Scope, now: datetime, zone: ZoneInfo) -> Facts:
    """Everything that is known of the people, companies and contracts in the table; reads only."""
    sealed = sealer()
    digest = sealed.digest
    digests = [digest(number) if number and MASK not in number else None for number in sheet.values[Field.ID_NUMBER]]
    keys = {value.upper(): index for index, value in enumerate(sheet.values[Field.STAFF_NO]) if value}
    wanted = set(digests)
    wanted.discard(None)
    connection = db.session.connection()
    ids, owners = store.ids_of(connection, keys.keys(), {number for number in wanted if number})
    rows = [(row.staff_no.upper(), row) for row in store.details(connection, frozenset(ids.values()))]
    return Facts(
        now=now, zone=zone, home=scope.partner_id, limited=not scope.everywhere, default=scope.contract,
        partners=store.partner_codes(db.session, None if scope.everywhere else scope.partner_id), contracts=store.agreements(db.session),
        people={key: _known(row, sheet, keys[key], sealed) for key, row in rows}, owners=owners,
        stays=store.stays_of(connection, frozenset(ids.values())), digests=digests,
    )


def _known(row: Any, sheet: Sheet, index: int, sealed: Sealer) -> Known:
    """What is kept of somebody; a sealed number is opened where the table has one to compare."""
    phone = _opened(sealed, row.phone) if row.phone and sheet.values[Field.PHONE][index] else ""
    masked = MASK in sheet.values[Field.ID_NUMBER][index]
    number = _opened(sealed, row.id_number) if row.id_number and masked else ""
    return Known(
        row.id, row.staff_no, row.name, row.partner_id, row.city, row.id_number_digest, row.left, phone,
        identity.mask_id(number) if number else "",
    )


def _opened(sealed: Sealer, value: bytes) -> str:
    try:
        return sealed.open(value)
    except InvalidTag:  # sealed under a key that is gone: nothing to compare with
        return ""
