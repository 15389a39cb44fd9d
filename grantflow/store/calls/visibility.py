"""Who may see which call: lists, counts, searches and pages of calls all start from this one condition."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, or_

from grantflow.domain.actor import Actor
from grantflow.store.calls.viewing import viewable
from grantflow.store.calls.visible import public_calls
from grantflow.store.cases import CaseRow
from grantflow.store.session import Tx

RECORD = "call"


def visible_to(tx: Tx, actor: Actor | None = None) -> ColumnElement[bool]:
    """Return the condition on `CaseRow` that an actor may see a call: it is public, or a role of theirs sees its state."""
    who = actor or tx.actor
    return and_(CaseRow.id == CaseRow.call_id, or_(public_calls(tx), viewable(tx, who, RECORD)))
