"""The shapes that a file can be declared in: what each accepts, what it yields, how it is described."""

# ruff: noqa: D102 - what `read`, `value` and `words` do is said once, in `Shape`
from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from grantflow.domain import time
from grantflow.domain.money import Money
from grantflow.workflow.entries import Call, Entry, Word
from grantflow.workflow.findings import Finding, error, known_words, shown
from grantflow.workflow.model import Place
from grantflow.workflow.nodes import Items, Node, Pairs, Refused, Scalar

_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,15})")
_RATE = re.compile(r"([0-9]{1,3})(?:\.([0-9]{1,2}))?[ \u00a0\u202f]?%")
_AMOUNT = re.compile(r"([0-9]{1,3}(?:[ \u00a0\u202f][0-9]{3})+|[0-9]{1,13})(?:\.([0-9]{2}))? ([A-Z]{3})")
NOTHING: Mapping[str, Any] = MappingProxyType({})
_KINDS = {
    Scalar: "a single word or text",
    Items: "a list of lines with dashes",
    Pairs: "a key with values below it",
}


@dataclass(slots=True)
class Reading:
    """The findings made while a tree is held against a shape."""

    findings: list[Finding] = field(default_factory=list)

    def refuse(self, place: Place, code: str, message: str) -> None:
        """Note what is wrong; the value that is read on with is never seen by anybody."""
        self.findings.append(error(place, code, message))


class Shape:
    """What may stand at one place of a file."""

    absent: Any = None
    """The value where nothing stands."""

    def read(self, node: Node, reading: Reading) -> Any:
        """Return the value of a node; what is wrong goes to the reading."""
        raise NotImplementedError

    def words(self) -> str:
        """Return what is accepted, as it stands in the docs after “takes”."""
        raise NotImplementedError

    def records(self) -> Iterator[Record]:
        """Yield the records inside, for the docs."""
        yield from ()


def read_shape(node: Node, shape: Shape) -> tuple[Any, list[Finding]]:
    """Hold a tree against a shape."""
    reading = Reading()
    value = shape.read(node, reading)
    return value, reading.findings


def _wrong_kind(node: Node, wanted: str, reading: Reading) -> None:
    if not isinstance(node, Refused):
        reading.refuse(node.place, "wrong_kind", f"Here stands {_KINDS[type(node)]}; it takes {wanted}.")


class _ScalarShape(Shape):
    """A shape of one word or text."""

    def read(self, node: Node, reading: Reading) -> Any:
        if isinstance(node, Scalar):
            return self.value(node, reading)
        _wrong_kind(node, self.words(), reading)
        return self.absent

    def value(self, node: Scalar, reading: Reading) -> Any:
        """Return the value of a scalar."""
        raise NotImplementedError

    def wrong(self, node: Scalar, reading: Reading, hint: str = "") -> None:
        """Refuse a scalar, saying what is accepted."""
        reading.refuse(
            node.place, "wrong_value", f"{shown(node.text)} does not fit; it takes {self.words()}.{hint}"
        )


@dataclass(frozen=True, slots=True)
class Text(_ScalarShape):
    """A text that people read."""

    longest: int = 4000

    def value(self, node: Scalar, reading: Reading) -> Word:
        text = node.text.strip()
        if not text or len(text) > self.longest:
            self.wrong(node, reading)
        return Word.at(text, node.place)

    def words(self) -> str:
        return f"a text of at most {self.longest} characters"


@dataclass(frozen=True, slots=True)
class Name(_ScalarShape):
    """A name that other places refer to."""

    of: str = ""

    def value(self, node: Scalar, reading: Reading) -> Word:
        if not _NAME.fullmatch(node.text):
            self.wrong(
                node, reading, " A name is small letters, digits and underscores, and begins with a letter."
            )
        return Word.at(node.text, node.place)

    def words(self) -> str:
        return f"the name of a {self.of}" if self.of else "a name"


@dataclass(frozen=True, slots=True)
class DottedName(_ScalarShape):
    """A name, or two with a dot between them: `lifecycle.transition`."""

    of: str = "transition"
    dot: bool = False
    """Whether the dot must be there."""

    def value(self, node: Scalar, reading: Reading) -> Word:
        parts = node.text.split(".")
        if not (1 + self.dot <= len(parts) <= 2 and all(map(_NAME.fullmatch, parts))):
            self.wrong(node, reading)
        return Word.at(node.text, node.place)

    def words(self) -> str:
        return (
            f"{self.of} names such as `lifecycle.{self.of}`"
            if self.dot
            else f"`{self.of}` or `lifecycle.{self.of}`"
        )


@dataclass(frozen=True, slots=True)
class OneOf(_ScalarShape):
    """One of a closed list of words."""

    known: tuple[str, ...]

    def __init__(self, *known: str) -> None:
        object.__setattr__(self, "known", known)

    def value(self, node: Scalar, reading: Reading) -> Word:
        if node.text not in self.known:
            message = f"{shown(node.text)} is not allowed here. {known_words(node.text, self.known)}"
            reading.refuse(node.place, "wrong_value", message)
        return Word.at(node.text, node.place)

    def words(self) -> str:
        return "one of " + ", ".join(f"`{word}`" for word in self.known)


@dataclass(frozen=True, slots=True)
class WholeNumber(_ScalarShape):
    """A whole number, in digits alone."""

    least: int = 0
    most: int = 10**15

    def value(self, node: Scalar, reading: Reading) -> int:
        if node.plain and _WHOLE.fullmatch(node.text) and self.least <= int(node.text) <= self.most:
            return int(node.text)
        self.wrong(node, reading)
        return 0

    def words(self) -> str:
        bounds = f"from {self.least} to {self.most}" if self.most < 10**15 else f"of at least {self.least}"
        return f"a whole number {bounds}, in digits without quotes"


@dataclass(frozen=True, slots=True)
class Span(_ScalarShape):
    """A length of time, as a `Word`: `90min`, `48h`, `10d`, `10wd`, `3w`, `12mo`; or the name of a parameter."""

    or_name: bool = False

    def value(self, node: Scalar, reading: Reading) -> Word:
        if not is_span(node.text) and not (self.or_name and _NAME.fullmatch(node.text)):
            self.wrong(node, reading)
        return Word.at(node.text, node.place)

    def words(self) -> str:
        name = " or the name of a parameter of that kind" if self.or_name else ""
        return f"a span such as 90min, 48h, 10d, 10wd (working days), 3w or 12mo{name}"


def is_span(text: str) -> bool:
    """Whether a text is a length of time."""
    try:
        time.Span.parse(text)
    except ValueError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Rate(_ScalarShape):
    """A share, as basis points: `60 %` is 6000."""

    most: int = 10_000

    def value(self, node: Scalar, reading: Reading) -> int:
        match = _RATE.fullmatch(node.text)
        points = int(match[1]) * 100 + int((match[2] or "").ljust(2, "0")) if match else self.most + 1
        if points > self.most:
            self.wrong(node, reading)
        return points

    def words(self) -> str:
        return f"a share such as 60 % or 62.5 %, at most {self.most // 100} %"


@dataclass(frozen=True, slots=True)
class Amount(_ScalarShape):
    """An amount of money: `1 500 000 SEK` or `4000.50 EUR`."""

    def value(self, node: Scalar, reading: Reading) -> Money:
        match = _AMOUNT.fullmatch(node.text)
        if match is None:
            self.wrong(node, reading)
            return Money(0, "XXX")
        whole = "".join(char for char in match[1] if char.isdigit())
        return Money(int(whole) * 100 + int(match[2] or "0"), match[3])

    def words(self) -> str:
        return "an amount with its currency, such as 1 500 000 SEK or 4000.50 EUR"


@dataclass(frozen=True, slots=True)
class YesNo(_ScalarShape):
    """Yes or no, in quotes, since YAML makes something else of the bare words."""

    def value(self, node: Scalar, reading: Reading) -> bool:
        if node.text not in ("yes", "no"):
            self.wrong(node, reading)
        return node.text == "yes"

    def words(self) -> str:
        return '`"yes"` or `"no"`, in quotes'


@dataclass(frozen=True, slots=True)
class Day(_ScalarShape):
    """A date, as `datetime.date`: `2026-03-02`."""

    def value(self, node: Scalar, reading: Reading) -> date:
        try:
            return datetime.strptime(node.text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            self.wrong(node, reading)
            return date.min

    def words(self) -> str:
        return "a date such as 2026-03-02"


@dataclass(frozen=True, slots=True)
class LocalTime(_ScalarShape):
    """A date and time of day in local words, as a naive `datetime`: `2026-03-02 12:00`."""

    def value(self, node: Scalar, reading: Reading) -> datetime:
        try:
            return datetime.strptime(node.text, "%Y-%m-%d %H:%M")  # noqa: DTZ007 - its zone stands beside it in the file
        except ValueError:
            self.wrong(node, reading)
            return datetime.min  # noqa: DTZ901 - never used, the finding stops the file

    def words(self) -> str:
        return "a local date and time such as 2026-03-02 12:00"


@dataclass(frozen=True, slots=True)
class Anything(_ScalarShape):
    """Plain data whose kind is known later: whole numbers, words, lists and keys of them."""

    def read(self, node: Node, reading: Reading) -> Any:
        match node:
            case Scalar():
                if node.plain and _WHOLE.fullmatch(node.text):
                    return int(node.text)
                return Word.at(node.text, node.place)
            case Items():
                return tuple(self.read(item, reading) for item in node.items)
            case Pairs():
                pairs = {Word.at(key.text, key.place): self.read(value, reading) for key, value in node.pairs}
                return MappingProxyType(pairs)
        return None

    def words(self) -> str:
        return "a number, a word, or a list or keys of them"


@dataclass(frozen=True, slots=True)
class NamedCall(Shape):
    """The name of a piece of code, with its arguments below it where it takes some; yields a `Call`."""

    of: str

    def read(self, node: Node, reading: Reading) -> Call | None:
        if isinstance(node, Scalar):
            return Call(Name(self.of).value(node, reading), NOTHING, node.place)
        if not isinstance(node, Pairs) or len(node.pairs) != 1:
            _wrong_kind(node, self.words(), reading)
            return None
        key, below = node.pairs[0]
        name = Name(self.of).value(key, reading)
        if not isinstance(below, Pairs):
            _wrong_kind(below, f"the arguments of {shown(name)}, one key a line", reading)
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
        if isinstance(node, Scalar) and isinstance(self.item, (_ScalarShape, NamedCall)):
            return (self.item.read(node, reading),)
        if not isinstance(node, Items):
            _wrong_kind(node, self.words(), reading)
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

    def __init__(self, value: Shape, key: _ScalarShape | None = None) -> None:
        self.value = value
        self.key = key or Name()

    def read(self, node: Node, reading: Reading) -> Mapping[Word, Any]:
        if not isinstance(node, Pairs):
            _wrong_kind(node, self.words(), reading)
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
        _wrong_kind(node, self.words(), reading)
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
            _wrong_kind(node, self.words(), reading)
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
