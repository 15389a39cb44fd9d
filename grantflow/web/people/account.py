"""One's own account: name, password, organisations, and where one is signed in."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from grantflow.domain.refusal import Refusal, Refused
from grantflow.services.people import account, calendar, passwords, sessions, tries
from grantflow.web.entrance import as_the_house, signed_in
from grantflow.web.fields import Field, errors_of
from grantflow.web.people import sign_ins, throttling
from grantflow.web.people.calendar import MADE

pages = Blueprint("account", __name__)


@pages.get("/account")
def show() -> str:
    """Show one's own account."""
    return _page(signed_in().name, ())


@pages.post("/account")
def save() -> ResponseReturnValue:
    """Change one's name."""
    name = request.form.get("name", "")
    try:
        with as_the_house(writing=True) as tx:
            account.set_name(tx, signed_in().id, name)
    except Refused as refused:
        return _page(name, refused.refusals), 422
    flash(_("Your name is saved."))
    return redirect(url_for("account.show"), 303)


def _page(name: str, problems: tuple[Refusal, ...]) -> str:
    who = signed_in()
    with as_the_house(writing=False) as tx:
        own = sessions.own_sign_ins(tx, who.id, who.sign_in_id)
        organisations = account.own_organisations(tx, who.id)
        calendar_made_at = calendar.made_at(tx, who.id)
    field = Field(
        "name",
        "text",
        _("Your name"),
        _("As letters and minutes print it."),
        value=name,
        error=errors_of(problems).get("name", ""),
        autocomplete="name",
    )
    return render_template(
        "people/account.html",
        person=who,
        fields=(field,),
        sign_ins=[(each, _browser(each.browser)) for each in own],
        organisations=organisations,
        problems=problems,
        calendar_made_at=calendar_made_at,
        calendar_address=session.pop(MADE, None) if request.method == "GET" else None,
    )


@pages.get("/account/password")
def show_password() -> str:
    """Show the page on which one changes one's password."""
    return _password_page(())


@pages.post("/account/password")
def change_password() -> ResponseReturnValue:
    """Change one's password; other browsers are signed out."""
    who = signed_in()
    counted = throttling.of_sign_in(who.email)
    if not throttling.may_go_on(counted):
        return _password_page(tries.too_many().refusals), 429
    try:
        with as_the_house(writing=True) as tx:
            account.change_password(
                tx,
                who.id,
                request.form.get("present_password", ""),
                request.form.get("password", ""),
                here=who.sign_in_id,
            )
            tries.take_back(tx, counted)
    except Refused as refused:
        return _password_page(refused.refusals), 422
    flash(_("Your new password holds from now on. Everywhere else you are signed out."))
    return redirect(url_for("account.show"), 303)


def _password_page(problems: tuple[Refusal, ...]) -> str:
    errors = errors_of(problems)
    fields = (
        Field(
            "present_password",
            "password",
            _("Present password"),
            error=errors.get("present_password", ""),
            autocomplete="current-password",
        ),
        Field(
            "password",
            "password",
            _("New password"),
            _("At least %(least)s characters; a few words in a row are good.", least=passwords.SHORTEST),
            error=errors.get("password", ""),
            autocomplete="new-password",
        ),
    )
    return render_template("people/password.html", fields=fields, problems=problems)


@pages.post("/account/sessions/<uuid:sign_in_id>/end")
def end_one(sign_in_id: UUID) -> ResponseReturnValue:
    """Sign out with one of one's own browsers."""
    who = signed_in()
    if sign_in_id == who.sign_in_id:
        with as_the_house(writing=True) as tx:
            sign_ins.let_out(tx)
        return redirect(url_for("first.show"), 303)
    with as_the_house(writing=True) as tx:
        if not sessions.end_sign_in(tx, who.id, sign_in_id):
            abort(404)
    flash(_("That browser is signed out."))
    return redirect(url_for("account.show"), 303)


@pages.post("/account/sessions/end-all")
def end_all() -> ResponseReturnValue:
    """Sign out everywhere, here too."""
    with as_the_house(writing=True) as tx:
        sessions.end_all(tx, signed_in().id)
        sign_ins.let_out(tx)
    flash(_("You are signed out everywhere."))
    return redirect(url_for("signing_in.show"), 303)


BROWSERS = (
    ("Firefox", "Firefox"),
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def _browser(said: str) -> str:
    """Return in two words what a browser says of itself, where it is one of the common ones."""
    browser = next((name for sign, name in BROWSERS if sign in said), None)
    system = next((name for sign, name in SYSTEMS if sign in said), None)
    if browser is None or system is None:
        return said.partition(" ")[0]
    return str(_("%(browser)s on %(system)s", browser=browser, system=system))
