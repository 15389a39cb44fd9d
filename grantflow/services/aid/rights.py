"""Who may write what stands beside a record: the roles that may edit it, or for which it waits."""

from __future__ import annotations

from uuid import UUID

from grantflow.domain.refusal import refuse
from grantflow.services.applications.rights import Place
from grantflow.services.cases import UnknownCase, compiled
from grantflow.store.cases import CaseRow
from grantflow.store.people.roles import roles_of
from grantflow.store.session import Tx
from grantflow.workflow.model import Lifecycle, Scheme, State


def writable(tx: Tx, case_id: UUID) -> CaseRow:
    """Return a case beside which the actor may write at this point.

    Raises:
        Refused: it is not the actor's to write, or not now.
        UnknownCase: there is no such record.
    """
    case, scheme, state, roles = _seen(tx, case_id)
    if not roles & (state.edit | state.waits_for):
        allowed = ", ".join(
            sorted(scheme.roles[role].label for role in state.edit | state.waits_for if role in scheme.roles)
        )
        raise refuse(
            "not_yours_now",
            "%(ref)s cannot be changed by you at this point. It waits for: %(who)s.",
            ref=case.ref,
            who=allowed or "nobody",
        )
    return case


def line_lifecycle(where: Place) -> Lifecycle | None:
    """Return the lifecycle of the lines that the actor may name below a request at this point, if they may."""
    return next(
        (
            child
            for child in where.scheme.children_of(where.lifecycle.name)
            if child.record == "line"
            and where.case.state in child.creation.during
            and where.roles.intersection(child.creation.by)
        ),
        None,
    )


def inside(tx: Tx, case_id: UUID) -> CaseRow:
    """Return a case for which the actor works in the programme.

    Raises:
        Refused: the actor does not.
        UnknownCase: there is no such record.
    """
    case, scheme, _, roles = _seen(tx, case_id)
    if not any(role in scheme.roles and not scheme.roles[role].outside for role in roles):
        raise refuse("not_inside", "Only somebody of the programme may do this.")
    return case


def _seen(tx: Tx, case_id: UUID) -> tuple[CaseRow, Scheme, State, frozenset[str]]:
    tx.flush()
    case = tx.session.get(CaseRow, case_id, populate_existing=True)
    if case is None:
        raise UnknownCase(case_id)
    scheme = compiled(tx, case.scheme, case.version).scheme
    state = scheme.lifecycles[case.lifecycle].states[case.state]
    return case, scheme, state, roles_of(tx, tx.actor, [case_id])[case_id]
