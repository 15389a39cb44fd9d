"""Registering, sending, completing: steps of the applicant; each sending is frozen with its checksum."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from grantflow.domain.refusal import refuse
from grantflow.services import deeds
from grantflow.services.cases import Stepped
from grantflow.store.applications.models import Submission
from grantflow.store.session import Tx


def register(tx: Tx, application_id: UUID) -> Stepped:
    """Register an application, where the call wants to know beforehand who will send one."""
    return deeds.take(tx, application_id, "note_registration")


def submit(tx: Tx, application_id: UUID, *, revision: int | None = None) -> Stepped:
    """Send an application, late if its deadline has passed, or send what was missing: what is there now is frozen."""
    return deeds.take(tx, application_id, "freeze_submission", revision=revision)


def receive_paper(tx: Tx, application_id: UUID, arrived_at: datetime) -> Stepped:
    """Receive what came on paper, now that all of it is entered: in time or late by its true arrival (P6)."""
    return deeds.take(tx, application_id, "freeze_submission", data={"arrived": arrived_at})


send_late = submit
complete = submit


def receipt(tx: Tx, application_id: UUID) -> Submission:
    """Return what was sent last: its number and checksum are the receipt.

    Raises:
        Refused: nothing was sent yet.
    """
    last = (
        select(Submission)
        .where(Submission.application_id == application_id)
        .order_by(Submission.number.desc())
        .limit(1)
    )
    tx.flush()
    found = tx.session.scalars(last).first()
    if found is None:
        raise refuse("nothing_sent", "Nothing was sent yet.")
    return found
