"""The white-list: what an expression may say, what it gives, and that nothing else gets in."""

import pytest

from scenarios.expression import Fault, Values, Variable, parse

VARIABLES = (
    Variable("late", "bool", (False,)), Variable("mood", "int", (1,), 0, 3), Variable("place", "enum", ("door",), values=("door", "hall")),
)
VALUES: Values = (True, 2, "hall")


@pytest.mark.parametrize(("text", "value"), [
    ("late", True), ("not late", False), ("true and late", True), ("mood - 1", 1), ("mood + mood", 4), ("-mood", -2),
    ("0 < mood <= 2", True),
    ("place == 'hall'", True), ("place != 'hall' or mood >= 3", False), ("late == true", True), ("  late  ", True),
])
def test_what_it_gives(text: str, value: bool | int) -> None:
    assert parse(text, VARIABLES, 1).run(VALUES) == value


@pytest.mark.parametrize("text", [
    "mood * 2", "mood / 2", "late if late else late", "__import__('os')", "mood.real", "mood[0]", "[late]", "lambda: late",
    "(late := true)",
    "late is true", "mood in (1, 2)", "1.5", "'a' 'b", "late;late", "", "~mood", "f'{late}'", "9" * 50, "(" * 200, "late and" * 90, "x\x00",
])
def test_what_it_may_not_say(text: str) -> None:
    with pytest.raises(Fault) as refused:
        parse(text, VARIABLES, 1)
    assert refused.value.saying == "expression"


@pytest.mark.parametrize("text", [
    "late + 1", "not mood", "late < true", "place == 'roof'", "place == mood", "place < 'hall'", "'hall'", "late and 1",
])
def test_types_that_do_not_fit(text: str) -> None:
    with pytest.raises(Fault) as refused:
        parse(text, VARIABLES, 1)
    assert refused.value.saying == "type"
