"""One line in the log for each request: which page, what came of it, how long it took; nothing of who asked or for what."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import structlog
from flask import Flask, request
from structlog.contextvars import bind_contextvars, clear_contextvars
from werkzeug.wsgi import ClosingIterator

from grantflow.web.proxies import REQUEST_ID

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = structlog.get_logger()

PAGE = "grantflow.page"
"""Where in a request's environment the address of its page stands, with places for what differs: `/records/<ref>`."""
NO_PAGE = "none"
ASKED_BY_MACHINES = frozenset({"/healthz", "/readyz"})
"""Asked every few seconds: told only where everything is."""
_FIT = re.compile(r"[A-Za-z0-9._-]{8,64}")


class Logged:
    """An application whose requests are logged; each has a number, which its answer carries as `X-Request-Id`.

    A number that a proxy of ours gave is kept. Every line that is logged meanwhile carries it, as `request`.
    """

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        begun = time.perf_counter()
        given = environ.get(REQUEST_ID, "")
        number = given if _FIT.fullmatch(given) else secrets.token_hex(8)
        clear_contextvars()
        bind_contextvars(request=number)
        answered: dict[str, Any] = {"status": 500, "bytes": 0}

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            answered["status"] = int(status[:3])
            length = next((value for name, value in headers if name.lower() == "content-length"), "0")
            answered["bytes"] = int(length)
            return start_response(status, [*headers, ("X-Request-Id", number)], *more)

        def end() -> None:
            page = environ.get(PAGE, NO_PAGE)
            tell = log.debug if page in ASKED_BY_MACHINES else log.info
            taken = round((time.perf_counter() - begun) * 1000, 1)
            tell("request", method=_method(environ), page=page, **answered, ms=taken)
            clear_contextvars()

        try:
            body = self._app(environ, start)
        except BaseException:
            end()
            raise
        return ClosingIterator(body, end)


def name_pages(app: Flask) -> None:
    """Let every line that is logged during a request say to which page it belongs."""

    @app.url_value_preprocessor
    def _name(*_: object) -> None:
        page = NO_PAGE if request.url_rule is None else request.url_rule.rule
        request.environ[PAGE] = page
        bind_contextvars(page=page)


def _method(environ: WSGIEnvironment) -> str:
    """Return the method, where it is one: what somebody makes up stands in no log."""
    method = environ.get("REQUEST_METHOD", "")
    return method if method in {"GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS"} else "other"
