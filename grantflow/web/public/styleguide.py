"""The styleguide: every part that pages are made of, in each of its states; where the database is a demo, and in tests."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request

from grantflow.web.public import samples

pages = Blueprint("styleguide", __name__)

FRAMES = ("staff", "public", "form")
"""The layouts in which it can be seen."""


@pages.get("/styleguide")
def show() -> str:
    """Show the styleguide in one of the layouts (`?frame=`)."""
    frame = request.args.get("frame", FRAMES[0])
    if frame not in FRAMES:
        abort(404)
    return render_template(
        "public/styleguide.html", layout=f"layouts/{frame}.html", frame=frame, frames=FRAMES, samples=samples
    )
