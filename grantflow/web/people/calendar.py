"""One's own dates for a calendar, under an address that one makes and ends."""

from __future__ import annotations

from hashlib import sha256

from flask import Blueprint, Response, abort, flash, make_response, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from grantflow.domain.actor import Actor
from grantflow.services.homes.calendar import calendar_of
from grantflow.services.people import calendar
from grantflow.web.entrance import as_the_house, entrance, mailed_address, now, signed_in

pages = Blueprint("calendar", __name__)

MADE = "calendar_address"
"""Where the browser's own cookie keeps a fresh address until the next page shows it, once."""


@pages.post("/account/calendar")
def make() -> ResponseReturnValue:
    """Make one's calendar address, in place of an earlier one."""
    with as_the_house(writing=True) as tx:
        token = calendar.make_address(tx, signed_in().id)
    session[MADE] = mailed_address(url_for("calendar.read", token=token))
    return redirect(url_for("account.show") + "#calendar", 303)


@pages.post("/account/calendar/end")
def end() -> ResponseReturnValue:
    """End one's calendar address."""
    with as_the_house(writing=True) as tx:
        calendar.end_address(tx, signed_in().id)
    flash(_("The calendar address opens nothing any more."))
    return redirect(url_for("account.show") + "#calendar", 303)


@pages.get("/calendar/<token>.ics")
def read(token: str) -> Response:
    """Give a calendar the dates of whoever made its address; it asks again and again, and mostly nothing has changed."""
    with as_the_house(writing=False) as tx:
        owner = calendar.owner_of(tx, token)
    if owner is None:
        abort(404)
    with entrance().database.reading(Actor("person", owner.user_id), now()) as tx:
        content = calendar_of(
            tx, owner.user_id, owner.language, house=mailed_address(""), since=owner.made_at
        )
    answer = make_response(content)
    answer.content_type = "text/calendar; charset=utf-8"
    answer.headers["Content-Disposition"] = 'inline; filename="grantflow.ics"'
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.set_etag(sha256(content).hexdigest())
    answer.make_conditional(request)
    return answer
