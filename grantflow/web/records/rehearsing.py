"""Rehearsing a call from its page: begun here, played beside the pages, looked at while and after it runs."""

from __future__ import annotations

from threading import Thread
from typing import cast

from flask import Blueprint, abort, current_app, redirect, render_template, request
from flask.typing import ResponseReturnValue

from grantflow.domain.money import Money
from grantflow.domain.refusal import Refusal, Refused
from grantflow.services.records import rehearsals
from grantflow.services.records.rehearsals import Rehearsal
from grantflow.services.records.visibility import Found, find_call
from grantflow.store.session import Tx
from grantflow.web.entrance import acting, entrance, reading
from grantflow.web.fields import Field
from grantflow.web.words import language, said

pages = Blueprint("rehearsal", __name__)

BUSIEST = 8
OWN_EFFECT = "pin_published_files"
"""Whoever may publish a call may rehearse it: found by what publishing does."""


@pages.get("/calls/<slug>/rehearsal")
def show(slug: str) -> ResponseReturnValue:
    """Show the last rehearsal of a call, and how far it is."""
    with reading() as tx:
        found = _found(tx, slug)
        if found is None:
            abort(404)
        last = rehearsals.rehearsal_of(tx, found.id)
    return _page(found, last, "", ())


@pages.post("/calls/<slug>/rehearsal")
def begin(slug: str) -> ResponseReturnValue:
    """Begin to play the call."""
    typed = request.form.get("applications", "").strip()
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 0
    house = entrance()
    found = last = None
    try:
        with acting("rehearse") as tx:
            found = _found(tx, slug)
            if found is None:
                abort(404)
            last = rehearsals.rehearsal_of(tx, found.id)
            plan = rehearsals.begin(tx, found.id, number, house.wall())
    except Refused as refused:
        if found is None:
            abort(404)
        return _page(found, last, typed, refused.refusals), 422
    playing = Thread(
        target=rehearsals.play,
        args=(house.database, found.id, plan, number, house.wall),
        name=f"rehearsal of {slug}",
        daemon=True,
    )
    current_app.extensions["rehearsal"] = playing
    playing.start()
    return redirect(f"/calls/{slug}/rehearsal", 303)


def playing() -> Thread | None:
    """Return the thread in which the last rehearsal was begun here; for tests, which wait for it."""
    return cast("Thread | None", current_app.extensions.get("rehearsal"))


def _found(tx: Tx, slug: str) -> Found | None:
    """Return a call that the reader may rehearse: they may publish calls of its kind."""
    found = find_call(tx, slug, language())
    if found is None:
        return None
    publishers = {role for row in found.lifecycle.rows if OWN_EFFECT in row.effects for role in row.by}
    return None if found.roles.isdisjoint(publishers) else found


def _page(found: Found, last: Rehearsal | None, typed: str, problems: tuple[Refusal, ...]) -> str:
    is_playing = last is not None and last.is_playing(entrance().wall())
    errors = [said(problem) for problem in problems if problem.where == "applications"]
    field = Field(
        "applications",
        "number",
        "",
        value=typed or "20",
        error=" ".join(errors),
    )
    report = last.report if last else None
    return render_template(
        "records/rehearsal.html",
        found=found,
        last=last,
        report=report,
        is_playing=is_playing,
        field=field,
        most=rehearsals.MOST,
        problems=problems,
        money=_money(last),
        busiest=sorted(report.workload, key=lambda one: (-one.actions, one.week, one.role))[:BUSIEST]
        if report
        else [],
        roles=found.scheme.roles,
        lifecycles=found.scheme.lifecycles,
    )


def _money(last: Rehearsal | None) -> list[tuple[str, tuple[Money, ...]]]:
    if last is None or last.report is None:
        return []
    return [
        (
            line.window,
            tuple(
                Money(amount, line.currency)
                for amount in (line.envelope, line.reserved, line.committed, line.released, line.paid)
            ),
        )
        for line in last.report.money
    ]
