"""When the time that a state gives comes to its end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from grantflow.services.cases import schemes
from grantflow.services.cases.holding import Held
from grantflow.store.calls.models import Call
from grantflow.store.cases import CaseRow
from grantflow.store.session import Tx
from grantflow.store.timers import TimerRow
from grantflow.workflow.model import Lifecycle


def due_of(tx: Tx, case: CaseRow | Held) -> datetime | None:
    """Return when something falls due in the record's present state: the end of a time, not a reminder before it."""
    lifecycle = schemes.compiled(tx, case.scheme, case.version).scheme.lifecycles[case.lifecycle]
    ends = [timer.number for timer in lifecycle.timers if timer.minus is None and case.state in timer.states]
    if not ends:
        return None
    found = select(TimerRow.due_at).where(
        TimerRow.case_id == case.id, TimerRow.seq == case.seq, TimerRow.number.in_(ends), TimerRow.fired == 0
    )
    return min(tx.session.execute(found).scalars(), default=None)


def end_of_time_in(
    tx: Tx, case: CaseRow, lifecycle: Lifecycle, states: Iterable[str], entered: datetime
) -> datetime | None:
    """Return when the time would end that one of some states gives a record which enters it at a moment.

    So a letter names its dates also before it is released, as if that happened now.
    """
    call = tx.session.get(Call, case.call_id)
    assert call is not None, "every case has its call"
    scheme = schemes.compiled(tx, case.scheme, case.version).scheme
    parameters = {name: parameter.default for name, parameter in scheme.parameters.items()} | dict(
        call.parameters
    )
    days_off = frozenset(map(date.fromisoformat, call.days_off))
    wanted = set(states)
    ends = (
        schemes.span(timer.after, parameters).after(entered, ZoneInfo(call.zone), days_off)
        for timer in lifecycle.timers
        if timer.after is not None
        and timer.minus is None
        and timer.plus is None
        and wanted & set(timer.states)
    )
    return min(ends, default=None)
