"""The bank as the inspection reads it."""


from sqlalchemy import select

from question_bank.inspection import Asked, Demand
from question_bank.item import Kind
from question_bank.store import Reader
from question_bank.store.clauses import refs_of
from question_bank.store.faces import key_of
from question_bank.store.pool import DRAWN
from question_bank.tables import Item, ItemVersion
from standards.store import clauses


def asked(session: Reader) -> list[Asked]:
    """Every item in use as the inspection reads it, by code."""
    statement = select(Item.code, ItemVersion).join(ItemVersion, ItemVersion.id == Item.version_id).where(DRAWN).order_by(Item.code)
    rows = session.execute(statement).all()
    refs = refs_of(session, [row.id for _code, row in rows])
    return [
        Asked(
            code, Kind(row.kind), row.stem, tuple((option["code"], option["text"]) for option in (*row.options, *row.right)), key_of(row),
            row.rationale, tuple(refs[row.id]),
        )
        for code, row in rows
    ]


def demands(session: Reader) -> list[Demand]:
    """Every clause that can be asked about, in the order of the documents."""
    return [Demand(clause.ref, clause.key_clause) for clause in clauses(session) if clause.examinable]
