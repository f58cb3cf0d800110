"""What an answer of a paper says: letters, a tick or a cross, the texts of gaps, an order, pairs, shares; and lists of answers by number.

Nothing is bent into shape: what is not plainly an answer of its sort is None,
and a row of answers that does not come to the number it promises says so.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from question_bank.exchange.paper_options import CIRCLES
from question_bank.exchange.paper_text import Said

TRUE = {"√", "✓", "✔", "☑", "对", "正确", "是", "T", "TRUE", "V", "Y", "YES", "✅", "RIGHT"}
FALSE = {
    "×", "✗", "✘", "☒", "✕", "╳", "Χ", "错", "错误", "否", "不对", "不正确", "F", "FALSE", "X", "N", "NO", "❌", "WRONG", "✖",
}
_MARK = "[√✓✔×✗✘✕☑☒✅❌✖]"
_TRUTH = re.compile(
    rf"\s*[(\[]?\s?({_MARK}|不正确|不对|正确的?|错误的?|对的?|错的?|是|否|TRUE|FALSE|RIGHT|WRONG|YES|NO|[TFVXYN](?![A-Z]))\s?[)\]]?\s*"
    r"(?:$|[.。,;:!(\n]\s*(?P<rest>.*))", re.IGNORECASE | re.DOTALL,
)
_LETTERS = re.compile(
    r"\s*(?:应?选择?\s?)?[(\[]?\s?(?P<letters>[A-Z](?:[\s,、;./和与及+&|]{0,3}[A-Z]){0,25})\s?[)\]]?\s?(?:选?项)?"
    r"(?P<rest>\s*$|[\s.。,;:、(\n].*)", re.DOTALL,
)
_ORDER_SIGNS = re.compile(r"[\s,、;.→>\-=~/]+")
_SHARE = re.compile(r"([A-Z])\s?[:=(]?\s?(\d{1,3}(?:\.\d{1,20})?)\s?%\)?")
_SIDE = rf"[(\[]?\s?([A-Za-z]|\d{{1,2}}|[{CIRCLES}])\s?[)\]]?"
_PAIR = re.compile(rf"{_SIDE}\s?(?:[-~→>=:]|对应?|配){{0,3}}\s?{_SIDE}[\s,;、.。]*")
_GAP_NUMBER = re.compile(
    rf"(?:第\s?[\d一二三四五六七八九十]{{1,2}}\s?空\s?[:.、]?|[(\[（]\s?\d{{1,2}}\s?[)\]）]\s?[:.、]?|[{CIRCLES}]\s?[:.、]?"
    r"|(?:(?<=\s)|^)\d{1,2}\s?[.、)](?!\d)|(?<=[;；])\s?\d{1,2}\s?[.、)](?!\d))\s*"
)
_ONE = rf"[A-Z]{{1,12}}|{_MARK}|正确|错误|[对错]|TRUE|FALSE"
_RANGE = re.compile(
    r"(?<![\d.])第?\s?(?P<low>\d{1,4})\s?题?\s?[-~至到]{1,3}\s?第?\s?(?P<high>\d{1,4})\s?题?\s?[)\]]?\s?[:.、)]?\s?"
    rf"(?=[(\[]?(?:{_ONE}))", re.IGNORECASE,
)
_ENTRY = re.compile(
    rf"[(\[]?\s?第?(?P<n>\d{{1,4}})\s?题?\s?[)\]]?\s?[.、:)\-]?\s{{0,4}}[(\[]?\s?(?P<given>{_ONE})\s?[)\]]?"
    r"(?=[\s;,、.。\d|(\[]|$)[\s;,、.。|]*", re.IGNORECASE,
)
_TOKENS = re.compile(rf"[(\[]?({_ONE})[)\]]?", re.IGNORECASE)
_QUOTED = re.compile("「([^「」]{1,400})」")
_HOLD, _HELD = 0xE000, re.compile("[\ue000-\uefff]")
_PER = set("天 年 月 周 次 日 人 户 秒 分 时 小时 分钟 季 季度 台 套 个 h s min km m".split())
_BETWEEN_ROWS = re.compile(r"(?<=[A-Z√×✓✗对错确误])[\s;,、.。]{1,20}(?=第?\s?\d)")
MOST_IN_RANGE = 500


@dataclass(frozen=True)
class Entry:
    """An answer in a list: the question's number, what is said, and the row that does not come to its number ("" where all is well)."""

    number: int
    said: str
    trouble: tuple[str, ...] = ()


def truth(text: str) -> tuple[str, str] | None:
    """``T`` or ``F`` and what is said behind the mark; None where folded ``text`` begins with no such mark."""
    found = _TRUTH.match(text)
    if not found:
        return None
    mark = found[1].upper().removesuffix("的")
    return ("T" if mark in TRUE else "F"), (found["rest"] or "").strip().strip("()")


def letters(text: str) -> tuple[tuple[str, ...], str] | None:
    """The letters that folded ``text`` begins with, and what is said behind them; None where it begins with no answer."""
    found = _LETTERS.match(text.upper() if re.fullmatch(r"[\sa-zA-Z,、;]{1,30}", text) else text)
    if not found:
        return None
    given = tuple(re.findall("[A-Z]", found["letters"]))
    return given, text[found.start("rest") :].strip(" \t\n.。,;:、")


def order(text: str) -> tuple[str, ...]:
    """Letters, or circled numbers, one after the other; () where there is anything else."""
    plain = _ORDER_SIGNS.sub("", text.strip().strip("。"))
    return tuple(plain) if re.fullmatch(rf"[A-Z]+|[{CIRCLES}]+", plain) else ()


def pairs(text: str) -> list[tuple[str, str]]:
    """What belongs together, by code; [] where there is anything else."""
    found, at = [], 0
    plain = text.strip()
    while at < len(plain):
        pair = _PAIR.match(plain, at)
        if not pair:
            return []
        found.append((pair[1].upper(), pair[2].upper()))
        at = pair.end()
    return found


def shares(text: str) -> dict[str, float]:
    """What each option earns, in shares of 1; {} where there is anything else."""
    found, rest = {}, text
    for share in _SHARE.finditer(text):
        found[share[1]] = float(f"{share[2]}e-2")
        rest = rest.replace(share[0], "", 1)
    return found if not rest.strip(" ,，;；、.。") else {}


def exact(share: float) -> str:
    """A share in percent that is read as the same number again."""
    text = f"{Decimal(repr(share)).scaleb(2):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def gaps(text: str, count: int) -> tuple[list[tuple[str, ...]], list[tuple[str, str]]]:
    """The texts that each of ``count`` gaps accepts, [] where the answers do not come to ``count``; and what took a guess, as (code, text).

    Line ends and numbers part the gaps, then semicolons and bars, then commas, then blanks; what stands in 「」 is one text.
    """
    quoted = _QUOTED.findall(text)[: 0x1000]
    places = iter(range(len(quoted)))
    held = _QUOTED.sub(lambda found: chr(_HOLD + next(places)) if len(quoted) < 0x1000 else found[0], text.strip())
    parts, guessed = _parts(held, count)
    guesses = [("gaps_guessed", text.strip()[:100])] if guessed else []
    out = []
    for part in parts:
        accepted, split = _alternatives(part)
        guesses += [("alternatives_guessed", part[:100])] if split else []
        out.append(tuple(_HELD.sub(lambda sign: quoted[ord(sign[0]) - _HOLD], one) for one in accepted))
    return out, guesses


def _parts(text: str, count: int) -> tuple[list[str], bool]:
    numbered = _numbered(text)
    if len(numbered) == count:
        return numbered, False
    if count == 1:
        return [text], False
    for signs in ("\n", ";；", "|", ";；|\n", "、", ",，"):
        parts = [part.strip() for part in re.split(f"[{signs}]+", text.strip(" ;；。")) if part.strip()]
        if len(parts) == count:
            return parts, False
    parts = text.strip(" ;；。").split()
    if len(parts) == count:
        return parts, False
    parts = [part.strip() for part in re.split(r"[;；|、,，\n]+", text.strip(" ;；。")) if part.strip()]
    return (parts, True) if len(parts) == count else ([], False)


def _numbered(text: str) -> list[str]:
    """The answers behind (1) (2), ①②, 第1空：; [] where the text does not begin with such a number."""
    found = list(_GAP_NUMBER.finditer(text))
    if not found or found[0].start() > 0:
        return []
    ends = [*(hit.start() for hit in found[1:]), len(text)]
    return [text[hit.end() : end].strip(" \t\n;；,，、") for hit, end in zip(found, ends, strict=True)]


def _alternatives(text: str) -> tuple[tuple[str, ...], bool]:
    """The texts that a gap accepts, as `` / `` parts them, and whether a bare stroke or 或 was taken for it."""
    parts = [part.strip() for part in re.split(r"\s+/\s+", text) if part.strip()]
    if len(parts) > 1:
        return tuple(dict.fromkeys(parts)), False
    bare = [part.strip() for part in re.split(r"[/／]|或者?", text)]
    guessed = len(bare) > 1 and all(1 <= len(part) <= 20 for part in bare) and bare[-1] not in _PER
    return tuple(dict.fromkeys(bare if guessed else [text.strip()])), guessed


def said_safe(text: str) -> str:
    """A text of a gap as ``gaps`` reads it as one."""
    return f"「{text}」" if _APART.search(text) or _GAP_NUMBER.search(text) else text


_APART = re.compile(r"[/／「」\n\t]|或|[;；,，、]$")


def ranges(said: Said) -> list[Entry]:
    """The answers of a line like ``1-5 ABCDE 6-10 √×√√×``; [] where it is anything else."""
    text = said.folded
    found = list(_RANGE.finditer(text))
    if not found or text[: found[0].start()].strip(" ;,.。、"):
        return []
    entries: list[Entry] = []
    ends = [*(hit.start() for hit in found[1:]), len(text)]
    for hit, end in zip(found, ends, strict=True):
        row, low, high = text[hit.end() : end], int(hit["low"]), int(hit["high"])
        if _TOKENS.sub("", row).strip(" \t\n;,.。、|/-") or not low <= high < low + MOST_IN_RANGE:
            return []
        entries += _dealt(row, low, high, said.text[hit.start() : end].strip())
    return entries


def _dealt(row: str, low: int, high: int, shown: str) -> list[Entry]:
    count = high - low + 1
    tokens = [token.upper() for token in _TOKENS.findall(row)]
    signs = [sign for token in tokens for sign in ([token] if token in {"正确", "错误", "TRUE", "FALSE"} else token)]
    given = tokens if len(tokens) == count else signs if len(signs) == count else []
    if not given:
        trouble = (shown[:100], str(min(len(tokens), len(signs)) if len(tokens) > 1 else len(signs)), str(count))
        return [Entry(number, "", trouble) for number in range(low, high + 1)]
    return [Entry(low + place, answer) for place, answer in enumerate(given)]


def entries(said: Said) -> list[Entry]:
    """The answers of a line like ``1.A 2.B 3.ACD``; [] where it is anything else."""
    text, at, found = said.folded.strip().strip("|").strip(), 0, []
    while at < len(text):
        entry = _ENTRY.match(text, at)
        if not entry:
            return []
        found.append(Entry(int(entry["n"]), entry["given"].upper()))
        at = entry.end()
    return found


def listed(said: Said) -> list[Entry]:
    """The answers of a row by number, ranges and single ones as they come; [] where a line is anything else."""
    found = ranges(said) or entries(said)
    if found or not _RANGE.search(said.folded):
        return found
    places = [hit.end() for hit in _BETWEEN_ROWS.finditer(said.folded)]
    pieces = [said[start:end] for start, end in zip([0, *places], [*places, len(said.text)], strict=True)]
    parts = [ranges(piece) or entries(piece) for piece in pieces]
    return [entry for part in parts for entry in part] if all(parts) else []


def loose(said: Said) -> list[str]:
    """The answers of a line like ``ABCDE BDCAA``, one letter or mark each; [] where it is anything else."""
    text = said.folded
    if _TOKENS.sub("", text).strip(" \t\n;,.。、|"):
        return []
    tokens = _TOKENS.findall(text)
    return [sign for token in tokens for sign in ([token] if token in {"正确", "错误"} else token.upper())]
