"""Coming in by a mailed link: a new password for whoever forgot theirs, and the first one for whoever is invited."""

from __future__ import annotations

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from grantflow.domain.refusal import Refusal, Refused
from grantflow.services.people import account, links, tries
from grantflow.services.people.links import Link, Purpose
from grantflow.web.entrance import as_the_house, entrance, mailed_address, now
from grantflow.web.fields import Field, errors_of
from grantflow.web.people import returning, sign_ins, throttling

pages = Blueprint("choosing_a_password", __name__)


@pages.get("/sign-in/forgotten")
def show_forgotten() -> str:
    """Show the page on which one asks for a new password."""
    return _forgotten_page("", ())


@pages.post("/sign-in/forgotten")
def forgotten() -> ResponseReturnValue:
    """Mail a link to whoever is registered under an address; the answer is the same where nobody is."""
    email = request.form.get("email", "").strip()
    if "@" not in email:
        problem = Refusal("email_missing", "Please give your e-mail address.", {}, "email")
        return _forgotten_page(email, (problem,)), 422
    if not throttling.may_go_on(throttling.of_public_form("forgotten", email)):
        return _forgotten_page(email, tries.too_many().refusals), 429
    house = entrance()
    with as_the_house(writing=True) as tx:
        known = account.known_by(tx, email)
        if known is not None:
            page = mailed_address("/sign-in/new-password")
            links.mail_link(tx, known.user_id, "password", page=page, wall=house.wall(), at=now())
    flash(
        _(
            "If somebody is registered under this address, a mail is on its way to it. The link in it works once, for two hours."
        )
    )
    return redirect(url_for("signing_in.show"), 303)


def _forgotten_page(email: str, problems: tuple[Refusal, ...]) -> str:
    field = Field(
        "email",
        "email",
        _("E-mail address"),
        value=email,
        error=errors_of(problems).get("email", ""),
        autocomplete="username",
    )
    return render_template("people/forgotten.html", problems=problems, fields=(field,))


@pages.get("/sign-in/new-password/<token>")
def show_new_password(token: str) -> ResponseReturnValue:
    """Show the page on which a new password is chosen."""
    return _choosing(token, "password")


@pages.post("/sign-in/new-password/<token>")
def new_password(token: str) -> ResponseReturnValue:
    """Take the new password, end all sign-ins, and let the person in."""
    return _chosen(token, "password")


@pages.get("/invitations/<token>")
def show_invitation(token: str) -> ResponseReturnValue:
    """Show the page on which somebody who is invited chooses a password."""
    return _choosing(token, "invitation")


@pages.post("/invitations/<token>")
def accept_invitation(token: str) -> ResponseReturnValue:
    """Take name and password, and lead on to what waits."""
    return _chosen(token, "invitation")


def _choosing(token: str, purpose: Purpose) -> ResponseReturnValue:
    with as_the_house(writing=False) as tx:
        link = links.link_of(tx, token, purpose)
    return _ended(purpose) if link is None else _page(link, purpose, link.name, ())


def _chosen(token: str, purpose: Purpose) -> ResponseReturnValue:
    name, password = request.form.get("name", ""), request.form.get("password", "")
    if not throttling.may_go_on(throttling.of_public_form(purpose)):
        return _ended(purpose)
    try:
        with as_the_house(writing=True) as tx:
            link = links.use_link(tx, token, purpose)
            if link is None:
                return _ended(purpose)
            if purpose == "invitation" and link.has_password:
                # They are known here: the mail proves the address, and their password stays what it is.
                sign_ins.let_in(tx, link.user_id)
            else:
                if purpose == "invitation":
                    account.set_name(tx, link.user_id, name)
                account.set_password(tx, link.user_id, password)
                sign_ins.let_in(tx, link.user_id)
    except Refused as refused:
        with as_the_house(writing=False) as tx:
            link = links.link_of(tx, token, purpose)
        return _ended(purpose) if link is None else (_page(link, purpose, name, refused.refusals), 422)
    if purpose == "password":
        flash(_("Your new password holds from now on. Everywhere else you are signed out."))
    return redirect(returning.safe_next(link.leads_to) or url_for("home.show"), 303)


def _page(link: Link, purpose: Purpose, name: str, problems: tuple[Refusal, ...]) -> str:
    errors = errors_of(problems)
    fields = []
    if purpose == "invitation" and not link.has_password:
        fields.append(
            Field(
                "name", "text", _("Your name"), value=name, error=errors.get("name", ""), autocomplete="name"
            )
        )
    if purpose == "password" or not link.has_password:
        fields.append(
            Field(
                "password",
                "password",
                _("New password"),
                _("At least 12 characters; a few words in a row are good."),
                error=errors.get("password", ""),
                autocomplete="new-password",
            )
        )
    return render_template(
        "people/choosing.html", link=link, invited=purpose == "invitation", fields=fields, problems=problems
    )


def _ended(purpose: Purpose) -> ResponseReturnValue:
    return make_response(render_template("people/link_ended.html", invited=purpose == "invitation"), 404)
