"""What a message asks of those to whom it goes: the next step that is theirs, and by when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from grantflow.services.cases import schemes
from grantflow.services.letters.due import due_of
from grantflow.store.cases import CaseRow
from grantflow.store.session import Tx
from grantflow.workflow.model import SAME, Lifecycle, Row, State

AGAINST = frozenset({"withdrawn", "cancelled", "suspended", "adverse", "refused", "set_aside", "in_conflict"})
"""Tags of states to which a step may lead that nobody is asked to take."""


@dataclass(frozen=True, slots=True)
class Doing:
    """What waits for a role on a record."""

    step: str
    """The label of the step, as the workflow file has it."""
    due: datetime | None


def asked_of(tx: Tx, case_id: UUID, role: str | None) -> Doing | None:
    """Return what a record waits for from a role now; nothing where it waits for others.

    What the role may not know yet is not said: it is asked what it would be asked in the state that it sees.
    """
    case = tx.session.get(CaseRow, case_id)
    if case is None or role is None:
        return None
    lifecycle = schemes.compiled(tx, case.scheme, case.version).scheme.lifecycles[case.lifecycle]
    state = lifecycle.states[lifecycle.states[case.state].shown_to(role)]
    if role not in state.waits_for:
        return None
    step = next((row for row in lifecycle.leaving(state.name) if _leads_on(lifecycle, row, role)), None)
    if step is None:
        return None
    return Doing(step.label, None if _stands_in(lifecycle, state, role) else due_of(tx, case))


def _leads_on(lifecycle: Lifecycle, row: Row, role: str) -> bool:
    if role not in row.by or row.to == SAME:
        return False
    return row.to not in lifecycle.states or not lifecycle.states[row.to].tags & AGAINST


def _stands_in(lifecycle: Lifecycle, state: State, role: str) -> bool:
    """Whether the state is also what a role sees in place of a confidential one, whose times would betray it."""
    return any(other.mask.get(role) == state.name for other in lifecycle.states.values())
