"""What an administrator types to have another system told of changes."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import DataRequired, Length


class WebhookForm(FlaskForm):
    """Who is told, and where."""

    name = StringField(
        _l("名称"), [DataRequired(_l("请输入名称")), Length(max=80, message=_l("名称最多 80 个字"))],
        description=_l("写明哪个系统，例如“派单系统”"),
    )
    url = StringField(
        _l("地址"), [DataRequired(_l("请输入地址")), Length(max=500, message=_l("地址最多 500 个字符"))],
        description=_l("以 https 开头；每次变化都会向它发送一条签名的消息"),
    )
