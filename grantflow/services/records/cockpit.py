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
from grantflow.store.cases import CaseRow
from grantflow.store.session import Tx
from grantflow.store.statements import Statement, moment
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
    windows, dates = _money_and_dates(tx, found)
    return Cockpit(
        found=found,
        title=found.call_title,
        state=state_tag(found),
        path=path_of(found, entries_of(tx, found), has_lab=found.has_lab),
        options=options_of(tx, found, there),
        windows=windows,
        actions=() if draft else tuple(_actions(tx, found)),
        numbers=tuple(each for each, lifecycle in numbers if lifecycle.record == "application"),
        queues=tuple(_queues(found, numbers)),
        dates=dates,
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


# Windows and dates, actions and what is asked for in them: two by two, since a page has a dozen statements in all.

_MONEY_AND_DATES = Statement(
    f"""
    SELECT 'window' AS what, w.name, f.name AS funder, w.currency, CAST(NULL AS timestamptz) AS at, w.stage,
        w.envelope, w.reserved, w.committed, w.paid
    FROM gf_funder_window w JOIN gf_funder f ON f.id = w.funder_id WHERE w.call_id = :call
    UNION ALL SELECT * FROM (
        SELECT 'date', d.name, '', '', d.at, 0, 0, 0, 0, 0
        FROM gf_call_date d WHERE d.call_id = :call AND d.at > :now ORDER BY d.at, d.name LIMIT {NEXT}) d
    ORDER BY at, stage, name
    """  # noqa: S608 - a number of this file
)
# Many applications name the same few sets of actions: the database adds them up, and a few rows come back.
_ACTIONS = Statement(
    """
    SELECT 'action' AS what, a.number, a.title, f.version, a.envelope, 0 AS granted
    FROM gf_frame_action a JOIN gf_frame f ON f.id = a.frame_id
    WHERE f.call_id = :call AND f.adopted_at IS NOT NULL
    UNION ALL SELECT 'asked', count(*), CAST(p.actions AS text), 0, COALESCE(SUM(p.asked), 0), COALESCE(SUM(w.amount), 0)
    FROM gf_application p LEFT JOIN gf_award w ON w.application_id = p.id
    WHERE p.call_id = :call AND p.submitted_at IS NOT NULL GROUP BY p.actions
    ORDER BY 1, 4 DESC, 2
    """
)


def _money_and_dates(tx: Tx, found: Found) -> tuple[tuple[WindowMoney, ...], tuple[NextDate, ...]]:
    """Return the money of each window, and the dates to come."""
    known: Mapping[str, Any] = found.scheme.dates
    windows, dates = [], []
    for what, name, funder, currency, at, _stage, *amounts in _MONEY_AND_DATES(tx, call=found.id, now=tx.now):
        if what == "date":
            about = known[name].about if name in known else ""
            dates.append(NextDate(spelled(name), about, moment(at)))
            continue
        envelope, reserved, committed, paid = amounts
        whole = max(1, envelope)
        windows.append(
            WindowMoney(
                spelled(name),
                funder,
                Money(envelope, currency),
                Money(reserved, currency),
                Money(committed, currency),
                Money(paid, currency),
                Money(envelope - reserved - committed, currency),
                100 * reserved // whole,
                100 * committed // whole,
            )
        )
    return tuple(windows), tuple(dates)


def _actions(tx: Tx, found: Found) -> Iterator[ActionMoney]:
    """Yield the money of each action of the frame in force; what serves several actions counts with each of them."""
    sums: dict[int, tuple[int, int, int]] = {}
    told: set[int] = set()
    rows = _ACTIONS(tx, call=found.id).all()
    for what, count, actions, _version, asked, granted in rows:
        if what != "asked":
            continue
        for number in json.loads(actions or "[]"):
            before = sums.get(number, (0, 0, 0))
            sums[number] = before[0] + count, before[1] + int(asked), before[2] + int(granted)
    for what, number, title, _version, envelope, _ in rows:
        if what != "action" or number in told:  # told: an earlier version of the frame
            continue
        told.add(number)
        count, asked, granted = sums.get(number, (0, 0, 0))
        yield ActionMoney(
            number,
            title,
            Money(int(envelope), found.currency),
            Money(asked, found.currency),
            Money(granted, found.currency),
            count,
        )
