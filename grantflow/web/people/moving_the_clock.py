"""The clock of a demo: forward to the next date, and what falls due on the way happens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.exc import DBAPIError

from grantflow.domain.refusal import Refused, refuse
from grantflow.domain.time import at_local, from_utc_text
from grantflow.services import clock, refusals
from grantflow.services.formats import read_day
from grantflow.services.homes.dates import NextDate, next_date
from grantflow.web.entrance import actor, entrance, now
from grantflow.web.people.returning import safe_next
from grantflow.web.words import said

pages = Blueprint("moving_the_clock", __name__)

EVENING = time(17)
"""When offices close: a day that somebody names is over then, with all that was planned for it."""
FARTHEST = timedelta(days=366)
"""So far the clock moves at once."""


@dataclass(frozen=True, slots=True)
class Bar:
    """What the bar of a demo shows."""

    now: datetime
    next: NextDate | None


@pages.post("/demo/clock")
def forward() -> ResponseReturnValue:
    """Move the demo's clock to the date that its bar offered, to a day that was named, or to the next date.

    What falls due until then happens.
    """
    house = entrance()
    back = redirect(safe_next(request.form.get("next")) or url_for("first.show"), 303)
    try:
        to = _named_day() if "day" in request.form else _offered()
        if to is None:
            flash(_("There is no date ahead to which the clock could move."))
            return back
        fired = clock.play(house.database, actor(), house.wall, to)
    except Refused as refused:
        refusals.note(house.database, actor(), now(), refused, transition="clock")
        for refusal in refused.refusals:
            flash(said(refusal))
        return back
    g.pop("now", None)
    flash(
        ngettext(
            "The clock moved forward. %(num)s thing fell due on the way.",
            "The clock moved forward. %(num)s things fell due on the way.",
            fired,
        )
    )
    return back


def _named_day() -> datetime:
    """Return the evening of the day that was typed, by the clock that the bar shows."""
    day = read_day(request.form.get("day", ""))
    try:
        zone = ZoneInfo(request.form.get("zone", "UTC"))
    except (ValueError, OSError, KeyError):
        zone = ZoneInfo("UTC")
    to = None if day is None else at_local(datetime.combine(day, EVENING), zone)
    if to is None or not now() < to <= now() + FARTHEST:
        raise refuse(
            "not_a_day_ahead",
            "Give a day ahead, at most a year from today, as in %(example)s.",
            "day",
            example=f"{now() + timedelta(days=7):%Y-%m-%d}",
        )
    return to


def _offered() -> datetime | None:
    try:
        to = from_utc_text(request.form.get("to", ""))
    except ValueError:
        to = None
    if to is not None and to > now():
        return to
    with entrance().database.reading(actor(), now()) as tx:
        found = next_date(tx)
    return found.at if found else None


@pages.app_context_processor
def _bar() -> dict[str, Any]:
    """Give every page of a demo its clock and the next date."""
    return {"demo_bar": _read_bar}


def _read_bar() -> Bar | None:
    try:
        with entrance().database.reading(actor(), now()) as tx:
            return Bar(now(), next_date(tx))
    except DBAPIError:
        return None  # the page tells of something else
