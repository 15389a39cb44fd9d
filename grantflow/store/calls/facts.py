"""What guards know of calls: one statement for each kind of fact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from grantflow.domain.calls.facts import (
    CallDates,
    CallDeadline,
    CallMoney,
    CallOutline,
    Deadline,
    WindowMoney,
)
from grantflow.store.calls.needs import deadline_name, needed_dates
from grantflow.store.meaning import tags_of
from grantflow.store.session import Tx
from grantflow.store.statements import Statement, identifier, moment
from grantflow.workflow.registry import fact

LOCAL = "%Y-%m-%d %H:%M"
"""How the local words of a date are kept."""

_OUTLINES = Statement("""
    SELECT c.id, c.scheme, c.version, k.has_lab, k.stage, p.what, p.stage, p.name, p.at, p.envelope
    FROM gf_case c JOIN gf_call k ON k.id = c.id
    LEFT JOIN (
        SELECT 'stage' AS what, s.call_id, s.number AS stage, s.form AS name, CAST(NULL AS timestamptz) AS at, 0 AS envelope
        FROM gf_stage s
        UNION ALL SELECT 'date', d.call_id, d.stage, d.name, d.at, 0 FROM gf_call_date d
        UNION ALL SELECT 'window', w.call_id, w.stage, w.name, NULL, w.envelope FROM gf_funder_window w
    ) p ON p.call_id = c.id
    WHERE c.id IN :ids*uuid
    ORDER BY c.id, p.stage, p.name
""")


@dataclass(slots=True)
class _Parts:
    scheme: tuple[str, int]
    has_lab: bool
    stage: int
    stages: list[int] = field(default_factory=list)
    dates: dict[tuple[int, str], datetime] = field(default_factory=dict)
    windows: list[tuple[str, int]] = field(default_factory=list)

    def add(self, row: Any) -> None:
        if row[5] == "stage":
            self.stages.append(row[6])
        elif row[5] == "date":
            self.dates[row[6], row[7]] = moment(row[8])
        elif row[5] == "window":
            self.windows.append((row[7], row[9]))


@fact(CallOutline, of=("call",))
def outlines(tx: Tx, ids: Sequence[UUID]) -> Mapping[UUID, CallOutline]:
    """Read what calls have and what they lack."""
    tx.flush()
    found: dict[UUID, _Parts] = {}
    for row in _OUTLINES(tx, ids=list(ids)):
        known = found.setdefault(identifier(row[0]), _Parts((row[1], row[2]), bool(row[3]), row[4]))
        known.add(row)
    return {each: _outline(tx, parts) for each, parts in found.items()}


def _outline(tx: Tx, parts: _Parts) -> CallOutline:
    scheme = tx.engine.compiled(*parts.scheme).scheme
    missing = {
        name
        for stage in parts.stages
        for name in needed_dates(scheme, has_lab=parts.has_lab, stage=stage)
        if (stage, name) not in parts.dates
    }
    past = {name for (stage, name), at in parts.dates.items() if stage == 1 and at <= tx.now}
    return CallOutline(
        has_lab=parts.has_lab,
        stage=parts.stage,
        stages=len(parts.stages),
        dates_missing=tuple(name for name in scheme.dates if name in missing),
        dates_past=tuple(name for name in scheme.dates if name in past),
        windows=len(parts.windows),
        empty_windows=tuple(name for name, envelope in parts.windows if not envelope),
    )


_DATES = Statement("""
    SELECT k.id, d.stage - k.stage, d.name, d.at, k.zone
    FROM gf_call k LEFT JOIN gf_call_date d ON d.call_id = k.id AND d.stage IN (k.stage, k.stage + 1)
    WHERE k.id IN :ids*uuid
""")


@fact(CallDates, of=("call",))
def dates(tx: Tx, ids: Sequence[UUID]) -> Mapping[UUID, CallDates]:
    """Read the dates of the present stage of calls, and of the next."""
    tx.flush()
    found: dict[UUID, tuple[dict[str, datetime], dict[str, datetime]]] = {each: ({}, {}) for each in ids}
    zones: dict[UUID, str] = {}
    for row in _DATES(tx, ids=list(ids)):
        each = identifier(row[0])
        zones[each] = row[4]
        if row[2] is not None:
            found[each][row[1]][row[2]] = moment(row[3])
    return {each: CallDates(now, following, zones[each]) for each, (now, following) in found.items()}


_DEADLINES = Statement("""
    SELECT c.id, c.scheme, c.version, c.lifecycle, c.state, c.resume_state, d.name, d.local, d.zone
    FROM gf_case c JOIN gf_call k ON k.id = c.id
    LEFT JOIN gf_call_date d ON d.call_id = k.id AND d.stage = k.stage
    WHERE c.id IN :ids*uuid
""")


@fact(CallDeadline, of=("call",))
def deadlines(tx: Tx, ids: Sequence[UUID]) -> Mapping[UUID, CallDeadline]:
    """Read the date at which the clock ends the state that calls are in."""
    tx.flush()
    found: dict[UUID, Deadline | None] = dict.fromkeys(ids)
    for row in _DEADLINES(tx, ids=list(ids)):
        lifecycle = tx.engine.compiled(row[1], row[2]).scheme.lifecycles[row[3]]
        if row[6] is not None and row[6] == deadline_name(lifecycle, row[4], row[5]):
            found[identifier(row[0])] = Deadline(row[6], as_local(row[7]), row[8])
    return {each: CallDeadline(deadline) for each, deadline in found.items()}


def as_local(text: str) -> datetime:
    """Return the local words of a date as they were kept."""
    return datetime.strptime(text, LOCAL)  # noqa: DTZ007 - its zone stands beside it


_MONEY = Statement("""
    SELECT w.call_id, w.name, w.envelope, w.reserved, w.committed, '' AS scheme, 0 AS version, '' AS lifecycle, '' AS state
    FROM gf_funder_window w WHERE w.call_id IN :ids*uuid
    UNION ALL
    SELECT k.continues_id, '', sum(w.envelope), 0, 0, c.scheme, c.version, c.lifecycle, c.state
    FROM gf_call k JOIN gf_case c ON c.id = k.id JOIN gf_funder_window w ON w.call_id = k.id
    WHERE k.continues_id IN :ids*uuid
    GROUP BY k.continues_id, c.scheme, c.version, c.lifecycle, c.state
    ORDER BY 1, 2
""")
CANCELLED = "cancelled"
"""The tag of calls that came to nothing; their money is not there."""


@fact(CallMoney, of=("call",))
def money(tx: Tx, ids: Sequence[UUID]) -> Mapping[UUID, CallMoney]:
    """Read the windows of calls, and the money of the further rounds that continue them."""
    tx.flush()
    found: dict[UUID, dict[str, WindowMoney]] = {each: {} for each in ids}
    further: dict[UUID, int] = {}
    for row in _MONEY(tx, ids=list(ids)):
        each = identifier(row[0])
        if not row[5]:
            found[each][row[1]] = WindowMoney(row[2], row[3], row[4])
        elif CANCELLED not in tags_of(tx, row[5], row[6], row[7], row[8]):
            further[each] = further.get(each, 0) + int(row[2])
    return {each: CallMoney(windows, further.get(each, 0)) for each, windows in found.items()}
