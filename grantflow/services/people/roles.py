"""Who plays which role where: given and ended, never overwritten."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import or_, select, update

from grantflow.domain.refusal import refuse
from grantflow.store.people.models import RoleGrant
from grantflow.store.people.roles import roles_of
from grantflow.store.session import Tx


def grant_role(
    tx: Tx, role: str, scope_id: UUID, *, user_id: UUID | None = None, organisation_id: UUID | None = None
) -> UUID:
    """Let a person, or everybody of an organisation, play a role on a programme, a call or a record; once is enough."""
    if (user_id is None) == (organisation_id is None):
        raise TypeError("a role is held by a person or by an organisation")
    held = tx.execute(
        select(RoleGrant.id).where(
            RoleGrant.role == role,
            RoleGrant.scope_id == scope_id,
            RoleGrant.user_id.is_(None) if user_id is None else RoleGrant.user_id == user_id,
            RoleGrant.organisation_id.is_(None)
            if organisation_id is None
            else RoleGrant.organisation_id == organisation_id,
            or_(RoleGrant.ended_at.is_(None), RoleGrant.ended_at > tx.now),
        )
    ).scalar()
    if held is not None:
        return UUID(str(held))
    grant = RoleGrant(
        id=tx.new_id(),
        role=role,
        scope_id=scope_id,
        user_id=user_id,
        organisation_id=organisation_id,
        granted_at=tx.now,
        ended_at=None,
    )
    tx.session.add(grant)
    tx.flush()
    return grant.id


def end_role(tx: Tx, grant_id: UUID) -> None:
    """Let a role end now; that it was held stays on record."""
    ended = (
        update(RoleGrant)
        .where(RoleGrant.id == grant_id, RoleGrant.ended_at.is_(None))
        .values(ended_at=tx.now)
    )
    tx.execute(ended)


def end_roles_on(tx: Tx, scope_id: UUID) -> None:
    """Let every role on a record end now."""
    tx.execute(
        update(RoleGrant)
        .where(RoleGrant.scope_id == scope_id, RoleGrant.ended_at.is_(None))
        .values(ended_at=tx.now)
    )


def works_for(tx: Tx, scope_id: UUID) -> bool:
    """Whether the actor plays some role on a programme itself, as only its own people do; the system may do anything."""
    if tx.actor.is_system:
        return True
    found = select(RoleGrant.id).where(
        RoleGrant.scope_id == scope_id,
        RoleGrant.user_id == tx.actor.user_id,
        or_(RoleGrant.ended_at.is_(None), RoleGrant.ended_at > tx.now),
    )
    return tx.actor.user_id is not None and tx.execute(found.limit(1)).scalar() is not None


def demand_place(tx: Tx, scope_id: UUID) -> None:
    """Let nobody pass who does not work for a programme.

    Raises:
        Refused: the actor does not.
    """
    if not works_for(tx, scope_id):
        raise refuse("not_of_the_programme", "Only people who work for the programme may do this.")


def demand_role(tx: Tx, case_id: UUID, roles: frozenset[str]) -> None:
    """Let nobody pass who plays none of some roles on a record.

    Raises:
        Refused: the actor plays none of them.
    """
    if tx.actor.is_system or roles & roles_of(tx, tx.actor, [case_id])[case_id]:
        return
    raise refuse("wrong_role", "This is not yours to do.")
