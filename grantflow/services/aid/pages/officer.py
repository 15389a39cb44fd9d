"""A request as those see it who decide and pay: its clock, its place in the queue, its money, its lines, its account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ScalarSelect, Select, func, or_, select
from sqlalchemy.orm import aliased

from grantflow.domain.calls.forms import Form
from grantflow.domain.money import Money
from grantflow.domain.words import in_language
from grantflow.services.aid.pages.clock import Clock, clock_of
from grantflow.services.aid.pages.officer_lines import OfficerLine, officer_lines
from grantflow.services.aid.pages.papers import Paper, letters_of
from grantflow.services.applications.rights import Place, place
from grantflow.services.calls.public import spelled
from grantflow.store.aid.models import BankAccount, Payment
from grantflow.store.applications.models import Application
from grantflow.store.applications.papers import forms_of
from grantflow.store.calls.models import Call, FunderWindow
from grantflow.store.cases import CaseRow
from grantflow.store.people.models import Organisation, User
from grantflow.store.session import Tx
from grantflow.store.timers import TimerRow
from grantflow.workflow.model import Lifecycle, State

REOPENS = "reopen_sections"
AWAITS = "awaiting_decision"
"""The tag of states in which a decision is waited for."""


@dataclass(frozen=True, slots=True)
class Pot:
    """The money of a window in the call's present stage."""

    name: str
    envelope: Money
    reserved: Money
    committed: Money
    paid: Money
    free: Money
    percent_reserved: int
    percent_committed: int


@dataclass(frozen=True, slots=True)
class Account:
    """The account to which the money of a request goes."""

    iban: str
    holder: str
    entered_by: str
    entered_at: datetime
    own: bool
    """Whether the reader entered it, and so cannot confirm it."""
    confirmed_by: str | None
    confirmed_at: datetime | None
    how: str | None


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """A payment below a request."""

    id: UUID
    ref: str
    amount: Money
    state: State
    lifecycle: Lifecycle


@dataclass(frozen=True, slots=True)
class OfficerPage:
    """Everything that the page shows."""

    here: Place
    ref: str
    title: str
    organisation: str
    call: str
    slug: str
    zone: str
    sent_at: datetime | None
    clock: Clock | None
    pots: tuple[Pot, ...]
    before: int
    """How many requests were sent earlier and wait for their decision."""
    waiting: int
    """How many wait for a decision, this one counted where it does."""
    lines: tuple[OfficerLine, ...]
    account: Account | None
    payments: tuple[PaymentRow, ...]
    letters: tuple[tuple[str, Paper], ...]
    """By the firm that got it, or nobody's name where it went to whoever asked."""
    sections: tuple[tuple[str, str], ...]
    """The sections of the form that may be completed, where the reader may ask for that now."""

    @property
    def total(self) -> Money | None:
        """What the lines are worth that have not ended."""
        live = [line.amount for line in self.lines if not line.ended]
        return Money(sum(one.amount for one in live), live[0].currency) if live else None


def officer_page(tx: Tx, application_id: UUID, language: str) -> OfficerPage | None:
    """Return the page of a request for those who work for its programme; that they may see it is found out before.

    Nothing where the application has no lines, or the reader is from outside.
    """
    here = place(tx, application_id)
    has_lines = any(child.record == "line" for child in here.scheme.children_of(here.lifecycle.name))
    if not here.inside or not has_lines:
        return None
    rows = tx.session.execute(_about(here)).all()
    row = rows[0]
    awaits = AWAITS in here.state.tags
    lines = officer_lines(tx, here)
    windows = {each.FunderWindow.id: each.FunderWindow for each in rows if each.FunderWindow is not None}
    due = {each.timer: each.due_at for each in rows if each.timer is not None}
    # Before the decision there is no letter about it, and nothing to be paid.
    letters = {} if awaits else letters_of(tx, [row.id, *(line.id for line in lines)])
    return OfficerPage(
        here=here,
        ref=here.case.ref,
        title=row.title or here.case.ref,
        organisation=row.organisation,
        call=in_language(row.call_title, language, row.language),
        slug=row.slug,
        zone=row.zone,
        sent_at=row.submitted_at,
        clock=clock_of(tx, here.case, due),
        pots=tuple(_pot(each) for each in windows.values()),
        before=row.before,
        waiting=row.waiting,
        lines=lines,
        account=_account(tx, row),
        payments=() if awaits else _payments(tx, here),
        letters=(
            *(("", paper) for paper in letters.get(row.id, ())),
            *((line.firm, paper) for line in lines for paper in letters.get(line.id, ())),
        ),
        sections=_sections(tx, here, row, language),
    )


def _about(here: Place) -> Select[Any]:
    """Return the question about a request: a row for each pot of the present stage and each timer that is set."""
    entered, confirmed = aliased(User, name="entered"), aliased(User, name="confirmed")
    waiting, before = _queue(here)
    return (
        select(
            Application.id,
            Application.title,
            Application.stage,
            Application.submitted_at,
            Organisation.name.label("organisation"),
            Call.id.label("call_id"),
            Call.slug,
            Call.title.label("call_title"),
            Call.language,
            Call.zone,
            BankAccount,
            entered.name.label("entered_by"),
            confirmed.name.label("confirmed_by"),
            FunderWindow,
            TimerRow.number.label("timer"),
            TimerRow.due_at,
            waiting.label("waiting"),
            before.label("before"),
        )
        .select_from(CaseRow)
        .join(Application, Application.id == CaseRow.id)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .join(Call, Call.id == CaseRow.call_id)
        .outerjoin(
            BankAccount,
            (BankAccount.organisation_id == Application.organisation_id) & BankAccount.ended_at.is_(None),
        )
        .outerjoin(entered, entered.id == BankAccount.entered_by)
        .outerjoin(confirmed, confirmed.id == BankAccount.confirmed_by)
        .outerjoin(FunderWindow, (FunderWindow.call_id == Call.id) & (FunderWindow.stage == Call.stage))
        .outerjoin(
            TimerRow,
            (TimerRow.case_id == CaseRow.id) & (TimerRow.seq == CaseRow.seq) & (TimerRow.fired == 0),
        )
        .where(CaseRow.id == here.case.id)
        .order_by(BankAccount.entered_at.desc(), BankAccount.id.desc(), FunderWindow.name)
    )


def _queue(here: Place) -> tuple[ScalarSelect[int], ScalarSelect[int]]:
    """Return how many requests of the call wait for a decision, and how many of them were sent before this one."""
    states = sorted(name for name, state in here.lifecycle.states.items() if AWAITS in state.tags)
    case, other, own = aliased(CaseRow), aliased(Application), aliased(Application)
    waiting = (
        select(func.count())
        .select_from(case)
        .join(other, other.id == case.id)
        .where(
            case.call_id == here.case.call_id,
            case.lifecycle == here.lifecycle.name,
            case.state.in_(states),
        )
    )
    before = waiting.join(own, own.id == here.case.id).where(
        or_(
            other.submitted_at < own.submitted_at,
            (other.submitted_at == own.submitted_at) & (other.id < own.id),
        )
    )
    return waiting.scalar_subquery(), before.scalar_subquery()


def _pot(window: FunderWindow) -> Pot:
    def money(amount: int) -> Money:
        return Money(amount, window.currency)

    whole = window.envelope or 1
    return Pot(
        spelled(window.name),
        money(window.envelope),
        money(window.reserved),
        money(window.committed),
        money(window.paid),
        money(window.envelope - window.reserved - window.committed),
        100 * window.reserved // whole,
        100 * window.committed // whole,
    )


def _account(tx: Tx, row: Any) -> Account | None:
    account: BankAccount | None = row.BankAccount
    if account is None:
        return None
    return Account(
        account.iban,
        account.holder,
        row.entered_by,
        account.entered_at,
        account.entered_by == tx.actor.user_id,
        row.confirmed_by,
        account.confirmed_at,
        account.confirmed_how,
    )


def _payments(tx: Tx, here: Place) -> tuple[PaymentRow, ...]:
    lifecycle = here.scheme.of_record("payment")
    found = (
        select(Payment, CaseRow.ref, CaseRow.state)
        .join(CaseRow, CaseRow.id == Payment.id)
        .where(CaseRow.parent_id == here.case.id)
        .order_by(CaseRow.ref)
    )
    return tuple(
        PaymentRow(
            row.Payment.id,
            row.ref,
            Money(row.Payment.amount, row.Payment.currency),
            lifecycle.states[row.state],
            lifecycle,
        )
        for row in tx.session.execute(found)
        if here.roles & lifecycle.states[row.state].view
    )


def _sections(tx: Tx, here: Place, row: Any, language: str) -> tuple[tuple[str, str], ...]:
    if not here.own(effect=REOPENS):
        return ()
    form: Form = forms_of(tx, [(row.call_id, row.stage)])[row.call_id, row.stage]
    return tuple(
        (section.name, in_language(section.title, language, form.language))
        for section in form.sections
        if section.may_be_completed
    )
