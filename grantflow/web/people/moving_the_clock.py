"""The clock of a demo: forward to the next date, and what falls due on the way happens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.exc import DBAPIError

from grantflow.domain.refusal import Refused
from grantflow.domain.time import from_utc_text
from grantflow.services import clock, refusals
from grantflow.services.homes.dates import NextDate, next_date
from grantflow.web.entrance import actor, entrance, now
from grantflow.web.people.returning import safe_next
from grantflow.web.words import said

pages = Blueprint("moving_the_clock", __name__)


@dataclass(frozen=True, slots=True)
class Bar:
    """What the bar of a demo shows."""

    now: datetime
    next: NextDate | None


@pages.post("/demo/clock")
def forward() -> ResponseReturnValue:
    """Move the demo's clock to the date that its bar offered, or to the next one; fire what falls due until then."""
    house = entrance()
    back = redirect(safe_next(request.form.get("next")) or url_for("first.show"), 303)
    try:
        to = from_utc_text(request.form.get("to", ""))
    except ValueError:
        to = None
    if to is None or to <= now():
        with house.database.reading(actor(), now()) as tx:
            found = next_date(tx)
        to = found.at if found else None
    if to is None:
        flash(_("There is no date ahead to which the clock could move."))
        return back
    try:
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
