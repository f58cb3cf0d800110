"""What the items of a package that we wrote say exactly, beside what QTI can say.

QTI has no gaps of a certain length, no blanks that count and no Markdown. So a
package of ours says every question a second time in the shape of
docs/formats.md, with the SHA-256 of the item's file: as long as nobody changed
that file, the question comes back word by word; once it was changed elsewhere
the file counts and this is silent.
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from question_bank import key as answer_key
from question_bank.exchange.found import Found, checked
from question_bank.exchange.sent import Sent
from question_bank.item import ItemDoc, wording


def said(item: Sent) -> dict[str, Any]:
    """A question in the shape of docs/formats.md."""
    worded = item.wording
    return {
        "code": item.code, "kind": worded.kind, "stem": worded.stem, "options": _options(worded.options), "right": _options(worded.right),
        "key": answer_key.plain(worded.key), "rationale": worded.rationale, "clauses": list(worded.clauses),
        "difficulty": worded.difficulty, "level": worded.level,
    }


def _options(options: Sequence[Any]) -> list[dict[str, str]]:
    return [{"code": option.code, "text": option.text} for option in options]


def exact(entry: Any, digest: str, ref: str) -> Found | None:
    """The question of an entry ``{"sha256": …, "item": …}``; None where the item's file is another one by now."""
    if not isinstance(entry, dict) or entry.get("sha256") != digest:
        return None
    try:
        doc = msgspec.convert(entry.get("item"), ItemDoc)
    except msgspec.ValidationError:
        return None
    worded = wording(doc)
    return checked(Found(
        ref, worded.kind, worded.stem, worded.options, worded.key, worded.right, worded.rationale, doc.code, worded.clauses,
        worded.difficulty, worded.level,
    ))
