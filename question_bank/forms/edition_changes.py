"""What is to happen with the chosen questions of a new edition's work list."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField, SelectMultipleField

DEEDS = {
    "right": _("判定：仍然正确"), "revise": _("判定：要出新版"), "retire": _("判定：要停用"), "undecide": _("收回判定"),
    "carry": _("带到新条款（作为草稿新版）"), "copy": _("带到新条款（另存为新题）"), "stop": _("现在停用"), "assign": _("分派"),
}


def _row(text: object) -> int:
    """The id that a tick carries; one that no row can have is no tick."""
    number = int(str(text))
    if not 0 < number < 2**31:
        raise ValueError(number)
    return number


class DeedForm(FlaskForm):  # type: ignore[misc]
    """One deed for many questions: those that are ticked, or with ``every`` all that the filters let through."""

    do = SelectField(_("对所选试题"), choices=list(DEEDS.items()))
    to = SelectField(_("分派给"), choices=[], validate_choice=False)
    chosen = SelectMultipleField(coerce=_row, choices=[], validate_choice=False)
    every = BooleanField(_("不限本页，对符合条件的全部试题"))
