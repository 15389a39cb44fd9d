"""The API for programs: the same services as the pages, as JSON, for whoever carries a token."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask

from grantflow.api import document, problems, safety, signing
from grantflow.api.house import House
from grantflow.api.routes import ACCESS
from grantflow.store.session import Database

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

GROUPS = (
    "grantflow.api.myself",
    "grantflow.api.calls",
    "grantflow.api.labs",
    "grantflow.api.frames",
    "grantflow.api.bodies",
    "grantflow.api.applications",
    "grantflow.api.checking",
    "grantflow.api.reviewing",
    "grantflow.api.deciding",
    "grantflow.api.aid",
    "grantflow.api.records",
    "grantflow.api.papers",
)
"""The modules of operations: each has a `group`. One line each."""
ROOT = "/api"


def _wall() -> datetime:
    return datetime.now(UTC)


def create_api(
    database: Database,
    *,
    data_folder: Path | None = None,
    now: Callable[[], datetime] = _wall,
    wall: Callable[[], datetime] | None = None,
    address: str = "",
) -> Flask:
    """Return the API on a database: an application of its own, which has neither sessions nor forms nor cookies.

    `data_folder` is where files are kept, `now` is the clock that counts and `wall`, where it differs, the one outside.
    `address` is that of the installation, as mails write it.
    """
    app = Flask(__name__, static_folder=None)
    app.extensions["house"] = House(database, data_folder, now, wall or now, address)
    app.extensions["access"] = access()
    signing.install(app)
    safety.install(app)
    problems.install(app)
    document.install(app, [import_module(name).group for name in GROUPS])
    return app


def access() -> dict[tuple[str, str], str]:
    """Return who may call which operation: address, method, and the scope of the token or `everybody`."""
    for name in GROUPS:
        import_module(name)
    return {**ACCESS, **document.ACCESS}


def beside(pages: WSGIApplication, api: WSGIApplication) -> WSGIApplication:
    """Return the pages and the API as one: what begins with `/api` goes to the API alone."""

    def serve(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        return (api if path == ROOT or path.startswith(f"{ROOT}/") else pages)(environ, start_response)

    return serve
