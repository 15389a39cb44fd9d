"""Signing in on the way to something: the address and the words that were typed come along and come back."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import UUID

from flask import (
    Response,
    current_app,
    g,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from grantflow.services.people import kept
from grantflow.store.session import Tx
from grantflow.web.entrance import as_the_house, person
from grantflow.web.people.sign_in_page import sign_in_page

Pairs = Sequence[tuple[str, str]]

KEPT = "kept"
"""Name of the part of an address that brings a form back, and of the field that carries it through the sign-in page."""
NEVER_KEPT = ("csrf_token", "password", "once")
LONGEST = 400_000
MOST_FIELDS = 1000


def safe_next(address: str | None) -> str | None:
    """Return an address within this house to go on to; anything that could lead elsewhere is nothing."""
    if not address or len(address) > 2000 or not address.isprintable() or "\\" in address:
        return None
    if not address.startswith("/") or address.startswith("//"):
        return None
    parts = urlsplit(address)
    return None if parts.scheme or parts.netloc else address


def same_house() -> bool:
    """Whether the browser says that the request comes from a page of ours."""
    origin = request.headers.get("Origin")
    if origin is not None:
        return origin.rstrip("/") == request.host_url.rstrip("/")
    return request.headers.get("Sec-Fetch-Site") == "same-origin"


def sign_in_first() -> ResponseReturnValue:
    """Answer somebody who has to sign in: afterwards they are where they wanted to be, with what they had typed."""
    if request.accept_mimetypes.best == "application/json":
        return jsonify(
            {"signed_in": False, "sentence": _("You are signed out. Sign in again to go on.")}
        ), 401
    here = request.full_path.rstrip("?")
    if request.method in ("GET", "HEAD"):
        return redirect(url_for("signing_in.show", next=here), 303)
    onward = _form_address(here)
    if onward is None or not same_house():
        return redirect(url_for("signing_in.show", next=onward), 303)
    return sign_in_page(onward=onward, words=as_field(_pairs()), status=401)


def keep(tx: Tx, user_id: UUID, onward: str | None, words: str) -> str | None:
    """Return the address to go on to after signing in; the words that came along wait there."""
    address = safe_next(onward)
    pairs = from_field(words)
    if address is None or not pairs:
        return address
    held = kept.keep_form(tx, user_id, urlsplit(address).path, pairs)
    return f"{address}{'&' if '?' in address else '?'}{KEPT}={held}"


def brought_back() -> ResponseReturnValue | None:
    """Answer with the page as its form left it, where the address says that words wait for it; else nothing.

    The form is handed to the page once more, with nothing allowed to be written: what every page does with a form that
    is refused, it does here, and that is to show the words again beside what is wrong.
    """
    given, who = request.args.get(KEPT), person()
    if given is None or who is None:
        return None
    with as_the_house(writing=False) as tx:
        pairs = kept.kept_form(tx, who.id, given, request.path)
    if pairs is None:
        return None
    return _replayed(pairs)


def _replayed(pairs: Pairs) -> Response:
    environ = {
        name: value for name, value in request.environ.items() if not name.startswith(("werkzeug.", "flask."))
    }
    body = urlencode(pairs).encode()
    query = [(name, value) for name, value in parse_qsl(request.query_string.decode()) if name != KEPT]
    environ |= {
        "REQUEST_METHOD": "POST",
        "QUERY_STRING": urlencode(query),
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": BytesIO(body),
    }
    g.brought_back = True
    with current_app.request_context(environ):
        answer = current_app.full_dispatch_request()
    g.brought_back = False
    if answer.status_code == 422:
        answer.status_code = 200
    elif answer.status_code >= 400:
        answer = make_response(your_words(pairs))
    return answer


def your_words(pairs: Pairs | None = None) -> str:
    """Return the page with what somebody typed into a form, for where the form itself cannot show it again."""
    typed = _pairs() if pairs is None else pairs
    words = [(name, value) for name, value in typed if value.strip() and name != "revision"]
    return render_template("people/your_words.html", words=words)


def _form_address(here: str) -> str | None:
    """Return where the form stands that was sent to an address: there, if a page can be read there."""
    adapter = current_app.create_url_adapter(request)
    return here if adapter is not None and adapter.test(method="GET") else None


def _pairs() -> list[tuple[str, str]]:
    return [
        (name, value)
        for name, value in request.form.items(multi=True)
        if not any(word in name for word in NEVER_KEPT)
    ]


def as_field(pairs: Pairs) -> str:
    """Return words as one hidden field carries them."""
    text = urlencode(pairs)
    return text if len(text) <= LONGEST else ""


def from_field(text: str) -> list[tuple[str, str]]:
    """Read words from the hidden field; what is none of ours is nothing."""
    if len(text) > LONGEST:
        return []
    try:
        return parse_qsl(text, keep_blank_values=True, strict_parsing=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        return []
