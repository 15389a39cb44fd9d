"""The shapes that a file can be declared in: records of keys, lists, tables and choices between shapes."""

# ruff: noqa: D102 - what `read` and `words` do is said once, in `Shape`
from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from grantflow.workflow.entries import Call, Entry, Word
from grantflow.workflow.findings import known_words, shown
from grantflow.workflow.model import Place
from grantflow.workflow.nodes import Items, Node, Pairs, Scalar
from grantflow.workflow.scalars import (
    NOTHING,
    Anything,
    Name,
    Reading,
    ScalarShape,
    Shape,
    wrong_kind,
)


@dataclass(frozen=True, slots=True)
class NamedCall(Shape):
    """The name of a piece of code, with its arguments below it where it takes some; yields a `Call`."""

    of: str

    def read(self, node: Node, reading: Reading) -> Call | None:
        if isinstance(node, Scalar):
            return Call(Name(self.of).value(node, reading), NOTHING, node.place)
        if not isinstance(node, Pairs) or len(node.pairs) != 1:
            wrong_kind(node, self.words(), reading)
            return None
        key, below = node.pairs[0]
        name = Name(self.of).value(key, reading)
        if not isinstance(below, Pairs):
            wrong_kind(below, f"the arguments of {shown(name)}, one key a line", reading)
            return None
        return Call(name, Anything().read(below, reading), key.place)

    def words(self) -> str:
        return f"the name of a {self.of}, its arguments (if it takes some) as keys below it"


class ListOf(Shape):
    """A list; where its items are single words, one word may stand alone for a list of one. Yields a tuple."""

    absent: Any = ()

    def __init__(self, item: Shape, least: int = 0) -> None:
        self.item = item
        self.least = least

    def read(self, node: Node, reading: Reading) -> tuple[Any, ...]:
        if isinstance(node, Scalar) and isinstance(self.item, (ScalarShape, NamedCall)):
            return (self.item.read(node, reading),)
        if not isinstance(node, Items):
            wrong_kind(node, self.words(), reading)
            return ()
        if len(node.items) < self.least:
            reading.refuse(
                node.place, "wrong_value", f"The list has {len(node.items)} items; it needs {self.least}."
            )
        values = tuple(self.item.read(item, reading) for item in node.items)
        self._refuse_twins(node, values, reading)
        return values

    def _refuse_twins(self, node: Items, values: tuple[Any, ...], reading: Reading) -> None:
        seen: set[str] = set()
        for item, value in zip(node.items, values, strict=True):
            if isinstance(value, Word):
                if value in seen:
                    reading.refuse(item.place, "duplicate_item", f"{shown(value)} stands in this list twice.")
                seen.add(value)

    def words(self) -> str:
        return f"a list: {self.item.words()}"

    def records(self) -> Iterator[Record]:
        yield from self.item.records()


class TableOf(Shape):
    """Names with something below each; yields a mapping in the order of the file, whose keys are `Word`s."""

    absent: Any = NOTHING

    def __init__(self, value: Shape, key: ScalarShape | None = None) -> None:
        self.value = value
        self.key = key or Name()

    def read(self, node: Node, reading: Reading) -> Mapping[Word, Any]:
        if not isinstance(node, Pairs):
            wrong_kind(node, self.words(), reading)
            return MappingProxyType({})
        pairs = {self.key.value(key, reading): self.value.read(value, reading) for key, value in node.pairs}
        return MappingProxyType(pairs)

    def words(self) -> str:
        return f"keys, each {self.key.words()}, with {self.value.words()}"

    def records(self) -> Iterator[Record]:
        yield from self.value.records()


class Either(Shape):
    """Different shapes for a single word, a list or keys."""

    def __init__(
        self, scalar: Shape | None = None, items: Shape | None = None, pairs: Shape | None = None
    ) -> None:
        self._shapes: dict[type, Shape] = {
            kind: shape
            for kind, shape in ((Scalar, scalar), (Items, items), (Pairs, pairs))
            if shape is not None
        }

    def read(self, node: Node, reading: Reading) -> Any:
        shape = self._shapes.get(type(node))
        if shape is not None:
            return shape.read(node, reading)
        wrong_kind(node, self.words(), reading)
        return None

    def words(self) -> str:
        return ", or ".join(shape.words() for shape in self._shapes.values())

    def records(self) -> Iterator[Record]:
        for shape in self._shapes.values():
            yield from shape.records()


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a record: what it takes and what it means, in one sentence."""

    name: str
    shape: Shape
    about: str
    required: bool = False
    default: Any = None

    @property
    def absent(self) -> Any:
        """The value where the key is not given."""
        return self.shape.absent if self.default is None else self.default


class Record(Shape):
    """A thing with declared keys; yields an `Entry`."""

    def __init__(self, name: str, about: str, *keys: Key) -> None:
        self.name = name
        self.about = about
        self.keys = {key.name: key for key in keys}
        self._absent = {key.name: key.absent for key in keys}

    def read(self, node: Node, reading: Reading) -> Entry | None:
        if not isinstance(node, Pairs):
            wrong_kind(node, self.words(), reading)
            return None
        values = dict(self._absent)
        places: dict[str, Place] = {}
        for word, below in node.pairs:
            key = self.keys.get(word.text)
            if key is None:
                message = f"The key {shown(word.text)} is not known in “{self.name}”. {known_words(word.text, self.keys)}"
                reading.refuse(word.place, "unknown_key", message)
                continue
            places[word.text] = word.place
            values[word.text] = key.shape.read(below, reading)
        for key in self.keys.values():
            if key.required and key.name not in places:
                message = f"The {self.name} that begins here needs the key {shown(key.name)}: {key.about}"
                reading.refuse(node.place, "missing_key", message)
        return Entry(node.place, values, places)

    def words(self) -> str:
        return f"the keys of a {self.name}"

    def records(self) -> Iterator[Record]:
        yield self


def describe(top: Record, level: int = 2) -> str:
    """Return the Markdown that describes a record and every record inside it, each once, from the declaration alone."""
    seen: dict[str, Record] = {}
    waiting = [top]
    while waiting:
        record = waiting.pop(0)
        if record.name in seen:
            continue
        seen[record.name] = record
        waiting.extend(inner for key in record.keys.values() for inner in key.shape.records())
    return "\n".join(_described(record, level if record is top else level + 1) for record in seen.values())


def _described(record: Record, level: int) -> str:
    lines = [
        f"{'#' * level} {record.name.capitalize()}",
        "",
        record.about,
        "",
        "| key | takes | means |",
        "|---|---|---|",
    ]
    for key in record.keys.values():
        needed = "; **needed**" if key.required else ""
        default = f"; otherwise {key.default}" if key.default is not None else ""
        takes = key.shape.words().replace("|", "\\|")
        lines.append(f"| `{key.name}` | {takes}{needed}{default} | {key.about} |")
    return "\n".join([*lines, ""])
