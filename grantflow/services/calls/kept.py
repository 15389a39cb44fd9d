"""The plan of a call as the call keeps it: what its file said when it was loaded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from grantflow.domain.calls.forms import Form
from grantflow.domain.calls.plan import Assumption, CallPlan, ChallengePlan, Remedy, StagePlan, WindowPlan
from grantflow.domain.calls.rubrics import Rubric
from grantflow.domain.programmes.plan import BodyPlan, FunderPlan, PriorityPlan, ProgrammePlan
from grantflow.store.calls.facts import LOCAL
from grantflow.store.calls.models import Call
from grantflow.store.session import Tx


def kept_plan(tx: Tx, call_id: UUID) -> CallPlan:
    """Return the plan of a call, as `load_call` was given it."""
    return from_plain(tx.execute(select(Call.file).where(Call.id == call_id)).scalar_one())


def from_plain(plain: Mapping[str, Any]) -> CallPlan:
    """Return the plan that `as_plain` wrote."""
    values = dict(plain)
    values["programme"] = _programme(values["programme"])
    challenge = values["challenge"]
    values["challenge"] = None if challenge is None else ChallengePlan(**challenge)
    values["stages"] = tuple(_stage(stage) for stage in values["stages"])
    values["days_off"] = tuple(date.fromisoformat(day) for day in values["days_off"])
    values["assumptions"] = tuple(Assumption(**each) for each in values["assumptions"])
    return CallPlan(**values)


def _programme(plain: Mapping[str, Any]) -> ProgrammePlan:
    values = dict(plain)
    values["territory"] = tuple(values["territory"])
    values["funders"] = tuple(FunderPlan(**each) for each in values["funders"])
    values["bodies"] = tuple(BodyPlan(**each) for each in values["bodies"])
    values["priorities"] = tuple(PriorityPlan(**each) for each in values["priorities"])
    return ProgrammePlan(**values)


def _stage(plain: Mapping[str, Any]) -> StagePlan:
    values = dict(plain)
    values["dates"] = {
        name: datetime.strptime(local, LOCAL)  # noqa: DTZ007 - local words; the zone is the programme's
        for name, local in values["dates"].items()
    }
    values["form"] = Form.from_json(values["form"])
    values["rubric"] = None if values["rubric"] is None else Rubric.from_json(values["rubric"])
    values["windows"] = tuple(_window(window) for window in values["windows"])
    return StagePlan(**values)


def _window(plain: Mapping[str, Any]) -> WindowPlan:
    values = dict(plain)
    values["territory"] = tuple(values["territory"])
    values["remedy"] = Remedy(**values["remedy"])
    return WindowPlan(**values)
