"""What an answer earns here is what it earned there: every answer of drawn items, counted by hand and by our own grading."""

from collections.abc import Mapping
from fractions import Fraction
from itertools import combinations, product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from certification.grading import fraction
from certification.scoring import Fill, Match, Multiple, Scoring
from question_bank.exchange import qti
from question_bank.exchange.found import Found
from question_bank.kind import Kind
from tests.question_bank.exchange.qti_items import choice, gap, item, mapping, number, response, right, rules, setting, template, when

NAMES = "ABCDE"
POINTS = st.sampled_from([-1.0, -0.5, 0.0, 0.25, 0.5, 1.0, 1.5])
LIMITS = st.fixed_dictionaries({}, optional={"lowerBound": st.just(0.0), "upperBound": st.sampled_from([1.0, 2.0])})


def earned(points: Mapping[str, float], default: float, limits: Mapping[str, float], chosen: tuple[str, ...]) -> Fraction:
    """A mapping, counted by hand."""
    said = sum((Fraction(points.get(name, default)) for name in chosen), Fraction(0))
    said = max(said, Fraction(limits["lowerBound"])) if "lowerBound" in limits else said
    return min(said, Fraction(limits["upperBound"])) if "upperBound" in limits else said


def noted(found: Found, code: str) -> bool:
    return any(note.code == code for note in found.notes)


def policy(found: Found) -> str:
    """The policy that the report names, "" where it names none."""
    return next((note.words[0] for note in found.notes if note.code == "policy_open"), "")


@settings(max_examples=120, deadline=None)
@given(st.dictionaries(st.sampled_from(NAMES), POINTS, min_size=1), POINTS, LIMITS)
def test_one_choice(points: dict[str, float], default: float, limits: dict[str, float]) -> None:
    there = {name: earned(points, default, limits, (name,)) for name in NAMES}
    assume(max(there.values()) > 0)
    declared = response("RESPONSE", "identifier", (), mapping=mapping(dict(points), default, **limits))
    [found] = qti.read(item(declared, choice(1, *NAMES), template("map_response")))
    best = max(there.values())
    for name, said in there.items():
        assert fraction(found.kind, found.key, name) == pytest.approx(max(Fraction(0), said / best))
    assert noted(found, "penalty_lost") is (min(there.values()) < 0)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(NAMES), POINTS, min_size=1), POINTS, LIMITS)
def test_several_choices(points: dict[str, float], default: float, limits: dict[str, float]) -> None:
    answers = [chosen for size in range(1, 6) for chosen in combinations(NAMES, size)]
    there = {chosen: earned(points, default, limits, chosen) for chosen in answers}
    best = max(there.values())
    assume(best > 0)
    declared = response("RESPONSE", "identifier", (), "multiple", mapping(dict(points), default, **limits))
    [found] = qti.read(item(declared, choice(0, *NAMES), template("map_response")))
    assert there[found.key] == best
    assert noted(found, "answers_several") is (list(there.values()).count(best) > 1)
    assert noted(found, "penalty_lost") is (min(there.values()) < 0)
    if noted(found, "weights_lost") or noted(found, "answers_several"):
        return
    scoring = Scoring(multiple=Multiple(policy(found) or "all_or_nothing"))
    for chosen, said in there.items():
        assert fraction(Kind.MULTIPLE, found.key, chosen, scoring, len(NAMES)) == max(Fraction(0), said / best), chosen


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([0.25, 0.5, 1.0]), min_size=3, max_size=3), st.sampled_from([None, 1.0, 2.0]), st.booleans())
def test_matches(worth: list[float], limit: float | None, whole: bool) -> None:
    key = dict(zip("ABC", "XYX", strict=True))
    points = {f"{left} {other}": share for (left, other), share in zip(key.items(), worth, strict=True)}
    left = "".join(f'<simpleAssociableChoice identifier="{name}" matchMax="1">{name}</simpleAssociableChoice>' for name in "ABC")
    beside = "".join(f'<simpleAssociableChoice identifier="{name}" matchMax="3">{name}</simpleAssociableChoice>' for name in "XYZ")
    body = (
        '<p>配</p><matchInteraction responseIdentifier="RESPONSE" shuffle="true" maxAssociations="3">'
        f"<simpleMatchSet>{left}</simpleMatchSet><simpleMatchSet>{beside}</simpleMatchSet></matchInteraction>"
    )
    limits = {} if limit is None else {"upperBound": limit}
    declared = response("RESPONSE", "directedPair", tuple(points), "multiple", mapping(dict(points), 0, **limits))
    [found] = qti.read(item(declared, body, template("match_correct" if whole else "map_response")))
    assert found.key == key
    assert noted(found, "answers_several") is (not whole and limit is not None and sum(worth) - min(worth) >= limit)
    if noted(found, "weights_lost") or noted(found, "answers_several"):
        return
    scoring = Scoring(match=Match(policy(found) or "exact"))
    best = Fraction(1) if whole else earned(points, 0, limits, tuple(points))
    for given_ in product("XYZ", repeat=3):
        answer = dict(zip("ABC", given_, strict=True))
        pairs = tuple(f"{name} {other}" for name, other in answer.items())
        said = Fraction(int(answer == key)) if whole else earned(points, 0, limits, pairs)
        if policy(found) or whole or said in (0, best):
            assert fraction(Kind.MATCH, found.key, answer, scoring) == said / best


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([1, 2]), min_size=2, max_size=3), st.booleans())
def test_gaps(worth: list[int], together: bool) -> None:
    names = [f"R{place}" for place in range(len(worth))]
    texts = ["甲", "乙", "丙"][: len(worth)]
    declared = "".join(response(name, "string", (text,)) for name, text in zip(names, texts, strict=True))
    if together:
        processing = rules(when((f"<and>{''.join(map(right, names))}</and>", setting("SCORE", number(1)))))
    else:
        added = (f'<sum><variable identifier="SCORE"/>{number(points)}</sum>' for points in worth)
        processing = rules(*(when((right(name), setting("SCORE", said))) for name, said in zip(names, added, strict=True)))
    [found] = qti.read(item(declared, f"<p>{'，'.join(map(gap, names))}</p>", processing))
    assert found.key == tuple((text,) for text in texts)
    assert noted(found, "weights_lost") is (not together and len(set(worth)) > 1)
    if noted(found, "weights_lost"):
        return
    scoring = Scoring(fill=Fill(policy(found) or "all"))
    for chosen in product((True, False), repeat=len(worth)):
        answer = [text if good else "别的" for text, good in zip(texts, chosen, strict=True)]
        said = Fraction(int(all(chosen))) if together else Fraction(sum(chosen), len(chosen))
        assert fraction(Kind.FILL, found.key, answer, scoring) == said
