"""When the time that a record's state gives comes to its end."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from grantflow.services.cases import schemes
from grantflow.store.cases import CaseRow
from grantflow.store.session import Tx
from grantflow.store.timers import TimerRow


def due_of(tx: Tx, case: CaseRow) -> datetime | None:
    """Return when something falls due in the record's present state: the end of a time, not a reminder before it."""
    lifecycle = schemes.compiled(tx, case.scheme, case.version).scheme.lifecycles[case.lifecycle]
    ends = [timer.number for timer in lifecycle.timers if timer.minus is None and case.state in timer.states]
    if not ends:
        return None
    found = select(TimerRow.due_at).where(
        TimerRow.case_id == case.id, TimerRow.seq == case.seq, TimerRow.number.in_(ends), TimerRow.fired == 0
    )
    return min(tx.session.execute(found).scalars(), default=None)
