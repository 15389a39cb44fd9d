"""Checking and sending an application, and the receipt for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from grantflow.domain.aid.sent import read_beside
from grantflow.domain.refusal import Refusal, Refused
from grantflow.services import applications
from grantflow.services.aid.pages.cluster_parts import in_words_of_parts, parts_of
from grantflow.services.applications.send_page import (
    Missing,
    SendPage,
    located,
    receipt_page,
    send_page,
)
from grantflow.services.applications.sent import sent
from grantflow.services.letters.receipts import receipt_paper
from grantflow.web.aid.cluster_words import beside_sections
from grantflow.web.applications.filling import section_items
from grantflow.web.applications.papers import as_download, rendered
from grantflow.web.entrance import acting, entrance, reading
from grantflow.web.words import language

pages = Blueprint("application_sending", __name__)


@pages.get("/applications/<ref>/send")
def check(ref: str) -> ResponseReturnValue:
    """Show everything that is missing at once, or that all is there, and what happens next."""
    page = _page(ref)
    if page is None:
        return _elsewhere(ref)
    return _shown(page, page.missing, 200)


@pages.post("/applications/<ref>/send")
def send(ref: str) -> ResponseReturnValue:
    """Send the application."""
    page = _page(ref)
    if page is None:
        return _elsewhere(ref)
    try:
        with acting("submit", record_id=page.form.id) as tx:
            applications.submit(tx, page.form.id, revision=_revision())
    except Refused as refused:
        page = _page(ref)
        if page is None:  # sent a moment ago, by a second press of the button or a colleague
            return _elsewhere(ref)
        missing = page.missing or in_words_of_parts(page.form, located(page, refused.refusals))
        return _shown(page, missing, 422)
    flash(_("Your application is received."))
    return redirect(url_for(".receipt", ref=ref), 303)


@pages.get("/applications/<ref>/receipt")
def receipt(ref: str) -> str:
    """Show what was received, and what happens next."""
    with reading() as tx:
        page = receipt_page(tx, ref)
        content = None if page is None else sent(tx, page.id, language())
    if page is None:
        abort(404)
    more = beside_sections(read_beside(content.beside)) if content else ()
    return render_template(
        "applications/receipt.html",
        page=page,
        sections=(*content.sections, *more) if content else (),
        zone=page.zone,
    )


@pages.get("/applications/<ref>/receipt.pdf")
def receipt_pdf(ref: str) -> Response:
    """Hand out the receipt as a PDF: the one that was filed, else made now."""
    with reading() as tx:
        page = receipt_page(tx, ref)
        paper = None if page is None else receipt_paper(tx, page.id, page.at, language())
        if page is None or paper is None:
            abort(404)
        filed = paper.filed(tx, entrance().data_folder)
    return as_download(filed or rendered(paper), f"{ref}-{page.number}.pdf", "application/pdf")


def _page(ref: str) -> SendPage | None:
    with reading() as tx:
        page = send_page(tx, ref, language())
        if page is None:
            return None
        form = replace(page.form, parts=parts_of(tx, page.form.where))
    asked = page.asked or next((part.total for part in form.parts if part.total), None)
    return replace(page, form=form, asked=asked, missing=in_words_of_parts(form, page.missing))


def _elsewhere(ref: str) -> ResponseReturnValue:
    """Lead to where something that cannot be sent now stands; what is not there is not there."""
    with reading() as tx:
        page = receipt_page(tx, ref)
    if page is None:
        abort(404)
    return redirect(url_for(".receipt", ref=ref), 303)


def _shown(page: SendPage, missing: Sequence[Missing], status: int) -> ResponseReturnValue:
    links = {each.refusal.where: _link(page, each) for each in missing if each.refusal.where and each.section}
    problems: tuple[Refusal, ...] = tuple(each.refusal for each in missing)
    view = {
        "page": page,
        "zone": page.form.zone,
        "items": section_items(page.form, None),
        "links": links,
        "missing": problems,
        "groups": _groups(page, missing),
        "problems": problems if status == 422 else (),
    }
    return render_template("applications/send.html", **view), status


def _groups(page: SendPage, missing: Sequence[Missing]) -> list[tuple[str | None, list[Refusal]]]:
    """Return what is missing by the section in which it is mended, in the order of the form; the rest comes last."""
    labels: dict[str | None, str | None] = {line.name: line.label for line in page.form.sections}
    labels |= {part.name: _(part.label) for part in page.form.parts}
    labels[None] = None
    found = [
        (label, [each.refusal for each in missing if each.section == name]) for name, label in labels.items()
    ]
    return [(label, refusals) for label, refusals in found if refusals]


def _link(page: SendPage, missing: Missing) -> str:
    part = next((part for part in page.form.parts if part.name == missing.section), None)
    if part is not None:
        return f"{part.path}#field-{missing.field}"
    address = url_for("application_form.show", ref=page.form.ref, section=missing.section, checked="")
    return f"{address}#field-{missing.field}"


def _revision() -> int | None:
    text = request.form.get("revision", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None
