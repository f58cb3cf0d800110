"""What an administrator types to add a version of the dispatch policy, and what somebody pastes to verify a pass."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateTimeLocalField, SelectMultipleField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from certification.dispatch_pass import LONGEST
from certification.dispatch_policy import IN_FORCE, VERSION, Parameters
from certification.forms.dispatch import FORMATS
from certification.visit import YEARS
from foundation.shape import Between, WholeNumber

CONTRACT_STATES = {"signed": _l("已签"), "running": _l("执行中"), "ending": _l("即将结束")}
NAMES = {
    "recertify_months": _l("距上次认证最多"), "longest_days": _l("一次作业最长"), "in_force": _l("算作有效的合同状态"),
    "override_hours": _l("紧急放行最长"), "pass_hours": _l("离线通行码最长"),
}


class PolicyForm(FlaskForm):
    """A new version; the time is local, empty for at once."""

    version = StringField(
        _l("版本号"),
        [DataRequired(_l("请输入版本号")), Regexp(rf"\A{VERSION}\Z", message=_l("版本号用字母、数字、点和横线，最多 20 个字符"))],
        description=_l("例如 2026-12，写进每一次判定"),
    )
    effective = DateTimeLocalField(
        _l("生效时间"), [Optional(), Between(YEARS[0], YEARS[-1])], format=FORMATS, description=_l("不填就是立即生效；不能早于现在"),
    )
    recertify_months = WholeNumber(
        NAMES["recertify_months"], [InputRequired(_l("请输入月数")), NumberRange(1, 12, _l("1 到 12 个月"))],
        description=_l("按自然月计，规范要求每年至少考评一次，所以不能超过 12"),
    )
    longest_days = WholeNumber(NAMES["longest_days"], [InputRequired(_l("请输入天数")), NumberRange(1, 31, _l("1 到 31 天"))])
    override_hours = WholeNumber(NAMES["override_hours"], [InputRequired(_l("请输入小时数")), NumberRange(1, 72, _l("1 到 72 小时"))])
    pass_hours = WholeNumber(NAMES["pass_hours"], [InputRequired(_l("请输入小时数")), NumberRange(1, 12, _l("1 到 12 小时"))])
    in_force = SelectMultipleField(
        NAMES["in_force"], [InputRequired(_l("至少选一种状态"))], choices=list(CONTRACT_STATES.items()),
        option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False),
    )
    note = TextAreaField(_l("为什么改"), [DataRequired(_l("请写明为什么改")), Length(max=1000, message=_l("最多 1000 个字"))])

    def validate_in_force(self, field: SelectMultipleField) -> None:
        if not IN_FORCE.issuperset(field.data or ()):
            raise ValidationError(_("没有这种合同状态"))

    def parameters(self) -> Parameters:
        """What the version sets."""
        return Parameters(
            _whole(self.recertify_months), _whole(self.longest_days), tuple(sorted(self.in_force.data or ())), _whole(self.override_hours),
            _whole(self.pass_hours),
        )

    def from_when(self, zone: ZoneInfo, now: datetime) -> datetime:
        """When it takes effect."""
        return self.effective.data.replace(tzinfo=zone).astimezone(UTC) if self.effective.data else now


def _whole(field: WholeNumber) -> int:
    if field.data is None:
        raise ValueError("the form was not validated")
    return int(field.data)


class PassForm(FlaskForm):
    """A pass as it was pasted, or typed by a hand scanner."""

    token = TextAreaField(
        _l("通行码"), [DataRequired(_l("请粘贴或扫描通行码")), Length(max=LONGEST, message=_l("这不是通行码"))],
        description=_l("以三段用点隔开的字符组成；扫码枪可以直接扫进来"),
    )
