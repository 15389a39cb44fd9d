"""A browser from which somebody has signed in before: whoever floods the sign-in with their address does not shut them out.

The cookie lets nobody in. It only says under what a try is counted: under the browser instead of the address, which
anybody may write into a form.
"""

from __future__ import annotations

import hashlib
import secrets

from flask import Response, after_this_request, current_app, request
from itsdangerous import BadSignature, URLSafeSerializer

COOKIE = "known_browser"
LASTS = 180 * 24 * 3600
"""Seconds for which a browser is known."""


def number_for(email: str) -> str | None:
    """Return the number of this browser, where somebody has signed in from it under this address; else nothing."""
    try:
        whose, number = _signer().loads(request.cookies.get(COOKIE, ""))
    except (BadSignature, ValueError, TypeError):
        return None
    return str(number) if secrets.compare_digest(str(whose), _hashed(email)) else None


def know(email: str) -> None:
    """Let this browser be known as one from which somebody has signed in under an address."""
    number = number_for(email) or secrets.token_urlsafe(12)
    value = _signer().dumps([_hashed(email), number])

    @after_this_request
    def _keep(response: Response) -> Response:
        response.set_cookie(
            COOKIE,
            value,
            max_age=LASTS,
            path="/sign-in",
            secure=current_app.config["SESSION_COOKIE_SECURE"],
            httponly=True,
            samesite="Lax",
        )
        return response


def _hashed(email: str) -> str:
    """Return what stands for an address: no address lies in a cookie."""
    return hashlib.sha256(email.strip().casefold().encode()).hexdigest()[:32]


def _signer() -> URLSafeSerializer:
    assert current_app.secret_key is not None
    return URLSafeSerializer(current_app.secret_key, salt="known browser")
