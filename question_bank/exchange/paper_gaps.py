"""The key of a question that is answered in words: texts by gap, or a model answer; and the gaps themselves, however they are drawn."""

import re
from collections.abc import Sequence
from typing import Any

from question_bank.exchange import paper_answers
from question_bank.exchange.found import Weight
from question_bank.exchange.paper_made import EMPTY, Made
from question_bank.exchange.paper_text import LINED, Said, plain
from question_bank.fill import BLANK
from question_bank.key import MAX_LINE, MAX_LINES
from question_bank.kind import Kind

_ANY_BRACKET = re.compile(r"\((?P<inner>[^()]{1,60})\)|\[(?P<boxed>[^\[\]]{1,60})\]")
_UNDERSCORES = re.compile(r"_+(?:\s*[(\[]?\s*(?:\d{1,2}|[①-⑳])\s*[)\]]?\s*_+)?")


def fill(made: Made) -> Any:
    """Texts by gap; gaps may be lines, underlined blanks or empty brackets, and an underlined word may be the answer itself."""
    answers = [answer.said for answer in made.draft.answers if answer.said]
    _open_gaps(made)
    if not answers and not BLANK.search(made.stem.folded):
        answers = _written_in(made)
    count = max(1, len(BLANK.findall(made.stem.text)))
    if not answers:
        made.note(Weight.WRONG, "answer_missing")
        return ()
    keys = [_gap_texts(made, said, count) for said in answers]
    if any(key != keys[0] for key in keys):
        made.note(Weight.WRONG, "answers_differ", "、".join(said.text.strip()[:60] for said in answers))
    return keys[0]


def _gap_texts(made: Made, said: Said, count: int) -> tuple[tuple[str, ...], ...]:
    texts, guesses = paper_answers.gaps(said.text, count)
    if not texts:
        made.note(Weight.WRONG, "gaps_differ", str(count), said.text.strip()[:100])
    for code, words in guesses:
        made.note(Weight.GUESSED, code, words)
    return tuple(texts)


def _open_gaps(made: Made) -> None:
    """Every way of leaving a gap as a line of underscores."""
    stem = made.stem
    odd = [hit for hit in _UNDERSCORES.finditer(stem.folded) if not re.fullmatch("_{2,}", hit[0])]
    stem = _with_lines(stem, [(hit.start(), hit.end()) for hit in odd])
    if not BLANK.search(stem.folded):
        stem = _with_lines(stem, [(hit.start(), hit.end()) for hit in EMPTY.finditer(stem.folded)])
    made.stem = stem


def _with_lines(stem: Said, places: Sequence[tuple[int, int]]) -> Said:
    for start, end in reversed(places):
        stem = stem[:start] + plain("____") + stem[end:]
    return stem


def _written_in(made: Made) -> list[Said]:
    """Answers that stand in their gaps: underlined words, or, where there are none, words in brackets."""
    stem = made.stem
    runs = [(run.start(), run.end()) for run in re.finditer("x+", stem.styled(LINED)) if stem.text[run.start() : run.end()].strip()]
    inner = runs or [(hit.start() + 1, hit.end() - 1) for hit in _ANY_BRACKET.finditer(stem.folded)]
    if not inner:
        return []
    said = [stem[start:end].strip() for start, end in inner]
    places = runs or [(start - 1, end + 1) for start, end in inner]
    made.stem = _with_lines(stem, places)
    made.note(Weight.GUESSED, "answer_underlined" if runs else "bracket_guessed", "；".join(one.text for one in said)[:100])
    return [plain("\n".join(paper_answers.said_safe(one.text.replace("\n", " ")) for one in said))]


def short(made: Made) -> tuple[str, ...]:
    """The lines of a model answer; without one markers rule alone, which is said."""
    made.kind = Kind.SHORT
    lines = [line for answer in made.draft.answers for line in made.text(answer.said).split("\n") if line.strip()]
    if not lines:
        made.note(Weight.HINT, "model_answer_missing")
    if len(lines) > MAX_LINES:
        lines = [*lines[: MAX_LINES - 1], " ".join(lines[MAX_LINES - 1 :])]
    for line in lines:
        if len(line) > MAX_LINE:
            made.note(Weight.LOST, "line_cut", line[:60])
    return tuple(line.strip() for line in lines if len(line) <= MAX_LINE)
