"""Counting tries from the pages: at the sign-in by address and by network, at public forms by network."""

from __future__ import annotations

from flask import request

from grantflow.services.people import tries
from grantflow.services.people.tries import Try
from grantflow.web.entrance import as_the_house, entrance
from grantflow.web.people.known_browser import number_for


def of_sign_in(email: str) -> tuple[Try, ...]:
    """Return what a try to sign in counts as: from a browser that is known for this address, as one of that browser.

    So a flood of tries with somebody's address, or from their network, does not shut them out for ever.
    """
    limits = entrance().limits
    browser = number_for(email)
    if browser is not None:
        return (Try("sign-in in", browser, limits.tries),)
    return (Try("sign-in", email, limits.tries), Try("sign-in from", _network(), limits.tries_network))


def of_public_form(what: str, email: str = "") -> tuple[Try, ...]:
    """Return what a form counts as that anybody may send."""
    limits = entrance().limits
    by_network = Try(f"{what} from", _network(), limits.tries_network)
    return (by_network, Try(what, email, limits.tries)) if email else (by_network,)


def may_go_on(counted: tuple[Try, ...]) -> bool:
    """Count a try, in a transaction of its own, and say whether it is still within bounds."""
    with as_the_house(writing=True) as tx:
        return tries.count(tx, counted)


def _network() -> str:
    return tries.network_of(request.remote_addr)
