"""What a trainer types about a training that was held."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateTimeLocalField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from foundation.shape import Between, WholeNumber

SENSIBLE = Between(1990, 2100)


class TrainingForm(FlaskForm):
    """A training; the time is a civil time of the configured zone."""

    programme = SelectField(_l("认证项目"), [InputRequired(_l("请选择认证项目"))])
    title = StringField(_l("培训名称"), [DataRequired(_l("请填写培训名称")), Length(max=200, message=_l("培训名称最多 200 个字"))])
    held = DateTimeLocalField(
        _l("开始时间"), [InputRequired(_l("请填写开始时间")), SENSIBLE], format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
    )
    minutes = WholeNumber(_l("时长（分钟）"), [InputRequired(_l("请填写时长")), NumberRange(1, 10080, _l("时长要在 1 到 10080 分钟之间"))])
    attendees = TextAreaField(_l("参加人员"), [DataRequired(_l("请至少填写一个工号"))])
    note = TextAreaField(_l("备注"), [Length(max=2000, message=_l("备注最多 2000 字"))])
