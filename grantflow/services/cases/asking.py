"""What a person fills in when taking a step: each field of its kind, all problems at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from grantflow.domain.refusal import Refusal
from grantflow.domain.time import instant, utc_text
from grantflow.store.types import canonical_json
from grantflow.workflow.model import Asked, Row

SHORT = 300
LONG = 20_000
_BEYOND = 2**53
"""From here on no number is believed; one that is longer when it is written is not even read."""
_DIGITS = len(str(_BEYOND))


class _Unfit(ValueError):
    """A value is not of its field's kind; the words say what is expected."""


def filled_in(row: Row, data: Mapping[str, Any], *, lenient: bool) -> tuple[dict[str, Any], list[Refusal]]:
    """Return the values of a row's fields, and what is wrong with them.

    `lenient` is for what the system does: it fills in nothing, and passes on only what the cause was given.
    """
    values: dict[str, Any] = {}
    wrong: list[Refusal] = []
    for asked in row.asks:
        value = data.get(asked.name)
        if isinstance(value, str):
            value = value.strip()
        if value is None or value == "":
            if asked.required and not lenient:
                wrong.append(
                    Refusal(
                        "missing_field", "Please fill in “%(label)s”.", {"label": asked.label}, asked.name
                    )
                )
            continue
        try:
            values[asked.name] = _KINDS[asked.kind](value, asked)
        except _Unfit as unfit:
            if not lenient:
                wrong.append(Refusal("bad_field", str(unfit), {"label": asked.label}, asked.name))
    if not lenient:
        wrong.extend(_strangers(row, data))
    return values, wrong


def _strangers(row: Row, data: Mapping[str, Any]) -> list[Refusal]:
    known = {asked.name for asked in row.asks}
    return [
        Refusal("bad_field", "This step does not ask for “%(label)s”.", {"label": name}, name)
        for name in data
        if name not in known
    ]


def as_text(value: Any) -> str:
    """Return a field's value as the journal keeps it."""
    return value if isinstance(value, str) else canonical_json(as_json(value))


def as_json(value: Any) -> Any:
    """Return a field's value as JSON can carry it."""
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return utc_text(value)
    return value.isoformat() if isinstance(value, date) else value


def _text(value: Any, _asked: Asked) -> str:
    if not isinstance(value, str) or len(value) > SHORT or "\n" in value:
        raise _Unfit("“%(label)s” takes one line of at most 300 characters.")
    return value


def _long_text(value: Any, _asked: Asked) -> str:
    if not isinstance(value, str) or len(value) > LONG:
        raise _Unfit("“%(label)s” takes a text of at most 20 000 characters.")
    return value


def _whole(value: Any, _asked: Asked) -> int:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= _DIGITS:
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < _BEYOND:
        raise _Unfit("“%(label)s” takes a whole number, nought or more.")
    return value


def _money(value: Any, asked: Asked) -> int:
    try:
        return _whole(value, asked)
    except _Unfit:
        raise _Unfit("“%(label)s” takes an amount of money, nought or more.") from None


def _date(value: Any, _asked: Asked) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise _Unfit("“%(label)s” takes a date, such as 2026-03-31.") from None


def _moment(value: Any, _asked: Asked) -> datetime:
    try:
        return instant(value if isinstance(value, datetime) else datetime.fromisoformat(value))
    except (TypeError, ValueError):
        raise _Unfit(
            "“%(label)s” takes a date and a time with its distance from UTC, such as 2026-03-31T11:05+02:00."
        ) from None


def _choice(value: Any, asked: Asked) -> str:
    if value not in asked.choices:
        raise _Unfit("Please pick one of the choices offered for “%(label)s”.")
    return str(value)


def _record(value: Any, _asked: Asked) -> UUID:
    if isinstance(value, UUID):
        return value
    try:
        return UUID(value)
    except (AttributeError, TypeError, ValueError):
        raise _Unfit("“%(label)s” takes one of the records offered.") from None


_KINDS: Mapping[str, Callable[[Any, Asked], Any]] = {
    "text": _text,
    "long_text": _long_text,
    "money": _money,
    "whole_number": _whole,
    "date": _date,
    "moment": _moment,
    "choice": _choice,
    "record": _record,
}
