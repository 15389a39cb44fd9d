"""Who may see which award; who is in conflict with its application does not."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_

from grantflow.domain.actor import Actor
from grantflow.store.applications.visibility import not_in_conflict
from grantflow.store.calls.viewing import viewable
from grantflow.store.cases import CaseRow
from grantflow.store.session import Tx

RECORD = "award"


def visible_to(tx: Tx, actor: Actor) -> ColumnElement[bool]:
    """Return the condition on `CaseRow` that an actor may see an award."""
    application = CaseRow.parent_id
    return and_(CaseRow.record == RECORD, viewable(tx, actor, RECORD), not_in_conflict(actor, application))
