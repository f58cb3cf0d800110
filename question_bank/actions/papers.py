"""Keep an assembled paper, and with it where each version was used."""

from collections.abc import Mapping, Sequence
from typing import Any

from foundation.work import Work
from question_bank.actions import cards
from question_bank.store.cards import items_of
from question_bank.tables import Form, FormItem


def keep_form(w: Work, code: str, seed: str, sections: Sequence[Mapping[str, Any]]) -> int:
    """Keep an assembled paper for good; answers its id. ``sections`` as ``assembly.Paper`` has them, ``canaries`` beside the slots."""
    form = Form(code=code, seed=seed, sections=[dict(section) for section in sections], created=w.now)
    w.session.add(form)
    w.session.flush()
    asked = (version for section in sections for version in (*(slot[0] for slot in section["slots"]), *section.get("canaries", ())))
    versions = dict.fromkeys(asked)
    w.session.add_all(FormItem(form_id=form.id, version_id=version_id) for version_id in versions)
    cards.file(w, items_of(w.session, list(versions)))
    w.record("form.kept", f"form:{code}", items=len(versions))
    return form.id
