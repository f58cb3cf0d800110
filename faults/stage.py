"""The exam and the people: a document in the format of ``flask seed``."""

from datetime import UTC, datetime, timedelta
from typing import Any

PASSWORD = "一句只为试错而写的长口令"
SITTING = "FAULTS"
ITEMS = 50
RIGHT = "正确的做法"
DESK = {"officer-1": "officer", "officer-2": "officer", "decider-1": "decider", "decider-2": "decider"}


def names(people: int) -> list[str]:
    """The sign-in names of the candidates."""
    return [f"f{number:05}" for number in range(people)]


def document(people: int, items: int = ITEMS) -> dict[str, Any]:
    """Fifty questions of two kinds, ``people`` booked for a sitting that is open now, and the desk."""
    now = datetime.now(UTC)
    booked = [name.upper() for name in names(people)]
    return {
        "standards": [{"code": "FAULT", "title": {"zh": "试错用的规范"}, "editions": [{
            "edition": "1", "effective": "2020-01-01", "clauses": [{"number": "1.1", "text": {"zh": "不丢任何答案"}}],
        }]}],
        "partners": [{"code": "FAULTS", "name": "试错公司", "contracts": [{
            "code": "FAULTS-1", "starts": f"{now.year - 1}-01-01", "ends": f"{now.year + 1}-12-31", "state": "running",
        }]}],
        "people": [
            *({"staff_no": number, "username": number.lower(), "password": PASSWORD, "name": "试错员", "roles": ["candidate"],
               "partner": "FAULTS", "contract": "FAULTS-1"} for number in booked),
            *({"staff_no": name.upper(), "username": name, "password": PASSWORD, "name": name, "roles": [role]}
              for name, role in DESK.items()),
        ],
        "items": [_item(number, "multiple" if number % 5 == 0 else "single") for number in range(1, items + 1)],
        "programmes": [{
            "code": "FAULT", "title": {"zh": "试错"}, "standards": ["FAULT@1"], "validity_months": 12, "exam": {
                "minutes": 600, "pass": 0.6, "excellent": 0.85, "blueprint": [{"clauses": ["FAULT@1#1"], "count": items, "points": 2}],
            },
        }],
        "sittings": [{
            "code": SITTING, "programme": "FAULT", "opens": (now - timedelta(minutes=1)).isoformat(),
            "closes": (now + timedelta(hours=12)).isoformat(), "booked": booked,
        }],
    }


def _item(number: int, kind: str) -> dict[str, Any]:
    right = "AB" if kind == "multiple" else "A"
    return {
        "code": f"FAULT-{number}", "kind": kind, "stem": f"试错的第 {number} 题", "rationale": "只为试错", "clauses": ["FAULT@1#1.1"],
        "options": [{"code": code, "text": f"{RIGHT if code in right else '错误的做法'}{code}"} for code in "ABCD"], "key": list(right),
        "difficulty": 3,
    }
