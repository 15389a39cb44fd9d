"""What must hold of decisions and awards: decided by those who may, released after, covered by money."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from grantflow.domain.programmes.bodies import SeatHeld, voting
from grantflow.services.invariants.rows import rows
from grantflow.store.applications.models import Application, ConflictDeclaration
from grantflow.store.awards.models import Award, Decision, Release
from grantflow.store.awards.standing import is_last_decision
from grantflow.store.calls.ledger import LedgerEntry
from grantflow.store.cases import CaseRow
from grantflow.store.meaning import tags_of
from grantflow.store.people.models import Membership
from grantflow.store.programmes.models import AgendaItem, Body, Meeting, Minutes, Seat
from grantflow.store.session import Tx


def decisions_come_before_their_release(tx: Tx) -> Iterator[str]:
    """Nothing was released that was not decided, told before it was decided, or published before it was told."""
    found = (
        select(CaseRow.ref)
        .join(Release, Release.application_id == CaseRow.id)
        .join(Decision, Decision.id == Release.decision_id)
        .where(
            or_(
                Decision.decided_at.is_(None),
                Decision.decided_at != Release.decided_at,
                Decision.application_id != Release.application_id,
                Release.notice_at < Release.decided_at,
                Release.public_at < Release.notice_at,
            )
        )
    )
    for (ref,) in rows(tx, found):
        yield f"{ref} was released before it was decided, or published before it was told"


def bodies_decided_by_signed_minutes(tx: Tx) -> Iterator[str]:
    """Every decision of a body rests on an item that it adopted in signed minutes."""
    found = (
        select(CaseRow.ref)
        .join(Decision, Decision.application_id == CaseRow.id)
        .outerjoin(AgendaItem, AgendaItem.id == Decision.item_id)
        .outerjoin(Minutes, Minutes.meeting_id == AgendaItem.meeting_id)
        .where(
            Decision.authority == "body",
            Decision.decided_at.is_not(None),
            or_(
                AgendaItem.id.is_(None),
                AgendaItem.outcome.is_distinct_from("adopted"),
                Minutes.chair_signed_at.is_(None),
                Minutes.adjuster_signed_at.is_(None),
                Minutes.chair_signed_at > Decision.decided_at,
                Minutes.adjuster_signed_at > Decision.decided_at,
                Minutes.chair_id == Minutes.adjuster_id,
            ),
        )
    )
    for (ref,) in rows(tx, found):
        yield f"{ref} was decided by a body without signed minutes"


def delegates_stay_within_their_power(tx: Tx) -> Iterator[str]:
    """No decision to fund by delegation is above what the body has delegated."""
    found = (
        select(CaseRow.ref, Decision.amount, Body.delegate_up_to)
        .join(Decision, Decision.application_id == CaseRow.id)
        .join(Body, Body.id == Decision.body_id)
        .where(
            Decision.authority == "delegation",
            Decision.kind == "yes",
            Decision.amount > Body.delegate_up_to,
        )
    )
    for ref, amount, up_to in rows(tx, found):
        yield f"{ref} got {amount} by delegation, which ends at {up_to}"


def nobody_votes_in_conflict(tx: Tx) -> Iterator[str]:
    """Nobody voted on an application with which they are in conflict, or which their own organisation sent."""
    decided = (
        select(AgendaItem.id, AgendaItem.left, Meeting.present, Meeting.held_at, Meeting.body_id)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .where(AgendaItem.effective_at.is_not(None))
    )
    seats: dict[UUID, list[Seat]] = defaultdict(list)
    for seat in tx.session.scalars(select(Seat).order_by(Seat.body_id, Seat.since, Seat.id)):
        seats[seat.body_id].append(seat)
    for item_id, left, present, held_at, body_id in rows(tx, decided):
        held = [
            SeatHeld(seat.user_id, seat.kind)  # type: ignore[arg-type]  # the column holds no other kinds
            for seat in seats[body_id]
            if seat.since <= held_at and (seat.until is None or seat.until > held_at)
        ]
        voters = voting(held, {UUID(str(each)) for each in present}, {UUID(str(each)) for each in left})
        for ref in _tied(tx, item_id, voters):
            yield f"{ref} was decided with the vote of somebody in conflict"


def _tied(tx: Tx, item_id: UUID, voters: tuple[UUID, ...]) -> list[str]:
    newer = aliased(ConflictDeclaration)
    last = (
        select(func.max(newer.number))
        .where(
            newer.application_id == ConflictDeclaration.application_id,
            newer.user_id == ConflictDeclaration.user_id,
        )
        .correlate(ConflictDeclaration)
        .scalar_subquery()
    )
    declared = (
        select(CaseRow.ref)
        .join(Decision, Decision.application_id == CaseRow.id)
        .join(ConflictDeclaration, ConflictDeclaration.application_id == CaseRow.id)
        .where(
            Decision.item_id == item_id,
            ConflictDeclaration.user_id.in_(voters),
            ConflictDeclaration.number == last,
            ConflictDeclaration.kind == "hard",
            ConflictDeclaration.declared_at <= Decision.decided_at,
        )
    )
    own = (
        select(CaseRow.ref)
        .join(Decision, Decision.application_id == CaseRow.id)
        .join(Application, Application.id == CaseRow.id)
        .join(Membership, Membership.organisation_id == Application.organisation_id)
        .where(Decision.item_id == item_id, Membership.user_id.in_(voters))
    )
    return sorted({ref for found in (declared, own) for (ref,) in rows(tx, found)})


def awards_rest_on_released_decisions(tx: Tx) -> Iterator[str]:
    """Every award gives the sum of a decision to fund about the same application, and that decision was released."""
    found = (
        select(CaseRow.ref)
        .join(Award, Award.id == CaseRow.id)
        .join(Decision, Decision.id == Award.decision_id)
        .outerjoin(Release, Release.decision_id == Decision.id)
        .where(
            or_(
                Decision.kind != "yes",
                Decision.amount != Award.amount,
                Decision.application_id != Award.application_id,
                Release.decision_id.is_(None),
            )
        )
    )
    for (ref,) in rows(tx, found):
        yield f"{ref} is not what was decided and released"


def promises_equal_awards(tx: Tx) -> Iterator[str]:
    """Living awards have in the ledger what they grant, completed ones what they came to, others nothing."""
    promised = func.coalesce(func.sum(LedgerEntry.committed), 0)
    found = (
        select(
            *(CaseRow.ref, CaseRow.scheme, CaseRow.version, CaseRow.lifecycle, CaseRow.state),
            *(Award.amount, Award.final_amount, promised),
        )
        .join(Award, Award.id == CaseRow.id)
        .outerjoin(
            LedgerEntry,
            and_(
                LedgerEntry.record_id == Award.application_id,
                LedgerEntry.window_id == Award.window_id,
            ),
        )
        .group_by(Award.id, CaseRow.id)
    )
    for ref, scheme, version, lifecycle, state, amount, final, held in rows(tx, found):
        tags = tags_of(tx, scheme, version, lifecycle, state)
        due = 0 if "funded" not in tags else amount if final is None else final
        if int(held) != due:
            yield f"{ref} stands for {due}; the ledger holds {held}"


def grants_by_rule_are_promised(tx: Tx) -> Iterator[str]:
    """Grants by a rule stand in the ledger while they are funded, and no longer where they ended otherwise."""
    promised = func.coalesce(func.sum(LedgerEntry.committed), 0)
    found = (
        select(
            *(CaseRow.ref, CaseRow.scheme, CaseRow.version, CaseRow.lifecycle, CaseRow.state),
            *(Decision.amount, promised),
        )
        .join(Decision, Decision.application_id == CaseRow.id)
        .outerjoin(LedgerEntry, LedgerEntry.record_id == CaseRow.id)
        .where(Decision.authority == "rule", is_last_decision())
        .group_by(Decision.id, CaseRow.id)
    )
    for ref, scheme, version, lifecycle, state, amount, held in rows(tx, found):
        due = amount if "funded" in tags_of(tx, scheme, version, lifecycle, state) else 0
        if int(held) != due:
            yield f"{ref} was granted {due} by a rule; the ledger holds {held}"
