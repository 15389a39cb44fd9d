"""One's own first page: what waits for me and by when, what happens next, where everything is; by the hat one wears.

Somebody may apply here, review there and sit in a body elsewhere. Everything follows from the roles that they hold now
and from the workflow: for whom a state waits, which steps their role has, what the clock does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from grantflow.domain.words import in_language
from grantflow.services.calls.public import spelled
from grantflow.services.homes import reading
from grantflow.services.homes.reading import CallOf, Many, Own, Sitting
from grantflow.services.records.meaning import AGAINST, Tone, goes_back, label_for, leads_against, tone
from grantflow.store.calls.viewing import shown
from grantflow.store.session import Tx
from grantflow.workflow.model import SAME, SYSTEM_ROLE, Lifecycle, Row, Scheme, State, Timer

ORDER = {"applicant": 0, "reviewer": 1, "public": 2, "manager": 3, "funder": 4}
"""In which order hats hang: those of people from outside first."""


@dataclass(frozen=True, slots=True)
class Line:
    """A record, or several that are at the same point, as a home shows it."""

    title: str
    ref: str
    """The reference; nothing where there are several."""
    kind: str
    """The title of the lifecycle."""
    state: str
    """The label of the state, as this reader knows it."""
    tone: Tone
    step: str
    """The label of the step that they would take now; nothing where none is theirs."""
    has_it: tuple[str, ...]
    """The labels of the roles for which it waits."""
    clock: bool
    """Whether it waits for the clock alone."""
    due: datetime | None
    next_is: str
    """What the date is, where it is one of the call's: a label."""
    zone: str
    path: str
    count: int
    call: str
    call_id: UUID
    is_call: bool
    """Whether it is the call itself."""
    ended: bool
    key: str
    """Tells it from everything else for as long as it is the same thing that is due: for calendars."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting at which somebody sits."""

    id: UUID
    body: str
    number: int
    at: datetime
    zone: str
    open_items: int
    path: str


@dataclass(frozen=True, slots=True)
class Hat:
    """What one role brings: what waits, what comes by itself or from others, and everything."""

    label: str
    inside: bool
    waits: tuple[Line, ...]
    next: tuple[Line, ...]
    everything: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class DateAhead:
    """A date of a call that is still to come."""

    call: CallOf
    stage: int
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Home:
    """The page."""

    hats: tuple[Hat, ...]
    meetings: tuple[Meeting, ...]
    dates: tuple[DateAhead, ...] = ()
    """The dates of the calls in which somebody takes part."""

    @property
    def waiting(self) -> int:
        """How many things wait for the reader."""
        return sum(len(hat.waits) for hat in self.hats) + sum(1 for each in self.meetings if each.open_items)


@dataclass(frozen=True, slots=True)
class _At:
    """Where one record, or one group of them, stands for somebody with some roles."""

    scheme: Scheme
    lifecycle: Lifecycle
    state: State
    roles: frozenset[str]

    @property
    def stands_in(self) -> bool:
        """Whether the state may stand in for a confidential one: then no time of the record itself is told."""
        return any(
            other.mask.get(role) == self.state.name
            for other in self.lifecycle.states.values()
            for role in self.roles
        )

    @property
    def has_ends(self) -> bool:
        """Whether the record's own time in this state comes to an end that may be told."""
        return not self.stands_in and any(
            self.state.name in timer.states and timer.minus is None and timer.every is None
            for timer in self.lifecycle.timers
        )

    @property
    def mine(self) -> tuple[str, ...]:
        """The roles of the reader for which it waits and that can move it on, in the order of the scheme."""
        return tuple(
            name
            for name in self.scheme.roles
            if name in self.roles & self.state.waits_for and self._rows(name)
        )

    @property
    def step(self) -> Row | None:
        """The step that leads on, of those that the first of these roles has."""
        return next((self._rows(name)[0] for name in self.mine), None)

    def _rows(self, role: str) -> list[Row]:
        rows = [row for row in self.lifecycle.leaving(self.state.name) if role in row.by]
        moving = [row for row in rows if row.to != SAME and not self._stops(row)]
        moving.sort(key=lambda row: goes_back(self.lifecycle, self.state.name, row))
        # What leaves a call as it is, such as a correction, may always be done and never waits.
        return moving or (sorted(rows, key=self._goes_against) if self.lifecycle.parent is not None else [])

    def _goes_against(self, row: Row) -> bool:
        """Whether a step leads to what nobody wishes for: of steps that all lead to an end, it is thought of last."""
        target = self.lifecycle.states.get(row.to)
        return target is not None and bool(target.tags & AGAINST)

    def _stops(self, row: Row) -> bool:
        target = self.lifecycle.states.get(row.to)
        return leads_against(self.lifecycle, row) or (target is not None and "suspended" in target.tags)


def home_of(tx: Tx, user_id: UUID, language: str) -> Home:
    """Return the first page of somebody: eight statements, whatever they have."""
    held = reading.held_roles(tx, user_id)
    outside, inside = _sides(tx, held)
    own = reading.own_records(tx, user_id, [scope for scope, roles in held.items() if roles & outside])
    groups = reading.many_records(tx, user_id, [scope for scope, roles in held.items() if roles & inside])
    titles = reading.titles_of(tx, {id_ for each in own for id_ in (each.id, each.parent_id) if id_})
    dates = reading.dates_of_calls(tx, {each.call.id for each in own} | {each.call.id for each in groups})
    due = reading.due_of_records(tx, own)
    placed: list[tuple[_At, Line]] = []
    calls: dict[UUID, CallOf] = {}
    for record in own:
        at = _stands(tx, record, _roles_on_record(held, record, outside))
        if at is not None:
            calls[record.call.id] = record.call
            placed.append((at, _own_line(at, record, titles, due.get(record.id, ()), dates, language)))
    grouped = _grouped(tx, held, groups, inside)
    calls.update((group.call.id, group.call) for _, group in grouped)
    due_many = reading.due_of_many(tx, [group for at, group in grouped if at.mine and at.has_ends])
    placed += [(at, _group_line(at, group, due_many, dates, language)) for at, group in grouped]
    return Home(
        _hats(placed),
        tuple(_meeting(each, language) for each in reading.sittings(tx, user_id)),
        tuple(
            DateAhead(calls[call_id], stage, name, at)
            for (call_id, stage, name), at in dates.items()
            if call_id in calls
        ),
    )


def _sides(tx: Tx, held: Mapping[UUID, frozenset[str]]) -> tuple[frozenset[str], frozenset[str]]:
    """Return which of the roles that somebody holds are from outside, and which work for a programme."""
    roles = frozenset(name for names in held.values() for name in names)
    sides: dict[bool, set[str]] = {True: set(), False: set()}
    for compiled in tx.engine.all():
        for name in roles & compiled.scheme.roles.keys():
            sides[compiled.scheme.roles[name].outside].add(name)
    return frozenset(sides[True]), frozenset(sides[False])


def _roles_on_record(
    held: Mapping[UUID, frozenset[str]], record: Own, among: Collection[str]
) -> frozenset[str]:
    scopes = (record.id, record.parent_id, record.call.id, record.call.programme_id)
    found = frozenset(name for scope in scopes if scope for name in held.get(scope, ()))
    return found & frozenset(among)


def _roles_on_call(
    held: Mapping[UUID, frozenset[str]], call: CallOf, among: Collection[str]
) -> frozenset[str]:
    found = held.get(call.id, frozenset()) | held.get(call.programme_id, frozenset())
    return found & frozenset(among)


def _stands(tx: Tx, each: Own | Many, roles: frozenset[str]) -> _At | None:
    """Return where something stands for somebody with these roles; nothing where none of them opens its state."""
    scheme = tx.engine.compiled(each.scheme, each.version).scheme
    lifecycle = scheme.lifecycles[each.lifecycle]
    if not lifecycle.states[each.state].view & roles:
        return None
    state = shown(scheme, lifecycle, each.state, roles)
    return _At(scheme, lifecycle, state, roles & scheme.roles.keys())


def _grouped(
    tx: Tx, held: Mapping[UUID, frozenset[str]], groups: Iterable[Many], inside: Collection[str]
) -> list[tuple[_At, Many]]:
    """Return what there is of each kind in each state as the reader sees it: what is masked counts with what it seems."""
    found: dict[tuple[UUID, str, str], tuple[_At, Many]] = {}
    for group in groups:
        at = _stands(tx, group, _roles_on_call(held, group.call, inside))
        if at is None:
            continue
        key = (group.call.id, group.lifecycle, at.state.name)
        before = found.get(key)
        if before is not None:
            counted = before[1].count + group.count
            group = replace(before[1], count=counted)  # noqa: PLW2901 - the sum takes the place of its parts
        found[key] = (at, replace(group, state=at.state.name))
    return list(found.values())


def _own_line(
    at: _At,
    record: Own,
    titles: Mapping[UUID, str],
    timers: Iterable[tuple[int, datetime]],
    dates: Mapping[tuple[UUID, int, str], datetime],
    language: str,
) -> Line:
    title = titles.get(record.id) or (titles.get(record.parent_id) if record.parent_id else None)
    call = in_language(record.call.title, language, record.call.language)
    due, next_is = _due(at, dict(timers), record.call, dates)
    path = f"/records/{record.ref}"
    # Since when it is there is not told where the state may stand in for a confidential one.
    key = f"{record.ref}.{at.state.name}" + ("" if at.stands_in else f".{record.entered_at:%Y%m%dT%H%M%S}")
    return _line(at, title or call, record.ref, record.call, language, path, 1, due, next_is, key)


def _group_line(
    at: _At,
    group: Many,
    due: Mapping[tuple[UUID, str, str, int], datetime],
    dates: Mapping[tuple[UUID, int, str], datetime],
    language: str,
) -> Line:
    timers = {
        timer.number: moment
        for timer in at.lifecycle.timers
        if (moment := due.get((group.call.id, group.lifecycle, group.state, timer.number))) is not None
    }
    moment, next_is = _due(at, timers, group.call, dates)
    if group.count == 1 and group.ref:
        path = f"/records/{group.ref}"
    elif at.lifecycle.record == "application":
        path = f"/calls/{group.call.slug}/applications?state={at.state.name}"
    elif at.lifecycle.record == "payment":
        path = f"/calls/{group.call.slug}/payments"
    elif at.lifecycle.record == "line":
        path = f"/calls/{group.call.slug}/applications"
    else:
        path = f"/calls/{group.call.slug}/manage"
    title = in_language(group.call.title, language, group.call.language)
    ref = group.ref if group.count == 1 else ""
    until = f".{moment:%Y%m%dT%H%M%S}" if moment and not next_is else ""
    key = f"{group.call.slug}.{group.lifecycle}.{at.state.name}{until}"
    return _line(at, title, ref, group.call, language, path, group.count, moment, next_is, key)


def _line(
    at: _At,
    title: str,
    ref: str,
    call: CallOf,
    language: str,
    path: str,
    count: int,
    due: datetime | None,
    next_is: str,
    key: str,
) -> Line:
    step = at.step
    has_it = tuple(role.label for name, role in at.scheme.roles.items() if name in at.state.waits_for)
    return Line(
        title=title,
        ref=ref,
        kind=at.lifecycle.title,
        state=label_for(at.state, at.roles, at.scheme),
        tone=tone(at.lifecycle, at.state),
        step=step.label if step else "",
        has_it=has_it,
        clock=SYSTEM_ROLE in at.state.waits_for and not has_it,
        due=due,
        next_is=next_is,
        zone=call.zone,
        path=path,
        count=count,
        call=in_language(call.title, language, call.language),
        call_id=call.id,
        is_call=at.lifecycle.parent is None,
        ended=at.state.name in at.lifecycle.final,
        key=key,
    )


def _due(
    at: _At,
    timers: Mapping[int, datetime],
    call: CallOf,
    dates: Mapping[tuple[UUID, int, str], datetime],
) -> tuple[datetime | None, str]:
    """Return by when, and the name of the call's date that this is: the end of a time, not a reminder before it."""
    found: list[tuple[datetime, str]] = []
    for timer in at.lifecycle.timers:
        if at.state.name not in timer.states:
            continue
        moment = _end_of(timer, {} if at.stands_in else timers, call, dates)
        if moment is not None:
            found.append((moment, spelled(timer.at) if timer.at else ""))
    if at.lifecycle.parent is None and not found:
        found = [
            (moment, spelled(name))
            for (call_id, stage, name), moment in dates.items()
            if call_id == call.id and stage == call.stage
        ]
    return min(found, default=(None, ""), key=_first)


def _first(pair: tuple[datetime, str]) -> tuple[datetime, str]:
    return pair


def _end_of(
    timer: Timer,
    timers: Mapping[int, datetime],
    call: CallOf,
    dates: Mapping[tuple[UUID, int, str], datetime],
) -> datetime | None:
    if (
        timer.at is not None and timer.minus is not None
    ):  # a reminder before a date of the call: the date is what counts
        return dates.get((call.id, call.stage, timer.at))
    if timer.minus is not None or timer.every is not None:
        return None
    return timers.get(timer.number)


def _hats(placed: Sequence[tuple[_At, Line]]) -> tuple[Hat, ...]:
    """Return what there is by role: a thing hangs on the role for which it waits, else on the first that sees it."""
    by_role: dict[tuple[int, int, str], list[tuple[_At, Line, bool]]] = {}
    inside: dict[tuple[int, int, str], bool] = {}
    for at, line in placed:
        mine = at.mine
        name = mine[0] if mine else next(name for name in at.scheme.roles if name in at.roles & at.state.view)
        role = at.scheme.roles[name]
        key = (ORDER[role.audience], list(at.scheme.roles).index(name), role.label)
        by_role.setdefault(key, []).append((at, line, bool(mine)))
        inside[key] = not role.outside
    return tuple(
        Hat(
            label=key[2],
            inside=inside[key],
            waits=_sorted(line for _, line, mine in some if mine),
            next=_sorted(replace(line, step="") for _, line, mine in some if not mine and not line.ended),
            # By name: when something moved would tell of outcomes that are still confidential.
            everything=tuple(
                sorted((line for _, line, _ in some), key=lambda line: (line.call, line.kind, line.path))
            ),
        )
        for key, some in sorted(by_role.items(), key=lambda item: item[0])
    )


def _sorted(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Return lines by their dates; what has none comes last, and keeps its order."""
    return tuple(
        sorted(lines, key=lambda line: (line.due is None, line.due.timestamp() if line.due else 0.0))
    )


def _meeting(each: Sitting, language: str) -> Meeting:
    words: Any = each.body
    return Meeting(
        each.id,
        in_language(words, language),
        each.number,
        each.held_at,
        each.zone,
        each.open_items,
        f"/meetings/{each.id}",
    )
