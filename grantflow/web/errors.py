"""Pages for what went wrong: whole sentences, the right status, and nothing of the inside."""

from __future__ import annotations

import structlog
from flask import Flask, g, render_template
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException, InternalServerError

from grantflow.domain.refusal import Refused
from grantflow.store.faults import fault_of
from grantflow.web.people.returning import your_words
from grantflow.web.words import said

log = structlog.get_logger()

Answer = tuple[str, int]


def install(app: Flask) -> None:
    """Answer every fault with a page."""

    @app.errorhandler(HTTPException)
    def _refused(error: HTTPException) -> Answer:
        return _page(error.code or 500)

    @app.errorhandler(Refused)
    def _not_granted(refused: Refused) -> Answer:
        """Say what speaks against it where no page of its own does: it came between the look and the deed."""
        if g.get("brought_back"):
            return your_words(), 409
        sentence = " ".join(said(each) for each in refused.refusals)
        title = _("This cannot be done here")
        return render_template("public/error.html", title=title, sentence=sentence), 409

    @app.errorhandler(Exception)
    def _fault(error: Exception) -> Answer:
        fault = fault_of(error)
        if fault is not None:
            log.error("fault", code=fault.code)
            return render_template(
                "public/error.html", title=_("Not available now"), sentence=_(fault.sentence)
            ), 503
        log.error("error", exc_info=error)
        return _page(InternalServerError.code)


def _page(code: int) -> Answer:
    if code == 404:
        title, sentence = (
            _("This page is not here"),
            _("The address may be mistyped, or what it named may not be public."),
        )
    elif code == 405:
        title, sentence = _("This cannot be done here"), _("The page does not take what was sent to it.")
    elif code >= 500:
        title, sentence = (
            _("Something went wrong on our side"),
            _(
                "Nothing of what you did was half-done. Please try again; if it happens again, tell us when it happened."
            ),
        )
    else:
        title, sentence = _("This request was not understood"), _("Go back and try again.")
    return render_template("public/error.html", title=title, sentence=sentence), code
