"""What a decider types to change a licence's standing."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from certification.licence import Kind

DEEDS = {Kind.SUSPENDED: _l("暂停"), Kind.REINSTATED: _l("恢复"), Kind.REVOKED: _l("撤销")}


class StandingForm(FlaskForm):
    """What to do with the licence, and why."""

    kind = RadioField(_l("处理"), [InputRequired(_l("请选择要做的处理"))], choices=list(DEEDS.items()))
    reason = TextAreaField(
        _l("理由"), [DataRequired(_l("请写明理由，持证人会看到")), Length(max=1000, message=_l("理由最多 1000 字"))],
        description=_l("写进上岗证的台账，以后不能修改"),
    )
