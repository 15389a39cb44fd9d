"""Conflicts of interest with an application: said, found, settled; each word is kept and the last one holds."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from sqlalchemy import func, insert, select

from grantflow.domain.refusal import refuse
from grantflow.services.applications.rights import demand_no_conflict, place
from grantflow.store.applications.models import ConflictDeclaration
from grantflow.store.session import Tx

Kind = Literal["none", "soft", "hard"]
Source = Literal["declared", "found", "added"]


def record_conflict(
    tx: Tx, application_id: UUID, user_id: UUID, kind: Kind, reason: str, *, source: Source = "added"
) -> UUID:
    """Record that somebody has a conflict with an application: somebody of the programme does, with a reason."""
    _demand_inside(tx, application_id)
    if not reason.strip():
        raise refuse("reason_missing", "Say what the conflict is.", "reason")
    return keep_word(tx, application_id, user_id, kind, source, reason)


def declare_own(tx: Tx, application_id: UUID, kind: Kind, reason: str = "") -> UUID:
    """Say, before looking at an application for the programme, what ties oneself to it; the last word holds.

    Raises:
        Refused: the actor is not of the programme, is in conflict already, or a tie is not put into words.
    """
    _demand_inside(tx, application_id)
    if tx.actor.user_id is None:
        raise refuse("nobody", "Only a person has a conflict of interest.")
    if kind != "none" and not reason.strip():
        raise refuse("reason_missing", "Say what the conflict is.", "reason")
    if kind == "none" and last_word(tx, application_id, tx.actor.user_id) == "soft":
        raise refuse("own_conflict", "Nobody decides on a conflict of their own.")
    return keep_word(tx, application_id, tx.actor.user_id, kind, "declared", reason.strip() or None)


def last_word(tx: Tx, application_id: UUID, user_id: UUID) -> Kind | None:
    """Return what was said last about a person and an application, if something was."""
    found: Kind | None = tx.execute(
        select(ConflictDeclaration.kind)
        .where(ConflictDeclaration.application_id == application_id, ConflictDeclaration.user_id == user_id)
        .order_by(ConflictDeclaration.number.desc())
        .limit(1)
    ).scalar()
    return found


def settle_conflict(tx: Tx, application_id: UUID, user_id: UUID, reason: str) -> UUID:
    """Decide that a possible conflict keeps nobody from reading; a hard one cannot be settled.

    Raises:
        Refused: no soft conflict is open, or no reason is given.
    """
    _demand_inside(tx, application_id)
    if tx.actor.user_id == user_id:
        raise refuse("own_conflict", "Nobody decides on a conflict of their own.")
    if last_word(tx, application_id, user_id) != "soft":
        raise refuse("no_soft_conflict", "There is no possible conflict that waits for a decision.")
    if not reason.strip():
        raise refuse("reason_missing", "Say why the possible conflict keeps nobody from reading.", "reason")
    return keep_word(tx, application_id, user_id, "none", "added", reason)


def _demand_inside(tx: Tx, application_id: UUID) -> None:
    if not (place(tx, application_id).inside or tx.actor.is_system):
        raise refuse("not_inside", "Only somebody of the programme may do this.")
    demand_no_conflict(tx, application_id)


def keep_word(
    tx: Tx, application_id: UUID, user_id: UUID, kind: Kind, source: Source, reason: str | None
) -> UUID:
    """Keep what was said about a person and an application, after all that was said before."""
    number = (
        select(func.coalesce(func.max(ConflictDeclaration.number), 0) + 1)
        .where(ConflictDeclaration.application_id == application_id, ConflictDeclaration.user_id == user_id)
        .scalar_subquery()
    )
    declared = tx.new_id()
    tx.execute(
        insert(ConflictDeclaration).values(
            id=declared,
            application_id=application_id,
            user_id=user_id,
            number=number,
            kind=kind,
            source=source,
            reason=reason,
            declared_by=tx.actor.user_id,
            declared_at=tx.now,
        )
    )
    return declared
