"""The switches in the footer: language and colours."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from grantflow.services.people import account
from grantflow.web import words
from grantflow.web.entrance import as_the_house, person
from grantflow.web.people.returning import safe_next

pages = Blueprint("switching", __name__)

A_YEAR = timedelta(days=365)


@pages.post("/language")
def switch_language() -> ResponseReturnValue:
    """Turn all pages into another language, and for somebody signed in their mails too."""
    wanted = request.form.get("language", "")
    if wanted not in words.LANGUAGES:
        abort(404)
    who = person()
    if who is not None and who.language != wanted:
        with as_the_house(writing=True) as tx:
            account.set_language(tx, who.id, wanted)
    return _kept(_back(), "language", wanted)


@pages.post("/colours")
def switch_colours() -> ResponseReturnValue:
    """Show all pages light, dark or as the device does."""
    wanted = request.form.get("colours", "")
    if wanted not in words.COLOURS:
        abort(404)
    return _kept(_back(), "colours", wanted)


def stay_in_this_language(response: Response) -> Response:
    """Let pages stay in the language that they have now, whoever is signed in from here on."""
    return _kept(response, "language", words.language())


def _back() -> Response:
    return redirect(safe_next(request.form.get("next")) or url_for("first.show"), 303)


def _kept(response: Response, name: str, value: str) -> Response:
    response.set_cookie(
        name,
        value,
        max_age=A_YEAR,
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
        httponly=True,
        samesite="Lax",
    )
    return response
