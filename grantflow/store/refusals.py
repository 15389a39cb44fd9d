"""Refused attempts: kept beside the journal, unchained, written in a transaction of their own."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from grantflow.store.types import Base, JsonType


class RefusalRow(Base):
    """An attempt that was refused, with every reason given."""

    __tablename__ = "gf_refusal"
    __table_args__ = (Index("ix_gf_refusal_user_at", "user_id", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    record_id: Mapped[UUID | None]
    transition: Mapped[str] = mapped_column(Text)
    actor_kind: Mapped[str] = mapped_column(Text)
    user_id: Mapped[UUID | None]
    at: Mapped[datetime]
    codes: Mapped[Any] = mapped_column(JsonType)
