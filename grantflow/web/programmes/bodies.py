"""My meetings; a body with its seats; calling a meeting; giving and ending seats."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from grantflow.domain.refusal import Refusal, Refused, refuse
from grantflow.domain.time import at_local
from grantflow.services.formats import read_day
from grantflow.services.people.inviting import invite
from grantflow.services.people.once import first_time, led_to, where_it_led
from grantflow.services.programmes.body_page import BodyPage, body_page, meetings_page
from grantflow.services.programmes.meetings import call_meeting
from grantflow.services.programmes.setting_up import leave_seat, take_seat
from grantflow.web.answers import refused_page
from grantflow.web.entrance import acting, entrance, reading
from grantflow.web.fields import Field, errors_of
from grantflow.web.words import LANGUAGES, language

pages = Blueprint("bodies", __name__)


@pages.get("/meetings")
def mine() -> str:
    """Show every meeting of the bodies that one has to do with."""
    with reading() as tx:
        page = meetings_page(tx, language())
    return render_template("programmes/meetings.html", page=page)


@pages.get("/bodies/<uuid:body_id>")
def show(body_id: UUID) -> str:
    """Show a body: who sits in it, and when it meets."""
    return render_template("programmes/body.html", **_view(body_id), problems=())


@pages.post("/bodies/<uuid:body_id>/meetings")
def convene(body_id: UUID) -> ResponseReturnValue:
    """Call a meeting of a body."""
    key = request.form.get("once", "")
    try:
        with acting() as tx:
            page = body_page(tx, body_id, language())
            if page is None:
                abort(404)
            if key and not first_time(tx, key):
                return redirect(where_it_led(tx, key) or url_for("bodies.show", body_id=body_id), 303)
            kind = request.form.get("kind", "")
            if kind not in {"meeting", "written", "urgent"}:
                raise refuse("kind_missing", "Say what kind of meeting it is.", "kind")
            meeting_id = call_meeting(tx, body_id, _moment(page.line.zone), kind=kind)  # type: ignore[arg-type]  # one of the kinds
            onward = url_for("meeting.show", meeting_id=meeting_id)
            led_to(tx, key, onward)
    except Refused as refused:
        return refused_page("programmes/body.html", refused, **_view(body_id, refused.refusals))
    flash(_("The meeting is called. Put on its agenda what the body shall decide."))
    return redirect(onward, 303)


@pages.post("/bodies/<uuid:body_id>/seats")
def seat(body_id: UUID) -> ResponseReturnValue:
    """Give somebody a seat, and mail them the way in."""
    name, email = request.form.get("name", "").strip(), request.form.get("email", "").strip()
    try:
        with acting() as tx:
            if body_page(tx, body_id, language()) is None:
                abort(404)
            _demand_all({"name": name, "email": email})
            kind = request.form.get("seat", "")
            if kind not in {"chair", "member", "deputy"}:
                raise refuse("seat_missing", "Say which seat it is.", "seat")
            user_id = invite(
                tx,
                email,
                name,
                language=_known(request.form.get("language", "")),
                page=f"{entrance().address or request.host_url.rstrip('/')}/invitations/",
                leads_to=url_for("bodies.show", body_id=body_id),
                wall=entrance().wall(),
            )
            take_seat(tx, body_id, user_id, kind)  # type: ignore[arg-type]  # one of the kinds
    except Refused as refused:
        return refused_page("programmes/body.html", refused, **_view(body_id, refused.refusals))
    flash(_("%(name)s has a seat now; a mail with the way in is on its way.", name=name))
    return redirect(url_for("bodies.show", body_id=body_id), 303)


@pages.post("/bodies/<uuid:body_id>/seats/<uuid:seat_id>/end")
def end_seat(body_id: UUID, seat_id: UUID) -> ResponseReturnValue:
    """Let a seat fall empty."""
    try:
        with acting() as tx:
            page = body_page(tx, body_id, language())
            if page is None or seat_id not in {each.id for each in page.seats}:
                abort(404)
            leave_seat(tx, seat_id)
    except Refused as refused:
        return refused_page("programmes/body.html", refused, **_view(body_id, refused.refusals))
    flash(_("The seat is empty now."))
    return redirect(url_for("bodies.show", body_id=body_id), 303)


def _view(body_id: UUID, problems: Iterable[Refusal] = ()) -> dict[str, object]:
    with reading() as tx:
        page: BodyPage | None = body_page(tx, body_id, language())
    if page is None:
        abort(404)
    return {"page": page, "calling": _calling(problems), "seating": _seating(problems)}


def _calling(problems: Iterable[Refusal]) -> list[Field]:
    errors, form = errors_of(problems), request.form
    kinds = (("meeting", _("A sitting")), ("written", _("In writing")), ("urgent", _("An urgent decision")))
    return [
        Field(
            "day",
            "date",
            _("Day"),
            help=_("For example 2027-03-31"),
            value=form.get("day", ""),
            error=errors.get("day", ""),
        ),
        Field(
            "time",
            "text",
            _("Time"),
            help=_("For example 13:00, by the clock of the programme"),
            value=form.get("time", "13:00"),
            error=errors.get("time", ""),
        ),
        Field(
            "kind",
            "choice",
            _("Kind of meeting"),
            value=form.get("kind", "meeting"),
            error=errors.get("kind", ""),
            choices=kinds,
        ),
    ]


def _seating(problems: Iterable[Refusal]) -> list[Field]:
    errors, form = errors_of(problems), request.form
    seats = (("member", _("Member")), ("deputy", _("Deputy")), ("chair", _("Chair")))
    return [
        Field("name", "text", _("Name"), value=form.get("name", ""), error=errors.get("name", "")),
        Field("email", "email", _("E-mail"), value=form.get("email", ""), error=errors.get("email", "")),
        Field(
            "seat",
            "choice",
            _("Seat"),
            value=form.get("seat", "member"),
            error=errors.get("seat", ""),
            choices=seats,
        ),
    ]


def _moment(zone: str) -> datetime:
    day = read_day(request.form.get("day", ""))
    try:
        hour = datetime.strptime(request.form.get("time", "").strip(), "%H:%M").time()  # noqa: DTZ007 - the zone is the programme's
    except ValueError:
        hour = None
    missing = []
    if day is None:
        missing.append(Refusal("day_missing", "Give the day as in 2027-03-31.", {}, "day"))
    if hour is None:
        missing.append(Refusal("time_missing", "Give the time as in 13:00.", {}, "time"))
    if day is None or hour is None:
        raise Refused(missing)
    return at_local(datetime.combine(day, hour), ZoneInfo(zone))


def _demand_all(given: dict[str, str]) -> None:
    missing = [
        Refusal("missing_field", "This is needed.", {}, where) for where, value in given.items() if not value
    ]
    if missing:
        raise Refused(missing)


def _known(wanted: str) -> str:
    return wanted if wanted in LANGUAGES else language()
