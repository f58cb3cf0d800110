"""The verb of trainings: record one that was held."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from certification.actions import breaches
from certification.tables import Training, TrainingAttendance
from foundation.work import Work


@dataclass(frozen=True)
class Held:
    """A training as it was held; the account that records it taught it."""

    programme_id: int
    title: str
    held: datetime
    minutes: int
    note: str
    attendees: Sequence[int]


def record(w: Work, training: Held) -> int:
    """Keep the training and who attended; whoever owed a retraining after breaches has done it."""
    if w.actor.account_id is None:
        raise ValueError("a training needs an account that taught it")
    row = Training(
        programme_id=training.programme_id, title=training.title, held=training.held, minutes=training.minutes, note=training.note,
        trainer_id=w.actor.account_id, recorded=w.now, recorded_by=w.actor.account_id,
    )
    w.session.add(row)
    w.session.flush()
    w.session.add_all([TrainingAttendance(training_id=row.id, person_id=person_id) for person_id in training.attendees])
    w.session.flush()
    w.record("training.recorded", f"training:{row.id}", programme=training.programme_id, attendees=len(training.attendees))
    breaches.fulfil(w, training.attendees)
    return row.id
