"""Starting an application: for which organisation, from which money; and what the form will ask."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from grantflow.domain.refusal import Refused
from grantflow.services import applications
from grantflow.services.aid.pages.cluster_parts import parts_ahead
from grantflow.services.applications.start_page import StartPage, start_page
from grantflow.services.people.once import first_time, led_to, where_it_led
from grantflow.web.aid.cluster_words import questions_beside
from grantflow.web.entrance import acting, person, reading
from grantflow.web.people.returning import safe_next
from grantflow.web.words import language

pages = Blueprint("application_start", __name__)


@pages.get("/calls/<slug>/apply")
def show(slug: str) -> str:
    """Show for whom one may apply, and what will be asked."""
    return render_template("applications/start.html", **_view(_page(slug)))


@pages.post("/calls/<slug>/apply")
def start(slug: str) -> ResponseReturnValue:
    """Start an application, once however often the form is sent, and begin with its form."""
    page = _page(slug)
    try:
        with acting("create") as tx:
            key = request.form.get("once", "")
            if key and not first_time(tx, key):
                return redirect(safe_next(where_it_led(tx, key)) or f"/calls/{slug}/apply", 303)
            made = applications.start_application(
                tx,
                page.call_id,
                _id(request.form.get("organisation")),
                language=language(),
                window_id=_window(page),
            )
            onward = url_for("application_form.begin", ref=made.ref)
            if key:
                led_to(tx, key, onward)
    except Refused as refused:
        view = _view(page, request.form.get("organisation", ""))
        return render_template("applications/start.html", **{**view, "problems": refused.refusals}), 422
    flash(_("Your application is begun. Whatever you write is kept; you can go on another day."))
    return redirect(onward, 303)


def _page(slug: str) -> StartPage:
    with reading() as tx:
        page = start_page(tx, slug, language())
        beside = parts_ahead(tx, page.call_id) if page else ()
    if page is None:
        abort(404)
    more = tuple((title, tuple(questions)) for title, questions in questions_beside(beside))
    return replace(page, sections=(*page.sections, *more))


def _view(page: StartPage, chosen: str = "") -> dict[str, object]:
    only = str(page.organisations[0].id) if len(page.organisations) == 1 else ""
    return {
        "page": page,
        "zone": page.zone,
        "person": person(),
        "chosen": chosen or only,
        "chosen_window": request.form.get("window", ""),
        "problems": (),
    }


def _window(page: StartPage) -> UUID | None:
    chosen = request.form.get("window")
    return next((pot.id for pot in page.pots if str(pot.id) == chosen), None)


def _id(text: str | None) -> UUID:
    """Return the organisation that was chosen; what is none is one to which nobody belongs."""
    try:
        return UUID(text or "")
    except ValueError:
        return UUID(int=0)
