"""What is typed about an appeal or a complaint."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from certification.appeal import LONGEST, SHORTEST
from foundation.shape import WholeNumber

SIZE = Length(min=SHORTEST, max=LONGEST, message=_l("请写 10 到 4000 字"))
VERDICTS = [("upheld", _l("成立")), ("rejected", _l("不成立"))]


class AppealForm(FlaskForm):
    """Why a result should be another; the question as one's own paper numbered it."""

    slot = WholeNumber(_l("题号"), [Optional(), NumberRange(min=1, max=1000, message=_l("没有这个题号"))])
    text = TextAreaField(_l("申诉内容"), [InputRequired(_l("请写明申诉内容")), SIZE])


class ComplaintForm(FlaskForm):
    """What went wrong with an exam."""

    text = TextAreaField(_l("投诉内容"), [InputRequired(_l("请写明投诉内容")), SIZE])


class OutcomeForm(FlaskForm):
    """The answer to a case, with reasons."""

    verdict = RadioField(_l("结论"), [InputRequired(_l("请选择成立或不成立"))], choices=VERDICTS)
    outcome = TextAreaField(_l("答复"), [InputRequired(_l("请写明答复")), SIZE])
    asks_regrade = BooleanField(_l("请考务提议重新评分"))
