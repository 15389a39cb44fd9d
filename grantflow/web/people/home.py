"""One's own first page: what waits for me and by when, what happens next, where everything is."""

from __future__ import annotations

from flask import Blueprint, render_template

from grantflow.web.entrance import signed_in

pages = Blueprint("home", __name__)


@pages.get("/home")
def show() -> str:
    """Show what waits for the person signed in."""
    return render_template("people/home.html", person=signed_in())
