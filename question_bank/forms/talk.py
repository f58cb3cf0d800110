"""Forms of what people say about a question: a comment, a remark, the answer to remarks."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField, TextAreaField
from wtforms.validators import DataRequired, Length

from question_bank.remark import MAX_TEXT, OFFERED, Met, State
from question_bank.remark_wording import REASONS, STATES

PARTS = {
    "": _l("整道题"), "stem": _l("题干"), "options": _l("选项"), "key": _l("答案"), "rationale": _l("解析"), "clauses": _l("条款"),
}
MAX_COMMENT = 1000


class CommentForm(FlaskForm):
    """A comment on a version, named by its ``number``."""

    number = HiddenField()
    part = SelectField(_l("说的是"), choices=list(PARTS.items()), default="")
    text = TextAreaField(_l("评论"), [
        DataRequired(message=_l("请写下评论")), Length(max=MAX_COMMENT, message=_l("评论最多 %(max)d 个字")),
    ])

    def __init__(self, **more: Any) -> None:
        super().__init__(prefix="talk", **more)


class RemarkForm(FlaskForm):
    """"This question looks wrong", from the item page."""

    number = HiddenField()
    reason = RadioField(_l("哪里有问题"), validators=[DataRequired(message=_l("请选一个原因。"))])
    text = TextAreaField(_l("说明"), [Length(max=MAX_TEXT, message=_l("说明最多 %(max)d 个字"))])

    def __init__(self, **more: Any) -> None:
        super().__init__(prefix="remark", **more)
        self.reason.choices = [(reason.value, gettext(REASONS[reason])) for reason in OFFERED[Met.BANK]]


class SettleForm(FlaskForm):
    """What became of the remarks that are ticked."""

    state = RadioField(_l("结论"), validators=[DataRequired(message=_l("请选一个结论"))])
    answer = TextAreaField(_l("答复"), [Length(max=MAX_TEXT, message=_l("答复最多 %(max)d 个字"))])

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.state.choices = [(state.value, gettext(STATES[state])) for state in State if state is not State.OPEN]
