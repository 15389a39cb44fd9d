"""A reader with a browser: who they are, and forms sent with their token."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from grantflow.domain.actor import SYSTEM
from grantflow.services.people import sessions
from grantflow.web.entrance import Entrance

TOKEN = "0" * 40


class Reader:
    """Somebody before the pages; `user_id` is who is signed in with this browser, if anybody."""

    def __init__(self, app: Flask, user_id: UUID | None = None) -> None:
        self.app = app
        self.client: FlaskClient = app.test_client()
        self.client.set_cookie("language", "en")
        if user_id is not None:
            house: Entrance = app.extensions["entrance"]
            with house.database.transaction(SYSTEM, house.wall()) as tx:
                token = sessions.sign_in(tx, user_id, browser="a test", limits=sessions.Limits())
            with self.client.session_transaction() as kept:
                kept["_user_id"] = token

    def get(self, address: str, **given: Any) -> TestResponse:
        """Open a page."""
        return self.client.get(address, buffered=True, **given)

    def text(self, address: str, status: int = 200) -> str:
        """Return a page's HTML."""
        answer = self.get(address)
        assert answer.status_code == status, (
            f"{answer.status_code} {answer.headers.get('Location')}\n{answer.text}"
        )
        return answer.text

    def post(self, address: str, data: Mapping[str, Any] | None = None, **given: Any) -> TestResponse:
        """Send a form, with the token that every form carries."""
        return self.client.post(
            address, data={**(data or {}), "csrf_token": self.token()}, buffered=True, **given
        )

    def token(self) -> str:
        """Return the token for this browser's forms."""
        with self.client.session_transaction() as kept:
            raw = kept.setdefault("csrf_token", TOKEN)
        assert self.app.secret_key is not None
        return str(URLSafeTimedSerializer(self.app.secret_key, salt="wtf-csrf-token").dumps(raw))
