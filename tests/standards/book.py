"""A small shelf of standards for tests: two that agree on little, and a clash between them."""

from typing import Any

BOOK: dict[str, Any] = {
    "standards": [
        {
            "code": "STD", "title": {"zh": "上门规范", "en": "Visits"}, "issuer": {"zh": "某运营商"},
            "editions": [{
                "edition": "2026", "effective": "2026-01-01", "note": {"zh": "全部收录。"},
                "chapters": [{"number": "1", "title": {"zh": "总则"}}, {"number": "2", "title": {"zh": "预约"}}],
                "clauses": [
                    {"number": "1.1", "chapter": "1", "title": {"zh": "保密"},
                     "text": {"zh": "不得泄露客户资料。", "en": "Do not disclose customer data."},
                     "duty": "must_not", "citation": {"zh": "第一条"}, "key_clause": True},
                    {"number": "1.2", "chapter": "1", "text": {"zh": "待人诚实守信。"}, "citation": {"zh": "第一条"}, "key": True},
                    {"number": "2.1", "chapter": "2", "title": {"zh": "提前预约"},
                     "text": {"zh": "上门服务前必须与客户预约。", "en": "Make an appointment."},
                     "stage": "appointment", "citation": {"zh": "第二条"}, "phrase": {"zh": "您好，<b>我是</b>小王"}},
                    {"number": "2.2", "chapter": "2", "text": {"zh": "在预约时间前5至10分钟到达现场。"}, "stage": "arrival",
                     "tier": "basic"},
                    {"number": "12.1", "chapter": "2", "text": {"zh": "本条不用来出题。"}, "duty": "should", "examinable": False},
                ],
            }],
        },
        {
            "code": "OTH", "title": {"zh": "另一规范"},
            "editions": [{"edition": "1", "effective": "2020-01-01", "clauses": [{"number": "1", "text": {"zh": "提前一分钟到达门口。"}}]}],
        },
    ],
    "clashes": [{
        "code": "arrive", "subject": {"zh": "提前多久到达"}, "note": {"zh": "以上门规范为准。"},
        "sides": [{"clause": "STD@2026#2.2", "says": {"zh": "5至10分钟"}}, {"clause": "OTH@1#1", "says": {"zh": "一分钟"}}],
    }],
}
