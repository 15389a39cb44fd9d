"""To whom a message for a role goes: everybody who plays it on the record, on their own or as a member."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import column, or_, select, table

from grantflow.store.cases import CaseRow
from grantflow.store.people.models import Membership, RoleGrant, User
from grantflow.store.session import Tx
from grantflow.store.types import IdType

_call = table(
    "gf_call", column("id", IdType()), column("programme_id", IdType())
)  # a later room's, by name only


@dataclass(frozen=True, slots=True)
class Addressee:
    """Somebody to whom mail goes."""

    user_id: UUID
    name: str
    email: str
    language: str


def holders(tx: Tx, case_id: UUID, role: str) -> list[Addressee]:
    """Return who plays a role on a record by grants on it, its parent, its call or the programme; each once, in order."""
    scopes = (
        select(CaseRow.id, CaseRow.parent_id, CaseRow.call_id, _call.c.programme_id)
        .outerjoin(_call, _call.c.id == CaseRow.call_id)
        .where(CaseRow.id == case_id)
    )
    found = tx.execute(scopes).one()
    reached = [scope for scope in found if scope is not None]
    people = (
        select(User.id, User.name, User.email, User.language)
        .join(
            RoleGrant,
            or_(
                RoleGrant.user_id == User.id,
                RoleGrant.organisation_id.in_(
                    select(Membership.organisation_id).where(Membership.user_id == User.id)
                ),
            ),
        )
        .where(
            RoleGrant.role == role,
            RoleGrant.scope_id.in_(reached),
            or_(RoleGrant.ended_at.is_(None), RoleGrant.ended_at > tx.now),
        )
        .distinct()
        .order_by(User.id)
    )
    return [Addressee(row.id, row.name, row.email, row.language) for row in tx.execute(people)]
