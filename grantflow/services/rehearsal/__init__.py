"""Rehearsals: a whole call played with made-up people, in a database that is made for it and dropped after."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import event

from grantflow.domain.calls.plan import CallPlan
from grantflow.domain.refusal import Refusal, Refused, refuse
from grantflow.services.calls.file import read_call
from grantflow.services.invariants import check_invariants
from grantflow.services.rehearsal import counts
from grantflow.services.rehearsal.habits import HABITS
from grantflow.services.rehearsal.opening import draft_call, open_scene
from grantflow.services.rehearsal.play import Play
from grantflow.services.rehearsal.report import InvariantLine, Report
from grantflow.services.rehearsal.scratch import scratch_database
from grantflow.services.shelf import folder_of, read_scheme
from grantflow.store.session import Database
from grantflow.workflow.engine import Engine
from grantflow.workflow.findings import Finding
from grantflow.workflow.model import Scheme
from grantflow.workflow.registry import Registry

__all__ = ["Report", "rehearse_call", "rehearse_plan"]

LONGEST = timedelta(days=5 * 365)
"""How long after its last date a call may run before a rehearsal gives it up."""


def rehearse_call(
    path: Path,
    *,
    applications: int,
    seed: int,
    registry: Registry,
    server: str | None = None,
    told: Callable[[Play], None] = lambda _play: None,
) -> Report:
    """Play the call of a file from its draft to its end, count what became of it, and check what must always hold.

    Raises:
        Refused: the file has faults, or continues another call.
    """
    return rehearse_plan(
        _plan(path),
        name=path.stem,
        applications=applications,
        seed=seed,
        registry=registry,
        server=server,
        told=told,
    )


def rehearse_plan(
    plan: CallPlan,
    *,
    applications: int,
    seed: int,
    registry: Registry,
    name: str = "",
    scheme: Scheme | None = None,
    server: str | None = None,
    told: Callable[[Play], None] = lambda _play: None,
) -> Report:
    """Play a call of which the plan is known, as `rehearse_call` does; `name` is what the report calls it.

    `scheme` is the version that the call runs by, where it is not to be read from the files that are shipped.

    Raises:
        Refused: it continues another call, or its scheme does not verify.
    """
    if plan.continues is not None:
        raise refuse(
            "continues_another",
            "This call is a further round of “%(slug)s” and cannot be played without it; rehearse that call.",
            slug=plan.continues,
        )
    started = time.process_time()
    scheme = scheme or _scheme(plan, registry)
    with scratch_database(Engine(registry), seed, server) as database, _counting(database) as statements:
        scene = open_scene(database, scheme, plan, applications=applications, seed=seed)
        play = Play(scene, HABITS, _horizon(plan))
        scene.noticed = play.notice
        draft_call(scene)
        play.run(told)
        return _report(play, name or plan.slug, seed, started, statements)


def _plan(path: Path) -> CallPlan:
    loaded = read_call(path)
    if loaded.plan is None:
        raise _faulty("call_file_faulty", loaded.findings)
    return loaded.plan


def _scheme(plan: CallPlan, registry: Registry) -> Scheme:
    loaded = read_scheme(folder_of(plan.scheme, plan.version), registry)
    if loaded.scheme is None:
        raise _faulty("scheme_faulty", loaded.findings)
    return loaded.scheme


def _faulty(code: str, findings: Iterable[Finding]) -> Refused:
    return Refused(
        Refusal(
            code,
            "%(file)s:%(line)s: %(message)s",
            {"file": each.file, "line": each.line, "message": each.message},
        )
        for each in findings
        if each.severity == "error"
    )


def _horizon(plan: CallPlan) -> datetime:
    return (
        max(plan.date(name, number) for number, stage in enumerate(plan.stages, 1) for name in stage.dates)
        + LONGEST
    )


@contextmanager
def _counting(database: Database) -> Iterator[list[int]]:
    """Count the statements that the database is sent."""
    count = [0]

    def one_more(*_: object) -> None:
        count[0] += 1

    event.listen(database.sql, "before_cursor_execute", one_more)
    try:
        yield count
    finally:
        event.remove(database.sql, "before_cursor_execute", one_more)


def _report(play: Play, name: str, seed: int, started: float, statements: list[int]) -> Report:
    scene = play.scene
    with scene.looking() as tx:
        return Report(
            call=name,
            scheme=f"{scene.scheme.name} v{scene.scheme.version}",
            seed=seed,
            applications=counts.applications_of(tx, scene.call_id, scene.scheme),
            states=counts.states_of(tx, scene.call_id),
            transitions=play.steps,
            refusals=dict(sorted(play.refusals.items())),
            money=counts.money_of(tx, scene.call_id),
            workload=counts.workload_of(tx, scene.call_id),
            timeline=counts.timeline_of(tx, scene.call_id, scene.scheme),
            invariants=[InvariantLine(held.name, held.holds, held.detail) for held in check_invariants(tx)],
            seconds=round(time.process_time() - started, 3),
            statements=statements[0],
        )
