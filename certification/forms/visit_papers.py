"""What a team fills in on a visit's paper, and what the customer says."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateTimeLocalField, RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, Regexp

from certification.forms.signature import SignatureField
from foundation.shape import Between

SENSIBLE = Between(2000, 2100)
FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
PHONE = Regexp(r"^[0-9+()（）\- ]{5,40}$", message=_l("联系电话只能用数字、加号、横线和括号"))
CUSTOMER = Length(max=120, message=_l("客户名称最多 120 个字"))


class FillForm(FlaskForm):
    """What both kinds of paper say: the customer, and when the team came and went."""

    customer = StringField(_l("客户名称"), [DataRequired(_l("请填写客户名称")), CUSTOMER])
    arrived = DateTimeLocalField(_l("到达时间"), [InputRequired(_l("请填写到达时间")), SENSIBLE], format=FORMATS)

    def times(self, zone: ZoneInfo) -> tuple[datetime, datetime | None]:
        """Arrival and departure as instants."""
        left = self["left"].data
        return _utc(self.arrived.data, zone), _utc(left, zone) if left else None

    def filled(self, zone: ZoneInfo) -> dict[str, Any]:
        """What the paper keeps, instants in ISO 8601."""
        arrived, left = self.times(zone)
        texts = {name: str(self[name].data or "").strip() for name in ("customer", "work", "contact", "phone") if name in self}
        return {**texts, "arrived": arrived.isoformat(), "left": left.isoformat() if left else ""}


class WorkForm(FillForm):
    """Fault handling or an inspection: what was done."""

    left = DateTimeLocalField(_l("离开时间"), [Optional(), SENSIBLE], format=FORMATS)
    work = TextAreaField(_l("处理情况"), [
        DataRequired(_l("请写明情况")), Length(min=2, max=2000, message=_l("情况要在 2 到 2000 字之间"))
    ])


class NoteForm(FillForm):
    """The note that is left when nobody answers: whom to call."""

    left = DateTimeLocalField(_l("离开时间"), [InputRequired(_l("请填写离开时间")), SENSIBLE], format=FORMATS)
    contact = StringField(_l("联系人"), [DataRequired(_l("请填写联系人")), Length(max=80, message=_l("联系人最多 80 个字"))])
    phone = StringField(_l("联系电话"), [DataRequired(_l("请填写联系电话")), PHONE])


class ConfirmForm(FlaskForm):
    """The customer: content or not, in words, and signed."""

    satisfied = RadioField(
        _l("您对这次服务满意吗"), [InputRequired(_l("请选择满意或不满意"))], choices=[("yes", _l("满意")), ("no", _l("不满意"))]
    )
    remarks = TextAreaField(_l("意见"), [Length(max=1000, message=_l("意见最多 1000 个字"))])
    sign = SignatureField(_l("客户签名"))


def typed(fields: Mapping[str, Any], zone: ZoneInfo) -> dict[str, Any]:
    """What a paper keeps, as its form shows it."""
    found: dict[str, Any] = {name: fields[name] for name in ("customer", "work", "contact", "phone") if fields.get(name)}
    for name in ("arrived", "left"):
        if fields.get(name):
            found[name] = datetime.fromisoformat(fields[name]).astimezone(zone).replace(tzinfo=None)
    return found


def _utc(local: datetime | None, zone: ZoneInfo) -> datetime:
    if local is None:
        raise ValueError("the form was not validated")
    return local.replace(tzinfo=zone).astimezone(UTC)
