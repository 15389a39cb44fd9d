"""What reading yields: words that know their place, and frozen entries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from grantflow.workflow.model import Place


class Word(str):
    """A text of a file that knows where it stands; equal to, and hashed like, the plain text."""

    __slots__ = ("place",)
    place: Place

    @classmethod
    def at(cls, text: str, place: Place) -> Word:
        """Return the word that stands at a place."""
        word = cls(text)
        word.place = place
        return word


def place_of(text: str, otherwise: Place) -> Place:
    """Return where a text stands, when it is a word of a file."""
    return text.place if isinstance(text, Word) else otherwise


class Entry(Mapping[str, Any]):
    """The keys and values of one thing in a file: every declared key is there, absent ones with their default."""

    __slots__ = ("_places", "_values", "place")

    def __init__(self, place: Place, values: Mapping[str, Any], places: Mapping[str, Place]) -> None:
        self.place = place
        self._values = MappingProxyType(dict(values))
        self._places = MappingProxyType(dict(places))

    def __getitem__(self, key: str) -> Any:
        return self._values[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"Entry({self.place.file}:{self.place.line}, {dict(self._values)!r})"

    @property
    def written(self) -> frozenset[str]:
        """The keys that the file gives itself."""
        return frozenset(self._places)

    def place_of(self, key: str) -> Place:
        """Return where a key stands; where it is absent, where the entry begins."""
        return self._places.get(key, self.place)


@dataclass(frozen=True, slots=True)
class Call:
    """A name with arguments: `window_open`, or `workshops_held:` with `at_least: 3` below it."""

    name: Word
    given: Mapping[str, Any]
    place: Place
