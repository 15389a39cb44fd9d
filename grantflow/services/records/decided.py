"""What was decided about an application and which letters went with it: for those outside only once it is released."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from grantflow.domain.money import Money
from grantflow.services.letters.catalogue import is_paper
from grantflow.services.records.meaning import is_inside
from grantflow.services.records.visibility import Found
from grantflow.store.awards.models import Decision, Release
from grantflow.store.files import StoredFile
from grantflow.store.outbox import OutboxMessage
from grantflow.store.session import Tx


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision about an application."""

    number: int
    kind: str
    amount: Money
    reasons: str
    conditions: tuple[str, ...]
    decided_at: datetime | None
    told_at: datetime | None
    """When the applicant was or will be told; nothing before it is released."""
    public_at: datetime | None


@dataclass(frozen=True, slots=True)
class Paper:
    """A letter that went to those who play a role; its PDF is there once the worker has filed it."""

    template: str
    role: str
    at: datetime
    file_id: UUID | None


def decisions_about(tx: Tx, found: Found) -> tuple[Decided, ...]:
    """Return the decisions about an application that the actor may know of, the first first; the last one holds."""
    inside = is_inside(found.scheme, found.roles)
    rows = tx.execute(
        select(
            Decision.number,
            Decision.kind,
            Decision.amount,
            Decision.currency,
            Decision.reasons,
            Decision.conditions,
            Decision.decided_at,
            Release.notice_at,
            Release.public_at,
        )
        .outerjoin(Release, Release.decision_id == Decision.id)
        .where(Decision.application_id == found.id)
        .order_by(Decision.number)
    )
    return tuple(
        Decided(
            row.number,
            row.kind,
            Money(row.amount, row.currency),
            row.reasons,
            tuple(map(str, row.conditions or ())),
            row.decided_at,
            row.notice_at,
            row.public_at,
        )
        for row in rows
        if inside or (row.notice_at is not None and row.notice_at <= tx.now)
    )


def letters_about(tx: Tx, found: Found) -> tuple[Paper, ...]:
    """Return the letters about a record to the roles that the actor plays, to officials all, the first first."""
    inside = is_inside(found.scheme, found.roles)
    messages = [
        row
        for row in tx.execute(
            select(OutboxMessage.template, OutboxMessage.role, OutboxMessage.at)
            .where(OutboxMessage.case_id == found.id, OutboxMessage.at <= tx.now)
            .order_by(OutboxMessage.at, OutboxMessage.id)
        )
        if row.role is not None and is_paper(row.template) and (inside or row.role in found.roles)
    ]
    if not messages:
        return ()
    filed = tx.execute(
        select(StoredFile.id, StoredFile.name, StoredFile.kept_at)
        .where(StoredFile.record_id == found.id, StoredFile.media_type == "application/pdf")
        .order_by(StoredFile.kept_at, StoredFile.id)
    ).all()
    return tuple(_with_files(messages, filed))


def _with_files(messages: Sequence[Any], filed: Sequence[Any]) -> Iterator[Paper]:
    """Yield letters with the file of each: the first of its name from its own time until the next of its kind."""
    for number, each in enumerate(messages):
        until = next(
            (
                later.at
                for later in messages[number + 1 :]
                if later.template == each.template and later.at > each.at
            ),
            None,
        )
        file = next(
            (
                row.id
                for row in filed
                if row.name.startswith(f"{each.template}-")
                and row.kept_at >= each.at
                and (until is None or row.kept_at < until)
            ),
            None,
        )
        yield Paper(each.template, each.role, each.at, file)
