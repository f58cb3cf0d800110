"""What is typed about a licence: an act on it, a correction of the name, a day to look at."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from certification.licence import Kind
from certification.licence_act import OFFERED
from foundation.shape import Between

SENSIBLE = Between(1990, 2100)
REASON = [DataRequired(_l("请写明理由，持证人会看到")), Length(max=1000, message=_l("理由最多 1000 字"))]


def plain_name(_form: FlaskForm, field: StringField) -> None:
    """A name is one line of characters that can be shown and printed."""
    if not str(field.data or "").isprintable():
        raise ValidationError(_l("姓名里有不能显示的字符"))


class ActForm(FlaskForm):
    """What to do with the licence, for which reason, from when; the new name where it is replaced."""

    kind = RadioField(_l("处理"), [InputRequired(_l("请选择要做的处理"))])
    reason_code = SelectField(_l("事由"), [InputRequired(_l("请选择事由"))])
    reason = TextAreaField(_l("理由"), REASON, description=_l("写进上岗证的台账，以后不能修改"))
    effective = DateField(
        _l("起效日"), [Optional(), SENSIBLE], description=_l("不填即刻起效；填以后的日期，从那天零点起效，此前显示为计划")
    )
    holder = StringField(
        _l("更正后的姓名"), [plain_name, Length(max=80, message=_l("姓名最多 80 个字"))], description=_l("只有更正姓名并换证时填写")
    )

    def offer(self, kinds: Sequence[Kind], kind_words: dict[Kind, Any], reason_words: dict[Any, Any]) -> None:
        """Offer the acts that make sense, and under each its reasons; a reason's value names its act too."""
        self.kind.choices = [(kind.value, kind_words[kind]) for kind in kinds]
        groups = {str(kind_words[kind]): [(f"{kind}.{code}", reason_words[code]) for code in OFFERED[kind]] for kind in kinds}
        self.reason_code.choices = {"": [("", _l("请选择"))], **groups}

    @property
    def code(self) -> str:
        """The reason's code where it belongs to the chosen act, else nothing."""
        kind, _dot, code = str(self.reason_code.data or "").partition(".")
        return code if kind == self.kind.data else ""


class NameForm(FlaskForm):
    """A request to correct the name on a licence."""

    holder = StringField(
        _l("更正后的姓名"), [DataRequired(_l("请填写更正后的姓名")), plain_name, Length(max=80, message=_l("姓名最多 80 个字"))],
        description=_l("与身份证件一致"),
    )
    reason_code = RadioField(_l("事由"), [InputRequired(_l("请选择事由"))])
    reason = TextAreaField(
        _l("说明"), [DataRequired(_l("请说明为什么要更正")), Length(max=1000, message=_l("说明最多 1000 字"))],
        description=_l("例如：身份证更名日期，或登记时哪个字写错"),
    )

    def offer(self, reason_words: dict[Any, Any]) -> None:
        """Offer the reasons of a correction."""
        self.reason_code.choices = [(code.value, reason_words[code]) for code in OFFERED[Kind.SUPERSEDED]]
