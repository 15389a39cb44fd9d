"""What a record of each kind is about, in the order in which people ask: a module for each kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy import select

from grantflow.services.records.content import (
    application,
    award,
    call,
    contribution,
    frame,
    line,
    participation,
    payment,
    review,
)
from grantflow.services.records.content.aid import rows_of
from grantflow.services.records.said import Content
from grantflow.services.records.visibility import Found
from grantflow.store.applications.models import Application
from grantflow.store.session import Tx

CONTENT: Mapping[str, Callable[[Tx, Found, str], Content]] = {
    "call": call.content,
    "participation": participation.content,
    "contribution": contribution.content,
    "frame": frame.content,
    "application": application.content,
    "line": line.content,
    "payment": payment.content,
    "review": review.content,
    "award": award.content,
}


ROWS = frozenset({"line", "payment"})
"""Kinds of records of which a list of those below one says more than their reference (`content/aid.py`)."""


def content_of(tx: Tx, found: Found, language: str) -> Content:
    """Return what a record is about, in a language."""
    return CONTENT[found.record](tx, found, language)


def title_of(tx: Tx, found: Found) -> str:
    """Return what a record is called where no more than its title is shown."""
    if found.record == "call":
        return found.call_title
    if found.record in ROWS:
        return rows_of(tx, [found.id])[found.id][0] or found.ref
    application = {"application": found.id, "review": found.parent_id, "award": found.parent_id}.get(
        found.record
    )
    if application is None:
        return found.ref
    titled = select(Application.title).where(Application.id == application)
    return str(tx.execute(titled).scalar() or found.call_title)
