"""Which calls somebody outside may know of, and which of their dates mean what: as the scheme of each says.

A call is public in the states that some role outside may see.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, false, or_

from grantflow.store.calls.models import CallDate
from grantflow.store.cases import CaseRow
from grantflow.store.session import Tx
from grantflow.workflow.model import DateMeaning, Lifecycle, Scheme, State


def public_calls(tx: Tx) -> ColumnElement[bool]:
    """Return the condition under which a call's case is known to everybody."""
    conditions = []
    for compiled in tx.engine.all():
        scheme, lifecycle = compiled.scheme, compiled.root.lifecycle
        conditions.append(
            and_(
                CaseRow.scheme == scheme.name,
                CaseRow.version == scheme.version,
                CaseRow.state.in_(sorted(public_states(scheme, lifecycle))),
            )
        )
    return and_(CaseRow.id == CaseRow.call_id, or_(false(), *conditions))


DateNames = tuple[tuple[str, int, str], ...]
"""Of schemes that can run, by name and version: how each calls a date."""


def date_names(tx: Tx, meaning: DateMeaning) -> DateNames:
    """Return how the schemes call the date that means something."""
    named = ((each.scheme, each.scheme.date_that_means(meaning)) for each in tx.engine.all())
    return tuple((scheme.name, scheme.version, name) for scheme, name in named if name is not None)


def is_date(tx: Tx, meaning: DateMeaning) -> ColumnElement[bool]:
    """Return the condition under which a date of a call means something, by the scheme of the case beside it."""
    return is_named(date_names(tx, meaning))


def is_named(names: DateNames) -> ColumnElement[bool]:
    """Return the condition under which a date is called as the scheme of the case beside it calls it."""
    conditions = [
        and_(CaseRow.scheme == scheme, CaseRow.version == version, CallDate.name == name)
        for scheme, version, name in names
    ]
    return or_(false(), *conditions)


def public_states(scheme: Scheme, lifecycle: Lifecycle) -> frozenset[str]:
    """Return the states of a lifecycle that some role outside the programme may see."""
    outside = {role.name for role in scheme.roles.values() if role.outside}
    return frozenset(name for name, state in lifecycle.states.items() if state.view & outside)


def shown_to_public(scheme: Scheme, lifecycle: Lifecycle, state: str) -> State:
    """Return the state that everybody sees: while an outcome is confidential, the one that it is masked by."""
    actual = lifecycle.states[state]
    outside = sorted(role for role in actual.mask if scheme.roles[role].outside)
    return lifecycle.states[actual.mask[outside[0]]] if outside else actual
