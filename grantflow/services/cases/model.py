"""What goes into the door and what comes out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from grantflow.domain.actor import Actor
from grantflow.domain.refusal import Refusal
from grantflow.domain.step import Stepped
from grantflow.workflow.model import Asked, Row

CREATE = "create"
"""The name under which the journal keeps the making of a record."""


class UnknownCase(LookupError):
    """There is no such case."""


@dataclass(frozen=True, slots=True)
class Created:
    """A record that came to be. `role` is the one under which it was made; its grants are the service's business."""

    case_id: UUID
    ref: str
    call_id: UUID
    parent_id: UUID | None
    lifecycle: str
    state: str
    role: str
    revision: int
    entry_id: UUID


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a step that many records were asked to take."""

    stepped: Mapping[UUID, Stepped]
    refused: Mapping[UUID, tuple[Refusal, ...]]


@dataclass(frozen=True, slots=True)
class Move:
    """A step as effects see it, before the record's row is written. `row` is None for the making of a record."""

    case_id: UUID
    ref: str
    call_id: UUID
    parent_id: UUID | None
    lifecycle: str
    row: Row | None
    from_state: str | None
    to_state: str
    data: Mapping[str, Any]
    actor: Actor
    now: datetime
    entry_id: UUID
    """The journal entry that this step will leave."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A step that somebody could take: allowed, or with every reason why it is not."""

    name: str
    label: str
    about: str
    allowed: bool
    refusals: tuple[Refusal, ...]
    asks: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Choices:
    """What an actor may do with one record. `state` is the one that this actor may see."""

    case_id: UUID
    revision: int
    state: str
    label: str
    options: tuple[Choice, ...]

    def allowed(self) -> tuple[str, ...]:
        """Return the names of the steps that are open now."""
        return tuple(option.name for option in self.options if option.allowed)

    def named(self, name: str) -> Choice | None:
        """Return the choice of that name, if it is among them."""
        return next((option for option in self.options if option.name == name), None)
