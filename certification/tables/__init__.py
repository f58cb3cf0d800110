"""The columns, by subject. Imported whole, so that the schema is complete wherever one of them is used."""

from certification.tables.appeals import Appeal, Regrade
from certification.tables.attempts import Attempt, AttemptEvent, LateStep, PreparedAttempt, Presence, Step
from certification.tables.dispatch import DispatchDecision
from certification.tables.integrity import FormLook, FormOpening, PaperNote
from certification.tables.licences import Decision, Licence, LicenceEvent, LicenceSpan
from certification.tables.programmes import Programme, ProgrammeEdition
from certification.tables.results import FillRuling, Marking, PastResult, Result
from certification.tables.sittings import Booking, RoomNote, Sitting

__all__ = [
    "Appeal",
    "Attempt",
    "AttemptEvent",
    "Booking",
    "Decision",
    "DispatchDecision",
    "FillRuling",
    "FormLook",
    "FormOpening",
    "LateStep",
    "Licence",
    "LicenceEvent",
    "LicenceSpan",
    "Marking",
    "PaperNote",
    "PastResult",
    "PreparedAttempt",
    "Presence",
    "Programme",
    "ProgrammeEdition",
    "Regrade",
    "Result",
    "RoomNote",
    "Sitting",
    "Step",
]
