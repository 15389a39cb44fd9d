"""Statements that are built once: putting a SELECT together takes longer than running it.

A loader keeps its statement in a function under `@cache` that ends in `.in_(IDS)`, and runs it with `about(ids)`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, Select, bindparam

IDS: BindParameter[Any] = bindparam("ids", expanding=True)
"""Where the identifiers go that a prepared statement is asked about."""

Prepared = Select[*tuple[Any, ...]]
"""A statement that was built once."""


def about(ids: Iterable[UUID]) -> dict[str, list[UUID]]:
    """Return the parameters of a prepared statement."""
    return {"ids": list(ids)}
