"""Which addresses outside are told of the steps of a programme's records, and every attempt to tell them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from grantflow.store.types import Base, JsonType


class Webhook(Base):
    """An address outside that is told what everybody outside may know of the records of a programme."""

    __tablename__ = "gf_webhook"
    __table_args__ = (Index("ix_gf_webhook_programme", "programme_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    programme_id: Mapped[UUID] = mapped_column(ForeignKey("gf_programme.id"))
    url: Mapped[str] = mapped_column(Text)
    kinds: Mapped[Any] = mapped_column(JsonType)
    """Kinds of records of which it is told; an empty list stands for all."""
    tags: Mapped[Any] = mapped_column(JsonType)
    """Tags of states, one of which a record must come to; an empty list stands for all."""
    secret: Mapped[str] = mapped_column(Text)
    """What deliveries are signed with: the receiver has the same."""
    made_by: Mapped[UUID] = mapped_column(ForeignKey("gf_user.id"))
    """Who is told when it stops."""
    made_at: Mapped[datetime]
    failing_since: Mapped[datetime | None]
    """The first failure since the last success."""
    stopped_at: Mapped[datetime | None]
    """When it was given up because it failed too long."""
    ended_at: Mapped[datetime | None]
    """When it was removed."""


class WebhookAttempt(Base):
    """One attempt to deliver, and what came of it."""

    __tablename__ = "gf_webhook_attempt"
    __table_args__ = (Index("ix_gf_webhook_attempt_message", "message_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    webhook_id: Mapped[UUID] = mapped_column(ForeignKey("gf_webhook.id"))
    message_id: Mapped[UUID] = mapped_column(ForeignKey("gf_outbox_message.id"))
    at: Mapped[datetime]
    status: Mapped[int | None]
    """What the receiver answered, where it did."""
    fault: Mapped[str | None] = mapped_column(Text)
