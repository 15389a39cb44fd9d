"""The case: the row that every record with a lifecycle has, and the counters from which references are allotted."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from grantflow.store.types import Base


class CaseRow(Base):
    """One case. Its `state`, `resume_state`, `seq`, `head` and `entered_at` are written by the door alone."""

    __tablename__ = "gf_case"
    __table_args__ = (
        CheckConstraint("seq >= 0", name="seq"),
        CheckConstraint("revision >= 0", name="revision"),
        # With the pinned version, so that a call's records are counted from the index alone.
        Index("ix_gf_case_call_lifecycle_state", "call_id", "lifecycle", "state", "scheme", "version"),
        Index("ix_gf_case_call_lifecycle_ref", "call_id", "lifecycle", "ref"),  # lists, page by page
        Index("ix_gf_case_parent_lifecycle", "parent_id", "lifecycle"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(Text, unique=True)
    call_id: Mapped[UUID] = mapped_column(ForeignKey("gf_case.id"))
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("gf_case.id"))
    scheme: Mapped[str] = mapped_column(Text)
    version: Mapped[int]
    lifecycle: Mapped[str] = mapped_column(Text)
    record: Mapped[str] = mapped_column(Text)
    """The kind of record, so that a list of cases needs no scheme to know its table."""
    state: Mapped[str] = mapped_column(Text)
    resume_state: Mapped[str | None] = mapped_column(Text)
    entered_at: Mapped[datetime]
    created_at: Mapped[datetime]
    seq: Mapped[int]
    """Counts transitions; timers belong to one."""
    head: Mapped[str] = mapped_column(Text)
    """The hash of the last journal entry."""
    revision: Mapped[int]
    """Counts any change; what a person saw when deciding."""


class Counter(Base):
    """The last number allotted under a prefix (`CDI-2026`)."""

    __tablename__ = "gf_counter"

    prefix: Mapped[str] = mapped_column(Text, primary_key=True)
    last: Mapped[int]
