"""Good scenarios, and faults to plant in them: what is replaced by what, and the code and line that must come of it."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from scenarios.file_check import Clauses

GOOD = Path(__file__).parent / "good"
KNOWN = Clauses(
    frozenset({*(f"SVC@2026#{n}" for n in ("3.1", "3.2", "4.2", "5.1", "6.1", "6.2", "7.1", "10.10")), "HALL@2026#2.1", "HALL@2026#2.2"}),
    {"SVC@2020#7.1": "SVC@2026#7.1"},
)


@cache
def good(name: str) -> str:
    return (GOOD / f"{name}.yaml").read_text("utf-8")


@dataclass(frozen=True)
class Planted:
    """``old`` is replaced by ``new`` in a good scenario; ``mark`` stands once, on the line of the finding."""

    code: str
    name: str
    old: str
    new: str
    mark: str
    says: str = ""

    @property
    def text(self) -> str:
        text = good(self.name)
        assert self.old in text, f"{self.old!r} is not in {self.name}"
        return text.replace(self.old, self.new, 1)

    @property
    def line(self) -> int:
        lines = [number for number, line in enumerate(self.text.splitlines(), 1) if self.mark in line]
        assert len(lines) == 1, f"{self.mark!r} stands on lines {lines}"
        return lines[0]


def late(code: str, old: str, new: str, mark: str, says: str = "") -> Planted:
    return Planted(code, "late_visit", old, new, mark, says)


def hall(code: str, old: str, new: str, mark: str, says: str = "") -> Planted:
    return Planted(code, "hall_queue", old, new, mark, says)


def phone(code: str, old: str, new: str, mark: str, says: str = "") -> Planted:
    return Planted(code, "phone_practice", old, new, mark, says)


SHOUT = """  shout:
    prompt: {zh: 怎么安抚？, en: How do you calm them?}
    ask: single
    clauses: [2.2]
    options:
      - {id: hush, text: {zh: 请安静, en: Quiet please}, points: 5}"""

CALL = "    options:\n      - {id: phone, text: {zh: 接私人电话，让客户稍等, en: Take a private call}"

FAULTS = [
    late("001", "start: door", "start: &here door", "start: &here"),
    late("001", "start: door", "start: !!python/name:os.system door", "start: !!python"),
    late("001", "total: 22", "total: [22", "cut: 0.7"),
    late("002", "cut: 0.7", "cutt: 0.7", "cutt", "“cut”"),
    late("002", "critical: true\n        feedback: {zh: 未", "critcal: true\n        feedback: {zh: 未", "critcal", "“critical”"),
    late("003", "id: late-visit\n", "", "schema: scn/1"),
    late("003", "  door: {title: {zh: 进门, en: At the door}, cap: 4, clauses: [4.2]}", "  door: {clauses: [4.2]}", "  door: {clauses"),
    late("004", "version: 1", "version: one", "version: one"),
    late("004", "critical: true}", "critical: 1}", "critical: 1}"),
    late("004", "    points: 6", "    points: 6.123", "6.123"),
    late("005", "ask: multi", "ask: multy", "multy", "“multi”"),
    late("005", "    criterion: close", "    criterion: clse", "criterion: clse", "“close”"),
    late("005", "cut: 0.7", "cut: 70", "cut: 70"),
    late("006", "- {id: shoe,", "- {id: mat,", "穿鞋套"),
    late("006", "version: 1\n", "version: 1\nid: again\n", "id: again"),
    late("007", "scn/1", "scn/2", "scn/2"),
    late("008", "        when: late\n", "        when: late * 2\n", "late * 2"),
    late("008", "        when: late\n", "        when: __import__('os')\n", "__import__"),
    late("009", "on_timeout: leave", "on_timeout: leav", "on_timeout", "“leave”"),
    late("009", "first: confirm, then: fix", "first: fix, then: confirm", "first: fix"),
    hall("009", "en: A queue has formed in the hall.}", "en: A queue has formed.}\n    ask: single", "  opening:"),
    hall("009", "en: A queue has formed in the hall.}", "en: A queue has formed.}\n    max_pick: 1", "max_pick: 1"),
    late("010", "        next: greet\n      - id: knock", "        next: gret # wrong\n      - id: knock", "gret # wrong", "“greet”"),
    late("010", "start: door", "start: dor", "start: dor", "“door”"),
    late("011", "when: not late, text: {zh: 请进", "when: not lat, text: {zh: 请进", "not lat,", "“late”"),
    late("011", "mood == 'cross' or", "mood == 'angry' or", "'angry'", "calm, cross"),
    late("011", "mood == 'cross' or", "mood > 1 or", "mood > 1"),
    late("011", "set: {mood: cross}\n        next", "set: {mod: cross}\n        next", "{mod:", "“mood”"),
    late("012", "mood == 'cross' or not covers", "mood == 'cross'", "covers: {type"),
    late("020", "  done: {end", "  lost: {say: {zh: 丢, en: Lost}, next: done}\n  done: {end", "  lost:"),
    late("021", "    next: steps\n", "", "  entry:"),
    late("021", "      - {next: close}\n", "", "  upset:"),
    hall("021", "patience >= 2", "patience > 2", "  tone:"),
    phone("021", ", next: agree}", "}", "id: name"),
    phone("022", ", next: agree}", ", next: again}", "  ring:"),
    hall("022", "    next: serve\n  serve", "    next: look\n  serve", "  look:"),
    late("023", "        when: late\n", "        when: late and not late\n", "- id: excuse"),
    hall("023", "patience < 2", "patience < 0", "patience < 0"),
    hall("024", "patience >= 2", "patience >= 0", "patience >= 0"),
    hall("024", "patience < 2", "patience > 9", "patience > 9"),
    phone("030", "en: Say who you are},", "en: Say who you are}, critical: true,", "start: ring"),
    late("031", "        text: {zh: 您好，谢谢, en: \"Good morning, thank you\"}\n        points: 4",
         "        text: {zh: 您好，谢谢, en: \"Good morning, thank you\"}\n        points: 3", "  late: {type"),
    hall("032", "  shout:\n    say: {zh: 有人喊了起来。, en: Somebody starts shouting.}", SHOUT, "id: wait"),
    late("033", "        when: late\n", "        when: late and not late\n        critical: true\n", "- id: excuse"),
    late("034", "- {next: close}", "- {next: done}", "  close: {title"),
    late("035", "cut: 0.7", "cut: 0.2", "cut: 0.2", "first"),
    phone("035", "text: {zh: 先自报家门,", "text: {zh: 先自报家门并说明来意，再问此刻是否方便接听,", "start: ring", "longest"),
    hall("035", f"    max_pick: 2\n{CALL}, points: -1", f"{CALL}, points: 0", "  serve:", "ticking"),
    late("036", "total: 22", "total: 25", "total: 25", "22"),
    late("036", "total: 22", "total: 20", "total: 20", "22"),
    late("040", "clauses: [7.1]\n", "clauses: [7.9]\n", "clauses: [7.9]"),
    late("040", "clauses: [7.1]\n", "clauses: [SVC@2020#7.1]\n", "SVC@2020", "SVC@2026#7.1"),
    late("041", "clauses: [4.2, 10.10]", "clauses: [4.2, 12.1]", "12.1", "SVC@2026#12.1"),
    late("050", "      - {text: 您等着, hits: []}\n", "", "  complain:"),
    late("050", "{text: 好的, hits: []}", "{text: 好的, hits: [sorry]}", "好的"),
    late("051", "any: [投诉我也没用", "any: [抱歉有什么用, 投诉我也没用", "id: sorry"),
    late("060", "text: {zh: 推门进去, en: Walk straight in}", "text: {zh: 推门进去}", "推门进去", "English"),
    late("060", "text: {zh: 推门进去, en: Walk straight in}", "text: {en: Walk straight in}", "Walk straight", "Chinese"),
    late("061", ", alt: {zh: 一扇关着的门, en: A closed door}", "", "door.jpg"),
    late("070", "score: 22, end: done", "score: 21, end: done", "- id: best", "21"),
    late("070", "greet:apologise", "greet:apologize", "- id: best", "greet:apologize"),
    late("080", "        feedback: {zh: 要问好。, en: Greet the customer.}\n", "", "- id: silent"),
]
