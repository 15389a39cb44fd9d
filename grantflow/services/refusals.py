"""Attempts that were refused: noted by the entrance in a transaction of their own, since the attempt's was rolled back."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from grantflow.domain.actor import Actor
from grantflow.domain.refusal import Refused
from grantflow.store.session import Database
from grantflow.store.statements import Statement
from grantflow.store.types import canonical_json

MOST_A_MINUTE = 30
"""How many attempts of one actor are noted in a minute; who hammers at the door fills no disk."""

_NOTE = Statement("""
    INSERT INTO gf_refusal (id, record_id, transition, actor_kind, user_id, at, codes)
    SELECT :id, :record, :transition, :kind, :user, :at, :codes
    WHERE (
        SELECT COUNT(*) FROM gf_refusal r
        WHERE r.at > :since AND r.actor_kind = :kind AND r.user_id IS NOT DISTINCT FROM :user
    ) < :most
""")


def note(
    database: Database,
    actor: Actor,
    now: datetime,
    refused: Refused,
    *,
    transition: str,
    record_id: UUID | None = None,
) -> bool:
    """Keep that an attempt was refused and why (the codes alone); return whether it was kept."""
    with database.transaction(actor, now) as tx:
        written = _NOTE(
            tx,
            id=tx.new_id(),
            record=record_id,
            transition=transition,
            kind=actor.kind,
            user=actor.user_id,
            at=tx.now,
            codes=canonical_json([refusal.code for refusal in refused.refusals]),
            since=tx.now - timedelta(minutes=1),
            most=MOST_A_MINUTE,
        )
        return written.rowcount > 0
