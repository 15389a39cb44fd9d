"""The plan of a call file in which nothing is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from grantflow.domain.calls.forms import Form
from grantflow.domain.calls.plan import Assumption, CallPlan, ChallengePlan, Remedy, StagePlan, WindowPlan
from grantflow.domain.programmes.plan import BodyPlan, FunderPlan, PriorityPlan, ProgrammePlan
from grantflow.services.calls.papers import LoadedRubric, assumption, words
from grantflow.services.calls.shape import Given
from grantflow.workflow.document import Entry

Version = tuple[str, int]


def plan_of(
    entry: Entry,
    parameters: Mapping[str, Any],
    forms: Mapping[Version, Form],
    rubrics: Mapping[Version, LoadedRubric],
) -> CallPlan:
    """Return the plan that a call file describes, with the forms and rubrics that it names."""
    stages = tuple(_stage_plan(stage, forms, rubrics) for stage in entry["stages"])
    return CallPlan(
        scheme=str(entry["scheme"]),
        version=entry["version"],
        slug=str(entry["slug"]),
        language=str(entry["language"]),
        currency=str(entry["currency"]),
        title=words(entry["title"]),
        summary=words(entry["summary"]),
        programme=_programme_plan(entry["programme"]),
        challenge=_challenge_plan(entry["challenge"]),
        continues=None if entry["continues"] is None else str(entry["continues"]),
        parameters=dict(parameters),
        stages=stages,
        days_off=_days_off(str(entry["programme"]["country"]), stages),
        assumptions=tuple(_assumptions(entry, rubrics)),
    )


def _programme_plan(programme: Entry) -> ProgrammePlan:
    return ProgrammePlan(
        name=words(programme["name"]),
        agency=str(programme["agency"]),
        ref_prefix=str(programme["ref_prefix"]),
        zone=str(programme["zone"]),
        country=str(programme["country"]),
        territory=tuple(map(str, programme["territory"])),
        funders=tuple(FunderPlan(str(one["name"]), str(one["country"])) for one in programme["funders"]),
        bodies=tuple(_body_plan(body) for body in programme["bodies"]),
        priorities=tuple(
            PriorityPlan(str(one["code"]), words(one["title"])) for one in programme["priorities"]
        ),
    )


def _challenge_plan(challenge: Entry | None) -> ChallengePlan | None:
    if challenge is None:
        return None
    wanted = {str(helix): given.value for helix, given in challenge["wanted"].items()}
    return ChallengePlan(words(challenge["question"]), words(challenge["why_now"]), wanted)


def _stage_plan(
    stage: Entry, forms: Mapping[Version, Form], rubrics: Mapping[Version, LoadedRubric]
) -> StagePlan:
    form = forms[str(stage["form"]), stage["form_version"]]
    rubric = None
    if stage["rubric"] is not None:
        rubric = rubrics[str(stage["rubric"]), stage["rubric_version"]].rubric
    own = stage["pass_mark"]
    return StagePlan(
        title=words(stage["title"]),
        dates={str(name): given.value for name, given in stage["dates"].items()},
        form=form,
        rubric=rubric,
        pass_mark=own.value if own is not None else rubric.pass_mark if rubric is not None else 0,
        completed_stage=None if stage["gate"] is None else stage["gate"]["completed_stage"],
        windows=tuple(_window_plan(window) for window in stage["windows"]),
    )


def _assumptions(entry: Entry, rubrics: Mapping[Version, LoadedRubric]) -> Iterator[Assumption]:
    for name, given in entry["parameters"].items():
        if given.assumed is not None:
            text = getattr(given.value, "text", given.value)
            yield Assumption(f"parameters.{name}", str(text), given.assumed, given.place.line)
    for body in entry["programme"]["bodies"]:
        yield from _assumed(body, f"bodies.{body['name']}")
    if entry["challenge"] is not None:
        for helix, given in entry["challenge"]["wanted"].items():
            yield from assumption(f"challenge.wanted.{helix}", given)
    for number, stage in enumerate(entry["stages"], 1):
        where = f"stages.{number}"
        yield from _assumed(stage, where)
        for name, given in stage["dates"].items():
            yield from assumption(f"{where}.dates.{name}", given)
        for window in stage["windows"]:
            yield from _assumed(window, f"{where}.{window['name']}")
            yield from assumption(f"{where}.{window['name']}.remedy", window["remedy"]["kind"])
    for rubric in rubrics.values():
        yield from rubric.assumptions


def _assumed(entry: Entry, where: str) -> Iterator[Assumption]:
    for key in entry:
        given = entry[key]
        if isinstance(given, Given):
            if key == "rate":  # read as basis points, told as it was written
                given = replace(given, value=f"{given.value / 100:g} %")
            yield from assumption(f"{where}.{key}", given)


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, str) else value


def _body_plan(body: Entry) -> BodyPlan:
    delegated = body["delegate_up_to"]
    return BodyPlan(
        name=str(body["name"]),
        title=words(body["title"]),
        role=str(body["role"]),
        seats=body["seats"].value,
        quorum=body["quorum"].value,
        delegate_role=None if body["delegate_role"] is None else str(body["delegate_role"]),
        delegate_up_to=0 if delegated is None else delegated.value.amount,
    )


def _window_plan(window: Entry) -> WindowPlan:
    remedy = window["remedy"]
    return WindowPlan(
        name=str(window["name"]),
        funder=str(window["funder"]),
        body=str(window["body"]),
        envelope=window["envelope"].value.amount,
        minimum=window["minimum"].value.amount,
        maximum=window["maximum"].value.amount,
        rate=window["rate"].value,
        territory=tuple(map(str, window["territory"].value)) if window["territory"] is not None else (),
        aid_basis=_plain(window["aid_basis"].value),
        grant_date=_plain(window["grant_date"].value),
        remedy=Remedy(
            _plain(remedy["kind"].value), None if remedy["to"] is None else str(remedy["to"]), remedy["days"]
        ),
    )


def _days_off(country: str, stages: tuple[StagePlan, ...]) -> tuple[date, ...]:
    """Return the public holidays from a year before the first date to three years after the last."""
    every: list[datetime] = [local for stage in stages for local in stage.dates.values()]
    if not every:
        return ()
    try:
        return holidays_of(country, tuple(range(min(every).year - 1, max(every).year + 4)))
    except NotImplementedError:
        return ()


@lru_cache(maxsize=64)
def holidays_of(country: str, years: tuple[int, ...]) -> tuple[date, ...]:
    """Return the public holidays of a country on working days.

    Raises:
        NotImplementedError: they are not known.
    """
    import holidays  # noqa: PLC0415 - takes a tenth of a second that only reading a call file should cost

    saturday = 5  # weekends are no working days anyway, and some calendars list every Sunday
    found = holidays.country_holidays(country, years=years)
    return tuple(sorted(day for day in found if day.weekday() < saturday))
