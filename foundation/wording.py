"""Languages and dates: Chinese is the source language, English the second.

Message ids are the Chinese texts themselves, so a template reads as the page
does; ``translations/en`` holds the English. ``both`` gives a message in both
languages at once, for answers that other systems read.
"""

from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from babel.support import NullTranslations, Translations
from flask import Flask, current_app, g, has_app_context, has_request_context, request, session
from flask_babel import Babel, Domain, format_date, format_datetime, get_locale, gettext
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup
from wtforms.i18n import messages_path

from foundation import clock

LANGUAGES = {"zh": "中文", "en": "English"}
_FOLDER = Path(__file__).resolve().parent.parent / "translations"


class Catalogues(Domain):  # type: ignore[misc]
    """Flask-Babel's messages, looked up by the language alone; a page asks for some hundred."""

    def get_translations(self) -> NullTranslations:
        """The messages of the page's language."""
        return _catalogue(language())


babel = Babel()
babel.domain_instance = Catalogues()


def init_app(app: Flask) -> None:
    """Set up the catalogues and the template filters."""
    app.config["BABEL_DEFAULT_LOCALE"] = "zh"
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(_FOLDER)
    app.config["BABEL_DEFAULT_TIMEZONE"] = app.extensions["settings"].timezone.key
    babel.init_app(app, locale_selector=choose_locale)
    app.jinja_env.globals.update(_=_in_page, gettext=_in_page)
    app.jinja_env.filters.update(day=day, instant=instant, hour=hour, last_day=last_day, said=said, mark=mark)
    app.context_processor(lambda: {"locale": language()})


def choose_locale() -> str:
    """The language that was chosen, else the browser's, else Chinese."""
    if not has_request_context():
        return "zh"
    chosen = session.get("locale")
    if chosen in LANGUAGES:
        return str(chosen)
    return request.accept_languages.best_match(list(LANGUAGES), default="zh")


def language() -> str:
    """``zh`` or ``en``: the language of the page being made."""
    if not has_app_context():
        return "zh"
    known = g._get_current_object().get("_flask_babel")  # type: ignore[attr-defined]  # where Flask-Babel keeps it
    locale = getattr(known, "babel_locale", None) or get_locale()
    return locale.language if locale else "zh"


@pass_eval_context
def _in_page(context: EvalContext, message: str, **values: Any) -> str:
    """A message in a template, with values put in; what a value holds is text."""
    text = _catalogue(language()).ugettext(message)
    marked = Markup(text) if context.autoescape else text
    return marked % values if values or "%" in text else marked


def form_messages() -> NullTranslations:
    """WTForms' own messages in the page's language."""
    return _form_messages(language())


@cache
def _form_messages(code: str) -> NullTranslations:
    return Translations.load(messages_path(), [code], domain="wtforms")


def said(text: dict[str, str] | None) -> str:
    """The text of a ``{"zh": …, "en": …}`` pair in the page's language, the other where it is missing."""
    if not text:
        return ""
    return text.get(language()) or text.get("zh") or text.get("en") or ""


@cache
def _catalogue(code: str) -> NullTranslations:
    return Translations.load(str(_FOLDER), [code]) if code == "en" else NullTranslations()


MARKS = {"，": ", ", "。": ". ", "：": ": ", "；": "; ", "、": ", "}


def mark(chinese: str) -> str:
    """A punctuation mark in the page's language."""
    return chinese if language() == "zh" else MARKS[chinese]


def both(message: str, **values: Any) -> dict[str, str]:
    """A Chinese message id with its values, as ``{"zh", "en"}``.

    A value that is itself such a pair is put in by language.
    """
    texts = {"zh": message, "en": _catalogue("en").gettext(message)}
    return {
        code: text % {name: value[code] if isinstance(value, dict) else value for name, value in values.items()}
        for code, text in texts.items()
    }


def local(moment: datetime) -> datetime:
    """The instant in the configured time zone."""
    return moment.astimezone(current_app.extensions["settings"].timezone)


def day(moment: datetime | None) -> str:
    """The civil day of an instant: 2026年11月22日, Nov 22, 2026."""
    return format_date(local(moment), _pattern("yyyy年M月d日", "MMM d, y"), rebase=False) if moment else ""


def last_day(until: datetime | None) -> str:
    """The last good day of a half-open interval that ends at ``until``."""
    return day(until - timedelta(microseconds=1)) if until else ""


def hour(moment: datetime | None) -> str:
    """The civil time of day: 09:00."""
    return format_datetime(local(moment), "HH:mm", rebase=False) if moment else ""


def instant(moment: datetime | None) -> str:
    """Day and time; the year only when it is not this one."""
    if not moment:
        return ""
    here = local(moment)
    if here.year == local(clock.now()).year:
        return format_datetime(here, _pattern("M月d日 HH:mm", "MMM d, HH:mm"), rebase=False)
    return format_datetime(here, _pattern("yyyy年M月d日 HH:mm", "MMM d, y, HH:mm"), rebase=False)


def _pattern(zh: str, en: str) -> str:
    return zh if language() == "zh" else en


__all__ = ["LANGUAGES", "both", "day", "gettext", "hour", "init_app", "instant", "language", "last_day", "local", "mark", "said"]
