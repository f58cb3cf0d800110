"""The verb of questions that leave: write them down in a format, and remember who took which."""

import hashlib

from foundation.work import Work
from question_bank.exchange.sent import Written


def exported(w: Work, format_name: str, questions: int, written: Written, chosen: str) -> None:
    """Record that questions left with their keys. ``chosen`` is how the list was narrowed."""
    digest = hashlib.sha256(written.content).hexdigest()[:16]
    left = questions - len(written.left_out)
    w.record("questions.exported", "question-bank", format=format_name, questions=left, file=digest, chosen=chosen[:500])
