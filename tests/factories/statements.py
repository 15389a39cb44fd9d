"""Counting the statements that reach a database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from grantflow.store.session import Tx


@contextmanager
def counted(tx: Tx) -> Iterator[list[str]]:
    """Collect the statements that a unit of work sends meanwhile."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    tx.flush()
    event.listen(tx.connection, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(tx.connection, "before_cursor_execute", note)
