"""Before the play: the scheme is published, the programme set up, its people hired, and the draft of the call made."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from grantflow.domain.actor import SYSTEM
from grantflow.domain.calls.plan import CallPlan
from grantflow.services.calls.loading import load_call
from grantflow.services.people.roles import grant_role
from grantflow.services.programmes.setting_up import appoint_delegate, set_up_programme, take_seat
from grantflow.services.rehearsal.cast import Cast, Person
from grantflow.services.rehearsal.habits.people import newcomer
from grantflow.services.rehearsal.scene import Naming, Scene
from grantflow.store.programmes.models import Body
from grantflow.store.published import publish
from grantflow.store.session import Database, Tx
from grantflow.workflow.model import Scheme

BEFORE = timedelta(days=28)
"""How long before its first date a call is drafted."""
ROLLING = timedelta(days=300)
"""How long before its only date a call without a date for its opening is drafted: it receives all the time until then."""
COLLEAGUES = 2
"""How many people play each inside role: some steps need a second pair of eyes."""
DEPUTIES = 2

Hire = Callable[[Tx, Scene, str, int], Person]
"""Finds somebody to play an inside role; the number counts the people of that role."""


def hire_newcomer(tx: Tx, scene: Scene, role: str, number: int) -> Person:
    """Hire somebody who was not there before."""
    del role, number
    return newcomer(tx, scene)


def drafted_at(plan: CallPlan) -> datetime:
    """Return the moment at which a rehearsal begins: the dates of a call lie ahead of it, as they do when it is real."""
    only_one = sum(len(stage.dates) for stage in plan.stages) == len(plan.stages)
    return plan.first_date - (ROLLING if only_one else BEFORE)


def open_scene(
    database: Database,
    scheme: Scheme,
    plan: CallPlan,
    *,
    applications: int,
    seed: int,
    now: datetime | None = None,
    hire: Hire = hire_newcomer,
    naming: Naming | None = None,
) -> Scene:
    """Set up everything that is there before a call is published."""
    scene = Scene(
        database,
        scheme,
        plan,
        random.Random(seed),
        now or drafted_at(plan),
        applications,
        call_id=UUID(int=0),
        programme_id=UUID(int=0),
        naming=naming or Naming(),
    )
    with database.transaction(SYSTEM, scene.now) as tx:
        publish(tx, "scheme", scheme.name, scheme.version, scheme.text)
        scene.programme_id = set_up_programme(tx, plan.programme)
        scene.cast = _hire(tx, scene, hire)
    return scene


def draft_call(scene: Scene) -> None:
    """Let somebody draft the call: from here on everything that moves is noticed."""
    with scene.acting(scene.inside_playing(scene.scheme.of_record("call").creation.by)) as tx:
        scene.call_id = load_call(tx, scene.plan).case_id


def _hire(tx: Tx, scene: Scene, hire: Hire) -> Cast:
    cast = Cast()
    bodies = tx.session.scalars(
        select(Body).where(Body.programme_id == scene.programme_id).order_by(Body.name)
    ).all()
    for body in bodies:
        members = cast.inside.setdefault(body.role, [])
        for number in range(body.seats + DEPUTIES):
            person = hire(tx, scene, body.role, len(members))
            assert person.user_id is not None
            kind = "chair" if number == 0 else "member" if number < body.seats else "deputy"
            take_seat(tx, body.id, person.user_id, kind)  # type: ignore[arg-type]  # one of the kinds of seats
            members.append(person)
    for role in scene.scheme.roles.values():
        if role.outside or role.name in cast.inside:
            continue
        cast.inside[role.name] = [hire(tx, scene, role.name, number) for number in range(COLLEAGUES)]
        for person in cast.inside[role.name]:
            grant_role(tx, role.name, scene.programme_id, user_id=person.user_id)
    for body in bodies:
        if body.delegate_role is not None:
            delegate = cast.inside[body.delegate_role][0].user_id
            assert delegate is not None
            appoint_delegate(tx, body.id, delegate)
    return cast
