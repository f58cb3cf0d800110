"""The HTML doors of people, one file a subject: sign-in, accounts, keys, rosters as files, audit, health."""

from flask import Flask

from people.views import accounts, audit, health, keys, roster_imports, saved_views, sign_in


def init_app(app: Flask) -> None:
    """Register the doors."""
    for subject in (accounts, audit, health, keys, roster_imports, saved_views, sign_in):
        app.register_blueprint(subject.doors)
