"""How many reviews each application of a call shall have: as the guards of its scheme ask."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from grantflow.services.cases import schemes
from grantflow.store.session import Tx
from grantflow.workflow.model import Scheme

ENOUGH = ("reviewers_assigned", "reviews_complete")
"""The guards without which a call does not go on; they say how many reviews are enough."""
LEAST = 1


def reviews_wanted(tx: Tx, call_id: UUID) -> int:
    """Return how many reviews each application of a call shall have."""
    return _number(schemes.arguments_of(tx, call_id, ENOUGH))


def reviews_wanted_in(scheme: Scheme, parameters: Mapping[str, Any]) -> int:
    """Return the same where the scheme and the values of its parameters are known."""
    return _number(schemes.arguments(scheme, ENOUGH, parameters))


def _number(given: Mapping[str, Any]) -> int:
    return int(given.get("at_least", LEAST))
