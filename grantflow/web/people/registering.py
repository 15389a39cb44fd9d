"""Registering: a newcomer with the organisation for which they want to apply."""

from __future__ import annotations

import re
from collections.abc import Mapping

from babel import Locale
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from grantflow.domain.refusal import Refusal, Refused
from grantflow.services.people import tries
from grantflow.services.people.account import Newcomer, register_newcomer
from grantflow.web.entrance import as_the_house
from grantflow.web.fields import Field, errors_of
from grantflow.web.people import returning, sign_ins, throttling
from grantflow.web.words import language

pages = Blueprint("registering", __name__)

COUNTRIES = re.findall("..", "ATBEBGCHCYCZDEDKEEESFIFRGRHRHUIEISITLILTLULVMTNLNOPLPTROSESISKUA")
"""Where organisations come from: the Union, its neighbours in the common market, and Ukraine."""


@pages.get("/register")
def show() -> str:
    """Show the page on which newcomers register."""
    return _page({}, (), returning.safe_next(request.args.get("next")))


@pages.post("/register")
def register() -> ResponseReturnValue:
    """Register somebody with their organisation and let them in."""
    onward = returning.safe_next(request.form.get("next"))
    given = {name: request.form.get(name, "") for name in Newcomer.__slots__ if name != "language"}
    if not throttling.may_go_on(throttling.of_public_form("register")):
        return _page(given, tries.too_many().refusals, onward), 429
    try:
        with as_the_house(writing=True) as tx:
            user_id = register_newcomer(tx, Newcomer(language=language(), **given))
            sign_ins.let_in(tx, user_id)
    except Refused as refused:
        return _page(given, refused.refusals, onward), 422
    flash(_("You are registered and signed in."))
    return redirect(onward or url_for("home.show"), 303)


def _page(given: Mapping[str, str], problems: tuple[Refusal, ...], onward: str | None) -> str:
    errors = errors_of(problems)

    def field(name: str, label: str, text: str = "", **more: object) -> Field:
        return Field(
            name,
            **{"kind": "text", **more},  # type: ignore[arg-type]  # checked by each call's reader
            label=label,
            help=text,
            value=given.get(name, ""),
            error=errors.get(name, ""),
        )

    names = Locale.parse(language()).territories
    countries = sorted(((code, names[code]) for code in COUNTRIES), key=lambda pair: pair[1])
    you = (
        field("name", _("Your name"), autocomplete="name"),
        field("email", _("E-mail address"), kind="email", autocomplete="username"),
        field(
            "password",
            _("Password"),
            _("At least 12 characters; a few words in a row are good."),
            kind="password",
            autocomplete="new-password",
        ),
    )
    organisation = (
        field("organisation", _("Name of the organisation"), autocomplete="organization"),
        field(
            "identifier",
            _("Its number"),
            _("The number under which it stands in the register of its country."),
        ),
        field("legal_form", _("Legal form"), _("For example limited company, association, municipality.")),
        field("country", _("Country"), kind="choice", choices=countries),
        field("town", _("Town"), required=False, autocomplete="address-level2"),
    )
    return render_template(
        "people/register.html", you=you, organisation=organisation, problems=problems, onward=onward or ""
    )
