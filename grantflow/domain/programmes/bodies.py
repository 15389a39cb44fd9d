"""How bodies decide: who may vote on an item, whether enough are left, whether the minutes carry (process rule P11)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from grantflow.domain.programmes.plan import SeatKind

ItemOutcome = Literal["adopted", "sent_back", "adjourned"]
OUTCOMES: tuple[ItemOutcome, ...] = ("adopted", "sent_back", "adjourned")


@dataclass(frozen=True, slots=True)
class SeatHeld:
    """A place in a body and who holds it."""

    user_id: UUID
    kind: SeatKind


def voting(seats: Iterable[SeatHeld], present: Collection[UUID], left: Collection[UUID]) -> tuple[UUID, ...]:
    """Return who may vote on an item: members in the room who have not left for it, and deputies in the places of others.

    Deputies step in in the order of their seats, one for each member who is away or has left, and no more.
    """
    seats = tuple(seats)
    here = [seat for seat in seats if seat.user_id in present and seat.user_id not in left]
    members = [seat.user_id for seat in here if seat.kind != "deputy"]
    deputies = [seat.user_id for seat in here if seat.kind == "deputy"]
    empty = sum(seat.kind != "deputy" for seat in seats) - len(members)
    return (*members, *deputies[:empty])


def may_chair(seats: Iterable[SeatHeld], present: Collection[UUID], user_id: UUID) -> bool:
    """Whether somebody may sign as chair: the chair, or any member in the room where the chair is away."""
    held = {seat.user_id: seat.kind for seat in seats}
    if user_id not in held or user_id not in present:
        return False
    return held[user_id] == "chair" or not any(held.get(each) == "chair" for each in present)


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a meeting, about one record: who was there, who left for it, what came out, who signed."""

    id: UUID
    number: int
    matter: str
    """The transition of the record that the body is asked for."""
    held_at: datetime
    seats: tuple[SeatHeld, ...]
    quorum: int
    present: frozenset[UUID]
    left: frozenset[UUID]
    outcome: ItemOutcome | None
    effective: bool
    signed_by_chair: bool
    signed_by_adjuster: bool

    @property
    def voters(self) -> tuple[UUID, ...]:
        """Who may vote on it."""
        return voting(self.seats, self.present, self.left)

    @property
    def has_quorum(self) -> bool:
        """Whether enough are left to decide."""
        return len(self.voters) >= self.quorum


@dataclass(frozen=True, slots=True)
class Agenda:
    """Every item that a record was on, the latest meeting first."""

    items: tuple[Item, ...]

    def open_item(self, matter: str) -> Item | None:
        """Return the item that waits to be carried out: of that matter, not adjourned, not sent back, not used."""
        return next(
            (
                item
                for item in self.items
                if item.matter == matter and not item.effective and item.outcome in (None, "adopted")
            ),
            None,
        )

    def item_sent_back(self, matter: str) -> Item | None:
        """Return the item by which the body sent back what it was asked for, while nobody has carried that out."""
        return next(
            (
                item
                for item in self.items
                if item.matter == matter and not item.effective and item.outcome == "sent_back"
            ),
            None,
        )
