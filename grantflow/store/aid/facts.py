"""Fact loaders of the room of aid: each one statement, for one record or for thousands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, func, literal, or_, select
from sqlalchemy.orm import aliased

from grantflow.domain.aid import lines as facts
from grantflow.domain.aid.de_minimis import Aid
from grantflow.store.aid.models import (
    AidAccount,
    AidAward,
    AidReservation,
    BankAccount,
    Declaration,
    DeliveryProof,
    Line,
    Payment,
    PaymentLine,
    Selection,
)
from grantflow.store.aid.rules import (
    granting_state,
    is_final,
    parameters_in_force,
    pinned_text,
    rules_from,
    tags_of,
)
from grantflow.store.applications.models import Application
from grantflow.store.calls.models import Call, CallDate, FunderWindow
from grantflow.store.calls.visible import is_date
from grantflow.store.cases import CaseRow
from grantflow.store.people.models import Membership, Organisation
from grantflow.store.session import Tx
from grantflow.workflow.registry import fact

ROOT = aliased(CaseRow, name="root")
"""The case of the call."""
LINE_CASE = aliased(CaseRow, name="line_case")
ASKER = aliased(Organisation, name="asker")
"""The organisation that asks, where a firm of a line is another one."""


@fact(facts.CallStanding, of=["call", "application", "line", "payment"])
def call_standing(tx: Tx, ids: Sequence[UUID]) -> Mapping[UUID, facts.CallStanding]:
    """Load how the call stands to which each record belongs."""
    found = (
        select(CaseRow.id, ROOT.scheme, ROOT.version, ROOT.lifecycle, ROOT.state, CallDate.at)
        .join(ROOT, ROOT.id == CaseRow.call_id)
        .join(Call, Call.id == ROOT.id)
        .outerjoin(
            CallDate,
            (CallDate.call_id == Call.id) & (CallDate.stage == Call.stage) & is_date(tx, "deadline"),
        )
        .where(CaseRow.id.in_(ids))
    )
    answers = {}
    for row in tx.execute(found):
        tags = tags_of(tx, row.scheme, row.version, row.lifecycle, row.state)
        received = "open" in tags and (row.at is None or tx.now < row.at)  # however late the timer is
        answers[row.id] = facts.CallStanding(received, bool(tags & {"suspended", "cancelled"}))
    return answers


@fact(facts.Intermediary, of=["application"])
def intermediary(tx: Tx, ids: Sequence[UUID]) -> Mapping[UUID, facts.Intermediary]:
    """Load what the organisation that asks does as an intermediary."""
    return {
        row.id: facts.Intermediary(row.asker, tuple(row.functions or ()))
        for row in _with_lines(tx, ids)
        if row.asker is not None
    }


@fact(facts.SelectionRecord, of=["application"])
def selection_record(tx: Tx, ids: Sequence[UUID]) -> Mapping[UUID, facts.SelectionRecord]:
    """Load how the firms were chosen, and how many the request names."""
    firms: defaultdict[UUID, set[UUID]] = defaultdict(set)
    records: dict[UUID, Row[Any]] = {}
    for row in _with_lines(tx, ids):
        records[row.id] = row
        if row.firm_id is not None and not is_final(tx, row.scheme, row.version, row.lifecycle, row.state):
            firms[row.id].add(row.firm_id)
    return {
        case_id: facts.SelectionRecord(_selection(row), len(firms[case_id]))
        for case_id, row in records.items()
    }


def _with_lines(tx: Tx, ids: Sequence[UUID]) -> Sequence[Row[Any]]:
    """Return records with their lines, who asks, how the firms were chosen, and what is free in the pot.

    Where nothing can change it is read once.

    A line has itself, a request its lines, and a record without any one row with nothing.
    """
    key = (_with_lines, *ids)
    if key not in tx.memo or not tx.read_only:
        free = (
            select(
                func.coalesce(
                    func.sum(FunderWindow.envelope - FunderWindow.reserved - FunderWindow.committed), 0
                )
            )
            .where(FunderWindow.call_id == CaseRow.call_id, FunderWindow.stage == Call.stage)
            .scalar_subquery()
        )
        found = (
            select(CaseRow.id, CaseRow.scheme, CaseRow.version, Call.parameters, Call.currency)
            .add_columns(free.label("free"), LINE_CASE.ref, LINE_CASE.state, LINE_CASE.lifecycle)
            .add_columns(Line.id.label("line"), Line.firm_id, Line.activity, Line.amount, Line.reserved)
            .add_columns(Line.starts_on, Line.passed_on, Organisation.name.label("firm"))
            .add_columns(ASKER.name.label("asker"), ASKER.functions)
            .add_columns(Selection.how, Selection.rules, Selection.rules_published_on)
            .add_columns(Selection.invited, Selection.answered, Selection.chosen, Selection.reasons)
            .join(Call, Call.id == CaseRow.call_id)
            .outerjoin(LINE_CASE, or_(LINE_CASE.id == CaseRow.id, LINE_CASE.parent_id == CaseRow.id))
            .outerjoin(Line, Line.id == LINE_CASE.id)
            .outerjoin(Organisation, Organisation.id == Line.firm_id)
            .outerjoin(Application, Application.id == CaseRow.id)
            .outerjoin(ASKER, ASKER.id == Application.organisation_id)
            .outerjoin(Selection, Selection.application_id == CaseRow.id)
            .where(CaseRow.id.in_(ids))
            .order_by(CaseRow.id, LINE_CASE.id)
        )
        tx.memo[key] = tx.execute(found).all()
    rows: Sequence[Row[Any]] = tx.memo[key]
    return rows


@fact(facts.ListedLines, of=["application"])
def listed_lines(tx: Tx, ids: Sequence[UUID]) -> Mapping[UUID, facts.ListedLines]:
    """Load all lines of each request and what its call offers."""
    lines: defaultdict[UUID, list[facts.ListedLine]] = defaultdict(list)
    offers: dict[UUID, tuple[dict[str, int], str]] = {}
    for row in _with_lines(tx, ids):
        parameters = parameters_in_force(tx, row.scheme, row.version, row.parameters)
        offers[row.id] = facts.lump_sums(parameters), row.currency
        if row.firm_id is not None:
            live = not is_final(tx, row.scheme, row.version, row.lifecycle, row.state)
            lines[row.id].append(
                facts.ListedLine(
                    row.ref,
                    row.firm,
                    row.firm_id,
                    row.activity,
                    row.amount,
                    row.starts_on,
                    row.passed_on,
                    live,
                )
            )
    return {each: facts.ListedLines(tuple(lines[each]), *offers[each]) for each in offers}


@fact(facts.LineOffer, of=["line"])
def line_offer(tx: Tx, ids: Sequence[UUID]) -> Mapping[UUID, facts.LineOffer]:
    """Load what each line is worth and what it could be instead."""
    found = (
        select(
            Line.id,
            Line.activity,
            Line.amount,
            CaseRow.scheme,
            CaseRow.version,
            Call.parameters,
            Call.currency,
        )
        .join(CaseRow, CaseRow.id == Line.id)
        .join(Call, Call.id == CaseRow.call_id)
        .where(Line.id.in_(ids))
    )
    return {
        row.id: facts.LineOffer(
            row.activity,
            row.amount,
            facts.lump_sums(parameters_in_force(tx, row.scheme, row.version, row.parameters)),
            row.currency,
        )
        for row in tx.execute(found)
    }


@fact(facts.FreeMoney, of=["call", "application", "line"])
def free_money(tx: Tx, ids: Sequence[UUID]) -> Mapping[UUID, facts.FreeMoney]:
    """Load what is free in the pot, and what the lines of each record ask of it."""
    asked: defaultdict[UUID, int] = defaultdict(int)
    reserved: defaultdict[UUID, int] = defaultdict(int)
    pots: dict[UUID, tuple[int, str, int]] = {}
    for row in _with_lines(tx, ids):
        offered = facts.lump_sums(parameters_in_force(tx, row.scheme, row.version, row.parameters))
        pots[row.id] = int(row.free), row.currency, min(offered.values(), default=1)
        if row.firm_id is None:
            continue
        if row.line == row.id or not is_final(tx, row.scheme, row.version, row.lifecycle, row.state):
            asked[row.id] += row.amount
            reserved[row.id] += row.reserved
    return {
        each: facts.FreeMoney(pot, asked[each], reserved[each], currency, least)
        for each, (pot, currency, least) in pots.items()
    }


def _aids_of_lines(ids: Sequence[UUID], by_parent: bool) -> Select[tuple[object, ...]]:  # noqa: FBT001 - two ways to name lines
    """Each line with each award of its firm: one row a pair, one row with nothing where the firm had none."""
    held = (
        select(func.coalesce(func.sum(AidReservation.amount), 0))
        .join(AidAccount, AidAccount.id == AidReservation.account_id)
        .where(
            AidAccount.undertaking_id == Line.firm_id,
            AidReservation.ended_at.is_(None),
            literal(by_parent).is_(True) | (AidReservation.line_id != Line.id),
        )
    )
    return (
        select(CaseRow.id, CaseRow.parent_id, CaseRow.ref, CaseRow.scheme, CaseRow.version, CaseRow.lifecycle)
        .add_columns(CaseRow.state, Line.amount, Organisation.name.label("firm"), Call.zone)
        .add_columns(pinned_text(Call.id).label("rules"), held.scalar_subquery().label("held"))
        .add_columns(AidAward.granted_on, AidAward.amount.label("aid"), AidAward.kind)
        .join(Line, Line.id == CaseRow.id)
        .join(Call, Call.id == CaseRow.call_id)
        .join(Organisation, Organisation.id == Line.firm_id)
        .outerjoin(
            AidAward,
            (AidAward.undertaking_id == Line.firm_id)
            & (AidAward.member_state == granting_state(Call.id))
            & AidAward.ended_at.is_(None),
        )
        .where((CaseRow.parent_id if by_parent else CaseRow.id).in_(ids))
        .order_by(CaseRow.id, AidAward.granted_on, AidAward.id)
    )


def _line_aids(
    tx: Tx, ids: Sequence[UUID], *, by_parent: bool
) -> dict[UUID, tuple[UUID, bool, facts.LineAid]]:
    aids: defaultdict[UUID, list[Aid]] = defaultdict(list)
    rows = {}
    for row in tx.execute(_aids_of_lines(ids, by_parent)):
        rows[row.id] = row
        if row.granted_on is not None:
            aids[row.id].append(Aid(row.granted_on, row.aid, declared=row.kind == "declared"))
    return {
        each: (
            row.parent_id,
            not is_final(tx, row.scheme, row.version, row.lifecycle, row.state),
            facts.LineAid(
                row.ref,
                row.firm,
                row.amount,
                tuple(aids[each]),
                int(row.held),
                rules_from(row.rules),
                row.zone,
            ),
        )
        for each, row in rows.items()
    }


@fact(facts.LineAid, of=["line"])
def line_aid(tx: Tx, ids: Sequence[UUID]) -> Mapping[UUID, facts.LineAid]:
    """Load each line with all aid of its firm, its own share of what is held left out."""
    return {each: aid for each, (_, _, aid) in _line_aids(tx, ids, by_parent=False).items()}


@fact(facts.RequestAid, of=["application"])
def request_aid(tx: Tx, ids: Sequence[UUID]) -> Mapping[UUID, facts.RequestAid]:
    """Load the lines of each request that have not ended, each with all aid of its firm."""
    lines: defaultdict[UUID, list[facts.LineAid]] = defaultdict(list)
    for parent, live, aid in _line_aids(tx, ids, by_parent=True).values():
        if live:
            lines[parent].append(aid)
    return {each: facts.RequestAid(tuple(lines[each])) for each in ids}


@fact(facts.FirmsWord, of=["line"])
def firms_word(tx: Tx, ids: Sequence[UUID]) -> Mapping[UUID, facts.FirmsWord]:
    """Load what each firm declared, how many awards it lists, and who may sign for it."""
    listed = (
        select(func.count())
        .where(
            AidAward.undertaking_id == Line.firm_id, AidAward.kind == "declared", AidAward.ended_at.is_(None)
        )
        .scalar_subquery()
    )
    found = (
        select(Line.id, Line.confirmed_at, Declaration, listed.label("listed"), Membership.user_id)
        .outerjoin(Declaration, Declaration.line_id == Line.id)
        .outerjoin(Membership, (Membership.organisation_id == Line.firm_id) & (Membership.authorised == 1))
        .where(Line.id.in_(ids))
    )
    signatories: defaultdict[UUID, set[UUID]] = defaultdict(set)
    rows = {}
    for row in tx.session.execute(found):
        rows[row.id] = row
        if row.user_id is not None:
            signatories[row.id].add(row.user_id)
    return {
        each: facts.FirmsWord(
            _declaration(row.Declaration, row.listed), frozenset(signatories[each]), row.confirmed_at
        )
        for each, row in rows.items()
    }


@fact(facts.DeliveryProof, of=["line"])
def delivery_proof(tx: Tx, ids: Sequence[UUID]) -> Mapping[UUID, facts.DeliveryProof]:
    """Load the newest proof of each line, and when the firm was first asked."""
    found = (
        select(Line.id, Line.asked_at, Call.zone, DeliveryProof.done_on)
        .join(CaseRow, CaseRow.id == Line.id)
        .join(Call, Call.id == CaseRow.call_id)
        .outerjoin(DeliveryProof, DeliveryProof.line_id == Line.id)
        .where(Line.id.in_(ids))
        .order_by(Line.id, DeliveryProof.given_at, DeliveryProof.id)
    )
    return {
        row.id: facts.DeliveryProof(
            row.done_on, row.asked_at.astimezone(ZoneInfo(row.zone)).date() if row.asked_at else None
        )
        for row in tx.execute(found)
    }


@fact(facts.Account, of=["application", "payment"])
def account(tx: Tx, ids: Sequence[UUID]) -> Mapping[UUID, facts.Account]:
    """Load the account to which the money of each request goes, or of each payment."""
    request = aliased(Application, name="request")
    found = (
        select(CaseRow.id, BankAccount.id.label("account"), BankAccount.confirmed_at, Payment.account_id)
        .join(request, request.id.in_([CaseRow.id, CaseRow.parent_id]))
        .outerjoin(Payment, Payment.id == CaseRow.id)
        .outerjoin(
            BankAccount,
            (BankAccount.organisation_id == request.organisation_id) & BankAccount.ended_at.is_(None),
        )
        .where(CaseRow.id.in_(ids))
    )
    return {
        row.id: facts.Account(
            row.account is not None,
            row.confirmed_at is not None and row.account_id in {None, row.account},
        )
        for row in tx.execute(found)
    }


@fact(facts.PaymentSum, of=["payment"])
def payment_sum(tx: Tx, ids: Sequence[UUID]) -> Mapping[UUID, facts.PaymentSum]:
    """Load what each payment says and what the lines are worth that it covers."""
    found = (
        select(
            Payment.id,
            Payment.amount,
            Payment.currency,
            func.coalesce(func.sum(Line.amount), 0).label("lines"),
        )
        .outerjoin(PaymentLine, PaymentLine.payment_id == Payment.id)
        .outerjoin(Line, Line.id == PaymentLine.line_id)
        .where(Payment.id.in_(ids))
        .group_by(Payment.id, Payment.amount, Payment.currency)
    )
    return {row.id: facts.PaymentSum(row.amount, int(row.lines), row.currency) for row in tx.execute(found)}


@fact(facts.RequestStanding, of=["line"])
def request_standing(tx: Tx, ids: Sequence[UUID]) -> Mapping[UUID, facts.RequestStanding]:
    """Load whether the request of each line waits for a decision."""
    request = aliased(CaseRow, name="request")
    found = (
        select(CaseRow.id, request.scheme, request.version, request.lifecycle, request.state)
        .join(request, request.id == CaseRow.parent_id)
        .where(CaseRow.id.in_(ids))
    )
    return {
        row.id: facts.RequestStanding(
            "awaiting_decision" in tags_of(tx, row.scheme, row.version, row.lifecycle, row.state)
        )
        for row in tx.execute(found)
    }


def _selection(row: Row[Any]) -> facts.Selection | None:
    if row.how is None:
        return None
    return facts.Selection(
        row.how, row.rules, row.rules_published_on, row.invited, row.answered, row.chosen, row.reasons
    )


def _declaration(row: Declaration | None, listed: int) -> facts.Declaration | None:
    if row is None:
        return None
    return facts.Declaration(
        row.headcount, row.turnover, row.balance, bool(row.no_other_aid), listed, bool(row.consent)
    )
