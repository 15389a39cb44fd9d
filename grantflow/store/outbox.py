"""The outbox: what has to leave after the commit, at least once, under a key that never changes."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from grantflow.store.types import Base, JsonType


class OutboxMessage(Base):
    """A message for whoever plays a role on a record, or a piece of work such as a letter to be rendered.

    The worker marks `dispatched_at` when it hands the row to the job engine and `done_at` when it left; the key that
    the outside sees is `outbox-<id>`.
    """

    __tablename__ = "gf_outbox_message"
    __table_args__ = (
        Index("ix_gf_outbox_message_waiting", "dispatched_at", "id"),
        Index("ix_gf_outbox_message_case", "case_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    """`notice` (mail to a role), `account` (mail to one person about their account), `digest` (somebody's daily mail),
    `step` (a step that webhooks may want to know of) or `webhook` (one delivery to one of them)."""
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("gf_case.id"))
    """The record that it is about; only what is about an account has none."""
    entry_id: Mapped[UUID | None]
    """The journal entry that caused it."""
    role: Mapped[str | None] = mapped_column(Text)
    template: Mapped[str] = mapped_column(Text)
    data: Mapped[Any] = mapped_column(JsonType)
    at: Mapped[datetime]
    dispatched_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    held_at: Mapped[datetime | None]
    """Since when it is held because nothing may be sent; it leaves when somebody says so."""
    attempts: Mapped[int]
    fault: Mapped[str | None] = mapped_column(Text)
