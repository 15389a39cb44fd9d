"""The officer's overview of a round of reviews: how far each application is, who is late, where reviewers contradict."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import and_, false, func, or_, select

from grantflow.domain.calls.rubrics import Rubric
from grantflow.domain.reviews.ranking import lies_wide, spread, total_of
from grantflow.domain.time import Span
from grantflow.domain.words import in_language
from grantflow.services.applications.rights import Place, place
from grantflow.services.cases import schemes
from grantflow.services.reviews.reviewers_page import may_know_readers
from grantflow.services.reviews.wanted import reviews_wanted_in
from grantflow.store.applications.models import Application
from grantflow.store.applications.papers import rubrics_of
from grantflow.store.applications.visibility import visible_below
from grantflow.store.calls.models import Call
from grantflow.store.cases import CaseRow
from grantflow.store.people.models import Organisation, User
from grantflow.store.reviews.models import Review, Score
from grantflow.store.reviews.reading import UP_FOR_ASSESSMENT
from grantflow.store.reviews.visibility import visible_to as review_visible_to
from grantflow.store.session import Tx
from grantflow.workflow.model import Lifecycle

ROWS = 50
LATE_SHOWN = 30


@dataclass(frozen=True, slots=True)
class ReviewCell:
    """One review in the line of its application."""

    ref: str
    reviewer: str
    state: str
    handed_in: bool
    alive: bool
    due: datetime | None
    late: bool
    hundredths: int | None


@dataclass(frozen=True, slots=True)
class OverviewLine:
    """An application and its reviews."""

    ref: str
    title: str
    organisation: str
    reviews: tuple[ReviewCell, ...]
    wanted: int
    spread: int | None
    """In hundredths of a point, where two or more were handed in."""
    wide: bool

    @property
    def counting(self) -> int:
        """How many were handed in and count."""
        return sum(review.handed_in for review in self.reviews)


@dataclass(frozen=True, slots=True)
class LateReview:
    """A review whose time is over; nobody is cut off (P13)."""

    ref: str
    reviewer: str
    application_ref: str
    state: str
    due: datetime


@dataclass(frozen=True, slots=True)
class StateCount:
    """How many reviews are where."""

    label: str
    count: int


@dataclass(frozen=True, slots=True)
class OverviewPage:
    """Everything that the page shows."""

    call_slug: str
    call_ref: str
    call_title: str
    zone: str
    state: str
    wanted: int
    counts: tuple[StateCount, ...]
    late: tuple[LateReview, ...]
    lines: tuple[OverviewLine, ...]
    older: str | None
    """After which reference the next lines come."""


def overview_page(tx: Tx, slug: str, language: str, after: str = "") -> OverviewPage | None:
    """Return the page about a call; nothing where the actor may not know who reviews."""
    call = tx.execute(
        select(CaseRow.ref, Call.__table__).join(Call, Call.id == CaseRow.id).where(Call.slug == slug)
    ).one_or_none()
    if call is None:
        return None
    here = place(tx, call.id)
    if not (here.open or tx.actor.is_system):
        return None
    if not any(each.record == "review" for each in here.scheme.lifecycles.values()):
        return None
    if not may_know_readers(here.scheme, here.roles):
        return None
    parameters = {
        name: call.parameters.get(name, each.default) for name, each in here.scheme.parameters.items()
    }
    reviewing = here.scheme.of_record("review")
    clock = _Clock(
        tx.now, reviewing, parameters, ZoneInfo(call.zone), frozenset(map(date.fromisoformat, call.days_off))
    )
    wanted = reviews_wanted_in(here.scheme, parameters)
    applying = here.scheme.of_record("application")
    rows = _applications(tx, here, applying, after)
    shown = rows[:ROWS]
    rubrics = rubrics_of(tx, {(call.id, row.stage) for row in shown})
    cells = _cells(
        tx, [row.id for row in shown], clock, {row.id: rubrics[call.id, row.stage][0] for row in shown}
    )
    return OverviewPage(
        slug,
        call.ref,
        in_language(call.title, language, call.language),
        call.zone,
        here.state.label,
        wanted,
        tuple(_counts(tx, call.id, reviewing)),
        tuple(_late(tx, call.id, clock)),
        tuple(_line(row, cells[row.id], wanted) for row in shown),
        shown[-1].ref if len(rows) > ROWS else None,
    )


@dataclass(frozen=True, slots=True)
class _Clock:
    """Tells when the time of a review is over, by the timers that remind when it is."""

    now: datetime
    lifecycle: Lifecycle
    parameters: Mapping[str, Any]
    zone: ZoneInfo
    days_off: frozenset[date]

    def spans(self, state: str) -> list[Span]:
        return [
            schemes.span(timer.after, self.parameters)
            for timer in self.lifecycle.timers
            if timer.after is not None and timer.minus is None and state in timer.states
        ]

    def due(self, state: str, entered: datetime) -> datetime | None:
        ends = (span.after(entered, self.zone, self.days_off) for span in self.spans(state))
        return min(ends, default=None)

    def cutoffs(self) -> dict[str, datetime]:
        """Return for each state before which moment a review must have entered it to be late now."""
        return {
            state: max(span.before(self.now, self.zone, self.days_off) for span in spans)
            for state in self.lifecycle.states
            if (spans := self.spans(state))
        }


def _applications(tx: Tx, call: Place, applying: Lifecycle, after: str) -> Sequence[Any]:
    found = (
        select(
            CaseRow.id,
            CaseRow.ref,
            Application.title,
            Application.stage,
            Organisation.name.label("organisation"),
        )
        .join(Application, Application.id == CaseRow.id)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .where(
            CaseRow.call_id == call.case.id,
            CaseRow.state.in_(sorted(applying.tagged(*UP_FOR_ASSESSMENT))),
            CaseRow.ref > after,
            visible_below(tx, tx.actor, applying, call.roles),
        )
        .order_by(CaseRow.ref)
        .limit(ROWS + 1)
    )
    return tx.execute(found).all()


def _cells(
    tx: Tx, ids: Sequence[UUID], clock: _Clock, rubrics: Mapping[UUID, Rubric]
) -> dict[UUID, list[tuple[ReviewCell, Fraction | None]]]:
    found = (
        select(
            CaseRow.id,
            CaseRow.ref,
            CaseRow.state,
            CaseRow.entered_at,
            Review.application_id,
            Review.submitted_at,
            User.name,
        )
        .select_from(Review)
        .join(CaseRow, CaseRow.id == Review.id)
        .join(User, User.id == Review.reviewer_id)
        .where(Review.application_id.in_(ids))
        .order_by(CaseRow.ref)
    )
    points: dict[UUID, dict[str, int]] = defaultdict(dict)
    scored = (
        select(Score.review_id, Score.criterion, Score.points)
        .join(Review, Review.id == Score.review_id)
        .where(Review.application_id.in_(ids), Review.submitted_at.is_not(None), Score.points.is_not(None))
    )
    rows = tx.execute(found).all()
    for row in tx.execute(scored):
        points[row.review_id][row.criterion] = row.points
    cells: dict[UUID, list[tuple[ReviewCell, Fraction | None]]] = {each: [] for each in ids}
    for row in rows:
        state = clock.lifecycle.states[row.state]
        counts = "counts" in state.tags and row.submitted_at is not None
        total = total_of(rubrics[row.application_id], points[row.id]) if counts else None
        due = clock.due(row.state, row.entered_at)
        cell = ReviewCell(
            row.ref,
            row.name,
            state.label,
            counts,
            row.state not in clock.lifecycle.final,
            due,
            due is not None and due <= clock.now,
            None if total is None else int(total * 100 + Fraction(1, 2)),
        )
        cells[row.application_id].append((cell, total))
    return cells


def _line(row: Any, cells: Sequence[tuple[ReviewCell, Fraction | None]], wanted: int) -> OverviewLine:
    totals = [total for _, total in cells if total is not None]
    return OverviewLine(
        row.ref,
        row.title,
        row.organisation,
        tuple(cell for cell, _ in cells),
        wanted,
        int(spread(totals) * 100) if len(totals) > 1 else None,
        lies_wide(totals),
    )


def _counts(tx: Tx, call_id: UUID, lifecycle: Lifecycle) -> Iterator[StateCount]:
    found = (
        select(CaseRow.state, func.count().label("reviews"))
        .where(
            CaseRow.call_id == call_id,
            CaseRow.lifecycle == lifecycle.name,
            review_visible_to(tx, tx.actor),
        )
        .group_by(CaseRow.state)
    )
    known: Counter[str] = Counter()
    for row in tx.execute(found):
        known[row.state] = row.reviews
    for name, state in lifecycle.states.items():
        if known[name]:
            yield StateCount(state.label, known[name])


def _late(tx: Tx, call_id: UUID, clock: _Clock) -> Iterator[LateReview]:
    application = CaseRow.__table__.alias("of_application")
    overdue = [
        and_(CaseRow.state == state, CaseRow.entered_at <= moment)
        for state, moment in clock.cutoffs().items()
    ]
    found = (
        select(CaseRow.ref, CaseRow.state, CaseRow.entered_at, User.name, application.c.ref.label("of"))
        .select_from(CaseRow)
        .join(Review, Review.id == CaseRow.id)
        .join(User, User.id == Review.reviewer_id)
        .join(application, application.c.id == Review.application_id)
        .where(
            CaseRow.call_id == call_id,
            CaseRow.lifecycle == clock.lifecycle.name,
            or_(false(), *overdue),
            review_visible_to(tx, tx.actor),
        )
        .order_by(CaseRow.entered_at, CaseRow.ref)
        .limit(LATE_SHOWN)
    )
    for row in tx.execute(found):
        due = clock.due(row.state, row.entered_at)
        if due is not None and due <= clock.now:
            yield LateReview(row.ref, row.name, row.of, clock.lifecycle.states[row.state].label, due)
