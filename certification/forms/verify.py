"""What a stranger shows to have a licence checked: a number, a credential, or a picture that holds one."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import TextAreaField
from wtforms.validators import Length, Optional


class CheckForm(FlaskForm):
    """One of the two is enough; where a picture is given, it is what counts."""

    text = TextAreaField(
        _l("证号、核验网址或凭证文本"), [Optional(), Length(max=16_384, message=_l("内容太长，这不是上岗证的凭证"))],
        description=_l("证号印在上岗证正面，形如 CZ-2026-ABCDEFGHJ；凭证文本以 eyJ 开头"),
    )
    picture = FileField(_l("徽章图片"), description=_l("从本系统下载的 PNG 原图；截图和转发时压缩过的图片里没有凭证"))
