"""The page on which people sign in, wherever they came from."""

from __future__ import annotations

from flask import Response, make_response, render_template
from flask_babel import gettext as _

from grantflow.domain.refusal import Refusal
from grantflow.services.homes import cast
from grantflow.web.entrance import as_the_house, entrance
from grantflow.web.fields import Field, errors_of


def sign_in_page(
    *,
    onward: str | None = None,
    words: str = "",
    email: str = "",
    problems: tuple[Refusal, ...] = (),
    status: int = 200,
) -> Response:
    """Return the sign-in page; `onward` and `words` are where somebody wanted to go and what they had typed there."""
    groups: tuple[cast.Group, ...] = ()
    if entrance().demo:
        with as_the_house(writing=False) as tx:
            groups = cast.groups(tx)
    error = errors_of(problems).get("email", "")
    fields = (
        Field("email", "email", _("E-mail address"), value=email, error=error, autocomplete="username"),
        Field("password", "password", _("Password"), autocomplete="current-password"),
    )
    page = render_template(
        "people/sign_in.html",
        onward=onward or "",
        words=words,
        problems=problems,
        groups=groups,
        fields=fields,
    )
    return make_response(page, status)
