"""Sessions of a lab: planned, moved, held with those who were there, and what came out of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from grantflow.domain.refusal import Refusal, Refused
from grantflow.domain.time import at_local
from grantflow.services.formats import read_day
from grantflow.services.labs import taking_part
from grantflow.services.labs.lab_page import lab_head
from grantflow.services.labs.places_page import SessionPage, session_page
from grantflow.services.people.once import first_time
from grantflow.store.session import Tx
from grantflow.web.answers import refused_page
from grantflow.web.entrance import acting, reading
from grantflow.web.fields import Field, errors_of
from grantflow.web.labs import lab_words
from grantflow.web.words import language

pages = Blueprint("lab_sessions", __name__)


@pages.post("/calls/<slug>/lab/sessions")
def plan(slug: str) -> ResponseReturnValue:
    """Plan a session."""
    try:
        with acting() as tx:
            head = lab_head(tx, slug, language())
            if head is None or not head.office:
                abort(404)
            key = request.form.get("once", "")
            if not key or first_time(tx, key):
                at = _when(head.zone)
                title, place = request.form.get("title", "").strip(), request.form.get("place", "").strip()
                taking_part.plan_session(
                    tx, head.call_id, title, at, place=place, agenda=request.form.get("agenda", "").strip()
                )
    except Refused as refused:
        view = {"slug": slug, "fields": planning(refused.refusals)}
        return refused_page("labs/plan_session.html", refused, **view)
    flash(_("The session is planned."))
    return redirect(url_for("lab.show", slug=slug, _anchor="sessions"), 303)


@pages.get("/calls/<slug>/lab/sessions/<uuid:session_id>")
def show(slug: str, session_id: UUID) -> str:
    """Show a session to those who keep it."""
    return render_template("labs/session.html", **_view(slug, session_id), problems=())


@pages.post("/calls/<slug>/lab/sessions/<uuid:session_id>")
def keep(slug: str, session_id: UUID) -> ResponseReturnValue:
    """Move a session, note that it was held and by whom, or publish what came out of it."""
    try:
        with acting() as tx:
            page = _found(tx, slug, session_id)
            what = request.form.get("what")
            results = request.form.get("results", "").replace("\r\n", "\n").strip()
            if what == "move":
                taking_part.move_session(tx, session_id, _when(page.head.zone))
                said = _("The session is moved.")
            elif what == "hold":
                members = {str(each.id): each.id for each in page.members}
                there = [members[each] for each in request.form.getlist("record") if each in members]
                taking_part.hold_session(tx, session_id, there, results=results or None)
                said = _("It is noted that the session was held.")
            else:
                taking_part.publish_results(tx, session_id, results)
                said = _("What came out of the session is published.")
    except Refused as refused:
        return refused_page("labs/session.html", refused, **_view(slug, session_id, refused.refusals))
    flash(said)
    return redirect(url_for("lab_sessions.show", slug=slug, session_id=session_id), 303)


def planning(problems: Iterable[Refusal]) -> list[Field]:
    """Return what is asked when a session is planned."""
    errors, form = errors_of(problems), request.form
    return [
        Field("title", "text", _("Title"), value=form.get("title", ""), error=errors.get("title", "")),
        Field("place", "text", _("Place"), value=form.get("place", ""), error=errors.get("place", "")),
        *_moment_fields(problems),
        Field(
            "agenda",
            "long_text",
            _("What it is about"),
            value=form.get("agenda", ""),
            error=errors.get("agenda", ""),
            required=False,
        ),
    ]


def _moment_fields(problems: Iterable[Refusal]) -> list[Field]:
    errors, form = errors_of(problems), request.form
    return [
        Field("day", "date", _("Day"), value=form.get("day", ""), error=errors.get("day", "")),
        Field(
            "time",
            "text",
            _("Time"),
            help=_("For example 13:00, by the clock of the programme"),
            value=form.get("time", ""),
            error=errors.get("time", ""),
        ),
    ]


def _when(zone: str) -> datetime:
    day = read_day(request.form.get("day", ""))
    missing = []
    try:
        hour = datetime.strptime(request.form.get("time", "").strip(), "%H:%M").time()  # noqa: DTZ007 - the zone is the programme's
    except ValueError:
        hour = None
        missing.append(Refusal("time_missing", "Give the time as in 13:00.", {}, "time"))
    if day is None:
        missing.append(Refusal("day_missing", "Give the day as in 2027-03-31.", {}, "day"))
    if day is None or hour is None:
        raise Refused(missing)
    return at_local(datetime.combine(day, hour), ZoneInfo(zone))


def _found(tx: Tx, slug: str, session_id: UUID) -> SessionPage:
    page = session_page(tx, slug, session_id, language())
    if page is None:
        abort(404)
    return page


def _view(slug: str, session_id: UUID, problems: Iterable[Refusal] = ()) -> dict[str, Any]:
    with reading() as tx:
        page = _found(tx, slug, session_id)
        began = page.session.starts_at <= tx.now
    errors = errors_of(problems)
    there = set(request.form.getlist("record")) or {str(each) for each in page.there}
    return {
        "page": page,
        "began": began,
        "there": there,
        "moving": _moment_fields(problems),
        "results": Field(
            "results",
            "long_text",
            _("What came out of it"),
            help=_("Everybody may read this: it is part of equal access."),
            value=request.form.get("results", page.session.results or ""),
            error=errors.get("results", ""),
            required=False,
            rows=8,
        ),
        **lab_words.WORDS,
    }
