"""A firm's own page, opened by its mailed link without an account: it confirms or declines its line, and sees what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from grantflow.domain.refusal import Refusal, Refused
from grantflow.services.aid.firms import DeclaredAid
from grantflow.services.aid.invitations import PAGE, actor_of_link
from grantflow.services.aid.pages.firm import DECLINES, FirmPage, firm_page
from grantflow.services.aid.saying import Said, confirm_as_said
from grantflow.services.deeds import take
from grantflow.services.papers import file_for
from grantflow.services.people import tries
from grantflow.services.records.meaning import label_for, tone
from grantflow.services.records.visibility import visible
from grantflow.web.aid import firm_form
from grantflow.web.applications.papers import as_download
from grantflow.web.entrance import acting, as_the_house, come_by, entrance, reading
from grantflow.web.people import throttling
from grantflow.web.words import language

pages = Blueprint("firm_page", __name__)

TEMPLATE, ENDED = "aid/firm.html", "aid/firm_link.html"
REPLACED = "link_replaced"


@pages.after_request
def _tell_nobody(response: Response) -> Response:
    """Keep the address, which is the key, from other sites and from search engines."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@pages.get("/firms/<token>")
def show(token: str) -> ResponseReturnValue:
    """Show what the firm is asked, or what came of it."""
    line_id = _come_in(token)
    if not isinstance(line_id, UUID):
        return line_id
    with reading() as tx:
        page = firm_page(tx, line_id, language())
    return _page(token, page, firm_form.kept(page))


@pages.post("/firms/<token>")
def answer(token: str) -> ResponseReturnValue:
    """Take what the firm says; everything that has to be mended is said at once, beside the words as they were typed."""
    line_id = _come_in(token)
    if not isinstance(line_id, UUID):
        return line_id
    what, form = request.form.get("what", ""), firm_form.typed(request.form)
    said, smaller = form.said, request.form.get("smaller")
    try:
        if what == "say_no":
            _decline(line_id)
        elif what == "agree" or smaller:
            with acting(record_id=line_id) as tx:
                confirm_as_said(tx, line_id, said, activity=smaller)
            flash(_("Thank you. You have confirmed, and this page will show what comes of it."))
        else:
            return _again(token, line_id, form, said, ())
    except Refused as refused:
        return _again(token, line_id, form, said, refused.refusals)
    return redirect(f"{PAGE}/{token}", 303)


@pages.get("/firms/<token>/letters/<uuid:file_id>.pdf")
def letter(token: str, file_id: UUID) -> ResponseReturnValue:
    """Hand out a letter to the firm."""
    line_id = _come_in(token)
    if not isinstance(line_id, UUID):
        return line_id
    folder = entrance().data_folder
    if folder is None:
        abort(404)
    with reading() as tx:
        page = firm_page(tx, line_id, language())
        own = any(paper.id == file_id for paper in page.papers)
        found = file_for(tx, folder / "files", file_id, visible, is_letter=True) if own else None
    if found is None:
        abort(404)
    return as_download(found.content, found.name, found.media_type)


def _come_in(token: str) -> UUID | ResponseReturnValue:
    """Let the holder of a link act in this request and return their line; else the page that says what is wrong with it.

    Links that we never made are counted, and after so many nothing more is said of them. A real one always opens: the
    guesses of others in its network shut nobody out, and its proof is too long to be guessed.
    """
    key = str(current_app.config["SECRET_KEY"]).encode()
    try:
        with as_the_house(writing=False) as tx:
            link, line_id = actor_of_link(tx, key, token)
    except Refused as refused:
        reason = refused.refusals[0]
        if reason.code == REPLACED:
            return _shut(reason, 410)
        if not throttling.may_go_on(throttling.of_public_form("firm link")):
            return _shut(tries.too_many().refusals[0], 429)
        return _shut(reason, 404)
    come_by(link)
    return line_id


def _shut(reason: Refusal, status: int) -> Response:
    return make_response(render_template(ENDED, reason=reason), status)


def _decline(line_id: UUID) -> None:
    reason = request.form.get("reason", "").strip()
    with acting(record_id=line_id) as tx:
        take(tx, line_id, DECLINES, data={"reason": reason} if reason else None)
    flash(_("You have declined. The cluster and the office are told."))


def _again(
    token: str, line_id: UUID, form: firm_form.Form, said: Said, problems: Sequence[Refusal]
) -> ResponseReturnValue:
    """Show the page again with the firm's words; whoever sent twice finds what the first time came to."""
    listed: Sequence[DeclaredAid] = said.declared
    with reading() as tx:
        page = firm_page(tx, line_id, language(), listed)
    if page.stage != "question" and problems:
        return redirect(f"{PAGE}/{token}", 303)
    return _page(token, page, form, problems), 422 if problems else 200


def _page(token: str, page: FirmPage, form: firm_form.Form, problems: Sequence[Refusal] = ()) -> str:
    here = page.here
    return render_template(
        TEMPLATE,
        page=page,
        problems=tuple(problems),
        form=firm_form.fields(form, page.reckoning, problems),
        token=token,
        label=label_for(here.state, here.roles, here.scheme),
        tone=tone(here.lifecycle, here.state),
        fresh=request.method == "GET",
    )
