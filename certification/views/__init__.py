"""The HTML doors of certification, one file a subject."""

from flask import Flask

from certification.views import (
    appeals,
    canaries,
    check_in,
    decisions,
    dispatch,
    exams,
    fills,
    home,
    licences,
    marking,
    marking_overview,
    navigation,
    own_appeals,
    papers,
    partners,
    programmes,
    receipts,
    regrades,
    reviews,
    room,
    room_attempt,
    rosters,
    safeguards,
    sittings,
)


def init_app(app: Flask) -> None:
    """Register the doors."""
    for subject in (
        appeals, canaries, check_in, decisions, dispatch, exams, fills, home, licences, marking, marking_overview, own_appeals, papers,
        partners, programmes, receipts, regrades, reviews, room, room_attempt, rosters, safeguards, sittings,
    ):
        app.register_blueprint(subject.doors)
    navigation.init_app(app)
