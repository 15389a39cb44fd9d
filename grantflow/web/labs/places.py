"""Registering for a lab, and admitting to it: a list, and a second page that asks whether one is sure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from grantflow.domain.labs.places import HELICES, LEVELS
from grantflow.domain.refusal import Refusal, Refused, refuse
from grantflow.services.labs import taking_part
from grantflow.services.labs.lab_page import LabPage, lab_page
from grantflow.services.labs.places_page import PlacesPage, places_page
from grantflow.services.people.account import own_organisations
from grantflow.store.session import Tx
from grantflow.web.answers import refused_page
from grantflow.web.entrance import acting, person, reading, signed_in
from grantflow.web.fields import Field, errors_of
from grantflow.web.labs import lab_words
from grantflow.web.words import language, said

pages = Blueprint("lab_places", __name__)
ALONE = "alone"


@pages.get("/calls/<slug>/lab/interest")
def ask(slug: str) -> str:
    """Show the form by which one registers; who has no account is told how to get one."""
    return render_template("labs/interest.html", **_view(slug), problems=())


@pages.post("/calls/<slug>/lab/interest")
def register(slug: str) -> ResponseReturnValue:
    """Register whoever is signed in for the lab."""
    chosen = request.form.get("organisation", "")
    try:
        with acting() as tx:
            page = _lab(tx, slug)
            own = {str(each.id): each.id for each in own_organisations(tx, signed_in().id)}
            _demand_one_of(chosen, {ALONE, *own})
            taking_part.register_interest(
                tx,
                page.head.call_id,
                organisation_id=own.get(chosen),
                helix=request.form.get("helix") or None,  # type: ignore[arg-type]  # the service knows the helices
                nuts=request.form.get("nuts") or None,
                level=request.form.get("level", "contributor"),  # type: ignore[arg-type]  # as above
                name_shown=request.form.get("name_shown") == "yes",
            )
    except Refused as refused:
        return refused_page("labs/interest.html", refused, **_view(slug, refused.refusals))
    flash(_("You are registered. An official reads it and you get a mail with the answer."))
    return redirect(url_for("lab.show", slug=slug, _anchor="own"), 303)


@pages.get("/calls/<slug>/lab/places")
def show(slug: str) -> str:
    """Show the officials who registered."""
    with reading() as tx:
        page = _places(tx, slug)
    return render_template("labs/places.html", page=page, **lab_words.WORDS)


@pages.post("/calls/<slug>/lab/places")
def admit(slug: str) -> ResponseReturnValue:
    """Admit several at once: the first post asks whether one is sure, the second does it."""
    wanted = set(request.form.getlist("record"))
    with reading() as tx:
        page = _places(tx, slug)
    chosen = [each for each in page.waiting if str(each.id) in wanted]
    if not chosen:
        flash(_("Choose first who shall be admitted."), "warning")
        return redirect(url_for("lab_places.show", slug=slug), 303)
    if request.form.get("sure") != "yes":
        return render_template("labs/admit.html", page=page, chosen=chosen, problems=(), **lab_words.WORDS)
    try:
        with acting() as tx:
            outcome = taking_part.admit_all(tx, [each.id for each in chosen])
    except Refused as refused:
        return refused_page("labs/admit.html", refused, page=page, chosen=chosen, **lab_words.WORDS)
    done = len(outcome.stepped)
    if done:
        flash(ngettext("%(num)s person is admitted.", "%(num)s people are admitted.", done))
    for reasons in {tuple(each) for each in outcome.refused.values()}:
        flash(" ".join(said(each) for each in reasons), "warning")
    return redirect(url_for("lab_places.show", slug=slug), 303)


def _demand_one_of(chosen: str, offered: set[str]) -> None:
    if chosen not in offered:
        raise refuse("organisation_missing", "Say for whom you take part.", "organisation")


def _lab(tx: Tx, slug: str) -> LabPage:
    page = lab_page(tx, slug, language())
    if page is None:
        abort(404)
    return page


def _places(tx: Tx, slug: str) -> PlacesPage:
    page = places_page(tx, slug, language())
    if page is None:
        abort(404)
    return page


def _view(slug: str, problems: Iterable[Refusal] = ()) -> dict[str, Any]:
    with reading() as tx:
        page = _lab(tx, slug)
        own = [] if tx.actor.user_id is None else own_organisations(tx, tx.actor.user_id)
    errors, form = errors_of(problems), request.form
    organisations = [*((str(each.id), each.name) for each in own), (ALONE, _("Nobody: I take part alone"))]
    places = [(code, lab_words.place(code)) for code in page.head.territory]
    fields = [
        Field(
            "organisation",
            "choice",
            _("For whom you take part"),
            value=form.get("organisation", organisations[0][0]),
            error=errors.get("organisation", ""),
            choices=organisations,
        ),
        Field(
            "helix",
            "choice",
            _("From which part of society you come"),
            help=_(
                "Where you take part for an organisation, what it registered counts if you leave this open."
            ),
            value=form.get("helix", ""),
            error=errors.get("helix", ""),
            required=False,
            choices=[(each, lab_words.helix(each)) for each in HELICES],
        ),
        Field(
            "nuts",
            "choice",
            _("Where you are"),
            value=form.get("nuts", ""),
            error=errors.get("nuts", ""),
            required=False,
            choices=[*places, ("", _("As my organisation, or elsewhere"))],
        ),
        Field(
            "level",
            "choice",
            _("How you want to take part"),
            help=_("You can change this later."),
            value=form.get("level", "contributor"),
            error=errors.get("level", ""),
            choices=[(each, lab_words.level(each)) for each in LEVELS],
        ),
        Field(
            "name_shown",
            "declaration",
            _("My name and organisation may be shown on the page of the lab."),
            help=_("Without this you are counted and not named. Leaving the lab takes your name away."),
            value=form.get("name_shown") == "yes",
            required=False,
        ),
    ]
    return {"page": page, "fields": fields, "somebody": person(), **lab_words.WORDS}
