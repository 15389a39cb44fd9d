"""The letters of decisions: read as they will leave, marked as read by their text, released in one go (P10)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from grantflow.domain.awards.deciding import DecisionKind
from grantflow.domain.refusal import Refusal, Refused, refuse
from grantflow.services import awards, cases
from grantflow.services.awards.letters_page import (
    LetterPage,
    LettersPage,
    letter_page,
    letters_page,
    next_unread,
)
from grantflow.store.session import Tx
from grantflow.web.answers import refused_page
from grantflow.web.entrance import acting, reading
from grantflow.web.fields import Field, from_asked, typed
from grantflow.web.words import language

pages = Blueprint("letters", __name__)

LOTS = ("yes", "reserve", "no")
MANY, ONE = "awards/letters.html", "awards/letter.html"


@pages.get("/calls/<slug>/letters")
def show(slug: str) -> str:
    """Show which letters wait, in lots, and who has read them."""
    page = _page(slug)
    return render_template(MANY, page=page, fields=_fields(page))


@pages.post("/calls/<slug>/letters")
def act(slug: str) -> ResponseReturnValue:
    """Mark a lot as read, or release the round: what the form says."""
    page = _page(slug)
    try:
        with acting(record_id=page.call.id) as tx:
            if request.form.get("what") == "read":
                count = len(awards.read_lot(tx, page.call.id, _lot()))
                said = str(
                    ngettext("One letter is marked as read.", "%(num)s letters are marked as read.", count)
                )
            else:
                said = _release(tx, page)
    except Refused as refused:
        return refused_page(MANY, refused, page=page, fields=_fields(page, refused.refusals))
    flash(said)
    return redirect(url_for("letters.show", slug=slug), 303)


@pages.get("/applications/<ref>/letter")
def show_one(ref: str) -> str:
    """Show one letter as it would leave now."""
    return render_template(ONE, page=_one(ref))


@pages.post("/applications/<ref>/letter")
def read_one(ref: str) -> ResponseReturnValue:
    """Mark this very text as read, and go on to the next that nobody has read."""
    page = _one(ref)
    try:
        with acting(record_id=page.id) as tx:
            awards.mark_read(tx, page.id, request.form.get("sha256", ""))
    except Refused as refused:
        return refused_page(ONE, refused, page=_one(ref))
    flash(_("The letter is marked as read."))
    if page.alone:
        return redirect(f"/records/{ref}", 303)
    with reading() as tx:
        following = next_unread(tx, page.call_slug, language(), ref)
    if following is None:
        return redirect(url_for("letters.show", slug=page.call_slug), 303)
    return redirect(url_for("letters.show_one", ref=following), 303)


def _lot() -> DecisionKind:
    given = request.form.get("lot", "")
    if given not in LOTS:
        raise refuse("not_chosen", "Choose one of the lots.", "lot")
    return cast("DecisionKind", given)


def _release(tx: Tx, page: LettersPage) -> str:
    if page.releases is None:
        raise refuse("not_now", "%(ref)s is not at the point where this is done.", ref=page.call.ref)
    given = request.form.get("revision", "")
    cases.step(
        tx,
        page.call.id,
        page.releases,
        revision=int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None,
        data={asked.name: value for asked in page.asks if (value := typed(asked, request.form)) is not None},
    )
    return str(
        ngettext(
            "The decisions are released; one letter is on its way.",
            "The decisions are released; %(num)s letters are on their way.",
            page.count,
        )
    )


def _page(slug: str) -> LettersPage:
    with reading() as tx:
        page = letters_page(tx, slug, language(), after=request.args.get("after", ""))
    return page if page is not None else abort(404)


def _one(ref: str) -> LetterPage:
    try:
        with reading() as tx:
            page = letter_page(tx, ref, language())
    except Refused:
        page = None
    return page if page is not None else abort(404)


def _fields(page: LettersPage, problems: Sequence[Refusal] = ()) -> tuple[Field, ...]:
    was = request.form if request.form.get("what") == "release" else {}
    return tuple(from_asked(asked, was, problems) for asked in page.asks)
