"""What a webhook is told of a step: what everybody outside may know at that time, and nobody's data.

The door leaves one message for a step where anybody listens. It becomes one delivery for each webhook that wants to
know, and each of these is delivered, retried and replayed for itself. A delivery holds ids alone; what it says is made
of the journal, so a step that led to a confidential state says the same, or as little, when it is told later.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update

from grantflow.domain.time import utc_text
from grantflow.services.cases import schemes
from grantflow.services.letters.labels import translated
from grantflow.store.calls.models import Call
from grantflow.store.cases import CaseRow
from grantflow.store.journal import JournalEntry
from grantflow.store.outbox import OutboxMessage
from grantflow.store.programmes.webhooks import Webhook
from grantflow.store.session import Tx
from grantflow.workflow.model import Lifecycle, Scheme, State

STEP, WEBHOOK = "step", "webhook"
"""The kinds of messages: a step that may be told, and its delivery to one webhook."""
AUDIENCES = frozenset({"public", "applicant"})
"""Whose knowledge of a record is that of everybody outside: reviewers are sworn to silence."""
OWNERS_ALONE = frozenset({"started", "not_submitted"})
"""Tags of states in which a record is its owner's business and nobody else's."""


@dataclass(frozen=True, slots=True)
class Telling:
    """A step as it is told outside."""

    kind: str
    ref: str
    label: str
    tags: tuple[str, ...]
    at: datetime

    def body(self, delivery_id: UUID, house: str) -> bytes:
        """Return the text that is sent."""
        told: dict[str, Any] = {
            "id": str(delivery_id),
            "event": f"{self.kind}.moved",
            "kind": self.kind,
            "ref": self.ref,
            "state": {"label": self.label, "tags": list(self.tags)},
            "at": utc_text(self.at),
            "url": f"{house}/api/v1/records/{self.ref}",
        }
        return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


@dataclass(frozen=True, slots=True)
class Parcel:
    """One delivery, ready to be sent."""

    message_id: UUID
    webhook_id: UUID
    url: str
    secret: str
    body: bytes


def kind_of(tx: Tx, message_id: UUID) -> str | None:
    """Return the kind of a message, where it has not left."""
    found = select(OutboxMessage.kind).where(OutboxMessage.id == message_id, OutboxMessage.done_at.is_(None))
    return tx.execute(found).scalar()


def spread(tx: Tx, message_id: UUID) -> int:
    """Make a delivery for each webhook that wants to know of a step; return how many."""
    message = tx.session.get(OutboxMessage, message_id)
    if message is None or message.done_at is not None:
        return 0
    done = tx.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == message_id, OutboxMessage.done_at.is_(None))
        .values(dispatched_at=tx.now, done_at=tx.now, attempts=OutboxMessage.attempts + 1)
    )
    telling = _telling(tx, message) if done.rowcount else None
    if telling is None:
        return 0
    rows = [
        {
            "id": tx.new_id(),
            "kind": WEBHOOK,
            "case_id": message.case_id,
            "entry_id": message.entry_id,
            "role": None,
            "template": WEBHOOK,
            "data": {"webhook": str(webhook.id)},
            "at": message.at,
            "attempts": 0,
        }
        for webhook in _listening(tx, message.case_id)
        if _wants(webhook, telling)
    ]
    if rows:
        tx.execute(insert(OutboxMessage), rows)
    return len(rows)


def parcel_of(tx: Tx, message_id: UUID, house: str) -> Parcel | None:
    """Return a delivery as it is to be sent; nothing where its webhook listens no more."""
    message = tx.session.get_one(OutboxMessage, message_id)
    webhook = tx.session.get(Webhook, UUID(message.data["webhook"]))
    if webhook is None or webhook.ended_at is not None or webhook.stopped_at is not None:
        return None
    telling = _telling(tx, message)
    if telling is None:
        return None
    return Parcel(message.id, webhook.id, webhook.url, webhook.secret, telling.body(message.id, house))


def _listening(tx: Tx, case_id: UUID | None) -> Sequence[Webhook]:
    """Return the webhooks of a record's programme; one that is stopped is told later, when it is replayed."""
    found = (
        select(Webhook)
        .join(Call, Call.programme_id == Webhook.programme_id)
        .join(CaseRow, CaseRow.call_id == Call.id)
        .where(CaseRow.id == case_id, Webhook.ended_at.is_(None))
        .order_by(Webhook.id)
    )
    return tx.session.scalars(found).all()


def _wants(webhook: Webhook, telling: Telling) -> bool:
    if webhook.kinds and telling.kind not in webhook.kinds:
        return False
    return not webhook.tags or not set(webhook.tags).isdisjoint(telling.tags)


def _telling(tx: Tx, message: OutboxMessage) -> Telling | None:
    """Return what is told of the step of a message; nothing where nobody outside may know of it."""
    row = tx.execute(
        select(
            CaseRow.ref,
            CaseRow.record,
            CaseRow.scheme,
            CaseRow.version,
            CaseRow.lifecycle,
            Call.language,
            JournalEntry.from_state,
            JournalEntry.to_state,
            JournalEntry.at,
        )
        .join(Call, Call.id == CaseRow.call_id)
        .join(JournalEntry, JournalEntry.record_id == CaseRow.id)
        .where(JournalEntry.id == message.entry_id)
    ).one_or_none()
    if row is None:
        return None
    scheme = schemes.compiled(tx, row.scheme, row.version).scheme
    lifecycle = scheme.lifecycles[row.lifecycle]
    before = seen_outside(scheme, lifecycle, row.from_state)
    after = seen_outside(scheme, lifecycle, row.to_state)
    if after is None or (before is not None and before.name == after.name):
        return None
    label = after.labels.get("public", after.label)
    return Telling(row.record, row.ref, translated(label, row.language), tuple(sorted(after.tags)), row.at)


def seen_outside(scheme: Scheme, lifecycle: Lifecycle, name: str | None) -> State | None:
    """Return the state that people outside see in place of one; nothing where they do not see the record there.

    While any of them sees another state in its place, that one is told.
    """
    state = lifecycle.states.get(name or "")
    if state is None:
        return None
    outside = sorted(role.name for role in scheme.roles.values() if role.audience in AUDIENCES)
    viewing = [role for role in outside if role in state.view]
    if not viewing:
        return None
    masks = [state.mask[role] for role in viewing if role in state.mask]
    seen = lifecycle.states[masks[0]] if masks else state
    return None if lifecycle.parent is not None and seen.tags & OWNERS_ALONE else seen
