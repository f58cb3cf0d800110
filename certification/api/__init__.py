"""The JSON doors of certification, to the same actions as the pages."""

from flask import Flask

from certification.api import attempts, contracts, dispatch, openapi, remarks
from foundation.web import csrf


def init_app(app: Flask) -> None:
    """Register the doors; a bearer of a key sends no cookie, so there is nothing to forge."""
    app.register_blueprint(attempts.doors)
    app.register_blueprint(contracts.doors)
    app.register_blueprint(dispatch.doors)
    app.register_blueprint(openapi.doors)
    app.register_blueprint(remarks.doors)
    csrf.exempt(dispatch.doors)
