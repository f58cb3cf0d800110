"""A standard with a second edition, with questions on the first, a programme that examines it, and an exam to come.

Of the five clauses of 2026 one stays, one moves, one changes, one is only made a key clause, one is withdrawn;
2028 adds one. The texts are written for the tests.
"""

from datetime import timedelta
from typing import Any

from tests.cast import Cast
from tests.conftest import START

STAYS, MOVES, GROWS, KEYED, GOES = "1.1", "1.2", "2.1", "2.2", "3.1"
FORMER = [
    {"number": STAYS, "chapter": "1", "title": {"zh": "保密"}, "text": {"zh": "不得泄露客户资料。"}, "citation": {"zh": "第一条"}},
    {"number": MOVES, "chapter": "1", "title": {"zh": "工牌"}, "text": {"zh": "上门时佩戴工号牌。"}, "citation": {"zh": "第二条"}},
    {"number": GROWS, "chapter": "2", "title": {"zh": "到达"}, "text": {"zh": "在预约时间前5至10分钟到达客户现场。"}},
    {"number": KEYED, "chapter": "2", "title": {"zh": "改约"}, "text": {"zh": "改约至少提前两个小时通知客户。"}},
    {"number": GOES, "chapter": "2", "title": {"zh": "传真"}, "text": {"zh": "维修结束以后把记录传真给服务中心。"}},
]
LATER = [
    {**FORMER[0]},
    {"number": "1.2", "chapter": "1", "title": {"zh": "自我介绍"}, "text": {"zh": "进门先说明身份和来意。"}},
    {**FORMER[1], "number": "1.3"},
    {**FORMER[2], "text": {"zh": "在预约时间前10分钟到达客户现场。"}},
    {**FORMER[3], "key_clause": True},
]
CHAPTERS = [{"number": "1", "title": {"zh": "总则"}}, {"number": "2", "title": {"zh": "上门"}}]
BECAME = {STAYS: "same", MOVES: "moved", GROWS: "changed", KEYED: "changed", GOES: "withdrawn"}


def question(code: str, *numbers: str) -> dict[str, Any]:
    return {
        "code": code, "kind": "true_false", "stem": f"{code}：这样做对吗？", "key": ["T"], "rationale": "第一条这样规定。",
        "clauses": [f"STD@2026#{number}" for number in numbers], "author": "other_trainer",
    }


QUESTIONS = {
    "STAYS": (STAYS,), "MOVES": (MOVES,), "GROWS": (GROWS,), "KEYED": (KEYED,), "GOES": (GOES,), "BOTH": (STAYS, GOES),
}


def document(cast: Cast) -> dict[str, Any]:
    """A seed document: the standard with both editions, six questions, programme GC on 2026, sitting T1 tomorrow."""
    rows = [
        {"clauses": ["STD@2026#1"], "count": 2, "title": {"zh": "总则"}}, {"clauses": ["STD@2026#2"], "count": 2, "title": {"zh": "上门"}},
    ]
    editions = [
        {"edition": "2026", "effective": "2026-01-01", "chapters": CHAPTERS, "clauses": FORMER},
        {"edition": "2028", "effective": "2028-01-01", "chapters": CHAPTERS, "clauses": LATER},
    ]
    opens = START + timedelta(days=1)
    return {
        "standards": [{"code": "STD", "title": {"zh": "上门规范"}, "editions": editions}],
        "items": [question(code, *numbers) for code, numbers in QUESTIONS.items()],
        "programmes": [{
            "code": "GC", "title": {"zh": "现场支撑"}, "standards": ["STD@2026"], "validity_months": 12,
            "exam": {"minutes": 60, "pass": 0.5, "excellent": 0.9, "blueprint": rows},
        }],
        "sittings": [{
            "code": "T1", "programme": "GC", "opens": opens.isoformat(), "closes": (opens + timedelta(hours=2)).isoformat(),
            "place": "三号机房", "booked": [cast.owner.staff_no],
        }],
    }
