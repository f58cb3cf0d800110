"""Shapes of what is typed about reminders: a robot, a preview."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Form, RadioField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

KINDS = {"wecom": _l("企业微信群机器人"), "dingtalk": _l("钉钉群机器人")}
TOLD = {"hr": _l("人力"), "coordinator": _l("合作方管理员"), "decider": _l("认证决定人"), "officer": _l("考务")}
DAYS = {"1": _l("昨天以来"), "7": _l("七天以来"), "30": _l("三十天以来")}


class ChannelForm(FlaskForm):
    """A new robot."""

    kind = RadioField(_l("哪种机器人"), [InputRequired(_l("请选择机器人"))], choices=list(KINDS.items()))
    name = StringField(
        _l("名称"), [DataRequired(_l("请输入名称")), Length(max=80, message=_l("名称最多 80 个字"))], description=_l("例如“人力群”")
    )
    role = SelectField(_l("发送哪个角色的提醒"), choices=list(TOLD.items()))
    partner = SelectField(_l("合作方"), [Optional()], description=_l("只有合作方管理员的提醒要选"))
    address = StringField(
        _l("Webhook 地址"), [DataRequired(_l("请输入机器人的地址")), Length(max=500, message=_l("地址最多 500 个字符"))],
        description=_l("从群机器人的设置里复制；保存后不再显示"),
    )
    secret = StringField(_l("加签密钥"), [Optional(), Length(max=200)], description=_l("钉钉机器人选了“加签”时填写"))


class PreviewForm(Form):
    """Whose digest, and from when on thresholds count; in the address, so that it can be shared."""

    role = SelectField(_l("发给谁"), choices=[("candidate", _l("考生")), *TOLD.items()], default="hr")
    partner = SelectField(_l("合作方"), [Optional()])
    days = SelectField(_l("时间范围"), choices=list(DAYS.items()), default="7")
