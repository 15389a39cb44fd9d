"""What ties a reviewer to an application: said before anything but title, applicants and abstract is shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from grantflow.domain.refusal import Refusal, Refused, refuse
from grantflow.services import reviews
from grantflow.services.applications.conflicts import Kind
from grantflow.services.reviews.review_page import ConflictPage, conflict_page
from grantflow.web.answers import refused_page
from grantflow.web.entrance import acting, reading
from grantflow.web.fields import Field, errors_of
from grantflow.web.words import language

pages = Blueprint("declaring", __name__)

KINDS = ("none", "soft", "hard")
TEMPLATE = "reviews/conflict.html"


@pages.get("/reviews/<ref>/conflict")
def show(ref: str) -> str:
    """Show what is known before somebody has said what ties them to it."""
    page = _page(ref)
    return render_template(TEMPLATE, page=page, fields=_fields(page, "", ""))


@pages.post("/reviews/<ref>/conflict")
def say(ref: str) -> ResponseReturnValue:
    """Keep what was said; only nothing opens the application."""
    page = _page(ref)
    kind, words = request.form.get("kind", ""), request.form.get("reason", "")
    try:
        with acting(record_id=page.head.id) as tx:
            reviews.declare(tx, page.head.id, _kind(kind), words)
    except Refused as refused:
        fields = _fields(page, kind, words, refused.refusals)
        return refused_page(TEMPLATE, refused, page=page, fields=fields)
    if kind == "none":
        flash(_("Thank you. The application is open to you now."))
        return redirect(url_for("scoring.show", ref=ref), 303)
    if kind == "hard":
        flash(_("Thank you for saying so. You do not read this application; somebody else will."))
        return redirect("/home", 303)
    flash(_("Thank you for saying so. Somebody of the programme decides on it and you hear from them."))
    return redirect(url_for("declaring.show", ref=ref), 303)


def _kind(given: str) -> Kind:
    if given not in KINDS:
        raise refuse("not_chosen", "Choose one of the three.", "kind")
    return cast("Kind", given)


def _page(ref: str) -> ConflictPage:
    with reading() as tx:
        page = conflict_page(tx, ref, language())
    return page if page is not None else abort(404)


def _fields(
    page: ConflictPage, kind: str, words: str, problems: Sequence[Refusal] = ()
) -> tuple[Field, Field]:
    wrong = errors_of(problems)
    choices = []
    if page.may_open and page.head.last_word != "soft":
        choices.append(("none", _("Nothing ties me to it. I read it and judge it alone.")))
    choices += [
        ("soft", _("Perhaps: somebody of the programme shall decide")),
        ("hard", _("I have a conflict of interest and do not read it")),
    ]
    return (
        Field(
            "kind",
            "choice",
            _("What ties you to it?"),
            value=kind,
            choices=choices,
            error=wrong.get("kind", ""),
        ),
        Field(
            "reason",
            "long_text",
            _("What it is, in a sentence"),
            help=_(
                "Needed unless nothing ties you to it. The people of the programme read it, the applicant does not."
            ),
            value=words,
            required=False,
            error=wrong.get("reason", ""),
        ),
    )
