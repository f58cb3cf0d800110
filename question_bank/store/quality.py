"""The bank as the inspection reads it."""

from collections import defaultdict

from sqlalchemy import ColumnElement, select

from question_bank.inspection import Asked, Demand
from question_bank.item import Kind
from question_bank.rich_text import bare
from question_bank.store import Reader
from question_bank.store.faces import key_of
from question_bank.store.pool import DRAWN
from question_bank.tables import Item, ItemClause, ItemVersion
from standards.store import clauses, reference_column
from standards.tables import Clause, Edition, Standard


def asked(session: Reader, standard: str = "") -> list[Asked]:
    """Every item in use as the inspection reads it, by code; of one standard (``STD`` or ``STD@EDITION``) those that ask about it."""
    refs = _refs(session)
    statement = select(Item.code, ItemVersion).join(ItemVersion, ItemVersion.id == Item.version_id).where(DRAWN).order_by(Item.code)
    return [
        Asked(
            code, Kind(row.kind), bare(row.stem), tuple((option["code"], bare(option["text"])) for option in (*row.options, *row.right)),
            key_of(row), bare(row.rationale), tuple(refs[row.id]),
        )
        for code, row in session.execute(statement)
        if not standard or any(_of(standard, ref) for ref in refs[row.id])
    ]


def _of(standard: str, reference: str) -> bool:
    """Whether a reference lies in a standard, or in the one edition that is named."""
    edition = reference.partition("#")[0]
    return standard in (edition, edition.partition("@")[0])


def _refs(session: Reader) -> dict[int, list[str]]:
    """The references of every version in use, the main one first; of all at once, because a bank may hold more than a query can name."""
    statement = (
        select(ItemClause.version_id, reference_column())
        .join(Item, Item.version_id == ItemClause.version_id)
        .join(Clause, Clause.id == ItemClause.clause_id)
        .join(Edition, Edition.id == Clause.edition_id)
        .join(Standard, Standard.id == Edition.standard_id)
        .where(DRAWN)
        .order_by(ItemClause.version_id, ItemClause.position)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for version_id, ref in session.execute(statement):
        found[version_id].append(ref)
    return found


def demands(session: Reader, standard: str = "") -> list[Demand]:
    """Every clause that can be asked about, in the order of the documents; of one standard or edition when it is named."""
    code, _, edition = standard.partition("@")
    conditions: list[ColumnElement[bool]] = [Clause.examinable]
    conditions += [Standard.code == code] if code else []
    conditions += [Edition.edition == edition] if edition else []
    return [Demand(clause.ref, clause.key_clause) for clause in clauses(session, *conditions)]
