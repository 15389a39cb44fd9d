"""Steps found by what they do: an effect's name is ours, a transition's name is the scheme's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from grantflow.domain.refusal import refuse
from grantflow.services.cases import Stepped, UnknownCase, compiled, step
from grantflow.store.cases import CaseRow
from grantflow.store.people.roles import roles_of
from grantflow.store.session import Tx
from grantflow.workflow.model import Lifecycle


def take(
    tx: Tx,
    case_id: UUID,
    effect: str,
    *,
    data: Mapping[str, Any] | None = None,
    revision: int | None = None,
    authority: str | None = None,
) -> Stepped:
    """Take the step that has an effect, from where the record is.

    Raises:
        Refused: no such step leads from here, or the step is refused.
    """
    name = transition_with(tx, case_id, effect)
    if name is None:
        raise refuse("not_from_here", "This step is not possible at this point.")
    return step(tx, case_id, name, data=data, revision=revision, authority=authority)


def transition_with(tx: Tx, case_id: UUID, effect: str) -> str | None:
    """Return the name of the step that has an effect and leads from where a record is, if there is one.

    Of several, one that is the actor's to take: a reviewer declares a conflict, an officer finds it.
    """
    lifecycle, state = place_of(tx, case_id)
    rows = [row for row in lifecycle.leaving(state) if effect in row.effects]
    if len({row.name for row in rows}) > 1:
        roles = roles_of(tx, tx.actor, [case_id])[case_id]
        rows.sort(key=lambda row: roles.isdisjoint(row.by))
    return rows[0].name if rows else None


def place_of(tx: Tx, case_id: UUID) -> tuple[Lifecycle, str]:
    """Return the lifecycle of a record and the state it is in.

    Raises:
        UnknownCase: there is no such record.
    """
    found = tx.execute(
        select(CaseRow.scheme, CaseRow.version, CaseRow.lifecycle, CaseRow.state).where(CaseRow.id == case_id)
    ).one_or_none()
    if found is None:
        raise UnknownCase(case_id)
    return compiled(tx, found.scheme, found.version).scheme.lifecycles[found.lifecycle], found.state


def lifecycle_of(tx: Tx, call_id: UUID, record: str) -> str:
    """Return the name of the lifecycle that records of a kind have in a call."""
    found = tx.execute(select(CaseRow.scheme, CaseRow.version).where(CaseRow.id == call_id)).one_or_none()
    if found is None:
        raise UnknownCase(call_id)
    return compiled(tx, found.scheme, found.version).scheme.of_record(record).name
