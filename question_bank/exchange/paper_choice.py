"""The key of a question that is answered by choosing: letters, a mark, an order, shares.

It may stand behind the question, in its bracket, in a list, in a colour or at the end
of the explanation. All places have to say the same.
"""

import re
from collections.abc import Sequence
from typing import Any

from question_bank.exchange import paper_answers, paper_options
from question_bank.exchange.found import Weight
from question_bank.exchange.paper_made import CORRECTS, EMPTY, GIVEN, Made, emptied, settled
from question_bank.exchange.paper_text import COLOURED, LINED, Said, joined, plain
from question_bank.item import Option
from question_bank.kind import Kind

_ANY_BRACKET = re.compile(r"\((?P<inner>[^()]{1,60})\)|\[(?P<boxed>[^\[\]]{1,60})\]")
SO = re.compile(r"(?:故|所以|因此|综上)[^。;\n]{0,12}?(?:选|答案[为是选])\s?[:]?\s?(?P<letters>[A-Z]{1,8})(?![A-Za-z])")
ON_LINE = re.compile(r"_+\s{0,20}([A-Z]{1,8})\s{0,20}_+")
TICKED = re.compile(r"\s*[(\[]?\s?(?:[√✓✔✅]|正确答案|正确选项)\s?[)\]]?\s*$")
_MARK_AT_END = re.compile(r"(?<=[\s.。!?;])\s{0,20}([√×✓✔✗✘✅❌])\s*$")
_TRUTH_IN_HEADING = re.compile(r"(?:正确|对)[^,。;]{0,10}?(?P<true>[A-Z])[^A-Z。]{0,16}?(?:错误|不正确|错)[^,。;]{0,10}?(?P<false>[A-Z])")


def options_of(made: Made) -> tuple[Option, ...]:
    if made.kind is Kind.ORDER and len(made.options) < 2:
        _steps_from_stem(made)
    pieces = sorted(made.options, key=lambda option: option[0]) if _shuffled(made) else made.options
    made.options = pieces
    return tuple(Option(code, made.text(said)) for code, said in pieces)


def _steps_from_stem(made: Made) -> None:
    """The steps of an order that stand behind ①②③ in the stem."""
    steps = [(said, paper_options.circled(said)) for said in made.draft.stem]
    found = [step for _said, row in steps for step in row]
    if len(found) > 1:
        made.options = found
        made.stem = joined([said for said, row in steps if not row], "\n")


def _shuffled(made: Made) -> bool:
    """Whether the options only stand in another order, as in the columns of a table."""
    codes = [code for code, _said in made.options]
    return sorted(codes) == [chr(ord("A") + place) for place in range(len(codes))]


def chosen(made: Made, options: Sequence[Option]) -> tuple[str, ...]:
    """The right options of a choice."""
    codes = [option.code for option in options]
    if len(codes) < 2:
        made.kind = made.kind or Kind.SINGLE
        told = made.draft.answers or made.choice or made.draft.section.heading.kind
        made.note(Weight.WRONG, "options_missing" if told else "answer_missing")
        return ()
    for answer in made.draft.answers:
        _take_letters(made, answer.said, codes, options)
    _from_bracket(made, codes)
    _from_line(made, codes)
    _from_tick(made)
    _from_colour(made)
    _from_rationale(made, codes)
    text = settled(made) or ""
    key = tuple(code for code in codes if code in text)
    if made.kind is Kind.SINGLE and len(key) > 1:
        made.note(Weight.WRONG, "single_with_many", "".join(key))
    if made.kind is Kind.MULTIPLE and len(key) == 1:
        made.note(Weight.HINT, "many_with_single", key[0])
    if made.kind is None:
        made.kind = Kind.MULTIPLE if len(key) > 1 else Kind.SINGLE
    return key


def _take_letters(made: Made, said: Said, codes: Sequence[str], options: Sequence[Option]) -> None:
    """An answer in letters; behind a single one the option's own words may stand, anything else explains it."""
    text = said.folded.strip()
    if not text:
        return
    read = paper_answers.letters(text)
    if read is None:
        same = [option.code for option in options if option.text.strip() == made.text(said)]
        if len(same) == 1:
            made.sources.append(("answer", same[0]))
        else:
            made.note(Weight.WRONG, "answer_unknown", said.text.strip()[:100])
        return
    given, rest = read
    if unknown := [letter for letter in given if letter not in codes]:
        made.note(Weight.WRONG, "answer_unknown", "".join(unknown))
        return
    if len(set(given)) < len(given):
        made.note(Weight.WRONG, "answer_unknown", "".join(given))
        return
    made.sources.append(("answer", "".join(sorted(given))))
    if rest:
        _say_more(made, said, rest, given, options)


def _say_more(made: Made, said: Said, rest: str, given: Sequence[str], options: Sequence[Option]) -> None:
    """What stands behind the letters: the option once more, or why."""
    tail = said.text.strip()[-len(rest) :] if said.folded.strip().endswith(rest) else rest
    bare = re.sub(r"[\s()。.,，]", "", tail)
    own = [re.sub(r"[\s()（）。.,，]", "", option.text) for option in options if option.code in given]
    if bare in own:
        return
    if any(re.sub(r"[\s()（）。.,，]", "", option.text) == bare for option in options):
        made.note(Weight.WRONG, "answers_differ", f"{''.join(given)}、{tail.strip()[:60]}")
    else:
        made.more.append(plain(tail.strip("()（） ")))


def _from_bracket(made: Made, codes: Sequence[str]) -> None:
    """An answer that was written into the bracket of the question."""
    hits = [hit for hit in GIVEN.finditer(made.stem.folded) if set(_signs(hit["given"])) <= set(codes) and _signs(hit["given"])]
    if not hits:
        return
    shown = [hit["given"].strip() for hit in hits]
    answers = {"".join(sorted(_signs(text))) for text in shown}
    said = {text for _source, text in made.sources}
    if EMPTY.search(made.stem.folded):
        if not made.sources:
            made.note(Weight.WRONG, "bracket_unclear", "、".join(shown))
        return  # the place for the answer is another one, so the letters are part of the sentence
    if len(hits) > 1 or (said and not answers <= said):
        made.note(Weight.WRONG, "answers_differ" if said else "bracket_unclear", "、".join([*said, *answers]))
        return
    hit = hits[0]
    tail = made.stem.folded[hit.end() :].strip()
    blanks = re.search(r"[(\[]\s|\s[)\]]", hit[0])
    if tail.strip("。.?!;:,") and not blanks:
        made.note(Weight.GUESSED, "bracket_guessed", shown[0])
    made.sources.append(("bracket", next(iter(answers))))
    made.stem = emptied(made.stem, hit)


def _signs(text: str) -> list[str]:
    return re.findall("[A-Z]", text.upper())


def _from_line(made: Made, codes: Sequence[str]) -> None:
    """An answer that was written on the line of the question: ``____B____``, or a letter that is underlined."""
    hits = [(hit.start(), hit.end(), hit[1]) for hit in ON_LINE.finditer(made.stem.folded)]
    for run in re.finditer("x+", made.stem.styled(LINED)):
        hits.append((run.start(), run.end(), made.stem.folded[run.start() : run.end()].strip()))
    hits = [hit for hit in hits if re.fullmatch("[A-Z]{1,8}", hit[2]) and set(hit[2]) <= set(codes)]
    if len(hits) == 1:
        start, end, letters = hits[0]
        made.sources.append(("line", "".join(sorted(letters))))
        made.stem = made.stem[:start] + plain("____") + made.stem[end:]


def _from_tick(made: Made) -> None:
    """Options that are ticked, or said to be the right answer in brackets, where nothing else says it."""
    ticked = {code: hit for code, said in made.options if (hit := TICKED.search(said.folded))}
    if ticked and len(ticked) < len(made.options) and not made.sources and not any(note.weight is Weight.WRONG for note in made.notes):
        made.sources.append(("tick", "".join(sorted(ticked))))
        made.note(Weight.GUESSED, "answer_by_colour", "".join(sorted(ticked)))
        made.options = [(code, said[: ticked[code].start()].strip() if code in ticked else said) for code, said in made.options]


def _from_colour(made: Made) -> None:
    """Where nothing else says it, the one set of options that is coloured, marked or underlined as a whole."""
    if made.sources or any(note.weight is Weight.WRONG for note in made.notes):
        return
    for style in (COLOURED, LINED):
        codes = [code for code, said in made.options if said.all_in(style)]
        if codes and len(codes) < len(made.options):
            made.sources.append(("colour", "".join(codes)))
            made.note(Weight.GUESSED, "answer_by_colour", "".join(codes))
            return


def _from_rationale(made: Made, codes: Sequence[str]) -> None:
    """``故选 B`` at the end of an explanation: an answer where there is none, a contradiction where it differs."""
    said = [hit["letters"] for text in made.draft.rationale for hit in SO.finditer(text.folded)]
    if not said or not set(said[-1]) <= set(codes):
        return
    if not made.sources and not any(note.weight is Weight.WRONG for note in made.notes):
        made.note(Weight.GUESSED, "answer_in_rationale", said[-1])
    made.sources.append(("rationale", "".join(sorted(said[-1]))))


def truth(made: Made) -> tuple[str, ...]:
    """Right or wrong: a mark, a word, a letter that the options or the instructions explain."""
    meant = {code: mark[0] for code, said in made.options if (mark := paper_answers.truth(said.folded))}
    if not meant and (told := _TRUTH_IN_HEADING.search(made.draft.section.tail)):
        meant = {told["true"]: "T", told["false"]: "F"}
    for answer in made.draft.answers:
        text = answer.said.folded.strip()
        if not text:
            continue
        letter = meant.get(text[0].upper()) if not text[1:2].isalnum() else None
        mark = (letter, text[1:].strip(" .。,;:")) if letter else paper_answers.truth(text)
        if mark is None:
            made.note(Weight.WRONG, "answer_unknown", answer.said.text.strip()[:100])
            continue
        made.sources.append(("answer", mark[0]))
        if mark[1]:
            made.more.append(plain(answer.said.text.strip()[-len(mark[1]) :]))
    hits = [hit for hit in GIVEN.finditer(made.stem.folded) if hit["given"] in meant or paper_answers.truth(hit["given"])]
    if hits and not EMPTY.search(made.stem.folded):
        hit = hits[-1]
        if len(hits) == 1 or not made.stem.folded[hit.end() :].strip(" .。"):
            mark = paper_answers.truth(hit["given"])
            made.sources.append(("bracket", meant.get(hit["given"]) or (mark[0] if mark else "")))
            _without_mark(made, hit)
    elif tail := _MARK_AT_END.search(made.stem.folded):
        mark = paper_answers.truth(tail[1])
        made.sources.append(("end", mark[0] if mark else ""))
        made.stem = made.stem[: tail.start()].strip()
    said = settled(made)
    return (said,) if said else ()


def _without_mark(made: Made, hit: re.Match[str]) -> None:
    """The sentence without the mark; what corrects it behind the mark explains the answer and is not shown with the question."""
    before, behind = made.stem[: hit.start()], made.stem[hit.end() :].strip()
    if before and CORRECTS.match(behind.folded):
        made.stem = before.strip()
        made.more.append(behind)
    elif before and behind.strip(".。 "):
        made.note(Weight.GUESSED, "bracket_guessed", hit["given"])
        made.stem = before + behind
    else:
        made.stem = joined([piece for piece in (before.strip(), behind) if piece], "") if not before else emptied(made.stem, hit)


def order(made: Made, options: Sequence[Option]) -> tuple[str, ...]:
    codes = sorted(option.code for option in options)
    for answer in made.draft.answers:
        if not answer.said:
            continue
        row = paper_answers.order(answer.said.folded)
        if sorted(row) == codes:
            made.sources.append(("answer", "".join(row)))
        else:
            made.note(Weight.WRONG, "answer_unknown", answer.said.text.strip()[:100])
    hits = [hit for hit in _ANY_BRACKET.finditer(made.stem.folded) if sorted(paper_answers.order(hit["inner"] or hit["boxed"])) == codes]
    if len(hits) == 1:
        made.sources.append(("bracket", "".join(paper_answers.order(hits[0]["inner"] or hits[0]["boxed"]))))
        made.stem = emptied(made.stem, hits[0])
    return tuple(settled(made) or "")


def situational(made: Made, options: Sequence[Option]) -> Any:
    """Shares by option; a paper that names only the best one says nothing of the others."""
    for answer in made.draft.answers:
        if known := paper_answers.shares(answer.said.folded.strip()):
            if unknown := [code for code in known if code not in {option.code for option in options}]:
                made.note(Weight.WRONG, "answer_unknown", "、".join(unknown))
            return {option.code: known[option.code] for option in options if option.code in known}
    key = chosen(made, options)
    return dict.fromkeys(key, 1.0)
