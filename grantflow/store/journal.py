"""The journal: append-only, chained per record; free text stands apart and may be erased."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, NoReturn
from uuid import UUID

from sqlalchemy import DDL, ForeignKey, Index, Text, UniqueConstraint, event
from sqlalchemy.orm import Mapped, ORMExecuteState, Session, mapped_column

from grantflow.store.types import Base, JsonType, canonical_json


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


ENTRY_COLUMNS = (
    "id",
    "record_id",
    "lifecycle",
    "seq",
    "transition",
    "row",
    "from_state",
    "to_state",
    "actor_kind",
    "user_id",
    "organisation_id",
    "grant_id",
    "role",
    "authority",
    "guards",
    "payload_digest",
    "at",
    "cause",
    "prev_hash",
)
"""What the hash of an entry covers, in this order; identifiers as 32 hexadecimal digits, the time as UTC text."""

_compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def entry_hash(values: Sequence[Any]) -> str:
    """Return the hash of an entry whose values stand in the order of `ENTRY_COLUMNS`, as plain texts and numbers."""
    return sha256(_compact(list(values)).encode()).hexdigest()


class LikeEntries:
    """Hashes entries that differ in nothing but id, record, `seq`, cause and the hash before them.

    What they share is written as JSON once, so that a crowd costs little more than its digests. The identifiers and
    hashes that differ are hexadecimal digits, which JSON need not escape.
    """

    __slots__ = ("_lifecycle", "_shared")

    def __init__(self, lifecycle: str, shared: Sequence[Any]) -> None:
        """`shared` are the values from `transition` to `at`."""
        self._lifecycle = _compact(lifecycle)
        self._shared = _compact(list(shared))[1:-1]

    def hash(self, each: str, record: str, seq: int, cause: str | None, prev_hash: str) -> str:
        """Return what `entry_hash` returns for such an entry."""
        cause_text = f'"{cause}"' if cause else "null"
        text = f'["{each}","{record}",{self._lifecycle},{seq},{self._shared},{cause_text},"{prev_hash}"]'
        return sha256(text.encode()).hexdigest()


def payload_digest(texts: Mapping[str, str]) -> str | None:
    """Return the digest of what was filled in, or None where nothing was."""
    return sha256(canonical_json(dict(texts)).encode()).hexdigest() if texts else None


APPEND_ONLY = (
    """
    CREATE OR REPLACE FUNCTION gf_journal_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_TABLE_NAME = 'gf_journal_text' AND TG_OP = 'UPDATE' THEN
            IF NEW.text IS NULL AND NEW.erased_at IS NOT NULL
                AND NEW.entry_id = OLD.entry_id AND NEW.field = OLD.field THEN
                RETURN NEW;
            END IF;
        END IF;
        RAISE EXCEPTION 'the journal is append-only';
    END
    $$
    """,
    """
    CREATE TRIGGER gf_journal_entry_append_only BEFORE UPDATE OR DELETE ON gf_journal_entry
        FOR EACH ROW EXECUTE FUNCTION gf_journal_is_append_only()
    """,
    """
    CREATE TRIGGER gf_journal_text_append_only BEFORE UPDATE OR DELETE ON gf_journal_text
        FOR EACH ROW EXECUTE FUNCTION gf_journal_is_append_only()
    """,
)
"""What keeps PostgreSQL from changing the journal; an erased text is the one exception. For migrations and `create_all`."""
APPEND_ONLY_UNDONE = (
    "DROP TRIGGER IF EXISTS gf_journal_text_append_only ON gf_journal_text",
    "DROP TRIGGER IF EXISTS gf_journal_entry_append_only ON gf_journal_entry",
    "DROP FUNCTION IF EXISTS gf_journal_is_append_only()",
)

for _statement in APPEND_ONLY:
    event.listen(
        JournalText.__table__,
        "after_create",
        DDL(_statement.replace("%", "%%")).execute_if(dialect="postgresql"),  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped
    )


class AppendOnly(Exception):
    """Raised where code tries to change or delete what the journal holds."""


@event.listens_for(JournalEntry, "before_update")
@event.listens_for(JournalEntry, "before_delete")
@event.listens_for(JournalText, "before_delete")
def _refuse(*_: object) -> NoReturn:
    raise AppendOnly("the journal is append-only")


@event.listens_for(Session, "do_orm_execute")
def _refuse_in_bulk(state: ORMExecuteState) -> None:
    if (state.is_update or state.is_delete) and state.bind_mapper is not None:
        kind = state.bind_mapper.class_
        if kind is JournalEntry or (kind is JournalText and state.is_delete):
            raise AppendOnly("the journal is append-only")
