"""What steps of a call do: pin its files, move its deadline, change its money, and say so to everybody (P16)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from grantflow.domain.calls.forms import Form
from grantflow.domain.calls.rubrics import Rubric
from grantflow.services.calls.deadlines import move_deadline_to
from grantflow.services.cases import Move
from grantflow.services.cases.schemes import KIND as SCHEME
from grantflow.store.calls.ledger import Movement, enter
from grantflow.store.calls.models import Call, FunderWindow, Milestone
from grantflow.store.calls.needs import deadline_name
from grantflow.store.cases import CaseRow
from grantflow.store.published import publish
from grantflow.store.session import Tx
from grantflow.store.types import canonical_json
from grantflow.workflow.registry import effect

FORM, RUBRIC = "form", "rubric"
"""The kinds under which forms and rubrics are published."""


@effect(of=("call",), guards=("call_complete",))
def pin_published_files(tx: Tx, moves: Sequence[Move]) -> None:
    """Publish the versions of scheme, forms and rubrics that the call promises, and pin them by their hash."""
    for move in moves:
        call = tx.session.get_one(Call, move.case_id)
        stages = [
            {
                FORM: _pin(tx, FORM, Form.from_json(stage["form"])),
                RUBRIC: None
                if stage["rubric"] is None
                else _pin(tx, RUBRIC, Rubric.from_json(stage["rubric"])),
            }
            for stage in call.file["stages"]
        ]
        call.pins = {SCHEME: pin_scheme(tx, move.case_id), "stages": stages}


def _pin(tx: Tx, kind: str, paper: Form | Rubric) -> Mapping[str, Any]:
    digest = publish(tx, kind, paper.name, paper.version, canonical_json(paper.as_json()))
    return {"name": paper.name, "version": paper.version, "sha256": digest}


def pin_scheme(tx: Tx, call_id: UUID) -> Mapping[str, Any]:
    """Publish the version of the scheme that a call runs by, and return what the call pins of it."""
    case = tx.execute(select(CaseRow.scheme, CaseRow.version).where(CaseRow.id == call_id)).one()
    scheme = tx.engine.compiled(case.scheme, case.version).scheme
    digest = publish(tx, SCHEME, scheme.name, scheme.version, scheme.text)
    return {"name": scheme.name, "version": scheme.version, "sha256": digest}


@effect(of=("call",))
def move_deadline(tx: Tx, moves: Sequence[Move]) -> None:
    """Move the deadline of the state that the call is in, or returns to, with every timer that hangs on it."""
    for move in moves:
        day = move.data.get("new_deadline")
        case = tx.execute(select(CaseRow.scheme, CaseRow.version).where(CaseRow.id == move.case_id)).one()
        lifecycle = tx.engine.compiled(case.scheme, case.version).scheme.lifecycles[move.lifecycle]
        name = deadline_name(lifecycle, move.to_state)
        if day is None or name is None:
            continue
        moved = move_deadline_to(tx, move.case_id, name, day)
        before = {each: old for each, (old, _) in moved.items()}
        after = {each: new for each, (_, new) in moved.items()}
        _tell(tx, move, "deadline", before, after)


@effect(of=("call",), asks=("what", "reason"))
def record_correction(tx: Tx, moves: Sequence[Move]) -> None:
    """Put the correction on the call's public list of changes, old and new side by side."""
    for move in moves:
        _tell(tx, move, "correction", {}, {"what": move.data.get("what")})


@effect(
    of=("call",), guards=("envelope_covers_what_is_used",), asks=("window", "new_envelope"), locks=("window",)
)
def change_envelope(tx: Tx, moves: Sequence[Move]) -> None:
    """Give a window its new envelope, by an entry in the ledger."""
    for move in moves:
        window = tx.session.scalars(
            select(FunderWindow).where(
                FunderWindow.call_id == move.case_id, FunderWindow.name == move.data["window"]
            )
        ).one()
        old, new = window.envelope, move.data["new_envelope"]
        enter(tx, [Movement(window.id, None, "envelope", move.entry_id, envelope=new - old)])
        tx.forget(FunderWindow, [window.id])
        _tell(tx, move, "envelope", {window.name: old}, {window.name: new})


@effect(of=("call",), asks=("reason",))
def record_suspension(tx: Tx, moves: Sequence[Move]) -> None:
    """Put the suspension on the call's public list of changes."""
    for move in moves:
        _tell(tx, move, "suspension", {}, {})


@effect(of=("call",), asks=("reason",))
def record_resumption(tx: Tx, moves: Sequence[Move]) -> None:
    """Put the resumption on the call's public list of changes."""
    for move in moves:
        _tell(tx, move, "resumption", {}, {})


@effect(of=("call",), asks=("reason",))
def record_cancellation(tx: Tx, moves: Sequence[Move]) -> None:
    """Put the cancellation on the call's public list of changes."""
    for move in moves:
        _tell(tx, move, "cancellation", {}, {})


@effect(of=("call",), guards=("has_next_stage",))
def enter_next_stage(tx: Tx, moves: Sequence[Move]) -> None:
    """Let the call enter its next stage, with that stage's dates, form, rubric and money."""
    for move in moves:
        call = tx.session.get_one(Call, move.case_id)
        before = call.stage
        call.stage = before + 1
        _tell(tx, move, "stage", {"stage": before}, {"stage": call.stage})


def _tell(tx: Tx, move: Move, kind: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    milestone = Milestone(
        id=tx.new_id(),
        call_id=move.case_id,
        kind=kind,
        before=dict(before),
        after=dict(after),
        reason=move.data.get("reason"),
        at=tx.now,
    )
    tx.session.add(milestone)
    tx.flush()
