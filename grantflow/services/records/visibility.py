"""Who may see which record, whatever its kind, and the one way in which pages find a record.

A record that is unknown, foreign or hidden is the same to whoever asks: it is not found.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, false, select

from grantflow.domain.actor import Actor
from grantflow.services.cases import schemes
from grantflow.store.aid.visibility import line_visible_to, payment_visible_to
from grantflow.store.applications.visibility import visible_to as application_visible_to
from grantflow.store.awards.visibility import visible_to as award_visible_to
from grantflow.store.calls.models import Call
from grantflow.store.calls.viewing import shown
from grantflow.store.calls.visibility import visible_to as call_visible_to
from grantflow.store.cases import CaseRow
from grantflow.store.labs.visibility import (
    contribution_visible_to,
    frame_visible_to,
    participation_visible_to,
)
from grantflow.store.people.roles import roles_of
from grantflow.store.reviews.visibility import visible_to as review_visible_to
from grantflow.store.session import Tx
from grantflow.workflow.model import Lifecycle, Scheme, State

VISIBLE: Mapping[str, Callable[[Tx, Actor], ColumnElement[bool]]] = {
    "call": call_visible_to,
    "participation": participation_visible_to,
    "contribution": contribution_visible_to,
    "frame": frame_visible_to,
    "application": application_visible_to,
    "line": line_visible_to,
    "payment": payment_visible_to,
    "review": review_visible_to,
    "award": award_visible_to,
}
"""The condition of each kind of record; a kind that is missing here is seen by nobody."""


@dataclass(frozen=True, slots=True)
class Found:
    """A record that whoever asked may see.

    `state` is where it is, which may be confidential: pages show `shown`. `revision` is what the door compares; who
    sees a masked state is given `records.stepping.seen_revision` instead, since counting steps would tell of them.
    """

    id: UUID
    ref: str
    record: str
    scheme: Scheme
    lifecycle: Lifecycle
    state: str
    shown: State
    roles: frozenset[str]
    revision: int
    call_id: UUID
    parent_id: UUID | None
    resume_state: str | None
    entered_at: datetime
    created_at: datetime
    slug: str
    """Of its call."""
    zone: str
    currency: str
    stage: int
    """The stage that its call is in."""

    @property
    def is_masked(self) -> bool:
        """Whether its state is confidential for whoever asked."""
        return self.shown.name != self.state


def visible(tx: Tx, actor: Actor, kind: str) -> ColumnElement[bool]:
    """Return the condition on `CaseRow` that an actor may see a record of a kind."""
    condition = VISIBLE.get(kind)
    return false() if condition is None else condition(tx, actor)


def find(tx: Tx, ref: str, kinds: Collection[str] | None = None) -> Found | None:
    """Return the record of a reference, where the actor may see it and it is of one of some kinds; else nothing."""
    kind = tx.execute(select(CaseRow.record).where(CaseRow.ref == ref)).scalar()
    if kind is None or (kinds is not None and kind not in kinds):
        return None
    return _found(tx, str(kind), CaseRow.ref == ref)


def find_call(tx: Tx, slug: str) -> Found | None:
    """Return the call of an address, where the actor may see it; else nothing."""
    return _found(tx, "call", Call.slug == slug)


def find_id(tx: Tx, record_id: UUID, kinds: Collection[str] | None = None) -> Found | None:
    """Return the record of an identifier, as `find` does."""
    kind = tx.execute(select(CaseRow.record).where(CaseRow.id == record_id)).scalar()
    if kind is None or (kinds is not None and kind not in kinds):
        return None
    return _found(tx, str(kind), CaseRow.id == record_id)


def _found(tx: Tx, kind: str, which: ColumnElement[bool]) -> Found | None:
    row = tx.execute(
        select(
            CaseRow.id,
            CaseRow.ref,
            CaseRow.record,
            CaseRow.scheme,
            CaseRow.version,
            CaseRow.lifecycle,
            CaseRow.state,
            CaseRow.revision,
            CaseRow.call_id,
            CaseRow.parent_id,
            CaseRow.resume_state,
            CaseRow.entered_at,
            CaseRow.created_at,
            Call.slug,
            Call.zone,
            Call.currency,
            Call.stage,
        )
        .join(Call, Call.id == CaseRow.call_id)
        .where(which, visible(tx, tx.actor, kind))
    ).one_or_none()
    if row is None:
        return None
    scheme = schemes.compiled(tx, row.scheme, row.version).scheme
    lifecycle = scheme.lifecycles[row.lifecycle]
    roles = _roles(tx, row.id)
    return Found(
        id=row.id,
        ref=row.ref,
        record=row.record,
        scheme=scheme,
        lifecycle=lifecycle,
        state=row.state,
        shown=seen_state(tx, scheme, lifecycle, row.state, roles),
        roles=roles,
        revision=row.revision,
        call_id=row.call_id,
        parent_id=row.parent_id,
        resume_state=row.resume_state,
        entered_at=row.entered_at,
        created_at=row.created_at,
        slug=row.slug,
        zone=row.zone,
        currency=row.currency,
        stage=row.stage,
    )


def _roles(tx: Tx, record_id: UUID) -> frozenset[str]:
    if tx.actor.kind not in ("person", "link", "system"):
        return frozenset()
    return roles_of(tx, tx.actor, [record_id])[record_id]


def seen_state(tx: Tx, scheme: Scheme, lifecycle: Lifecycle, state: str, roles: Collection[str]) -> State:
    """Return the state that the actor sees, with these roles on the record; the system sees what is."""
    return lifecycle.states[state] if tx.actor.is_system else shown(scheme, lifecycle, state, roles)
