"""How values are spelled in JSON: amounts in minor units, instants in UTC with Z, sentences whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from grantflow.domain.money import Money
from grantflow.domain.time import instant
from grantflow.services import formats
from grantflow.services.records.said import Label, Link, Rate, Sentence

ENGLISH = "en"
"""The language of sentences: codes are for programs, and the pages speak to people in theirs."""


def plain(value: Any) -> Any:
    """Return a value as JSON carries it; what has no shape of its own there becomes words."""
    if isinstance(value, tuple | list):
        return [plain(each) for each in value]
    for kind, spell in _SPELLED.items():
        if isinstance(value, kind):
            return spell(value)
    return value


def moment(value: datetime) -> str:
    """Return an instant as all machine-readable answers write it."""
    return instant(value).isoformat(timespec="seconds").replace("+00:00", "Z")


def sentence(text: str, params: Mapping[str, Any]) -> str:
    """Return a whole sentence with its places filled in."""
    return text % {name: _words(value) for name, value in params.items()} if params else text


def _words(value: Any) -> str:
    if isinstance(value, Money):
        return formats.amount(value, ENGLISH)
    if isinstance(value, datetime):
        return formats.moment(value, ENGLISH, "UTC")
    if isinstance(value, date):
        return formats.day(value, ENGLISH)
    if isinstance(value, Label | Sentence | Link):
        return str(plain(value))
    if isinstance(value, list | tuple):
        return formats.listed([_words(each) for each in value], ENGLISH)
    return (
        formats.whole(value, ENGLISH)
        if isinstance(value, int) and not isinstance(value, bool)
        else str(value)
    )


_SPELLED: Mapping[type, Callable[[Any], Any]] = {
    Money: lambda value: {"amount": value.amount, "currency": value.currency},
    datetime: moment,
    date: date.isoformat,
    UUID: str,
    Rate: lambda value: {"basis_points": value.basis_points},
    Label: lambda value: value.text,
    Sentence: lambda value: sentence(value.text, value.params),
    Link: lambda value: plain(value.label),
}
"""By type, the first that fits: a moment is a day, too."""
