"""Option codes of an author's own, in a column beside the table: letters and numbers of the columns are only places."""

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from question_bank.exchange.found import Found
from question_bank.item import Option
from question_bank.kind import Kind


def recoded(found: Found, said: str) -> Found:
    """The question with option codes of its author's own, where they fit: a JSON list of two lists."""
    if not said.startswith("[") or len(said) > 10_000:
        return found
    try:
        given = json.loads(said)
    except (ValueError, RecursionError):
        return found
    left, right = given if isinstance(given, list) and len(given) == 2 else ((), ())
    names, options = _named(found.options, left)
    beside, others = _named(found.right, right)
    key = found.key
    if isinstance(key, dict):
        values = beside if found.kind is Kind.MATCH else {}
        key = {names.get(code, code): values.get(value, value) for code, value in key.items()}
    elif found.kind in (Kind.SINGLE, Kind.MULTIPLE, Kind.ORDER):
        key = tuple(names.get(code, code) for code in key)
    return replace(found, options=options, right=others, key=key)


def _named(options: tuple[Option, ...], codes: Iterable[Any]) -> tuple[dict[str, str], tuple[Option, ...]]:
    given = list(codes) if isinstance(codes, list) else []
    if len(given) != len(options) or not all(isinstance(code, str) for code in given) or len(set(given)) < len(given):
        return {}, options
    named = tuple(Option(code, option.text) for code, option in zip(given, options, strict=True))
    return {old.code: code for old, code in zip(options, given, strict=True)}, named
