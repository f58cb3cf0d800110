"""What the key of a question looks like, by kind, and what makes one wrong.

| kind | key |
|---|---|
| single, true_false | the code of the right option |
| multiple | the codes of the right options |
| order | all codes in the right order |
| match | ``{left code: right code}``, every left one; two may share a right one |
| fill | for each gap a list of accepted texts |
| situational | ``{code: share of the points}``, 0 to 1, at least one 1; who is not named gives 0 |
| short | what a good answer says, line by line; may be empty, and only markers read it |

Source: docs/formats.md, "Item kinds".
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from foundation.problem import Path, Problem
from question_bank.fill import gaps, normal
from question_bank.kind import Kind

Key: TypeAlias = tuple[str, ...] | tuple[tuple[str, ...], ...] | dict[str, str] | dict[str, float]
"""A key as the rules hold it."""
Given: TypeAlias = tuple[str | tuple[str, ...], ...] | dict[str, str | float] | str | None
"""A key as a document may give it; a model answer may be one text, or left out."""
MAX_ACCEPTED, MAX_TEXTS, MAX_GAPS, MAX_LINES, MAX_LINE = 200, 50, 10, 30, 1000
SHAPES = {
    Kind.MATCH: "the key of a match question is {left code: right code}",
    Kind.FILL: "the key of a fill question is a list of accepted texts for each gap: [[\"5\", \"五\"], [\"10\"]]",
    Kind.SITUATIONAL: "the key of a situational question is {option code: share from 0 to 1}",
    Kind.SHORT: "the key of a short question is a list of texts: what a good answer says",
}


def tidy(kind: Kind, given: Any, codes: Sequence[str] = ()) -> Any:
    """The key as it is kept, in the order of the options where its own order says nothing; an odd shape stays as it is.

    Takes what a document gives as well as what the database holds.
    """
    if kind is Kind.SHORT:
        lines = [given] if isinstance(given, str) else list(given or ())
        return tuple(line.strip() if isinstance(line, str) else line for line in lines if line != "")
    if kind is Kind.FILL and isinstance(given, list | tuple):
        return tuple(tuple(texts) if isinstance(texts, list | tuple) else texts for texts in given)
    if isinstance(given, Mapping):
        known = [code for code in codes if code in given]
        ordered = {code: given[code] for code in [*known, *(code for code in given if code not in known)]}
        return {code: float(value) if _is_share(value) else value for code, value in ordered.items()}
    if isinstance(given, list | tuple) and kind in (Kind.SINGLE, Kind.MULTIPLE, Kind.TRUE_FALSE) and codes:
        return (*(code for code in codes if code in given), *(code for code in given if code not in codes))
    return tuple(given) if isinstance(given, list) else given


def plain(key: Any) -> Any:
    """The key as JSON holds it."""
    if isinstance(key, Mapping):
        return dict(key)
    return [list(entry) if isinstance(entry, tuple) else entry for entry in key]


def best(kind: Kind, key: Any) -> tuple[str, ...]:
    """The codes of the options that earn everything, of kinds that are answered by choosing; () of the others."""
    if kind is Kind.SITUATIONAL:
        return tuple(code for code, share in key.items() if share == 1)
    return tuple(key) if kind in (Kind.SINGLE, Kind.MULTIPLE, Kind.TRUE_FALSE) else ()


def _is_share(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def problems(kind: Kind, key: Any, stem: str, codes: Sequence[str], right: Sequence[str], path: Path) -> Iterator[Problem]:
    """What is wrong with ``key``; ``codes`` and ``right`` are those of the options and of a match's right side."""
    if not _shaped(kind, key):
        yield Problem(path, SHAPES.get(kind, f"the key of a {kind} question is a list of option codes"))
    elif kind is Kind.MATCH:
        yield from _pairs(key, codes, right, path)
    elif kind is Kind.SITUATIONAL:
        yield from _shares(key, codes, path)
    elif kind is Kind.FILL:
        yield from _accepted(key, gaps(stem), path)
    elif kind is Kind.SHORT:
        yield from _lines(key, path)
    else:
        yield from _codes(kind, key, codes, path)


def _shaped(kind: Kind, key: Any) -> bool:
    if kind is Kind.MATCH:
        return isinstance(key, dict) and all(isinstance(value, str) for value in key.values())
    if kind is Kind.SITUATIONAL:
        return isinstance(key, dict) and all(_is_share(value) for value in key.values())
    if kind is Kind.FILL:
        return isinstance(key, tuple) and all(isinstance(texts, tuple) for texts in key)
    return isinstance(key, tuple) and all(isinstance(entry, str) for entry in key)


def _codes(kind: Kind, key: Sequence[str], codes: Sequence[str], path: Path) -> Iterator[Problem]:
    for index, code in enumerate(key):
        if code not in codes:
            yield Problem((*path, index), f"the key names {code!r}, which is no option")
    if len(set(key)) < len(key):
        yield Problem(path, "the key names an option twice")
    if kind is Kind.ORDER:
        if missing := [code for code in codes if code not in key]:
            yield Problem(path, f"the key of an order question names every option; missing: {', '.join(missing)}")
    elif kind is Kind.MULTIPLE:
        if not key:
            yield Problem(path, "at least one option must be right")
    elif len(key) != 1:
        yield Problem(path, f"exactly one option must be right, not {len(key)}")


def _pairs(key: Mapping[str, str], codes: Sequence[str], right: Sequence[str], path: Path) -> Iterator[Problem]:
    for left, other in key.items():
        if left not in codes:
            yield Problem((*path, left), f"the key names {left!r}, which is no option of the left side")
        elif right and other not in right:
            yield Problem((*path, left), f"the key names {other!r}, which is no option of the right side")
    if missing := [code for code in codes if code not in key]:
        yield Problem(path, f"every option of the left side needs its right one; missing: {', '.join(missing)}")


def _shares(key: Mapping[str, float], codes: Sequence[str], path: Path) -> Iterator[Problem]:
    for code, share in key.items():
        if code not in codes:
            yield Problem((*path, code), f"the key names {code!r}, which is no option")
        elif not 0 <= share <= 1:
            yield Problem((*path, code), f"a share goes from 0 to 1, not {share:g}")
    if 1 not in key.values():
        yield Problem(path, "at least one option must earn all points (share 1)")


def _accepted(key: Sequence[Sequence[str]], wanted: int, path: Path) -> Iterator[Problem]:
    if len(key) != wanted:
        yield Problem(path, f"the question has {wanted} gaps (__) and the key {len(key)} lists of accepted texts")
    if len(key) > MAX_GAPS:
        yield Problem(path, f"a question has at most {MAX_GAPS} gaps")
    for index, texts in enumerate(key):
        if not 1 <= len(texts) <= MAX_TEXTS:
            yield Problem((*path, index), f"a gap needs from 1 to {MAX_TEXTS} accepted texts")
        for at, text in enumerate(texts):
            if not isinstance(text, str) or not normal(text) or len(text) > MAX_ACCEPTED:
                yield Problem((*path, index, at), f"an accepted text says something, in at most {MAX_ACCEPTED} characters")


def _lines(key: Sequence[str], path: Path) -> Iterator[Problem]:
    if len(key) > MAX_LINES:
        yield Problem(path, f"a model answer has at most {MAX_LINES} lines")
    for index, line in enumerate(key):
        if not line or len(line) > MAX_LINE:
            yield Problem((*path, index), f"a line says something, in at most {MAX_LINE} characters")
