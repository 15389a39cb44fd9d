"""A payment as those see it who approve and pay, and the payments of a call as a list: what waits comes first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import aliased

from grantflow.domain.money import Money
from grantflow.domain.words import in_language
from grantflow.services.aid.pages.officer import Account
from grantflow.services.applications.rights import Place, place
from grantflow.services.calls.public import spelled
from grantflow.services.cases import compiled
from grantflow.store.aid.models import BankAccount, Line, Payment, PaymentLine
from grantflow.store.aid.visibility import payment_visible_to
from grantflow.store.applications.models import Application
from grantflow.store.calls.models import Call
from grantflow.store.cases import CaseRow
from grantflow.store.journal import JournalEntry, JournalText
from grantflow.store.people.models import Organisation, User
from grantflow.store.session import Tx
from grantflow.store.timers import TimerRow
from grantflow.workflow.model import SYSTEM_ROLE, Lifecycle, State

BEHIND = frozenset({"record_grant", "prepare_payment"})
"""What the steps of a request do that stand behind a payment of it."""
LISTED = 200


@dataclass(frozen=True, slots=True)
class PaidLine:
    """A line that a payment covers."""

    ref: str
    firm: str
    activity: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Hand:
    """A step that somebody took for the payment: what, who, when, and what they wrote."""

    label: str
    who: str
    at: datetime
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PaymentPage:
    """Everything that the page shows."""

    id: UUID
    here: Place
    ref: str
    request: str
    request_id: UUID
    opens_request: bool
    """Whether the reader may open the request itself."""
    organisation: str
    call: str
    slug: str
    zone: str
    amount: Money
    lines: tuple[PaidLine, ...]
    account: Account
    current: bool
    """Whether it is still the account that the organisation uses."""
    hands: tuple[Hand, ...]
    due: datetime | None


@dataclass(frozen=True, slots=True)
class ListedPayment:
    """A payment in the list of a call."""

    ref: str
    organisation: str
    amount: Money
    state: State
    lifecycle: Lifecycle
    mine: bool
    """Whether it waits for the reader."""
    since: datetime
    due: datetime | None
    confirmed: bool


@dataclass(frozen=True, slots=True)
class PaymentList:
    """The payments of a call that the reader may see."""

    call: str
    slug: str
    zone: str
    payments: tuple[ListedPayment, ...]


def payment_page(tx: Tx, ref: str, language: str) -> PaymentPage | None:
    """Return the page of a payment for those who work for its programme and may see it; else nothing."""
    rows = tx.session.execute(_about(tx, ref)).all()
    if not rows:
        return None
    row = rows[0]
    here = place(tx, row.Payment.id)
    if not here.inside:
        return None
    above = place(tx, row.request_id)
    account: BankAccount = row.BankAccount
    return PaymentPage(
        id=row.Payment.id,
        here=here,
        ref=ref,
        request=row.request,
        request_id=row.request_id,
        opens_request=not above.roles.isdisjoint(above.state.view),
        organisation=row.organisation,
        call=in_language(row.call_title, language, row.language),
        slug=row.slug,
        zone=row.zone,
        amount=Money(row.Payment.amount, row.Payment.currency),
        lines=tuple(
            PaidLine(each.line, each.firm, spelled(each.activity), Money(each.covered, row.Payment.currency))
            for each in rows
        ),
        account=Account(
            account.iban,
            account.holder,
            row.entered_by,
            account.entered_at,
            account.entered_by == tx.actor.user_id,
            row.confirmed_by,
            account.confirmed_at,
            account.confirmed_how,
        ),
        current=account.ended_at is None,
        hands=_hands(tx, here, above),
        due=_due(tx, here),
    )


def _about(tx: Tx, ref: str) -> Select[Any]:
    """Return the question about a payment: a row for each line that it covers."""
    entered, confirmed = aliased(User, name="entered"), aliased(User, name="confirmed")
    asker, firm = aliased(Organisation, name="asker"), aliased(Organisation, name="firm")
    request, line = aliased(CaseRow, name="request"), aliased(CaseRow, name="line_case")
    return (
        select(
            Payment,
            BankAccount,
            asker.name.label("organisation"),
            request.id.label("request_id"),
            request.ref.label("request"),
            Call.slug,
            Call.zone,
            Call.title.label("call_title"),
            Call.language,
            entered.name.label("entered_by"),
            confirmed.name.label("confirmed_by"),
            line.ref.label("line"),
            firm.name.label("firm"),
            Line.activity,
            PaymentLine.amount.label("covered"),
        )
        .select_from(CaseRow)
        .join(Payment, Payment.id == CaseRow.id)
        .join(BankAccount, BankAccount.id == Payment.account_id)
        .join(request, request.id == CaseRow.parent_id)
        .join(Application, Application.id == request.id)
        .join(asker, asker.id == Application.organisation_id)
        .join(Call, Call.id == CaseRow.call_id)
        .join(entered, entered.id == BankAccount.entered_by)
        .outerjoin(confirmed, confirmed.id == BankAccount.confirmed_by)
        .join(PaymentLine, PaymentLine.payment_id == Payment.id)
        .join(Line, Line.id == PaymentLine.line_id)
        .join(line, line.id == Line.id)
        .join(firm, firm.id == Line.firm_id)
        .where(CaseRow.ref == ref, payment_visible_to(tx, tx.actor))
        .order_by(line.ref)
    )


def _hands(tx: Tx, payment: Place, request: Place) -> tuple[Hand, ...]:
    """Return who granted and prepared, and every step that a person took with the payment itself."""
    found = (
        select(
            JournalEntry.id,
            JournalEntry.record_id,
            JournalEntry.row,
            JournalEntry.at,
            JournalEntry.role,
            User.name,
            JournalText.field,
            JournalText.text,
        )
        .join(User, User.id == JournalEntry.user_id)
        .outerjoin(JournalText, JournalText.entry_id == JournalEntry.id)
        .where(or_(JournalEntry.record_id == payment.case.id, JournalEntry.record_id == request.case.id))
        .order_by(JournalEntry.seq, JournalText.field)
    )
    hands: dict[UUID, Hand] = {}
    # What is noted at one moment stands in the order in which one thing led to the other.
    for row in sorted(tx.execute(found), key=lambda row: (row.at, row.record_id == payment.case.id)):
        of_payment = row.record_id == payment.case.id
        steps = {step.number: step for step in (payment if of_payment else request).lifecycle.rows}
        step = steps.get(row.row)
        if step is None or row.role == SYSTEM_ROLE or not (of_payment or BEHIND.intersection(step.effects)):
            continue
        before = hands.get(row.id)
        said = (row.text,) if row.text and of_payment else ()
        hands[row.id] = Hand(step.label, row.name, row.at, (*(before.texts if before else ()), *said))
    return tuple(hands.values())


def _due(tx: Tx, here: Place) -> datetime | None:
    """Return the next moment at which the payment is asked after."""
    found = (
        select(TimerRow.due_at)
        .where(TimerRow.case_id == here.case.id, TimerRow.seq == here.case.seq, TimerRow.fired == 0)
        .order_by(TimerRow.due_at)
    )
    due: datetime | None = tx.execute(found.limit(1)).scalar()
    return due


def payment_list(tx: Tx, slug: str, language: str) -> PaymentList | None:
    """Return the payments of a call for those who work for its programme, what waits for them first; else nothing."""
    call = tx.session.execute(select(Call).where(Call.slug == slug)).scalar_one_or_none()
    if call is None:
        return None
    here = place(tx, call.id)
    if not here.inside or not any(each.record == "payment" for each in here.scheme.lifecycles.values()):
        return None
    listed = [
        _listed(tx, row, here)
        for row in tx.session.execute(_listing(call.id, payment_visible_to(tx, tx.actor)))
    ]
    listed.sort(key=lambda each: (not each.mine, each.state.name in each.lifecycle.final))
    return PaymentList(in_language(call.title, language, call.language), call.slug, call.zone, tuple(listed))


def _listing(call_id: UUID, visible: ColumnElement[bool]) -> Any:
    request = aliased(CaseRow, name="request")
    due = (
        select(TimerRow.due_at)
        .where(TimerRow.case_id == CaseRow.id, TimerRow.seq == CaseRow.seq, TimerRow.fired == 0)
        .order_by(TimerRow.due_at)
        .limit(1)
        .correlate(CaseRow)
        .scalar_subquery()
    )
    return (
        select(CaseRow, Payment, Organisation.name, BankAccount.confirmed_at, due.label("due"))
        .select_from(CaseRow)
        .join(Payment, Payment.id == CaseRow.id)
        .join(BankAccount, BankAccount.id == Payment.account_id)
        .join(request, request.id == CaseRow.parent_id)
        .join(Application, Application.id == request.id)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .where(CaseRow.call_id == call_id, CaseRow.record == "payment", visible)
        .order_by(CaseRow.entered_at, CaseRow.ref)
        .limit(LISTED)
    )


def _listed(tx: Tx, row: Any, here: Place) -> ListedPayment:
    case: CaseRow = row.CaseRow
    lifecycle = compiled(tx, case.scheme, case.version).scheme.lifecycles[case.lifecycle]
    state = lifecycle.states[case.state]
    return ListedPayment(
        case.ref,
        row.name,
        Money(row.Payment.amount, row.Payment.currency),
        state,
        lifecycle,
        not here.roles.isdisjoint(state.waits_for),
        case.entered_at,
        row.due,
        row.confirmed_at is not None,
    )
