"""The form of "this question looks wrong", on the page that looks back at an exam."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, TextAreaField
from wtforms.validators import DataRequired, Length

from question_bank.remark import MAX_TEXT, OFFERED, Met
from question_bank.remark_wording import REASONS


class RemarkForm(FlaskForm):
    """What looks wrong with a question, and more about it."""

    reason = RadioField(_l("哪里有问题"), validators=[DataRequired(message=_l("请选一个原因。"))])
    text = TextAreaField(_l("说明"), [Length(max=MAX_TEXT, message=_l("说明最多 %(max)d 个字"))])

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.reason.choices = [(reason.value, gettext(REASONS[reason])) for reason in OFFERED[Met.REVIEW]]
