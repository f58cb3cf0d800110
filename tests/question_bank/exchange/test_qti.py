"""QTI items as TAO, ONYX, OpenOLAT, Moodle and the examples of the specification write them; what they are worth here is what they were."""

from collections.abc import Sequence

import pytest

from certification.scoring import Multiple, multiple
from question_bank.exchange import qti
from question_bank.exchange.found import Found, Status, Unusable, Weight
from question_bank.exchange.qti_scoring import PICKED
from question_bank.kind import Kind
from tests.question_bank.exchange.qti_items import (
    FREUD,
    choice,
    choices,
    gap,
    in_three,
    item,
    mapping,
    number,
    outcome,
    response,
    right,
    rules,
    setting,
    template,
    variable,
    when,
)


def read(content: bytes) -> Found:
    """The one question of an item; 3.0 says the same."""
    [found] = qti.read(content)
    assert qti.read(in_three(content)) == [found]
    return found


def codes(found: Found) -> set[str]:
    """What was noted, without what changes nothing."""
    return {note.code for note in found.notes if note.weight is not Weight.HINT}


def words(found: Found, code: str) -> tuple[str, ...]:
    return next(note.words for note in found.notes if note.code == code)


def single(*correct: str, points: str = "") -> str:
    return response("RESPONSE", "identifier", correct, mapping=points)


def many(*correct: str, points: str = "") -> str:
    return response("RESPONSE", "identifier", correct, "multiple", points)


def test_one_right_option() -> None:
    found = read(item(single("B"), f"<p>看<strong>图</strong>。</p>{choice(1, 'A', 'B', 'C')}", template("match_correct")))
    assert (found.status, found.kind, found.key, found.code, found.points) == (Status.KEPT, Kind.SINGLE, ("B",), "q1", 1)
    assert found.stem == "看**图**。\n\n选哪个？"
    assert [(option.code, option.text) for option in found.options] == [("A", "选项 A"), ("B", "选项 B"), ("C", "选项 C")]


def test_shares_of_one_choice_are_kept_exactly() -> None:
    points = mapping({"A": 2, "B": 1, "C": 0.5}, default=0)
    found = read(item(single("A", points=points), choice(1, "A", "B", "C", "D"), template("map_response")))
    assert (found.status, found.kind, found.key) == (Status.KEPT, Kind.SITUATIONAL, {"A": 1.0, "B": 0.5, "C": 0.25})


def test_points_below_nothing_are_a_loss() -> None:
    found = read(item(single("A", points=mapping({"A": 1, "B": -1})), choice(1, "A", "B", "C"), template("map_response")))
    assert (found.kind, found.key, codes(found)) == (Kind.SINGLE, ("A",), {"penalty_lost"})
    assert words(found, "penalty_lost") == ("B -1",)


ONYX = rules(when(
    (f"<isNull>{variable('RESPONSE')}</isNull>", setting("FEEDBACKBASIC", number("empty", "identifier"))),
    (right("RESPONSE"), setting("SCORE", f"<sum>{variable('SCORE')}{variable('MAXSCORE')}</sum>")),
    otherwise=setting("FEEDBACKBASIC", number("incorrect", "identifier")),
))
OPENOLAT = rules(
    when((f"<not><isNull>{variable('RESPONSE')}</isNull></not>",
          setting("SCORE", f'<sum>{variable("SCORE")}<mapResponse identifier="RESPONSE"/></sum>'))),
    when((f"<gt>{variable('SCORE')}{variable('MAXSCORE')}</gt>", setting("SCORE", variable("MAXSCORE")))),
    when((f"<lt>{variable('SCORE')}{number(0)}</lt>", setting("SCORE", number(0)))),
)
BASIC = outcome("MAXSCORE", value="1") + outcome("FEEDBACKBASIC", "identifier", "none")


def test_all_or_nothing_by_rules() -> None:
    found = read(item(many("A", "C") + BASIC, choice(0, "A", "B", "C"), ONYX))
    assert (found.status, found.kind, found.key, found.points) == (Status.KEPT, Kind.MULTIPLE, ("A", "C"), 1)


PARTLY: list[tuple[dict[str, float], float, dict[str, float], str]] = [
    ({"A": 0.5, "C": 0.5, "B": -1, "D": -1}, 0, {"lowerBound": 0}, "share_unless_wrong"),
    ({"A": 0.5, "C": 0.5, "B": -0.5, "D": -0.5}, 0, {"lowerBound": 0}, "right_minus_wrong"),
    ({"A": 1, "C": 1}, -2, {"lowerBound": 0, "upperBound": 2}, "share_unless_wrong"),
    ({"A": 0.75, "C": 0.25, "B": -1, "D": -1}, 0, {"lowerBound": 0}, ""),
    ({"A": 0.5, "C": 0.5}, 0, {}, ""),
]


@pytest.mark.parametrize(("points", "default", "bounds", "policy"), PARTLY)
def test_partly_right_choices(points: dict[str, float], default: float, bounds: dict[str, float], policy: str) -> None:
    found = read(item(many("A", "C", points=mapping(dict(points), default, **bounds)), choice(0, *"ABCD"), template("map_response")))
    assert (found.kind, found.key) == (Kind.MULTIPLE, ("A", "C"))
    if policy:
        assert (codes(found), words(found, "policy_open")) == ({"policy_open"}, (policy,))
    else:
        assert "weights_lost" in codes(found)


def test_openolat_caps_the_sum_of_a_mapping() -> None:
    points = mapping({"A": 0.5, "B": -0.5, "C": 0.5, "D": -0.5})
    found = read(item(many("A", "C", points=points) + BASIC, choice(0, *"ABCD"), OPENOLAT))
    assert (found.key, codes(found), words(found, "policy_open")) == (("A", "C"), {"policy_open"}, ("right_minus_wrong",))


def test_many_options_are_told_apart_too() -> None:
    names = [f"K{place}" for place in range(12)]
    points = mapping({name: 1 if name in names[:4] else -4 for name in names}, lowerBound=0)
    found = read(item(many(*names[:4], points=points), choice(0, *names), template("map_response")))
    assert (found.key, words(found, "policy_open")) == (tuple(names[:4]), ("share_unless_wrong",))
    plain = read(item(many(*names[:4]), choice(0, *names), template("match_correct")))
    assert plain.status is Status.KEPT


def test_names_of_programs_become_letters() -> None:
    body = choice(1, "i1462192072480", "choice_2", "Choice-C")
    found = read(item(single("choice_2"), body, template("match_correct")))
    assert ([option.code for option in found.options], found.key) == (["A", "B", "C"], ("B",))


def test_the_two_truths() -> None:
    body = f'<choiceInteraction responseIdentifier="RESPONSE" shuffle="false" maxChoices="1">{FREUD}</choiceInteraction><p>对吗？</p>'
    processing = rules(setting("FEEDBACK", variable("RESPONSE")), when((right("RESPONSE"), setting("SCORE", number(10)))))
    found = read(item(single("ja") + outcome("FEEDBACK", "identifier", ""), body, processing))
    assert (found.kind, found.key, found.stem) == (Kind.TRUE_FALSE, ("T",), "对吗？")
    assert (found.rationale, codes(found), found.points) == ("没错\n×：想一想", {"feedback_merged"}, 10)


def order(*correct: str, processing: str) -> bytes:
    steps = f"<prompt>排序</prompt>{choices('A', 'B', 'C')}"
    body = f'<orderInteraction responseIdentifier="RESPONSE" shuffle="true">{steps}</orderInteraction>'
    return item(response("RESPONSE", "identifier", correct, "ordered"), body, processing)


def test_orders() -> None:
    found = read(order("C", "A", "B", processing=template("match_correct")))
    assert (found.status, found.kind, found.key) == (Status.KEPT, Kind.ORDER, ("C", "A", "B"))
    swapped = "".join(number(name, "identifier") for name in "CBA")
    partly = rules(when(
        (right("RESPONSE"), setting("SCORE", number(2))),
        (f"<match>{variable('RESPONSE')}<ordered>{swapped}</ordered></match>", setting("SCORE", number(1))),
    ))
    found = read(order("C", "A", "B", processing=partly))
    assert (found.key, codes(found), words(found, "weights_lost")) == (("C", "A", "B"), {"weights_lost"}, ("C→B→A 50%",))
    assert codes(read(order("C", "A", processing=template("match_correct")))) == {"order_part"}


def sides(*correct: str, processing: str = template("match_correct"), points: str = "", back: bool = False) -> bytes:
    left = "".join(f'<simpleAssociableChoice identifier="{name}" matchMax="1">左 {name}</simpleAssociableChoice>' for name in "ABC")
    beside = "".join(f'<simpleAssociableChoice identifier="{name}" matchMax="3">右 {name}</simpleAssociableChoice>' for name in "XYZ")
    sets = [f"<simpleMatchSet>{one}</simpleMatchSet>" for one in ((beside, left) if back else (left, beside))]
    body = f'<matchInteraction responseIdentifier="RESPONSE" shuffle="true" maxAssociations="3">{"".join(sets)}</matchInteraction>'
    return item(response("RESPONSE", "directedPair", correct, "multiple", points), f"<p>配对</p>{body}", processing)


def test_matches() -> None:
    found = read(sides("A X", "B X", "C Y"))
    assert (found.status, found.kind, found.key) == (Status.KEPT, Kind.MATCH, {"A": "X", "B": "X", "C": "Y"})
    assert [option.text for option in found.right] == ["右 X", "右 Y", "右 Z"]
    turned = read(sides("X A", "X B", "Y C", back=True))
    assert (turned.key, turned.options) == (found.key, found.options)


def test_partly_right_matches() -> None:
    even = mapping({"A X": 1, "B X": 1, "C Y": 1})
    found = read(sides("A X", "B X", "C Y", processing=template("map_response"), points=even))
    assert (codes(found), words(found, "policy_open")) == ({"policy_open"}, ("share",))
    uneven = mapping({"A X": 2, "B X": 1, "C Y": 1})
    found = read(sides("A X", "B X", "C Y", processing=template("map_response"), points=uneven))
    assert (codes(found), words(found, "weights_lost")) == ({"weights_lost"}, ("A→X 50%、B→X 25%、C→Y 25%",))


def test_matches_that_are_none_here() -> None:
    assert codes(read(sides("A X", "A Y", "B X"))) == {"pairs_uneven"}
    assert codes(read(sides("A X", "B X", "C Q"))) == {"answer_unknown"}
    assert codes(read(sides())) == {"answer_missing"}


def test_pairs_without_sides() -> None:
    rivals = "".join(f'<simpleAssociableChoice identifier="{name}" matchMax="1">对手 {name}</simpleAssociableChoice>' for name in "ABCDE")
    body = f'<associateInteraction responseIdentifier="RESPONSE" shuffle="true" maxAssociations="2">{rivals}</associateInteraction>'
    found = read(item(response("RESPONSE", "pair", ("D A", "B C"), "multiple"), f"<p>找出对手</p>{body}", template("match_correct")))
    assert (found.kind, found.key, codes(found)) == (Kind.MATCH, {"A": "D", "B": "C"}, {"sides_made"})
    assert [option.code for option in found.right] == ["C", "D", "E"]


def test_typed_answers() -> None:
    points = mapping({"York": 1, "york": 0.5})
    body = f"<blockquote><p>Made glorious summer by this sun of {gap()};</p></blockquote>"
    found = read(item(response("RESPONSE", "string", ("York",), mapping=points), body, template("map_response")))
    assert (found.kind, found.stem, found.key) == (Kind.FILL, "Made glorious summer by this sun of ____;", (("York",),))
    assert codes(found) == {"partial_answer_lost", "case_lost"}
    assert words(found, "partial_answer_lost") == ("york", "50%")


def test_every_text_that_the_rules_name_is_tried() -> None:
    test = "".join(
        f'<stringMatch caseSensitive="false">{variable("RESPONSE")}{number(text, "string")}</stringMatch>'
        for text in ("三十", "30", "half")
    )
    processing = rules(when((f"<or>{test}</or>", setting("SCORE", number(1)))))
    found = read(item(response("RESPONSE", "string"), f"<p>{gap()} 分钟</p>", processing))
    assert (found.status, found.key) == (Status.KEPT, (("三十", "30", "half"),))


def two_gaps(processing: str) -> bytes:
    declared = response("R1", "string", ("一",), mapping=mapping({"一": 1})) + response("R2", "string", ("二",), mapping=mapping({"二": 1}))
    return item(declared, f"<p>{gap('R1')}{gap('R2')}</p>", processing)


def test_several_gaps() -> None:
    added = rules(setting("SCORE", '<sum><mapResponse identifier="R1"/><mapResponse identifier="R2"/></sum>'))
    found = read(two_gaps(added))
    assert (found.stem, found.key) == ("____ ____", (("一",), ("二",)))
    assert (codes(found), words(found, "policy_open"), found.points) == ({"policy_open"}, ("share",), 2)
    whole = rules(when((f"<and>{right('R1')}{right('R2')}</and>", setting("SCORE", number(1)))))
    assert read(two_gaps(whole)).status is Status.KEPT


def test_gaps_whose_order_does_not_count() -> None:
    def named(text: str) -> str:
        said = "".join(
            f'<stringMatch caseSensitive="false">{variable(name)}{number(text, "string")}</stringMatch>' for name in ("R1", "R2")
        )
        return when((f"<or>{said}</or>", setting("SCORE", f"<sum>{variable('SCORE')}{number(1)}</sum>")))

    declared = response("R1", "string") + response("R2", "string")
    found = read(item(declared, f"<p>{gap('R1')} {gap('R2')}</p>", rules(named("甲"), named("乙"))))
    assert (found.key, codes(found)) == ((("甲",), ("乙",)), {"answers_several", "policy_open"})


NUMBERS = [
    ('<equal toleranceMode="absolute" tolerance="2 2">', ("5", "3", "4", "6", "7", "4.5", "5.5"), "3–7"),
    ('<equal toleranceMode="exact">', ("5",), ""),
    ('<equal toleranceMode="relative" tolerance="20">', ("5", "4", "6", "4.5", "5.5"), "4–6"),
]


@pytest.mark.parametrize(("test", "accepted", "said"), NUMBERS)
def test_numbers(test: str, accepted: Sequence[str], said: str) -> None:
    rule = when((f'{test}<correct identifier="RESPONSE"/>{variable("RESPONSE")}</equal>', setting("SCORE", number(1))))
    found = read(item(response("RESPONSE", "float", ("5.0",)), f"<p>{gap()}</p>", rules(rule)))
    assert (found.kind, found.key) == (Kind.FILL, (tuple(accepted),))
    assert [note.words for note in found.notes if note.code == "tolerance_lost"] == ([(said,)] if said else [])


def test_numbers_between_two_limits() -> None:
    limits = (
        f"<gte>{variable('RESPONSE')}{number(3, 'integer')}</gte><lte>{variable('RESPONSE')}{number(5, 'integer')}</lte>"
    )
    rule = when((f"<and>{limits}</and>", setting("SCORE", number(1))))
    found = read(item(response("RESPONSE", "integer", ("4",)), f"<p>{gap()}</p>", rules(rule)))
    assert set(found.key[0]) >= {"3", "4", "5"}
    assert not {"2", "6"} & set(found.key[0])
    assert codes(found) == {"tolerance_lost"}


def menu(name: str, *texts: str) -> str:
    said = "".join(f'<inlineChoice identifier="{name}{place}">{text}</inlineChoice>' for place, text in enumerate(texts, 1))
    return f'<inlineChoiceInteraction responseIdentifier="{name}" shuffle="false">{said}</inlineChoiceInteraction>'


def test_menus() -> None:
    alone = read(item(response("R", "identifier", ("R2",)), f"<p>由 {menu('R', '甲', '乙')} 负责。</p>", template("match_correct")))
    assert (alone.status, alone.kind, alone.stem, alone.key) == (Status.KEPT, Kind.SINGLE, "由 ____ 负责。", ("R2",))
    declared = response("R", "identifier", ("R2",)) + response("S", "identifier", ("S1",))
    body = f"<p>先 {menu('R', '甲', '乙')}，后 {menu('S', '丙', '甲')}。</p>"
    added = rules(*(when((right(name), setting("SCORE", f"<sum>{variable('SCORE')}{number(1)}</sum>"))) for name in ("R", "S")))
    found = read(item(declared, body, added))
    assert (found.kind, found.stem, [option.text for option in found.right]) == (Kind.MATCH, "先 【1】，后 【2】。", ["甲", "乙", "丙"])
    assert (found.key, codes(found)) == ({"R": "2", "S": "3"}, {"menus_joined", "policy_open"})


def drag(*gaps: str) -> str:
    texts = "".join(f'<gapText identifier="{name}" matchMax="1">词 {name}</gapText>' for name in ("W1", "W2", "W3"))
    places = "、".join(f'<gap identifier="{name}"/>' for name in gaps)
    said = f"<prompt>拖</prompt>{texts}<p>放 {places}</p>"
    return f'<gapMatchInteraction responseIdentifier="RESPONSE" shuffle="true">{said}</gapMatchInteraction>'


def test_words_to_drag() -> None:
    declared = response("RESPONSE", "directedPair", ("W1 G1", "W3 G2"), "multiple")
    found = read(item(declared, drag("G1", "G2"), template("match_correct")))
    assert (found.status, found.kind, found.stem) == (Status.KEPT, Kind.MATCH, "拖\n\n放 【1】、【2】")
    assert (found.key, [option.text for option in found.right]) == ({"G1": "W1", "G2": "W3"}, ["词 W1", "词 W2", "词 W3"])
    alone = read(item(response("RESPONSE", "directedPair", ("W2 G1",)), drag("G1"), template("match_correct")))
    assert (alone.kind, alone.stem, alone.key) == (Kind.SINGLE, "拖\n\n放 ____", ("W2",))


def test_words_to_mark() -> None:
    body = (
        '<hottextInteraction responseIdentifier="RESPONSE" maxChoices="0"><prompt>标出</prompt><p>'
        '<hottext identifier="A">因为</hottext>下雨，<hottext identifier="B">所以</hottext>迟到，<hottext identifier="C">但是</hottext>…'
        "</p></hottextInteraction>"
    )
    found = read(item(many("A", "B"), body, template("match_correct")))
    assert (found.kind, found.key, found.stem) == (Kind.MULTIPLE, ("A", "B"), "标出\n\n因为下雨，所以迟到，但是…")


def test_answers_that_a_person_marks() -> None:
    body = (
        '<extendedTextInteraction responseIdentifier="RESPONSE"><prompt>怎么办？</prompt></extendedTextInteraction>'
        '<rubricBlock view="scorer"><p>先道歉</p><p>再补救</p></rubricBlock><rubricBlock view="candidate"><p>写 50 字。</p></rubricBlock>'
    )
    found = read(item(response("RESPONSE", "string"), body))
    assert (found.status, found.kind, found.key) == (Status.KEPT, Kind.SHORT, ("先道歉", "再补救"))
    assert found.stem == "怎么办？\n\n写 50 字。"
    counted = item(response("RESPONSE", "string", ("30 分钟",)), body, template("match_correct"))
    assert (read(counted).kind, read(counted).key) == (Kind.FILL, (("30 分钟",),))
    by_hand = counted.replace(b'identifier="SCORE"', b'identifier="SCORE" externalScored="human"')
    assert (read(by_hand).kind, read(by_hand).key) == (Kind.SHORT, ("先道歉", "再补救", "30 分钟"))


def test_feedback() -> None:
    said = "".join(
        f'<modalFeedback outcomeIdentifier="FEEDBACK" identifier="{name}" showHide="show"><p>{text}</p></modalFeedback>'
        for name, text in (("A", "对，第 12 条"), ("B", "那是旧规定"), ("else", "再想想"))
    )
    processing = rules(setting("FEEDBACK", variable("RESPONSE")), when((right("RESPONSE"), setting("SCORE", number(1)))))
    content = item(single("A") + outcome("FEEDBACK", "identifier", ""), choice(1, "A", "B", "C"), processing + said)
    found = read(content)
    assert (found.rationale, codes(found)) == ("对，第 12 条\nB：那是旧规定", {"feedback_merged", "feedback_lost"})


def test_a_solution_that_is_always_shown_is_the_rationale() -> None:
    said = '<modalFeedback outcomeIdentifier="FEEDBACK" identifier="solution" showHide="show">见第 3 条</modalFeedback>'
    declared = single("A") + outcome("FEEDBACK", "identifier", "solution")
    found = read(item(declared, choice(1, "A", "B"), template("match_correct") + said))
    assert (found.rationale, found.status) == ("见第 3 条", Status.KEPT)
    asked = single("A") + outcome("FEEDBACK", "identifier", "")
    wrong = rules(when((right("RESPONSE"), setting("SCORE", number(1))), otherwise=setting("FEEDBACK", number("solution", "identifier"))))
    assert read(item(asked, choice(1, "A", "B"), wrong + said)).rationale == "见第 3 条"


def test_a_file_that_does_not_say_how_it_is_scored() -> None:
    found = read(item(single("B"), choice(1, "A", "B")))
    assert (found.key, codes(found)) == (("B",), {"processing_absent"})
    unknown = read(item(single("B"), choice(1, "A", "B"), rules(when((f"<customOperator>{right('RESPONSE')}</customOperator>", "")))))
    assert (unknown.key, codes(unknown), words(unknown, "processing_guessed")) == (("B",), {"processing_guessed"}, ("customOperator",))
    assert codes(read(item(single("B"), choice(1, "A", "B"), template("map_response_point")))) == {"processing_guessed"}
    assert codes(read(item(single(), choice(1, "A", "B"), rules(setting("SCORE", number(0)))))) == {"answer_missing"}


def test_points_that_a_person_gives() -> None:
    found = read(item(single("B") + outcome("MAXSCORE", value="11"), choice(1, "A", "B"), template("match_correct")))
    assert (codes(found), words(found, "points_apart")) == ({"points_apart"}, ("1", "11"))


REFUSED: list[tuple[str, str, str]] = [
    ('<sliderInteraction responseIdentifier="RESPONSE" lowerBound="0" upperBound="9"/>', "kind_unknown", "sliderInteraction"),
    ('<uploadInteraction responseIdentifier="RESPONSE"/>', "kind_unknown", "uploadInteraction"),
    (choice(1, "A", "B") + f"<p>{gap('RESPONSE2')}</p>", "answer_missing", ""),
    ("<p>只有文字</p>", "not_a_question", ""),
]


@pytest.mark.parametrize(("body", "code", "word"), REFUSED)
def test_what_cannot_be_asked(body: str, code: str, word: str) -> None:
    found = read(item(single("A"), body, template("match_correct")))
    assert (found.status, codes(found)) == (Status.REFUSED, {code})
    assert words(found, code) == ((word,) if word else ())


def test_several_kinds_in_one() -> None:
    declared = single("A") + response("TEXT", "string", ("x",))
    assert codes(read(item(declared, choice(1, "A", "B") + f"<p>{gap('TEXT')}</p>", template("match_correct")))) == {"interactions_mixed"}


def test_what_changes_from_attempt_to_attempt() -> None:
    content = item(single("A"), choice(1, "A", "B"), template("match_correct")).replace(b'adaptive="false"', b'adaptive="true"')
    assert codes(read(content)) == {"dynamic"}
    declared = '<templateDeclaration identifier="N" cardinality="single" baseType="integer"/>'
    assert codes(read(item(single("A") + declared, choice(1, "A", "B"), template("match_correct")))) == {"dynamic"}


def test_options_that_stay_in_their_place() -> None:
    body = choice(1, "A", "B", "C").replace('identifier="C"', 'identifier="C" fixed="true"')
    assert codes(read(item(single("A"), body, template("match_correct")))) == {"position_lost"}


def test_rules_that_never_end() -> None:
    deep = variable("SCORE")
    for _depth in range(60):
        deep = f"<sum>{deep}{deep}</sum>" if len(deep) < 40_000 else f"<sum>{deep}</sum>"
    found = read(item(many("A"), choice(0, *"ABCDEFG"), rules(setting("SCORE", deep))))
    assert codes(found) == {"processing_guessed"}


@pytest.mark.parametrize(("content", "code"), [
    (b"<assessmentItem>", "damaged"), (b"<!DOCTYPE x><assessmentItem/>", "doctype"), (b"<quiz/>", "format_other"), (b"", "empty"),
    (b"<assessmentTest/>", "no_questions"), (b"<a>" * 300 + b"</a>" * 300, "damaged"),
    (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><assessmentItem>&e;</assessmentItem>', "doctype"),
    (b"<assessmentItem>&e;</assessmentItem>", "damaged"),
])
def test_files_that_are_none(content: bytes, code: str) -> None:
    with pytest.raises(Unusable) as refusal:
        qti.read(content)
    assert refusal.value.code == code


def test_policies_are_those_of_exams() -> None:
    for name, share in PICKED.items():
        for chosen in ("A", "AB", "ABC", "AD", "D", "ABCD", "ABCDE"):
            hits = len(set("ABC") & set(chosen))
            assert share(hits, len(chosen) - hits, 3, 5) == multiple("ABC", chosen, 5, Multiple(name))
