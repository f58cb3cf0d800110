"""Shapes of what trainers type: a question, a review."""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    FieldList,
    FileField,
    Form,
    FormField,
    HiddenField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from question_bank.fill import BLANK, normal
from question_bank.item import MAX_OPTION, MAX_RATIONALE, MAX_STEM, TRUE_FALSE, Level, Option, Wording
from question_bank.key import MAX_ACCEPTED, MAX_GAPS, MAX_LINE, MAX_LINES, MAX_TEXTS
from question_bank.kind import ASKED, Kind
from question_bank.rich_text import parts
from standards.clause import nearest

KINDS = {
    Kind.SINGLE: _l("单选题"), Kind.MULTIPLE: _l("多选题"), Kind.TRUE_FALSE: _l("判断题"), Kind.ORDER: _l("排序题"),
    Kind.MATCH: _l("配对题"), Kind.FILL: _l("填空题"), Kind.SHORT: _l("简答题"), Kind.SITUATIONAL: _l("情景题"),
}
LEVELS = {Level.RECALL: _l("记忆"), Level.APPLY: _l("应用")}
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ROWS, MORE, LEAST_STEPS = 6, 3, 3
_BETWEEN = re.compile(r"[\s,，、;；]+")
Answer = tuple[tuple[Option, ...], tuple[Option, ...], Any]
"""The options, the right side, and the key."""


class OptionForm(Form):
    """One option: what it says, and whether it is right, or in per cent how right it is."""

    text = StringField(_l("选项"), [Length(max=MAX_OPTION, message=_l("选项最多 %(max)d 个字"))])
    right = BooleanField(_l("正确"))
    share = StringField(_l("得分"))


class PairForm(Form):
    """What belongs together; a right side alone is there to mislead."""

    left = StringField(_l("左边"), [Length(max=MAX_OPTION, message=_l("每一项最多 %(max)d 个字"))])
    right = StringField(_l("右边"), [Length(max=MAX_OPTION, message=_l("每一项最多 %(max)d 个字"))])


class ItemForm(FlaskForm):
    """A question of any kind; what its kind does not use is kept in the form and not read. Rows that are left empty do not count."""

    version = HiddenField()
    kind = RadioField(_l("题型"), choices=[(kind.value, KINDS[kind]) for kind in ASKED], default=Kind.SINGLE.value)
    stem = TextAreaField(_l("题干"), [DataRequired(_l("请写出题干")), Length(max=MAX_STEM, message=_l("题干最多 %(max)d 个字"))])
    options = FieldList(FormField(OptionForm), label=_l("选项"), min_entries=ROWS, max_entries=len(LETTERS))
    pairs = FieldList(FormField(PairForm), label=_l("配对"), min_entries=ROWS, max_entries=len(LETTERS))
    accepted = TextAreaField(_l("每个空的答案"))
    model = TextAreaField(_l("评分要点"))
    truth = RadioField(_l("这个说法"), choices=[("T", _l("正确")), ("F", _l("错误"))], validate_choice=False)
    rationale = TextAreaField(
        _l("解析"), [DataRequired(_l("请写明依据，并说出是第几条")), Length(max=MAX_RATIONALE, message=_l("解析最多 %(max)d 个字"))]
    )
    clauses = TextAreaField(_l("考查的条款"), description=_l("一行一条，主条款写在第一行，如 GCS@2011#24.1"))
    picked = SelectMultipleField(_l("查到的条款"), choices=[], validate_choice=False, option_widget=CheckboxInput(), widget=ListWidget())
    query = StringField(_l("查找条款"))
    difficulty = RadioField(
        _l("难度"), [InputRequired(_l("请选择难度"))], choices=[(str(step), str(step)) for step in range(1, 6)], default="3"
    )
    level = RadioField(_l("层次"), choices=[(level.value, LEVELS[level]) for level in Level], default=Level.RECALL.value)
    enemies = TextAreaField(_l("互斥的试题"))
    foes = SelectMultipleField(_l("互斥"), choices=[], validate_choice=False, option_widget=CheckboxInput(), widget=ListWidget())
    file = FileField(_l("图片或声音"))
    next = HiddenField()

    def references(self) -> list[str]:
        """What was typed and ticked as clauses, each once, in order."""
        return _listed(self.clauses, self.picked)

    def merge(self) -> None:
        """Put what was ticked into the lists that were typed."""
        self.clauses.data, self.enemies.data = "\n".join(self.references()), "\n".join(self.enemy_codes())
        self.picked.data, self.foes.data = [], []

    def enemy_codes(self) -> list[str]:
        """The codes that were typed and ticked as enemies, each once, in order."""
        return _listed(self.enemies, self.foes)

    def read_enemies(self, known: Mapping[str, int], own: str) -> list[int]:
        """The enemies that were named, by id; ``known`` are ids by code. What is wrong stands at the field."""
        codes = self.enemy_codes()
        errors = [_("没有试题“%(code)s”", code=code) for code in codes if code not in known]
        if own in codes:
            errors.append(_("试题不能和自己互斥"))
        _blame(self.enemies, errors)
        return [known[code] for code in codes if code in known]

    def more(self) -> None:
        """A few more empty rows, as many as there may be."""
        for rows in (self.options, self.pairs):
            for _row in range(min(MORE, len(LETTERS) - len(rows))):
                rows.append_entry()

    def read(self, known: Collection[str]) -> Wording | None:
        """What was typed as a version; None when something is wrong, which then stands at its field.

        ``known`` are the references that exist.
        """
        sound = self.validate()
        references = self._known_references(known)
        kind = Kind(self.kind.data) if self.kind.data in KINDS else Kind.SINGLE
        options, right, key = self._answer(kind)
        if not sound or self.errors:
            return None
        stem, rationale = str(self.stem.data).strip(), str(self.rationale.data).strip()
        return Wording(kind, stem, options, key, rationale, references, int(self.difficulty.data), Level(self.level.data), right)

    def sketch(self) -> Wording:
        """What stands in the form so far, sound or not: for a look at it, never to be kept."""
        kind = Kind(self.kind.data) if self.kind.data in KINDS else Kind.SINGLE
        errors = {field: field.errors for field in self}
        options, right, key = self._answer(kind)
        for field, before in errors.items():
            field.errors = before
        level = Level(self.level.data) if self.level.data in LEVELS else Level.RECALL
        stem, rationale = str(self.stem.data or ""), str(self.rationale.data or "")
        return Wording(kind, stem, options, key, rationale, tuple(self.references()), 3, level, right)

    def _answer(self, kind: Kind) -> Answer:
        if kind is Kind.TRUE_FALSE:
            return TRUE_FALSE, (), self._truth()
        if kind is Kind.MATCH:
            return self._pairs()
        if kind is Kind.FILL:
            return (), (), self._accepted()
        if kind is Kind.SHORT:
            return (), (), self._model()
        return self._options(kind)

    def _known_references(self, known: Collection[str]) -> tuple[str, ...]:
        found, errors = [], []
        for typed in self.references():
            meant = nearest(typed, known)
            if typed in known:
                found.append(typed)
            elif meant:
                errors.append(_("没有条款“%(typed)s”。您是不是指 %(meant)s？", typed=typed, meant=meant))
            else:
                errors.append(_("没有条款“%(typed)s”。可以用下面的“查找条款”。", typed=typed))
        if not found and not errors:
            errors.append(_("请至少选一个条款"))
        _blame(self.clauses, errors)
        return tuple(found)

    def _truth(self) -> tuple[str, ...]:
        if self.truth.data in {option.code for option in TRUE_FALSE}:
            return (str(self.truth.data),)
        _blame(self.truth, [_("请选择这个说法是对还是错")])
        return ()

    def _options(self, kind: Kind) -> Answer:
        """The options that were filled in, lettered anew, and their key: the right ones, their order, or what each earns."""
        rows = [(str(row.text.data or "").strip(), bool(row.right.data), str(row.share.data or "")) for row in self.options]
        filled = [row for row in rows if row[0]]
        options = _lettered([row[0] for row in filled])
        codes = [option.code for option in options]
        errors = _text_errors([row[0] for row in filled], LEAST_STEPS if kind is Kind.ORDER else 2)
        key: Any = tuple(codes)
        if kind is Kind.SITUATIONAL:
            key, wrong = _shares(codes, [row[2] for row in filled])
            errors += wrong
        elif kind is not Kind.ORDER:
            key = tuple(code for code, row in zip(codes, filled, strict=True) if row[1])
            ticked_empty = any(ticked and not text for text, ticked, _share in rows)
            errors += _choice_errors(kind, len(filled), len(key), ticked_empty)
        _blame(self.options, errors)
        return options, (), key

    def _pairs(self) -> Answer:
        """Both sides and what belongs together; two on the left may share one on the right."""
        rows = [(str(row.left.data or "").strip(), str(row.right.data or "").strip()) for row in self.pairs]
        left = _lettered([one for one, _other in rows if one])
        texts = list(dict.fromkeys(other for _one, other in rows if other))
        right = tuple(Option(str(number), text) for number, text in enumerate(texts, 1))
        numbers = {option.text: option.code for option in right}
        key = {option.code: numbers.get(other, "") for option, other in zip(left, [other for one, other in rows if one], strict=False)}
        errors = []
        if len(left) < 2:
            errors.append(_("至少写两对"))
        elif len(texts) < 2:
            errors.append(_("右边至少要有两项不同的内容"))
        if len({option.text for option in left}) < len(left):
            errors.append(_("左边有两项内容相同"))
        errors += [_("“%(text)s”还没有写右边", text=one) for one, other in rows if one and not other]
        _blame(self.pairs, errors)
        return left, right, key

    def _accepted(self) -> tuple[tuple[str, ...], ...]:
        """The accepted texts: a line for each gap, alternatives between bars."""
        lines = [line for line in str(self.accepted.data or "").splitlines() if line.strip()]
        key = tuple(tuple(text.strip() for text in re.split("[|｜]", line) if text.strip()) for line in lines)
        gaps = len(BLANK.findall(str(self.stem.data or "")))
        errors = []
        if not gaps:
            _blame(self.stem, [_("填空题要用连着的下划线 ____ 标出空")])
        elif gaps != len(parts(str(self.stem.data or ""))) - 1:
            _blame(self.stem, [_("空（____）不能写在图片的说明里，也不能写成 \\_")])
        elif gaps > MAX_GAPS:
            _blame(self.stem, [_("一道题最多 %(n)s 个空", n=MAX_GAPS)])
        elif len(key) != gaps:
            errors.append(_("题干有 %(gaps)s 个空，答案写了 %(lines)s 行；一行对应一个空", gaps=gaps, lines=len(key)))
        if any(len(texts) > MAX_TEXTS for texts in key):
            errors.append(_("一个空最多写 %(n)s 个答案", n=MAX_TEXTS))
        odd = next((text for texts in key for text in texts if not normal(text) or len(text) > MAX_ACCEPTED), None)
        if odd is not None or not all(key):
            errors.append(_("“%(text)s”不能作答案：要有文字或数字，最多 %(n)s 个字", text=(odd or "|")[:20], n=MAX_ACCEPTED))
        _blame(self.accepted, errors)
        return key

    def _model(self) -> tuple[str, ...]:
        lines = tuple(line.strip() for line in str(self.model.data or "").splitlines() if line.strip())
        errors = [] if lines else [_("请写出评分要点，一行一条")]
        if len(lines) > MAX_LINES or any(len(line) > MAX_LINE for line in lines):
            errors.append(_("评分要点最多 %(lines)s 行，每行最多 %(n)s 个字", lines=MAX_LINES, n=MAX_LINE))
        _blame(self.model, errors)
        return lines


def _listed(typed: Any, ticked: Any) -> list[str]:
    return list(dict.fromkeys([*filter(None, _BETWEEN.split(str(typed.data or ""))), *(ticked.data or [])]))


def _lettered(texts: Sequence[str]) -> tuple[Option, ...]:
    return tuple(Option(letter, text) for letter, text in zip(LETTERS, texts, strict=False))


def _text_errors(texts: Sequence[str], least: int) -> list[str]:
    errors = []
    if len(texts) < least:
        errors.append(_("至少写两个选项") if least == 2 else _("至少写 %(n)s 项", n=least))
    if len(set(texts)) < len(texts):
        errors.append(_("有两个选项内容相同"))
    return errors


def _choice_errors(kind: Kind, filled: int, right: int, ticked_empty: bool) -> list[str]:
    if ticked_empty:
        return [_("标为正确的选项还没有内容")]
    if kind is Kind.SINGLE and right != 1:
        return [_("单选题要有且只有一个正确选项，现在标了 %(n)s 个", n=right)]
    if kind is Kind.MULTIPLE and (right < 2 or right == filled):
        return [_("多选题至少要有两个正确选项和一个错误选项")]
    return []


def _shares(codes: Sequence[str], typed: Sequence[str]) -> tuple[dict[str, float], list[str]]:
    """What each option earns (0–1), typed in per cent; nothing typed is nothing earned."""
    shares, errors = {}, []
    for code, text in zip(codes, typed, strict=False):
        share = _share(text)
        if share is None:
            errors.append(_("选项 %(letter)s 的得分要填 0 到 100 的数", letter=code))
        else:
            shares[code] = share
    if not errors and 1 not in shares.values():
        errors.append(_("至少有一个选项得满分"))
    return shares, errors


def _share(text: str) -> float | None:
    plain = unicodedata.normalize("NFKC", text).strip().removesuffix("%").strip()
    try:
        number = Decimal(plain or "0")
    except InvalidOperation:
        return None
    return float(number / 100) if number.is_finite() and 0 <= number <= 100 else None


def _blame(field: Any, errors: list[str]) -> None:
    """Add errors to a field that WTForms has already validated."""
    field.errors = [*field.errors, *errors]


class ReviewForm(FlaskForm):
    """A verdict on somebody else's version."""

    version = HiddenField()
    verdict = HiddenField()
    comment = TextAreaField(_l("意见"), [Length(max=1000, message=_l("意见最多 %(max)d 个字"))])
