"""The compiled schemes that records pin, and the values that a call gave to their parameters."""

from __future__ import annotations

import json
from collections.abc import Container, Mapping
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from grantflow.domain.time import Span
from grantflow.store.published import published_text
from grantflow.store.session import Tx
from grantflow.store.statements import Statement
from grantflow.workflow.loader import parse_scheme
from grantflow.workflow.machine import Compiled
from grantflow.workflow.model import Scheme

KIND = "scheme"
"""The kind under which schemes are published."""


def compiled(tx: Tx, name: str, version: int) -> Compiled:
    """Return a scheme version ready to run: from the engine's memory, else as it was published.

    Raises:
        KeyError: it was never published.
    """
    try:
        return tx.engine.compiled(name, version)
    except KeyError:
        return tx.engine.add(parse_scheme(published_text(tx, KIND, name, version)))


@lru_cache(maxsize=256)
def _read_object(text: str | None) -> Mapping[str, Any]:
    return json.loads(text) if text else {}


@lru_cache(maxsize=64)
def days_off(text: str | None) -> frozenset[date]:
    """Return the days on which nobody works, from the call's list of ISO dates."""
    return frozenset(date.fromisoformat(day) for day in json.loads(text)) if text else frozenset()


def in_force(scheme: Scheme, set_by_call: str | None) -> Mapping[str, Any]:
    """Return every parameter of a scheme with the call's value, else the default."""
    own = _read_object(set_by_call)
    return {name: own.get(name, parameter.default) for name, parameter in scheme.parameters.items()}


def given(arguments: Mapping[str, Any], parameters: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the arguments of a guard with names of parameters replaced by their values."""
    if not arguments:
        return arguments
    return {
        name: parameters[value] if isinstance(value, str) and value in parameters else value
        for name, value in arguments.items()
    }


def arguments(scheme: Scheme, guards: Container[str], parameters: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the values with which the first of some guards stands in the lifecycle of the call, if one stands there."""
    root = next(lifecycle for lifecycle in scheme.lifecycles.values() if lifecycle.parent is None)
    named = (call for row in root.rows for call in row.guards if call.name in guards)
    return next((given(call.given, parameters) for call in named), {})


def span(text: str, parameters: Mapping[str, Any]) -> Span:
    """Return a span written out or given by the name of a parameter."""
    return Span.parse(str(parameters.get(text, text)))


_CALL = Statement("""
    SELECT c.scheme, c.version, k.parameters FROM gf_case c LEFT JOIN gf_call k ON k.id = c.call_id WHERE c.id = :id
""")


def parameters_of(tx: Tx, call_id: UUID) -> Mapping[str, Any]:
    """Return the parameters in force in a call (of any of its cases, too), for effects and services."""
    return _in_force(tx, call_id)[1]


def arguments_of(tx: Tx, call_id: UUID, guards: Container[str]) -> Mapping[str, Any]:
    """Return the values with which the first of some guards stands in the lifecycle of a call, if one stands there."""
    scheme, parameters = _in_force(tx, call_id)
    return arguments(scheme, guards, parameters)


def _in_force(tx: Tx, call_id: UUID) -> tuple[Scheme, Mapping[str, Any]]:
    tx.flush()
    row = _CALL(tx, id=call_id).one()
    scheme = compiled(tx, row[0], row[1]).scheme
    return scheme, in_force(scheme, row[2])
