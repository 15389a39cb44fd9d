"""The words that workflow files may use and the code behind them: guards, facts, effects, selectors.

A word is made by a decorator that turns a function into a frozen specification; `Registry.collect` gathers the
specifications of the modules it is given, so nothing happens on import and the list of modules stands in one place
(`app.py`).
"""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import ModuleType
from typing import Any, Literal
from uuid import UUID

from grantflow.domain.actor import Actor
from grantflow.domain.refusal import Refusal

GivenKind = Literal["whole_number", "text", "names", "tags", "span", "date", "choice", "lifecycle"]


@dataclass(frozen=True, slots=True)
class Ask:
    """What a guard may look at beside its facts: who asks, when, with which arguments and filled-in fields."""

    actor: Actor
    now: datetime
    given: Mapping[str, Any] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GuardSpec:
    """A guard: a pure function of frozen facts and an `Ask` that yields refusals."""

    name: str
    about: str
    """The sentence that a programme manager reads in the diagram: the first line of the docstring."""
    facts: tuple[type, ...]
    takes: Mapping[str, GivenKind]
    run: Callable[..., Iterable[Refusal]]

    def __call__(self, facts: Sequence[object], ask: Ask) -> tuple[Refusal, ...]:
        """Return every reason against, none when the guard passes."""
        return tuple(self.run(*facts, ask))


@dataclass(frozen=True, slots=True)
class FactSpec:
    """A batch loader of one kind of fact: one statement for 1, 50 or 5 000 records."""

    kind: type
    of: frozenset[str]
    """The record kinds about whose records it can be asked."""
    load: Callable[[Any, Sequence[UUID]], Mapping[UUID, Any]]


@dataclass(frozen=True, slots=True)
class EffectSpec:
    """What a step does beside moving the record, in the same transaction; always for a batch of moves."""

    name: str
    about: str
    of: frozenset[str]
    needs_guards: tuple[str, ...]
    """Guards that a row with this effect must have."""
    needs_apart: bool
    """Whether a row with this effect must be four eyes (`apart_from`)."""
    asks: tuple[str, ...]
    """Asked fields that a row with this effect must have."""
    locks: tuple[str, ...]
    """What is locked before the record: `call` (exclusively), `window`."""
    reads: tuple[str, ...]
    """Parameters that it looks at where the scheme has them."""
    run: Callable[[Any, Sequence[Any]], None]


@dataclass(frozen=True, slots=True)
class SelectorSpec:
    """Finds the records to which a step emits: for each source record, its targets."""

    name: str
    about: str
    source: str
    target: str
    run: Callable[[Any, Sequence[UUID]], Mapping[UUID, Sequence[UUID]]]


def _first_line(function: Callable[..., object]) -> str:
    text = inspect.getdoc(function)
    if not text:
        raise TypeError(f"{function.__qualname__} needs a docstring: a programme manager reads it")
    return text.split("\n", 1)[0]


def guard(
    takes: Mapping[str, GivenKind] | None = None,
) -> Callable[[Callable[..., Iterable[Refusal]]], GuardSpec]:
    """Make a guard of a function `(fact, ..., ask)`; the annotations say which facts it needs."""

    def make(function: Callable[..., Iterable[Refusal]]) -> GuardSpec:
        hints = typing.get_type_hints(function)
        names = list(inspect.signature(function).parameters)
        if hints.get(names[-1]) is not Ask:
            raise TypeError(f"the last parameter of guard {function.__name__} is an Ask")
        facts = tuple(hints[name] for name in names[:-1])
        return GuardSpec(function.__name__, _first_line(function), facts, dict(takes or {}), function)

    return make


def fact(
    kind: type, of: Iterable[str]
) -> Callable[[Callable[[Any, Sequence[UUID]], Mapping[UUID, Any]]], FactSpec]:
    """Make a loader of a kind of fact, for records of the kinds `of`."""

    def make(function: Callable[[Any, Sequence[UUID]], Mapping[UUID, Any]]) -> FactSpec:
        return FactSpec(kind, frozenset(of), function)

    return make


def effect(
    of: Iterable[str],
    guards: Iterable[str] = (),
    *,
    apart: bool = False,
    asks: Iterable[str] = (),
    locks: Iterable[str] = (),
    reads: Iterable[str] = (),
) -> Callable[[Callable[[Any, Sequence[Any]], None]], EffectSpec]:
    """Make an effect of a function `(tx, moves)`, with the guards, fields and four eyes without which it may not run.

    `reads` names the parameters that it looks at where the scheme has them.
    """

    def make(function: Callable[[Any, Sequence[Any]], None]) -> EffectSpec:
        return EffectSpec(
            function.__name__,
            _first_line(function),
            frozenset(of),
            tuple(guards),
            apart,
            tuple(asks),
            tuple(locks),
            tuple(reads),
            function,
        )

    return make


def selector(
    source: str, target: str
) -> Callable[[Callable[[Any, Sequence[UUID]], Mapping[UUID, Sequence[UUID]]]], SelectorSpec]:
    """Make a selector of a function `(tx, source ids) -> {source id: target ids}`."""

    def make(function: Callable[[Any, Sequence[UUID]], Mapping[UUID, Sequence[UUID]]]) -> SelectorSpec:
        return SelectorSpec(function.__name__, _first_line(function), source, target, function)

    return make


@dataclass(frozen=True)
class Registry:
    """Every word with code behind it."""

    guards: Mapping[str, GuardSpec]
    facts: Mapping[type, FactSpec]
    effects: Mapping[str, EffectSpec]
    selectors: Mapping[str, SelectorSpec]
    records: frozenset[str]
    """The kinds of record that exist (`call`, `application`, …)."""
    templates: frozenset[str]
    """The names of messages that may be sent."""

    @classmethod
    def collect(
        cls, modules: Iterable[ModuleType], records: Iterable[str], templates: Iterable[str]
    ) -> Registry:
        """Gather the words of some modules.

        Raises:
            ValueError: two words of one kind bear one name.
        """
        guards: dict[str, GuardSpec] = {}
        facts: dict[type, FactSpec] = {}
        effects: dict[str, EffectSpec] = {}
        selectors: dict[str, SelectorSpec] = {}
        for word in _words(modules):
            match word:
                case GuardSpec():
                    _enter(guards, word.name, word)
                case FactSpec():
                    _enter(facts, word.kind, word)
                case EffectSpec():
                    _enter(effects, word.name, word)
                case SelectorSpec():
                    _enter(selectors, word.name, word)
        return cls(guards, facts, effects, selectors, frozenset(records), frozenset(templates))


Word = GuardSpec | FactSpec | EffectSpec | SelectorSpec


def _words(modules: Iterable[ModuleType]) -> Iterator[Word]:
    for module in modules:
        yield from (value for value in vars(module).values() if isinstance(value, Word))


def _enter(words: dict[Any, Any], name: object, word: object) -> None:
    if words.setdefault(name, word) is not word:
        raise ValueError(f"{name} is defined twice")
