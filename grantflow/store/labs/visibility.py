"""Who may see what of a lab: places are between a person and the programme, what is published is for everybody."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlalchemy.orm import aliased

from grantflow.domain.actor import Actor
from grantflow.store.calls.viewing import lifecycles_of, public, viewable
from grantflow.store.cases import CaseRow
from grantflow.store.labs.models import Contribution, Participation
from grantflow.store.session import Tx
from grantflow.workflow.model import Lifecycle, State

NOT_PUBLISHED = frozenset({"set_aside", "withdrawn", "adverse", "cancelled", "submitted"})
"""What the state of a contribution may not mean if others than its author and the programme read it."""


def participation_visible_to(tx: Tx, actor: Actor) -> ColumnElement[bool]:
    """Return the condition on `CaseRow` that an actor may see somebody's place in a lab."""
    return and_(CaseRow.record == "participation", viewable(tx, actor, "participation"))


def contribution_visible_to(tx: Tx, actor: Actor) -> ColumnElement[bool]:
    """Return the condition on `CaseRow` that an actor may see a contribution.

    What is published and public everybody sees; what is published in the lab its members see.
    """
    if actor.is_system:
        return CaseRow.record == "contribution"
    public_one = (
        select(Contribution.id)
        .where(Contribution.id == CaseRow.id, Contribution.visibility == "public")
        .correlate(CaseRow)
        .exists()
    )
    others = and_(published_contributions(tx), or_(public_one, _in_the_lab(tx, actor)))
    return and_(CaseRow.record == "contribution", or_(viewable(tx, actor, "contribution"), others))


def published_contributions(tx: Tx) -> ColumnElement[bool]:
    """Return the condition on `CaseRow` that a contribution stands published, in the lab or for everybody."""
    return or_(
        false(),
        *(
            and_(
                CaseRow.scheme == scheme.name,
                CaseRow.version == scheme.version,
                CaseRow.lifecycle == lifecycle.name,
                CaseRow.state.in_(sorted(_published(lifecycle))),
            )
            for scheme, lifecycle in lifecycles_of(tx, "contribution")
        ),
    )


def _published(lifecycle: Lifecycle) -> list[str]:
    return [name for name, state in lifecycle.states.items() if is_published(state)]


def is_published(state: State) -> bool:
    """Whether others than its author and the programme may read a contribution in this state."""
    return bool(state.tags & {"counts", "closed"}) and not state.tags & NOT_PUBLISHED


def _in_the_lab(tx: Tx, actor: Actor) -> ColumnElement[bool]:
    """Return the condition that an actor has been admitted to the lab of the call, and has not left it."""
    if actor.user_id is None:
        return false()
    place, own = aliased(Participation), aliased(CaseRow)
    members = or_(
        false(),
        *(
            and_(
                own.scheme == scheme.name,
                own.version == scheme.version,
                own.lifecycle == lifecycle.name,
                own.state.in_(sorted(lifecycle.tagged("counts"))),
            )
            for scheme, lifecycle in lifecycles_of(tx, "participation")
        ),
    )
    calls = (
        select(place.call_id)
        .join(own, own.id == place.id)
        .where(place.user_id == actor.user_id, place.admitted_at.is_not(None), members)
    )
    return CaseRow.call_id.in_(calls)


def frame_visible_to(tx: Tx, actor: Actor) -> ColumnElement[bool]:
    """Return the condition on `CaseRow` that an actor may see a frame: what is shown to some outside is shown to all."""
    seen = true() if actor.is_system else or_(public(tx, "frame"), viewable(tx, actor, "frame"))
    return and_(CaseRow.record == "frame", seen)
