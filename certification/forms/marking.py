"""What a marker types."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import AnyOf, InputRequired, Length, NumberRange

from foundation.shape import WholeNumber

_CHOOSE = _l("请选择一个得分")


class MarkForm(FlaskForm):
    """One mark: which answer, how many quarters of the points, and why."""

    answer = HiddenField(validators=[InputRequired()])
    mark = WholeNumber(_l("得分"), [InputRequired(_CHOOSE), NumberRange(0, 4, _CHOOSE)])
    comment = TextAreaField(_l("评语"), [Length(max=1000, message=_l("评语最多 1000 字"))])


class ClaimForm(FlaskForm):
    """A claim that is taken back."""

    answer = HiddenField(validators=[InputRequired()])
    round = WholeNumber(validators=[InputRequired(), NumberRange(1, 3)])


class RulingForm(FlaskForm):
    """A ruling on one text of one gap."""

    version = WholeNumber(validators=[InputRequired()])
    gap = WholeNumber(validators=[InputRequired(), NumberRange(0, 100)])
    text = HiddenField(validators=[InputRequired()])
    verdict = StringField(_l("认定"), [AnyOf(("accept", "reject"), _l("请选择算对还是算错"))])
    reason = TextAreaField(_l("理由"), [Length(max=500, message=_l("理由最多 500 字"))])
