"""What steps of a lab's records do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update

from grantflow.domain.refusal import refuse
from grantflow.services.cases import Move, parameters_of
from grantflow.services.people.roles import end_roles_on
from grantflow.store.calls.models import Call
from grantflow.store.cases import CaseRow
from grantflow.store.labs.facts import seats
from grantflow.store.labs.models import (
    ActionSource,
    Contribution,
    Frame,
    FrameAction,
    FrameIndicator,
    Lab,
    Participation,
    ParticipationLevel,
)
from grantflow.store.published import publish
from grantflow.store.session import Tx
from grantflow.store.types import canonical_json
from grantflow.workflow.registry import effect

FRAME = "frame"
"""The kind under which adopted frames are published."""


@effect(of=("call",))
def open_lab(tx: Tx, moves: Sequence[Move]) -> None:
    """Set up the lab of a call whose file describes a challenge."""
    for move in moves:
        challenge = tx.session.get_one(Call, move.case_id).file.get("challenge")
        if challenge is not None:
            lab = Lab(
                call_id=move.case_id,
                question=challenge["question"],
                why_now=challenge["why_now"],
                wanted=challenge["wanted"],
            )
            tx.session.add(lab)
    tx.flush()


@effect(of=("participation",), guards=("seats_left",), locks=("call",))
def give_lab_access(tx: Tx, moves: Sequence[Move]) -> None:
    """Give the participant a place in the lab; the last place is given once."""
    by_call: dict[UUID, list[Move]] = {}
    for move in moves:
        by_call.setdefault(move.call_id, []).append(move)
    for call_id, admitted in by_call.items():
        _demand_room(tx, call_id, admitted)
    ids = [move.case_id for move in moves]
    tx.execute(update(Participation).where(Participation.id.in_(ids)).values(admitted_at=tx.now))
    tx.forget(Participation, ids)


def _demand_room(tx: Tx, call_id: UUID, admitted: Sequence[Move]) -> None:
    """Refuse to admit more at once than there is room for: the guard sees each of them alone."""
    if len(admitted) == 1:
        return
    row = admitted[0].row
    assert row is not None
    named = next(guard.given["of"] for guard in row.guards if guard.name == "seats_left")
    room = parameters_of(tx, call_id).get(named, named)
    taken = seats.load(tx, [call_id])[call_id].taken
    if taken + len(admitted) > int(room):
        text = "The lab has room for %(left)s more, not for %(wanted)s."
        raise refuse("lab_full", text, "participations", left=int(room) - taken, wanted=len(admitted))


@effect(of=("participation",), asks=("level",))
def record_level(tx: Tx, moves: Sequence[Move]) -> None:
    """Keep the new level of involvement beside the earlier ones."""
    for move in moves:
        tx.session.get_one(Participation, move.case_id).level = move.data["level"]
        note_level(tx, move.case_id, move.data["level"])
    tx.flush()


def note_level(tx: Tx, participation_id: UUID, level: str) -> None:
    """Keep a level of involvement and since when it holds."""
    row = ParticipationLevel(id=tx.new_id(), participation_id=participation_id, level=level, at=tx.now)
    tx.session.add(row)


@effect(of=("participation",))
def anonymise_participation(tx: Tx, moves: Sequence[Move]) -> None:
    """Take the person's name off everything in the lab; helix, region and contributions stay and count."""
    ids = [move.case_id for move in moves]
    nobody = {"user_id": None, "organisation_id": None, "name_shown": 0, "anonymised_at": tx.now}
    tx.execute(update(Participation).where(Participation.id.in_(ids)).values(nobody))
    authored = update(Contribution).where(Contribution.participation_id.in_(ids))
    tx.execute(authored.values(author_id=None, organisation_id=None))
    for each in ids:
        end_roles_on(tx, each)
    for contribution_id in tx.session.scalars(
        select(Contribution.id).where(Contribution.participation_id.in_(ids))
    ):
        end_roles_on(tx, contribution_id)
    tx.forget()


@effect(of=("contribution",))
def anonymise_contribution(tx: Tx, moves: Sequence[Move]) -> None:
    """Take away the contribution's text and its author's name; that something was contributed stays."""
    ids = [move.case_id for move in moves]
    gone = {"author_id": None, "organisation_id": None, "text": ""}
    tx.execute(update(Contribution).where(Contribution.id.in_(ids)).values(gone))
    tx.forget(Contribution, ids)


@effect(of=("frame",))
def open_consultation(tx: Tx, moves: Sequence[Move]) -> None:
    """Note since when everybody can comment on the draft."""
    _set(tx, moves, {"consulted_from": tx.now, "consulted_until": None})


@effect(of=("frame",), guards=("consultation_long_enough", "comments_answered"))
def close_consultation(tx: Tx, moves: Sequence[Move]) -> None:
    """Note until when everybody could comment on the draft."""
    _set(tx, moves, {"consulted_until": tx.now})


@effect(of=("frame",), guards=("quorum_present", "minutes_signed"), apart=True)
def freeze_frame(tx: Tx, moves: Sequence[Move]) -> None:
    """Publish the frame as it was adopted, under its version and hash; nothing in it changes any more."""
    for move in moves:
        frame = tx.session.get_one(Frame, move.case_id)
        slug = tx.session.scalars(select(Call.slug).where(Call.id == frame.call_id)).one()
        text = canonical_json(frame_document(tx, frame))
        digest = publish(tx, FRAME, slug, frame.version, text)
        _set(tx, [move], {"adopted_at": tx.now, "published_at": tx.now, "sha256": digest})


def _set(tx: Tx, moves: Sequence[Move], values: Mapping[str, Any]) -> None:
    ids = [move.case_id for move in moves]
    tx.execute(update(Frame).where(Frame.id.in_(ids)).values(values))
    tx.forget(Frame, ids)


def frame_document(tx: Tx, frame: Frame) -> Mapping[str, Any]:
    """Return a frame as plain data: what is hashed and published, with the trail from contributions to actions."""
    actions = tx.session.scalars(
        select(FrameAction).where(FrameAction.frame_id == frame.id).order_by(FrameAction.number)
    ).all()
    return {
        "version": frame.version,
        "lang": frame.lang,
        "title": frame.title,
        "vision": frame.vision,
        "conditions": frame.conditions,
        "changes": frame.changes,
        "actions": [
            {
                "number": action.number,
                "title": action.title,
                "about": action.about,
                "envelope": action.envelope,
                "indicators": _indicators(tx, action.id),
                "sources": _sources(tx, action.id),
            }
            for action in actions
        ],
    }


def _indicators(tx: Tx, action_id: UUID) -> list[Mapping[str, Any]]:
    found = (
        select(FrameIndicator).where(FrameIndicator.action_id == action_id).order_by(FrameIndicator.number)
    )
    return [
        {"name": one.name, "baseline": one.baseline, "target": one.target}
        for one in tx.session.scalars(found)
    ]


def _sources(tx: Tx, action_id: UUID) -> list[str]:
    found = (
        select(CaseRow.ref)
        .join(ActionSource, ActionSource.contribution_id == CaseRow.id)
        .where(ActionSource.action_id == action_id)
        .order_by(CaseRow.id)
    )
    return list(tx.session.scalars(found))


def next_version(tx: Tx, call_id: UUID) -> int:
    """Return the number of the next version of a call's frame."""
    return (tx.session.scalar(select(func.max(Frame.version)).where(Frame.call_id == call_id)) or 0) + 1
