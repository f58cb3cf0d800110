"""What is typed about papers, traps and a sitting's safeguards."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, PasswordField, RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from certification.canary import MOST
from certification.review import Review
from foundation.shape import WholeNumber

REVIEWS = {Review.NONE: _l("只看分数"), Review.CLAUSES: _l("看失分的条款"), Review.FULL: _l("看试题和答案")}


def _reason() -> TextAreaField:
    return TextAreaField(_l("理由"), [DataRequired(_l("请写明理由")), Length(max=500, message=_l("理由最多 500 字"))])


class OpenForm(FlaskForm):
    """Why somebody wants to look into a sealed paper, and whether they wait for a second person."""

    way = RadioField(
        _l("怎样启封"), [InputRequired(_l("请选择启封方式"))], choices=[("ask", _l("请另一位考务确认")), ("break", _l("紧急启封"))],
        default="ask",
    )
    reason = _reason()


class ReasonForm(FlaskForm):
    """Why another paper takes the place of this one."""

    reason = _reason()


class CanaryForm(FlaskForm):
    """Which item becomes a trap, and why."""

    code = StringField(_l("试题编号"), [DataRequired(_l("请填写试题编号")), Length(max=60, message=_l("试题编号最多 60 个字符"))])
    reason = _reason()


class CodeForm(FlaskForm):
    """What can be read off a photograph; the request is a GET, so that the answer can be shared."""

    class Meta:
        csrf = False

    code = StringField(_l("水印码"), [DataRequired(_l("请填写水印码")), Length(max=20, message=_l("水印码是 8 个字符"))])


class ProtectForm(FlaskForm):
    """Watermark and lockdown browser of a sitting. An empty password keeps the one that is set."""

    watermark = BooleanField(_l("答题页面加水印"))
    safe_browser = BooleanField(_l("必须使用安全考试浏览器"))
    quit_password = PasswordField(_l("退出密码"), [Optional(), Length(8, 60, _l("退出密码要 8 到 60 个字符"))])
    no_password = BooleanField(_l("不要退出密码"))
    spell_check = BooleanField(_l("允许拼写检查"))
    reload = BooleanField(_l("允许刷新页面"))


class CountForm(FlaskForm):
    """How many traps a sitting's paper carries."""

    count = WholeNumber(_l("陷阱题数量"), [InputRequired(_l("请填写数量")), NumberRange(0, MOST, _l("数量要在 0 到 10 之间"))])


class ReviewForm(FlaskForm):
    """What results show of the questions."""

    review = RadioField(
        _l("公布后考生能看到"), [InputRequired(_l("请选择一项"))], choices=[(key.value, text) for key, text in REVIEWS.items()]
    )
