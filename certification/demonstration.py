"""The demonstration company, as a document of the seed format, and how its people answer.

Everything is drawn from one seed, so two demonstrations differ only by the
day they were made on. Names and companies are invented.
"""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

SEED = "chizheng-demonstration"
FAMILY = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = (
    "伟 芳 娜 敏 静 强 磊 洋 勇 艳 杰 娟 涛 明 超 霞 平 刚 桂英 文博 建国 晓东 志强 海燕 雪梅 国庆 春梅 玉兰 "
    "子轩 浩然 宇航 思远 佳怡 雨桐 梓涵 俊杰 嘉豪 欣怡 天宇 一鸣 立新 广平 红梅 少华 景行 安然 知远 若曦"
).split()
CITIES = ("北京", "天津", "石家庄", "保定")
STAFF_ROLES = (
    ("coordinator", "周敏", "P01"), ("coordinator2", "吴建国", "P02"),
    ("trainer", "林静", "OPERATOR"), ("trainer2", "何文博", "OPERATOR"), ("trainer3", "孟书瑶", "OPERATOR"),
    ("officer", "高志强", "OPERATOR"), ("officer2", "宋雪梅", "OPERATOR"), ("rater", "程立新", "OPERATOR"),
    ("decider", "袁海燕", "OPERATOR"), ("decider2", "曹景行", "OPERATOR"),
    ("hr", "沈晓东", "OPERATOR"), ("auditor", "许安然", "OPERATOR"), ("admin", "吕一鸣", "OPERATOR"),
)


@dataclass(frozen=True)
class Past:
    """A sitting of the past: its code, how many days ago it opened, who sat, and what was done about it."""

    code: str
    days_ago: int
    staff: tuple[str, ...]
    released: bool
    decided: bool


def names(count: int) -> list[str]:
    """``count`` different names."""
    dice = random.Random(SEED)
    found: dict[str, None] = {"张伟": None}
    while len(found) < count:
        found[dice.choice(FAMILY) + dice.choice(GIVEN)] = None
    return list(found)


def staff(first: int, count: int) -> tuple[str, ...]:
    """Staff numbers from S0001 on."""
    return tuple(f"S{number:04}" for number in range(first, first + count))


HUAXIN, YUANCHENG, JINGLIAN, LANHAI = staff(1, 30), staff(31, 24), staff(55, 18), staff(73, 6)


def company(today: datetime, password: str) -> dict[str, Any]:
    """Partners, contracts and people; ``today`` is a local instant that the contracts' days are counted from."""
    contracts = {"P01": "C-HX-01", "P02": "C-YC-01", "P03": "C-JL-01", "P04": None}
    groups = {"P01": HUAXIN, "P02": YUANCHENG, "P03": JINGLIAN, "P04": LANHAI}
    called = iter(names(sum(map(len, groups.values()))))
    dice = random.Random(SEED + " cities")
    people = [
        {
            "staff_no": number, "name": next(called), "partner": partner, "contract": contracts[partner], "city": dice.choice(CITIES),
            "username": "candidate" if number == "S0001" else number.lower(), "password": password, "roles": ["candidate"],
        }
        for partner, numbers in groups.items()
        for number in numbers
    ]
    people += [
        {"staff_no": f"A{index:04}", "name": name, "partner": partner, "city": "北京", "username": username, "password": password,
         "roles": [username.rstrip("23")]}
        for index, (username, name, partner) in enumerate(STAFF_ROLES, 1)
    ]
    return {"partners": _partners(today), "people": people}


def _partners(today: datetime) -> list[dict[str, Any]]:
    def day(delta: int) -> str:
        return (today + timedelta(days=delta)).date().isoformat()

    def contract(code: str, title: str, starts: int, ends: int, state: str) -> dict[str, Any]:
        return {"code": code, "title": title, "starts": day(starts), "ends": day(ends), "state": state, "programmes": ["GC"]}

    return [
        {"code": "P01", "name": "华信通服", "contracts": [contract("C-HX-01", "集团客户现场支撑（城区）", -500, 400, "running")]},
        {"code": "P02", "name": "远诚网络", "contracts": [contract("C-YC-01", "集团客户现场支撑（郊区）", -430, 45, "ending")]},
        {"code": "P03", "name": "京联工程", "contracts": [contract("C-JL-01", "专线开通与巡检", -200, 165, "running")]},
        {"code": "P04", "name": "蓝海信息", "contracts": [contract("C-LH-01", "集团客户现场支撑（新签）", 20, 385, "draft")]},
    ]


PAST = (
    Past("GC-HIST-1", 425, HUAXIN[12:24] + YUANCHENG[14:22], True, True),
    Past("GC-HIST-2", 330, HUAXIN[:12] + YUANCHENG[:8], True, True),
    Past("GC-HIST-3", 120, HUAXIN[12:20] + YUANCHENG[8:16] + JINGLIAN[:10], True, True),
    Past("GC-HIST-4", 6, HUAXIN[24:28] + JINGLIAN[10:14], True, False),
    Past("GC-HIST-5", 2, YUANCHENG[16:21] + HUAXIN[20:24], False, False),
)
"""Oldest first: one whose licences have run out, one that expires soon, one in force, one that waits for decisions, one for release."""

RUNNING = ("GC-ONLINE", HUAXIN[:4] + YUANCHENG[:2])
COMING = ("GC-HALL-3", HUAXIN[4:9] + YUANCHENG[2:5])

MISCONDUCT: tuple[tuple[tuple[str, str, int, str], ...], ...] = (
    (("suspended", "complaint", 20, "客户投诉现场与客户争执，暂停上岗，待复训（第三十八条）"),),
    (("suspended", "misuse", 18, "把印有标志的工号牌借给他人使用，暂停上岗并调查（第十九条）"),),
    (("revoked", "misconduct", 15, "上门服务前饮酒，经核实撤销上岗证（第二十五条）"),),
    (("suspended", "complaint", 60, "现场服务被投诉，暂停上岗，待复训"), ("reinstated", "cleared", 40, "复训合格，恢复上岗")),
)
"""What befell the holders of some licences that are in force: kind of event, code of the reason, how many days ago, reason."""

TRAININGS = (
    (128, "trainer", "现场支撑规范集中培训", 240, HUAXIN[12:20] + YUANCHENG[8:16]),
    (127, "trainer2", "现场支撑规范集中培训（京联工程）", 240, JINGLIAN[:10]),
    (41, "trainer", "投诉处理与现场礼仪复训", 120, JINGLIAN[6:10]),
    (11, "trainer2", "入场前规范培训", 180, HUAXIN[24:28] + JINGLIAN[10:14]),
)
"""Trainings: how many days ago, who taught, title, minutes, who attended."""
LEAVE = "下月起脱产进修半年，期间不上门"
MISSPELT, CHARACTER = "姓名最后一个字登记有误，以身份证为准", "嘉"
"""A suspension that is planned, and a name that waits to be corrected."""


DRAFTS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("trainer2", "in_review", {
        "code": "D1", "kind": "single", "level": "apply", "difficulty": 3, "clauses": ["GCS@2011#25.1"],
        "stem": "与客户约好下午两点上门巡检，按规范最合适的到场时间是哪一个？",
        "options": [{"code": "A", "text": "一点四十分"}, {"code": "B", "text": "一点五十三分"},
                    {"code": "C", "text": "两点零三分"}, {"code": "D", "text": "两点十五分"}],
        "key": ["B"], "rationale": "第二十五条要求比约定时间提前5至10分钟到达；一点四十分早了二十分钟，反而打扰客户。",
    }),
    ("trainer", "draft", {
        "code": "D2", "kind": "true_false", "level": "apply", "difficulty": 2, "clauses": ["GCS@2011#26.1"],
        "stem": "只做售后巡检、不打算动设备时，也要带上鞋套和服务记录表。",
        "key": ["T"], "rationale": "第二十六条的“五个一”适用于售中、售后上门，不以是否动设备为条件。",
    }),
    ("trainer", "draft", {
        "code": "D3", "kind": "fill", "difficulty": 1, "clauses": ["GCS@2011#25.1"],
        "stem": "上门服务，应在预约时间前 ____ 至 ____ 分钟到达现场。", "key": [["5"], ["10"]],
        "rationale": "第二十五条：在预约时间前5至10分钟到达现场。",
    }),
    ("trainer2", "draft", {
        "code": "D4", "kind": "order", "level": "apply", "difficulty": 2, "stem": "一次上门巡检，按规范排出先后。",
        "clauses": ["GCS@2011#24.1", "GCS@2011#26.2", "GCS@2011#28.1", "GCS@2011#29.2", "GCS@2011#29.4"],
        "options": [{"code": "A", "text": "与客户预约"}, {"code": "B", "text": "查看工具、备件是否齐备"}, {"code": "C", "text": "轻声敲门"},
                    {"code": "D", "text": "出示工号牌"}, {"code": "E", "text": "得到允许后进入"}],
        "key": ["A", "B", "C", "D", "E"],
        "rationale": "先预约（第二十四条），出发前查看工具（第二十六条），轻声敲门（第二十八条），出示工号牌、经允许进入（第二十九条）。",
    }),
    ("trainer2", "draft", {
        "code": "D5", "kind": "match", "difficulty": 3, "stem": "遇到下面的情形，规范要求怎么做？",
        "clauses": ["GCS@2011#25.2", "GCS@2011#25.3", "GCS@2011#28.2"],
        "options": [{"code": "A", "text": "因特殊原因不能准时到达"}, {"code": "B", "text": "因特殊原因确需改变上门时间"},
                    {"code": "C", "text": "敲门无人应答，又联系不上客户"}],
        "right": [{"code": "1", "text": "及时通知客户，并取得谅解"}, {"code": "2", "text": "至少提前2个小时通知客户"},
                  {"code": "3", "text": "留下到访留言后离去"}, {"code": "4", "text": "直接改约到第二天"}],
        "key": {"A": "1", "B": "2", "C": "3"}, "rationale": "第二十五条规定迟到和改期的处理，第二十八条规定无人应答时留言。",
    }),
    ("trainer", "draft", {
        "code": "D6", "kind": "situational", "level": "apply", "difficulty": 2, "clauses": ["GCS@2011#30.3"],
        "stem": "进房后，客户正在与同事谈话，您手上没有急事。最合适的做法是哪一个？",
        "options": [{"code": "A", "text": "稍等静候，客户讲完再开口"}, {"code": "B", "text": "退到门外，过一会儿再来敲门"},
                    {"code": "C", "text": "小声插一句，说明来意"}, {"code": "D", "text": "不作声，直接去看设备"}],
        "key": {"A": 1, "B": 0.5, "C": 0, "D": 0}, "rationale": "第三十条：进房后对方正在讲话的，稍等静候，不要中途插话。",
    }),
    ("trainer", "draft", {
        "code": "D7", "kind": "short", "level": "apply", "difficulty": 3,
        "clauses": ["GCS@2011#25.3", "GCS@2011#25.4", "GCS@2011#25.5"], "stem": "因特殊原因确需改变上门时间，应当怎样与客户沟通？",
        "key": ["至少提前2个小时通知客户", "解释原因并致歉，态度诚恳，语气委婉", "取得客户理解，再按客户的具体情况另约时间"],
        "rationale": "第二十五条对改变上门时间的三项要求。",
    }),
)
"""Questions on the trainers' desks: who wrote them, and where they stand."""
_ALCOHOL = {"code": "D8", "kind": "single", "level": "apply", "difficulty": 2, "clauses": ["GCS@2011#25.6"], "key": ["A"]}
REVISED: tuple[dict[str, Any], dict[str, Any]] = (
    {
        **_ALCOHOL, "stem": "上午十点要上门服务，早餐时有人劝酒。最合适的做法是哪一个？",
        "options": [{"code": "A", "text": "谢绝，说明今天要上门"}, {"code": "B", "text": "只喝一小杯"},
                    {"code": "C", "text": "喝了再用漱口水去味"}, {"code": "D", "text": "喝了请同事开车送去"}],
        "rationale": "第二十五条：上门服务前不得饮酒。",
    },
    {
        **_ALCOHOL, "stem": "上午十点要上门服务，早餐时客户经理劝您喝一杯。最合适的做法是哪一个？",
        "options": [{"code": "A", "text": "谢绝，说明今天要上门"}, {"code": "B", "text": "盛情难却，只喝一小杯"},
                    {"code": "C", "text": "喝了再用漱口水去味"}, {"code": "D", "text": "喝了请同事开车送去"}],
        "rationale": "第二十五条：上门服务前不得饮酒，喝多喝少、谁来开车都一样。",
    },
)
"""A question on a key clause, and its revision that waits for a second reviewer."""
REVISED_COMMENT = "“盛情难却”比正确选项长了，容易被看出来，建议缩短。"
REMARKS = (
    (0, 2, "two_answers", "有两个选项都说得通，只好猜一个。"), (1, 2, "unclear", "题干读了几遍才明白问的是什么。"),
    (2, 2, "two_answers", ""), (1, 7, "typo", "第三个选项好像少了一个字。"),
)
"""Who of the fourth sitting (counted from 0) found which of its questions wrong, why, and in which words."""
REMARK_ANSWER = "核对过原文，没有少字；谢谢反馈。"

CASES = (
    ("appeal", False, "第3题的情景里客户已经同意改期，两个选项都符合条款，请复核这道题的标准答案。", ""),
    ("complaint", True, "开考后考场网络中断了约五分钟，担心影响作答。",
     "经查，09:20 至 09:24 考场网络中断，期间作答保存在本机，恢复后全部上传，没有丢失。投诉成立，考场已更换网络设备。"),
)
"""Filed after the fourth sitting: kind, whether by somebody who passed, the text, and the answer, if there is one."""
DOUBT = "两位考生先后指出，这道题的情景没有交代客户是否已经同意，两个选项都说得通。"
"""Why the officer proposes that a question of the third sitting counts for nobody."""

VISITS = (
    ("W-17", ("qualified 0", "qualified 1"), "gold", "cross_province", 5, 9), ("W-18", ("S0001",), "ordinary", "local", 4, 3),
    ("W-19", ("S0073",), "ordinary", "local", 3, 2), ("W-20", ("qualified 2", "excellent 0"), "important", "cross_city", 2, 6),
    ("W-21", ("excellent 1",), "ordinary", "local", 1, 24 * 60),
)
"""What the dispatcher asked today: work order, team, tier, scope, hours until it starts, hours that it takes.

"qualified 1" is the second of those who may go and are graded so.
"""


def ability(staff_no: str, day: int) -> float:
    """How well somebody knows the standard (logits); those who sit again have learnt since."""
    if staff_no == "S0001":
        return 3.6
    return random.Random(f"{SEED} {staff_no}").gauss(1.9, 0.6) + (0.2 if day < 200 else 0.0)


def knows(skill: float, difficulty: int, dice: random.Random) -> bool:
    """Whether a person of ``skill`` answers an item of the author's ``difficulty`` (1–5) rightly, by a Rasch model."""
    return dice.random() < 1 / (1 + math.exp(-(skill - 0.7 * (difficulty - 3))))


def answer(kind: str, codes: Sequence[str], beside: Sequence[str], key: Any, right: bool, dice: random.Random) -> Any:
    """What a person answers, in option codes: the key, or something near it. ``beside`` is the right side of a match."""
    if kind == "short":
        return "".join(key) if right else "没有把握。"
    if kind == "fill":
        return [texts[0] if right else f"{dice.randint(60, 90)} 天" for texts in key]
    if kind == "match":
        wrong = dice.choice(list(key))
        others = [code for code in beside if code != key[wrong]]
        return dict(key) if right else {**key, wrong: dice.choice(others)}
    if kind == "order":
        return list(key) if right else [key[1], key[0], *key[2:]]
    if kind == "multiple":
        return list(key) if right else _near(codes, key, dice)
    best = [code for code in codes if (key.get(code) == 1 if isinstance(key, dict) else code in key)]
    return best[0] if right else dice.choice([code for code in codes if code not in best])


def _near(codes: Sequence[str], key: Sequence[str], dice: random.Random) -> list[str]:
    """Some of the right options and some of the wrong ones."""
    near = [code for code in codes if (code in key) != (dice.random() < 0.35)]
    return near if near and set(near) != set(key) else [key[0]]
