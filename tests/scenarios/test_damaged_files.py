"""Files damaged at random: always a report, never an exception, and every counter-example can be played."""

import random
import re

from scenarios.checker import check
from scenarios.course import Course
from scenarios.recorded_play import play_of
from scenarios.walk import Play
from tests.scenarios.planting import GOOD, good


def damaged(text: str, dice: random.Random) -> str:
    """One line lost, two exchanged, one word put for another, or one sign for another."""
    lines = text.splitlines()
    match dice.randrange(4):
        case 0:
            del lines[dice.randrange(len(lines))]
        case 1:
            one, other = dice.randrange(len(lines)), dice.randrange(len(lines))
            lines[one], lines[other] = lines[other], lines[one]
        case 2:
            words = list(re.finditer(r"[\w@.]+", text))
            gone = dice.choice(words)
            return text[:gone.start()] + dice.choice(words)[0] + text[gone.end():]
        case _:
            place = dice.randrange(len(text))
            return text[:place] + dice.choice("[]{}:,'\"&*!-\n #0") + text[place + 1:]
    return "\n".join(lines)


def test_a_damaged_file_gives_a_report_whose_plays_can_be_played() -> None:
    dice = random.Random(7)
    names = sorted(path.stem for path in GOOD.glob("*.yaml"))
    codes = set()
    for _ in range(60):
        text = damaged(good(dice.choice(names)), dice)
        report = check(text)
        for one in report.findings:
            codes.add(one.code)
            assert one.line >= 1, text
            if one.play and one.code != "SCN-070":
                assert report.scenario
                assert isinstance(play_of(Course(report.scenario), one.play), Play), (one, text)
    assert len(codes) > 8
