"""What somebody types to try a dispatch decision."""

import re
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateTimeLocalField, HiddenField, RadioField, SelectField, StringField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length, Optional, Regexp

from certification.visit import YEARS, Scope, Tier, Visit
from foundation.shape import Between

TIERS = {Tier.GOLD: _l("金牌级"), Tier.IMPORTANT: _l("重要"), Tier.ORDINARY: _l("普通")}
SCOPES = {Scope.LOCAL: _l("本市"), Scope.CROSS_CITY: _l("跨市"), Scope.CROSS_PROVINCE: _l("跨省")}
FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]
TEAM = 50
PLAIN = re.compile(r"[^\x00-\x1f\x7f]*")
PLAIN_TEXT = re.compile(r"[^\x00-\x1f\x7f]*\Z")
_BETWEEN = re.compile(r"[\s,，、;；]+")


class DispatchForm(FlaskForm):
    """A visit and its team; times are local."""

    staff = StringField(
        _l("队伍的工号"), [DataRequired(_l("请输入至少一个工号")), Length(max=2000)], description=_l("负责人在前，用空格或逗号分开")
    )
    programme = SelectField(_l("认证项目"), [InputRequired(_l("请选择认证项目"))])
    customer_tier = RadioField(_l("客户级别"), [InputRequired(_l("请选择客户级别"))], choices=list(TIERS.items()))
    scope = RadioField(_l("服务范围"), [InputRequired(_l("请选择服务范围"))], choices=list(SCOPES.items()))
    starts = DateTimeLocalField(_l("开始"), [InputRequired(_l("请输入开始时间")), Between(YEARS[0], YEARS[-1])], format=FORMATS)
    ends = DateTimeLocalField(_l("结束"), [InputRequired(_l("请输入结束时间")), Between(YEARS[0], YEARS[-1])], format=FORMATS)
    visit = StringField(
        _l("工单号"), [Optional(), Length(max=80), Regexp(PLAIN_TEXT, message=_l("工单号里有不能显示的字符"))],
        description=_l("以后可以按它查到这次判定"),
    )
    logo = BooleanField(_l("要使用标识物品"), description=_l("制服、胸卡、工具包等印有标识的物品"))
    partner = HiddenField(validators=[Optional(), Length(max=40)])

    def team(self) -> tuple[str, ...]:
        """The staff numbers as they were typed, each once."""
        return tuple(dict.fromkeys(number for number in _BETWEEN.split(str(self.staff.data or "")) if number))

    def validate_staff(self, field: Any) -> None:
        team = self.team()
        if not team:
            raise ValidationError(_("请输入至少一个工号"))
        if len(team) > TEAM:
            raise ValidationError(_("一支队伍最多 %(n)s 人", n=TEAM))
        for number in team:
            if len(number) > 40 or not PLAIN.fullmatch(number):
                raise ValidationError(_("“%(number)s”不是工号", number=number[:20]))

    def validate_ends(self, field: Any) -> None:
        if field.data and self.starts.data and field.data <= self.starts.data:
            raise ValidationError(_("结束时间必须晚于开始时间"))

    def asked(self, zone: ZoneInfo) -> Visit:
        """The visit, with its instants in UTC."""
        return Visit(
            self.team(), str(self.programme.data), Tier(self.customer_tier.data), Scope(self.scope.data), _utc(self.starts.data, zone),
            _utc(self.ends.data, zone), str(self.visit.data or "").strip(), str(self.partner.data) if self.partner.data else None,
            bool(self.logo.data),
        )


def _utc(local: datetime | None, zone: ZoneInfo) -> datetime:
    if local is None:
        raise ValueError("the form was not validated")
    return local.replace(tzinfo=zone).astimezone(UTC)


def typed(visit: Visit, zone: ZoneInfo) -> dict[str, str]:
    """The fields that ask about ``visit`` again."""
    return {
        "staff": " ".join(visit.team), "programme": visit.programme, "customer_tier": visit.tier, "scope": visit.scope,
        "starts": _local(visit.starts, zone), "ends": _local(visit.ends, zone), "visit": visit.id, "partner": visit.partner or "",
        **({"logo": "y"} if visit.logo else {}),
    }


def _local(instant: datetime, zone: ZoneInfo) -> str:
    here = instant.astimezone(zone)
    return f"{here:%Y-%m-%dT%H:%M:%S}" if here.second else f"{here:%Y-%m-%dT%H:%M}"
