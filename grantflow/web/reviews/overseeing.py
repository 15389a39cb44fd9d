"""The officer's overview of a round of reviews: how far it is, who is late, where reviewers contradict."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request

from grantflow.services.reviews.overview_page import overview_page
from grantflow.web.entrance import reading
from grantflow.web.words import language

pages = Blueprint("overseeing", __name__)


@pages.get("/calls/<slug>/reviews")
def show(slug: str) -> str:
    """Show the reviews of every application that waits for its place."""
    with reading() as tx:
        page = overview_page(tx, slug, language(), request.args.get("after", ""))
    if page is None:
        abort(404)
    return render_template("reviews/overview.html", page=page)
