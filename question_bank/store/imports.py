"""Imports of questions, and what of the bank a question of a file may be.

An import is its uploader's own: another trainer meets nothing there.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, TypeAlias

from sqlalchemy import Row, or_, select
from sqlalchemy.orm import Session, undefer

from question_bank.exchange.found import Status
from question_bank.item import Level, State, Wording
from question_bank.key import tidy
from question_bank.sameness import LEFT_OUT, Known, Relation
from question_bank.store import Reader
from question_bank.store.clauses import refs_of
from question_bank.store.faces import face_of
from question_bank.tables import Item, ItemVersion, QuestionImport, QuestionImportRow

ImportRow: TypeAlias = QuestionImportRow
Import: TypeAlias = QuestionImport
ASKED = 500
"""Values that one statement is asked with."""
VIEWS = ("all", "clause", "look", "there", "refused")
"""What a page of an import can be narrowed to."""


def own_import(session: Reader, import_id: int, account_id: int) -> QuestionImport | None:
    """The import, or None for anybody but its uploader."""
    return session.scalar(select(QuestionImport).where(QuestionImport.id == import_id, QuestionImport.created_by == account_id))


def for_change(session: Session, import_id: int) -> QuestionImport:
    """An import, its row held until the transaction ends."""
    return session.get_one(QuestionImport, import_id, with_for_update=True)


def alone(session: Session) -> None:
    """Wait until nobody else keeps questions of a file: two files may hold the same ones. The first import stands for all."""
    session.execute(select(QuestionImport.id).order_by(QuestionImport.id).limit(1).with_for_update())


def whole(session: Reader, import_id: int) -> QuestionImport:
    """An import with its content."""
    return session.scalars(select(QuestionImport).where(QuestionImport.id == import_id).options(undefer(QuestionImport.content))).one()


def recent(session: Reader, account_id: int) -> Sequence[QuestionImport]:
    """The last imports of an account."""
    query = select(QuestionImport).where(QuestionImport.created_by == account_id)
    return session.scalars(query.order_by(QuestionImport.id.desc()).limit(8)).all()


def kept_before(session: Reader, found: QuestionImport) -> Row[Any] | None:
    """The last import of the same file that was kept, whoever did it: ``id, finished, created_by``."""
    query = select(QuestionImport.id, QuestionImport.finished, QuestionImport.created_by)
    query = query.where(QuestionImport.digest == found.digest, QuestionImport.state == "kept", QuestionImport.id != found.id)
    return session.execute(query.order_by(QuestionImport.id.desc())).first()


def rows(session: Reader, import_id: int, ids: Collection[int] | None = None) -> Sequence[QuestionImportRow]:
    """The questions of an import in their order, or those of the given ids."""
    query = select(QuestionImportRow).where(QuestionImportRow.import_id == import_id)
    if ids is not None:
        query = query.where(QuestionImportRow.id.in_(ids))
    return session.scalars(query.order_by(QuestionImportRow.position)).all()


def outline(session: Reader, import_id: int) -> Sequence[Row[Any]]:
    """Every question of an import in a few words: ``id, status, relation, left_out, clauses, suggested``."""
    row = QuestionImportRow
    query = select(row.id, row.status, row.relation, row.left_out, row.clauses, row.suggested)
    return session.execute(query.where(row.import_id == import_id).order_by(row.position)).all()


def views_of(row: Row[Any] | QuestionImportRow) -> Iterator[str]:
    """The views in which a question stands; ``going``: it will be kept, ``bare``: and has no clause."""
    refused, left = row.status == Status.REFUSED, row.left_out
    yield "all"
    if refused:
        yield "refused"
        return
    if row.relation != Relation.NEW:
        yield "there"
    if row.status == Status.DEGRADED and row.relation not in LEFT_OUT:
        yield "look"
    if not left:
        yield "going"
        if not row.clauses:
            yield from ("clause", "bare")


def counts(found: Iterable[Row[Any]]) -> Counter[str]:
    """How many questions each view shows."""
    return Counter(view for row in found for view in views_of(row))


def known(session: Reader, codes: Collection[str], stems: Collection[str]) -> list[Known]:
    """The items that have one of the codes, or had one of the texts in any version."""
    ids: set[int] = set()
    for some in _some(codes):
        ids.update(session.scalars(select(Item.id).where(Item.code.in_(some))))
    for some in _some(stems):
        ids.update(session.scalars(select(ItemVersion.item_id).where(ItemVersion.stem.in_(some))))
    found: dict[int, list[Wording]] = defaultdict(list)
    for some_ids in _some(ids):
        versions = session.scalars(select(ItemVersion).where(ItemVersion.item_id.in_(some_ids)).order_by(ItemVersion.id)).all()
        refs = refs_of(session, [version.id for version in versions])
        for version in versions:
            found[version.item_id].append(wording_from(version, tuple(refs[version.id])))
    items = [row for some_ids in _some(ids) for row in session.execute(select(Item.id, Item.code, Item.state).where(Item.id.in_(some_ids)))]
    return [Known(row.id, row.code, State(row.state), tuple(found[row.id])) for row in items if found[row.id]]


def _some(values: Collection[Any]) -> Iterator[list[Any]]:
    listed = sorted(values)
    yield from (listed[start : start + ASKED] for start in range(0, len(listed), ASKED))


def wording_from(row: ItemVersion, refs: tuple[str, ...]) -> Wording:
    """What the version says, its references given."""
    face = face_of(row)
    key = tidy(face.kind, row.key, [option.code for option in face.options])
    return Wording(face.kind, face.stem, face.options, key, row.rationale, refs, row.difficulty, Level(row.level), face.right)


def items_by_id(session: Reader, ids: Collection[int | None]) -> dict[int, Row[Any]]:
    """``id, code, state`` of items, for links."""
    wanted = [key for key in ids if key is not None]
    query = select(Item.id, Item.code, Item.state).where(or_(*(Item.id.in_(some) for some in _some(wanted)))) if wanted else None
    return {row.id: row for row in session.execute(query)} if query is not None else {}
