"""The shape of a receipt that is checked."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length


class ReceiptForm(FlaskForm):
    """A receipt's signed text, as the receipt page shows it."""

    text = TextAreaField(
        _l("回执的签名文本"), validators=[DataRequired(_l("请粘贴回执的签名文本")), Length(max=4000, message=_l("这不像回执：内容太长"))]
    )
