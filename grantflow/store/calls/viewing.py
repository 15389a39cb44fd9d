"""What an actor's roles open: the states that they may view, and the state that they see while an outcome is confidential.

Everything that pages, lists, counts and sorts ask of a record's visibility is made of these few conditions, for any
kind of record and any scheme.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    and_,
    case,
    false,
    func,
    literal,
    or_,
    select,
    true,
)

from grantflow.domain.actor import Actor
from grantflow.store.calls.models import Call
from grantflow.store.calls.visible import public_states, shown_to_public
from grantflow.store.cases import CaseRow
from grantflow.store.people.models import Membership, RoleGrant
from grantflow.store.session import Tx
from grantflow.workflow.model import Lifecycle, Scheme, State


def viewable(tx: Tx, actor: Actor, record: str) -> ColumnElement[bool]:
    """Return the condition that an actor's roles open the state in which a case of a kind is."""
    if actor.is_system:
        return true()
    # A page asks this of the same kind several times; putting it together takes longer than the question itself.
    key = viewable, actor, record
    if key not in tx.memo:
        tx.memo[key] = or_(
            false(),
            *(
                and_(_lives(scheme, lifecycle), CaseRow.state.in_(states), plays(tx, actor, roles))
                for scheme, lifecycle in lifecycles_of(tx, record)
                for roles, states in _states_by_roles(lifecycle)
            ),
        )
    condition: ColumnElement[bool] = tx.memo[key]
    return condition


def opened_states(lifecycle: Lifecycle, roles: Collection[str]) -> frozenset[str]:
    """Return the states that some of these roles may view."""
    return frozenset(name for name, state in lifecycle.states.items() if not state.view.isdisjoint(roles))


def own_below(tx: Tx, actor: Actor, lifecycle: Lifecycle, roles: Collection[str]) -> ColumnElement[bool]:
    """Return which records of a call an actor may view by what they play on the record alone, beside their roles on the call."""
    return or_(
        false(),
        *(
            and_(CaseRow.state.in_(states), CaseRow.id.in_(_granted(tx, actor, names)))
            for names, states in _states_by_roles(lifecycle)
            if names.isdisjoint(roles)
        ),
    )


def viewable_below(tx: Tx, actor: Actor, lifecycle: Lifecycle, roles: Collection[str]) -> ColumnElement[bool]:
    """Return what `viewable` says of the records of one call, for an actor whose roles on the call are known.

    What these open needs no question for each row; asked of the rows is only whose they are beside that. The states are
    wrapped so that the database walks the list in its order instead of gathering all rows of some states and sorting them.
    """
    state = func.coalesce(CaseRow.state, "")
    return or_(state.in_(sorted(opened_states(lifecycle, roles))), own_below(tx, actor, lifecycle, roles))


def public(tx: Tx, record: str) -> ColumnElement[bool]:
    """Return the condition that a case of a kind is in a state that some role outside the programme may view."""
    return or_(
        false(),
        *(
            and_(_lives(scheme, lifecycle), CaseRow.state.in_(sorted(public_states(scheme, lifecycle))))
            for scheme, lifecycle in lifecycles_of(tx, record)
        ),
    )


def plays(tx: Tx, actor: Actor, roles: Collection[str]) -> ColumnElement[bool]:
    """Return the condition that an actor plays one of some roles on a case, on its parent, its call or its programme."""
    if actor.kind not in ("person", "link"):
        return false()
    key = plays, actor, frozenset(roles)
    if key not in tx.memo:
        granted = _granted(tx, actor, roles)
        calls = select(Call.id).where(Call.programme_id.in_(granted))
        tx.memo[key] = or_(
            CaseRow.id.in_(granted),
            CaseRow.parent_id.in_(granted),
            CaseRow.call_id.in_(granted),
            CaseRow.call_id.in_(calls),
        )
    condition: ColumnElement[bool] = tx.memo[key]
    return condition


def _granted(tx: Tx, actor: Actor, roles: Collection[str]) -> Select[UUID]:
    """Return the scopes on which an actor plays one of some roles now."""
    if actor.kind == "link":
        held: ColumnElement[bool] = RoleGrant.id == actor.grant_id
    else:
        memberships = select(Membership.organisation_id).where(Membership.user_id == actor.user_id)
        held = or_(RoleGrant.user_id == actor.user_id, RoleGrant.organisation_id.in_(memberships))
    return select(RoleGrant.scope_id).where(
        RoleGrant.role.in_(sorted(roles)),
        held,
        or_(RoleGrant.ended_at.is_(None), RoleGrant.ended_at > tx.now),
    )


def lifecycles_of(tx: Tx, record: str) -> Iterator[tuple[Scheme, Lifecycle]]:
    """Yield the lifecycles, of every scheme that can run, which a kind of record lives."""
    for compiled in tx.engine.all():
        for lifecycle in compiled.scheme.lifecycles.values():
            if lifecycle.record == record:
                yield compiled.scheme, lifecycle


def _lives(scheme: Scheme, lifecycle: Lifecycle) -> ColumnElement[bool]:
    return and_(
        CaseRow.scheme == scheme.name,
        CaseRow.version == scheme.version,
        CaseRow.lifecycle == lifecycle.name,
    )


def _states_by_roles(lifecycle: Lifecycle) -> Iterator[tuple[frozenset[str], list[str]]]:
    """Yield the states in groups that the same roles may view: few groups make a short question."""
    groups: dict[frozenset[str], list[str]] = {}
    for name, state in lifecycle.states.items():
        if state.view:
            groups.setdefault(state.view, []).append(name)
    yield from groups.items()


# Masks: while an outcome is confidential some roles see another state in its place, in whatever is asked.


def shown(scheme: Scheme, lifecycle: Lifecycle, state: str, roles: Collection[str]) -> State:
    """Return the state that somebody with these roles sees in place of the one in which a record is.

    One role that may view it as it is suffices; who has no role that may view it sees what everybody sees.
    """
    actual = lifecycle.states[state]
    viewing = sorted(actual.view.intersection(roles))
    if not viewing:
        return shown_to_public(scheme, lifecycle, state)
    if any(role not in actual.mask for role in viewing):
        return actual
    return lifecycle.states[actual.mask[viewing[0]]]


def masked(tx: Tx, actor: Actor, record: str) -> ColumnElement[bool]:
    """Return the condition that an actor sees another state of a case than the one in which it is."""
    return shown_state(tx, actor, record) != CaseRow.state


def shown_state(tx: Tx, actor: Actor, record: str) -> SQLColumnExpression[str]:
    """Return the name of the state that an actor sees, as SQL: the twin of `shown` for lists, filters, counts and sorts."""
    if actor.is_system:
        return CaseRow.state
    whens = [
        (condition, literal(seen))
        for scheme, lifecycle in lifecycles_of(tx, record)
        for state in lifecycle.states.values()
        if state.mask
        for condition, seen in _seen_as(tx, actor, scheme, lifecycle, state)
    ]
    return case(*whens, else_=CaseRow.state) if whens else CaseRow.state


def _seen_as(
    tx: Tx, actor: Actor, scheme: Scheme, lifecycle: Lifecycle, state: State
) -> Iterator[tuple[ColumnElement[bool], str]]:
    """Yield what is seen of a masked state on which condition, the first that holds; nothing holds where it is seen plainly."""
    there = and_(_lives(scheme, lifecycle), CaseRow.state == state.name)
    plain = state.view - state.mask.keys()
    yield and_(there, plays(tx, actor, plain)), state.name
    by_mask: dict[str, list[str]] = {}
    for role in sorted(state.view & state.mask.keys()):
        by_mask.setdefault(state.mask[role], []).append(role)
    if len(by_mask) > 1:
        for role in sorted(state.view & state.mask.keys()):
            yield and_(there, plays(tx, actor, [role])), state.mask[role]
    else:
        for seen, roles in by_mask.items():
            yield and_(there, plays(tx, actor, roles)), seen
    yield there, shown_to_public(scheme, lifecycle, state.name).name
