"""A scheme as the engine knows it: frozen values, made by the loader and by nobody else.

A scheme is a set of lifecycles (one per kind of record) with the roles, parameters, dates, phases and rules that they
share. Everything here is data: no name of a scheme ever stands in code, which asks tags, audiences and record kinds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Audience = Literal["public", "applicant", "reviewer", "manager", "funder"]
AUDIENCES: tuple[Audience, ...] = ("public", "applicant", "reviewer", "manager", "funder")
OUTSIDE: frozenset[str] = frozenset({"public", "applicant", "reviewer"})
"""Audiences that do not work for the programme: a state that waits for them alone needs a timer."""

TAGS: Mapping[str, str] = {
    "started": "the owner has begun and not sent yet",
    "submitted": "the owner has sent it",
    "late": "it was sent after the deadline",
    "not_submitted": "it was never sent",
    "eligible": "it met the formal conditions",
    "ineligible": "it did not meet the formal conditions",
    "withdrawn": "its owner took it back",
    "awaiting_decision": "a person of the programme has to decide",
    "clock_stopped": "time does not count while the other side answers",
    "funded": "money is promised",
    "reserve": "it gets money if some becomes free",
    "refused": "the answer was no",
    "adverse": "it went against its owner, by a person's decision",
    "open": "new records of the next kind are received",
    "in_force": "it binds what comes after it",
    "suspended": "everything stands still until it is resumed",
    "cancelled": "the body called it off",
    "in_conflict": "the person may not take part any more",
    "set_aside": "it stays in the file and does not count",
    "counts": "it counts in what is decided later",
    "delivered": "what was promised was done",
    "payable": "money may be paid out",
    "paid": "money was paid out",
    "closed": "nothing more happens",
}
"""The closed list of meanings that a state may declare."""

DateMeaning = Literal["deadline", "registration", "decision"]
DATE_MEANINGS: Mapping[DateMeaning, str] = {
    "deadline": "from then on nothing new is begun, and what is sent is late",
    "registration": "until then one registers, where that is asked for",
    "decision": "around then the decision is expected",
}
"""The closed list of meanings that a date may declare; of each a scheme has one at most."""

SAME = "same"
"""Target of a row that leaves the state as it is."""
REMEMBERED = "remembered"
"""Target of a row that returns to the state from which the present one was entered."""
SYSTEM_ROLE = "system"
"""The role of timers, emits and automatic steps."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in the files: for findings and messages."""

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Role:
    """A part that people play in a scheme."""

    name: str
    label: str
    audience: Audience
    about: str
    place: Place = field(compare=False)

    @property
    def outside(self) -> bool:
        """Whether those who play it do not work for the programme."""
        return self.audience in OUTSIDE


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value that a call may set: its kind, its default and what it means."""

    name: str
    kind: Literal["whole_number", "money", "rate", "span", "text", "choice"]
    default: Any
    about: str
    choices: tuple[str, ...]
    place: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class DateName:
    """A date that a call sets and that timers and guards ask for."""

    name: str
    about: str
    means: DateMeaning | None
    place: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class Phase:
    """One level of grouping over states, in the order in which a call walks through them."""

    name: str
    label: str
    gate: tuple[GuardCall, ...]
    carries: tuple[str, ...]
    place: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class GuardCall:
    """A guard as a row names it, with its arguments (parameters still by name)."""

    name: str
    given: Mapping[str, Any]
    place: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class State:
    """Where a record can be, and what that means for each audience."""

    name: str
    label: str
    labels: Mapping[str, str]
    upcoming: str
    phase: str
    tags: frozenset[str]
    view: frozenset[str]
    edit: frozenset[str]
    mask: Mapping[str, str]
    waits_for: frozenset[str]
    place: Place = field(compare=False)

    def shown_to(self, role: str) -> str:
        """Return the state that a role sees in place of this one while the outcome is confidential."""
        return self.mask.get(role, self.name)

    def label_to(self, role: Role) -> str:
        """Return what those who play a role read: the label for the role, else for its audience, else for all."""
        return self.labels.get(role.name) or self.labels.get(role.audience) or self.label


@dataclass(frozen=True, slots=True)
class Emit:
    """A transition that a step causes on other records, in the same transaction.

    `states` are those in which a record gets it; where there are none, it goes to every record that has not ended.
    """

    lifecycle: str
    transition: str
    to: str
    states: frozenset[str]
    place: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class Notice:
    """A message that leaves after the commit: to whoever plays a role on the record, from a template."""

    role: str
    template: str
    place: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class Asked:
    """Something that the person fills in when taking the step."""

    name: str
    kind: Literal["text", "long_text", "money", "whole_number", "date", "moment", "choice", "record"]
    label: str
    required: bool
    choices: tuple[str, ...]
    place: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table of transitions: who may move what from where to where, on which conditions.

    Several rows may bear one name: the first whose state fits and whose guards pass wins. `number` is the row's place
    in its lifecycle; the journal keeps it. `by` always names somebody: `system` where the file names nobody.
    `apart_from` always holds `lifecycle.transition`.
    """

    number: int
    name: str
    label: str
    sources: tuple[str, ...]
    to: str
    by: tuple[str, ...]
    guards: tuple[GuardCall, ...]
    effects: tuple[str, ...]
    emits: tuple[Emit, ...]
    asks: tuple[Asked, ...]
    apart_from: tuple[str, ...]
    notices: tuple[Notice, ...]
    puts_right: str | None
    about: str
    place: Place = field(compare=False)

    def target(self, source: str, resume_state: str | None) -> str:
        """Return the state in which a record ends that takes this row from `source`."""
        if self.to == SAME:
            return source
        if self.to == REMEMBERED:
            if resume_state is None:
                raise ValueError(f"{self.name} returns to a remembered state, and none is remembered")
            return resume_state
        return self.to


@dataclass(frozen=True, slots=True)
class Timer:
    """Something that happens by the clock while a record is in one of some states.

    Due at a date of the call (`at`, its plain name) or a span after the state was entered (`after`), moved by `minus` or `plus`; spans
    may be names of parameters. It fires a transition as the system (`do`), sends notices, or both; `every` repeats.
    """

    number: int
    states: tuple[str, ...]
    at: str | None
    after: str | None
    minus: str | None
    plus: str | None
    every: str | None
    do: str | None
    notices: tuple[Notice, ...]
    place: Place = field(compare=False)
    pauses_in: tuple[str, ...] = ()
    """States in which its clock stands still: back from one of them, it goes on with what was left."""


@dataclass(frozen=True, slots=True)
class Creation:
    """How a record of a lifecycle comes to be: while its parent is where, by whom, on which conditions.

    `during` holds plain names of states of the parent's lifecycle.
    """

    during: tuple[str, ...]
    by: tuple[str, ...]
    guards: tuple[GuardCall, ...]
    effects: tuple[str, ...]
    notices: tuple[Notice, ...]
    place: Place = field(compare=False)
    begins_in: Mapping[str, str] = field(default_factory=dict)
    """By role, the state in which what it makes begins, instead of the initial one."""


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """The life of one kind of record: its states, the table of its transitions, its timers."""

    name: str
    record: str
    title: str
    about: str
    parent: str | None
    initial: str
    final: frozenset[str]
    creation: Creation
    states: Mapping[str, State]
    rows: tuple[Row, ...]
    timers: tuple[Timer, ...]
    place: Place = field(compare=False)

    def leaving(self, state: str) -> tuple[Row, ...]:
        """Return the rows that start in a state, in their order."""
        return tuple(row for row in self.rows if state in row.sources)

    def begins(self, role: str) -> str:
        """Return the state in which a record begins that a role makes."""
        return self.creation.begins_in.get(role, self.initial)

    @property
    def beginnings(self) -> tuple[str, ...]:
        """The states in which a record may begin: the initial one first."""
        return tuple(dict.fromkeys((self.initial, *self.creation.begins_in.values())))

    @property
    def steps(self) -> tuple[Creation | Row, ...]:
        """The creation and the rows: everything that has guards and effects and is somebody's to take."""
        return (self.creation, *self.rows)

    @property
    def notices(self) -> tuple[Notice, ...]:
        """Every message that leaves, by a step or by the clock."""
        sent = [*self.creation.notices]
        for row in self.rows:
            sent.extend(row.notices)
        for timer in self.timers:
            sent.extend(timer.notices)
        return tuple(sent)

    def movers(self, state: str) -> frozenset[str]:
        """Return the roles that have a row out of a state."""
        return frozenset(role for row in self.leaving(state) for role in row.by)

    def targets(self, row: Row, source: str) -> frozenset[str]:
        """Return the states in which a row may end that is taken from a state."""
        if row.to == SAME:
            return frozenset({source})
        if row.to == REMEMBERED:
            return self.remembered(source)
        return frozenset({row.to})

    def remembered(self, state: str) -> frozenset[str]:
        """Return the states from which a state is entered: where a row out of it to `remembered` may lead."""
        return frozenset(
            source for row in self.rows if row.to == state for source in row.sources if source != state
        )

    def tagged(self, *tags: str) -> frozenset[str]:
        """Return the names of the states that bear all the tags."""
        return frozenset(name for name, state in self.states.items() if state.tags.issuperset(tags))


@dataclass(frozen=True, slots=True)
class Rule:
    """A promise over whole lives, or over all rows of some transitions.

    Of `precedes` and `leads_to`, `first` and `then` are states. Of the others `then` are transitions and `first` is what
    all their rows have: of `separate` the transition they are apart from, of `tells` what they emit, of `guarded` a
    guard, of `does` an effect, of `asks` a field; rows that leave or enter a state in `unless` are left out.
    """

    kind: Literal["precedes", "leads_to", "separate", "tells", "guarded", "does", "asks"]
    lifecycle: str
    first: str
    then: tuple[str, ...]
    unless: tuple[str, ...]
    about: str
    place: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How made-up people take a transition in rehearsals: how likely, and how long they let it lie."""

    lifecycle: str
    transition: str
    role: str
    likely: int
    """Percent of those who could."""
    within: str
    """Span: they do it at some moment before this has passed."""
    place: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class Scheme:
    """A scheme version: pinned, verified and published as a whole."""

    name: str
    version: int
    title: str
    about: str
    parameters: Mapping[str, Parameter]
    dates: Mapping[str, DateName]
    roles: Mapping[str, Role]
    phases: Mapping[str, Phase]
    lifecycles: Mapping[str, Lifecycle]
    rules: tuple[Rule, ...]
    rehearsal: tuple[Behaviour, ...]
    text: str = field(repr=False)
    """The expanded canonical text (JSON): what is hashed and published."""
    sha256: str

    @property
    def key(self) -> tuple[str, int]:
        """Name and version: what records pin beside the hash."""
        return self.name, self.version

    def of_record(self, record: str) -> Lifecycle:
        """Return the lifecycle that a kind of record lives."""
        for lifecycle in self.lifecycles.values():
            if lifecycle.record == record:
                return lifecycle
        raise KeyError(record)

    def date_that_means(self, meaning: DateMeaning) -> str | None:
        """Return the name of the date that means something to the rest of the house, where the scheme has one."""
        return next((date.name for date in self.dates.values() if date.means == meaning), None)

    def gate(self, lifecycle: Lifecycle, row: Row, source: str) -> tuple[GuardCall, ...]:
        """Return the guards of the phases that a row enters from an earlier one.

        Phases are those in which a call walks, so only its lifecycle has gates; an end, such as a cancellation, has none.
        """
        if not self.phases or lifecycle.parent is not None:
            return ()
        if row.to not in lifecycle.states or row.to in lifecycle.final:
            return ()
        order = {name: number for number, name in enumerate(self.phases)}
        here = order.get(lifecycle.states[source].phase, -1)
        there = order.get(lifecycle.states[row.to].phase, -1)
        return tuple(
            guard for phase in tuple(self.phases.values())[here + 1 : there + 1] for guard in phase.gate
        )

    def children_of(self, lifecycle: str) -> tuple[Lifecycle, ...]:
        """Return the lifecycles whose records stand under records of this one."""
        return tuple(other for other in self.lifecycles.values() if other.parent == lifecycle)
