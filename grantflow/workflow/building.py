"""From entries of files to the model: blocks merged in, words expanded, defaults filled in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from grantflow.workflow.blocks import Blocks, Included
from grantflow.workflow.document import (
    Call,
    Entry,
    Finding,
    Word,
    error,
    shown,
)
from grantflow.workflow.model import (
    SYSTEM_ROLE,
    Asked,
    Behaviour,
    Creation,
    DateName,
    Emit,
    GuardCall,
    Lifecycle,
    Notice,
    Parameter,
    Phase,
    Place,
    Role,
    Row,
    Rule,
    Scheme,
    State,
    Timer,
)
from grantflow.workflow.nodes import Scalar
from grantflow.workflow.scalars import Name, OneOf, Rate, Reading, Shape, Span, Text, WholeNumber

_DEFAULTS: Mapping[str, Shape] = {
    "whole_number": WholeNumber(),
    "money": WholeNumber(),
    "rate": Rate(),
    "span": Span(),
    "text": Text(),
    "choice": Name(),
}
"""How the default of a parameter of each kind is written."""


_SIDES = {
    "precedes": ("first", "then"),
    "leads_to": ("after", "through"),
    "separate": ("first", "then"),
    "tells": ("hears", "transitions"),
    "guarded": ("guards", "transitions"),
    "does": ("effects", "transitions"),
    "asks": ("fields", "transitions"),
}
"""The keys of the two sides of a rule of each kind."""


class Names:
    """New names of the states and transitions that a block brings in, while its entries are built."""

    def __init__(self, lifecycle: str, included: Included | None = None) -> None:
        self._lifecycle = lifecycle
        self._states = included.states if included else {}
        self._transitions = included.transitions if included else {}

    def state(self, word: Word) -> Word:
        """Return what a state is called in the lifecycle."""
        return _renamed(word, self._states.get(word, word))

    def states(self, words: Iterable[Word]) -> tuple[Word, ...]:
        """Return what some states are called in the lifecycle."""
        return tuple(map(self.state, words))

    def transition(self, word: Word) -> Word:
        """Return what a transition is called in the lifecycle."""
        return _renamed(word, self._transitions.get(word, word))

    def dotted(self, word: Word) -> Word:
        """Return `lifecycle.transition`, for a transition that may be named without its lifecycle."""
        lifecycle, dot, transition = word.rpartition(".")
        if dot and lifecycle != self._lifecycle:
            return word
        own = self.transition(_renamed(word, transition))
        return _renamed(word, f"{self._lifecycle}.{own}")


class Building:
    """Makes a scheme of what was read, and finds what does not fit together."""

    def __init__(self, head: Entry, lifecycles: Sequence[Entry], blocks: Blocks) -> None:
        self.findings: list[Finding] = []
        self._head = head
        self._lifecycles = lifecycles
        self._blocks = blocks

    def scheme(self) -> Scheme:
        """Return the scheme, not sealed yet."""
        head = self._head
        phases = {phase["name"]: _phase(phase) for phase in head["phases"]}
        self._refuse_twins("phase", [phase["name"] for phase in head["phases"]])
        meant = [date["means"] for date in head["dates"].values() if date["means"] is not None]
        self._refuse_twins("date that means", meant)
        lifecycles: dict[str, Lifecycle] = {}
        for entry in self._lifecycles:
            lifecycle = self._lifecycle(entry)
            lifecycles[lifecycle.name] = lifecycle
        if not lifecycles:
            message = "The scheme has no lifecycle: its files stand beside this one."
            self._refuse(head.place, "missing_file", message)
        return Scheme(
            name=head["scheme"],
            version=head["version"],
            title=head["title"],
            about=head["about"] or "",
            parameters=_table(head["parameters"], self._parameter),
            dates=_table(head["dates"], _date),
            roles=_table(head["roles"], _role),
            phases=MappingProxyType(phases),
            lifecycles=MappingProxyType(lifecycles),
            rules=tuple(rule for entry in head["rules"] for rule in self._rule(entry)),
            rehearsal=tuple(map(_behaviour, head["rehearsal"])),
            text="",
            sha256="",
        )

    def _refuse(self, place: Place, code: str, message: str) -> None:
        self.findings.append(error(place, code, message))

    def _refuse_twins(self, what: str, names: Iterable[Word]) -> None:
        seen: dict[str, Word] = {}
        for name in names:
            first = seen.setdefault(name, name)
            if first is not name:
                message = f"There is a {what} {shown(name)} already, in line {first.place.line} of {first.place.file}."
                self._refuse(name.place, "duplicate_name", message)

    def _parameter(self, name: Word, entry: Entry) -> Parameter:
        kind, default, choices = entry["kind"], entry["default"], entry["choices"]
        place = entry.place_of("default")
        shape = OneOf(*choices) if kind == "choice" else _DEFAULTS[kind]
        if (kind == "choice") != bool(choices):
            self._refuse(
                entry.place, "wrong_value", "A parameter of the kind choice, and no other, lists its choices."
            )
        if not isinstance(default, (str, int)):
            self._refuse(place, "wrong_kind", f"The default takes {shape.words()}.")
        else:
            reading = Reading()
            default = shape.read(Scalar(str(default), place, isinstance(default, int)), reading)
            self.findings.extend(reading.findings)
        return Parameter(name, kind, default, entry["about"], choices, name.place)

    def _rule(self, entry: Entry) -> Iterable[Rule]:
        kinds = entry.written - {"about"}
        if len(kinds) != 1:
            message = f"A rule has one of the keys {', '.join(_SIDES)}, and not {len(kinds)} of them."
            self._refuse(entry.place, "wrong_value", message)
            return
        (kind,) = kinds
        body: Entry = entry[kind]
        one, then = (body[key] for key in _SIDES[kind])
        for first in one if isinstance(one, tuple) else (one,):
            if kind == "separate":
                first = Names(body["lifecycle"]).dotted(first)  # noqa: PLW2901 - the same word, spelled out
            unless = body.get("unless") or ()
            yield Rule(kind, body["lifecycle"], first, then, unless, entry["about"], entry.place)  # type: ignore[arg-type]  # the shape knows the kinds

    def _lifecycle(self, entry: Entry) -> Lifecycle:
        name: Word = entry["lifecycle"]
        self._check_name(entry)
        included = [
            block
            for include in entry["include"]
            if (block := self._blocks.included(include, name, self.findings)) is not None
        ]
        parts = [(entry, Names(name)), *((block.entry, Names(name, block)) for block in included)]
        self._refuse_twins("state", (names.state(state) for part, names in parts for state in part["states"]))
        rows = [(row, names) for part, names in parts for row in part["transitions"]]
        timers = [(timer, names) for part, names in parts for timer in part["timers"]]
        states: dict[str, State] = {
            names.state(word): _state(names.state(word), state, names)
            for part, names in parts
            for word, state in part["states"].items()
        }
        return Lifecycle(
            name=name,
            record=entry["record"],
            title=entry["title"],
            about=entry["about"] or "",
            parent=entry["parent"],
            initial=entry["initial"],
            final=frozenset(names.state(word) for part, names in parts for word in part["final"]),
            creation=self._creation(entry),
            states=MappingProxyType(states),
            rows=tuple(self._row(number, row, names) for number, (row, names) in enumerate(rows)),
            timers=tuple(self._timer(number, timer, names) for number, (timer, names) in enumerate(timers)),
            place=entry.place,
        )

    def _check_name(self, entry: Entry) -> None:
        file = entry.place.file.replace("\\", "/").rpartition("/")[2]
        if file != f"{entry['lifecycle']}.yaml":
            place = entry.place_of("lifecycle")
            message = f"The lifecycle {shown(entry['lifecycle'])} stands in {shown(file)}; file and lifecycle have one name, the file with .yaml."
            self._refuse(place, "wrong_name", message)

    def _creation(self, entry: Entry) -> Creation:
        made: Entry | None = entry["creation"]
        if made is None:
            return Creation((), (SYSTEM_ROLE,), (), (), (), entry.place)
        during = []
        for word in made["during"]:
            lifecycle, _, state = word.rpartition(".")
            if lifecycle not in ("", entry["parent"]):
                message = f"{shown(word)} is no state of the parent {shown(entry['parent'] or '')}."
                self._refuse(word.place, "unknown_state", message)
            during.append(Word.at(state, word.place))
        by = made["by"] or (SYSTEM_ROLE,)
        return Creation(
            tuple(during), by, _guards(made), made["effects"], _notices(made), made.place, made["begins_in"]
        )

    def _row(self, number: int, entry: Entry, names: Names) -> Row:
        name = names.transition(entry["name"])
        puts_right = entry["puts_right"]
        for asked in entry["asks"]:
            if (asked["kind"] == "choice") != bool(asked["choices"]):
                message = "A field of the kind choice, and no other, lists its choices."
                self._refuse(asked.place, "wrong_value", message)
        self._refuse_twins("field", [asked["name"] for asked in entry["asks"]])
        return Row(
            number=number,
            name=name,
            label=entry["label"] or _spelled(entry["name"]),
            sources=names.states(entry["from"]),
            to=names.state(entry["to"]),
            by=entry["by"] or (SYSTEM_ROLE,),
            guards=_guards(entry),
            effects=entry["effects"],
            emits=tuple(_emit(emit, names) for emit in entry["emit"]),
            asks=tuple(map(_asked, entry["asks"])),
            apart_from=tuple(map(names.dotted, entry["apart_from"])),
            notices=_notices(entry),
            puts_right=None if puts_right is None else names.transition(puts_right),
            about=entry["about"] or "",
            place=entry.place,
        )

    def _timer(self, number: int, entry: Entry, names: Names) -> Timer:
        if (entry["at"] is None) == (entry["after"] is None):
            self._refuse(entry.place, "wrong_value", "A timer has either at or after.")
        if entry["minus"] is not None and entry["plus"] is not None:
            self._refuse(entry.place, "wrong_value", "A timer has minus or plus, not both.")
        if entry["do"] is None and not entry["notify"]:
            self._refuse(entry.place, "missing_key", "A timer does something: it has do, notify or both.")
        if entry["pauses_in"] and entry["after"] is None:
            self._refuse(entry.place, "wrong_value", "Only a timer with after has a clock that stands still.")
        at: Word | None = entry["at"]
        if at is not None:
            owner, _, date = at.rpartition(".")
            if owner != "call":
                self._refuse(
                    at.place, "wrong_value", f"{shown(at)} is no date of the call; it takes `call.<date>`."
                )
            at = Word.at(date, at.place)
        return Timer(
            number=number,
            states=names.states(entry["in"]),
            at=at,
            after=entry["after"],
            minus=entry["minus"],
            plus=entry["plus"],
            every=entry["every"],
            do=None if entry["do"] is None else names.transition(entry["do"]),
            notices=_notices(entry),
            place=entry.place,
            pauses_in=names.states(entry["pauses_in"]),
        )


def _table(entries: Mapping[Word, Entry], make: Callable[[Word, Entry], Any]) -> Mapping[str, Any]:
    return MappingProxyType({name: make(name, entry) for name, entry in entries.items()})


def _renamed(word: Word, text: str) -> Word:
    return Word.at(text, word.place)


def _spelled(name: str) -> str:
    """Return how a name reads where no label is given."""
    return name.replace("_", " ").capitalize()


def _guards(entry: Entry, key: str = "guards") -> tuple[GuardCall, ...]:
    calls: tuple[Call, ...] = entry[key]
    return tuple(GuardCall(call.name, call.given, call.place) for call in calls)


def _notices(entry: Entry) -> tuple[Notice, ...]:
    return tuple(Notice(notice["role"], notice["template"], notice.place) for notice in entry["notify"])


def _asked(entry: Entry) -> Asked:
    return Asked(
        entry["name"], entry["kind"], entry["label"], not entry["optional"], entry["choices"], entry.place
    )


def _emit(entry: Entry, names: Names) -> Emit:
    word = names.dotted(entry["transition"])
    lifecycle, _, transition = word.rpartition(".")
    states = frozenset(entry["in"])
    return Emit(_renamed(word, lifecycle), _renamed(word, transition), entry["to"], states, entry.place)


def _date(name: Word, entry: Entry) -> DateName:
    return DateName(name, entry["about"], entry["means"], name.place)


def _role(name: Word, entry: Entry) -> Role:
    return Role(name, entry["label"], entry["audience"], entry["about"] or "", name.place)


def _phase(entry: Entry) -> Phase:
    return Phase(entry["name"], entry["label"], _guards(entry, "gate"), entry["carries"], entry.place)


def _behaviour(entry: Entry) -> Behaviour:
    word: Word = entry["transition"]
    lifecycle, _, transition = word.rpartition(".")
    return Behaviour(lifecycle, transition, entry["role"], entry["likely"], entry["within"], word.place)


def _state(name: Word, entry: Entry, names: Names) -> State:
    return State(
        name=name,
        label=entry["label"] or _spelled(name),
        labels=entry["labels"],
        upcoming=entry["upcoming"] or "",
        phase=entry["phase"] or "",
        tags=frozenset(entry["tags"]),
        view=frozenset(entry["view"]),
        edit=frozenset(entry["edit"]),
        mask=MappingProxyType({role: names.state(state) for role, state in entry["mask"].items()}),
        waits_for=frozenset(entry["waits_for"]),
        place=name.place,
    )
