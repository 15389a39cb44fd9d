"""A call as its file describes it, before it is a record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal

from grantflow.domain.calls.forms import Form
from grantflow.domain.calls.rubrics import Rubric
from grantflow.domain.programmes.plan import ProgrammePlan
from grantflow.domain.time import LocalTime
from grantflow.domain.words import Words

AidBasis = Literal["no_aid", "de_minimis", "block_exemption", "notified_scheme", "procurement"]
GrantDate = Literal["decision", "notification", "signature"]
RemedyKind = Literal["none", "correction", "reconsideration", "appeal"]

AID_BASES: tuple[AidBasis, ...] = (
    "no_aid",
    "de_minimis",
    "block_exemption",
    "notified_scheme",
    "procurement",
)
GRANT_DATES: tuple[GrantDate, ...] = ("decision", "notification", "signature")
REMEDIES: tuple[RemedyKind, ...] = ("none", "correction", "reconsideration", "appeal")


@dataclass(frozen=True, slots=True)
class Assumption:
    """A value that nobody has published: where it stands in the file, what it is, why it was taken."""

    where: str
    value: str
    reason: str
    line: int


@dataclass(frozen=True, slots=True)
class Remedy:
    """What can be done against a decision (process rule P2)."""

    kind: RemedyKind
    to: str | None = None
    days: int | None = None


@dataclass(frozen=True, slots=True)
class WindowPlan:
    """A pot of one funder in one stage; amounts in minor units of the call's currency."""

    name: str
    funder: str
    body: str
    envelope: int
    minimum: int
    maximum: int
    rate: int
    territory: tuple[str, ...]
    aid_basis: AidBasis
    grant_date: GrantDate
    remedy: Remedy


@dataclass(frozen=True, slots=True)
class StagePlan:
    """A stage with its dates, its form, how it is scored, and who may enter it."""

    title: Words
    dates: Mapping[str, datetime]
    form: Form
    rubric: Rubric | None
    pass_mark: int
    completed_stage: int | None
    """Only holders who completed that stage may apply in this one."""
    windows: tuple[WindowPlan, ...]


@dataclass(frozen=True, slots=True)
class ChallengePlan:
    """What a lab is about."""

    question: Words
    why_now: Words
    wanted: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class CallPlan:
    """Everything that a call's file says."""

    scheme: str
    version: int
    slug: str
    language: str
    currency: str
    title: Words
    summary: Words
    programme: ProgrammePlan
    challenge: ChallengePlan | None
    continues: str | None
    """The earlier call of the same programme whose adopted frame binds this one too: a further round of its fund."""
    parameters: Mapping[str, Any]
    stages: tuple[StagePlan, ...]
    days_off: tuple[date, ...]
    assumptions: tuple[Assumption, ...]

    @property
    def has_lab(self) -> bool:
        """Whether a challenge lab comes before the money."""
        return self.challenge is not None

    def date(self, name: str, stage: int = 1) -> datetime:
        """Return the instant of a date of a stage.

        Raises:
            KeyError: the stage does not set it.
        """
        return LocalTime(self.stages[stage - 1].dates[name], self.programme.zone).instant

    @property
    def first_date(self) -> datetime:
        """The earliest of all dates, as an instant."""
        return min(
            self.date(name, number) for number, stage in enumerate(self.stages, 1) for name in stage.dates
        )

    def moved(self, by: timedelta) -> CallPlan:
        """Return the same call with every date moved: for a demo that must lie around today, and for rehearsals.

        Whole weeks keep the days of the week. Public holidays stay where they are.
        """
        stages = tuple(
            replace(stage, dates={name: local + by for name, local in stage.dates.items()})
            for stage in self.stages
        )
        return replace(self, stages=stages)
