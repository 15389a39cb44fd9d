"""The records that stand under a record, as counts by what their states mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sibling:
    """Children of one lifecycle that are in states of one meaning."""

    tags: frozenset[str]
    final: bool
    count: int


@dataclass(frozen=True, slots=True)
class Children:
    """All children of a record, by lifecycle."""

    by_lifecycle: Mapping[str, tuple[Sibling, ...]]

    def of(self, lifecycle: str) -> tuple[Sibling, ...]:
        """Return the children of one lifecycle."""
        return self.by_lifecycle.get(lifecycle, ())

    def without(self, lifecycle: str, tags: frozenset[str]) -> int:
        """Return how many children of a lifecycle bear none of some tags."""
        return sum(child.count for child in self.of(lifecycle) if not child.tags & tags)

    def alive(self, lifecycle: str, tags: frozenset[str] | None = None) -> int:
        """Return how many children of a lifecycle have not ended, of those with one of some tags where they are given."""
        return sum(child.count for child in self._alive(lifecycle) if tags is None or child.tags & tags)

    def with_any(self, lifecycle: str, tags: frozenset[str]) -> int:
        """Return how many children of a lifecycle bear one of some tags."""
        return sum(child.count for child in self.of(lifecycle) if child.tags & tags)

    def _alive(self, lifecycle: str) -> Iterator[Sibling]:
        return (child for child in self.of(lifecycle) if not child.final)
