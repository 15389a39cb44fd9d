"""Files: rows that say what was kept and who may see it; the contents lie in a folder under their checksum."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from grantflow.store.types import Base


class StoredFile(Base):
    """A file that belongs to a record. Several rows may share one content; visibility stands here, never in a path."""

    __tablename__ = "gf_stored_file"
    __table_args__ = (
        UniqueConstraint("record_id", "name", "sha256"),
        CheckConstraint("size >= 0", name="size"),
        CheckConstraint("visibility IN ('record', 'staff', 'public')", name="visibility"),
        Index("ix_gf_stored_file_sha256", "sha256"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    record_id: Mapped[UUID] = mapped_column(ForeignKey("gf_case.id"))
    name: Mapped[str] = mapped_column(Text)
    """What it is called when somebody downloads it."""
    media_type: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(Text)
    size: Mapped[int]
    visibility: Mapped[str] = mapped_column(Text)
    """record: whoever may see the record; staff: who works for the programme; public: everybody."""
    kept_at: Mapped[datetime]
