"""The letters that were filed with records, as pages lead to them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from uuid import UUID

from sqlalchemy import select

from grantflow.services.letters.catalogue import shipped
from grantflow.services.letters.shape import LANGUAGES
from grantflow.store.files import StoredFile
from grantflow.store.session import Tx


@dataclass(frozen=True, slots=True)
class Paper:
    """A letter, filed as PDF."""

    id: UUID
    at: datetime


def letters_of(tx: Tx, record_ids: Collection[UUID]) -> Mapping[UUID, tuple[Paper, ...]]:
    """Return the letters of some records, by record, the newest first; files that people handed in are none."""
    found: defaultdict[UUID, list[Paper]] = defaultdict(list)
    filed = (
        select(StoredFile.record_id, StoredFile.id, StoredFile.kept_at)
        .where(StoredFile.record_id.in_(record_ids), StoredFile.name.in_(_names()))
        .where(StoredFile.media_type == "application/pdf", StoredFile.visibility == "record")
        .order_by(StoredFile.kept_at.desc(), StoredFile.id)
    )
    for row in tx.execute(filed):
        found[row.record_id].append(Paper(row.id, row.kept_at))
    return {record: tuple(papers) for record, papers in found.items()}


@cache
def _names() -> tuple[str, ...]:
    """Return what the filed letters are called."""
    letters = (name for name, design in shipped().designs.items() if design.paper)
    return tuple(f"{name}-{language}.pdf" for name in letters for language in LANGUAGES)
