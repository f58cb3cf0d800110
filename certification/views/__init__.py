"""The HTML doors of certification, one file a subject."""

from flask import Flask

from certification.views import decisions, dispatch, exams, home, licences, navigation, partners, programmes, receipts, rosters, sittings


def init_app(app: Flask) -> None:
    """Register the doors."""
    for subject in (decisions, dispatch, exams, home, licences, partners, programmes, receipts, rosters, sittings):
        app.register_blueprint(subject.doors)
    navigation.init_app(app)
