"""Payments: one with its lines, its account and the hands it went through; and those of a call as a list."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue

from grantflow.domain.refusal import Refusal, Refused
from grantflow.services.aid.pages.payment import payment_list, payment_page
from grantflow.services.records.meaning import label_for, tone
from grantflow.services.records.page import options_of
from grantflow.services.records.visibility import find
from grantflow.web.aid.officer import confirm_with, how_field
from grantflow.web.entrance import reading
from grantflow.web.records import writing
from grantflow.web.words import language

pages = Blueprint("payments", __name__)


@pages.get("/calls/<slug>/payments")
def listed(slug: str) -> str:
    """Show the payments of a call, what waits for the reader first."""
    with reading() as tx:
        page = payment_list(tx, slug, language())
    if page is None:
        abort(404)
    return render_template(
        "aid/payments.html",
        page=page,
        zone=page.zone,
        tag_of=lambda one: (one.state.label, tone(one.lifecycle, one.state)),
    )


@pages.get("/payments/<ref>")
def show(ref: str) -> ResponseReturnValue:
    """Show a payment."""
    return _page(ref)


@pages.post("/payments/<ref>")
def confirm(ref: str) -> ResponseReturnValue:
    """Confirm the account to which the payment goes."""
    with reading() as tx:
        page = payment_page(tx, ref, language())
    if page is None:
        abort(404)
    try:
        confirm_with(page.request_id)
    except Refused as refused:
        return _page(ref, refused.refusals)
    return redirect(request.path, 303)


def _page(ref: str, problems: Sequence[Refusal] = ()) -> ResponseReturnValue:
    with reading() as tx:
        found = find(tx, ref, {"payment"}, language())
        page = None if found is None else payment_page(tx, ref, language())
        options = () if found is None or page is None else options_of(tx, found)
    if page is None:
        abort(404)
    here = page.here
    answer = render_template(
        "aid/payment.html",
        page=page,
        zone=page.zone,
        problems=tuple(problems),
        options=writing.options(options),
        label=label_for(here.state, here.roles, here.scheme),
        tone=tone(here.lifecycle, here.state),
        ended=here.state.name in here.lifecycle.final,
        how=how_field(problems),
    )
    return (answer, 422) if problems else answer
