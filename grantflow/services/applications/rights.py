"""Who may write what stands beside a record at this point: asked of the scheme by what its steps do, never by names."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from grantflow.domain.refusal import refuse
from grantflow.services.cases import UnknownCase
from grantflow.services.cases.holding import Held, seen
from grantflow.store.applications.visibility import in_conflict
from grantflow.store.calls.visible import public_states
from grantflow.store.session import Tx
from grantflow.workflow.model import Lifecycle, Row, Scheme, State


@dataclass(frozen=True, slots=True)
class Place:
    """A record, where it is, and which roles the actor plays on it."""

    case: Held
    scheme: Scheme
    lifecycle: Lifecycle
    state: State
    roles: frozenset[str]

    def rows(self, *, guard: str | None = None, effect: str | None = None) -> tuple[Row, ...]:
        """Return the steps that lead on from here and have a certain guard or effect, whosever they are."""
        return tuple(
            row
            for row in self.lifecycle.leaving(self.case.state)
            if (guard is None or any(call.name == guard for call in row.guards))
            and (effect is None or effect in row.effects)
        )

    def own(self, *, guard: str | None = None, effect: str | None = None) -> tuple[Row, ...]:
        """Return those of these steps that belong to a role of the actor."""
        return tuple(row for row in self.rows(guard=guard, effect=effect) if self.roles.intersection(row.by))

    @property
    def open(self) -> bool:
        """Whether the actor may see the record here, which is a call: by a role of theirs, or because everybody may."""
        seen_by_all = self.state.name in public_states(self.scheme, self.lifecycle)
        return seen_by_all or not self.roles.isdisjoint(self.state.view)

    @property
    def inside(self) -> bool:
        """Whether the actor works for the programme here."""
        return any(role in self.scheme.roles and not self.scheme.roles[role].outside for role in self.roles)


def place(tx: Tx, case_id: UUID) -> Place:
    """Return where a record is.

    Raises:
        UnknownCase: there is no such record.
    """
    for case in seen(tx, [case_id]):
        lifecycle = case.machine.lifecycle
        return Place(case, case.call.compiled.scheme, lifecycle, lifecycle.states[case.state], case.roles)
    raise UnknownCase(case_id)


def demand_edit(tx: Tx, case_id: UUID) -> Place:
    """Return where a record is whose words the actor may write now.

    Raises:
        Refused: they are not the actor's to write, or not at this point.
    """
    found = place(tx, case_id)
    if not tx.actor.is_system and not found.roles & found.state.edit:
        raise refuse("not_editable", "%(ref)s cannot be changed by you at this point.", ref=found.case.ref)
    return found


def demand_step(tx: Tx, case_id: UUID, *, guard: str | None = None, effect: str | None = None) -> Place:
    """Return where a record is from which the actor may take a step with a certain guard or effect.

    What stands beside a record (a checklist, a proposal) is written by those whose step will ask for it.

    Raises:
        Refused: no such step leads from here, or it is not the actor's, or the actor is in conflict.
    """
    found = place(tx, case_id)
    rows = found.rows(guard=guard, effect=effect)
    if not rows:
        raise refuse("not_now", "%(ref)s is not at the point where this is done.", ref=found.case.ref)
    if not tx.actor.is_system and not any(found.roles.intersection(row.by) for row in rows):
        raise refuse("wrong_role", "This is not yours to do.")
    demand_no_conflict(tx, case_id)
    return found


def demand_no_conflict(tx: Tx, case_id: UUID) -> None:
    """Let nobody pass who is in conflict with an application: they neither read nor decide it.

    Raises:
        Refused: the actor is.
    """
    if tx.actor.user_id is not None and in_conflict(tx, tx.actor.user_id, case_id):
        raise refuse("in_conflict", "You have a conflict of interest with this application.")
