"""The journal: append-only, chained per record; free text stands apart and may be erased."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from grantflow.store.types import Base, JsonType


class JournalEntry(Base):
    """One step of one record: who, when, from where to where, on whose authority, with which guards passed."""

    __tablename__ = "gf_journal_entry"
    __table_args__ = (
        UniqueConstraint("record_id", "seq"),
        Index("ix_gf_journal_entry_at", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    record_id: Mapped[UUID] = mapped_column(ForeignKey("gf_case.id"))
    lifecycle: Mapped[str] = mapped_column(Text)
    seq: Mapped[int]
    transition: Mapped[str] = mapped_column(Text)
    row: Mapped[int]
    """The number of the row in the pinned lifecycle; -1 for the creation."""
    from_state: Mapped[str | None] = mapped_column(Text)
    to_state: Mapped[str] = mapped_column(Text)
    actor_kind: Mapped[str] = mapped_column(Text)
    user_id: Mapped[UUID | None]
    organisation_id: Mapped[UUID | None]
    grant_id: Mapped[UUID | None]
    role: Mapped[str] = mapped_column(Text)
    """The role of the scheme under which the actor took the step."""
    authority: Mapped[str | None] = mapped_column(Text)
    """On whose authority, where it is not the actor's own: a meeting's item, a delegation."""
    guards: Mapped[Any] = mapped_column(JsonType)
    payload_digest: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime]
    cause: Mapped[UUID | None]
    """The entry of the step that emitted this one."""
    prev_hash: Mapped[str] = mapped_column(Text)
    hash: Mapped[str] = mapped_column(Text)


class JournalText(Base):
    """A free text of an entry (a reason, a field that was filled in); erasing it leaves the chain whole."""

    __tablename__ = "gf_journal_text"

    entry_id: Mapped[UUID] = mapped_column(ForeignKey("gf_journal_entry.id"), primary_key=True)
    field: Mapped[str] = mapped_column(Text, primary_key=True)
    text: Mapped[str | None] = mapped_column(Text)
    erased_at: Mapped[datetime | None]


class JournalSeal(Base):
    """A signed digest of all heads at a moment: shows a tail that was cut off together with its record's head."""

    __tablename__ = "gf_journal_seal"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    records: Mapped[int]
    entries: Mapped[int]
    heads: Mapped[Any] = mapped_column(JsonType)
    digest: Mapped[str] = mapped_column(Text)
    signature: Mapped[str] = mapped_column(Text)
