"""A programme as a call's file describes it: to be set up once and found again by its prefix."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from grantflow.domain.words import Words

SeatKind = Literal["chair", "member", "deputy"]
MeetingKind = Literal["meeting", "written", "urgent"]


@dataclass(frozen=True, slots=True)
class FunderPlan:
    """Whose money it is."""

    name: str
    country: str


@dataclass(frozen=True, slots=True)
class BodyPlan:
    """A body that decides, and what it has delegated (process rule P1)."""

    name: str
    title: Words
    role: str
    seats: int
    quorum: int
    delegate_role: str | None
    delegate_up_to: int


@dataclass(frozen=True, slots=True)
class PriorityPlan:
    """A priority of the regional strategy."""

    code: str
    title: Words


@dataclass(frozen=True, slots=True)
class ProgrammePlan:
    """A programme of an agency with its funders, bodies and priorities."""

    name: Words
    agency: str
    ref_prefix: str
    zone: str
    country: str
    territory: tuple[str, ...]
    funders: tuple[FunderPlan, ...]
    bodies: tuple[BodyPlan, ...]
    priorities: tuple[PriorityPlan, ...]
