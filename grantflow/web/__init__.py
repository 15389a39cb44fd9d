"""The web: pages made on the server, which work without scripts."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

from flask import Flask
from jinja2 import StrictUndefined

from grantflow import paths
from grantflow.services.catalogues import LOCALE
from grantflow.services.people.sessions import Limits
from grantflow.store.session import Database
from grantflow.web import access, errors, forgery, safety, words
from grantflow.web.entrance import Entrance
from grantflow.web.pages import PAGES
from grantflow.web.people import sign_ins


def _wall() -> datetime:
    return datetime.now(UTC)


def create_app(
    database: Database,
    *,
    data_folder: Path | None = None,
    demo: bool = False,
    now: Callable[[], datetime] = _wall,
    wall: Callable[[], datetime] | None = None,
    secret_key: str | None = None,
    limits: Limits | None = None,
    address: str = "",
    sending: bool = True,
    locale: Path = LOCALE,
) -> Flask:
    """Return the web application on a database.

    `data_folder` is where files are kept, `demo` marks every page, `now` is the clock that counts and
    `wall`, where it differs, the one outside. `address` is that of the installation, as mails write it; `sending` says
    whether anything may leave. `locale` holds the catalogues of other languages.
    """
    app = Flask(__name__, template_folder=str(paths.data_folder("templates")), static_folder=None)
    app.config.update(
        SECRET_KEY=secret_key or secrets.token_hex(32),
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SECURE=not demo,
        MAX_CONTENT_LENGTH=1024 * 1024,
        TRAP_HTTP_EXCEPTIONS=False,
    )
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    app.jinja_env.undefined = StrictUndefined
    app.extensions["entrance"] = Entrance(
        database,
        data_folder,
        now,
        demo=demo,
        wall=wall or now,
        limits=limits or Limits(),
        address=address,
        sending=sending,
    )
    words.Sentences(
        app,
        locale_selector=words.chosen_language,
        default_timezone="UTC",
        default_translation_directories=str(locale),
    )
    words.install(app)
    safety.install(app)
    errors.install(app)
    sign_ins.install(app)
    access.install(app, access.collected(PAGES))
    forgery.install(app)
    for name in PAGES:
        app.register_blueprint(import_module(name).pages)
    return app
