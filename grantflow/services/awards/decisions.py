"""Writing decisions: many at a time, each with its authority, remedy and what it replaces; none is ever changed (P3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import select, update

from grantflow.domain.awards.deciding import DecisionKind
from grantflow.store.applications.models import Application
from grantflow.store.awards.models import Proposal
from grantflow.store.awards.standing import last_decisions
from grantflow.store.calls.models import Call, FunderWindow
from grantflow.store.programmes.models import AgendaItem
from grantflow.store.session import Tx
from grantflow.store.statements import Table
from grantflow.store.types import canonical_json

Authority = Literal["body", "delegation", "rule"]


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision to be written."""

    application_id: UUID
    kind: DecisionKind
    entry_id: UUID
    reasons: str
    authority: Authority
    amount: int = 0
    rank: int | None = None
    conditions: Sequence[str] = ()
    item_id: UUID | None = None
    proposal_id: UUID | None = None


_ROWS = Table(
    "gf_decision",
    {
        "id": "uuid",
        "application_id": "uuid",
        "call_id": "uuid",
        "number": "bigint",
        "kind": "text",
        "amount": "bigint",
        "currency": "text",
        "rank": "bigint",
        "conditions": "text",
        "reasons": "text",
        "remedy": "text",
        "authority": "text",
        "body_id": "uuid",
        "item_id": "uuid",
        "proposal_id": "uuid",
        "entry_id": "uuid",
        "decided_by": "uuid",
        "decided_at": "timestamptz",
        "replaces_id": "uuid",
    },
)


def write(tx: Tx, decided: Sequence[Decided]) -> dict[UUID, UUID]:
    """Write decisions about different applications in one go; returns their ids by application."""
    if not decided:
        return {}
    ids = [each.application_id for each in decided]
    about = _about(tx, ids)
    last = last_decisions(tx, ids)
    made = {each.application_id: tx.new_id() for each in decided}
    _ROWS.insert(tx, [_row(tx, each, made, about, last) for each in decided])
    return made


def _row(
    tx: Tx, each: Decided, made: Mapping[UUID, UUID], about: Mapping[UUID, Any], last: Mapping[UUID, Any]
) -> tuple[Any, ...]:
    place, earlier = about[each.application_id], last.get(each.application_id)
    return (
        made[each.application_id],
        each.application_id,
        place.call_id,
        earlier.number + 1 if earlier is not None else 1,
        each.kind,
        each.amount,
        place.currency or place.call_currency,
        each.rank,
        canonical_json(list(each.conditions)),
        each.reasons,
        canonical_json(place.remedy or {"kind": "none"}),
        each.authority,
        place.body_id,
        each.item_id,
        each.proposal_id,
        each.entry_id,
        None if each.authority == "rule" else tx.actor.user_id,
        tx.now,
        earlier.id if earlier is not None else None,
    )


def _about(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, Any]:
    found = (
        select(
            Application.id,
            Application.call_id,
            Call.currency.label("call_currency"),
            FunderWindow.currency,
            FunderWindow.remedy,
            FunderWindow.body_id,
        )
        .select_from(Application)
        .join(Call, Call.id == Application.call_id)
        .outerjoin(FunderWindow, FunderWindow.id == Application.window_id)
        .where(Application.id.in_(ids))
    )
    return {row.id: row for row in tx.execute(found)}


# Releases

_RELEASES = Table(
    "gf_release",
    {
        "decision_id": "uuid",
        "application_id": "uuid",
        "decided_at": "timestamptz",
        "notice_at": "timestamptz",
        "public_at": "timestamptz",
        "released_by": "uuid",
    },
)


@dataclass(frozen=True, slots=True)
class Times:
    """When applicants are told, and when all are (P10)."""

    notice_at: datetime
    public_at: datetime


def release(tx: Tx, times: Mapping[UUID, Times]) -> None:
    """Let the last decision about each application be known, each at its times."""
    last = last_decisions(tx, times)
    _RELEASES.insert(
        tx,
        [
            (
                row.id,
                each,
                row.decided_at,
                set_.notice_at,
                set_.public_at,
                tx.actor.user_id,
            )
            for each, row in last.items()
            for set_ in (times[each],)
        ],
    )


def release_at_once(tx: Tx, application_ids: Sequence[UUID]) -> None:
    """Let decisions that grant nothing be known now: no publication waits for them."""
    release(tx, dict.fromkeys(application_ids, Times(tx.now, tx.now)))


def item_of(tx: Tx, record_id: UUID, matter: str) -> UUID | None:
    """Return the item of a body's agenda under which it decided a step of a record."""
    last = (
        select(AgendaItem.id)
        .where(
            AgendaItem.record_id == record_id,
            AgendaItem.matter == matter,
            AgendaItem.outcome == "adopted",
        )
        .order_by(AgendaItem.id.desc())
        .limit(1)
    )
    found = tx.execute(last).scalar()
    return None if found is None else UUID(str(found))


def decided_proposal(tx: Tx, proposal_id: UUID) -> None:
    """Mark a proposal as the one that was decided on."""
    tx.execute(
        update(Proposal)
        .where(Proposal.id == proposal_id)
        .values(decided_by=tx.actor.user_id, decided_at=tx.now)
    )
    tx.forget(Proposal, [proposal_id])
