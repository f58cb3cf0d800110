"""Questions as they leave: what the version that people work with says, and its pictures."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from question_bank.exchange.found import Media
from question_bank.exchange.sent import Sent
from question_bank.item import State, Wording
from question_bank.rich_text import media_names
from question_bank.store import Reader, media
from question_bank.store.clauses import refs_of
from question_bank.store.imports import wording_from
from question_bank.store.items import list_statement
from question_bank.tables import Item, ItemVersion
from standards.store import clauses

SOME = 500
"""Versions that one statement is asked for."""


def chosen_versions(
    session: Reader, query: str, chosen: Mapping[str, str], most: int | None = None, without: State | None = None
) -> list[int]:
    """The versions that a list shows, by code; a trap never leaves the house: its key is wrong on purpose. ``without`` a state."""
    found = list_statement(query, chosen)[0].order_by(None).subquery()
    rows = select(found.c.version_id).join(Item, Item.id == found.c.id).where(Item.canary.is_(False)).order_by(found.c.code, found.c.id)
    if without:
        rows = rows.where(Item.state != without)
    return list(session.scalars(rows.limit(most) if most else rows))


def sent(session: Reader, version_ids: Sequence[int]) -> list[Sent]:
    """What leaves for each version, in the order of the ids."""
    titles = {clause.ref: clause.title.get("zh", "") for clause in clauses(session)}
    found: dict[int, tuple[str, Wording]] = {}
    for start in range(0, len(version_ids), SOME):
        some = version_ids[start : start + SOME]
        refs = refs_of(session, some)
        query = select(Item.code, ItemVersion).join(ItemVersion, ItemVersion.item_id == Item.id).where(ItemVersion.id.in_(some))
        found.update({row.id: (code, wording_from(row, tuple(refs[row.id]))) for code, row in session.execute(query)})
    shown = {key: _media_of(said) for key, (_code, said) in found.items()}
    files = media.files(session, {name for names in shown.values() for name in names})
    return [
        Sent(code, said, {ref: titles[ref] for ref in said.clauses if ref in titles}, tuple(
            Media(name, files[name]) for name in shown[key] if name in files
        ))
        for key in version_ids if key in found
        for code, said in [found[key]]
    ]


def _media_of(said: Wording) -> list[str]:
    return media_names("\n".join([said.stem, *(option.text for option in (*said.options, *said.right)), said.rationale]))
