"""A call's plan becomes a draft call: the record, its stages, dates and windows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from grantflow.domain.calls.plan import CallPlan, WindowPlan
from grantflow.domain.refusal import refuse
from grantflow.domain.time import LocalTime
from grantflow.services.cases import Created, compiled, create
from grantflow.services.people.roles import works_for
from grantflow.services.programmes.setting_up import body_named, set_up_programme
from grantflow.store.calls.facts import LOCAL
from grantflow.store.calls.ledger import Movement, enter
from grantflow.store.calls.models import Call, CallDate, FunderWindow, Stage
from grantflow.store.people.models import RoleGrant
from grantflow.store.programmes.models import Funder
from grantflow.store.session import Tx


def load_call(tx: Tx, plan: CallPlan) -> Created:
    """Make a draft call of a plan, setting up its programme where it is new.

    Raises:
        Refused: a call of that name is there, the one it continues is not, or the actor may not begin calls of this programme.
    """
    programme_id = set_up_programme(tx, plan.programme)
    if tx.session.scalar(select(Call.id).where(Call.slug == plan.slug)) is not None:
        raise refuse("slug_taken", "There is a call “%(slug)s” already.", "slug", slug=plan.slug)
    earlier = _earlier(tx, plan, programme_id)
    root = compiled(tx, plan.scheme, plan.version).root.lifecycle
    role = _role(tx, programme_id, root.creation.by)

    def record(case_id: UUID) -> None:
        tx.session.add(_call(plan, case_id, programme_id, earlier))
        tx.flush()
        _add_stages(tx, plan, case_id)
        _add_dates(tx, plan, case_id)

    prefix = f"{plan.programme.ref_prefix}-{tx.now.year}"
    made = create(tx, root.name, scheme=(plan.scheme, plan.version), prefix=prefix, record=record, role=role)
    _open_windows(tx, plan, made, programme_id)
    return made


def _role(tx: Tx, programme_id: UUID, by: tuple[str, ...]) -> str:
    if tx.actor.is_system:
        return by[0]
    held = select(RoleGrant.role).where(
        RoleGrant.scope_id == programme_id,
        RoleGrant.user_id == tx.actor.user_id,
        (RoleGrant.ended_at.is_(None)) | (RoleGrant.ended_at > tx.now),
    )
    roles = set(tx.session.scalars(held)) if works_for(tx, programme_id) else set()
    for role in by:
        if role in roles:
            return role
    raise refuse("wrong_role", "This is not yours to begin.")


def _earlier(tx: Tx, plan: CallPlan, programme_id: UUID) -> UUID | None:
    """Return the call that a plan continues, if it continues one."""
    if plan.continues is None:
        return None
    of_programme = select(Call.id).where(
        Call.slug == plan.continues, Call.programme_id == programme_id, Call.has_lab == 1
    )
    earlier = tx.session.scalar(of_programme)
    if earlier is None:
        raise refuse(
            "no_earlier_call",
            "There is no call “%(slug)s” with a lab in this programme that this one could continue.",
            "continues",
            slug=plan.continues,
        )
    return earlier


def _call(plan: CallPlan, case_id: UUID, programme_id: UUID, continues_id: UUID | None) -> Call:
    return Call(
        id=case_id,
        programme_id=programme_id,
        slug=plan.slug,
        title=dict(plan.title),
        summary=dict(plan.summary),
        language=plan.language,
        zone=plan.programme.zone,
        currency=plan.currency,
        has_lab=int(plan.has_lab),
        continues_id=continues_id,
        stage=1,
        parameters=dict(plan.parameters),
        days_off=[day.isoformat() for day in plan.days_off],
        pins={},
        file=as_plain(_plain(plan)),
    )


def _plain(plan: CallPlan) -> dict[str, Any]:
    """Return a plan as plain data; forms write themselves, so that choices keep their order."""
    stages = [{**asdict(stage), "form": stage.form.as_json()} for stage in plan.stages]
    return {**asdict(plan), "stages": stages}


def _add_stages(tx: Tx, plan: CallPlan, call_id: UUID) -> None:
    for number, stage in enumerate(plan.stages, 1):
        rubric = stage.rubric
        row = Stage(
            call_id=call_id,
            number=number,
            title=dict(stage.title),
            form=stage.form.name,
            form_version=stage.form.version,
            rubric=None if rubric is None else rubric.name,
            rubric_version=None if rubric is None else rubric.version,
            gate={} if stage.completed_stage is None else {"completed_stage": stage.completed_stage},
            pass_mark=stage.pass_mark,
        )
        tx.session.add(row)


def _add_dates(tx: Tx, plan: CallPlan, call_id: UUID) -> None:
    zone = plan.programme.zone
    for number, stage in enumerate(plan.stages, 1):
        for name, local in stage.dates.items():
            at = LocalTime(local, zone).instant
            row = CallDate(
                call_id=call_id, stage=number, name=name, local=local.strftime(LOCAL), zone=zone, at=at
            )
            tx.session.add(row)


def _open_windows(tx: Tx, plan: CallPlan, made: Created, programme_id: UUID) -> None:
    funders = {
        funder.name: funder.id
        for funder in tx.session.scalars(select(Funder).where(Funder.programme_id == programme_id))
    }
    movements = []
    for number, stage in enumerate(plan.stages, 1):
        for window in stage.windows:
            row = _window(tx, plan, window, made.case_id, number)
            row.funder_id = funders[window.funder]
            row.body_id = body_named(tx, programme_id, window.body)
            tx.session.add(row)
            movements.append(Movement(row.id, None, "envelope", made.entry_id, envelope=window.envelope))
    tx.flush()
    enter(tx, movements)
    tx.forget()


def _window(tx: Tx, plan: CallPlan, window: WindowPlan, call_id: UUID, stage: int) -> FunderWindow:
    """Return a window without money: its envelope comes with its first entry in the ledger."""
    return FunderWindow(
        id=tx.new_id(),
        call_id=call_id,
        stage=stage,
        name=window.name,
        currency=plan.currency,
        envelope=0,
        reserved=0,
        committed=0,
        released=0,
        paid=0,
        minimum=window.minimum,
        maximum=window.maximum,
        rate=window.rate,
        territory=list(window.territory),
        aid_basis=window.aid_basis,
        grant_date=window.grant_date,
        remedy={"kind": window.remedy.kind, "to": window.remedy.to, "days": window.remedy.days},
    )


def as_plain(value: Any) -> Any:
    """Return nested values as JSON keeps them: dates as text, tuples as lists."""
    if isinstance(value, datetime):
        return value.strftime(LOCAL)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): as_plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [as_plain(each) for each in value]
    return value
