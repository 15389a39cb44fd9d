"""The web server's one application answers pages and the API, each at its own addresses."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from grantflow import app


def test_pages_and_api_are_served_by_one(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith("GRANTFLOW_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GRANTFLOW_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("GRANTFLOW_DATA", str(tmp_path))
    client = app.web().test_client()

    page, calls, nobody = (client.get(each) for each in ("/", "/api/v1/calls", "/api/v1/me"))
    assert (page.status_code, page.mimetype) == (200, "text/html")
    assert (calls.status_code, calls.json) == (200, {"items": [], "next": None})
    assert (nobody.status_code, nobody.mimetype) == (401, "application/problem+json")
    assert client.get("/calls/nowhere").mimetype == "text/html"
