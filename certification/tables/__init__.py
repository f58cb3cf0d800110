"""The columns, by subject. Imported whole, so that the schema is complete wherever one of them is used."""

from certification.tables.appeals import Appeal, Regrade
from certification.tables.attempts import Attempt, AttemptEvent, LateStep, PreparedAttempt, Presence, Step
from certification.tables.breaches import Breach, BreachFile, BreachMeasure
from certification.tables.credentials import SigningKey
from certification.tables.custody import CustodyAgreement, CustodyItem, CustodyReceipt, VisitPaper
from certification.tables.dispatch import DispatchDecision, DispatchOverride, DispatchPolicy, Webhook, WebhookDelivery, WebhookMark
from certification.tables.integrity import FormLook, FormOpening, PaperNote
from certification.tables.licences import Decision, Licence, LicenceEvent, LicenceSpan
from certification.tables.notices import Notice, NoticeChannel, NoticeRun
from certification.tables.programmes import Programme, ProgrammeEdition
from certification.tables.results import FillRuling, ItemTally, Marking, PastResult, Result
from certification.tables.sittings import Booking, RoomNote, Sitting
from certification.tables.training import Training, TrainingAttendance

__all__ = [
    "Appeal",
    "Attempt",
    "AttemptEvent",
    "Booking",
    "Breach",
    "BreachFile",
    "BreachMeasure",
    "CustodyAgreement",
    "CustodyItem",
    "CustodyReceipt",
    "Decision",
    "DispatchDecision",
    "DispatchOverride",
    "DispatchPolicy",
    "FillRuling",
    "FormLook",
    "FormOpening",
    "ItemTally",
    "LateStep",
    "Licence",
    "LicenceEvent",
    "LicenceSpan",
    "Marking",
    "Notice",
    "NoticeChannel",
    "NoticeRun",
    "PaperNote",
    "PastResult",
    "PreparedAttempt",
    "Presence",
    "Programme",
    "ProgrammeEdition",
    "Regrade",
    "Result",
    "RoomNote",
    "SigningKey",
    "Sitting",
    "Step",
    "Training",
    "TrainingAttendance",
    "VisitPaper",
    "Webhook",
    "WebhookDelivery",
    "WebhookMark",
]
