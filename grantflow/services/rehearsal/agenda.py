"""What made-up people mean to do, in the order of its moments; equal moments in the order of planning."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Act:
    """Something that somebody means to do with a record, while the record is still as it was when it was planned."""

    case_id: UUID
    lifecycle: str
    state: str
    transition: str
    role: str
    seq: int
    tries: int = 0
    way_round: bool = False
    """Whether it is done because what was meant first cannot be."""


@dataclass(frozen=True, slots=True)
class Start:
    """Somebody means to begin a new record of a lifecycle under a parent."""

    parent_id: UUID
    lifecycle: str
    role: str
    number: int
    tries: int = 0


Planned = Act | Start


@dataclass(slots=True)
class Agenda:
    """A heap of plans."""

    _heap: list[tuple[datetime, int, Planned]] = field(default_factory=list)
    _order: int = 0

    def __len__(self) -> int:
        return len(self._heap)

    def plan(self, at: datetime, what: Planned) -> None:
        """Put something on the agenda."""
        self._order += 1
        heapq.heappush(self._heap, (at, self._order, what))

    @property
    def next_at(self) -> datetime | None:
        """When the next plan falls, if there is one."""
        return self._heap[0][0] if self._heap else None

    def take(self) -> tuple[datetime, Planned]:
        """Take the next plan off the agenda."""
        at, _, what = heapq.heappop(self._heap)
        return at, what
