"""Values for a letter about nobody: so that its words can be read before there is a record that it could be about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from grantflow.domain.money import Money
from grantflow.services.letters.words import OpenWord

_NAMES: Mapping[str, str] = {
    "ref": "XX-0000-0001",
    "recipient": "Alex Example",
    "organisation": "Example Ltd",
    "firm": "Example Workshop Ltd",
    "project": "Heat from the sawmill",
    "record_title": "Heat from the sawmill",
    "link": "https://example.invalid/page",
    "fingerprint": "3f1a…9c",
    "regulation": "(EU) 2023/2831",
}
_FALSE = frozenset({"remedy_none", "remedy_correction", "remedy_appeal", "delegated"})
"""Facts of which only one can hold, or that would hide what is mostly said."""


def made_up(words: Mapping[str, OpenWord], now: datetime, currency: str) -> dict[str, Any]:
    """Return a value for every word that a kind of letter may leave open; what is mere text stands in brackets."""
    make: Mapping[str, Callable[[str], Any]] = {
        "text": lambda name: _NAMES.get(name, f"[{name.replace('_', ' ')}]"),
        "money": lambda name: Money(30_000_00 if name == "granted" else 40_000_00, currency),
        "rate": lambda _: 6000,
        "day": lambda name: now if name in {"today", "decided", "since"} else now + timedelta(days=21),
        "moment": lambda name: now if name == "submitted" else now + timedelta(days=21),
        "number": lambda _: 3,
        "list": lambda name: (f"[{name}: 1]", f"[{name}: 2]"),
        "fact": lambda name: name not in _FALSE,
    }
    return {name: make[word.kind](name) for name, word in words.items()}
