"""The factory: the only file that knows every package.

``app:create_app()`` is the WSGI factory. Reading order of the house:
foundation, people, standards, question_bank, scenarios, certification.
"""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

import certification.api
import certification.commands
import certification.views
import foundation.commands
import people.api
import people.commands
import people.views
import question_bank.commands
import question_bank.views
import scenarios.commands
import standards.views
from foundation import clock, database, health, sealing, static_files, web, wording
from foundation.clock import Clock
from foundation.config import Settings
from foundation.site import Site
from people import login


def create_app(settings: Settings | None = None, clock_used: Clock | None = None) -> Flask:
    """Make the application from ``settings`` (the environment when None) and a clock (the machine's when None)."""
    settings = settings or Settings.from_environ()
    app = Site(__name__)
    app.extensions["settings"] = settings
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=database.ENGINE_OPTIONS,
    )
    clock.init_app(app, clock_used)
    database.init_app(app)
    sealing.init_app(app, settings.data_key)
    wording.init_app(app)
    web.init_app(app)
    health.init_app(app)
    login.init_app(app)
    _register(app)
    static_files.init_app(app)
    if settings.production:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
    return app


def _register(app: Flask) -> None:
    """Doors and commands, package by package."""
    for module in (people.views, people.api, standards.views, question_bank.views, certification.views, certification.api):
        module.init_app(app)
    for module in (foundation.commands, people.commands, question_bank.commands, scenarios.commands, certification.commands):
        module.init_app(app)

