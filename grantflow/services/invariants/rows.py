"""Rows as plain tuples, streamed: invariants walk over whole tables, whose size must not matter."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select

from grantflow.store.session import Tx

AT_ONCE = 1_000
"""How many rows are held at a time."""


def rows(tx: Tx, found: Select[*tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """Yield what a statement finds."""
    tx.flush()
    streaming = tx.connection.execution_options(stream_results=True, max_row_buffer=AT_ONCE)
    with streaming.execute(found) as result:
        for row in result:
            yield tuple(row)
