"""The kind of a question of a paper: what its heading or a bracket calls it, else what its options, gaps and answers are."""

import re

from question_bank.exchange import paper_answers
from question_bank.exchange.found import Weight
from question_bank.exchange.paper_lines import TAG, WORD_TAG, Label, kind_of
from question_bank.exchange.paper_made import CORRECTS, EMPTY, GIVEN, Made
from question_bank.exchange.paper_text import joined
from question_bank.fill import BLANK
from question_bank.kind import Kind


def take_tags(made: Made) -> None:
    """Kind and points that stand in brackets before or behind the question: ``（单选，2分）``."""
    draft = made.draft
    made.points = draft.section.heading.points
    made.kind, made.choice = draft.section.heading.kind, draft.section.heading.choice
    if Label.KIND in draft.fields:
        made.kind, made.choice = kind_of(joined(draft.fields[Label.KIND], "").folded)
    while (hit := TAG.match(made.stem.folded)) and (hit["kind"] or hit["points"]):
        _take_tag(made, hit)
        made.stem = made.stem[hit.end() :]
    if (word := WORD_TAG.match(made.stem.folded)) and len(made.stem.text) > word.end():
        made.kind, made.choice = kind_of(word["kind"])
        made.stem = made.stem[word.end() :]
    take_tags_behind(made)


def take_tags_behind(made: Made) -> None:
    """The same, behind the question alone."""
    while hit := _tag_at_end(made.stem.folded):
        _take_tag(made, hit)
        made.stem = made.stem[: hit.start()].strip()


def _tag_at_end(text: str) -> re.Match[str] | None:
    end = len(text.rstrip())
    return next((tag for tag in TAG.finditer(text) if tag.end() >= end and (tag["kind"] or tag["points"])), None)


def _take_tag(made: Made, hit: re.Match[str]) -> None:
    if hit["kind"]:
        made.kind, made.choice = kind_of(hit["kind"])
    if hit["points"]:
        made.points = float(hit["points"])


def settle_kind(made: Made) -> None:
    """The kind, from what the paper calls it and from what stands there."""
    codes = [code for code, _said in made.options]
    if made.kind in (Kind.SHORT, Kind.FILL) and len(codes) > 1:
        made.kind, made.choice = None, True
    if made.kind in (None, Kind.TRUE_FALSE) and _is_true_false(made):
        made.kind = Kind.TRUE_FALSE
    if made.kind is None and not made.options:
        answers = [answer.said.folded for answer in made.draft.answers]
        if (answers and all(paper_answers.truth(text) for text in answers)) or _bracketed_truth(made):
            made.kind = Kind.TRUE_FALSE
        elif _has_gaps(made) and answers:
            made.kind = Kind.FILL
        elif answers and not made.choice and not all(_letters_only(text) for text in answers):
            made.kind = Kind.SHORT
            made.note(Weight.GUESSED, "kind_guessed", Kind.SHORT)
    elif made.kind is None and re.search("排序|排列|正确顺序|先后顺序", made.stem.folded):
        rows = [paper_answers.order(answer.said.folded) for answer in made.draft.answers]
        if rows and all(sorted(row) == sorted(codes) and list(row) != codes for row in rows):
            made.kind = Kind.ORDER
            made.note(Weight.GUESSED, "kind_guessed", Kind.ORDER)


def _letters_only(text: str) -> bool:
    said = paper_answers.letters(text)
    return said is not None and not said[1]


def _is_true_false(made: Made) -> bool:
    """Whether the options are nothing but right and wrong."""
    marks = [paper_answers.truth(said.folded) for _code, said in made.options]
    return len(marks) == 2 and all(mark is not None and not mark[1] for mark in marks) and {mark[0] for mark in marks if mark} == {"T", "F"}


def _bracketed_truth(made: Made) -> bool:
    hits = list(GIVEN.finditer(made.stem.folded))
    text = made.stem.folded
    ends = [hit for hit in hits if not text[: hit.start()].strip() or _ends(text[hit.end() :])]
    return len(hits) == 1 == len(ends) and paper_answers.truth(hits[0]["given"]) is not None


def _has_gaps(made: Made) -> bool:
    return bool(BLANK.search(made.stem.text) or EMPTY.search(made.stem.folded) or "_" in made.stem.folded)


def _ends(behind: str) -> bool:
    return not behind.strip(" .。;") or CORRECTS.match(behind) is not None
