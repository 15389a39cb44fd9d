"""Webhooks kept: registered, listed, removed; each attempt noted; stopped when it fails for days; replayed."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import CursorResult, insert, or_, select, update

from grantflow.domain.refusal import Refusal, Refused, refuse
from grantflow.domain.time import utc_text
from grantflow.services.post import mark_failed, mark_undeliverable
from grantflow.services.webhooks.sending import against_url
from grantflow.services.webhooks.telling import WEBHOOK
from grantflow.store.cases import CaseRow
from grantflow.store.outbox import OutboxMessage
from grantflow.store.people.models import RoleGrant, User
from grantflow.store.programmes.models import Programme
from grantflow.store.programmes.webhooks import Webhook, WebhookAttempt
from grantflow.store.session import Tx
from grantflow.workflow.model import TAGS

STOPPED_AFTER = timedelta(days=5)
"""Without one success for so long a webhook is stopped, and whoever registered it is told."""
STOPPED = "the webhook is stopped or removed"
TEMPLATE = "webhook_stopped"


@dataclass(frozen=True, slots=True)
class Kept:
    """A webhook as it is listed; never its secret."""

    id: UUID
    programme: str
    url: str
    kinds: tuple[str, ...]
    tags: tuple[str, ...]
    made_by: str
    made_at: datetime
    failing_since: datetime | None
    stopped_at: datetime | None


@dataclass(frozen=True, slots=True)
class Tried:
    """An attempt to deliver."""

    delivery: UUID
    ref: str
    at: datetime
    status: int | None
    fault: str | None


def add(
    tx: Tx,
    programme: str,
    url: str,
    *,
    kinds: Iterable[str],
    tags: Iterable[str],
    by: str,
    known_kinds: Iterable[str],
    private: bool = False,
) -> tuple[str, Kept]:
    """Register an address for a programme; return the secret, which nobody can read again, and what is kept.

    `by` is the e-mail address of somebody who works for the programme: they are told when it stops.

    Raises:
        Refused: programme, person, kind, tag or address will not do; all of it at once.
    """
    problems = []
    where = tx.execute(select(Programme.id).where(Programme.ref_prefix == programme)).scalar()
    if where is None:
        problems.append(
            Refusal(
                "unknown_programme",
                "There is no programme with the prefix %(prefix)s.",
                {"prefix": programme},
                "programme",
            )
        )
    person = tx.execute(select(User.id).where(User.email == by.strip().casefold())).scalar()
    if person is None or where is None or not _works_for(tx, person, where):
        problems.append(
            Refusal("wrong_role", "%(email)s plays no role on this programme.", {"email": by.strip()}, "by")
        )
    wanted_kinds, wanted_tags = sorted(set(kinds)), sorted(set(tags))
    unknown = sorted((set(wanted_kinds) - set(known_kinds)) | (set(wanted_tags) - set(TAGS)))
    problems += [
        Refusal("unknown_event", "There is no kind of record or tag %(word)s.", {"word": word}, "event")
        for word in unknown
    ]
    against = against_url(url, private=private)
    if against is not None:
        problems.append(Refusal("bad_address", against, {}, "url"))
    if problems:
        raise Refused(problems)
    secret, webhook_id = f"whsec_{secrets.token_urlsafe(32)}", tx.new_id()
    tx.execute(
        insert(Webhook).values(
            id=webhook_id,
            programme_id=where,
            url=url,
            kinds=wanted_kinds,
            tags=wanted_tags,
            secret=secret,
            made_by=person,
            made_at=tx.now,
        )
    )
    return secret, next(each for each in webhooks(tx) if each.id == webhook_id)


def _works_for(tx: Tx, person: UUID, programme: UUID) -> bool:
    held = select(RoleGrant.id).where(
        RoleGrant.user_id == person,
        RoleGrant.scope_id == programme,
        or_(RoleGrant.ended_at.is_(None), RoleGrant.ended_at > tx.now),
    )
    return tx.execute(held.limit(1)).scalar() is not None


def webhooks(tx: Tx) -> Sequence[Kept]:
    """Return the webhooks that are not removed, the oldest first."""
    rows = tx.execute(
        select(
            Webhook.id,
            Programme.ref_prefix,
            Webhook.url,
            Webhook.kinds,
            Webhook.tags,
            User.email,
            Webhook.made_at,
            Webhook.failing_since,
            Webhook.stopped_at,
        )
        .join(Programme, Programme.id == Webhook.programme_id)
        .join(User, User.id == Webhook.made_by)
        .where(Webhook.ended_at.is_(None))
        .order_by(Webhook.made_at, Webhook.id)
    )
    return [
        Kept(
            row.id,
            row.ref_prefix,
            row.url,
            tuple(row.kinds),
            tuple(row.tags),
            row.email,
            row.made_at,
            row.failing_since,
            row.stopped_at,
        )
        for row in rows
    ]


def remove(tx: Tx, webhook_id: UUID) -> None:
    """Tell an address nothing any more.

    Raises:
        Refused: there is no such webhook.
    """
    _change(tx, webhook_id, ended_at=tx.now)


def start(tx: Tx, webhook_id: UUID) -> None:
    """Let a webhook that was stopped be told again, from now on; what it missed is replayed.

    Raises:
        Refused: there is no such webhook.
    """
    _change(tx, webhook_id, stopped_at=None, failing_since=None)


def _change(tx: Tx, webhook_id: UUID, **values: Any) -> None:
    changed: CursorResult[Any] = tx.execute(
        update(Webhook).where(Webhook.id == webhook_id, Webhook.ended_at.is_(None)).values(**values)
    )
    if not changed.rowcount:
        raise _unknown(webhook_id)


def _unknown(webhook_id: UUID) -> Refused:
    return refuse("unknown_webhook", "There is no webhook %(id)s.", "webhook", id=str(webhook_id))


def replay(tx: Tx, webhook_id: UUID, *, since: datetime | None = None, ids: Iterable[UUID] = ()) -> int:
    """Deliver again, under the same ids: some deliveries of a webhook, or all of steps since a time; return how many.

    Raises:
        Refused: there is no such webhook, it is stopped, or a delivery is not one of its own; none is touched.
    """
    webhook = next((each for each in webhooks(tx) if each.id == webhook_id), None)
    if webhook is None:
        raise _unknown(webhook_id)
    if webhook.stopped_at is not None:
        raise refuse("webhook_stopped", "The webhook is stopped. Start it before anything is replayed.")
    found = select(OutboxMessage.id, OutboxMessage.data, OutboxMessage.at).where(
        OutboxMessage.kind == WEBHOOK
    )
    own = {row.id: row.at for row in tx.execute(found) if row.data.get("webhook") == str(webhook_id)}
    chosen = set(ids)
    strangers = chosen - own.keys()
    if strangers:
        raise Refused(
            Refusal("unknown_delivery", "This webhook has no delivery %(id)s.", {"id": str(each)}, "delivery")
            for each in sorted(strangers)
        )
    if since is not None:
        chosen |= {each for each, at in own.items() if at >= since}
    tx.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id.in_(chosen))
        .values(dispatched_at=None, done_at=None, held_at=None, attempts=0, fault=None)
    )
    return len(chosen)


def attempts(tx: Tx, webhook_id: UUID, most: int = 100) -> Sequence[Tried]:
    """Return the last attempts to deliver to a webhook, the last first."""
    rows = tx.execute(
        select(
            WebhookAttempt.message_id,
            CaseRow.ref,
            WebhookAttempt.at,
            WebhookAttempt.status,
            WebhookAttempt.fault,
        )
        .join(OutboxMessage, OutboxMessage.id == WebhookAttempt.message_id)
        .join(CaseRow, CaseRow.id == OutboxMessage.case_id)
        .where(WebhookAttempt.webhook_id == webhook_id)
        .order_by(WebhookAttempt.at.desc(), WebhookAttempt.id.desc())
        .limit(most)
    )
    return [Tried(row.message_id, row.ref, row.at, row.status, row.fault) for row in rows]


def note_taken(tx: Tx, webhook_id: UUID, message_id: UUID, status: int) -> None:
    """Note that a receiver took a delivery."""
    _note(tx, webhook_id, message_id, status, None)
    tx.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == message_id)
        .values(dispatched_at=tx.now, done_at=tx.now, attempts=OutboxMessage.attempts + 1, fault=None)
    )
    tx.execute(update(Webhook).where(Webhook.id == webhook_id).values(failing_since=None))


def note_failed(tx: Tx, webhook_id: UUID, message_id: UUID, fault: str, status: int | None) -> int | None:
    """Note that a delivery was not taken; return in how many seconds to try again, nothing for never.

    A webhook that failed for days is stopped, and whoever registered it is told.
    """
    _note(tx, webhook_id, message_id, status, fault)
    webhook = tx.session.get_one(Webhook, webhook_id)
    since = webhook.failing_since or tx.now
    tx.execute(
        update(Webhook)
        .where(Webhook.id == webhook_id, Webhook.failing_since.is_(None))
        .values(failing_since=tx.now)
    )
    if tx.now - since < STOPPED_AFTER:
        return mark_failed(tx, message_id, fault)
    stopped: CursorResult[Any] = tx.execute(
        update(Webhook)
        .where(Webhook.id == webhook_id, Webhook.stopped_at.is_(None), Webhook.ended_at.is_(None))
        .values(stopped_at=tx.now)
    )
    mark_undeliverable(tx, message_id, STOPPED)
    if stopped.rowcount:
        _tell_its_maker(tx, webhook, since)
    return None


def note_unwanted(tx: Tx, message_id: UUID) -> None:
    """Note that a delivery has no receiver any more."""
    mark_undeliverable(tx, message_id, STOPPED)


def _note(tx: Tx, webhook_id: UUID, message_id: UUID, status: int | None, fault: str | None) -> None:
    tx.execute(
        insert(WebhookAttempt).values(
            id=tx.new_id(),
            webhook_id=webhook_id,
            message_id=message_id,
            at=tx.now,
            status=status,
            fault=fault,
        )
    )


def _tell_its_maker(tx: Tx, webhook: Webhook, since: datetime) -> None:
    tx.execute(
        insert(OutboxMessage).values(
            id=tx.new_id(),
            kind="account",
            case_id=None,
            entry_id=None,
            role=None,
            template=TEMPLATE,
            data={
                "user": str(webhook.made_by),
                "ref": webhook.id.hex[-8:].upper(),
                "where": webhook.url,
                "since": utc_text(since),
            },
            at=tx.now,
            attempts=0,
        )
    )
