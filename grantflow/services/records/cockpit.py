"""A call as those who carry it see it: where it is, its money, how many are where, what waits for whom, what comes next."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from grantflow.domain.money import Money
from grantflow.services.calls.public import spelled
from grantflow.services.records.journal import entries_of
from grantflow.services.records.links import pages_of, ways
from grantflow.services.records.meaning import is_inside, label_for, tone
from grantflow.services.records.page import Option, StateTag, options_of, state_tag
from grantflow.services.records.path import PathStep, path_of
from grantflow.services.records.rehearsals import Rehearsal, rehearsal_of
from grantflow.services.records.said import Link
from grantflow.services.records.visibility import Found, find_call, seen_state
from grantflow.store.applications.models import Application
from grantflow.store.awards.models import Award
from grantflow.store.calls.models import CallDate, FunderWindow
from grantflow.store.cases import CaseRow
from grantflow.store.labs.models import Frame, FrameAction
from grantflow.store.programmes.models import Funder
from grantflow.store.session import Tx
from grantflow.workflow.model import SYSTEM_ROLE, Lifecycle

NEXT = 6
UNSENT = frozenset({"started", "not_submitted"})
"""What belongs to its owner alone: it is counted, and nothing more."""


@dataclass(frozen=True, slots=True)
class WindowMoney:
    """The money of a window."""

    name: str
    funder: str
    envelope: Money
    reserved: Money
    committed: Money
    paid: Money
    free: Money
    percent_reserved: int
    percent_committed: int


@dataclass(frozen=True, slots=True)
class ActionMoney:
    """The money of an action of the frame: set aside, asked for, granted."""

    number: int
    title: str
    envelope: Money
    asked: Money
    granted: Money
    applications: int


@dataclass(frozen=True, slots=True)
class Number:
    """How many records are in a state."""

    lifecycle: str
    state: StateTag
    count: int
    path: str
    """The list of them, where there is one that the reader may open."""


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits for people of a role."""

    role: str
    numbers: tuple[Number, ...]


@dataclass(frozen=True, slots=True)
class NextDate:
    """A date of the call that is to come."""

    label: str
    about: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Cockpit:
    """Everything on the manager's page of a call."""

    found: Found
    title: str
    state: StateTag
    path: tuple[PathStep, ...]
    options: tuple[Option, ...]
    windows: tuple[WindowMoney, ...]
    actions: tuple[ActionMoney, ...]
    numbers: tuple[Number, ...]
    queues: tuple[Queue, ...]
    dates: tuple[NextDate, ...]
    links: tuple[Link, ...]
    rehearsal: Rehearsal | None
    draft: bool
    """Whether it is being prepared, so that a rehearsal is of use."""


def cockpit(tx: Tx, slug: str, language: str) -> Cockpit | None:
    """Return the manager's page of a call for those who work for the programme, or nothing."""
    found = find_call(tx, slug, language)
    if found is None or not is_inside(found.scheme, found.roles):
        return None
    there = ways(found)
    numbers = tuple(_numbers(tx, found))
    draft = "started" in found.shown.tags
    return Cockpit(
        found=found,
        title=found.call_title,
        state=state_tag(found),
        path=path_of(found, entries_of(tx, found), has_lab=found.has_lab),
        options=options_of(tx, found, there),
        windows=tuple(_windows(tx, found)),
        actions=() if draft else tuple(_actions(tx, found)),
        numbers=tuple(each for each, lifecycle in numbers if lifecycle.record == "application"),
        queues=tuple(_queues(found, numbers)),
        dates=tuple(_dates(tx, found)),
        links=tuple(pages_of(found)),
        rehearsal=rehearsal_of(tx, found.id) if draft else None,
        draft=draft,
    )


def _numbers(tx: Tx, found: Found) -> Iterator[tuple[Number, Lifecycle]]:
    """Yield how many records of the call are in each state that the reader may see, all from one statement."""
    counted = (
        select(CaseRow.lifecycle, CaseRow.state, func.count().label("number"))
        .where(CaseRow.call_id == found.id)
        .group_by(CaseRow.lifecycle, CaseRow.state)
    )
    sums: dict[tuple[str, str], int] = {}
    open_: set[tuple[str, str]] = set()
    for row in tx.execute(counted):
        lifecycle = found.scheme.lifecycles[row.lifecycle]
        if lifecycle.parent is None:  # the call itself
            continue
        actual = lifecycle.states[row.state]
        may_view = not actual.view.isdisjoint(found.roles)
        if not may_view and not actual.tags & UNSENT:
            continue
        shown = seen_state(tx, found.scheme, lifecycle, row.state, found.roles) if may_view else actual
        key = (lifecycle.name, shown.name)
        sums[key] = sums.get(key, 0) + row.number
        if may_view:
            open_.add(key)
    for lifecycle in found.scheme.lifecycles.values():
        for state in lifecycle.states.values():
            key = (lifecycle.name, state.name)
            if key in sums:
                listed = lifecycle.record == "application" and key in open_
                path = f"/calls/{found.slug}/applications?state={state.name}" if listed else ""
                label = label_for(state, found.roles, found.scheme)
                tag = StateTag(state.name, label, tone(lifecycle, state))
                yield Number(lifecycle.title, tag, sums[key], path), lifecycle


def _queues(found: Found, numbers: tuple[tuple[Number, Lifecycle], ...]) -> Iterator[Queue]:
    for role in found.scheme.roles.values():
        waiting = tuple(
            number
            for number, lifecycle in numbers
            if role.name in lifecycle.states[number.state.name].waits_for and role.name != SYSTEM_ROLE
        )
        if waiting:
            yield Queue(role.label, waiting)


def _windows(tx: Tx, found: Found) -> Iterator[WindowMoney]:
    asked = (
        select(
            FunderWindow.name,
            FunderWindow.currency,
            FunderWindow.envelope,
            FunderWindow.reserved,
            FunderWindow.committed,
            FunderWindow.paid,
            Funder.name.label("funder"),
        )
        .join(Funder, Funder.id == FunderWindow.funder_id)
        .where(FunderWindow.call_id == found.id)
        .order_by(FunderWindow.stage, FunderWindow.name)
    )
    for row in tx.execute(asked):
        whole = max(1, row.envelope)
        yield WindowMoney(
            spelled(row.name),
            row.funder,
            Money(row.envelope, row.currency),
            Money(row.reserved, row.currency),
            Money(row.committed, row.currency),
            Money(row.paid, row.currency),
            Money(row.envelope - row.reserved - row.committed, row.currency),
            100 * row.reserved // whole,
            100 * row.committed // whole,
        )


def _actions(tx: Tx, found: Found) -> Iterator[ActionMoney]:
    """Yield the money of each action of the frame in force; what serves several actions counts with each of them."""
    actions = tx.execute(
        select(FrameAction.number, FrameAction.title, FrameAction.envelope)
        .join(Frame, Frame.id == FrameAction.frame_id)
        .where(Frame.call_id == found.id, Frame.adopted_at.is_not(None))
        .order_by(Frame.version.desc(), FrameAction.number)
    ).all()
    if not actions:
        return
    asked: dict[int, int] = {}
    granted: dict[int, int] = {}
    counts: dict[int, int] = {}
    # Many applications name the same few sets of actions: the database adds them up, and a few rows come back.
    sums = (
        select(
            Application.actions,
            func.count().label("number"),
            func.coalesce(func.sum(Application.asked), 0).label("asked"),
            func.coalesce(func.sum(Award.amount), 0).label("granted"),
        )
        .outerjoin(Award, Award.application_id == Application.id)
        .where(Application.call_id == found.id, Application.submitted_at.is_not(None))
        .group_by(Application.actions)
    )
    for row in tx.execute(sums):
        numbers: Any = row.actions if isinstance(row.actions, list) else json.loads(row.actions or "[]")
        for number in numbers:
            counts[number] = counts.get(number, 0) + row.number
            asked[number] = asked.get(number, 0) + int(row.asked)
            granted[number] = granted.get(number, 0) + int(row.granted)
    told: set[int] = set()
    for row in actions:
        if row.number in told:  # an earlier version of the frame
            continue
        told.add(row.number)
        yield ActionMoney(
            row.number,
            row.title,
            Money(row.envelope, found.currency),
            Money(asked.get(row.number, 0), found.currency),
            Money(granted.get(row.number, 0), found.currency),
            counts.get(row.number, 0),
        )


def _dates(tx: Tx, found: Found) -> Iterator[NextDate]:
    dates = (
        select(CallDate.name, CallDate.at)
        .where(CallDate.call_id == found.id, CallDate.at > tx.now)
        .order_by(CallDate.at, CallDate.name)
        .limit(NEXT)
    )
    known: Mapping[str, Any] = found.scheme.dates
    for row in tx.execute(dates):
        about = known[row.name].about if row.name in known else ""
        yield NextDate(spelled(row.name), about, row.at)
