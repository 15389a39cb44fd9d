"""The manager's page of a call: where it is, its money, what waits for whom, what comes next."""

from __future__ import annotations

from flask import Blueprint, abort, render_template

from grantflow.services.records.cockpit import cockpit
from grantflow.web.entrance import entrance, reading
from grantflow.web.records import writing
from grantflow.web.words import language

pages = Blueprint("manage", __name__)


@pages.get("/calls/<slug>/manage")
def show(slug: str) -> str:
    """Show a call to those who carry it."""
    with reading() as tx:
        page = cockpit(tx, slug, language())
    if page is None:
        abort(404)
    return render_template(
        "records/cockpit.html",
        page=page,
        zone=page.found.zone,
        options=writing.options(page.options),
        links=writing.links(page.links),
        sending=entrance().sending,
    )
