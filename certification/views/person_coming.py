"""What comes next for a person, the most urgent first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from certification.licence import State
from certification.views import breach_words
from certification.views.person_contents import File
from foundation.wording import instant as in_words
from foundation.wording import last_day, said

SHOWN = 4
SOON_DAYS = 90


@dataclass(frozen=True)
class Due:
    """One thing that is due or comes; ``at`` is when, ``tone`` how pressing it is."""

    at: datetime
    title: str
    when: str
    tone: str
    icon: str
    url: str | None = None


def coming(file: File, now: datetime) -> list[Due]:
    """The next few things."""
    return sorted([*_measures(file, now), *_licences(file), *_exams(file, now), *_contracts(file, now)], key=lambda due: due.at)[:SHOWN]


def _measures(file: File, now: datetime) -> Iterator[Due]:
    for row in file.measures:
        measure = row.BreachMeasure
        if measure.closed is None and measure.due is not None:
            late = measure.due <= now
            day = _("已逾期，应于%(day)s前完成", day=last_day(measure.due)) if late else _("%(day)s前完成", day=last_day(measure.due))
            url = url_for("breaches.show", number=row.number)
            yield Due(measure.due, str(breach_words.KINDS[measure.kind]), day, "bad" if late else "warn", "training", url)


def _licences(file: File) -> Iterator[Due]:
    for held in file.standings:
        if held.now.until and held.now.state in {State.ACTIVE, State.EXPIRING} and (held.now.days_left or 0) <= SOON_DAYS:
            title = _("%(programme)s上岗证到期", programme=said(held.view.programme))
            url = url_for("licences.show", number=held.view.number)
            tone = "warn" if held.now.state is State.EXPIRING else "info"
            yield Due(held.now.until, title, _("有效至 %(day)s", day=last_day(held.now.until)), tone, "licence", url)


def _exams(file: File, now: datetime) -> Iterator[Due]:
    for row in file.exams:
        if row.closes > now and row.cancelled is None and row.ended is None:
            yield Due(row.opens, _("%(programme)s考试", programme=said(row.title)), in_words(row.opens), "info", "exam")


def _contracts(file: File, now: datetime) -> Iterator[Due]:
    for row in file.rosters:
        ends = min(filter(None, (row.ends, row.contract_ends)))
        if now < ends and (ends - now).days <= SOON_DAYS:
            yield Due(ends, _("合同 %(code)s 结束", code=row.code), last_day(ends), "info", "contract")
