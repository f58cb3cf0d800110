"""What one device sent, and what it was told: the client's side of the bargain."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Answer = tuple[int, int]
"""Slot and seq: what names one answer of an attempt."""


def canonical(value: Any) -> str:
    """The one JSON text of a value, written down from docs/exams.md and not taken from the site's code."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


@dataclass
class Ledger:
    """One device's books on one attempt; texts are canonical JSON.

    ``at`` holds what ``mark`` said when an acknowledgement had come (where the
    disk stood, when a power cut is simulated). ``broken`` are answers that the
    documented door would never give.
    """

    attempt: str = ""
    mark: Callable[[], int] | None = None
    sent: dict[Answer, str] = field(default_factory=dict)
    acknowledged: dict[Answer, str] = field(default_factory=dict)
    at: dict[Answer, int] = field(default_factory=dict)
    refused: dict[Answer, str] = field(default_factory=dict)
    acknowledgements: int = 0
    receipt: dict[str, Any] | None = None
    broken: list[str] = field(default_factory=list)
    failures: Counter[str] = field(default_factory=Counter)

    def send(self, slot: int, seq: int, answer: Any) -> dict[str, Any]:
        """Note an answer that is about to be sent, and answer it as the door takes it."""
        self.sent[slot, seq] = canonical(answer)
        return {"slot": slot, "seq": seq, "answer": answer}

    def settle(self, asked: set[Answer], body: Any) -> bool:
        """Note what a save was answered; False when the answer is not a typed one for what was ``asked``."""
        saved, refused = (body.get("saved"), body.get("refused")) if isinstance(body, dict) else (None, None)
        if not isinstance(saved, list) or not isinstance(refused, list):
            return False
        told = {(entry["slot"], entry["seq"]): entry for entry in saved}
        turned_down = {(entry["slot"], entry["seq"]): entry["code"] for entry in refused}
        if set(told) | set(turned_down) != asked or set(told) & set(turned_down):
            self.broken.append(f"asked about {sorted(asked)}, told about {sorted(told)} and {sorted(turned_down)}")
            return False
        for answer, entry in told.items():
            if entry["sha256"] != self.fingerprint(answer):
                self.broken.append(f"{self.attempt} {answer}: the acknowledgement is for another answer")
                continue
            self.acknowledged[answer] = self.sent[answer]
            self.acknowledgements += 1
            if self.mark is not None and answer not in self.at:
                self.at[answer] = self.mark()
        self.refused.update(turned_down)
        return True

    def fingerprint(self, answer: Answer) -> str:
        """What an acknowledgement of this answer must carry."""
        text = f"[{canonical(self.attempt)},{answer[0]},{answer[1]},{self.sent[answer]}]"
        return hashlib.sha256(text.encode()).hexdigest()

    def fail(self, status: int, where: str) -> None:
        """Note an answer that says the site failed."""
        self.failures[f"{status} {where}"] += 1
