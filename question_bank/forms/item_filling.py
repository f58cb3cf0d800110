"""An existing version shown in the form of a question."""

from question_bank.forms.items import ItemForm
from question_bank.item import Wording
from question_bank.kind import Kind


def fill(form: ItemForm, said: Wording, version_id: int) -> None:
    """Show an existing version in the form."""
    form.version.data = str(version_id)
    form.kind.data, form.level.data, form.difficulty.data = said.kind.value, said.level.value, str(said.difficulty)
    form.stem.data, form.rationale.data, form.clauses.data = said.stem, said.rationale, "\n".join(said.clauses)
    if said.kind is Kind.TRUE_FALSE:
        form.truth.data = said.key[0]
    elif said.kind is Kind.FILL:
        form.accepted.data = "\n".join(" | ".join(texts) for texts in said.key)
    elif said.kind is Kind.SHORT:
        form.model.data = "\n".join(said.key)
    elif said.kind is Kind.MATCH:
        _fill_pairs(form, said)
    else:
        _fill_options(form, said)


def _fill_options(form: ItemForm, said: Wording) -> None:
    texts = {option.code: option for option in said.options}
    options = [texts[code] for code in said.key] if said.kind is Kind.ORDER else said.options
    while len(form.options) < len(options):
        form.options.append_entry()
    for row, option in zip(form.options, options, strict=False):
        row.text.data = option.text
        if said.kind is Kind.SITUATIONAL:
            row.share.data = f"{said.key.get(option.code, 0) * 100:g}"
        else:
            row.right.data = said.kind is not Kind.ORDER and option.code in said.key


def _fill_pairs(form: ItemForm, said: Wording) -> None:
    beside = {option.code: option.text for option in said.right}
    rows = [(option.text, beside[said.key[option.code]]) for option in said.options]
    rows += [("", text) for code, text in beside.items() if code not in said.key.values()]
    while len(form.pairs) < len(rows):
        form.pairs.append_entry()
    for row, (left, right) in zip(form.pairs, rows, strict=False):
        row.left.data, row.right.data = left, right
