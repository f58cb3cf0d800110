"""What a decider types."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired, Length

from certification.decision import Verdict

VERDICTS = {Verdict.GRANT: _l("授予"), Verdict.REFUSE: _l("不授予")}
ACT_VERDICTS = {Verdict.GRANT: _l("同意"), Verdict.REFUSE: _l("不同意")}
"""What a decider may say about an act that was proposed."""


class DecisionForm(FlaskForm):
    """One verdict with its reason; a refusal without a reason is turned down by the rule."""

    verdict = RadioField(_l("决定"), [InputRequired(_l("请选择授予或不授予"))], choices=list(VERDICTS.items()))
    reason = TextAreaField(_l("理由"), [Length(max=1000, message=_l("理由最多 1000 字"))], description=_l("不授予时必填，记入认证决定"))
