"""The demonstration's breaches: one that only counts, one to be retrained for, a suspension under appeal, and one that was lifted."""

import io
from dataclasses import dataclass
from datetime import datetime, timedelta

from PIL import Image, ImageDraw
from sqlalchemy import select

from certification import demonstration as company
from certification.actions import breaches
from certification.actions.breaches import Found
from certification.breach import Refusal, Severity, Source, Verdict
from certification.breach_file import Evidence, Flaw, read
from certification.store import breaches as store
from certification.tables import Breach
from foundation.database import db
from foundation.work import COMMAND, Actor, work
from people.store import companies
from standards.store import clause_ids


@dataclass(frozen=True)
class Tale:
    """A breach of the ``who``-th person, recorded so many days ago; with a photograph, or without."""

    who: int
    days: int
    source: Source
    severity: Severity
    clause: str
    text: str
    photo: bool = False


TALES = (
    Tale(2, 60, Source.COMPLAINT, Severity.GRAVE, "GCS@2011#25.6", "客户反映上门人员身上有酒味，现场调换了人员。"),
    Tale(1, 40, Source.INSPECTION, Severity.SERIOUS, "GCS@2011#19.2", "巡检现场未穿制服、未佩戴胸卡，客户保安不予放行。", True),
    Tale(0, 18, Source.COMPLAINT, Severity.SERIOUS, "GCS@2011#25.3", "改期没有提前两小时通知客户，客户白等了一个上午。"),
    Tale(1, 12, Source.MYSTERY_VISIT, Severity.SERIOUS, "GCS@2011#29.2", "进门前没有出示工号牌，神秘访客两次询问后才说明身份。", True),
    Tale(3, 3, Source.INSPECTION, Severity.MINOR, "GCS@2011#25.1", "约定 14:00 到场，实际 14:06 到达，没有提前到达。"),
)
APPEAL = "当天客户要求从后门进入，前台登记时已经出示过工号牌，登记册上有记录，请核实。"
LIFTED = "经核对酒精检测记录和同行人员说明，气味来自工位刚使用的清洁剂，当事人没有饮酒。予以撤销。"
SELF = "S0001"
"""The candidate of the demonstration: the last tale is theirs, so that their page shows one."""


def load(today: datetime, hr: Actor, decider: Actor) -> None:
    """Tell the tales in order; the second person appeals last week, the third was heard long ago."""
    among, instants = company.HUAXIN[12:] + company.YUANCHENG[4:], (today - timedelta(days=61), today)
    people = [*store.sound(db.session, among, instants, 3), SELF]  # who are in no other story
    numbers = [_record(hr, today - timedelta(days=tale.days), people[tale.who], tale) for tale in TALES]
    with work(COMMAND, today - timedelta(days=57)) as w:
        breaches.appeal(w, _row(numbers[0]).id, "我当天没有饮酒，公司出车前做过酒精检测，请调取记录。")
    with work(decider, today - timedelta(days=52)) as w:
        row = _row(numbers[0])
        breaches.decide(w, row.person_id, row.id, Verdict.LIFT, LIFTED)
    with work(COMMAND, today - timedelta(days=5)) as w:
        breaches.appeal(w, _row(numbers[3]).id, APPEAL)


def _record(hr: Actor, at: datetime, staff_no: str, tale: Tale) -> str:
    files = [_photograph()] if tale.photo else []
    with work(hr, at) as w:
        person_id = companies.person_ids(w.session, [staff_no])[staff_no]
        clause_id = clause_ids(w.session)[tale.clause]
        found = Found(person_id, clause_id, tale.source, tale.severity, at - timedelta(days=1, hours=2), tale.text, files=files)
        made = breaches.record(w, found)
    if isinstance(made, Refusal):
        raise RuntimeError(f"a tale of the demonstration is refused: {made}")
    return made


def _row(number: str) -> Breach:
    return db.session.scalars(select(Breach).where(Breach.number == number)).one()


def _photograph() -> Evidence:
    """A drawing in place of a photograph: a door, and a figure without a badge."""
    page = Image.new("RGB", (960, 640), "#d9d4c7")
    pen = ImageDraw.Draw(page)
    pen.rectangle((560, 90, 820, 640), fill="#7d8a86", outline="#4c5552", width=6)
    pen.ellipse((770, 360, 794, 384), fill="#e6c36a")
    pen.ellipse((250, 130, 370, 250), fill="#caa183")
    pen.rounded_rectangle((200, 260, 420, 640), 60, fill="#4a5f7a")
    pen.rectangle((300, 330, 360, 370), outline="#dfe6ee", width=4)
    out = io.BytesIO()
    page.save(out, "PNG")
    made = read("现场.png", out.getvalue())
    if isinstance(made, Flaw):
        raise RuntimeError(f"the drawing is refused: {made}")
    return made
