"""The office of a programme: who prepares and keeps what its bodies decide, and decides nothing there (process rule P1)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import or_, select

from grantflow.domain.refusal import refuse
from grantflow.store.people.models import RoleGrant
from grantflow.store.programmes.models import Body
from grantflow.store.session import Tx


def of_the_office(tx: Tx, programme_id: UUID) -> bool:
    """Whether the actor works for a programme by a role that none of its bodies gave; the system may do anything."""
    if tx.actor.is_system:
        return True
    if tx.actor.user_id is None:
        return False
    deciding: set[str] = set()
    for body in tx.execute(select(Body.role, Body.delegate_role).where(Body.programme_id == programme_id)):
        deciding.update(role for role in body if role is not None)
    held = select(RoleGrant.id).where(
        RoleGrant.scope_id == programme_id,
        RoleGrant.user_id == tx.actor.user_id,
        or_(RoleGrant.ended_at.is_(None), RoleGrant.ended_at > tx.now),
        RoleGrant.role.not_in(sorted(deciding)),
    )
    return tx.execute(held.limit(1)).scalar() is not None


def demand_office(tx: Tx, programme_id: UUID) -> None:
    """Let nobody pass who does not work in the office of a programme: members of a body do not keep its meetings.

    Raises:
        Refused: the actor does not.
    """
    if not of_the_office(tx, programme_id):
        raise refuse("not_of_the_programme", "Only people who work for the programme may do this.")
