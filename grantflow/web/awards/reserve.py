"""The reserve list beside the money that is free."""

from __future__ import annotations

from flask import Blueprint, abort, render_template

from grantflow.services.awards.reserve_page import reserve_page
from grantflow.web.awards.ranking import whole
from grantflow.web.entrance import reading
from grantflow.web.words import language

pages = Blueprint("reserve", __name__)


@pages.get("/calls/<slug>/reserve")
def show(slug: str) -> str:
    """Show who moves up next, and whether the money is there."""
    with reading() as tx:
        page = reserve_page(tx, slug, language(), whole("after"))
    if page is None:
        abort(404)
    return render_template("awards/reserve.html", page=page)
