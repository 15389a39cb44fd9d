"""The office of a programme: who prepares and keeps what its bodies decide, and decides nothing there (process rule P1)."""

from __future__ import annotations

from uuid import UUID

from grantflow.domain.refusal import refuse
from grantflow.store.session import Tx
from grantflow.store.statements import Statement


def of_the_office(tx: Tx, programme_id: UUID) -> bool:
    """Whether the actor works for a programme by a role that none of its bodies gave; the system may do anything."""
    if tx.actor.is_system:
        return True
    if tx.actor.user_id is None:
        return False
    tx.flush()
    return _HELD(tx, programme=programme_id, user=tx.actor.user_id, now=tx.now).first() is not None


IN_OFFICE = """SELECT 1 FROM gf_role_grant g
    WHERE g.scope_id = k.programme_id AND g.user_id = :user AND (g.ended_at IS NULL OR g.ended_at > :now)
      AND NOT EXISTS (SELECT 1 FROM gf_body b
                      WHERE b.programme_id = k.programme_id AND (b.role = g.role OR b.delegate_role = g.role))"""
"""Whether a person works in the office of the programme of a call `k`, or of another row that names a programme."""
_HELD = Statement(f"SELECT 1 FROM (SELECT :programme AS programme_id) k WHERE EXISTS ({IN_OFFICE})")  # noqa: S608 - a text of this file


def demand_office(tx: Tx, programme_id: UUID) -> None:
    """Let nobody pass who does not work in the office of a programme: members of a body do not keep its meetings.

    Raises:
        Refused: the actor does not.
    """
    if not of_the_office(tx, programme_id):
        raise refuse("not_of_the_programme", "Only people who work for the programme may do this.")
