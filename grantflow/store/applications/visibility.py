"""Who may see which application: one condition, from which pages, lists, counts, exports and mails all start."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, exists, false, or_, select, true
from sqlalchemy.orm import aliased

from grantflow.domain.actor import Actor
from grantflow.store.applications.models import ConflictDeclaration
from grantflow.store.calls.models import Call
from grantflow.store.cases import CaseRow
from grantflow.store.people.models import Membership, RoleGrant
from grantflow.store.session import Tx

RECORD = "application"


def visible_to(tx: Tx, actor: Actor) -> ColumnElement[bool]:
    """Return the condition on `CaseRow` that an actor may see an application with its words.

    A role on the record, its call or its programme opens the states that the scheme lets this role view: a draft's
    words so stay the applicant's own (P4). A hard conflict closes everything, whatever the role.
    """
    return and_(CaseRow.record == RECORD, viewable(tx, actor, RECORD), not_in_conflict(actor, CaseRow.id))


def viewable(tx: Tx, actor: Actor, record: str) -> ColumnElement[bool]:
    """Return the condition that an actor's roles open the state in which a case of a kind is."""
    if actor.is_system:
        return true()
    if actor.kind == "visitor":
        return false()
    call, membership = aliased(Call), aliased(Membership)
    reaches = or_(
        RoleGrant.scope_id == CaseRow.id,
        RoleGrant.scope_id == CaseRow.parent_id,
        RoleGrant.scope_id == CaseRow.call_id,
        RoleGrant.scope_id
        == select(call.programme_id).where(call.id == CaseRow.call_id).correlate(CaseRow).scalar_subquery(),
    )
    if actor.kind == "link":
        held: ColumnElement[bool] = RoleGrant.id == actor.grant_id
    else:
        held = or_(
            RoleGrant.user_id == actor.user_id,
            RoleGrant.organisation_id.in_(
                select(membership.organisation_id).where(membership.user_id == actor.user_id)
            ),
        )
    valid = or_(RoleGrant.ended_at.is_(None), RoleGrant.ended_at > tx.now)
    opened = _states_by_role(tx, record)
    return or_(
        false(),
        *(
            and_(
                CaseRow.scheme == scheme,
                CaseRow.version == version,
                CaseRow.lifecycle == lifecycle,
                CaseRow.state.in_(states),
                exists().where(RoleGrant.role == role, reaches, held, valid).correlate(CaseRow),
            )
            for (scheme, version, lifecycle, role), states in opened.items()
        ),
    )


def _states_by_role(tx: Tx, record: str) -> dict[tuple[str, int, str, str], list[str]]:
    opened: dict[tuple[str, int, str, str], list[str]] = {}
    for compiled in tx.engine.all():
        scheme = compiled.scheme
        for lifecycle in scheme.lifecycles.values():
            if lifecycle.record != record:
                continue
            for state in lifecycle.states.values():
                for role in sorted(state.view):
                    key = (scheme.name, scheme.version, lifecycle.name, role)
                    opened.setdefault(key, []).append(state.name)
    return opened


def not_in_conflict(actor: Actor, application_id: SQLColumnExpression[UUID]) -> ColumnElement[bool]:
    """Return the condition that nothing on record keeps a person from an application."""
    if actor.user_id is None:
        return true()
    said, later = aliased(ConflictDeclaration), aliased(ConflictDeclaration)
    overtaken = (
        select(later.id)
        .where(
            later.application_id == said.application_id,
            later.user_id == said.user_id,
            later.number > said.number,
        )
        .exists()
    )
    return ~(
        select(said.id)
        .where(
            said.application_id == application_id,
            said.user_id == actor.user_id,
            said.kind == "hard",
            ~overtaken,
        )
        .exists()
    )


def in_conflict(tx: Tx, user_id: UUID, application_id: UUID) -> bool:
    """Whether a hard conflict between a person and an application is on record."""
    last = (
        select(ConflictDeclaration.kind)
        .where(ConflictDeclaration.application_id == application_id, ConflictDeclaration.user_id == user_id)
        .order_by(ConflictDeclaration.number.desc())
        .limit(1)
    )
    return tx.execute(last).scalar() == "hard"
