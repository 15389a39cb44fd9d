"""Who acts: a person, the system, the holder of a mailed link, or a visitor, who only reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

ActorKind = Literal["person", "system", "link", "visitor"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who takes a step and on whose behalf; the journal stores all four fields and never a name."""

    kind: ActorKind
    user_id: UUID | None = None
    organisation_id: UUID | None = None
    grant_id: UUID | None = None

    def __post_init__(self) -> None:
        if (self.kind == "person") != (self.user_id is not None):
            raise ValueError("a person, and nobody else, acts under a user id")
        if self.kind == "link" and self.grant_id is None:
            raise ValueError("a link acts by the grant it carries")

    @property
    def is_system(self) -> bool:
        """Whether nobody but the clock or the engine itself acts."""
        return self.kind == "system"


SYSTEM = Actor("system")
"""The actor of timers, emits and automatic steps."""
VISITOR = Actor("visitor")
"""Somebody who is not signed in: reads what everybody may read, plays no role and never goes through the door."""
