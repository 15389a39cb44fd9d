"""What other rooms keep beside the answers of an application, frozen with them when it is sent.

A room that keeps something says so at the guard by which a step asks for it (`kept_beside`): whatever a step asks for
before an application is sent belongs to what was sent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from grantflow.services.cases import Move
from grantflow.store.session import Tx

Keeper = Callable[[Tx, Sequence[UUID]], Mapping[UUID, Mapping[str, Any]]]
"""Reads, as plain data, what is kept beside applications; under `asked` what it adds up to, where it asks for money."""

_KEEPERS: dict[str, Keeper] = {}


def kept_beside(guard: str) -> Callable[[Keeper], Keeper]:
    """Let what a keeper reads be frozen with every sending by a step that has a guard."""

    def keep(keeper: Keeper) -> Keeper:
        _KEEPERS[guard] = keeper
        return keeper

    return keep


def beside(tx: Tx, moves: Sequence[Move]) -> dict[UUID, dict[str, Any]]:
    """Return what is frozen beside the answers of each application that takes a step, where there is anything."""
    found: dict[UUID, dict[str, Any]] = {}
    for guard, keeper in _KEEPERS.items():
        ids = [
            move.case_id
            for move in moves
            if move.row is not None and any(call.name == guard for call in move.row.guards)
        ]
        for case_id, kept in (keeper(tx, ids) if ids else {}).items():
            found.setdefault(case_id, {}).update(kept)
    return found
