"""How one wants to be written to."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from grantflow.domain.refusal import Refusal, Refused
from grantflow.services import bounces
from grantflow.services.people.writing_to import set_wish, wish_of, zones
from grantflow.store.people.wishes import Wish
from grantflow.web.entrance import as_the_house, signed_in
from grantflow.web.fields import Field, errors_of, typed

pages = Blueprint("mail_wishes", __name__)


@pages.get("/account/mail")
def show() -> str:
    """Show how one is written to."""
    with as_the_house(writing=False) as tx:
        wish, unreachable = wish_of(tx, signed_in().id), bounces.unreachable(tx, signed_in().id)
    return _page(wish, (), unreachable)


@pages.post("/account/mail")
def save() -> ResponseReturnValue:
    """Keep how one wants to be written to."""
    with as_the_house(writing=False) as tx:
        daily, hour, zone = (typed(field, request.form) for field in _fields(wish_of(tx, signed_in().id), ()))
    try:
        with as_the_house(writing=True) as tx:
            set_wish(tx, signed_in().id, daily or (), int(hour) if _is_hour(hour) else None, zone or "")
    except Refused as refused:
        as_typed = Wish(frozenset(map(str, daily or ())), int(hour) if _is_hour(hour) else 0, zone or "")
        return _page(as_typed, refused.refusals), 422
    flash(_("We will write to you as you said."))
    return redirect(url_for("account.show"), 303)


def _is_hour(hour: object) -> bool:
    return isinstance(hour, str) and hour.isascii() and hour.isdigit() and len(hour) < 3


@pages.post("/account/mail/works")
def works() -> ResponseReturnValue:
    """Say that one's address works."""
    with as_the_house(writing=True) as tx:
        bounces.say_it_works(tx, signed_in().id)
    flash(_("We will go on writing to this address."))
    return redirect(url_for("mail_wishes.show"), 303)


def _page(wish: Wish, problems: tuple[Refusal, ...], unreachable: bounces.Unreachable | None = None) -> str:
    return render_template(
        "people/mail.html", fields=_fields(wish, problems), problems=problems, unreachable=unreachable
    )


def _fields(wish: Wish, problems: tuple[Refusal, ...]) -> tuple[Field, Field, Field]:
    errors = errors_of(problems)
    kinds = (
        ("calls", _("News of calls and labs")),
        ("own", _("News of my applications, grants and reviews")),
        ("work", _("Reminders of my work for a programme")),
    )
    return (
        Field(
            "daily",
            "many",
            _("What may come once a day"),
            _("Everything that is not chosen comes at once."),
            value=sorted(wish.daily),
            error=errors.get("daily", ""),
            required=False,
            choices=kinds,
        ),
        Field(
            "hour",
            "choice",
            _("At which hour the daily mail leaves"),
            value=str(wish.hour),
            error=errors.get("hour", ""),
            choices=tuple((str(hour), f"{hour:02}:00") for hour in range(24)),
        ),
        Field(
            "zone",
            "choice",
            _("Your time zone"),
            value=wish.zone,
            error=errors.get("zone", ""),
            choices=tuple((name, name.replace("_", " ")) for name in zones()),
        ),
    )
