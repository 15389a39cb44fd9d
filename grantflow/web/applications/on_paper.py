"""What came on paper: somebody of the programme says whose it is, and goes on to enter it in the form."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from grantflow.domain.refusal import Refused, refuse
from grantflow.services import applications
from grantflow.services.applications.paper_page import PaperPage, paper_page
from grantflow.services.people.once import first_time, led_to, where_it_led
from grantflow.web.answers import refused_page
from grantflow.web.entrance import acting, reading
from grantflow.web.fields import Field
from grantflow.web.people.returning import safe_next
from grantflow.web.words import language

pages = Blueprint("application_on_paper", __name__)

PAGE = "applications/on_paper.html"


@pages.get("/calls/<slug>/paper")
def show(slug: str) -> str:
    """Show whose paper it may be."""
    return render_template(PAGE, **_view(_page(slug)), problems=())


@pages.post("/calls/<slug>/paper")
def begin(slug: str) -> ResponseReturnValue:
    """Begin to enter what came on paper, once however often the form is sent."""
    page = _page(slug)
    try:
        with acting("create") as tx:
            key = request.form.get("once", "")
            if key and not first_time(tx, key):
                return redirect(safe_next(where_it_led(tx, key)) or url_for(".show", slug=slug), 303)
            made = applications.start_application(
                tx, page.call_id, _sender(page), window_id=_window(page), on_paper=True
            )
            onward = url_for("application_form.begin", ref=made.ref)
            if key:
                led_to(tx, key, onward)
    except Refused as refused:
        return refused_page(PAGE, refused, **_view(page))
    flash(_("Enter what the paper says. When it arrived is asked for at the end."))
    return redirect(onward, 303)


def _page(slug: str) -> PaperPage:
    with reading() as tx:
        page = paper_page(tx, slug, request.values.get("words", ""), language())
    return page if page is not None else abort(404)


def _sender(page: PaperPage) -> UUID:
    chosen = request.form.get("organisation")
    found = next((each.id for each in page.found if str(each.id) == chosen), None)
    if found is None:
        raise refuse("sender_missing", "Choose whose paper it is.", "organisation")
    return found


def _window(page: PaperPage) -> UUID | None:
    chosen = request.form.get("window")
    return next((pot.id for pot in page.pots if str(pot.id) == chosen), None)


def _view(page: PaperPage) -> dict[str, object]:
    return {
        "page": page,
        "words": Field(
            "words",
            "text",
            _("Name or number of the organisation"),
            help=_("A part of the name is enough."),
            value=page.words,
        ),
        "senders": Field(
            "organisation",
            "choice",
            _("Whose paper is it?"),
            value=request.form.get("organisation", ""),
            choices=[
                (str(each.id), ", ".join(filter(None, (each.name, each.town, each.identifier))))
                for each in page.found
            ],
        ),
        "windows": Field(
            "window",
            "choice",
            _("From which fund is money asked for?"),
            value=request.form.get("window", ""),
            choices=[(str(pot.id), pot.funder) for pot in page.pots],
        ),
    }
