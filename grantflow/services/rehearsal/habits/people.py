"""How made-up people and organisations come to be."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from grantflow.domain.labs.places import HELICES
from grantflow.services.people.registering import (
    join_organisation,
    register_organisation,
    register_person,
)
from grantflow.services.rehearsal import made_up
from grantflow.services.rehearsal.cast import Person
from grantflow.services.rehearsal.scene import Scene
from grantflow.store.session import Tx

ELSEWHERE = 2
"""How many of a hundred organisations sit outside the territory of the money."""


def newcomer(tx: Tx, scene: Scene) -> Person:
    """Register somebody who was not there before."""
    if scene.naming.guests:
        address, name, language = scene.naming.guests.pop(0)
        return Person(register_person(tx, address, name, language=language))
    number = scene.memory["people"] = scene.memory.get("people", 0) + 1
    name = made_up.person_name(scene.dice)
    return Person(register_person(tx, f"person-{number}@{scene.naming.domain}", name))


def organisation(
    tx: Tx,
    scene: Scene,
    *,
    helix: str | None = None,
    territory: Sequence[str] = (),
    functions: Sequence[str] = (),
) -> UUID:
    """Register an organisation that was not there before, mostly inside a territory."""
    number = scene.memory["organisations"] = scene.memory.get("organisations", 0) + 1
    places = tuple(territory) or scene.plan.programme.territory
    outside = not places or scene.likely(ELSEWHERE)
    return register_organisation(
        tx,
        made_up.organisation_name(scene.dice, number),
        identifier=f"R-{number:06d}",
        identifier_kind=scene.naming.identifier_kind,
        legal_form="limited_company",
        country=scene.plan.programme.country,
        nuts="FI1C1" if outside else scene.dice.choice(places),
        helix=helix or HELICES[number % len(HELICES)],
        functions=functions,
    )


def representative(tx: Tx, scene: Scene, organisation_id: UUID) -> Person:
    """Register somebody who belongs to an organisation; most may sign for it."""
    person = newcomer(tx, scene)
    assert person.user_id is not None
    join_organisation(tx, person.user_id, organisation_id, authorised=scene.likely(90))
    return Person(person.user_id, organisation_id)
