"""Shapes of one word or text: what each accepts, what it yields, how it is described."""

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
from grantflow.workflow.entries import Word
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

    def records(self) -> Iterator[Any]:
        """Yield the records inside, for the docs."""
        yield from ()


def read_shape(node: Node, shape: Shape) -> tuple[Any, list[Finding]]:
    """Hold a tree against a shape."""
    reading = Reading()
    value = shape.read(node, reading)
    return value, reading.findings


def wrong_kind(node: Node, wanted: str, reading: Reading) -> None:
    """Refuse a node that is a word, a list or keys where something else is wanted."""
    if not isinstance(node, Refused):
        reading.refuse(node.place, "wrong_kind", f"Here stands {_KINDS[type(node)]}; it takes {wanted}.")


class ScalarShape(Shape):
    """A shape of one word or text."""

    def read(self, node: Node, reading: Reading) -> Any:
        if isinstance(node, Scalar):
            return self.value(node, reading)
        wrong_kind(node, self.words(), reading)
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
class Text(ScalarShape):
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
class Name(ScalarShape):
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
class DottedName(ScalarShape):
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
class OneOf(ScalarShape):
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
class WholeNumber(ScalarShape):
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
class Span(ScalarShape):
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
class Rate(ScalarShape):
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
class Amount(ScalarShape):
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
class YesNo(ScalarShape):
    """Yes or no, in quotes, since YAML makes something else of the bare words."""

    def value(self, node: Scalar, reading: Reading) -> bool:
        if node.text not in ("yes", "no"):
            self.wrong(node, reading)
        return node.text == "yes"

    def words(self) -> str:
        return '`"yes"` or `"no"`, in quotes'


@dataclass(frozen=True, slots=True)
class Day(ScalarShape):
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
class LocalTime(ScalarShape):
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
class Anything(ScalarShape):
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
