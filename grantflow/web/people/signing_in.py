"""Signing in, with an address and a password or, in a demo, as any of the cast; and signing out."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from grantflow.domain.refusal import Refusal
from grantflow.services.homes import cast
from grantflow.services.people import account, passwords, tries
from grantflow.services.people.registering import person_with
from grantflow.web.entrance import as_the_house
from grantflow.web.people import known_browser, returning, sign_ins, throttling
from grantflow.web.people.sign_in_page import sign_in_page
from grantflow.web.people.switching import stay_in_this_language

pages = Blueprint("signing_in", __name__)


@pages.get("/sign-in")
def show() -> ResponseReturnValue:
    """Show the page on which people sign in."""
    return sign_in_page(onward=returning.safe_next(request.args.get("next")))


@pages.post("/sign-in")
def enter() -> ResponseReturnValue:
    """Sign somebody in by address and password."""
    email, password = request.form.get("email", ""), request.form.get("password", "")
    counted = throttling.of_sign_in(email)
    if not throttling.may_go_on(counted):
        return _again(email, tries.too_many().refusals, 429)
    with as_the_house(writing=False) as tx:
        known = account.known_by(tx, email)
    # Outside any transaction: this takes a while, on purpose, and as long for an address that nobody has.
    if not passwords.fits(known.password_hash if known else None, password) or known is None:
        wrong = Refusal("sign_in_wrong", "The e-mail address or the password is not right.", {}, "email")
        return _again(email, (wrong,), 422)
    with as_the_house(writing=True) as tx:
        tries.take_back(tx, counted)
        sign_ins.let_in(tx, known.user_id)
        onward = returning.keep(tx, known.user_id, request.form.get("next"), request.form.get("words", ""))
    known_browser.know(email)
    return redirect(onward or url_for("home.show"), 303)


def _again(email: str, problems: tuple[Refusal, ...], status: int) -> ResponseReturnValue:
    return sign_in_page(
        onward=returning.safe_next(request.form.get("next")),
        words=request.form.get("words", ""),
        email=email,
        problems=problems,
        status=status,
    )


@pages.post("/sign-in/demo")
def enter_demo() -> ResponseReturnValue:
    """Sign somebody in as one of the cast: the table of access opens this in a demo alone."""
    email = request.form.get("person", "")
    with as_the_house(writing=True) as tx:
        user_id = person_with(tx, email) if cast.is_of_demo(email) else None
        if user_id is None:
            abort(404)
        sign_ins.let_in(tx, user_id)
        onward = returning.keep(tx, user_id, request.form.get("next"), request.form.get("words", ""))
    return stay_in_this_language(redirect(onward or url_for("home.show"), 303))


@pages.post("/sign-out")
def leave() -> ResponseReturnValue:
    """Sign out with this browser."""
    with as_the_house(writing=True) as tx:
        sign_ins.let_out(tx)
    return redirect(url_for("first.show"), 303)
