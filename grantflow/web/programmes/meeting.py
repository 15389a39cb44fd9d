"""One meeting: agenda, presence, who leaves for an item, what came out, minutes, signatures, and carrying out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from grantflow.domain.refusal import Refusal, Refused, refuse
from grantflow.services.programmes import meetings
from grantflow.services.programmes.meeting_page import ItemView, MeetingPage, meeting_page
from grantflow.services.records.extras import choices_for
from grantflow.store.session import Tx
from grantflow.web.answers import refused_page
from grantflow.web.entrance import acting, reading
from grantflow.web.fields import Field, errors_of, from_asked, typed
from grantflow.web.records import writing
from grantflow.web.words import language

pages = Blueprint("meeting", __name__)


@pages.get("/meetings/<uuid:meeting_id>")
def show(meeting_id: UUID) -> str:
    """Show a meeting."""
    return render_template("programmes/meeting.html", **_view(meeting_id), problems=())


@pages.post("/meetings/<uuid:meeting_id>/agenda")
def put(meeting_id: UUID) -> ResponseReturnValue:
    """Put a record on the agenda."""

    def act(tx: Tx, page: MeetingPage) -> None:
        wanted = next((each for each in page.offers if each.value == request.form.get("offer")), None)
        if wanted is None:
            raise refuse("offer_missing", "Choose what the body shall decide.", "offer")
        record, matter = wanted.value.split(":")
        meetings.put_on_agenda(tx, meeting_id, UUID(record), matter)

    return _done(meeting_id, act, _("It is on the agenda."), "agenda")


@pages.post("/meetings/<uuid:meeting_id>/presence")
def presence(meeting_id: UUID) -> ResponseReturnValue:
    """Note who is in the room."""

    def act(tx: Tx, page: MeetingPage) -> None:
        seated = {str(seat.user_id): seat.user_id for seat in page.seats}
        meetings.note_presence(
            tx, meeting_id, [seated[each] for each in request.form.getlist("present") if each in seated]
        )

    return _done(meeting_id, act, _("Who is in the room is noted."), "presence")


@pages.post("/meetings/<uuid:meeting_id>/items/<uuid:item_id>/leaving")
def leaving(meeting_id: UUID, item_id: UUID) -> ResponseReturnValue:
    """Note who leaves for an item; a member says so of themselves."""

    def act(tx: Tx, page: MeetingPage) -> None:
        item = _item(page, item_id)
        if request.form.get("who") == "me":
            meetings.leave_for_item(tx, item_id)
            return
        seated = {str(seat.user_id): seat.user_id for seat in page.seats}
        wanted = request.form.getlist(f"left-{item.number}")
        meetings.note_leaving(tx, item_id, [seated[each] for each in wanted if each in seated])

    return _done(meeting_id, act, _("Who leaves for this item is noted."), item_id=item_id)


@pages.post("/meetings/<uuid:meeting_id>/items/<uuid:item_id>/outcome")
def outcome(meeting_id: UUID, item_id: UUID) -> ResponseReturnValue:
    """Note what came out of an item; where too few are left, it is adjourned."""

    def act(tx: Tx, page: MeetingPage) -> None:
        item = _item(page, item_id)
        said = request.form.get(f"outcome-{item.number}", "")
        reason = request.form.get(f"reason-{item.number}", "").replace("\r\n", "\n")
        if not said:
            raise refuse("outcome_missing", "Say what came out of this item.", "outcome")
        if said == "adjourned" and not item.count.enough and reason.strip():
            meetings.adjourn_item(tx, item_id, reason)
        else:
            meetings.note_outcome(tx, item_id, said, reason)  # type: ignore[arg-type]  # the service knows the outcomes

    return _done(meeting_id, act, _("What came out of the item is noted."), item_id=item_id)


@pages.post("/meetings/<uuid:meeting_id>/minutes")
def minutes(meeting_id: UUID) -> ResponseReturnValue:
    """Write the minutes."""

    def act(tx: Tx, _page: MeetingPage) -> None:
        meetings.write_minutes(tx, meeting_id, request.form.get("text", "").replace("\r\n", "\n"))

    return _done(
        meeting_id, act, _("The minutes are written. They stand from the first signature on."), "minutes"
    )


@pages.post("/meetings/<uuid:meeting_id>/signature")
def signature(meeting_id: UUID) -> ResponseReturnValue:
    """Sign the minutes."""

    def act(tx: Tx, _page: MeetingPage) -> None:
        if request.form.get("sign_as") == "chair":
            meetings.sign_minutes_as_chair(tx, meeting_id)
        else:
            meetings.sign_minutes_as_adjuster(tx, meeting_id)

    return _done(meeting_id, act, _("You have signed the minutes."), "minutes")


@pages.get("/meetings/<uuid:meeting_id>/items/<uuid:item_id>/step")
def step_form(meeting_id: UUID, item_id: UUID) -> str:
    """Show what carrying out an item does, and ask what it needs."""
    return render_template("programmes/carry_out.html", **_step_view(meeting_id, item_id), problems=())


@pages.post("/meetings/<uuid:meeting_id>/items/<uuid:item_id>/step")
def step(meeting_id: UUID, item_id: UUID) -> ResponseReturnValue:
    """Carry out what the body decided."""
    try:
        with acting() as tx:
            item = _item(_found(tx, meeting_id), item_id)
            if item.carrying is None:
                raise refuse("not_from_here", "This step is not possible at this point.")
            data = {asked.name: typed(asked, request.form) for asked in item.carrying.asks}
            given = {name: value for name, value in data.items() if value is not None}
            meetings.carry_out(tx, item_id, given)
    except Refused as refused:
        view = _step_view(meeting_id, item_id, refused.refusals)
        return refused_page("programmes/carry_out.html", refused, **view)
    flash(_("What the body decided is carried out."))
    return redirect(url_for("meeting.show", meeting_id=meeting_id), 303)


def _done(
    meeting_id: UUID,
    act: Callable[[Tx, MeetingPage], None],
    said: str,
    where: str = "",
    *,
    item_id: UUID | None = None,
) -> ResponseReturnValue:
    """Do something with a meeting and go back to its page; refused, show the page with the words that were typed."""
    anchor = where
    try:
        with acting() as tx:
            page = _found(tx, meeting_id)
            if item_id is not None:
                anchor = f"item-{_item(page, item_id).number}"
            act(tx, page)
    except Refused as refused:
        number = anchor.removeprefix("item-")
        told = [_beside(refusal, number) for refusal in refused.refusals] if item_id else refused.refusals
        return refused_page("programmes/meeting.html", Refused(told), **_view(meeting_id, told))
    flash(said)
    return redirect(url_for("meeting.show", meeting_id=meeting_id, _anchor=anchor), 303)


def _beside(refusal: Refusal, number: str) -> Refusal:
    """Return a refusal that points at the field of its own item: every item of the page has such fields."""
    asked = refusal.where if refusal.where in {"outcome", "reason", "left"} else "outcome"
    return replace(refusal, where=f"{asked}-{number}")


def _found(tx: Tx, meeting_id: UUID) -> MeetingPage:
    page = meeting_page(tx, meeting_id, language())
    if page is None:
        abort(404)
    return page


def _item(page: MeetingPage, item_id: UUID) -> ItemView:
    item = next((each for each in page.items if each.id == item_id), None)
    if item is None:
        abort(404)
    return item


def _view(meeting_id: UUID, problems: Iterable[Refusal] = ()) -> dict[str, Any]:
    with reading() as tx:
        page = _found(tx, meeting_id)
    errors = errors_of(problems)
    return {
        "page": page,
        "fields": {item.id: _item_fields(page, item, errors) for item in page.items},
        "offer": Field(
            "offer",
            "record",
            _("What the body shall decide"),
            error=errors.get("offer", ""),
            choices=[
                (each.value, f"{each.ref} · {_(each.kind)} · {each.call} · {_(each.matter)}")
                for each in page.offers
            ],
        ),
        "present": Field(
            "present",
            "many",
            _("In the room"),
            value=[str(seat.user_id) for seat in page.present],
            error=errors.get("present", ""),
            required=False,
            choices=[(str(seat.user_id), f"{seat.name} · {_seat(seat.kind)}") for seat in page.seats],
        ),
        "text": Field(
            "text",
            "long_text",
            _("Minutes"),
            value=request.form.get("text", page.minutes),
            error=errors.get("text", ""),
            rows=10,
        ),
    }


def _item_fields(page: MeetingPage, item: ItemView, errors: dict[str, str]) -> dict[str, Field]:
    name = f"outcome-{item.number}"
    why, left = f"reason-{item.number}", f"left-{item.number}"
    outcomes = [("adopted", _("Adopted")), ("sent_back", _("Sent back")), ("adjourned", _("Adjourned"))]
    there = {seat.user_id for seat in page.present} | set(item.left)
    return {
        "outcome": Field(
            name,
            "choice",
            _("What came out"),
            value=request.form.get(name, item.outcome or ("" if item.count.enough else "adjourned")),
            error=errors.get(name, ""),
            choices=outcomes if item.count.enough else outcomes[2:],
        ),
        "reason": Field(
            why,
            "long_text",
            _("Why, for the minutes"),
            help=_("Needed where the item is sent back or adjourned."),
            value=request.form.get(why, item.reason or ""),
            error=errors.get(why, ""),
            required=False,
            rows=3,
        ),
        "left": Field(
            left,
            "many",
            _("Left the room for this item"),
            value=[str(each) for each in item.left],
            error=errors.get(left, ""),
            required=False,
            choices=[(str(seat.user_id), seat.name) for seat in page.seats if seat.user_id in there],
        ),
    }


def _seat(kind: str) -> str:
    return str({"chair": _("Chair"), "deputy": _("Deputy")}.get(kind) or _("Member"))


def _step_view(meeting_id: UUID, item_id: UUID, problems: Iterable[Refusal] = ()) -> dict[str, Any]:
    with reading() as tx:
        page = _found(tx, meeting_id)
        item = _item(page, item_id)
        offered = choices_for(tx, item.record_id, item.carrying.name) if item.carrying else {}
    if item.carrying is None and not problems:
        abort(404)
    asks = item.carrying.asks if item.carrying is not None else ()
    said = request.form if request.method == "POST" else {"reason": item.reason or ""}
    fields = []
    for each in asks:
        among = tuple((value, str(writing.written(words))) for value, words in offered.get(each.name, ()))
        field = from_asked(each, said, problems, choices=among)
        fields.append(replace(field, kind="choice") if among else field)
    return {"page": page, "item": item, "fields": fields}
