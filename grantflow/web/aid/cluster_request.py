"""What a cluster writes beside the form of its request: how it chose the firms, and the firms with their activities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from grantflow.domain.refusal import Refusal, Refused
from grantflow.services.aid.naming import amend_line, name_firm, say_selection
from grantflow.services.aid.pages.cluster_parts import FIRMS, SELECTION, parts_of
from grantflow.services.aid.pages.cluster_request import (
    FirmsPage,
    LinePage,
    SelectionPage,
    firms_page,
    line_page,
    selection_page,
)
from grantflow.services.applications.form_page import FormPage, form_page
from grantflow.services.people.once import first_time
from grantflow.web.aid.cluster_fields import (
    PLAN,
    activity_field,
    firm_fields,
    functions_field,
    plan_fields,
    selection_fields,
    typed_firm,
    typed_selection,
)
from grantflow.web.applications.filling import section_items
from grantflow.web.entrance import acting, reading
from grantflow.web.words import language

pages = Blueprint("cluster_request", __name__)


# How the firms were chosen


@pages.get("/applications/<ref>/selection")
def selection(ref: str) -> ResponseReturnValue:
    """Show what is on record about how the firms were invited and chosen."""
    form = _form(ref)
    if form is None or not _has(form, SELECTION):
        return _elsewhere(form, ref)
    with reading() as tx:
        page = selection_page(tx, form.where)
    values = {} if page.kept is None else asdict(page.kept)
    return _selection(form, values, page, ())


@pages.post("/applications/<ref>/selection")
def save_selection(ref: str) -> ResponseReturnValue:
    """Record how the firms were invited and chosen, and go on."""
    form = _form(ref)
    if form is None or not _has(form, SELECTION):
        return _elsewhere(form, ref)
    values = typed_selection(request.form)
    try:
        with acting("record_selection", record_id=form.id) as tx:
            say_selection(tx, form.id, values, seen=request.form.get("seen", ""))
    except Refused as refused:
        with reading() as tx:
            page = selection_page(tx, form.where)
        return _selection(form, values, page, refused.refusals)
    flash(_("Saved."))
    if request.form.get("then"):
        return redirect(url_for(".selection", ref=ref), 303)
    return redirect(_after(form, SELECTION), 303)


def _selection(
    form: FormPage, values: Mapping[str, Any], page: SelectionPage, problems: Sequence[Refusal]
) -> ResponseReturnValue:
    view = _view(form, SELECTION, problems)
    fields = selection_fields(values, problems)
    if page.functions_asked:
        fields = (functions_field(values), *fields)
    return (
        render_template("aid/cluster_selection.html", **view, fields=fields, seen=page.seen),
        422 if problems else 200,
    )


# The firms


@pages.get("/applications/<ref>/firms")
def firms(ref: str) -> ResponseReturnValue:
    """Show the firms of a request, and the form by which one more is named."""
    form = _form(ref)
    if form is None or not _has(form, FIRMS):
        return _elsewhere(form, ref)
    return _firms(form, {}, ())


@pages.post("/applications/<ref>/firms")
def add_firm(ref: str) -> ResponseReturnValue:
    """Name a firm, once however often the form is sent."""
    form = _form(ref)
    if form is None or not _has(form, FIRMS):
        return _elsewhere(form, ref)
    values = typed_firm(request.form)
    try:
        with acting("name_firm", record_id=form.id) as tx:
            key = request.form.get("once", "")
            if not key or first_time(tx, key):
                name_firm(tx, form.id, values)
    except Refused as refused:
        return _firms(form, values, refused.refusals)
    flash(_("The firm stands in your request."))
    return redirect(url_for(".firms", ref=ref, _anchor="firms"), 303)


def _firms(form: FormPage, values: Mapping[str, Any], problems: Sequence[Refusal]) -> ResponseReturnValue:
    with reading() as tx:
        page = firms_page(tx, form.where, form.currency, form.country)
    values = values or {"country": page.country}
    view = _view(form, FIRMS, problems)
    return render_template(
        "aid/cluster_firms.html",
        **view,
        firms=page,
        steps=_steps(page),
        firm_fields=firm_fields(values, problems, page.known),
        activity=activity_field(values, problems, page.offered),
        plan_fields=plan_fields(values, problems),
        onward=_after(form, FIRMS),
    ), 422 if problems else 200


def _steps(page: FirmsPage) -> dict[str, list[tuple[str, str]]]:
    """Return by line what may be done with it: the words of each step, and its page."""
    return {
        firm.ref: [
            (_(step.label), url_for("step.show", ref=firm.ref, transition=step.name)) for step in firm.steps
        ]
        for firm in page.firms
    }


# One firm of a request


@pages.get("/lines/<ref>/details")
def details(ref: str) -> ResponseReturnValue:
    """Show place, first day and contact of a line, to be mended."""
    page = _line(ref)
    if not page.line.writable:
        return redirect(f"/records/{ref}", 303)
    return _details(page, asdict(page.line), ())


@pages.post("/lines/<ref>/details")
def save_details(ref: str) -> ResponseReturnValue:
    """Mend place, first day and contact of a line."""
    page = _line(ref)
    if not page.line.writable:
        return redirect(f"/records/{ref}", 303)
    values = typed_firm(request.form, PLAN)
    try:
        with acting("amend_line", record_id=page.line.id) as tx:
            amend_line(tx, page.line.id, values)
    except Refused as refused:
        return _details(page, values, refused.refusals)
    flash(_("Saved."))
    return redirect(url_for(".firms", ref=page.request, _anchor="firms"), 303)


def _line(ref: str) -> LinePage:
    with reading() as tx:
        page = line_page(tx, ref)
    if page is None:
        abort(404)
    return page


def _details(page: LinePage, values: Mapping[str, Any], problems: Sequence[Refusal]) -> ResponseReturnValue:
    fields = plan_fields(values, problems)
    return render_template(
        "aid/cluster_details.html", page=page, fields=fields, problems=problems, zone=page.zone
    ), 422 if problems else 200


# What the pages share


def _form(ref: str) -> FormPage | None:
    with reading() as tx:
        form = form_page(tx, ref, language(), brief=True)
        return None if form is None else replace(form, parts=parts_of(tx, form.where))


def _has(form: FormPage, name: str) -> bool:
    return any(part.name == name for part in form.parts)


def _elsewhere(form: FormPage | None, ref: str) -> ResponseReturnValue:
    """Lead to the record where nothing can be written at this point; what is not there is not there."""
    if form is None:
        abort(404)
    return redirect(f"/records/{ref}", 303)


def _after(form: FormPage, name: str) -> str:
    """Return the page that follows a part: the next one, else checking and sending."""
    names = [part.name for part in form.parts]
    following = form.parts[names.index(name) + 1 :]
    return following[0].path if following else url_for("application_sending.check", ref=form.ref)


def _view(form: FormPage, name: str, problems: Sequence[Refusal]) -> dict[str, Any]:
    part = next(part for part in form.parts if part.name == name)
    return {
        "page": form,
        "title": _(part.label),
        "items": section_items(form, name),
        "problems": tuple(problems),
        "zone": form.zone,
    }
