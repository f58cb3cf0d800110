"""What somebody types to propose an emergency override."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateTimeLocalField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from certification.dispatch_override import LEAST_REASON
from certification.forms.dispatch import FORMATS
from certification.visit import YEARS
from foundation.shape import Between


class OverrideForm(FlaskForm):
    """Whom, under what, why, and until when; the time is local."""

    staff = StringField(_l("工号"), [DataRequired(_l("请输入工号")), Length(max=40, message=_l("工号最多 40 个字符"))])
    programme = SelectField(_l("认证项目"), [InputRequired(_l("请选择认证项目"))])
    ends = DateTimeLocalField(_l("放行到"), [InputRequired(_l("请输入结束时间")), Between(YEARS[0], YEARS[-1])], format=FORMATS)
    reason = TextAreaField(
        _l("理由"), [DataRequired(_l("请写明理由")), Length(LEAST_REASON, 1000, _l("理由要有 20 到 1000 个字"))],
        description=_l("写明发生了什么、为什么没有其他人可派；至少 20 个字"),
    )

    def until(self, zone: ZoneInfo) -> datetime:
        """The end as an instant."""
        if self.ends.data is None:
            raise ValueError("the form was not validated")
        return self.ends.data.replace(tzinfo=zone).astimezone(UTC)
