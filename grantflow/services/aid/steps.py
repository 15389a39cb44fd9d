"""Steps found by what they do: a use case names an effect, the scheme says which transition has it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from grantflow.domain.refusal import refuse
from grantflow.services.cases import Stepped, UnknownCase, compiled, step
from grantflow.store.cases import CaseRow
from grantflow.store.session import Tx


def step_by_effect(tx: Tx, case_id: UUID, effect: str, data: Mapping[str, Any] | None = None) -> Stepped:
    """Take the step that has an effect, from where the record is.

    Raises:
        Refused: there is no such step here, or something speaks against it.
    """
    tx.flush()
    case = tx.session.get(CaseRow, case_id, populate_existing=True)
    if case is None:
        raise UnknownCase(case_id)
    lifecycle = compiled(tx, case.scheme, case.version).scheme.lifecycles[case.lifecycle]
    for row in lifecycle.leaving(case.state):
        if effect in row.effects:
            return step(tx, case_id, row.name, data=data)
    raise refuse("not_from_here", "This step is not possible at this point.")
