"""What became of a rehearsed call: counted from its rows, in an order that both databases share."""

from __future__ import annotations

from collections import Counter, defaultdict
from uuid import UUID

from sqlalchemy import or_, select

from grantflow.domain.time import utc_text
from grantflow.services.cases import CREATE
from grantflow.services.invariants.rows import rows
from grantflow.services.rehearsal.report import MoneyLine, TimelineLine, WorkloadLine
from grantflow.store.applications.models import Application
from grantflow.store.calls.models import FunderWindow
from grantflow.store.cases import CaseRow
from grantflow.store.journal import JournalEntry
from grantflow.store.session import Tx
from grantflow.workflow.model import Lifecycle, Scheme

APPLICATION = "application"
"""The record kind whose fates are counted."""
EVER = ("started", "submitted", "eligible", "ineligible", "withdrawn")
"""Tags that count as soon as a record has borne them; `started` counts every record that was begun."""
AT_THE_END = ("funded", "reserve", "refused")
"""Tags that count where a record bears them at the end."""


def states_of(tx: Tx, call_id: UUID) -> dict[str, dict[str, int]]:
    """Return, by lifecycle, how many records ended in which state."""
    found = select(CaseRow.lifecycle, CaseRow.state).where(CaseRow.call_id == call_id)
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for lifecycle, state in rows(tx, found):
        counted[lifecycle][state] += 1
    return {lifecycle: dict(sorted(counted[lifecycle].items())) for lifecycle in sorted(counted)}


def applications_of(tx: Tx, call_id: UUID, scheme: Scheme) -> dict[str, int]:
    """Count the fates of applications; one that a later stage carried on counts once, by the later one."""
    lifecycle = scheme.of_record(APPLICATION)
    carried_on = select(Application.lineage_id).where(
        Application.call_id == call_id, Application.lineage_id.is_not(None)
    )
    earlier = {case_id for (case_id,) in rows(tx, carried_on)}
    ever = _tags_ever_borne(tx, call_id, lifecycle)
    counts = dict.fromkeys((*EVER, *AT_THE_END), 0)
    applications = select(CaseRow.id, CaseRow.state).where(
        CaseRow.call_id == call_id, CaseRow.lifecycle == lifecycle.name
    )
    for case_id, state in rows(tx, applications):
        if case_id in earlier:
            continue
        borne = ever[case_id] | {"started"}
        for tag in EVER:
            counts[tag] += tag in borne
        for tag in AT_THE_END:
            counts[tag] += tag in lifecycle.states[state].tags
    return counts


def _tags_ever_borne(tx: Tx, call_id: UUID, lifecycle: Lifecycle) -> dict[UUID, set[str]]:
    found = (
        select(JournalEntry.record_id, JournalEntry.to_state)
        .join(CaseRow, CaseRow.id == JournalEntry.record_id)
        .where(CaseRow.call_id == call_id, CaseRow.lifecycle == lifecycle.name)
    )
    borne: dict[UUID, set[str]] = defaultdict(set)
    for case_id, state in rows(tx, found):
        borne[case_id] |= lifecycle.states[state].tags
    return borne


def money_of(tx: Tx, call_id: UUID) -> list[MoneyLine]:
    """Return the balances of a call's windows."""
    found = select(FunderWindow).where(FunderWindow.call_id == call_id)
    windows = sorted(tx.session.scalars(found), key=lambda window: (window.stage, window.name))
    return [
        MoneyLine(
            window.name,
            window.currency,
            window.envelope,
            window.reserved,
            window.committed,
            window.released,
            window.paid,
        )
        for window in windows
    ]


def workload_of(tx: Tx, call_id: UUID) -> list[WorkloadLine]:
    """Count the steps that people took, by role and ISO week."""
    found = (
        select(JournalEntry.role, JournalEntry.at)
        .join(CaseRow, CaseRow.id == JournalEntry.record_id)
        .where(CaseRow.call_id == call_id, JournalEntry.actor_kind != "system")
    )
    counted: Counter[tuple[str, str]] = Counter()
    for role, at in rows(tx, found):
        year, week, _ = at.isocalendar()
        counted[role, f"{year}-W{week:02d}"] += 1
    return [WorkloadLine(role, week, counted[role, week]) for role, week in sorted(counted)]


def timeline_of(tx: Tx, call_id: UUID, scheme: Scheme) -> list[TimelineLine]:
    """Tell what happened to the call itself, step by step, in the words of its workflow."""
    found = (
        select(JournalEntry.transition, JournalEntry.row, JournalEntry.to_state, JournalEntry.at)
        .where(
            JournalEntry.record_id == call_id,
            or_(JournalEntry.actor_kind != "system", JournalEntry.from_state != JournalEntry.to_state),
        )
        .order_by(JournalEntry.seq)
    )
    lines = []
    for transition, number, to_state, at in rows(tx, found):
        lifecycle = scheme.of_record("call")
        step = "Created" if transition == CREATE else lifecycle.rows[number].label
        lines.append(TimelineLine(utc_text(at), f"{step}: {lifecycle.states[to_state].label}"))
    return lines
