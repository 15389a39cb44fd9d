"""Forms carry a token of their sender's browser, so that no page of somebody else's can send them in their name."""

from __future__ import annotations

import secrets

from flask import Flask, current_app, g, request
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError, same_origin

from grantflow.web.entrance import person
from grantflow.web.people.returning import same_house


def install(app: Flask) -> None:
    """Ask every request that changes something for its token, after it is known who asks."""
    app.config.update(WTF_CSRF_CHECK_DEFAULT=False, WTF_CSRF_TIME_LIMIT=None, WTF_CSRF_SSL_STRICT=False)
    protection = CSRFProtect(app)

    @app.before_request
    def _ask() -> None:
        if request.url_rule is None or g.get("brought_back"):
            return  # nothing is here, or nothing can be written
        try:
            protection.protect()
            _demand_own_page()
        except CSRFError:
            if not _from_an_old_page():
                raise
            g.brought_back = True

    @app.template_global()
    def once_token() -> str:
        return request.form.get("once") or secrets.token_urlsafe(16)


def _demand_own_page() -> None:
    """Refuse a form that a browser says was not on a page of ours; over TLS it has to say so.

    Browsers say it by a header of their own also from pages that tell nobody where they are, such as a firm's; of those
    that know no such header the address of the page is wanted.
    """
    if not request.is_secure or request.method not in current_app.config["WTF_CSRF_METHODS"]:
        return
    said = request.headers.get("Sec-Fetch-Site")
    if said is None and request.referrer is not None and same_origin(request.referrer, request.host_url):
        return
    if said != "same-origin":
        raise CSRFError("The form does not come from a page of this house.")


def _from_an_old_page() -> bool:
    """Whether a form of ours comes from a page that was open since before its sender signed in anew.

    Then the page shows the words again and nothing is written, see `acting`.
    """
    adapter = current_app.create_url_adapter(request)
    return person() is not None and same_house() and adapter is not None and adapter.test(method="GET")
