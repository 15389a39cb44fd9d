"""A program before the API: it carries somebody's token, and knows nothing but addresses and JSON."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from grantflow.api import create_api
from grantflow.domain.actor import SYSTEM
from grantflow.services.people.tokens import SCOPES, create_token
from grantflow.store.cases import CaseRow
from tests import cast
from tests.factories.fund import Fund

ROOT = "/api/v1"


class Program:
    """Somebody's program; without a token a stranger's."""

    def __init__(self, app: Flask, token: str | None = None) -> None:
        self.client = app.test_client()
        self.headers = {} if token is None else {"Authorization": f"Bearer {token}"}

    def ask(self, method: str, address: str, **given: Any) -> TestResponse:
        headers = {**self.headers, **given.pop("headers", {})}
        path = address if address.startswith(ROOT) else ROOT + address
        return self.client.open(path, method=method, headers=headers, buffered=True, **given)

    def get(self, address: str, **headers: str) -> TestResponse:
        return self.ask("GET", address, headers=headers)

    def read(self, address: str) -> Any:
        """Return what is at an address."""
        return well(self.get(address), 200)

    def post(self, address: str, body: Any, **headers: str) -> TestResponse:
        return self.ask("POST", address, json=body, headers=headers)

    def patch(self, address: str, body: Any, **headers: str) -> TestResponse:
        return self.ask("PATCH", address, json=body, headers=headers)

    def hand_in(self, ref: str, field: str, name: str, content: bytes, **headers: str) -> TestResponse:
        # Written by hand: the test client leaves the temporary file open into which it would write a large one.
        edge = secrets.token_hex(8)
        disposition = 'Content-Disposition: form-data; name="{}"{}\r\n\r\n'
        body = b"".join(
            (
                f"--{edge}\r\n{disposition.format('field', '')}{field}\r\n--{edge}\r\n".encode(),
                disposition.format("file", f'; filename="{name}"').encode(),
                content,
                f"\r\n--{edge}--\r\n".encode(),
            )
        )
        kind = f"multipart/form-data; boundary={edge}"
        return self.ask("POST", f"/applications/{ref}/files", data=body, content_type=kind, headers=headers)

    # What a story does

    def start(self, call: str) -> str:
        """Start an application of the first organisation of one's own, and return its reference."""
        organisation = self.read("/me")["organisations"][0]["id"]
        made = self.post("/applications", {"call": call, "organisation": organisation})
        return str(well(made, 201)["ref"])

    def fill(self, ref: str, answers: Mapping[str, Any]) -> Any:
        revision = self.read(f"/applications/{ref}")["answers_revision"]
        body = {"answers": answers, "answers_revision": revision}
        return well(self.patch(f"/applications/{ref}", body), 200)

    def step(self, ref: str, transition: str, kind: str = "records", **data: Any) -> Any:
        """Take a step as it is seen now."""
        return well(self.try_step(ref, transition, kind, **data), 200)

    def try_step(self, ref: str, transition: str, kind: str = "records", **data: Any) -> TestResponse:
        revision = self.read(f"/{kind}/{ref}/transitions")["revision"]
        body = {"transition": transition, "revision": revision, "data": data}
        return self.post(f"/{kind}/{ref}/transitions", body)

    def allowed(self, ref: str, kind: str = "records") -> list[str]:
        found = self.read(f"/{kind}/{ref}/transitions")["transitions"]
        return [each["name"] for each in found if each["allowed"]]


def well(answer: TestResponse, status: int) -> Any:
    """Return the JSON of an answer that came as it should."""
    assert answer.status_code == status, answer.text
    return answer.json


def codes(answer: TestResponse, status: int) -> list[str]:
    """Return the codes of a problem document."""
    document = well(answer, status)
    assert answer.content_type == "application/problem+json"
    assert (document["status"], document["type"]) == (status, "about:blank")
    return [each["code"] for each in document["refusals"]]


class Desk:
    """A fund, and its API."""

    def __init__(self, fund: Fund, folder: Path) -> None:
        self.fund = fund
        self.wall = fund.now
        self.folder = folder
        self.app = create_api(fund.database, data_folder=folder, now=lambda: fund.now, wall=lambda: self.wall)

    def token(self, person: cast.Person, scopes: Iterable[str] = SCOPES, days: int = 1) -> str:
        with self.fund.database.transaction(SYSTEM, self.wall) as tx:
            return create_token(tx, person.email, scopes, days=days)[0]

    def program(self, person: cast.Person | None = None, scopes: Iterable[str] = SCOPES) -> Program:
        return Program(self.app, None if person is None else self.token(person, scopes))

    def ref(self, case_id: object) -> str:
        with self.fund.reading() as tx:
            return str(tx.execute(select(CaseRow.ref).where(CaseRow.id == case_id)).scalar_one())

    def state(self, ref: str) -> str:
        with self.fund.reading() as tx:
            return str(tx.execute(select(CaseRow.state).where(CaseRow.ref == ref)).scalar_one())

    @property
    def slug(self) -> str:
        return self.fund.plan.slug
