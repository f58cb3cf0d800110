"""A signature as a field: a drawing, or a typed name with a declaration."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Form, FormField, HiddenField, StringField
from wtforms.form import BaseForm

from certification.signature import NAME, Flaw, Signature, read

FLAWS = {
    Flaw.NO_NAME: _l("请输入签名人姓名"),
    Flaw.UNSIGNED: _l("请在框内手写签名，或勾选以姓名作为签名"),
    Flaw.TOO_SMALL: _l("签名太小，请清除后重签"),
    Flaw.BAD_SHAPE: _l("没有读到完整的签名，请清除后重签"),
    Flaw.NOT_THE_SIGNER: _l("须由本人签名，请输入本人姓名"),
}


class Parts(Form):
    """What a page sends: lines as JSON, the name, and whether the name stands for the signature."""

    strokes = HiddenField()
    name = StringField(_l("签名人姓名"), render_kw={"maxlength": NAME})
    declared = BooleanField(_l("以上面的姓名作为本人签名"))


class SignatureField(FormField):
    """Drawn or typed; after validation ``signature`` holds what was read. ``signer`` is who has to sign, where that is known."""

    def __init__(self, label: Any = None, **options: Any) -> None:
        super().__init__(Parts, label, **options)
        self.signature: Signature | None = None
        self.signer: str | None = None

    def validate(self, form: BaseForm, extra_validators: Sequence[Any] = ()) -> bool:
        """Read the signature; what is wrong is said beside the part that it concerns."""
        parts = self.form
        found = read(parts["name"].data or "", parts["strokes"].data or "", bool(parts["declared"].data), self.signer)
        if isinstance(found, Signature):
            self.signature = found
            return True
        parts["name" if found in {Flaw.NO_NAME, Flaw.NOT_THE_SIGNER} else "strokes"].errors = [str(FLAWS[found])]
        return False
