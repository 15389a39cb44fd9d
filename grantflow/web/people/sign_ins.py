"""Flask-Login over our own rows: the cookie carries a random token, and the row behind it says who that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Flask, Response, current_app, g, request, session, url_for
from flask_babel import gettext as _
from flask_login import LoginManager, login_user, logout_user
from sqlalchemy.exc import DBAPIError

from grantflow.services.people import sessions
from grantflow.services.people.sessions import Person
from grantflow.store.session import Tx
from grantflow.web.entrance import as_the_house, entrance, person

TOKEN = "_user_id"  # noqa: S105 - the key under which Flask-Login keeps what `get_id` returns


@dataclass(frozen=True)
class SignedIn:
    """Whom Flask-Login knows as the user: a person, by the token of their browser."""

    person: Person
    token: str
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        """Return what the cookie carries."""
        return self.token


def install(app: Flask) -> None:
    """Know who asks, and note afterwards that they were here."""
    manager = LoginManager()
    manager.init_app(app, add_context_processor=False)
    manager.session_protection = None  # it would sign out whoever changes networks; our own rows do better

    @manager.user_loader  # type: ignore[untyped-decorator]  # Flask-Login has no types
    def _known(token: str) -> SignedIn | None:
        if g.get("nobody_known"):
            return None
        try:
            with as_the_house(writing=False) as tx:
                found = sessions.signed_in(tx, token)
        except DBAPIError:
            g.nobody_known = True  # the page that tells of the fault is made for whoever it is
            raise
        return None if found is None else SignedIn(found, token)

    @app.context_processor
    def _who() -> dict[str, Any]:
        who = person()
        return {"signed_in": who, "nav": [] if who is None else _ways(who)}

    @app.after_request
    def _note_when_done(response: Response) -> Response:
        who = person()
        house = entrance()
        if who is not None and who.stale(house.wall()):
            running = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - Flask's own way

            @response.call_on_close
            def _seen() -> None:
                with running.app_context(), as_the_house(writing=True) as tx:
                    sessions.seen(tx, who.sign_in_id)

        return response


def let_in(tx: Tx, user_id: UUID) -> None:
    """Sign somebody in with this browser under a fresh token; whatever the cookie carried before is forgotten."""
    house = entrance()
    token = sessions.sign_in(
        tx,
        user_id,
        browser=request.user_agent.string,
        limits=house.limits,
        in_place_of=session.get(TOKEN),
    )
    found = sessions.signed_in(tx, token)
    assert found is not None
    session.clear()
    login_user(SignedIn(found, token))


def let_out(tx: Tx) -> None:
    """Sign out with this browser."""
    who = person()
    if who is not None:
        sessions.end_sign_in(tx, who.id, who.sign_in_id)
    logout_user()
    session.clear()


def _ways(who: Person) -> list[tuple[str, str]]:
    """Return where the head of each page leads somebody who is signed in."""
    ways = [(_("Home"), url_for("home.show")), (_("Calls"), url_for("first.show") + "#calls")]
    if who.seated or who.inside:
        ways.append((_("Meetings"), "/meetings"))
    return ways
