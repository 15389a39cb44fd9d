"""Statements that take long: told with their words, never with what they carry."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, event

SHOWN = 300
"""Characters of a statement that are told."""
_BEGUN = "grantflow_begun"


def watch(engine: Engine, limit: float, tell: Callable[[float, str], object]) -> None:
    """Call `tell` with the seconds and the words of every statement that takes longer than the limit."""

    @event.listens_for(engine, "before_cursor_execute")
    def _begin(connection: Any, *_: Any) -> None:
        connection.info[_BEGUN] = time.perf_counter()

    @event.listens_for(engine, "after_cursor_execute")
    def _end(connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        taken = time.perf_counter() - connection.info.pop(_BEGUN, float("inf"))
        if taken >= limit:
            tell(taken, " ".join(statement.split())[:SHOWN])
