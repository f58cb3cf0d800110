"""Options whose letters have nothing but a blank behind them: ``A 甲 B 乙 C 丙``, in rows of their own or behind the question.

A letter between blanks may as well be a word or a name, so the letters have to run
from A on without another one between them, nothing but the options stands behind
the question, and its answer names some of them. It stays a guess, and is told.
"""

import re
from itertools import pairwise

from question_bank.exchange import paper_answers
from question_bank.exchange.found import Weight
from question_bank.exchange.paper_choice import ON_LINE, SO, TICKED
from question_bank.exchange.paper_made import GIVEN, Made
from question_bank.exchange.paper_options import says
from question_bank.exchange.paper_text import COLOURED, LINED, Said
from question_bank.kind import Kind

Pieces = list[tuple[str, Said]]
_LONE = re.compile(r"(?:(?<=[)\]?:。.!_])(?=A)|(?<!\S))([A-Z])(?=\s)")
_CLOSED = re.compile(r"(?:[)\]?:。.!_]\s*|\s{2,}|\t)$")
_OPEN = re.compile(r"[,、和与或及]\s*$|(?<![A-Za-z])(?:and|or|but|the|an?|of|to|in|is|are|with|than|for|from|by)\s*$", re.IGNORECASE)
"""The end of a line with which no question ends."""
_JOINS = re.compile(r"[,、:]$|(?<![A-Za-z])(?:and|or|but|the|an?|of|to|in|is|are|was|with|than|for|from|by)$", re.IGNORECASE)
_PROSE = re.compile(r"[a-z]{2}|.*[A-Za-z]{2,}\s+[A-Za-z]{2,}", re.DOTALL)
_HAN = re.compile("[\u3400-\u9fff]")
_NAMED = re.compile("公司|企业|单位|员工|客户|同学|先生|[栋类班组级型区楼座市县村厂店队]")
"""What a letter stands before as a name: ``A 公司``, ``B 栋``."""
_ASKED = (None, Kind.SINGLE, Kind.MULTIPLE, Kind.SITUATIONAL, Kind.ORDER)


def take_rows(made: Made) -> bool:
    """Move such options out of the stem; False, and nothing is changed, where it has none that the answer fits."""
    if made.options or made.kind not in (*_ASKED, Kind.TRUE_FALSE):
        return False
    stem, pieces = _apart(made.stem)
    truths = _are_truths(pieces)
    if not pieces or (made.kind is Kind.TRUE_FALSE and not truths) or not _fits(made, stem, pieces, truths):
        return False
    made.stem, made.options, made.draft.options = stem, pieces, pieces
    made.note(Weight.GUESSED, "options_guessed", "、".join(code for code, _said in pieces))
    return True


def _apart(stem: Said) -> tuple[Said, Pieces]:
    """The question and its options; [] where the letters do not run from A to the end, or read as part of a sentence."""
    lone = list(_LONE.finditer(stem.folded))
    first = next((place for place in reversed(range(len(lone))) if lone[place][1] == "A"), len(lone))
    row = lone[first:]
    if len(row) < 2 or [hit[1] for hit in row] != [chr(ord("A") + place) for place in range(min(len(row), 26))]:
        return stem, []
    ends = [*(hit.start() for hit in row[1:]), len(stem.text)]
    pieces = [(hit[1], stem[hit.end() : end].strip()) for hit, end in zip(row, ends, strict=True)]
    wide = all(re.search(r"\s{2}$|[\t\n]$", stem.folded[:end]) for end in ends[:-1])
    head = stem[: row[0].start()]
    return (head.strip(), pieces) if _is_question(head) and _are_options([said for _code, said in pieces], wide) else (stem, [])


def _is_question(head: Said) -> bool:
    """Whether what stands before the letters is a question that is over: on its line, or by a sign."""
    lines = head.folded.rstrip(" \t").rsplit("\n", 1)
    if not head or _OPEN.search(head.folded.strip()):
        return False
    return (len(lines) == 2 and not lines[1]) or bool(_CLOSED.search(head.folded))


def _are_options(texts: list[Said], wide: bool) -> bool:
    """Whether the texts can be options rather than pieces of a sentence; between ``wide`` blanks English words can be, too."""
    folded = [said.folded for said in texts]
    if not all(says(said) and "\n" not in said.text for said in texts) or len(set(folded)) < len(folded):
        return False
    if any(_JOINS.search(text) for text in folded) or (folded[-1].endswith("?") and not folded[0].endswith("?")):
        return False
    if any(text[-1] in "和与或及" and following.startswith(text[:-1]) for text, following in pairwise(folded)):
        return False
    named = {hit[0] if (hit := _NAMED.match(text)) else "" for text in folded}
    prose = any(_PROSE.match(text) and not _HAN.search(text) for text in folded)
    return wide or not (prose or (len(named) == 1 and "" not in named))


def _are_truths(pieces: Pieces) -> bool:
    marks = [paper_answers.truth(said.folded) for _code, said in pieces]
    return len(marks) == 2 and all(mark and not mark[1] for mark in marks) and len({mark[0] for mark in marks if mark}) == 2


def _fits(made: Made, stem: Said, pieces: Pieces, truths: bool) -> bool:
    """Whether the answer, or where there is none a bracket, a mark or the explanation, names some of the letters."""
    codes = {code for code, _said in pieces}
    answers = [answer.said.folded.strip() for answer in made.draft.answers if answer.said]
    if answers:
        return all((truths and paper_answers.truth(text)) or _names(text, codes, pieces) for text in answers)
    brackets = [hit["given"] for hit in GIVEN.finditer(stem.folded)]
    if any(set(re.findall("[A-Z]", text)) <= codes and re.search("[A-Z]", text) for text in brackets):
        return True
    said = [*ON_LINE.findall(stem.folded), *(hit["letters"] for text in made.draft.rationale for hit in SO.finditer(text.folded))]
    if said:
        return set("".join(said)) <= codes
    marked = [sum(said.all_in(style) for _code, said in pieces) for style in (COLOURED, LINED)]
    marked.append(sum(TICKED.search(said.folded) is not None for _code, said in pieces))
    return any(0 < count < len(pieces) for count in marked)


def _names(text: str, codes: set[str], pieces: Pieces) -> bool:
    """Whether an answer is letters of the options; English words behind them have to be the option's own."""
    if row := paper_answers.order(text) or tuple(paper_answers.shares(text)):
        return set(row) <= codes
    read = paper_answers.letters(text)
    if read is None or not set(read[0]) <= codes:
        return False
    own = [said.folded for code, said in pieces if code in read[0]]
    return not re.match("[A-Za-z]", read[1]) or read[1] in own
