"""What is typed about logo items: the agreement, an issue, a return, a loss and its settlement."""

import re
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, Form, FormField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from certification.custody import LABEL, Kind, Wanted
from certification.forms.signature import SignatureField
from certification.signature import How, Signature
from foundation.shape import Between

KINDS = {
    Kind.UNIFORM: _l("制服"), Kind.BADGE: _l("胸卡"), Kind.TOOL_BAG: _l("工具箱包"), Kind.HELMET: _l("安全帽"), Kind.OTHER: _l("其他物品"),
}
PAGE, PAPER = "page", "paper"


class AgreementForm(FlaskForm):
    """The company's responsibility agreement, signed here or before on paper."""

    text = TextAreaField(_l("责任书内容"), [
        DataRequired(_l("请填写责任书内容")), Length(min=20, max=6000, message=_l("责任书内容要在 20 到 6000 字之间"))
    ])
    how = RadioField(_l("签署方式"), choices=[(PAGE, _l("在本页签署")), (PAPER, _l("已签在纸上"))], default=PAGE)
    paper_day = DateField(_l("纸上签署日期"), [Optional(), Between(1990, 2100)])
    sign = SignatureField(_l("公司代表签名"))

    def validate(self, extra_validators: Any = None) -> bool:
        """On paper a name and a day are enough: there is nothing to draw."""
        if self.how.data == PAPER:
            self.sign.form["declared"].data = True
        sound = bool(super().validate(extra_validators))
        if self.how.data == PAPER and not self.paper_day.errors and self.paper_day.data is None:
            self.paper_day.errors = [_l("请填写纸上签署日期")]
            sound = False
        return sound

    def signature(self) -> Signature:
        """What was signed; only after validation."""
        found = self.sign.signature
        assert found is not None
        return Signature(found.name, How.PAPER) if self.how.data == PAPER else found


class ItemShape(Form):
    """Items of one kind: ticked, with what tells them apart."""

    taken = BooleanField()
    labels = StringField(_l("编号或说明"))


class IssueForm(FlaskForm):
    """What is handed over, for which assignment, signed by who takes it."""

    assignment = StringField(_l("用于哪项工作"), [
        DataRequired(_l("请填写用于哪项工作")), Length(max=200, message=_l("用于哪项工作最多 200 个字"))
    ])
    uniform = FormField(ItemShape, KINDS[Kind.UNIFORM])
    badge = FormField(ItemShape, KINDS[Kind.BADGE])
    tool_bag = FormField(ItemShape, KINDS[Kind.TOOL_BAG])
    helmet = FormField(ItemShape, KINDS[Kind.HELMET])
    other = FormField(ItemShape, KINDS[Kind.OTHER])
    sign = SignatureField(_l("领用人签名"))

    def rows(self) -> list[FormField]:
        """The fields of items, in order."""
        return [self[kind.value] for kind in Kind]

    def wanted(self) -> list[Wanted]:
        """The items; several of a kind are told apart by their labels."""
        found = []
        for kind in Kind:
            shape = self[kind.value].form
            labels = [part.strip() for part in re.split(r"[,，、;；\n]+", shape["labels"].data or "") if part.strip()]
            found += [Wanted(kind, label) for label in labels] or ([Wanted(kind)] if shape["taken"].data else [])
        return found

    def validate(self, extra_validators: Any = None) -> bool:
        """Labels fit, and something of another kind says what it is."""
        sound = bool(super().validate(extra_validators))
        for item in self.wanted():
            errors = []
            if len(item.label) > LABEL:
                errors = [_l("编号或说明每件最多 80 个字")]
            elif item.kind is Kind.OTHER and not item.label:
                errors = [_l("请说明是什么物品")]
            if errors:
                self[item.kind.value].form["labels"].errors = errors
                sound = False
        return sound


class ReturnForm(FlaskForm):
    """Which items come back, and in what condition."""

    items = SelectMultipleField(
        _l("交回的物品"), [DataRequired(_l("请勾选交回的物品"))], coerce=int,
        option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False),
    )
    note = StringField(_l("交回情况"), [Length(max=500, message=_l("交回情况最多 500 个字"))])


class LossForm(FlaskForm):
    """How an item was lost."""

    report = TextAreaField(_l("遗失经过"), [
        DataRequired(_l("请写明遗失经过")), Length(min=5, max=2000, message=_l("遗失经过要在 5 到 2000 字之间"))
    ])


class SettlementForm(FlaskForm):
    """What was agreed about a loss."""

    settlement = TextAreaField(_l("处理结果"), [
        DataRequired(_l("请写明处理结果")), Length(min=5, max=2000, message=_l("处理结果要在 5 到 2000 字之间"))
    ])
