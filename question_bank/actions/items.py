"""The verbs of an item: keep a loaded one; write, review, put to use and retire one."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from foundation.work import Work
from people.store.sign_in import account_named
from question_bank.actions import cards
from question_bank.item import ItemDoc, Option, State, Wording, digest, texts, wording
from question_bank.key import plain
from question_bank.review import VERDICTS, Refusal, Step, decide
from question_bank.rich_text import bare, media_names
from question_bank.store import items as store
from question_bank.store import media
from question_bank.tables import Item, ItemClause, ItemVersion, Review, VersionMedia
from standards.search import words

Kept = Literal["added", "changed", "same", "kept_here"]


class UnknownClause(Exception):
    """An item names a clause that is not loaded; ``reference`` says which."""

    def __init__(self, reference: str) -> None:
        super().__init__(f"there is no clause {reference}")
        self.reference = reference


def keep_item(w: Work, doc: ItemDoc, refs: Mapping[str, int]) -> Kept:
    """Add or update a loaded item, live at once; raises UnknownClause. ``refs``: clause ids by reference.

    An item that was changed on the site wins: it is left alone ("kept_here").
    """
    said = wording(doc)
    item = w.session.scalar(select(Item).where(Item.code == doc.code))
    if item is not None and item.edited_here:
        return "kept_here"
    if item is not None and _digest_of(w.session, item.version_id) == digest(said):
        return "same"
    author = account_named(w.session, doc.author) if doc.author else None
    added = item is None
    if item is None:
        item = Item(code=doc.code, state=State.LIVE, author_id=author.id if author else None, changed=w.now)
    w.session.add(item)
    w.session.flush()
    version = add_version(w, item, said, refs, author.id if author else None)
    item.version_id, item.changed = version.id, w.now
    cards.file(w, [item.id])
    w.record("item.added" if added else "item.changed", f"item:{doc.code}", version=version.number)
    return "added" if added else "changed"


def _digest_of(session: Session, version_id: int | None) -> bytes | None:
    return session.scalar(select(ItemVersion.digest).where(ItemVersion.id == version_id)) if version_id else None


def add_version(w: Work, item: Item, said: Wording, refs: Mapping[str, int], author_id: int | None) -> ItemVersion:
    """A new version of ``item`` with the next number; raises UnknownClause. It is not put to use."""
    for reference in said.clauses:
        if reference not in refs:
            raise UnknownClause(reference)
    last = w.session.scalar(select(func.max(ItemVersion.number)).where(ItemVersion.item_id == item.id)) or 0
    version = ItemVersion(**version_values(item.id, item.code, last + 1, said), author_id=author_id, created=w.now)
    w.session.add(version)
    w.session.flush()
    w.session.add_all(ItemClause(version_id=version.id, clause_id=refs[ref], position=at) for at, ref in enumerate(said.clauses))
    named = media_names("\n".join([*texts(said), said.rationale]))
    w.session.add_all(VersionMedia(version_id=version.id, media_id=media_id) for media_id in media.ids(w.session, named).values())
    w.session.flush()
    return version


def version_values(item_id: int, code: str, number: int, said: Wording) -> dict[str, Any]:
    """The columns of a version that say what it says."""
    return {
        "item_id": item_id, "number": number, "kind": said.kind.value, "stem": said.stem, "key": plain(said.key),
        "rationale": said.rationale, "options": _listed(said.options), "right": _listed(said.right),
        "difficulty": said.difficulty, "level": said.level.value, "digest": digest(said),
        "words": words([*(bare(text) for text in texts(said)), code]),
    }


def _listed(options: Sequence[Option]) -> list[dict[str, str]]:
    return [{"code": option.code, "text": option.text} for option in options]


def write_item(w: Work, said: Wording, refs: Mapping[str, int], account_id: int) -> int:
    """A new item as a draft; answers its id; raises UnknownClause.

    Its code is made of the main clause's article and the row's id, with an N
    between them, so that no code of a content pack is ever met.
    """
    item = Item(code=secrets.token_hex(16), state=State.DRAFT, author_id=account_id, edited_here=True, changed=w.now)
    w.session.add(item)
    w.session.flush()
    item.code = code_of(said, item.id)
    add_version(w, item, said, refs, account_id)
    cards.file(w, [item.id])
    w.record("item.written", f"item:{item.code}", version=1)
    return item.id


def code_of(said: Wording, item_id: int) -> str:
    """The code of a question that brings none: standard and article of its main clause and the row's id, ``GCS-25-N7``."""
    edition, _, number = (said.clauses[0] if said.clauses else "").partition("#")
    return f"{edition.partition('@')[0]}-{number.partition('.')[0]}-N{item_id}" if edition else f"Q-N{item_id}"


def revise_item(w: Work, item_id: int, version_id: int, said: Wording, refs: Mapping[str, int], account_id: int) -> State | Refusal:
    """Save a new wording as the newest version, a draft; a version in use stays in use. Raises UnknownClause.

    ``version_id`` is the version that was edited. A wording that says the same as
    it is no new version; raises LookupError when there is no such item.
    """
    item, outcome = _decide(w, item_id, Step.EDIT, version_id, account_id)
    if isinstance(outcome, Refusal):
        return outcome
    if _digest_of(w.session, version_id) == digest(said):
        return State(item.state)
    version = add_version(w, item, said, refs, account_id)
    item.state, item.changed, item.edited_here = outcome, w.now, True
    cards.file(w, [item.id])
    w.record("item.edit", f"item:{item.code}", version=version.number)
    return outcome


def take_step(w: Work, item_id: int, step: Step, version_id: int, account_id: int, comment: str = "") -> State | Refusal:
    """Submit, review, put to use, retire…; ``version_id`` is what the person saw. Raises LookupError when there is no such item."""
    item, outcome = _decide(w, item_id, step, version_id, account_id, comment)
    if isinstance(outcome, Refusal):
        return outcome
    if step is Step.MAKE_LIVE:
        item.version_id = version_id
    item.state, item.changed, item.edited_here = outcome, w.now, True
    cards.file(w, [item.id])
    w.session.add(Review(version_id=version_id, account_id=account_id, verdict=VERDICTS[step], comment=comment.strip(), at=w.now))
    w.record(f"item.{step}", f"item:{item.code}", version_id=version_id)
    return outcome


def _decide(w: Work, item_id: int, step: Step, version_id: int, account_id: int, comment: str = "") -> tuple[Item, State | Refusal]:
    """The item, held for a change, and what the rule says; a refusal is recorded."""
    item = store.locked(w.session, item_id)
    if item is None:
        raise LookupError(item_id)
    outcome = decide(store.standing(w.session, item, store.versions(w.session, item_id)), step, account_id, version_id, comment)
    if isinstance(outcome, Refusal):
        w.record(f"item.{step}", f"item:{item.code}", "refused", reason=outcome)
    return item, outcome


def adopt(w: Work, account_id: int) -> int:
    """Name an author for everything that was loaded before its author had an account; answers how many versions."""
    w.session.execute(update(Item).where(Item.author_id.is_(None)).values(author_id=account_id))
    versions = w.session.execute(update(ItemVersion).where(ItemVersion.author_id.is_(None)).values(author_id=account_id)).rowcount
    cards.file_all(w)
    w.record("item.adopted", f"account:{account_id}", versions=versions)
    return versions
