"""What a candidate types at the door of an exam."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField
from wtforms.validators import Length


class EntryForm(FlaskForm):
    """The entry code, where the sitting has one; what a lockdown browser told the page's script."""

    entry_code = StringField(_l("入场码"), [Length(max=40, message=_l("入场码最多 40 个字符"))])
    browser_proof = HiddenField(validators=[Length(max=64)])
