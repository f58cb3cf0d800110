"""Shapes of what trainers type: a question, a review."""

import re
from collections.abc import Collection
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, FieldList, Form, FormField, HiddenField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from question_bank.item import ASKED, MAX_OPTION, MAX_RATIONALE, MAX_STEM, TRUE_FALSE, Kind, Level, Option, Wording
from standards.clause import nearest

KINDS = {Kind.SINGLE: _l("单选题"), Kind.MULTIPLE: _l("多选题"), Kind.TRUE_FALSE: _l("判断题")}
LEVELS = {Level.RECALL: _l("记忆"), Level.APPLY: _l("应用")}
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ROWS = 6
_BETWEEN = re.compile(r"[\s,，、;；]+")


class OptionForm(Form):
    """One option: what it says, and whether it is right."""

    text = StringField(_l("选项"), [Length(max=MAX_OPTION, message=_l("选项最多 %(max)d 个字"))])
    right = BooleanField(_l("正确"))


class ItemForm(FlaskForm):
    """A question of a kind that can be asked. Options that are left empty do not count."""

    version = HiddenField()
    kind = RadioField(_l("题型"), choices=[(kind.value, KINDS[kind]) for kind in ASKED], default=Kind.SINGLE.value)
    stem = TextAreaField(_l("题干"), [DataRequired(_l("请写出题干")), Length(max=MAX_STEM, message=_l("题干最多 %(max)d 个字"))])
    options = FieldList(FormField(OptionForm), label=_l("选项"), min_entries=ROWS, max_entries=len(LETTERS))
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

    def references(self) -> list[str]:
        """What was typed and ticked as clauses, each once, in order."""
        typed = [text for text in _BETWEEN.split(str(self.clauses.data or "")) if text]
        return list(dict.fromkeys([*typed, *(self.picked.data or [])]))

    def merge(self) -> None:
        """Put what was ticked into the list that was typed."""
        self.clauses.data = "\n".join(self.references())
        self.picked.data = []

    def read(self, known: Collection[str]) -> Wording | None:
        """What was typed as a version; None when something is wrong, which then stands at its field.

        ``known`` are the references that exist.
        """
        sound = self.validate()
        references = self._known_references(known)
        kind = Kind(self.kind.data) if self.kind.data in KINDS else Kind.SINGLE
        options, key = (TRUE_FALSE, self._truth()) if kind is Kind.TRUE_FALSE else self._options(kind)
        if not sound or self.errors:
            return None
        said = (str(self.stem.data).strip(), options, key, str(self.rationale.data).strip())
        return Wording(kind, *said, references, int(self.difficulty.data), Level(self.level.data))

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

    def _options(self, kind: Kind) -> tuple[tuple[Option, ...], tuple[str, ...]]:
        """The options that were filled in, lettered anew, and the letters of the right ones."""
        rows = [(str(row.text.data or "").strip(), bool(row.right.data)) for row in self.options]
        filled = [row for row in rows if row[0]]
        options = tuple(Option(letter, text) for letter, (text, _right) in zip(LETTERS, filled, strict=False))
        key = tuple(letter for letter, (_text, right) in zip(LETTERS, filled, strict=False) if right)
        _blame(self.options, _option_errors(kind, rows, len(filled), len(key)))
        return options, key


def _option_errors(kind: Kind, rows: list[tuple[str, bool]], filled: int, right: int) -> list[str]:
    errors = []
    texts = [text for text, _right in rows if text]
    if filled < 2:
        errors.append(_("至少写两个选项"))
    if len(set(texts)) < len(texts):
        errors.append(_("有两个选项内容相同"))
    if any(ticked and not text for text, ticked in rows):
        errors.append(_("标为正确的选项还没有内容"))
    elif kind is Kind.SINGLE and right != 1:
        errors.append(_("单选题要有且只有一个正确选项，现在标了 %(n)s 个", n=right))
    elif kind is Kind.MULTIPLE and (right < 2 or right == filled):
        errors.append(_("多选题至少要有两个正确选项和一个错误选项"))
    return errors


def _blame(field: Any, errors: list[str]) -> None:
    """Add errors to a field that WTForms has already validated."""
    if errors:
        field.errors = [*field.errors, *errors]


def fill(form: ItemForm, said: Wording, version_id: int) -> None:
    """Show an existing version in the form."""
    form.version.data = str(version_id)
    form.kind.data, form.level.data, form.difficulty.data = said.kind.value, said.level.value, str(said.difficulty)
    form.stem.data, form.rationale.data, form.clauses.data = said.stem, said.rationale, "\n".join(said.clauses)
    if said.kind is Kind.TRUE_FALSE:
        form.truth.data = said.key[0]
        return
    while len(form.options) < len(said.options):
        form.options.append_entry()
    for row, option in zip(form.options, said.options, strict=False):
        row.text.data, row.right.data = option.text, option.code in said.key


class ReviewForm(FlaskForm):
    """A verdict on somebody else's version."""

    version = HiddenField()
    verdict = HiddenField()
    comment = TextAreaField(_l("意见"), [Length(max=1000, message=_l("意见最多 %(max)d 个字"))])
