"""What officers and deciders type about a regrade."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import FloatField, HiddenField, RadioField, SelectMultipleField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from certification.regrade import Kind

KINDS = {
    Kind.VOID: _l("作废这道题"), Kind.FULL_CREDIT: _l("全员给满分"), Kind.EXTRA_KEY: _l("增加一个正确答案"), Kind.REWEIGHT: _l("调整分值"),
}
LONG = Length(max=2000, message=_l("最多 2000 字"))


class ProposalForm(FlaskForm):
    """A proposal on one question; which of the fields count depends on the kind."""

    kind = RadioField(_l("处理方式"), [InputRequired(_l("请选择处理方式"))], choices=list(KINDS.items()))
    picked = SelectMultipleField(_l("也算正确的选项"), option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False))
    typed = TextAreaField(_l("也算正确的答案"), [Length(max=500, message=_l("最多 500 字"))])
    points = FloatField(_l("新的分值"), [Optional()])
    reason = TextAreaField(_l("理由"), [InputRequired(_l("请写明理由")), LONG])
    appeal = HiddenField()


class CommitForm(FlaskForm):
    """The decision that is signed; what is said of each licence comes beside it, by the licence's id."""

    digest = HiddenField(validators=[Length(max=64)])
    note = TextAreaField(_l("决定理由"), [InputRequired(_l("请写明决定理由")), LONG])


class RefuseForm(FlaskForm):
    """A proposal is turned down."""

    refusal = TextAreaField(_l("不采纳的理由"), [InputRequired(_l("请写明不采纳的理由")), LONG])
