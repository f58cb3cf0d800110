"""The HTML doors of certification, one file a subject."""

from flask import Flask

from certification.views import (
    appeals,
    breach_record,
    breaches,
    canaries,
    check_in,
    contracts,
    coverage,
    credentials,
    custody,
    custody_contracts,
    decisions,
    dispatch,
    dispatch_overrides,
    dispatch_passes,
    dispatch_policy,
    edition_impact,
    exams,
    fills,
    home,
    item_uses,
    licence_board,
    licence_names,
    licence_papers,
    licences,
    marking,
    marking_overview,
    media,
    navigation,
    notices,
    own_appeals,
    papers,
    partners,
    person_file,
    programmes,
    receipts,
    regrades,
    review_remarks,
    reviews,
    room,
    room_attempt,
    roster_exports,
    rosters,
    safeguards,
    sittings,
    trainings,
    verify,
    visit_papers,
    visits,
    webhooks,
)


def init_app(app: Flask) -> None:
    """Register the doors."""
    for subject in (
        appeals, breach_record, breaches, canaries, check_in, contracts, coverage, credentials, custody, custody_contracts, decisions,
        dispatch, dispatch_overrides, dispatch_passes, dispatch_policy, edition_impact, exams, fills, home, item_uses, licence_board,
        licence_names, licence_papers, licences, marking, marking_overview, media, notices, own_appeals, papers, partners, person_file,
        programmes, receipts, regrades, review_remarks, reviews, room, room_attempt, roster_exports, rosters, safeguards, sittings,
        trainings, verify, visit_papers, visits, webhooks,
    ):
        app.register_blueprint(subject.doors)
    navigation.init_app(app)
