"""Timers: rows that say what falls due on a record, while it is still where it was."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from grantflow.store.types import Base


class TimerRow(Base):
    """A timer of a record's present state; stale as soon as the record's `seq` has moved on."""

    __tablename__ = "gf_timer"
    __table_args__ = (
        Index("ix_gf_timer_due", "due_at", "id"),
        Index("ix_gf_timer_case", "case_id"),
        Index("ix_gf_timer_call", "call_id", "anchor"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("gf_case.id"))
    call_id: Mapped[UUID] = mapped_column(ForeignKey("gf_case.id"))
    seq: Mapped[int]
    number: Mapped[int]
    """The number of the timer in the pinned lifecycle."""
    anchor: Mapped[str | None] = mapped_column(Text)
    """The date of the call on which it hangs, so that moving the date moves it."""
    due_at: Mapped[datetime]
    fired: Mapped[int]
    """How often it has fired: more than nought only where it repeats."""
