"""Faces and keys of versions. A version never changes once it is written, so both are kept in the process by its id."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Row, select

from question_bank.item import ItemFace, ItemKey, Kind, Option, after_gaps
from question_bank.key import tidy
from question_bank.store import Reader
from question_bank.store.clauses import clause_ids_of
from question_bank.tables import ItemVersion

Kept = TypeVar("Kept")
CACHE_LIMIT = 20_000
_caches: WeakKeyDictionary[Any, tuple[dict[int, ItemFace], dict[int, ItemKey]]] = WeakKeyDictionary()


def _cached(session: Reader) -> tuple[dict[int, ItemFace], dict[int, ItemKey]]:
    """The faces and keys kept for the session's database: another database counts its ids anew."""
    return _caches.setdefault(session.get_bind().engine, ({}, {}))


def _through(cache: dict[int, Kept], ids: Iterable[int], load: Callable[[list[int]], dict[int, Kept]]) -> dict[int, Kept]:
    """Values by id from ``cache``, the missing ones loaded; the cache starts anew when it is full."""
    wanted = list(dict.fromkeys(ids))
    found = {key: cache[key] for key in wanted if key in cache}
    missing = [key for key in wanted if key not in found]
    if missing:
        loaded = load(missing)
        if len(cache) + len(loaded) > CACHE_LIMIT:
            cache.clear()
        cache.update(loaded)
        found.update(loaded)
    return {key: found[key] for key in wanted if key in found}


def faces(session: Reader, version_ids: Iterable[int]) -> dict[int, ItemFace]:
    """What a candidate may see of each version; unknown ids are left out.

    Not for the unit of work that writes the versions: they would be kept even if it were rolled back.
    """

    def load(ids: list[int]) -> dict[int, ItemFace]:
        columns = (ItemVersion.id, ItemVersion.kind, ItemVersion.stem, ItemVersion.options, ItemVersion.right)
        return {row.id: face_of(row) for row in session.execute(select(*columns).where(ItemVersion.id.in_(ids)))}

    return _through(_cached(session)[0], version_ids, load)


def keys(session: Reader, version_ids: Iterable[int]) -> dict[int, ItemKey]:
    """What only grading, the editor and practice feedback see of each version; kept like faces."""

    def load(ids: list[int]) -> dict[int, ItemKey]:
        on = clause_ids_of(session, ids)
        columns = (ItemVersion.id, ItemVersion.kind, ItemVersion.key, ItemVersion.rationale, ItemVersion.stem)
        return {
            row.id: ItemKey(row.id, Kind(row.kind), key_of(row), row.rationale, tuple(on[row.id]), after_gaps(row.kind, row.stem))
            for row in session.execute(select(*columns).where(ItemVersion.id.in_(ids)))
        }

    return _through(_cached(session)[1], version_ids, load)


def _options(plain: Sequence[dict[str, str]]) -> tuple[Option, ...]:
    return tuple(Option(option["code"], option["text"]) for option in plain)


def face_of(row: ItemVersion | Row[Any]) -> ItemFace:
    """What a candidate would see of the version."""
    return ItemFace(row.id, Kind(row.kind), row.stem, _options(row.options), _options(row.right))


def key_of(row: ItemVersion | Row[Any]) -> Any:
    """The version's key as the rules hold it."""
    return tidy(Kind(row.kind), row.key)


def difficulties(session: Reader, version_ids: Iterable[int]) -> dict[int, int]:
    """The author's difficulty (1–5) by version."""
    return dict(session.execute(select(ItemVersion.id, ItemVersion.difficulty).where(ItemVersion.id.in_(list(version_ids)))).all())
