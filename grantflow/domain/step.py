"""A step that a record took, as everybody above the door speaks of it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Stepped:
    """A step that was taken; for the making of a record `from_state` is empty and `seq` nought."""

    case_id: UUID
    ref: str
    lifecycle: str
    transition: str
    from_state: str
    to_state: str
    seq: int
    revision: int
    entry_id: UUID
