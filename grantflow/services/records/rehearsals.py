"""The rehearsal of a call from its page: played beside the pages, its progress and its report kept with the call."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from grantflow.domain.actor import SYSTEM
from grantflow.domain.calls.plan import CallPlan
from grantflow.domain.refusal import Refused, refuse
from grantflow.domain.time import from_utc_text, utc_text
from grantflow.services.calls.kept import kept_plan
from grantflow.services.rehearsal import Report, rehearse_plan
from grantflow.services.rehearsal.play import Play
from grantflow.services.rehearsal.report import InvariantLine, MoneyLine, TimelineLine, WorkloadLine
from grantflow.store.session import Database, Tx
from grantflow.store.settings import recall, remember

MOST = 40
"""So many applications are played at most from a page; more is for the command line."""
LONGEST = 120
"""Seconds after which a rehearsal gives up."""
SILENT = timedelta(minutes=2)
"""Without a sign of life for so long, a rehearsal has been broken off."""
ACTS_PER_APPLICATION = 25
EVERY = 40
"""After so many acts the progress is noted."""

Standing = Literal["playing", "done", "failed"]


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A rehearsal of a call: how far it is, or what came of it."""

    standing: Standing
    applications: int
    percent: int
    where: str
    """The moment in the play that has been reached, as UTC text; empty before it began."""
    begun_at: datetime
    heard_at: datetime
    report: Report | None
    problem: str
    """Why it failed, in a sentence."""

    def is_playing(self, wall: datetime) -> bool:
        """Whether it is being played now, by the time outside."""
        return self.standing == "playing" and wall - self.heard_at < SILENT


def rehearsal_of(tx: Tx, call_id: UUID) -> Rehearsal | None:
    """Return the last rehearsal of a call, if it was rehearsed."""
    kept = recall(tx, _key(call_id))
    return None if kept is None else _read(kept)


def begin(tx: Tx, call_id: UUID, applications: int, wall: datetime) -> CallPlan:
    """Note that a rehearsal begins, and return what is to be played.

    Raises:
        Refused: one is being played, or the number makes no sense.
    """
    if not 1 <= applications <= MOST:
        raise refuse(
            "too_many_to_rehearse",
            "From this page between 1 and %(most)s applications can be played.",
            "applications",
            most=MOST,
        )
    last = rehearsal_of(tx, call_id)
    if last is not None and last.is_playing(wall):
        raise refuse("rehearsal_running", "A rehearsal of this call is being played already.")
    _note(tx, call_id, Rehearsal("playing", applications, 0, "", wall, wall, None, ""))
    return kept_plan(tx, call_id)


def play(
    database: Database, call_id: UUID, plan: CallPlan, applications: int, wall: Callable[[], datetime]
) -> None:
    """Play a call that `begin` noted, and keep what came of it; refusals and faults are kept, too."""
    begun = wall()
    clock = time.monotonic()

    def keep(
        standing: Standing, percent: int, where: str, report: Report | None = None, problem: str = ""
    ) -> None:
        with database.transaction(SYSTEM, wall()) as tx:
            made = Rehearsal(standing, applications, percent, where, begun, wall(), report, problem)
            _note(tx, call_id, made)

    def told(played: Play) -> None:
        if time.monotonic() - clock > LONGEST:
            raise refuse(
                "rehearsal_too_long",
                "The rehearsal took longer than %(seconds)s seconds. Play fewer applications.",
                seconds=LONGEST,
            )
        if played.acts % EVERY == 0:
            percent = min(99, 100 * played.acts // (applications * ACTS_PER_APPLICATION))
            keep("playing", percent, utc_text(played.scene.now))

    try:
        report = rehearse_plan(
            plan,
            scheme=database.engine.compiled(plan.scheme, plan.version).scheme,
            applications=applications,
            seed=1,
            registry=database.engine.registry,
            told=told,
        )
    except Refused as refused:
        keep("failed", 0, "", problem=refused.refusals[0].sentence)
    except Exception:
        keep("failed", 0, "", problem="Something went wrong on our side while the call was played.")
        raise
    else:
        keep("done", 100, "", report)


def _key(call_id: UUID) -> str:
    return f"rehearsal:{call_id}"


def _note(tx: Tx, call_id: UUID, made: Rehearsal) -> None:
    remember(
        tx,
        _key(call_id),
        {
            "standing": made.standing,
            "applications": made.applications,
            "percent": made.percent,
            "where": made.where,
            "begun_at": utc_text(made.begun_at),
            "heard_at": utc_text(made.heard_at),
            "report": None if made.report is None else made.report.as_json(),
            "problem": made.problem,
        },
    )


def _read(kept: Mapping[str, Any]) -> Rehearsal:
    return Rehearsal(
        kept["standing"],
        kept["applications"],
        kept["percent"],
        kept["where"],
        from_utc_text(kept["begun_at"]),
        from_utc_text(kept["heard_at"]),
        None if kept["report"] is None else _report(kept["report"]),
        kept["problem"],
    )


def _report(plain: Mapping[str, Any]) -> Report:
    values = dict(plain)
    values["money"] = [MoneyLine(**line) for line in values["money"]]
    values["workload"] = [WorkloadLine(**line) for line in values["workload"]]
    values["timeline"] = [TimelineLine(**line) for line in values["timeline"]]
    values["invariants"] = [InvariantLine(**line) for line in values["invariants"]]
    return Report(**values)
