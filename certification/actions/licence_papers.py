"""The licence on paper: a certificate on A4, and a badge card to cut out of an A6 sheet.

Both say what was true when they were printed and lead to the page that knows
what is true now. Only a licence in force is printed: paper cannot be called
back.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from flask_babel import gettext as _

from certification.actions import credentials
from certification.actions.canvas import AMBER, INK, LINE, MUTED, PALE, PRIMARY, WHITE, Page
from certification.licence import Grade, State
from certification.store import credentials as store
from certification.store.licences import LicenceView
from foundation.config import settings
from foundation.wording import day, hour, last_day, mark, said

PRINTED = (State.ACTIVE, State.EXPIRING)
CARD = (85.6, 53.98)
"""A card of ISO/IEC 7810 ID-1, in millimetres."""


class Refusal(StrEnum):
    """Why a licence is not printed."""

    NOT_IN_FORCE = "not_in_force"


@dataclass(frozen=True)
class Data:
    """What is printed, in the words of whoever prints it."""

    number: str
    name: str
    staff_no: str
    partner: str
    programme: str
    grade: Grade | None
    certified: str
    until: str
    issuer: str
    address: str
    printed: str

    @property
    def grade_word(self) -> str:
        """The grade."""
        return {Grade.EXCELLENT: _("优秀"), Grade.QUALIFIED: _("合格")}[self.grade] if self.grade else "–"


def data(session: store.Reader, view: LicenceView, now: datetime) -> Data | Refusal:
    """What is printed of a licence at ``now``."""
    held = credentials.standing(view, now)
    if held.state not in PRINTED:
        return Refusal.NOT_IN_FORCE
    return Data(
        view.number, view.name, view.staff_no, view.partner, said(view.programme), held.grade,
        day(held.certified), last_day(held.until), credentials.issuer(session), f"{settings().public_url}/verify/{view.number}",
        f"{day(now)} {hour(now)}",
    )


def certificate(told: Data) -> bytes:
    """The licence as a certificate, A4 across; raises foundation.pdf.MissingGlyph."""
    page = Page(297, 210, f"{_('上岗证')} {told.number}")
    page.net(186, 104, 66)
    page.box(9, 9, 279, 192, line=PRIMARY, width=1.6)
    page.box(11.2, 11.2, 274.6, 187.6, line=PRIMARY, width=0.4)
    _head(page, told)
    page.write(28, 139, _("上岗证"), 50, PRIMARY, bold=1.1, widest=160)
    page.write(28, 124, told.programme, 19, widest=185)
    page.write(28, 102, told.name, 31, bold=0.7, widest=120)
    page.write(28, 94, f"{_('工号')} {told.staff_no}{mark('，')}{told.partner}", 11, MUTED, widest=185)
    page.lines(28, 82, _(
        "经“%(programme)s”认证考试合格，并由未参与其培训和考试的认证决定人授予，准予在有效期内上岗服务。", programme=told.programme
    ), 11.5, 178)
    _certificate_facts(page, told)
    page.photo(233, 112, 36, 46, _("照片"))
    page.qr(233, 59, 36, told.address)
    page.write(251, 52.5, _("扫码核验"), 9.5, align="middle")
    page.write(251, 48, _("现在是否有效，以核验页为准"), 7, MUTED, align="middle", widest=46)
    _foot(page, told)
    return page.bytes()


def _head(page: Page, told: Data) -> None:
    page.emblem(28, 173, 13)
    page.write(45, 180, told.issuer, 13, bold=0.25, widest=120)
    page.write(45, 174.2, _("持证上岗"), 8.5, MUTED)
    page.write(269, 180, told.number, 13, align="right", bold=0.25)
    page.write(269, 174.2, _("证号"), 8.5, MUTED, align="right")
    page.rule(28, 167.5, 269, 167.5, LINE, 0.6)


def _certificate_facts(page: Page, told: Data) -> None:
    """Grade, certified and valid until, side by side."""
    cells = ((28, _("等级"), told.grade_word), (83, _("认证日期"), told.certified), (138, _("有效至"), told.until))
    for x, label, value in cells:
        page.rule(x, 63, x + 47, 63, PRIMARY, 0.8)
        page.write(x, 57.5, label, 8.5, MUTED)
        colour = AMBER if value == told.grade_word and told.grade is Grade.EXCELLENT else INK
        page.write(x, 49, value, 15, colour, bold=0.3, widest=52)


def _foot(page: Page, told: Data) -> None:
    page.write(28, 32, f"{_('发证单位（盖章）')}{mark('：')}{told.issuer}", 10, widest=130)
    page.rule(28, 26.5, 269, 26.5, LINE, 0.4)
    page.write(28, 20.5, told.address, 7.5, MUTED, widest=150)
    page.write(269, 20.5, _("%(time)s 打印", time=told.printed), 7.5, MUTED, align="right")


def card(told: Data) -> bytes:
    """The badge card, front and back, on an A6 sheet with marks to cut by; raises foundation.pdf.MissingGlyph."""
    page = Page(105, 148, f"{_('工作卡')} {told.number}")
    x = (105 - CARD[0]) / 2
    _front(page, x, 84, told)
    _back(page, x, 20, told)
    page.write(52.5, 8, _("沿角线裁下，正反两面贴合后塑封；原大打印，不要缩放"), 6.5, MUTED, align="middle", widest=90)
    return page.bytes()


def _frame(page: Page, x: float, y: float) -> None:
    """A card's edge, and marks at its corners."""
    wide, high = CARD
    page.box(x, y, wide, high, 3.2, line=LINE, width=0.4, fill=WHITE)
    for corner_x, out_x in ((x, -1), (x + wide, 1)):
        for corner_y, out_y in ((y, -1), (y + high, 1)):
            page.rule(corner_x + out_x * 1.5, corner_y, corner_x + out_x * 5, corner_y, INK, 0.3)
            page.rule(corner_x, corner_y + out_y * 1.5, corner_x, corner_y + out_y * 5, INK, 0.3)


def _front(page: Page, x: float, y: float, told: Data) -> None:
    wide, high = CARD
    _frame(page, x, y)
    page.emblem(x + 4, y + high - 11, 7.5)
    page.write(x + 13.5, y + high - 7.4, told.issuer, 8.5, bold=0.2, widest=46)
    page.write(x + 13.5, y + high - 10.8, told.programme, 6.5, MUTED, widest=46)
    page.write(x + wide - 4, y + high - 9.2, _("上岗证"), 11, PRIMARY, bold=0.3, align="right", widest=20)
    page.rule(x + 4, y + high - 13.4, x + wide - 4, y + high - 13.4, PRIMARY, 0.8)
    page.photo(x + 4, y + 9.4, 21, 27.5, _("照片"))
    page.write(x + 28.5, y + 28.6, told.name, 17, bold=0.4, widest=30)
    page.write(x + 28.5, y + 23.4, f"{_('工号')} {told.staff_no}", 7.5, widest=30)
    page.write(x + 28.5, y + 19.6, told.partner, 7.5, widest=30)
    page.write(x + 28.5, y + 14.2, f"{_('等级')} {told.grade_word}", 7.5, widest=30)
    page.write(x + 28.5, y + 10.4, f"{_('有效至')} {told.until}", 7.5, widest=30)
    page.qr(x + wide - 25.5, y + 15.4, 21.5, told.address)
    page.write(x + wide - 14.75, y + 11.2, _("扫码核验"), 6.5, MUTED, align="middle")
    page.write(x + 4, y + 4, told.number, 7.5, MUTED)


def _back(page: Page, x: float, y: float, told: Data) -> None:
    wide, high = CARD
    _frame(page, x, y)
    page.net(x + wide - 24, y + high / 2, 22, PALE)
    page.box(x + wide - 36, y + 15, 32, 32, 1.5, fill=WHITE, line=LINE, width=0.4)
    page.qr(x + wide - 34, y + 17, 28, told.address)
    page.write(x + 4, y + high - 9, _("客户您好"), 9.5, PRIMARY, bold=0.25)
    below = page.lines(x + 4, y + high - 15, _("请扫码核对：核验页显示“有效”，姓氏与来人一致，才请对方进门。"), 7.2, 41)
    page.lines(x + 4, below - 1.6, _("持卡人上门时须佩戴本卡；离岗、暂停或撤销时交还。拾到本卡，请交还发证单位。"), 6.4, 41, MUTED)
    page.write(x + 4, y + 5, told.address, 5.8, MUTED, widest=wide - 8)
