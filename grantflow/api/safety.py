"""What every request has to be, and what every answer carries."""

from __future__ import annotations

from flask import Flask, Response, request
from werkzeug.exceptions import BadRequest

from grantflow.api.problems import problem
from grantflow.domain.uploads import LARGEST

BODY = 1024 * 1024
"""Bytes of a body of JSON."""
ROOM = LARGEST + BODY
"""Bytes of a form that brings one file along."""
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Vary": "Authorization, Accept-Language",
}


def install(app: Flask) -> None:
    """Look at requests before anybody reads them, and give each answer its headers."""
    app.config.update(MAX_CONTENT_LENGTH=BODY)

    @app.before_request
    def _look() -> Response | None:
        if "\0" in request.path:
            return problem(404)
        if request.mimetype == "multipart/form-data":
            request.max_content_length = ROOM
        given = (*request.args.items(multi=True), *request.form.items(multi=True))
        if any("\0" in name or "\0" in value for name, value in given):
            raise BadRequest
        return None

    @app.after_request
    def _protect(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        # What was given may be kept by whoever asked, and is asked for again by its mark.
        response.headers.setdefault(
            "Cache-Control", "private, no-cache" if "ETag" in response.headers else "no-store"
        )
        return response
