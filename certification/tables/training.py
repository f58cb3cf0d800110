"""Training that was held, and who attended."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Base, Instant


class Training(Base):
    """A training as it was held; ``trainer_id`` is the account that taught it, and is kept from deciding on those who attended."""

    __tablename__ = "trainings"

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    held: Mapped[datetime] = mapped_column(Instant)
    minutes: Mapped[int]
    trainer_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    note: Mapped[str] = mapped_column(Text, default="")
    recorded: Mapped[datetime] = mapped_column(Instant)
    recorded_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))

    __table_args__ = (CheckConstraint("minutes BETWEEN 1 AND 10080", name="minutes"),)


class TrainingAttendance(Base):
    """Somebody attended a training."""

    __tablename__ = "training_attendances"

    training_id: Mapped[int] = mapped_column(ForeignKey("trainings.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
