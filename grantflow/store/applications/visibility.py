"""Who may see which application: one condition, from which pages, lists, counts, exports and mails all start."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from uuid import UUID

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, select, true
from sqlalchemy.orm import aliased

from grantflow.domain.actor import Actor
from grantflow.store.applications.models import ConflictDeclaration
from grantflow.store.calls.viewing import viewable, viewable_below
from grantflow.store.cases import CaseRow
from grantflow.store.session import Tx
from grantflow.workflow.model import Lifecycle

RECORD = "application"


_SAID, _LATER = aliased(ConflictDeclaration), aliased(ConflictDeclaration)
# Put together once: that takes longer than the database needs to answer.
_IS_HARD = _SAID.kind == "hard"
_IS_OVERTAKEN = (
    select(_LATER.id)
    .where(
        _LATER.application_id == _SAID.application_id,
        _LATER.user_id == _SAID.user_id,
        _LATER.number > _SAID.number,
    )
    .exists()
)


def visible_to(tx: Tx, actor: Actor) -> ColumnElement[bool]:
    """Return the condition on `CaseRow` that an actor may see an application with its words.

    A role on the record, its call or its programme opens the states that the scheme lets this role view: a draft's
    words so stay the applicant's own (P4). A hard conflict closes everything, whatever the role.
    """
    return and_(CaseRow.record == RECORD, viewable(tx, actor, RECORD), not_in_conflict(actor, CaseRow.id))


def visible_below(tx: Tx, actor: Actor, lifecycle: Lifecycle, roles: Collection[str]) -> ColumnElement[bool]:
    """Return what `visible_to` says of the applications of one call, for an actor whose roles on the call are known."""
    if actor.is_system:
        return visible_to(tx, actor)
    return and_(
        CaseRow.lifecycle == lifecycle.name,
        viewable_below(tx, actor, lifecycle, roles),
        CaseRow.id.not_in(in_conflict_with(actor)),
    )


def not_in_conflict(
    actor: Actor, application_id: SQLColumnExpression[UUID | None] | SQLColumnExpression[UUID]
) -> ColumnElement[bool]:
    """Return the condition that nothing on record keeps a person from an application."""
    if actor.user_id is None:
        return true()
    return ~(
        select(_SAID.id)
        .where(
            _SAID.application_id == application_id, _SAID.user_id == actor.user_id, _IS_HARD, ~_IS_OVERTAKEN
        )
        .exists()
    )


def in_conflict_with(actor: Actor) -> Select[UUID]:
    """Return the applications that somebody may not see, whatever their role: for lists, which ask it once for all rows."""
    return _in_conflict_with(actor.user_id)


@lru_cache(1024)
def _in_conflict_with(user_id: UUID | None) -> Select[UUID]:
    return select(_SAID.application_id).where(_SAID.user_id == user_id, _IS_HARD, ~_IS_OVERTAKEN)


def in_conflict(tx: Tx, user_id: UUID, application_id: UUID) -> bool:
    """Whether a hard conflict between a person and an application is on record."""
    last = (
        select(ConflictDeclaration.kind)
        .where(ConflictDeclaration.application_id == application_id, ConflictDeclaration.user_id == user_id)
        .order_by(ConflictDeclaration.number.desc())
        .limit(1)
    )
    return tx.execute(last).scalar() == "hard"
