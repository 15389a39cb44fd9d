"""Coming in, one's own account, and what waits: one module for each thing that people do."""

from __future__ import annotations

from collections.abc import Mapping

from grantflow.web.who import Who

ACCESS: Mapping[tuple[str, str], Who] = {
    ("/sign-in", "GET"): "everybody",
    ("/sign-in", "POST"): "everybody",
    ("/sign-in/demo", "POST"): "demo",
    ("/sign-out", "POST"): "everybody",
    ("/sign-in/forgotten", "GET"): "everybody",
    ("/sign-in/forgotten", "POST"): "everybody",
    ("/sign-in/new-password/<token>", "GET"): "everybody",
    ("/sign-in/new-password/<token>", "POST"): "everybody",
    ("/invitations/<token>", "GET"): "everybody",
    ("/invitations/<token>", "POST"): "everybody",
    ("/register", "GET"): "everybody",
    ("/register", "POST"): "everybody",
    ("/account", "GET"): "signed_in",
    ("/account", "POST"): "signed_in",
    ("/account/calendar", "POST"): "signed_in",
    ("/account/calendar/end", "POST"): "signed_in",
    ("/calendar/<token>.ics", "GET"): "everybody",
    ("/account/mail", "GET"): "signed_in",
    ("/account/mail", "POST"): "signed_in",
    ("/account/mail/works", "POST"): "signed_in",
    ("/account/password", "GET"): "signed_in",
    ("/account/password", "POST"): "signed_in",
    ("/account/sessions/<uuid:sign_in_id>/end", "POST"): "signed_in",
    ("/account/sessions/end-all", "POST"): "signed_in",
    ("/language", "POST"): "everybody",
    ("/colours", "POST"): "everybody",
    ("/demo/clock", "POST"): "demo",
    ("/home", "GET"): "signed_in",
}
