"""Before the story begins: organisations, people and their roles, and the drafts of the calls."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from grantflow.domain.calls.plan import CallPlan
from grantflow.services.calls.loading import load_call
from grantflow.services.demo.people import address_of
from grantflow.services.demo.script import DraftedCall, Script
from grantflow.services.demo.stage import Stage
from grantflow.services.people.registering import join_organisation, register_organisation, register_person
from grantflow.services.people.roles import grant_role
from grantflow.services.programmes.setting_up import appoint_delegate, body_named, set_up_programme, take_seat
from grantflow.store.session import Tx

IDENTIFIER_KIND = "DEMO"
"""The kind of the numbers of invented organisations: never one that a real one has."""
AHEAD = timedelta(weeks=5)
"""How far ahead of today the first date of a call lies that is there as a draft."""


def set_the_stage(stage: Stage, script: Script) -> None:
    """Register everybody, and set up the programmes with their people."""
    stage.begin(script.begins)
    with stage.acting(None) as tx:
        for one in script.organisations:
            stage.organisations[one["name"]] = organisation(
                tx,
                one["name"],
                one["town"],
                one["nuts"],
                one["helix"],
                one["legal_form"],
                functions=one["functions"],
            )
        for person in script.people:
            user_id = register_person(tx, address_of(person.name), person.name, language=person.language)
            stage.people[person.name] = user_id
            if person.organisation is not None:
                join_organisation(tx, user_id, stage.organisations[person.organisation], authorised=True)
        prefixes = set()
        for plan in (*(call.plan for call in script.calls), *script.drafts):
            if plan.programme.ref_prefix not in prefixes:
                prefixes.add(plan.programme.ref_prefix)
                _set_up(tx, stage, script, plan)


def _set_up(tx: Tx, stage: Stage, script: Script, plan: CallPlan) -> None:
    """Set up the programme of a call and give everybody their role in it; seats bring the role of their body."""
    programme_id = set_up_programme(tx, plan.programme)
    by_body = {body.role for body in plan.programme.bodies}
    by_delegation = {body.delegate_role for body in plan.programme.bodies}
    for person in script.people:
        if person.role is not None and person.role not in by_body | by_delegation:
            grant_role(tx, person.role, programme_id, user_id=stage.people[person.name])
    for body in plan.programme.bodies:
        body_id = body_named(tx, programme_id, body.name)
        stage.records[f"{plan.programme.ref_prefix}/{body.name}"] = body_id
        for person in script.people:
            if person.seat is not None and person.role == body.role:
                take_seat(tx, body_id, stage.people[person.name], person.seat)  # type: ignore[arg-type]  # one of the kinds of seats
            if person.role is not None and person.role == body.delegate_role:
                appoint_delegate(tx, body_id, stage.people[person.name])


def draft(stage: Stage, script: Script, calls: Sequence[DraftedCall]) -> None:
    """Let the manager draft calls with the dates that the story gives them, and those that are nothing but drafts."""
    for call in calls:
        (only,) = call.plan.stages
        dates = {
            name: stage.moment(day, at).astimezone(stage.zone).replace(tzinfo=None)
            for name, (day, at) in call.dates.items()
        }
        plan = replace(call.plan, stages=(replace(only, dates=dates),))
        with stage.acting(script.manager) as tx:
            stage.records[plan.slug] = load_call(tx, plan).case_id


def draft_the_next(stage: Stage, script: Script) -> None:
    """Let the manager draft the calls that are published next; whole weeks keep the days of the week."""
    for plan in script.drafts:
        weeks = (stage.today + AHEAD - plan.first_date) // timedelta(weeks=1)
        with stage.acting(script.manager) as tx:
            stage.records[plan.slug] = load_call(tx, plan.moved(timedelta(weeks=weeks))).case_id


def organisation(
    tx: Tx,
    name: str,
    town: str,
    nuts: str,
    helix: str,
    legal_form: str,
    *,
    functions: Sequence[str] = (),
) -> UUID:
    """Register an organisation under a number that is made of its name."""
    folded = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    number = "-".join("".join(char if char.isalnum() else " " for char in folded).split())
    return register_organisation(
        tx,
        name,
        identifier=number,
        identifier_kind=IDENTIFIER_KIND,
        legal_form=legal_form,
        country="SE",
        nuts=nuts,
        town=town,
        helix=helix,
        functions=functions,
    )
