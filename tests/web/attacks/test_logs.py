"""What went wrong is logged; what people typed, and what the house keeps secret, is not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from sqlalchemy import text

from grantflow import app
from grantflow.services.people import account
from tests import cast
from tests.web.applications.conftest import Desk

PASSWORD = "correct horse battery staple"


@pytest.fixture
def configured() -> Iterator[None]:
    """Logs as a test found them are there again afterwards."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)


@pytest.mark.usefixtures("configured")
def test_a_fault_is_logged_without_what_was_typed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
):
    monkeypatch.setenv("GRANTFLOW_DATA", str(tmp_path))
    monkeypatch.setenv("GRANTFLOW_DATABASE_URL", desk.fund.database.url)
    made = app.web()  # as the web server makes it in each of its processes
    made.extensions["entrance"].database.dispose()
    leif = desk.reader(cast.LEIF)

    def breaks(tx: object, *_: object, **__: object) -> None:
        mine = PASSWORD  # noqa: F841 - a variable that some ways of logging would show
        tx.execute(text("SELECT gf_nothing(:word)"), {"word": PASSWORD})  # type: ignore[attr-defined]

    monkeypatch.setattr(account, "change_password", breaks)
    form = {"present_password": PASSWORD, "password": PASSWORD}
    assert leif.post("/account/password", form).status_code == 500
    said = "".join(capsys.readouterr())
    assert "gf_nothing" in said, "it is told what went wrong"
    assert PASSWORD not in said
    assert "correct" not in said
