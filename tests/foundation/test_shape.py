"""What forms ask of a value."""

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import Form
from wtforms.validators import InputRequired, NumberRange

from foundation.shape import WholeNumber


class Count(Form):
    number = WholeNumber(validators=[InputRequired(), NumberRange(-5, 5)])


@pytest.mark.parametrize("typed", ["9" * 400, "-" + "9" * 400, "9" * 5000, str(2**31), "6", "1.5", "x", "", "NaN"])
def test_a_number_that_no_row_can_hold_is_refused_like_any_other(app: Flask, typed: str) -> None:
    with app.test_request_context():
        form = Count(MultiDict({"number": typed}))
        assert not form.validate()
        assert form.number.errors


@pytest.mark.parametrize("typed", ["-5", "0", " 5 ", "５"])
def test_a_number_in_range_is_read(app: Flask, typed: str) -> None:
    with app.test_request_context():
        assert Count(MultiDict({"number": typed})).validate()
