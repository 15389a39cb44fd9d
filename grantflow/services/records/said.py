"""What pages say: sentences and labels that the entrance translates, and facts of every type that it writes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from grantflow.domain.money import Money


@dataclass(frozen=True, slots=True)
class Sentence:
    """A whole English sentence with named places; the entrance translates it, and then fills it in."""

    text: str
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def english(self) -> str:
        """The sentence in English, filled in: for tests and logs."""
        return self.text % self.params if self.params else self.text


@dataclass(frozen=True, slots=True)
class Label:
    """A few words that have their place in the catalogue: a label of a workflow file, or one of ours."""

    text: str


@dataclass(frozen=True, slots=True)
class Rate:
    """A share in basis points."""

    basis_points: int


@dataclass(frozen=True, slots=True)
class Link:
    """A way to a page: its address inside the house, and what is written on it."""

    label: Label | str
    path: str


Value = str | int | Money | Rate | date | datetime | Label | Sentence | Link | tuple[Any, ...]
"""What a fact says: text stands as it is, labels and sentences are translated, the rest is written as the language does."""


@dataclass(frozen=True, slots=True)
class Fact:
    """Something about a record: what, and how much."""

    label: str
    value: Value


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a record's content, under a heading of its own: facts, and texts that people wrote."""

    title: str
    facts: tuple[Fact, ...] = ()
    texts: tuple[tuple[str, str], ...] = ()
    """Long texts, each under what it answers (already in the reader's language)."""


@dataclass(frozen=True, slots=True)
class Content:
    """What a record is about, in the order in which people ask."""

    title: str
    parts: tuple[Part, ...] = ()


def some(label: str, value: Value | None) -> tuple[Fact, ...]:
    """Return a fact where there is something to say."""
    return () if value is None or value in ("", ()) else (Fact(label, value),)
