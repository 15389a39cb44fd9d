"""How often the pages of an applicant ask the database: no more than a page may."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from tests import cast
from tests.web.applications.conftest import Desk
from tests.web.browsing import Reader

MOST = 12
"""Statements of one page, signing in among them."""


@contextmanager
def counted(desk: Desk) -> Iterator[list[str]]:
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(("BEGIN", "SET TRANSACTION", "PRAGMA")):
            sent.append(" ".join(statement.split()))

    event.listen(desk.fund.database.sql, "before_cursor_execute", note)
    yield sent
    event.remove(desk.fund.database.sql, "before_cursor_execute", note)


@pytest.mark.parametrize("page", ["form/project", "form/budget", "send"])
def test_a_page_of_the_form_asks_little(desk: Desk, leif: Reader, begun: str, page: str):
    leif.text(f"/applications/{begun}/{page}")
    with counted(desk) as sent:
        leif.text(f"/applications/{begun}/{page}")
    assert len(sent) <= MOST, "\n".join(sent)


def test_start_and_receipt_ask_little(desk: Desk, leif: Reader):
    ref = desk.ref(desk.fund.apply(cast.LEIF, "Night heat", 40_000, 70_000))
    for page in (f"/calls/{desk.fund.plan.slug}/apply", f"/applications/{ref}/receipt"):
        leif.text(page)
        with counted(desk) as sent:
            leif.text(page)
        assert len(sent) <= MOST, "\n".join(sent)
