"""What an officer or coordinator types about a sitting."""

import re
import unicodedata
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateTimeLocalField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, Regexp, ValidationError

from foundation.shape import Between, WholeNumber

MOST_LINES = 500
SENSIBLE = Between(1990, 2100)
MINUTE = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
REVIEWS = {
    "none": (_l("只看成绩"), _l("总分、各部分得分")),
    "clauses": (_l("加上失分的条款"), _l("知道该重学哪些规范条款，看不到题目")),
    "full": (_l("加上题目和解析"), _l("用同一份试卷的场次全部结束后才显示")),
}


class SittingForm(FlaskForm):
    """A sitting to be scheduled; times are civil times of the configured zone."""

    programme = SelectField(_l("认证项目"), [InputRequired(_l("请选择认证项目"))])
    code = StringField(
        _l("场次编号"),
        [Optional(), Length(max=50, message=_l("场次编号最多 50 个字符")),
         Regexp(r"^[A-Za-z0-9][A-Za-z0-9._-]*$", message=_l("场次编号只能用字母、数字、点、横线和下划线"))],
    )
    opens = DateTimeLocalField(_l("开始时间"), [InputRequired(_l("请填写开始时间")), SENSIBLE], format=MINUTE)
    closes = DateTimeLocalField(_l("结束时间"), [InputRequired(_l("请填写结束时间")), SENSIBLE], format=MINUTE)
    place = StringField(_l("地点"), [Length(max=120, message=_l("地点最多 120 个字"))])
    seats = WholeNumber(_l("座位数"), [Optional(), NumberRange(1, 10000, _l("座位数要在 1 到 10000 之间"))])
    make_code = BooleanField(_l("由系统生成 6 位数字入场码"))
    entry_code = StringField(_l("入场码"), [Length(max=40, message=_l("入场码最多 40 个字符"))])
    check_in = BooleanField(_l("考务核验身份后才能开始"))
    extra = WholeNumber(_l("每人加时（分钟）"), [Optional(), NumberRange(0, 240, _l("加时要在 0 到 240 分钟之间"))])
    watermark = BooleanField(_l("题目页面显示水印（姓名和工号）"), default=True)
    review = RadioField(_l("公布成绩后，考生看到什么"), choices=[(code, words) for code, (words, _hint) in REVIEWS.items()], default="none")


class BookingForm(FlaskForm):
    """Staff numbers, pasted; separated by lines, blanks or commas."""

    staff_nos = TextAreaField(_l("工号"), [DataRequired(_l("请至少填写一个工号"))])

    def numbers(self) -> list[str]:
        """The numbers in the order typed."""
        text = unicodedata.normalize("NFKC", str(self.staff_nos.data or ""))
        return [number for number in re.split(r"[\s,;、]+", text) if number]

    def validate_staff_nos(self, field: Any) -> None:
        """No more than one transaction should carry, and nothing longer than a staff number can be."""
        numbers = self.numbers()
        if not numbers:
            raise ValidationError(_l("请至少填写一个工号"))
        if len(numbers) > MOST_LINES:
            raise ValidationError(_l("一次最多报名 500 人，请分几次提交"))


class CallOffForm(FlaskForm):
    """Why a sitting is cancelled."""

    reason = TextAreaField(
        _l("取消原因"), [DataRequired(_l("请写明取消原因，考生会看到")), Length(max=500, message=_l("取消原因最多 500 字"))]
    )
