"""Bring the English catalogue up to date with the Chinese texts in code and templates, and compile it.

``python tools/messages.py`` extracts, merges and compiles; ``--check`` changes
nothing and fails when a text has no English or the compiled file is old.
"""

import sys
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PO = ROOT / "translations" / "en" / "LC_MESSAGES" / "messages.po"
SETTLED = datetime(2026, 1, 1, tzinfo=UTC)
"""The date in the header: a real one would change the file each time somebody looks."""
KEYWORDS = {
    "_": None, "_l": None, "N_": None, "gettext": None, "lazy_gettext": None, "both": None,
    "ngettext": (1, 2), "pgettext": ((1, "c"), 2), "_p": ((1, "c"), 2),
}
SOURCES = ("foundation", "people", "standards", "question_bank", "scenarios", "certification", "templates")


def found() -> Catalog:
    """Every Chinese text that the sources mark."""
    catalog = Catalog(locale="en", project="Chizheng", charset="utf-8")
    for source in SOURCES:
        methods = [("**.html", "jinja2")] if source == "templates" else [("**.py", "python")]
        for name, line, message, _comments, context in extract_from_dir(str(ROOT / source), methods, keywords=KEYWORDS):
            if message:
                catalog.add(message, None, [(f"{source}/{name}", line)], context=context)
    return catalog


def merged() -> Catalog:
    """The catalogue with new texts added and those that are gone dropped; no guesses."""
    with PO.open("rb") as file:
        catalog = read_po(file, locale="en")
    catalog.update(found(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    catalog.fuzzy, catalog.header_comment = False, "# English for Chizheng. The message ids are the Chinese texts themselves."
    catalog.project, catalog.version, catalog.msgid_bugs_address = "Chizheng", "1", ""
    catalog.last_translator, catalog.language_team = "", ""
    catalog.creation_date = catalog.revision_date = SETTLED
    return catalog


def compiled(catalog: Catalog) -> bytes:
    """The catalogue as gettext reads it."""
    buffer = BytesIO()
    write_mo(buffer, catalog)
    return buffer.getvalue()


def main(check: bool) -> int:
    """Write, or only check; answers the exit code."""
    if not PO.exists():
        PO.parent.mkdir(parents=True)
        PO.write_bytes(b"")
    catalog = merged()
    missing = [str(message.id) for message in catalog if message.id and not message.string]
    mo = PO.with_suffix(".mo")
    if check:
        stale = not mo.exists() or mo.read_bytes() != compiled(catalog)
        print("\n".join([f"no English for: {text}" for text in missing] + ["messages.mo is old: run python tools/messages.py"] * stale))
        return 1 if missing or stale else 0
    with PO.open("wb") as file:
        write_po(file, catalog, width=120, sort_output=True, include_lineno=False)
    mo.write_bytes(compiled(catalog))
    print(f"{len(catalog)} texts, {len(missing)} without English")
    return 0


if __name__ == "__main__":
    raise SystemExit(main("--check" in sys.argv[1:]))
