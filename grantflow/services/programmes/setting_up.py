"""Programmes: set up with the first of their calls, found again by the prefix of their references."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from grantflow.domain.programmes.plan import BodyPlan, ProgrammePlan, SeatKind
from grantflow.domain.refusal import Refusal, Refused, refuse
from grantflow.services.people.roles import grant_role
from grantflow.services.programmes.office import demand_office
from grantflow.store.people.models import RoleGrant
from grantflow.store.programmes.models import Body, Funder, Programme, Seat, StrategyPriority
from grantflow.store.session import Tx


def set_up_programme(tx: Tx, plan: ProgrammePlan) -> UUID:
    """Set up a programme, or add to one that is there what a new call brings: a funder, a body, a priority.

    Raises:
        Refused: a body is there with other rules; they do not change by a call's file.
    """
    programme = tx.session.scalar(select(Programme).where(Programme.ref_prefix == plan.ref_prefix))
    if programme is None:
        programme = _found(tx, plan)
    else:
        demand_office(tx, programme.id)
    known_funders = set(tx.session.scalars(select(Funder.name).where(Funder.programme_id == programme.id)))
    for funder in plan.funders:
        if funder.name not in known_funders:
            row = Funder(id=tx.new_id(), programme_id=programme.id, name=funder.name, country=funder.country)
            tx.session.add(row)
    bodies = {
        body.name: body for body in tx.session.scalars(select(Body).where(Body.programme_id == programme.id))
    }
    for body in plan.bodies:
        if body.name not in bodies:
            tx.session.add(_body(tx, programme.id, body))
        else:
            _demand_same(bodies[body.name], body)
    known = set(
        tx.session.scalars(select(StrategyPriority.code).where(StrategyPriority.programme_id == programme.id))
    )
    for one in plan.priorities:
        if one.code not in known:
            tx.session.add(
                StrategyPriority(
                    id=tx.new_id(), programme_id=programme.id, code=one.code, title=dict(one.title)
                )
            )
    tx.flush()
    return programme.id


def _found(tx: Tx, plan: ProgrammePlan) -> Programme:
    if not tx.actor.is_system:
        raise refuse("programme_unknown", "There is no such programme yet; an administrator sets it up.")
    programme = Programme(
        id=tx.new_id(),
        name=dict(plan.name),
        agency=plan.agency,
        ref_prefix=plan.ref_prefix,
        zone=plan.zone,
        country=plan.country,
        territory=list(plan.territory),
    )
    tx.session.add(programme)
    tx.flush()
    return programme


def _body(tx: Tx, programme_id: UUID, plan: BodyPlan) -> Body:
    return Body(
        id=tx.new_id(),
        programme_id=programme_id,
        name=plan.name,
        title=dict(plan.title),
        role=plan.role,
        seats=plan.seats,
        quorum=plan.quorum,
        delegate_role=plan.delegate_role,
        delegate_id=None,
        delegate_up_to=plan.delegate_up_to,
    )


def _demand_same(body: Body, plan: BodyPlan) -> None:
    wanted = {
        "role": plan.role,
        "seats": plan.seats,
        "quorum": plan.quorum,
        "delegate_role": plan.delegate_role,
        "delegate_up_to": plan.delegate_up_to,
    }
    different = [name for name, value in wanted.items() if getattr(body, name) != value]
    if different:
        text = "The body “%(body)s” is set up already with another value of: %(names)s."
        raise Refused(
            [Refusal("body_differs", text, {"body": body.name, "names": ", ".join(different)}, "bodies")]
        )


def body_named(tx: Tx, programme_id: UUID, name: str) -> UUID:
    """Return a body of a programme by its name.

    Raises:
        Refused: there is none.
    """
    found = tx.session.scalar(select(Body.id).where(Body.programme_id == programme_id, Body.name == name))
    if found is None:
        raise refuse("body_unknown", "The programme has no body “%(name)s”.", name=name)
    return found


def take_seat(tx: Tx, body_id: UUID, user_id: UUID, kind: SeatKind) -> UUID:
    """Let a person take a seat in a body, and with it the role that its members play on the programme."""
    body = tx.session.get_one(Body, body_id)
    demand_office(tx, body.programme_id)
    held = list(tx.session.scalars(select(Seat).where(Seat.body_id == body_id, Seat.until.is_(None))))
    if any(seat.user_id == user_id for seat in held):
        raise refuse("seat_held", "This person has a seat in the body already.")
    if kind == "chair" and any(seat.kind == "chair" for seat in held):
        raise refuse("chair_taken", "The body has a chair already.")
    if kind != "deputy" and sum(seat.kind != "deputy" for seat in held) >= body.seats:
        raise refuse("seats_taken", "All %(seats)s seats of the body are taken.", seats=body.seats)
    seat = Seat(id=tx.new_id(), body_id=body_id, user_id=user_id, kind=kind, since=tx.now, until=None)
    tx.session.add(seat)
    grant_role(tx, body.role, body.programme_id, user_id=user_id)
    return seat.id


def leave_seat(tx: Tx, seat_id: UUID) -> None:
    """Let a seat fall empty, and the role that came with it end."""
    seat = tx.session.get_one(Seat, seat_id)
    body = tx.session.get_one(Body, seat.body_id)
    demand_office(tx, body.programme_id)
    seat.until = tx.now
    of_seat = select(RoleGrant).where(
        RoleGrant.role == body.role,
        RoleGrant.scope_id == body.programme_id,
        RoleGrant.user_id == seat.user_id,
        RoleGrant.ended_at.is_(None),
    )
    for grant in tx.session.scalars(of_seat):
        grant.ended_at = tx.now
    tx.flush()


def appoint_delegate(tx: Tx, body_id: UUID, user_id: UUID) -> None:
    """Let somebody decide alone what a body has delegated (process rule P1).

    Raises:
        Refused: the body delegates nothing.
    """
    body = tx.session.get_one(Body, body_id)
    demand_office(tx, body.programme_id)
    if body.delegate_role is None:
        raise refuse("nothing_delegated", "This body has delegated nothing.")
    body.delegate_id = user_id
    grant_role(tx, body.delegate_role, body.programme_id, user_id=user_id)
