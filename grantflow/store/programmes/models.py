"""Programmes, funders, and the bodies that decide: seats, quorum, meetings, items, minutes."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from grantflow.store.types import Base, JsonType


class Programme(Base):
    """A programme of an agency, under which calls are held."""

    __tablename__ = "gf_programme"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[Any] = mapped_column(JsonType)
    agency: Mapped[str] = mapped_column(Text)
    ref_prefix: Mapped[str] = mapped_column(Text, unique=True)
    zone: Mapped[str] = mapped_column(Text)
    country: Mapped[str] = mapped_column(Text)
    """Whose public holidays are no working days."""
    territory: Mapped[Any] = mapped_column(JsonType)
    """NUTS codes of the regions that it works for."""


class StrategyPriority(Base):
    """A priority of the regional strategy (RIS3) that a programme serves."""

    __tablename__ = "gf_strategy_priority"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    programme_id: Mapped[UUID] = mapped_column(ForeignKey("gf_programme.id"), index=True)
    code: Mapped[str] = mapped_column(Text)
    title: Mapped[Any] = mapped_column(JsonType)


class Funder(Base):
    """Whose money it is."""

    __tablename__ = "gf_funder"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    programme_id: Mapped[UUID] = mapped_column(ForeignKey("gf_programme.id"), index=True)
    name: Mapped[str] = mapped_column(Text)
    country: Mapped[str] = mapped_column(Text)


class Body(Base):
    """A body with the right to decide: a board, or an official by delegation up to an amount (process rule P1)."""

    __tablename__ = "gf_body"
    __table_args__ = (
        UniqueConstraint("programme_id", "name"),
        CheckConstraint("quorum >= 1 AND seats >= quorum", name="quorum"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    programme_id: Mapped[UUID] = mapped_column(ForeignKey("gf_programme.id"), index=True)
    name: Mapped[str] = mapped_column(Text)
    """How files and windows call it."""
    title: Mapped[Any] = mapped_column(JsonType)
    role: Mapped[str] = mapped_column(Text)
    """The role of the scheme that its members play."""
    seats: Mapped[int]
    """How many members it has, deputies not counted."""
    quorum: Mapped[int]
    delegate_role: Mapped[str | None] = mapped_column(Text)
    delegate_id: Mapped[UUID | None] = mapped_column(ForeignKey("gf_user.id"))
    delegate_up_to: Mapped[int]
    """Minor units up to which the delegate decides alone; 0 where there is no delegation."""


class Seat(Base):
    """A place in a body, held by a member or, when that member is away or in conflict, taken by a deputy."""

    __tablename__ = "gf_seat"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    body_id: Mapped[UUID] = mapped_column(ForeignKey("gf_body.id"), index=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("gf_user.id"))
    kind: Mapped[str] = mapped_column(Text)
    """chair, member or deputy."""
    since: Mapped[datetime]
    until: Mapped[datetime | None]


class Meeting(Base):
    """A sitting of a body, or a written procedure; it is no lifecycle: the outcome of an item moves the record."""

    __tablename__ = "gf_meeting"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    body_id: Mapped[UUID] = mapped_column(ForeignKey("gf_body.id"), index=True)
    number: Mapped[int]
    """Counts the meetings of the body."""
    kind: Mapped[str] = mapped_column(Text)
    """meeting, written or urgent."""
    called_at: Mapped[datetime]
    held_at: Mapped[datetime]
    present: Mapped[Any] = mapped_column(JsonType)
    """User ids of those in the room."""


class AgendaItem(Base):
    """One item of a meeting: the record, who left for it, what was decided."""

    __tablename__ = "gf_agenda_item"
    __table_args__ = (
        Index("ix_gf_agenda_item_record", "record_id"),
        Index("ix_gf_agenda_item_meeting", "meeting_id", "number"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("gf_meeting.id"))
    number: Mapped[int]
    """The paragraph (§) of the minutes; counts through all meetings of the body."""
    record_id: Mapped[UUID] = mapped_column(ForeignKey("gf_case.id"))
    matter: Mapped[str] = mapped_column(Text)
    """The transition of the record that the body is asked for."""
    left: Mapped[Any] = mapped_column(JsonType)
    """User ids of those who left for this item because of a conflict (P11)."""
    outcome: Mapped[str | None] = mapped_column(Text)
    """adopted, sent_back or adjourned; nothing while it is still to come."""
    reason: Mapped[str | None] = mapped_column(Text)
    """Why the body decided so, for the minutes."""
    effective_at: Mapped[datetime | None]
    """When the step that the body decided on was taken: an item carries one step and no second one."""


class Minutes(Base):
    """The minutes of a meeting: a decision takes effect when chair and adjuster have signed (P11)."""

    __tablename__ = "gf_minutes"

    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("gf_meeting.id"), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    chair_id: Mapped[UUID | None]
    chair_signed_at: Mapped[datetime | None]
    adjuster_id: Mapped[UUID | None]
    adjuster_signed_at: Mapped[datetime | None]
