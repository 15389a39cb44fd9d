"""To whom a message for a role goes: everybody who plays it on the record, on their own or as a member."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, column, or_, select, table

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
    """Who they are; of a firm without an account, the grant that its link carries."""
    name: str
    email: str
    language: str


def holders(tx: Tx, case_id: UUID, role: str) -> list[Addressee]:
    """Return who plays a role on a record, each once, in order.

    They hold it on the record, its parent, its call or the programme. What a call or a frame tells those who made
    records of their own beside or below it (the participants of its lab) goes to all of them: a role from outside is
    never granted on the call itself, where it would reach the records of others.
    """
    own = _above(tx, case_id)
    scopes = [own.id, own.parent_id, own.call_id, own.programme_id]
    reached = [scope for scope in scopes if scope is not None]
    return _playing(tx, role, RoleGrant.scope_id.in_(reached)) or _makers(tx, own, role)


def _above(tx: Tx, case_id: UUID) -> Any:
    """Return a record's scheme and what stands above it; while nothing can change it is read once."""
    if tx.read_only and (holders, case_id) in tx.memo:
        return tx.memo[holders, case_id]
    asked = (
        select(
            CaseRow.id,
            CaseRow.parent_id,
            CaseRow.call_id,
            CaseRow.scheme,
            CaseRow.version,
            CaseRow.lifecycle,
            _call.c.programme_id,
        )
        .outerjoin(_call, _call.c.id == CaseRow.call_id)
        .where(CaseRow.id == case_id)
    )
    row = tx.execute(asked).one()
    if tx.read_only:
        tx.memo[holders, case_id] = row
    return row


def _makers(tx: Tx, own: Any, role: str) -> list[Addressee]:
    """Return who plays a role on the records of a call that this role makes, where a record has none such above it."""
    scheme = tx.engine.compiled(own.scheme, own.version).scheme
    made = [each.name for each in scheme.lifecycles.values() if role in each.creation.by]
    name: str | None = own.lifecycle
    while name is not None:
        if name in made:
            return []  # a record of that role's own, whose holder has gone: it is nobody else's business
        name = scheme.lifecycles[name].parent
    if role not in scheme.roles or not scheme.roles[role].outside or not made:
        return []
    records = select(CaseRow.id).where(CaseRow.call_id == own.call_id, CaseRow.lifecycle.in_(made))
    return _playing(tx, role, RoleGrant.scope_id.in_(records))


def _playing(tx: Tx, role: str, where: ColumnElement[bool]) -> list[Addressee]:
    memberships = select(Membership.organisation_id).where(Membership.user_id == User.id)
    people = (
        select(User.id, User.name, User.email, User.language)
        .join(RoleGrant, or_(RoleGrant.user_id == User.id, RoleGrant.organisation_id.in_(memberships)))
        .where(RoleGrant.role == role, where, or_(RoleGrant.ended_at.is_(None), RoleGrant.ended_at > tx.now))
        .distinct()
        .order_by(User.id)
    )
    return [Addressee(row.id, row.name, row.email, row.language) for row in tx.execute(people)]
