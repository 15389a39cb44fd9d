"""Taking a step: what it asks and does, the person's own words when it is refused, what changed when it was late."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from grantflow.domain.refusal import Refusal, Refused
from grantflow.services import formats
from grantflow.services.cases import stepping as door
from grantflow.services.records import stepping
from grantflow.services.records.stepping import Difference, StepForm, StepPage
from grantflow.web.entrance import acting, reading
from grantflow.web.fields import Field, errors_of, from_asked, typed
from grantflow.web.records import writing
from grantflow.web.words import language

pages = Blueprint("step", __name__)

STALE = door.STALE.code


@pages.get("/records/<ref>/steps/<transition>")
def show(ref: str, transition: str) -> ResponseReturnValue:
    """Show what a step asks and does."""
    with reading() as tx:
        page = stepping.step_page(tx, ref, transition, language())
    if page is None:
        abort(404)
    return _page(page, {}, ())


@pages.post("/records/<ref>/steps/<transition>")
def take(ref: str, transition: str) -> ResponseReturnValue:
    """Take the step, or show the person's words with what speaks against it."""
    with reading() as tx:
        form = stepping.step_form(tx, ref, transition, language())
    if form is None:
        abort(404)
    data: dict[str, Any] = {asked.name: typed(asked, request.form) for asked in form.asks}
    data |= {extra.name: typed(_extra(extra, ""), request.form) for extra in form.extras}
    revision = _revision()
    try:
        with acting(transition, record_id=form.found.id) as tx:
            stepped = stepping.take(tx, ref, transition, _in_zone(form, data), revision)
            if stepped is None:
                abort(404)
    except Refused as refused:
        return _refused(ref, transition, data, refused.refusals, revision)
    flash(_("Done: %(step)s.", step=_(form.label)), "success")
    return redirect(f"/records/{ref}", 303)


def _in_zone(form: StepForm, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was typed with its moments, which people write in the time of the call; data keeps what they typed."""
    moments = {asked.name for asked in form.asks if asked.kind == "moment"}
    return {
        name: (formats.read_moment(value, form.found.zone) or value)
        if name in moments and isinstance(value, str)
        else value
        for name, value in data.items()
    }


def _revision() -> int | None:
    sent = request.form.get("revision", "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 16 else None


def _refused(
    ref: str, transition: str, data: Mapping[str, Any], problems: Sequence[Refusal], revision: int | None
) -> ResponseReturnValue:
    changed = None
    with reading() as tx:
        page = stepping.step_page(tx, ref, transition, language())
        if any(problem.code == STALE for problem in problems) and revision is not None:
            changed = stepping.difference(tx, ref, revision)
    if page is None:  # it went out of sight meanwhile
        abort(404)
    return _page(page, data, problems, changed), 422


def _page(
    page: StepPage, data: Mapping[str, Any], problems: Sequence[Refusal], changed: Difference | None = None
) -> str:
    zone = page.found.zone
    open_ = page.option is not None and page.option.allowed
    return render_template(
        "records/step.html",
        page=page,
        zone=zone,
        problems=tuple(problems),
        fields=_fields(page, data, problems),
        allowed=open_,
        reasons=writing.options([page.option])[0].reasons if page.option and not open_ else (),
        does=[writing.written(each) for each in page.does],
        hears=[writing.sentence(each) for each in page.hears],
        notes=[writing.sentence(each) for each in page.notes],
        changed=changed,
        news=writing.entries(changed.entries, zone) if changed else [],
    )


def _fields(page: StepPage, data: Mapping[str, Any], problems: Sequence[Refusal]) -> list[Field]:
    fields = []
    for asked in page.asks:
        offered = tuple(
            (value, str(writing.written(words))) for value, words in page.choices.get(asked.name, ())
        )
        field = from_asked(asked, data, problems, choices=offered, currency=page.found.currency)
        fields.append(replace(field, kind="choice") if offered and field.kind == "text" else field)
    errors = errors_of(problems)
    for extra in page.extras:
        value = data.get(extra.name, extra.value)
        fields.append(_extra(extra, value or "", errors.get(extra.name, "")))
    return fields


def _extra(extra: Any, value: str, error: str = "") -> Field:
    return Field(
        extra.name,
        extra.kind,
        writing.sentence(extra.label),
        value=value,
        error=error,
        required=False,
        limit=extra.limit,
        rows=5,
    )
