"""What stands at the head of applications in lists that go across calls."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from grantflow.store.applications.models import Application
from grantflow.store.people.models import Organisation
from grantflow.store.session import Tx


@dataclass(frozen=True, slots=True)
class Head:
    """What an application is called, and whose it is."""

    title: str
    organisation: str


def heads_of(tx: Tx, application_ids: Collection[UUID]) -> dict[UUID, Head]:
    """Return the heads of applications; that the actor may see them is the caller's business."""
    found = (
        select(Application.id, Application.title, Organisation.name)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .where(Application.id.in_(application_ids))
    )
    return {row.id: Head(row.title, row.name) for row in tx.execute(found)} if application_ids else {}
