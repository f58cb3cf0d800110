"""What an officer types in a room. Every deed asks for its reason."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateTimeLocalField, RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, ValidationError

from foundation.shape import Between, WholeNumber

MOST_MINUTES = 240
SENSIBLE = Between(1990, 2100)
MINUTE = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]


def _reason() -> TextAreaField:
    return TextAreaField(
        _l("原因"), [DataRequired(_l("请写明原因")), Length(max=500, message=_l("原因最多 500 字"))],
        filters=[lambda text: text.strip() if text else text],
    )


def _minutes(label: Any, least: int = 1) -> WholeNumber:
    within = NumberRange(least, MOST_MINUTES, _l("分钟数要在 %(min)s 到 %(max)s 之间"))
    return WholeNumber(label, [InputRequired(_l("请填写分钟数")), within])


class ReasonForm(FlaskForm):
    """A deed that needs nothing but its reason."""

    reason = _reason()


class MinutesForm(ReasonForm):
    """A deed that gives time to one attempt."""

    minutes = _minutes(_l("分钟"))


class SureForm(ReasonForm):
    """A deed that takes somebody's paper away."""

    sure = BooleanField(_l("我确认作废这份答卷"), [InputRequired(_l("作废前请先勾选确认"))])


class CollectForm(ReasonForm):
    """A deed that ends somebody's exam before the time."""

    sure = BooleanField(_l("我确认现在收卷"), [InputRequired(_l("收卷前请先勾选确认"))])


class CreditForm(FlaskForm):
    """Time back for a whole room."""

    minutes = _minutes(_l("每人加时（分钟）"))
    waiting = BooleanField(_l("还没开始的人也加"))
    again = BooleanField(_l("再补一次"))
    reason = _reason()


class ExtraForm(FlaskForm):
    """How much longer one person has, from the start; 0 takes it back."""

    minutes = _minutes(_l("比别人多几分钟"), 0)
    reason = _reason()


class WindowForm(FlaskForm):
    """A later end; a civil time of the configured zone."""

    closes = DateTimeLocalField(_l("新的结束时间"), [InputRequired(_l("请填写结束时间")), SENSIBLE], format=MINUTE)
    reason = _reason()


class CodeForm(FlaskForm):
    """Another entry code, or none."""

    choice = RadioField(
        _l("入场码"), [InputRequired(_l("请选一项"))],
        choices=[("random", _l("换一个 6 位数字码")), ("own", _l("自己定一个")), ("off", _l("不用入场码"))],
    )
    code = StringField(
        _l("自定的入场码"), [Length(max=40, message=_l("入场码最多 40 个字符"))], filters=[lambda text: text.strip() if text else text]
    )
    reason = _reason()

    def validate_code(self, field: Any) -> None:
        """A code of one's own has to be there."""
        if self.choice.data == "own" and not field.data:
            raise ValidationError(_l("请填写入场码，或选别的方式"))


class CheckInForm(FlaskForm):
    """What the officer at the door noted about those who are checked in now."""

    note = StringField(
        _l("备注"), [Length(max=200, message=_l("备注最多 200 字"))], filters=[lambda text: text.strip() if text else text]
    )


class NoteForm(FlaskForm):
    """A line for the room's book."""

    text = TextAreaField(
        _l("考务记录"), [DataRequired(_l("请写下记录的内容")), Length(max=1000, message=_l("记录最多 1000 字"))],
        filters=[lambda text: text.strip() if text else text],
    )
