"""For whom a program asks: the bearer token of the request, and how far it goes. Cookies are never looked at."""

from __future__ import annotations

from flask import Flask, Response, current_app, g, request

from grantflow.api.house import as_the_house, caller, house
from grantflow.api.problems import problem
from grantflow.services.people import tokens

EVERYBODY = "everybody"
READING = frozenset({"GET", "HEAD"})


def install(app: Flask) -> None:
    """Ask the table of access before every operation, and note afterwards that a token was used."""

    @app.before_request
    def _ask() -> Response | None:
        if request.url_rule is None:
            return None
        wrong = _known()
        if wrong is not None:
            return wrong
        method = "GET" if request.method in READING else request.method
        scope = app.extensions["access"].get((request.url_rule.rule, method))
        if scope is None:
            return problem(404)
        return None if scope == EVERYBODY else _within(scope)

    @app.after_request
    def _note_when_done(response: Response) -> Response:
        known = caller()
        if known is not None and known.stale(house().wall()):
            running = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - Flask's own way

            @response.call_on_close
            def _used() -> None:
                with running.app_context(), as_the_house(writing=True) as tx:
                    tokens.used(tx, known.token_id)

        return response


def _known() -> Response | None:
    """Learn for whom the program asks; what is sent as a token and is none in force is answered with 401."""
    if not request.headers.get("Authorization"):
        return None
    sent = request.authorization
    if sent is not None and sent.type == "bearer" and sent.token:
        with as_the_house(writing=False) as tx:
            g.caller = tokens.caller_of(tx, sent.token)
    if caller() is None:
        return _unknown('Bearer error="invalid_token"')
    return None


def _within(scope: str) -> Response | None:
    known = caller()
    if known is None:
        return _unknown("Bearer")
    if scope in known.scopes:
        return None
    sentence = f"This token does not go so far: the scope “{scope}” is needed."
    reasons = [{"code": "wrong_scope", "sentence": sentence, "where": None}]
    challenge = f'Bearer error="insufficient_scope", scope="{scope}"'
    return problem(403, sentence, reasons, {"WWW-Authenticate": challenge})


def _unknown(challenge: str) -> Response:
    return problem(401, headers={"WWW-Authenticate": challenge})
