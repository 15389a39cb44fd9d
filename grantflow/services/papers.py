"""Papers of records: who may read which file, and the letter that was filed with a record."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from grantflow.domain.actor import Actor
from grantflow.services import files
from grantflow.store.cases import CaseRow
from grantflow.store.files import StoredFile
from grantflow.store.session import Tx

Visible = Callable[[Tx, Actor, str], ColumnElement[bool]]
"""The condition that an actor may see a record of a kind."""
EVERYBODY, STAFF = "public", "staff"


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file as it is handed out."""

    name: str
    media_type: str
    content: bytes


def file_for(
    tx: Tx, folder: Path, file_id: UUID, visible: Visible, *, is_letter: bool = False
) -> ReadFile | None:
    """Return a file that the actor may read: with its record, or because it is public; else nothing."""
    row = tx.execute(
        select(StoredFile.name, StoredFile.media_type, StoredFile.visibility, CaseRow.record)
        .join(CaseRow, CaseRow.id == StoredFile.record_id)
        .where(StoredFile.id == file_id)
    ).one_or_none()
    if row is None or (is_letter and row.media_type != "application/pdf"):
        return None
    if row.visibility == STAFF:
        return None
    seen = tx.execute(
        select(StoredFile.id)
        .join(CaseRow, CaseRow.id == StoredFile.record_id)
        .where(
            StoredFile.id == file_id,
            or_(StoredFile.visibility == EVERYBODY, visible(tx, tx.actor, row.record)),
        )
    ).scalar()
    return None if seen is None else ReadFile(row.name, row.media_type, files.read(tx, folder, file_id))


def filed_letter(
    tx: Tx, case_id: UUID, templates: Collection[str], since: datetime, language: str
) -> UUID | None:
    """Return the last letter of some kinds that was filed with a record since a moment: in a language, else in any."""
    found = tx.execute(
        select(StoredFile.id, StoredFile.name)
        .where(
            StoredFile.record_id == case_id,
            StoredFile.media_type == "application/pdf",
            StoredFile.kept_at >= since,
            or_(
                *(StoredFile.name.like(f"{each.replace('_', '^_')}-%.pdf", escape="^") for each in templates)
            ),
        )
        .order_by(StoredFile.kept_at.desc(), StoredFile.id.desc())
    ).all()
    of_language = [row.id for row in found if row.name.endswith(f"-{language}.pdf")]
    return next(iter(of_language or [row.id for row in found]), None)
