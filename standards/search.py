"""Search in Chinese and English without a dictionary: bigrams of Chinese, words of the rest.

Chinese is written without blanks, so every pair of neighbouring characters is
a token: 上门预约 becomes 上门, 门预, 预约. Runs of Latin letters and digits are words,
in lower case. Full-width forms are folded (NFKC) first, so that ２Ｍ and 2M are
the same.

The tokens of a text are kept as one string: a blank between the tokens of a
run, two between runs; a Chinese run ends with its last character alone, so
that each of its characters begins a token. A run of the query is looked for as
a whole with LIKE, blanks included, so that 上门预约 finds these four characters in
a row and nothing else. That is exact and the same on SQLite and PostgreSQL,
and needs neither an extension nor an index: it reads every row, which at some
thousands of short clauses takes milliseconds. Questions, of which there may be
a hundred thousand, are found by the same tokens in an index (``sought``).
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_RUN = re.compile(f"[{_HAN}]+|[^\\W_{_HAN}]+")
_HAN_RUN = re.compile(f"[{_HAN}]+")
LONGEST = 60
"""Letters of a word that count; more of them would be too long for an index, and what runs on is nobody's word."""


def normal(text: str) -> str:
    """The text as it is compared: NFKC, lower case."""
    return unicodedata.normalize("NFKC", text).lower()


def _bigrams(run: str) -> list[str]:
    """A Chinese run as its pairs; a lone character, or a Latin word, stands for itself."""
    if not _HAN_RUN.fullmatch(run):
        return [run[:LONGEST]]
    if len(run) == 1:
        return [run]
    return [run[at : at + 2] for at in range(len(run) - 1)]


def _with_last(run: str) -> list[str]:
    """A run's tokens, and the last character of a Chinese one, with which no pair begins."""
    pairs = _bigrams(run)
    return [*pairs, run[-1]] if _HAN_RUN.fullmatch(run) and len(run) > 1 else pairs


def tokens(text: str) -> list[str]:
    """Bigrams of Chinese runs and lower-case words, in order."""
    return [token for run in _RUN.findall(normal(text)) for token in _bigrams(run)]


def words(texts: Iterable[str]) -> str:
    """What is stored beside a row: the tokens of its texts, run by run; empty when there is none."""
    runs = [" ".join(_with_last(run)) for text in texts for run in _RUN.findall(normal(text))]
    return f" {'  '.join(runs)} " if runs else ""


def patterns(query: str) -> list[str]:
    """LIKE patterns that must all match ``words``; none for a query without a word.

    A single Chinese character matches any pair that holds it; a Latin word also
    the beginning of a longer one, because it is often typed in part. A run is
    letters and digits only, so no pattern needs escaping.
    """
    return [_pattern(run) for run in dict.fromkeys(_RUN.findall(normal(query)))]


def _pattern(run: str) -> str:
    if not _HAN_RUN.fullmatch(run):
        return f"% {run[:LONGEST]}%"
    return f"%{run}%" if len(run) == 1 else f"% {' '.join(_bigrams(run))} %"


@dataclass(frozen=True)
class Sought:
    """A run of a query as an index is asked for it: the ``tokens`` stand one after the other; an ``open`` one may go on after its end."""

    tokens: tuple[str, ...]
    open: bool


def sought(query: str) -> list[Sought]:
    """What must all stand in a text, as ``patterns`` says it; nothing for a query without a word."""
    runs = dict.fromkeys(_RUN.findall(normal(query)))
    return [Sought(tuple(_bigrams(run)), len(run) == 1 or not _HAN_RUN.fullmatch(run)) for run in runs]


def pieces(text: str, query: str) -> Iterator[tuple[str, bool]]:
    """``text`` cut into pieces, each with whether it is a hit; joined they are the text again.

    A hit is where a run of the query stands. Letters are folded one by one, so
    that a place in the folded text is the same place in the text.
    """
    marked = [False] * len(text)
    plain = "".join(folded if len(folded := normal(letter)) == 1 else letter for letter in text)
    for run in _RUN.findall(normal(query)):
        start = plain.find(run)
        while start >= 0:
            marked[start : start + len(run)] = [True] * len(run)
            start = plain.find(run, start + 1)
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or marked[at] != marked[start]:
            yield text[start:at], marked[start]
            start = at


def best(texts: Mapping[str, str], preferred: str, query: str) -> str:
    """The language in which to show ``texts``: the preferred one, unless only another holds a hit."""
    for language in (preferred, *texts):
        if any(hit for _, hit in pieces(texts.get(language, ""), query)):
            return language
    return preferred if preferred in texts else "zh"
