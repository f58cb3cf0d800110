"""What a good question avoids, told while it is being written; each hint is advice, none forbids to save.

The rules are those of item-writing guides (Haladyna, Downing and Rodriguez 2002;
Moreno, Martínez and Muñiz 2006): nothing in the form of a question may show its
key, nothing in its words may make it harder than the duty that it asks about.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from question_bank.item import BLANK, Kind, Wording
from question_bank.key import best
from question_bank.rich_text import bare

LONGER = 1.3
"""How much longer than every other option the key may be."""
FEWEST_MORE = 3
"""Characters by which it must be longer, too."""
LONG_STEM = 160
SHARED_START = 6
ECHO = 4
MANY_GAPS = 3
ARTICLE = re.compile(
    r"第\s*[0-9０-９一二三四五六七八九十百零〇]+(?:[.．][0-9]+)*\s*[条款章节项]|[0-9]+(?:\.[0-9]+)+|附录|前言|(?i:article|clause|section|item)\s*[0-9]"
)
ALL_OF_THEM = re.compile(
    r"(?:以上|上述|前述)(?:各|几|所有)?(?:项|选项|答案|说法|做法)?(?:全部|全|都|均|皆)(?:不)?(?:是|对|正确|错|可以|符合)|(?:以上|上述)(?:全对|皆是|皆非)"
    r"|^[A-F](?:[和、及与]?[A-F])+(?:都|均|全)?(?:正确|对|是)?$|(?i:all|none) of the above"
)
NEGATIVE = re.compile(
    r"不正确|不属于|不包括|不应|不得|不能|不可以|不需要|不必|不是|不符合|不恰当|不合适|不合乎|错误的|有误|没有|除了?[^，。]{0,12}[外以之]|(?i:\bnot\b|\bexcept\b)"
)
DOUBLE = re.compile(r"(?:不|没有|未|无)[^，。]{0,6}(?:不|没有|未)(?!同|仅|但|只)|并非不|不得不|无不|不无")
STRESSED = re.compile(r"\*\*[^*]*(?:不|错|除|没|未|非|有误|not|NOT|except|EXCEPT)[^*]*\*\*")
ABSOLUTE = re.compile(r"一律|绝对|从不|从来|总是|任何情况|必定|永远|完全|毫无|(?i:\balways\b|\bnever\b)")
VAGUE = re.compile(r"经常|有时|偶尔|一般来说|通常|(?i:\busually\b|\boften\b|\bsometimes\b)")
TWO_STATEMENTS = re.compile(r"，(?:并且|而且|同时)|[；;]")
UNSAID = re.compile(r"!\[\s*(?:图片说明|录音说明|Description of the (?:picture|sound))?\s*\]\(media:")
"""A picture or sound whose description is missing, or still the words that stand in for it."""
SENTENCE = re.compile(r"[^。？！?!\n]+")
NUMBER = re.compile(r"^\D{0,4}?([0-9]+(?:\.[0-9]+)?)")
ENDS = "。．.；;，,"
CHOICES = (Kind.SINGLE, Kind.MULTIPLE, Kind.SITUATIONAL)


@dataclass(frozen=True)
class Hint:
    """One piece of advice: a code, which part of the question it is about (``stem options key rationale clauses``), and its words."""

    code: str
    part: str
    words: tuple[str, ...] = ()


def hints(said: Wording) -> list[Hint]:
    """Everything that is worth a second look, by part."""
    return [*_stem(said), *_options(said), *_rationale(said)]


def _stem(said: Wording) -> Iterator[Hint]:
    stem = bare(said.stem)
    if not stem:
        return
    asked = (SENTENCE.findall(stem) or [stem])[-1]
    last = asked.rpartition("，")[2]  # what happened before may well be told with a "not"
    if said.kind in CHOICES and (found := NEGATIVE.search(last)) and not STRESSED.search(said.stem):
        yield Hint("negative", "stem", (found[0],))
    if said.kind is Kind.TRUE_FALSE:
        if double := DOUBLE.search(asked):
            yield Hint("double_negative", "stem", (double[0],))
        if absolute := ABSOLUTE.search(stem):
            yield Hint("absolute_statement", "stem", (absolute[0],))
        if TWO_STATEMENTS.search(stem.rstrip("。.")):
            yield Hint("two_statements", "stem")
    if len(stem) > LONG_STEM:
        yield Hint("long_stem", "stem", (str(len(stem)),))
    if said.kind is not Kind.SITUATIONAL and (vague := VAGUE.search(stem)):
        yield Hint("vague", "stem", (vague[0],))
    if said.kind is Kind.FILL:
        yield from _gaps(stem)
    if UNSAID.search(said.stem):
        yield Hint("picture_unsaid", "stem")


def _gaps(stem: str) -> Iterator[Hint]:
    gaps = list(BLANK.finditer(stem))
    if len(gaps) > MANY_GAPS:
        yield Hint("many_gaps", "stem", (str(len(gaps)),))
    if gaps and gaps[0].start() == 0:
        yield Hint("gap_first", "stem")


def _options(said: Wording) -> Iterator[Hint]:
    texts = [bare(option.text) for option in said.options]
    if said.kind not in CHOICES or len(texts) < 2:
        return
    codes = [option.code for option in said.options]
    key = {code for code in best(said.kind, said.key) if code in codes} if said.key else set()
    right = [text for code, text in zip(codes, texts, strict=True) if code in key]
    wrong = [text for code, text in zip(codes, texts, strict=True) if code not in key]
    if found := next((text for text in texts if ALL_OF_THEM.search(text)), None):
        yield Hint("all_of_them", "options", (found,))
    if len(texts) == 2 and said.kind is Kind.SINGLE:
        yield Hint("two_options", "options")
    if right and wrong:
        yield from _cues(bare(said.stem), right, wrong)
    yield from _shape(texts)
    if any(UNSAID.search(option.text) for option in said.options):
        yield Hint("picture_unsaid", "options")


def _cues(stem: str, right: Sequence[str], wrong: Sequence[str]) -> Iterator[Hint]:
    """What gives the key away to somebody who does not know the clause."""
    longest, others = max(map(len, right)), max(map(len, wrong))
    if longest >= LONGER * others and longest - others >= FEWEST_MORE:
        yield Hint("key_longest", "options", (str(longest), str(others)))
    if not any(ABSOLUTE.search(text) for text in right) and sum(bool(ABSOLUTE.search(text)) for text in wrong) > 1:
        yield Hint("absolute_wrong", "options")
    echo = _echo(stem, right[0])
    if len(right) == 1 and echo and not any(echo in text for text in wrong):
        yield Hint("echo", "options", (echo,))


def _echo(stem: str, text: str) -> str:
    """The longest stretch of the option, of at least ECHO characters, that the stem says too."""
    for size in range(min(len(text), 12), ECHO - 1, -1):
        for at in range(len(text) - size + 1):
            if (run := text[at : at + size]) in stem and run.isalnum():
                return run
    return ""


def _shape(texts: Sequence[str]) -> Iterator[Hint]:
    start = _shared_start(texts)
    if len(start) >= SHARED_START and all(len(text) > len(start) for text in texts):
        yield Hint("shared_start", "options", (start,))
    numbers = [float(found[1]) for text in texts if (found := NUMBER.match(text))]
    if len(numbers) == len(texts) > 2 and numbers not in (sorted(numbers), sorted(numbers, reverse=True)):
        yield Hint("unsorted", "options")
    ends = {text[-1] in ENDS for text in texts if text}
    if len(ends) == 2:
        yield Hint("uneven_ends", "options")


def _shared_start(texts: Sequence[str]) -> str:
    """The letters with which every text begins."""
    first, last = min(texts), max(texts)
    return first[: next((at for at, letter in enumerate(first) if last[at : at + 1] != letter), len(first))]


def _rationale(said: Wording) -> Iterator[Hint]:
    if not said.rationale.strip():
        yield Hint("no_rationale", "rationale")
    elif not ARTICLE.search(said.rationale):
        yield Hint("no_article", "rationale")
