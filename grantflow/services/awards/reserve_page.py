"""The reserve list of a call in its order, beside the money that has become free: who moves up next, by decision (P19)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from grantflow.domain.money import Money
from grantflow.services import cases
from grantflow.services.applications.rights import Place
from grantflow.services.awards.ranking_page import CallHere, decisions_of_call
from grantflow.services.cases import schemes
from grantflow.store.applications.models import Application
from grantflow.store.applications.visibility import visible_to
from grantflow.store.awards.models import Decision, Release
from grantflow.store.awards.standing import is_last_decision
from grantflow.store.calls.models import Call, FunderWindow
from grantflow.store.cases import CaseRow
from grantflow.store.people.models import Organisation
from grantflow.store.session import Tx
from grantflow.workflow.model import Lifecycle

MOVES_UP = frozenset({"record_single_decision", "reserve_grant"})
"""The effects that the step of moving up has beside each other."""


ROWS = 50
UNRANKED = 10**9
"""The place of whoever stands in no ranking: behind all others."""


@dataclass(frozen=True, slots=True)
class FreeMoney:
    """What a window has left."""

    name: str
    free: Money
    released: Money
    """What was promised once and became free again."""


@dataclass(frozen=True, slots=True)
class ReserveLine:
    """A place on the reserve list."""

    rank: int | None
    """The place in the ranking on which its decision rests."""
    ref: str
    title: str
    organisation: str
    amount: Money
    window: str
    fits: bool
    """Whether the window still holds what it would get."""
    since: datetime | None
    ends_at: datetime | None
    step: str | None
    """The reader's step that moves it up, where it is theirs."""


@dataclass(frozen=True, slots=True)
class ReservePage:
    """Everything that the page shows."""

    call: CallHere
    money: tuple[FreeMoney, ...]
    lines: tuple[ReserveLine, ...]
    next_after: int | None
    """After which place the next lines come."""


def reserve_page(tx: Tx, slug: str, language: str, after: int = 0) -> ReservePage | None:
    """Return the reserve list of a call from a place in the ranking on; nothing for those who may not know of its decisions, or where none is possible."""
    found = decisions_of_call(tx, slug, language)
    if found is None:
        return None
    call, here = found
    applying = here.scheme.of_record("application")
    states = _places(applying)
    if not states:
        return None
    windows = _windows(tx, call)
    place_ = func.coalesce(Decision.rank, UNRANKED)
    rows = tx.execute(
        select(
            CaseRow.ref,
            CaseRow.state,
            CaseRow.entered_at,
            Application.title,
            Application.window_id,
            Organisation.name.label("organisation"),
            Decision.rank,
            Decision.amount,
            Decision.currency,
            Release.notice_at,
        )
        .select_from(CaseRow)
        .join(Application, Application.id == CaseRow.id)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .join(Decision, (Decision.application_id == CaseRow.id) & is_last_decision())
        .outerjoin(Release, Release.decision_id == Decision.id)
        .where(
            CaseRow.call_id == call.id,
            CaseRow.lifecycle == applying.name,
            CaseRow.state.in_(sorted(states)),
            place_ > after,
            visible_to(tx, tx.actor),
        )
        .order_by(place_, CaseRow.ref)
        .limit(ROWS + 1)
    ).all()
    clock = _Ends(tx, call, applying)
    return ReservePage(
        call,
        tuple(
            FreeMoney(row.name, Money(row.free, row.currency), Money(row.released, row.currency))
            for row in windows.values()
        ),
        tuple(_lines(rows[:ROWS], windows, clock, here, applying)),
        rows[ROWS - 1].rank if len(rows) > ROWS else None,
    )


def _places(lifecycle: Lifecycle) -> frozenset[str]:
    """Return the states of the reserve list: from them a decision leads to money."""
    return frozenset(
        source
        for row in lifecycle.rows
        if MOVES_UP.issubset(row.effects)
        for source in row.sources
        if "reserve" in lifecycle.states[source].tags
    )


def _windows(tx: Tx, call: CallHere) -> Mapping[UUID, Any]:
    found = (
        select(
            FunderWindow.id,
            FunderWindow.name,
            FunderWindow.currency,
            FunderWindow.released,
            (FunderWindow.envelope - FunderWindow.reserved - FunderWindow.committed).label("free"),
        )
        .where(FunderWindow.call_id == call.id)
        .order_by(FunderWindow.stage, FunderWindow.name)
    )
    return {row.id: row for row in tx.execute(found)}


class _Ends:
    """Tells when a place on the reserve list ends, by the timer of its state."""

    def __init__(self, tx: Tx, call: CallHere, lifecycle: Lifecycle) -> None:
        self._lifecycle = lifecycle
        self._parameters = cases.parameters_of(tx, call.id)
        self._zone = ZoneInfo(call.zone)
        days = tx.execute(select(Call.days_off).where(Call.id == call.id)).scalar_one()
        self._days_off = frozenset(map(date.fromisoformat, days))

    def of(self, state: str, entered: datetime) -> datetime | None:
        ends = (
            schemes.span(timer.after, self._parameters).after(entered, self._zone, self._days_off)
            for timer in self._lifecycle.timers
            if timer.after is not None and timer.do is not None and state in timer.states
        )
        return min(ends, default=None)


def _lines(
    rows: Sequence[Any], windows: Mapping[UUID, Any], clock: _Ends, here: Place, applying: Lifecycle
) -> Iterator[ReserveLine]:
    for row in rows:
        window = windows[row.window_id]
        own = [
            step.name
            for step in applying.leaving(row.state)
            if MOVES_UP.issubset(step.effects) and here.roles.intersection(step.by)
        ]
        yield ReserveLine(
            row.rank,
            row.ref,
            row.title,
            row.organisation,
            Money(row.amount, row.currency),
            window.name,
            row.amount <= window.free,
            row.notice_at,
            clock.of(row.state, row.entered_at),
            own[0] if own else None,
        )
