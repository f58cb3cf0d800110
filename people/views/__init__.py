"""The HTML doors of people, one file a subject: sign-in, accounts, keys, audit, health."""

from flask import Flask

from people.views import accounts, audit, health, keys, sign_in


def init_app(app: Flask) -> None:
    """Register the doors."""
    for subject in (accounts, audit, health, keys, sign_in):
        app.register_blueprint(subject.doors)
