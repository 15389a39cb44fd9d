"""The first page: what GrantFlow is, the calls it knows, and how each kind of call runs."""

from __future__ import annotations

from flask import Blueprint, render_template

from grantflow.services.calls.public import known_calls
from grantflow.services.homes.stories import playable
from grantflow.services.workflows import scheme_view
from grantflow.web.entrance import entrance, reading
from grantflow.web.words import language

pages = Blueprint("first", __name__)


@pages.get("/")
def show() -> str:
    """Show the first page."""
    with reading() as tx:
        calls = known_calls(tx, language())
        stories = playable(tx) if entrance().demo else ()
    engine = entrance().database.engine
    schemes = [scheme_view(each, engine.registry) for each in engine.all()]
    return render_template("public/first.html", calls=calls, schemes=schemes, stories=stories)
