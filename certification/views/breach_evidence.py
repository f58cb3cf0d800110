"""Evidence as it is uploaded: read and made anew before anything is written."""

from typing import Any

from flask_babel import gettext as _

from certification.breach_file import MOST_BYTES, MOST_FILES, Evidence, Flaw, read
from certification.forms.breaches import BreachForm, EvidenceForm
from certification.views.breach_words import FLAWS

MOST_BODY = MOST_FILES * MOST_BYTES + 2 * 1024 * 1024
"""Bytes of a form with as much evidence as may be."""


def read_files(form: EvidenceForm | BreachForm) -> list[Evidence] | None:
    """What was uploaded, ready to be kept; None when something is wrong, which then stands at the field."""
    uploads: list[Any] = [upload for upload in form.files.data or () if getattr(upload, "filename", "")]
    if len(uploads) > MOST_FILES:
        form.files.errors = [_("一次最多 6 个文件")]
        return None
    found: list[Evidence] = []
    errors: list[str] = []
    for upload in uploads:
        made = read(upload.filename, upload.read(MOST_BYTES + 1))
        if isinstance(made, Flaw):
            errors.append(_("%(name)s：%(why)s", name=upload.filename[:80], why=FLAWS[made]))
        else:
            found.append(made)
    if errors:
        form.files.errors = errors
        return None
    return found
