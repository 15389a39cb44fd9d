"""Finding reviewers for an application: who could read it, who may not and why, and asking them by mail."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from grantflow.domain.refusal import Refusal, Refused, refuse
from grantflow.services import applications, reviews
from grantflow.services.reviews.reviewers_page import ReviewersPage, reviewers_page
from grantflow.web.answers import refused_page
from grantflow.web.entrance import acting, entrance, mailed_address, reading
from grantflow.web.fields import Field, errors_of
from grantflow.web.words import LANGUAGES, language

pages = Blueprint("reviewers", __name__)

TEMPLATE = "applications/reviewers.html"


@pages.get("/applications/<ref>/reviewers")
def show(ref: str) -> str:
    """Show who reads an application, and who could."""
    return render_template(TEMPLATE, **_view(_page(ref)))


@pages.post("/applications/<ref>/reviewers")
def act(ref: str) -> ResponseReturnValue:
    """Ask reviewers, ask somebody new by mail, or decide on a possible conflict: what the form says."""
    page = _page(ref)
    try:
        with acting(record_id=page.id) as tx:
            match request.form.get("what"):
                case "by_mail":
                    reviews.ask_by_mail(tx, page.id, _newcomer())
                    said = _("The reviewer is asked by mail.")
                case "settle":
                    reviewer = _id(request.form.get("reviewer", ""))
                    applications.settle_conflict(tx, page.id, reviewer, request.form.get("reason", ""))
                    said = _("Noted: what was said keeps nobody from reading.")
                case _:
                    chosen = [_id(each) for each in request.form.getlist("reviewers")]
                    asked = reviews.ask_reviewers(tx, page.id, chosen)
                    said = ngettext(
                        "One reviewer is asked by mail.", "%(num)s reviewers are asked by mail.", len(asked)
                    )
    except Refused as refused:
        return refused_page(TEMPLATE, refused, **_view(page, refused.refusals))
    flash(said)
    return redirect(url_for("reviewers.show", ref=ref), 303)


def _page(ref: str) -> ReviewersPage:
    with reading() as tx:
        page = reviewers_page(tx, ref, language())
    return page if page is not None else abort(404)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise refuse("unknown_person", "Choose from those who are offered.", "reviewers") from None


def _newcomer() -> reviews.Newcomer:
    chosen = request.form.get("language", "")
    return reviews.Newcomer(
        request.form.get("email", ""),
        request.form.get("name", ""),
        chosen if chosen in LANGUAGES else LANGUAGES[0],
        mailed_address("/invitations"),
        entrance().wall(),
    )


def _view(page: ReviewersPage, problems: Sequence[Refusal] = ()) -> dict[str, object]:
    wrong = errors_of(problems)
    mailing = request.form.get("what") == "by_mail"

    def was(name: str) -> str:
        return request.form.get(name, "") if mailing else ""

    return {
        "page": page,
        "problems": tuple(problems),
        "chosen": request.form.getlist("reviewers"),
        "newcomer": (
            Field(
                "email",
                "email",
                _("E-mail address"),
                value=was("email"),
                error=wrong.get("email", ""),
                autocomplete="off",
            ),
            Field(
                "name",
                "text",
                _("Name"),
                help=_("Only needed where nobody is registered under the address yet."),
                value=was("name"),
                required=False,
                error=wrong.get("name", ""),
                autocomplete="off",
            ),
        ),
    }
