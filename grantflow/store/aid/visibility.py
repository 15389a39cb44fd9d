"""Who may see which line of a request, and which payment."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_

from grantflow.domain.actor import Actor
from grantflow.store.applications.visibility import not_in_conflict
from grantflow.store.calls.viewing import viewable
from grantflow.store.cases import CaseRow
from grantflow.store.session import Tx


def line_visible_to(tx: Tx, actor: Actor) -> ColumnElement[bool]:
    """Return the condition on `CaseRow` that an actor may see a line: a firm its own, a cluster those of its request."""
    return _below_a_request(tx, actor, "line")


def payment_visible_to(tx: Tx, actor: Actor) -> ColumnElement[bool]:
    """Return the condition on `CaseRow` that an actor may see a payment."""
    return _below_a_request(tx, actor, "payment")


def _below_a_request(tx: Tx, actor: Actor, record: str) -> ColumnElement[bool]:
    request = CaseRow.parent_id
    return and_(CaseRow.record == record, viewable(tx, actor, record), not_in_conflict(actor, request))
