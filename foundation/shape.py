"""What forms of every package ask of a value, beyond what WTForms brings."""

from flask_babel import gettext as _
from wtforms import Field, IntegerField
from wtforms.form import BaseForm
from wtforms.validators import ValidationError


class Between:
    """A date or time whose year is one that people write: far-off years overflow when a day is added to them."""

    def __init__(self, first: int, last: int) -> None:
        self.first, self.last = first, last

    def __call__(self, form: BaseForm, field: Field) -> None:
        if field.data is not None and not self.first <= field.data.year <= self.last:
            raise ValidationError(_("年份要在 %(first)s 到 %(last)s 之间", first=self.first, last=self.last))


class WholeNumber(IntegerField):
    """A whole number that a row can hold: one with hundreds of digits overflows wherever it is compared or kept."""

    MOST = 2**31 - 1

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed; raises ValueError for what is no number, or too large."""
        super().process_formdata(valuelist)
        if self.data is not None and abs(self.data) > self.MOST:
            self.data = None
            raise ValueError(self.gettext("Not a valid integer value."))
