"""The rules about aid that calls pinned, read back from the published files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import InstrumentedAttribute

from grantflow.domain.aid.de_minimis import Rule
from grantflow.store.aid.models import AidRulePin
from grantflow.store.calls.models import FunderWindow
from grantflow.store.programmes.models import Funder
from grantflow.store.published import PublishedFile
from grantflow.store.session import Tx

KIND = "aid_rules"
"""The kind under which rule files are published."""


@lru_cache(maxsize=32)
def rules_from(text: str | None) -> tuple[Rule, ...]:
    """Return the rules of a published rule file; none where a call pinned none."""
    if text is None:
        return ()
    return tuple(
        Rule(
            name=entry["name"],
            act=entry["act"],
            article=entry["article"],
            ceiling=entry["ceiling"],
            currency=entry["currency"],
            years=entry["years"],
            boundary=entry["boundary"],
            valid_from=date.fromisoformat(entry["valid_from"]),
            valid_to=date.fromisoformat(entry["valid_to"]),
            confidence=entry["confidence"],
            register_within=entry["register_within"],
            sources=tuple(entry["sources"]),
        )
        for entry in json.loads(text)["rules"]
    )


def pinned_text(call_id: InstrumentedAttribute[UUID]) -> ScalarSelect[str]:
    """Return the expression that finds the text of the rule file which a call pinned."""
    return (
        select(PublishedFile.text)
        .join(
            AidRulePin,
            (PublishedFile.kind == KIND)
            & (PublishedFile.name == AidRulePin.name)
            & (PublishedFile.version == AidRulePin.version),
        )
        .where(AidRulePin.call_id == call_id)
        .scalar_subquery()
    )


def granting_state(call_id: InstrumentedAttribute[UUID]) -> ScalarSelect[str]:
    """Return the expression that finds the member state which grants in a call: its funder's country."""
    return (
        select(func.min(Funder.country))
        .join(FunderWindow, FunderWindow.funder_id == Funder.id)
        .where(FunderWindow.call_id == call_id)
        .scalar_subquery()
    )


def parameters_in_force(tx: Tx, scheme: str, version: int, own: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return every parameter of a scheme with the call's value, else the default."""
    known = tx.engine.compiled(scheme, version).scheme.parameters
    return {name: (own or {}).get(name, parameter.default) for name, parameter in known.items()}


def is_final(tx: Tx, scheme: str, version: int, lifecycle: str, state: str) -> bool:
    """Whether a case in this state has ended."""
    return state in tx.engine.compiled(scheme, version).scheme.lifecycles[lifecycle].final


def tags_of(tx: Tx, scheme: str, version: int, lifecycle: str, state: str) -> frozenset[str]:
    """Return what a state means."""
    return tx.engine.compiled(scheme, version).scheme.lifecycles[lifecycle].states[state].tags
