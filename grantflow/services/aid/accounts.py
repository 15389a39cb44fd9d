"""De minimis accounts: locked before anything is held or granted, so that no race passes the ceiling."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite

from grantflow.domain.aid.de_minimis import Aid, Position, Rule, position, rule_in_force
from grantflow.domain.aid.lines import LineAid, ceiling_of
from grantflow.domain.refusal import Refused
from grantflow.domain.time import Span
from grantflow.services.cases import parameters_of
from grantflow.store.aid.models import AidAccount, AidAward, AidReservation, Line, RegisterEntry
from grantflow.store.aid.rules import granting_state, pinned_text, rules_from
from grantflow.store.calls.models import Call
from grantflow.store.cases import CaseRow
from grantflow.store.people.models import Organisation
from grantflow.store.programmes.models import Programme
from grantflow.store.session import Tx
from grantflow.workflow.guards.de_minimis import NO_RULE, local_day, over_ceiling


@dataclass(frozen=True, slots=True)
class LineStanding:
    """A line, its firm and what its call says about aid."""

    line: Line
    ref: str
    firm: str
    call_id: UUID
    zone: str
    days_off: frozenset[date]
    agency: str
    member_state: str
    rules: tuple[Rule, ...]
    ceiling: int | None


def standings(tx: Tx, line_ids: Iterable[UUID]) -> list[LineStanding]:
    """Return lines with what their calls say about aid, in the order in which accounts are locked."""
    tx.flush()
    found = (
        select(
            Line, CaseRow.ref, CaseRow.call_id, Call.zone, Call.days_off, Organisation.name, Programme.agency
        )
        .add_columns(granting_state(Call.id).label("member_state"), pinned_text(Call.id).label("rules"))
        .join(CaseRow, CaseRow.id == Line.id)
        .join(Call, Call.id == CaseRow.call_id)
        .join(Programme, Programme.id == Call.programme_id)
        .join(Organisation, Organisation.id == Line.firm_id)
        .where(Line.id.in_(list(line_ids)))
        .order_by(Line.firm_id, Line.id)
    )
    ceilings: dict[UUID, int | None] = {}
    answers = []
    for row in tx.session.execute(found):
        if row.call_id not in ceilings:
            ceilings[row.call_id] = ceiling_of(parameters_of(tx, row.call_id))
        answers.append(
            LineStanding(
                row.Line,
                row.ref,
                row.name,
                row.call_id,
                row.zone,
                frozenset(date.fromisoformat(day) for day in row.days_off or ()),
                row.agency,
                row.member_state or "",
                rules_from(row.rules),
                ceilings[row.call_id],
            )
        )
    return answers


def hold(tx: Tx, line_ids: Iterable[UUID]) -> None:
    """Hold the lump sums of lines against the ceilings of their firms.

    Raises:
        Refused: one of them would pass its ceiling; somebody else may just have taken the rest.
    """
    for each in standings(tx, line_ids):
        account = locked(tx, each)
        place = standing(tx, each, account)
        if not place.fits(each.line.amount):
            raise Refused([over_ceiling(place, _line_aid(each, place))])
        tx.session.add(
            AidReservation(
                id=tx.new_id(),
                account_id=account.id,
                line_id=each.line.id,
                amount=each.line.amount,
                since=tx.now,
                ended_at=None,
                outcome=None,
            )
        )
        write(tx, account, place, place.used + place.held + each.line.amount)


def grant(tx: Tx, line_ids: Iterable[UUID]) -> None:
    """Turn what is held for lines into aid that was granted, and queue it for the register.

    Raises:
        Refused: a firm is over its ceiling on the day of the grant.
    """
    for each in standings(tx, line_ids):
        account = locked(tx, each)
        place = standing(tx, each, account)
        if not place.kept:
            raise Refused([over_ceiling(place, _line_aid(each, place), each.line.amount)])
        end_reservations(tx, each.line.id, "granted")
        award = AidAward(
            id=tx.new_id(),
            undertaking_id=each.line.firm_id,
            member_state=each.member_state,
            kind="own",
            line_id=each.line.id,
            amount=each.line.amount,
            granted_on=place.on,
            granted_by=each.agency,
            rule=f"{place.rule.act}, Art. {place.rule.article}",
            noted_at=tx.now,
            ended_at=None,
        )
        tx.session.add(award)
        tx.session.flush()
        tx.session.add(
            RegisterEntry(
                id=tx.new_id(),
                award_id=award.id,
                kind="award",
                amount=award.amount,
                due_at=_due(tx, each),
                told_at=None,
            )
        )
        write(tx, account, place, place.used + place.held)


def free(tx: Tx, line_ids: Iterable[UUID]) -> None:
    """Let go of what is held for lines that end, and take back from the register what was granted to them."""
    for each in standings(tx, line_ids):
        account = locked(tx, each)
        end_reservations(tx, each.line.id, "freed")
        awards = select(AidAward).where(
            AidAward.line_id == each.line.id, AidAward.kind == "own", AidAward.ended_at.is_(None)
        )
        for award in tx.session.execute(awards).scalars():
            award.ended_at = tx.now
            tx.session.add(
                RegisterEntry(
                    id=tx.new_id(),
                    award_id=award.id,
                    kind="withdrawal",
                    amount=award.amount,
                    due_at=_due(tx, each),
                    told_at=None,
                )
            )
        tx.session.flush()
        place = standing(tx, each, account)
        write(tx, account, place, min(place.used + place.held, account.ceiling))


def end_reservations(tx: Tx, line_id: UUID, outcome: str) -> None:
    """End what is held for a line."""
    held = select(AidReservation).where(AidReservation.line_id == line_id, AidReservation.ended_at.is_(None))
    for reservation in tx.session.execute(held).scalars():
        reservation.ended_at = tx.now
        reservation.outcome = outcome
    tx.session.flush()


def locked(tx: Tx, each: LineStanding) -> AidAccount:
    """Return the account of a line's firm, made on first use and locked until the transaction ends."""
    found = (
        select(AidAccount)
        .where(AidAccount.undertaking_id == each.line.firm_id, AidAccount.member_state == each.member_state)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    account = tx.session.execute(found).scalar_one_or_none()
    if account is None:
        _open_account(tx, each)
        account = tx.session.execute(found).scalar_one()
    return account


def account_of(tx: Tx, each: LineStanding) -> AidAccount | None:
    """Return the account of a line's firm without locking it; nothing while none was needed."""
    found = select(AidAccount).where(
        AidAccount.undertaking_id == each.line.firm_id, AidAccount.member_state == each.member_state
    )
    return tx.session.execute(found).scalar_one_or_none()


def standing(tx: Tx, each: LineStanding, account: AidAccount | None) -> Position:
    """Return where the firm stands today; what decides about money is read under the lock of its account.

    Raises:
        Refused: no rule is in force.
    """
    held = (
        select(func.coalesce(func.sum(AidReservation.amount), 0))
        .where(
            AidReservation.account_id == (account.id if account else None), AidReservation.ended_at.is_(None)
        )
        .scalar_subquery()
    )
    total = tx.session.execute(select(held)).scalar_one()
    place = position(each.rules, aids_of(tx, each), int(total), local_day(tx.now, each.zone), each.ceiling)
    if place is None:
        raise Refused([NO_RULE])
    return place


def aids_of(tx: Tx, each: LineStanding) -> list[Aid]:
    """Return all aid of a line's firm in the member state that grants."""
    found = select(AidAward.granted_on, AidAward.amount, AidAward.kind).where(
        AidAward.undertaking_id == each.line.firm_id,
        AidAward.member_state == each.member_state,
        AidAward.ended_at.is_(None),
    )
    return [
        Aid(row.granted_on, row.amount, declared=row.kind == "declared") for row in tx.session.execute(found)
    ]


def write(tx: Tx, account: AidAccount, place: Position, counted: int) -> None:
    """Write what counts now; the database refuses more than the ceiling."""
    account.ceiling = place.ceiling
    account.counted = counted
    account.counted_at = tx.now
    tx.session.flush()


def _open_account(tx: Tx, each: LineStanding) -> None:
    make = postgresql.insert if tx.is_postgresql else sqlite.insert
    tx.execute(
        make(AidAccount)
        .values(
            id=tx.new_id(),
            undertaking_id=each.line.firm_id,
            member_state=each.member_state,
            ceiling=0,
            counted=0,
            counted_at=tx.now,
        )
        .on_conflict_do_nothing()
    )


def _due(tx: Tx, each: LineStanding) -> datetime:
    """Return when the register has to have been told about what happens today."""
    rule = rule_in_force(each.rules, local_day(tx.now, each.zone))
    if rule is None:
        raise Refused([NO_RULE])
    return Span.parse(rule.register_within).after(tx.now, ZoneInfo(each.zone), each.days_off)


def _line_aid(each: LineStanding, place: Position) -> LineAid:
    return LineAid(each.ref, each.firm, each.line.amount, (), place.held, each.rules, each.zone)
