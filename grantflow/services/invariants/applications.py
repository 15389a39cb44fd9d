"""What must hold of applications: their frame, their line of descent, their deadline."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from grantflow.services.invariants.rows import rows
from grantflow.store.applications.models import Application, Submission
from grantflow.store.calls.models import Call, CallDate, Stage, bound_by_lab, lab_of_call
from grantflow.store.calls.visible import is_date
from grantflow.store.cases import CaseRow
from grantflow.store.journal import JournalEntry
from grantflow.store.labs.models import Frame, FrameAction, FrameAuthor
from grantflow.store.meaning import tags_of
from grantflow.store.people.models import Membership
from grantflow.store.session import Tx


def actions_lie_in_the_frame(tx: Tx) -> Iterator[str]:
    """Applications in a call with a lab serve actions of the frame that was in force when they were sent."""
    frames: dict[UUID, list[tuple[datetime, int, set[int]]]] = defaultdict(list)
    adopted = (
        select(Frame.id, Frame.call_id, Frame.version, Frame.adopted_at, FrameAction.number)
        .join(FrameAction, FrameAction.frame_id == Frame.id)
        .where(Frame.adopted_at.is_not(None))
        .order_by(Frame.call_id, Frame.version)
    )
    for _, call_id, version, adopted_at, number in rows(tx, adopted):
        of_call = frames[call_id]
        if not of_call or of_call[-1][1] != version:
            of_call.append((adopted_at, version, set()))
        of_call[-1][2].add(number)
    sent = (
        select(CaseRow.ref, lab_of_call(), Application.submitted_at, Application.actions)
        .join(CaseRow, CaseRow.id == Application.id)
        .join(Call, Call.id == Application.call_id)
        .where(Application.submitted_at.is_not(None), bound_by_lab())
    )
    for ref, call_id, at, actions in rows(tx, sent):
        in_force = [numbers for adopted_at, _, numbers in frames[call_id] if adopted_at <= at]
        if not in_force:
            yield f"{ref} was sent while no frame was in force"
        elif not actions or not in_force[-1].issuperset(actions):
            yield f"{ref} serves actions {actions}, which the frame in force does not have"


def nobody_who_wrote_the_frame_applies(tx: Tx) -> Iterator[str]:
    """No organisation applies inside a frame on which one of its people wrote for the programme."""
    found = (
        select(CaseRow.ref)
        .join(Application, Application.id == CaseRow.id)
        .join(Call, Call.id == Application.call_id)
        .join(Frame, Frame.call_id == lab_of_call())
        .join(FrameAuthor, FrameAuthor.frame_id == Frame.id)
        .join(
            Membership,
            and_(
                Membership.user_id == FrameAuthor.user_id,
                Membership.organisation_id == Application.organisation_id,
            ),
        )
        .distinct()
    )
    for (ref,) in rows(tx, found):
        yield f"{ref} belongs to an organisation whose member wrote on the frame"


def later_stages_follow_completed_ones(tx: Tx) -> Iterator[str]:
    """Whoever applies in a stage that asks for it completed the earlier one."""
    earlier, earlier_case = aliased(Application), aliased(CaseRow)
    found = (
        select(
            CaseRow.ref,
            Application.organisation_id,
            Stage.gate,
            earlier.stage,
            earlier.organisation_id,
            *(earlier_case.scheme, earlier_case.version, earlier_case.lifecycle, earlier_case.state),
        )
        .join(Application, Application.id == CaseRow.id)
        .join(Stage, and_(Stage.call_id == Application.call_id, Stage.number == Application.stage))
        .outerjoin(earlier_case, earlier_case.id == Application.lineage_id)
        .outerjoin(earlier, earlier.id == Application.lineage_id)
    )
    for ref, organisation, gate, stage, before, scheme, version, lifecycle, state in rows(tx, found):
        needed = (gate or {}).get("completed_stage")
        if needed is None:
            continue
        if stage != needed or before != organisation:
            yield f"{ref} names no application of stage {needed} by the same organisation"
        elif not tags_of(tx, scheme, version, lifecycle, state) >= {"funded", "closed"}:
            yield f"{ref} follows an application that was not completed"


def in_time_means_before_the_deadline(tx: Tx) -> Iterator[str]:
    """Nothing that counts as sent in time was sent, or arrived on paper, after the deadline of its stage."""
    found = (
        select(CaseRow.ref, func.coalesce(Submission.arrived_at, Submission.at))
        .join(Submission, Submission.application_id == CaseRow.id)
        .join(
            CallDate,
            and_(
                CallDate.call_id == CaseRow.call_id,
                CallDate.stage == Submission.stage,
                is_date(tx, "deadline"),
            ),
        )
        .where(
            Submission.late == 0,
            Submission.completion == 0,
            func.coalesce(Submission.arrived_at, Submission.at) >= CallDate.at,
        )
    )
    for ref, at in rows(tx, found):
        yield f"{ref} was sent or arrived at {at:%Y-%m-%d %H:%M}, after the deadline, and counts as in time"


def what_came_late_was_decided_on(tx: Tx) -> Iterator[str]:
    """Late applications were kept as late until a person decided on them."""
    found = (
        select(CaseRow.id, CaseRow.ref, CaseRow.scheme, CaseRow.version, CaseRow.lifecycle)
        .join(Submission, Submission.application_id == CaseRow.id)
        .where(Submission.late == 1, Submission.completion == 0)
        .distinct()
    )
    for case_id, ref, scheme, version, lifecycle in rows(tx, found):
        stood = select(JournalEntry.to_state).where(JournalEntry.record_id == case_id)
        if not any("late" in tags_of(tx, scheme, version, lifecycle, state) for (state,) in rows(tx, stood)):
            yield f"{ref} was sent late and was never late"
