"""The page of a lifecycle: its diagram, and the same in words."""

from __future__ import annotations

from flask import Blueprint, abort, render_template

from grantflow.services.workflows import scheme_view
from grantflow.web.drawings import drawing
from grantflow.web.entrance import entrance
from grantflow.web.words import language

pages = Blueprint("workflow", __name__)


@pages.get("/workflows/<scheme>/v<int:version>/<lifecycle>")
def show(scheme: str, version: int, lifecycle: str) -> str:
    """Show a lifecycle of a scheme that runs here."""
    engine = entrance().database.engine
    try:
        compiled = engine.compiled(scheme, version)
    except KeyError:
        abort(404)
    view = scheme_view(compiled, engine.registry)
    shown = next((each for each in view.lifecycles if each.name == lifecycle), None)
    if shown is None:
        abort(404)
    return render_template(
        "public/workflow.html",
        scheme=view,
        lifecycle=shown,
        drawing=drawing(compiled.scheme, lifecycle, engine.registry, language()),
    )
