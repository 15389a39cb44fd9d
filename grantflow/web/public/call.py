"""The page of a call: where it stands, its dates and money, and what was decided once it is told."""

from __future__ import annotations

from flask import Blueprint, abort, render_template

from grantflow.services.awards.results import public_call
from grantflow.services.calls.changes import changes_of
from grantflow.web.entrance import reading
from grantflow.web.words import language

pages = Blueprint("call", __name__)


@pages.get("/calls/<slug>")
def show(slug: str) -> str:
    """Show a call; one that is not public is not there."""
    with reading() as tx:
        found = public_call(tx, slug, language())
        if found is None:
            abort(404)
        changes = changes_of(tx, found.page)
    return render_template(
        "public/call.html",
        call=found.page,
        results=found.results,
        public_from=found.public_from,
        changes=changes,
    )
