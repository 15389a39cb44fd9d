"""Forms carry a token of their sender's browser, so that no page of somebody else's can send them in their name."""

from __future__ import annotations

import secrets

from flask import Flask, current_app, g, request
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError, generate_csrf
from markupsafe import Markup

from grantflow.web.entrance import person
from grantflow.web.people.returning import same_house


def install(app: Flask) -> None:
    """Ask every request that changes something for its token, after it is known who asks."""
    app.config.update(WTF_CSRF_CHECK_DEFAULT=False, WTF_CSRF_TIME_LIMIT=None)
    protection = CSRFProtect(app)

    @app.before_request
    def _ask() -> None:
        if g.get("brought_back"):
            return  # nothing can be written
        try:
            protection.protect()
        except CSRFError:
            if not _from_an_old_page():
                raise
            g.brought_back = True

    @app.template_global()
    def csrf_field() -> Markup:
        return _hidden("csrf_token", generate_csrf())

    @app.template_global()
    def once_field() -> Markup:
        return _hidden("once", request.form.get("once") or secrets.token_urlsafe(16))


def _from_an_old_page() -> bool:
    """Whether a form of ours comes from a page that was open since before its sender signed in anew.

    Then the page shows the words again and nothing is written, see `acting`.
    """
    adapter = current_app.create_url_adapter(request)
    return person() is not None and same_house() and adapter is not None and adapter.test(method="GET")


def _hidden(name: str, value: str) -> Markup:
    return Markup('<input type="hidden" name="{}" value="{}">').format(name, value)
