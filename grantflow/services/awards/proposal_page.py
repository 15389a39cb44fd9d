"""The proposal as officials draw it up: each line with the sentence that explains it, and what it takes from the money."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, func, select

from grantflow.domain.awards.allocation import Pot, grantable
from grantflow.domain.money import Money
from grantflow.domain.refusal import Refusal
from grantflow.services.applications.rights import Place
from grantflow.services.awards.proposing import GUARD, points_text, said_by_rules
from grantflow.services.awards.ranking_page import CallHere, decisions_of_call
from grantflow.store.applications.models import Application
from grantflow.store.applications.visibility import visible_below, visible_to
from grantflow.store.awards.models import Proposal, ProposalLine
from grantflow.store.calls.models import FunderWindow
from grantflow.store.cases import CaseRow
from grantflow.store.people.models import Organisation, User
from grantflow.store.reviews.models import PanelStatement, Ranking, RankingLine
from grantflow.store.session import Tx

ROWS = 50
DECIDES = "record_decisions"
"""The effect of the step with which the body decides on a proposal."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """Which proposal it is, from which ranking, by whom, when, and whether it was decided on."""

    id: UUID
    number: int
    at: datetime
    by: str | None
    ranking: int
    stale: bool
    """Whether a newer ranking has been frozen since."""
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class PotView:
    """A window: what it has, what the proposal takes, what is left or too much."""

    name: str
    envelope: Money
    free: Money
    planned: Money
    reserve: Money
    yes: int
    waiting: int
    no: int

    @property
    def left(self) -> Money:
        """What would be left; below nought where the proposal takes too much."""
        return self.free - self.planned

    @property
    def over(self) -> bool:
        """Whether the proposal takes more than there is."""
        return self.left.amount < 0


@dataclass(frozen=True, slots=True)
class ActionView:
    """An action of the frame: how many of its projects are proposed, and for how much."""

    number: int
    projects: int
    planned: Money


@dataclass(frozen=True, slots=True)
class LineView:
    """What is proposed for one application, and the sentence of the rules."""

    rank: int
    ref: str
    title: str
    organisation: str
    points: str
    answer: str
    amount: Money
    asked: Money
    allocated: str
    allocated_amount: Money
    sentence: Refusal
    reasons: str
    conditions: tuple[str, ...]
    departure: str
    actions: tuple[int, ...]
    withdrawn: bool
    """Whether it is no longer up for assessment: nothing will be decided about it here."""

    @property
    def departs(self) -> bool:
        """Whether people changed what the rules gave."""
        return self.answer != self.allocated or (self.answer != "no" and self.amount != self.allocated_amount)


@dataclass(frozen=True, slots=True)
class ProposalPage:
    """Everything that the page shows."""

    call: CallHere
    drawn: Drawn | None
    may_write: bool
    puts: str | None
    """The reader's step that puts the proposal before the body, if it leads on from here."""
    pots: tuple[PotView, ...]
    actions: tuple[ActionView, ...]
    lines: tuple[LineView, ...]
    total: int
    hidden: int
    departures: int
    only: str
    next_after: int | None


@dataclass(frozen=True, slots=True)
class LinePage:
    """One line, to be changed."""

    call: CallHere
    line: LineView
    limits: tuple[Money, Money]
    """The least and the most that the window's rules allow for it."""
    panel: str
    may_write: bool


def proposal_page(tx: Tx, slug: str, language: str, *, after: int = 0, only: str = "") -> ProposalPage | None:
    """Return the last proposal of a call's stage; nothing for those who may not know of it yet."""
    found = decisions_of_call(tx, slug, language)
    if found is None or not _may_know(found[1]):
        return None
    call, here = found
    own = here.own(guard=GUARD)
    proposal = _last(tx, call)
    if proposal is None:
        puts = own[0].name if own else None
        return ProposalPage(call, None, bool(own), puts, (), (), (), 0, 0, 0, only, None)
    sums = _sums(tx, proposal.id)
    visible = visible_below(tx, tx.actor, here.scheme.of_record("application"), here.roles)
    rows = tx.execute(
        _lines(proposal.id, visible)
        .where(ProposalLine.rank > after, *([ProposalLine.answer == only] if only else []))
        .order_by(ProposalLine.rank)
        .limit(ROWS + 1)
    ).all()
    waiting = _waiting(here)
    shown = tuple(_line(row, waiting) for row in rows[:ROWS])
    total = sum(row.lines for row in sums)
    return ProposalPage(
        call,
        _drawn(proposal),
        bool(own),
        own[0].name if own else None,
        tuple(_pots(sums)),
        tuple(_actions(tx, proposal.id, call.currency)),
        shown,
        total,
        total - _seen(tx, proposal.id, visible),
        sum(row.departs or 0 for row in sums),
        only,
        shown[-1].rank if len(rows) > ROWS else None,
    )


def line_page(tx: Tx, slug: str, ref: str, language: str) -> LinePage | None:
    """Return one line of the last proposal, with the limits of its window and what the panel said."""
    found = decisions_of_call(tx, slug, language)
    if found is None or not _may_know(found[1]):
        return None
    call, here = found
    proposal = _last(tx, call)
    row = (
        None
        if proposal is None
        else tx.execute(_lines(proposal.id, visible_to(tx, tx.actor)).where(CaseRow.ref == ref)).one_or_none()
    )
    if row is None:
        return None
    pot = Pot(row.window, row.currency, 0, row.minimum, row.maximum, row.rate)
    most = grantable(pot, row.asked or 0, row.cost or 0)
    panel = tx.execute(
        select(PanelStatement.reasons).where(PanelStatement.application_id == row.application_id)
    ).scalar()
    return LinePage(
        call,
        _line(row, _waiting(here)),
        (Money(row.minimum, row.currency), Money(most, row.currency)),
        panel or "",
        bool(here.own(guard=GUARD)),
    )


def application_of_line(tx: Tx, ref: str) -> UUID | None:
    """Return the application that a line is about, for those who may see it."""
    found = tx.execute(select(CaseRow.id).where(CaseRow.ref == ref, visible_to(tx, tx.actor))).scalar()
    return None if found is None else UUID(str(found))


def _may_know(here: Place) -> bool:
    """Whether the reader may know what is proposed: its authors at any time, the others once it is before the body."""
    authors = {
        role for row in here.lifecycle.rows if any(c.name == GUARD for c in row.guards) for role in row.by
    }
    if not authors:
        return False
    before_the_body = not here.rows(guard=GUARD)
    return bool(here.roles & authors) or before_the_body


def _last(tx: Tx, call: CallHere) -> Any:
    newest = (
        select(func.max(Ranking.number))
        .where(Ranking.call_id == call.id, Ranking.stage == call.stage)
        .scalar_subquery()
    )
    found = (
        select(Proposal.__table__, User.name, Ranking.number.label("ranking"), newest.label("newest"))
        .select_from(Proposal)
        .join(Ranking, Ranking.id == Proposal.ranking_id)
        .outerjoin(User, User.id == Proposal.drawn_up_by)
        .where(Proposal.call_id == call.id, Proposal.stage == call.stage)
        .order_by(Proposal.number.desc())
        .limit(1)
    )
    return tx.execute(found).one_or_none()


def _drawn(row: Any) -> Drawn:
    return Drawn(
        row.id,
        row.number,
        row.drawn_up_at,
        row.name,
        row.ranking,
        row.ranking != row.newest,
        row.decided_at,
    )


def _lines(proposal_id: UUID, visible: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            ProposalLine.__table__,
            CaseRow.ref,
            CaseRow.lifecycle,
            CaseRow.state,
            Application.title,
            Application.asked,
            Application.cost,
            Application.actions,
            Organisation.name.label("organisation"),
            FunderWindow.id.label("window"),
            FunderWindow.currency,
            FunderWindow.minimum,
            FunderWindow.maximum,
            FunderWindow.rate,
            RankingLine.points,
        )
        .select_from(ProposalLine)
        .join(Proposal, Proposal.id == ProposalLine.proposal_id)
        .join(CaseRow, CaseRow.id == ProposalLine.application_id)
        .join(Application, Application.id == ProposalLine.application_id)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .join(FunderWindow, FunderWindow.id == ProposalLine.window_id)
        .outerjoin(
            RankingLine,
            (RankingLine.ranking_id == Proposal.ranking_id)
            & (RankingLine.application_id == ProposalLine.application_id),
        )
        .where(ProposalLine.proposal_id == proposal_id, visible)
    )


def _waiting(here: Place) -> frozenset[tuple[str, str]]:
    """Return the states, by lifecycle, in which the proposal still means an application, or already decided it."""
    return frozenset(
        (lifecycle.name, name)
        for lifecycle in here.scheme.lifecycles.values()
        if lifecycle.record == "application"
        for name, state in lifecycle.states.items()
        if "withdrawn" not in state.tags and "cancelled" not in state.tags
    )


def _line(row: Any, waiting: frozenset[tuple[str, str]]) -> LineView:
    return LineView(
        row.rank,
        row.ref,
        row.title,
        row.organisation,
        points_text(row.points or 0),
        row.answer,
        Money(row.amount, row.currency),
        Money(row.asked or 0, row.currency),
        row.allocated,
        Money(row.allocated_amount, row.currency),
        said_by_rules(row.allocated, row.sentence, row.sentence_values),
        row.reasons,
        tuple(row.conditions),
        row.departure_reason or "",
        tuple(row.actions or ()),
        (row.lifecycle, row.state) not in waiting,
    )


def _sums(tx: Tx, proposal_id: UUID) -> Sequence[Any]:
    """Return by window and answer how many lines there are, their sum, and how many depart from the rules."""
    departs = case((ProposalLine.answer != ProposalLine.allocated, 1), else_=0)
    found = (
        select(
            FunderWindow.id,
            FunderWindow.name,
            FunderWindow.currency,
            FunderWindow.envelope,
            (FunderWindow.envelope - FunderWindow.reserved - FunderWindow.committed).label("free"),
            ProposalLine.answer,
            func.count().label("lines"),
            func.sum(ProposalLine.amount).label("amount"),
            func.sum(departs).label("departs"),
        )
        .join(FunderWindow, FunderWindow.id == ProposalLine.window_id)
        .where(ProposalLine.proposal_id == proposal_id)
        .group_by(
            FunderWindow.id,
            FunderWindow.name,
            FunderWindow.currency,
            FunderWindow.envelope,
            FunderWindow.reserved,
            FunderWindow.committed,
            ProposalLine.answer,
        )
        .order_by(FunderWindow.name)
    )
    return tx.execute(found).all()


def _pots(sums: Sequence[Any]) -> Iterator[PotView]:
    by_window: dict[UUID, dict[str, Any]] = defaultdict(dict)
    for row in sums:
        by_window[row.id][row.answer] = row
    for answers in by_window.values():
        any_of = next(iter(answers.values()))
        currency = any_of.currency

        def amount(answer: str, answers: Mapping[str, Any] = answers, currency: str = currency) -> Money:
            return Money(int(answers[answer].amount) if answer in answers else 0, currency)

        def count(answer: str, answers: Mapping[str, Any] = answers) -> int:
            return int(answers[answer].lines) if answer in answers else 0

        yield PotView(
            any_of.name,
            Money(any_of.envelope, currency),
            Money(any_of.free, currency),
            amount("yes"),
            amount("reserve"),
            count("yes"),
            count("reserve"),
            count("no"),
        )


def _actions(tx: Tx, proposal_id: UUID, currency: str) -> Iterator[ActionView]:
    """Yield each action with what is proposed for it; a project that serves several counts with each."""
    found = (
        select(
            Application.actions, func.count().label("projects"), func.sum(ProposalLine.amount).label("sum")
        )
        .join(Application, Application.id == ProposalLine.application_id)
        .where(ProposalLine.proposal_id == proposal_id, ProposalLine.answer == "yes")
        .group_by(Application.actions)
    )
    projects: dict[int, int] = defaultdict(int)
    planned: dict[int, int] = defaultdict(int)
    for row in tx.execute(found):
        for number in row.actions or ():
            projects[number] += row.projects
            planned[number] += int(row.sum)
    for number in sorted(projects):
        yield ActionView(number, projects[number], Money(planned[number], currency))


def _seen(tx: Tx, proposal_id: UUID, visible: ColumnElement[bool]) -> int:
    found = (
        select(func.count())
        .select_from(ProposalLine)
        .join(CaseRow, CaseRow.id == ProposalLine.application_id)
        .where(ProposalLine.proposal_id == proposal_id, visible)
    )
    return int(tx.execute(found).scalar_one())
