"""What a record of each kind is about, in the order in which people ask: a module for each kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping

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
from grantflow.services.records.said import Content
from grantflow.services.records.visibility import Found
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


def content_of(tx: Tx, found: Found, language: str) -> Content:
    """Return what a record is about, in a language."""
    return CONTENT[found.record](tx, found, language)
