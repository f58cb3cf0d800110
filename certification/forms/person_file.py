"""Which sealed number is to be seen, and for what."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField
from wtforms.validators import InputRequired

FIELDS = {"phone": _l("手机号"), "id_number": _l("证件号")}
REASONS = {
    "identity": _l("核对身份"), "contact": _l("联系本人"), "incident": _l("处理投诉或违规"), "contract": _l("办理合同或入场手续"),
    "legal": _l("法律或监管要求"),
}
"""A closed list: a reason that is typed could itself tell something about the person, and it stays in the audit for good."""


class RevealForm(FlaskForm):
    """One number, for one answer."""

    field = RadioField(_l("查看"), [InputRequired(_l("请选择要查看的号码"))], choices=list(FIELDS.items()))
    reason = SelectField(_l("用途"), [InputRequired(_l("请选择用途"))], choices=[("", _l("请选择")), *REASONS.items()])
