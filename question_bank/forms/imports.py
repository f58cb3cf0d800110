"""Shapes of what trainers send when questions come in: a file or a pasted paper, and clauses by question."""

import re
from collections.abc import Collection, Mapping

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import SelectField, TextAreaField
from wtforms.validators import Length, Optional

from standards.clause import nearest

LONGEST_PASTE = 2_000_000
_BETWEEN = re.compile(r"[\s,，、;；]+")


class ImportForm(FlaskForm):
    """Questions as a file or as text; exactly one of both."""

    text = TextAreaField(_l("粘贴题目"), [Optional(), Length(max=LONGEST_PASTE, message=_l("最多粘贴 %(max)d 个字符，更多请用文件"))])
    file = FileField(_l("或者选择文件"), description=_l("Word、Excel、CSV、GIFT、Aiken、Moodle XML、QTI、TCExam，最大 15 MB"))
    format = SelectField(_l("格式"), [Optional()], default="")
    edition = SelectField(_l("条款范围"), [Optional()], default="")


def references(text: str, refs: Collection[str], by_number: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """The references that a trainer typed, and what is none; a number alone will do where one clause has it (``by_number``)."""
    typed = [part for part in _BETWEEN.split(text.strip()) if part]
    found = [part if part in refs else by_number.get(part, "") for part in typed]
    return [ref for ref in dict.fromkeys(found) if ref], [part for part, ref in zip(typed, found, strict=True) if not ref]


def closest(part: str, refs: Collection[str]) -> str:
    """The reference that looks most like what was typed, or ""."""
    return nearest(part, refs) or ""
