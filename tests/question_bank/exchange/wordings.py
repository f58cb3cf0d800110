"""Wordings of every kind for the round trips, as hypothesis draws them."""

from hypothesis import strategies as st

from question_bank.item import TRUE_FALSE, Level, Option, Wording, check_wording
from question_bank.key import tidy
from question_bank.kind import Kind

LETTERS = "abcXYZ0123456789 提前预约客户上门仪容·，。：（）！？~=#{}\\:%*`[]()<>&;/_-.\"'\n|>+!$^"
PLAIN = "abcXYZ0123456789 提前预约客户上门仪容，。：（）！？%.\"'/"


def texts(alphabet: str = LETTERS, longest: int = 40) -> st.SearchStrategy[str]:
    """Texts as they are stored: something in them, nothing around them."""
    return st.text(alphabet, min_size=1, max_size=longest).map(str.strip).filter(lambda text: text and "__" not in text)


def options(draw: st.DrawFn, alphabet: str, first: str = "A", least: int = 2) -> tuple[Option, ...]:
    """Options that all differ; now and then with codes of their author's own."""
    said = draw(st.lists(texts(alphabet), min_size=least, max_size=6, unique=True))
    names = [chr(ord(first) + place) for place in range(len(said))]
    if draw(st.booleans()):
        names = draw(st.permutations([*names, "x1", "q.2"]))[: len(said)]
    return tuple(Option(code, text) for code, text in zip(names, said, strict=True))


@st.composite
def wordings(draw: st.DrawFn, kinds: tuple[Kind, ...] = tuple(Kind), alphabet: str = LETTERS) -> Wording:
    """A wording that can be asked, of one of ``kinds``."""
    kind = draw(st.sampled_from(kinds))
    stem, left, right = draw(texts(alphabet)), (), ()
    if kind is Kind.TRUE_FALSE:
        left, key = TRUE_FALSE, (draw(st.sampled_from("TF")),)
    elif kind is Kind.SHORT:
        key = ()
    elif kind is Kind.FILL:
        stem = draw(st.sampled_from([stem, f"{stem} ____ 分钟"]))
        key = (tuple(draw(st.lists(texts(alphabet, 10), min_size=1, max_size=4, unique=True))),)
    else:
        left = options(draw, alphabet)
        key, right = _key(draw, kind, left, alphabet)
    made = Wording(
        kind, stem, left, tidy(kind, key, [option.code for option in left]), draw(st.one_of(st.just(""), texts(alphabet))),
        tuple(draw(st.lists(st.sampled_from(["GCS@2011#12.1", "GCS@2011#3", "JF@2024#1"]), min_size=1, max_size=3, unique=True))),
        draw(st.integers(1, 5)), draw(st.sampled_from(Level)), right,
    )
    return made if not check_wording(made) else draw(st.nothing())


def _key(draw: st.DrawFn, kind: Kind, left: tuple[Option, ...], alphabet: str) -> tuple[object, tuple[Option, ...]]:
    codes = [option.code for option in left]
    if kind is Kind.SINGLE:
        return (draw(st.sampled_from(codes)),), ()
    if kind is Kind.MULTIPLE:
        return tuple(draw(st.lists(st.sampled_from(codes), min_size=1, unique=True))), ()
    if kind is Kind.ORDER:
        return tuple(draw(st.permutations(codes))), ()
    if kind is Kind.SITUATIONAL:
        others = draw(st.dictionaries(st.sampled_from(codes[1:]), st.sampled_from([0, 0.25, 0.5, 1 / 3, 1])))
        return {codes[0]: 1, **others}, ()
    right = options(draw, alphabet, "1")
    return {code: draw(st.sampled_from([option.code for option in right])) for code in codes}, right
