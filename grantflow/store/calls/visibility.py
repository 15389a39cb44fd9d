"""Who may see which call: lists, counts, searches and pages of calls all start from this one condition."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, false, or_, select

from grantflow.store.calls.models import Call
from grantflow.store.calls.visible import public_calls
from grantflow.store.cases import CaseRow
from grantflow.store.people.models import Membership, RoleGrant
from grantflow.store.session import Tx


def visible_to(tx: Tx) -> ColumnElement[bool]:
    """Return the condition under which the actor may see a call's case: it is public, or a role of theirs sees its state."""
    if tx.actor.is_system:
        return CaseRow.id == CaseRow.call_id
    seen = public_calls(tx)
    if tx.actor.user_id is None:
        return seen
    return and_(CaseRow.id == CaseRow.call_id, or_(seen, _seen_from_inside(tx)))


def _seen_from_inside(tx: Tx) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = []
    for compiled in tx.engine.all():
        by_roles: dict[frozenset[str], list[str]] = {}
        for name, state in compiled.root.lifecycle.states.items():
            by_roles.setdefault(state.view, []).append(name)
        conditions += [
            and_(
                CaseRow.scheme == compiled.scheme.name,
                CaseRow.version == compiled.scheme.version,
                CaseRow.state.in_(sorted(states)),
                _plays(tx, roles),
            )
            for roles, states in by_roles.items()
            if roles
        ]
    return or_(false(), *conditions)


def _plays(tx: Tx, roles: frozenset[str]) -> ColumnElement[bool]:
    """Whether the actor plays one of some roles on the call or on its programme."""
    programme = select(Call.programme_id).where(Call.id == CaseRow.id).correlate(CaseRow).scalar_subquery()
    memberships = select(Membership.organisation_id).where(Membership.user_id == tx.actor.user_id)
    return exists().where(
        RoleGrant.role.in_(sorted(roles)),
        or_(RoleGrant.scope_id == CaseRow.id, RoleGrant.scope_id == programme),
        or_(RoleGrant.user_id == tx.actor.user_id, RoleGrant.organisation_id.in_(memberships)),
        or_(RoleGrant.ended_at.is_(None), RoleGrant.ended_at > tx.now),
    )
