"""A use case killed at every statement: what is left must be as before it or as after it, and doing it again completes it.

For each statement in turn: a fresh database, a child process that is killed by SIGKILL just before that statement (the
COMMIT counts as one, and so does the moment after it), then a look at what is left, then the use case once more.
"""

from __future__ import annotations

import os
import signal
import traceback
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy import event

from grantflow.domain.refusal import Refused
from grantflow.services.cases import CREATE, compiled
from grantflow.services.journal import verify
from grantflow.store.cases import CaseRow
from grantflow.store.journal import JournalEntry
from grantflow.store.outbox import OutboxMessage
from grantflow.store.session import Database, Tx
from grantflow.store.timers import TimerRow
from tests.databases import Databases, Kind

World = TypeVar("World")
DONE, FAILED = 0, 3


@dataclass(frozen=True, slots=True)
class UseCase(Generic[World]):
    """What is tried: how its world is made, what is done in it, and whether that has happened (wholly, or not at all)."""

    name: str
    furnish: Callable[[str], World]
    """Makes the world in a database; it holds no open connection when it is handed over (see `close`)."""
    database: Callable[[World], Database]
    act: Callable[[World], object]
    happened: Callable[[World], bool]
    """Says whether the use case has happened; raises AssertionError where it has happened in part, or twice."""


def killed_at_every_statement(case: UseCase[Any], databases: Databases, kind: Kind, *, every: int = 1) -> int:
    """Try a use case; return at how many statements it has. `every` skips some, for a sample of a long trial."""
    place, states = 1 - every, []
    while True:
        place += every
        url = databases.fresh(kind)
        world = case.furnish(url)
        assert not case.happened(world), "the use case had happened before it was tried"
        case.database(world).dispose()
        survived = in_child(partial(case.act, world), place)
        states.append(case.happened(world))
        nothing_half_done(case.database(world), world_now(case.database(world)))
        if not states[-1]:
            case.act(world)
        else:
            with suppress(
                Refused
            ):  # as somebody does who got no answer: it may be refused, it may not count twice
                case.act(world)
        assert case.happened(world)
        nothing_half_done(case.database(world), world_now(case.database(world)))
        case.database(world).dispose()
        databases.drop(url)
        if survived:
            break
    assert states == sorted(states), f"{case.name}: what was done was undone again: {states}"
    if every == 1:
        assert states[-2:] == [True, True], (
            f"{case.name}: the last kill, after the commit, must leave it done"
        )
    assert not states[0]
    assert states[-1]
    return place - 1


def in_child(act: Callable[[], object], place: int) -> bool:
    """Do something in a child process that is killed at a place; return whether it came through without being killed."""
    child = os.fork()
    if child == 0:
        try:
            _kill_at(place, act)
        except BaseException:  # noqa: BLE001 - whatever it is, the parent has to know
            traceback.print_exc()
            os._exit(FAILED)
        os._exit(DONE)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return False
    assert os.WEXITSTATUS(status) == DONE, "the use case failed without having been killed"
    return True


def _kill_at(place: int, act: Callable[[], object]) -> None:
    passed = 0

    def pass_by(*_: object) -> None:
        nonlocal passed
        passed += 1
        if passed == place:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(sa.Engine, "before_cursor_execute", pass_by)
    event.listen(sa.Engine, "commit", pass_by)
    act()
    pass_by()


# What holds of any database, whatever was done to it.


def world_now(database: Database) -> Any:
    """Return the latest moment that a database knows of."""
    with database.sql.connect() as connection:
        return connection.execute(
            sa.select(sa.func.max(JournalEntry.at, type_=JournalEntry.at.type))
        ).scalar_one()


def nothing_half_done(database: Database, now: Any) -> None:
    """Assert that journal, records, timers and messages tell the same story."""
    with database.reading(now=now) as tx:
        report = verify(tx)
        assert report.ok, report.faults
        _timers_belong(tx)
        _messages_are_those_of_steps(tx)


def _timers_belong(tx: Tx) -> None:
    stray = sa.select(sa.func.count()).select_from(TimerRow).join(CaseRow, CaseRow.id == TimerRow.case_id)
    assert tx.execute(stray.where(TimerRow.seq != CaseRow.seq)).scalar_one() == 0, (
        "a timer was left behind by a step"
    )


def _messages_are_those_of_steps(tx: Tx) -> None:
    wanted: Counter[tuple[Any, str]] = Counter()
    steps = sa.select(JournalEntry, CaseRow.scheme, CaseRow.version).join(
        CaseRow, CaseRow.id == JournalEntry.record_id
    )
    for step in tx.execute(
        steps.with_only_columns(*JournalEntry.__table__.columns, CaseRow.scheme, CaseRow.version)
    ):
        lifecycle = compiled(tx, step.scheme, step.version).scheme.lifecycles[step.lifecycle]
        notices = (
            lifecycle.creation.notices if step.transition == CREATE else lifecycle.rows[step.row].notices
        )
        wanted.update((step.id, notice.template) for notice in notices)
    messages = sa.select(OutboxMessage.entry_id, OutboxMessage.template).where(
        OutboxMessage.kind == "notice", OutboxMessage.entry_id.is_not(None)
    )
    found = Counter((row.entry_id, row.template) for row in tx.execute(messages))
    assert wanted - found == Counter(), "a step happened and its message is lost"
    assert found - wanted == Counter(), "a message is there for a step that did not happen"
