"""What everybody may know of calls: state, dates, money, and what was decided once it is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypedDict
from uuid import UUID

from sqlalchemy import func, select

from grantflow.domain.calls.rubrics import Rubric
from grantflow.domain.money import Money
from grantflow.domain.words import in_language
from grantflow.services.cases import schemes
from grantflow.store.calls.models import Call, CallDate, FunderWindow, Stage
from grantflow.store.calls.visible import public_calls, shown_to_public
from grantflow.store.cases import CaseRow
from grantflow.store.programmes.models import Funder, Programme
from grantflow.store.session import Tx
from grantflow.workflow.model import Lifecycle, Scheme, State

Tone = Literal["neutral", "info", "success", "warning", "danger"]
When = Literal["done", "now", "later"]


@dataclass(frozen=True, slots=True)
class ShownState:
    """Where something stands, for the reader's eye: words, and the tone of the tag that carries them."""

    label: str
    tone: Tone
    phase: str


@dataclass(frozen=True, slots=True)
class ShownDate:
    """A date of a call, named by the scheme."""

    name: str
    label: str
    about: str
    at: datetime
    past: bool


@dataclass(frozen=True, slots=True)
class CallLine:
    """A call in the list on the first page."""

    slug: str
    ref: str
    title: str
    agency: str
    zone: str
    state: ShownState
    next_date: ShownDate | None
    money: tuple[Money, ...]


@dataclass(frozen=True, slots=True)
class PhaseStep:
    """A phase on the path of a call."""

    label: str
    when: When


@dataclass(frozen=True, slots=True)
class ShownCriterion:
    """By what applications are weighed, and how much it counts."""

    title: str
    about: str
    weight: int


@dataclass(frozen=True, slots=True)
class StageView:
    """A stage of a call with its dates in their order."""

    number: int
    title: str
    current: bool
    dates: tuple[ShownDate, ...]
    rubric: str = ""
    criteria: tuple[ShownCriterion, ...] = ()


@dataclass(frozen=True, slots=True)
class WindowView:
    """A pot of money: whose, how much, on which terms, and how much of it is granted and paid."""

    id: UUID
    name: str
    funder: str
    stage: int
    envelope: Money
    granted: Money
    paid: Money
    minimum: Money | None
    maximum: Money | None
    rate: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many applications ended how, as far as it is told."""

    name: Literal["received", "granted", "reserve", "refused", "ineligible", "withdrawn"]
    count: int


@dataclass(frozen=True, slots=True)
class CallPage:
    """Everything on the public page of a call."""

    id: UUID
    slug: str
    ref: str
    title: str
    summary: str
    agency: str
    programme: str
    zone: str
    scheme: str
    version: int
    scheme_title: str
    root: str
    state: ShownState
    path: tuple[PhaseStep, ...]
    stages: tuple[StageView, ...]
    windows: tuple[WindowView, ...]
    outcomes: tuple[Outcome, ...]
    takes_applications: bool = False
    """Whether one can begin an application now."""
    has_lab: bool = False


def known_calls(tx: Tx, language: str) -> tuple[CallLine, ...]:
    """Return every call that everybody may know of, those that are open first."""
    rows = tx.session.execute(
        select(CaseRow, Call, Programme.agency)
        .join(Call, Call.id == CaseRow.id)
        .join(Programme, Programme.id == Call.programme_id)
        .where(public_calls(tx))
        .order_by(CaseRow.created_at.desc(), CaseRow.id)
    ).all()
    dates = _dates(tx, [row[0].id for row in rows])
    money = _envelopes(tx, [row[0].id for row in rows])
    lines = [_line(tx, row, language, dates, money) for row in rows]
    return tuple(sorted(lines, key=lambda line: line.state.tone != "success"))


def call_page(tx: Tx, slug: str, language: str) -> CallPage | None:
    """Return the public page of a call, or nothing where there is none that everybody may know of."""
    row = tx.session.execute(
        select(CaseRow, Call, Programme)
        .join(Call, Call.id == CaseRow.id)
        .join(Programme, Programme.id == Call.programme_id)
        .where(Call.slug == slug, public_calls(tx))
    ).one_or_none()
    if row is None:
        return None
    case, call, programme = row
    scheme = schemes.compiled(tx, case.scheme, case.version).scheme
    lifecycle = scheme.lifecycles[case.lifecycle]
    state = shown_to_public(scheme, lifecycle, case.state)
    stages = tuple(_stages(tx, scheme, call, language))
    return CallPage(
        id=call.id,
        slug=call.slug,
        ref=case.ref,
        title=in_language(call.title, language, call.language),
        summary=in_language(call.summary or {}, language, call.language),
        agency=programme.agency,
        programme=in_language(programme.name, language, call.language),
        zone=call.zone,
        has_lab=bool(call.has_lab),
        scheme=scheme.name,
        version=scheme.version,
        scheme_title=scheme.title,
        root=lifecycle.name,
        state=_shown(scheme, lifecycle, state),
        path=tuple(_path(scheme, lifecycle, state)),
        stages=stages,
        windows=tuple(_windows(tx, call)),
        outcomes=tuple(_outcomes(tx, scheme, call.id)),
        takes_applications=_takes_applications(scheme, state) and not _is_over(scheme, stages),
    )


def _line(
    tx: Tx,
    row: Any,
    language: str,
    dates: Mapping[UUID, Sequence[CallDate]],
    money: Mapping[UUID, tuple[Money, ...]],
) -> CallLine:
    case, call, agency = row
    scheme = schemes.compiled(tx, case.scheme, case.version).scheme
    lifecycle = scheme.lifecycles[case.lifecycle]
    ahead = [date for date in dates.get(call.id, ()) if date.at > tx.now and date.stage >= call.stage]
    return CallLine(
        slug=call.slug,
        ref=case.ref,
        title=in_language(call.title, language, call.language),
        agency=agency,
        zone=call.zone,
        state=_shown(scheme, lifecycle, shown_to_public(scheme, lifecycle, case.state)),
        next_date=_date(scheme, ahead[0], tx.now) if ahead else None,
        money=money.get(call.id, ()),
    )


def _dates(tx: Tx, calls: Sequence[UUID]) -> dict[UUID, list[CallDate]]:
    found: dict[UUID, list[CallDate]] = {}
    listed = select(CallDate).where(CallDate.call_id.in_(calls)).order_by(CallDate.at, CallDate.name)
    for date in tx.session.execute(listed).scalars():
        found.setdefault(date.call_id, []).append(date)
    return found


def _envelopes(tx: Tx, calls: Sequence[UUID]) -> dict[UUID, tuple[Money, ...]]:
    summed = (
        select(FunderWindow.call_id, FunderWindow.currency, func.sum(FunderWindow.envelope))
        .where(FunderWindow.call_id.in_(calls))
        .group_by(FunderWindow.call_id, FunderWindow.currency)
        .order_by(FunderWindow.call_id, FunderWindow.currency)
    )
    found: dict[UUID, tuple[Money, ...]] = {}
    rows = tx.session.execute(summed)
    for call_id, currency, envelope in rows:
        found[call_id] = (*found.get(call_id, ()), Money(int(envelope), currency))
    return found


def _takes_applications(scheme: Scheme, state: State) -> bool:
    return any(
        each.record == "application" and state.name in each.creation.during
        for each in scheme.lifecycles.values()
    )


def _is_over(scheme: Scheme, stages: Iterable[StageView]) -> bool:
    """Whether the deadline of the present stage has passed: what comes now came on paper, and the office enters it."""
    deadline = scheme.date_that_means("deadline")
    return any(
        date.name == deadline and date.past for stage in stages if stage.current for date in stage.dates
    )


def _date(scheme: Scheme, date: CallDate, now: datetime) -> ShownDate:
    known = scheme.dates.get(date.name)
    return ShownDate(
        name=date.name,
        label=spelled(date.name),
        about=known.about if known else "",
        at=date.at,
        past=date.at <= now,
    )


def spelled(name: str) -> str:
    """Return a name as words: `submission_deadline` as “Submission deadline”."""
    return name.replace("_", " ").capitalize()


def _shown(scheme: Scheme, lifecycle: Lifecycle, state: State) -> ShownState:
    phase = scheme.phases[state.phase].label if state.phase in scheme.phases else ""
    return ShownState(_public_label(state), _tone(lifecycle, state), phase)


def _public_label(state: State) -> str:
    return state.labels.get("public", state.label)


def _tone(lifecycle: Lifecycle, state: State) -> Tone:
    if "cancelled" in state.tags:
        return "danger"
    if "suspended" in state.tags:
        return "warning"
    if "open" in state.tags:
        return "success"
    return "neutral" if state.name in lifecycle.final else "info"


def _path(scheme: Scheme, lifecycle: Lifecycle, state: State) -> Iterable[PhaseStep]:
    """Yield the phases through which calls of this scheme go; which are done follows from where the call is."""
    used = {each.phase for each in lifecycle.states.values()}
    phases = [phase for phase in scheme.phases.values() if phase.name in used]
    now = next((at for at, phase in enumerate(phases) if phase.name == state.phase), 0)
    ended = state.name in lifecycle.final
    for at, phase in enumerate(phases):
        yield PhaseStep(phase.label, "done" if at < now or ended else "now" if at == now else "later")


def _stages(tx: Tx, scheme: Scheme, call: Call, language: str) -> Iterable[StageView]:
    dates = _dates(tx, [call.id]).get(call.id, [])
    found = select(Stage).where(Stage.call_id == call.id).order_by(Stage.number)
    for stage in tx.session.execute(found).scalars():
        yield StageView(
            number=stage.number,
            title=in_language(stage.title, language, call.language),
            current=stage.number == call.stage,
            dates=tuple(_date(scheme, date, tx.now) for date in dates if date.stage == stage.number),
            **_weighed(call, stage.number, language),
        )


class _Weighed(TypedDict, total=False):
    rubric: str
    criteria: tuple[ShownCriterion, ...]


def _weighed(call: Call, stage: int, language: str) -> _Weighed:
    """Return the rubric of a stage as everybody reads it; nothing where nothing is weighed."""
    stages = (call.file or {}).get("stages", ())
    text = stages[stage - 1].get("rubric") if len(stages) >= stage else None
    if text is None:
        return {}
    rubric = Rubric.from_json(text)
    return {
        "rubric": in_language(rubric.title, language, rubric.language),
        "criteria": tuple(
            ShownCriterion(
                in_language(each.title, language, rubric.language),
                in_language(each.help, language, rubric.language),
                each.weight,
            )
            for each in rubric.criteria
        ),
    }


def _windows(tx: Tx, call: Call) -> Iterable[WindowView]:
    found = (
        select(FunderWindow, Funder.name)
        .join(Funder, Funder.id == FunderWindow.funder_id)
        .where(FunderWindow.call_id == call.id)
        .order_by(FunderWindow.stage, FunderWindow.name)
    )
    rows = tx.session.execute(found)
    for window, funder in rows:
        yield WindowView(
            id=window.id,
            name=spelled(window.name),
            funder=funder,
            stage=window.stage,
            envelope=Money(window.envelope, window.currency),
            granted=Money(window.committed, window.currency),
            paid=Money(window.paid, window.currency),
            minimum=Money(window.minimum, window.currency) if window.minimum else None,
            maximum=Money(window.maximum, window.currency) if window.maximum else None,
            rate=window.rate,
        )


_NAMES: tuple[tuple[str, Literal["granted", "reserve", "refused", "ineligible", "withdrawn"]], ...] = (
    ("withdrawn", "withdrawn"),
    ("ineligible", "ineligible"),
    ("funded", "granted"),
    ("reserve", "reserve"),
    ("refused", "refused"),
)
"""Which tag of a state means which outcome; the first that fits, so that each application counts once."""


def _outcomes(tx: Tx, scheme: Scheme, call_id: UUID) -> Iterable[Outcome]:
    """Yield the outcomes as everybody may see them; nothing at all before the first is told."""
    lifecycle = next((each for each in scheme.lifecycles.values() if each.record == "application"), None)
    if lifecycle is None:
        return
    counted = (
        select(CaseRow.state, func.count())
        .where(CaseRow.call_id == call_id, CaseRow.lifecycle == lifecycle.name)
        .group_by(CaseRow.state)
    )
    numbers: dict[str, int] = {}
    received = 0
    rows = tx.session.execute(counted)
    for state, count in rows:
        tags = shown_to_public(scheme, lifecycle, state).tags
        if not tags & {"started", "not_submitted"}:
            received += count
        outcome = next((name for tag, name in _NAMES if tag in tags), None)
        if outcome is not None:
            numbers[outcome] = numbers.get(outcome, 0) + count
    if not numbers.keys() & {"granted", "reserve", "refused"}:
        return
    yield Outcome("received", received)
    for name in ("granted", "reserve", "refused", "ineligible", "withdrawn"):
        if name in numbers:
            yield Outcome(name, numbers[name])
