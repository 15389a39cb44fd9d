"""Finding an application by the reference in an address: who may not see it finds nothing."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from grantflow.store.applications.visibility import visible_to
from grantflow.store.cases import CaseRow
from grantflow.store.session import Tx


def application_with(tx: Tx, ref: str) -> UUID | None:
    """Return the application with a reference, if there is one and the actor may see it with its words."""
    found = tx.execute(
        select(CaseRow.id).where(CaseRow.ref == ref, visible_to(tx, tx.actor)).limit(1)
    ).scalar()
    return None if found is None else UUID(str(found))
