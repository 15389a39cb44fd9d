"""What steps of applications do beside moving them: notes of time, frozen sendings, reopened sections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, update

from grantflow.domain.applications.answers import sealed
from grantflow.domain.applications.sending import SendingTimes, named_sections
from grantflow.services.applications.beside import beside
from grantflow.services.cases import Move
from grantflow.store.applications import facts
from grantflow.store.applications.models import Answers, Application, Completion, Partner, Submission
from grantflow.store.calls.models import Stage
from grantflow.store.files import StoredFile
from grantflow.store.session import Tx
from grantflow.workflow.registry import effect


@effect(of=["application"], guards=["registration_open"])
def note_registration(tx: Tx, moves: Sequence[Move]) -> None:
    """Note when the application was registered."""
    ids = [move.case_id for move in moves]
    tx.execute(update(Application).where(Application.id.in_(ids)).values(registered_at=tx.now))
    tx.forget(Application, ids)


@effect(of=["application"])
def freeze_submission(tx: Tx, moves: Sequence[Move]) -> None:
    """Freeze what is sent with its number and checksum, and stamp it late if it is, by its arrival on paper or now."""
    ids = [move.case_id for move in moves]
    times: Mapping[UUID, SendingTimes] = facts.sending_times.load(tx, ids)
    contents = _contents(tx, ids)
    open_requests = {
        row.application_id: row.id
        for row in tx.execute(
            select(Completion.application_id, Completion.id).where(
                Completion.application_id.in_(ids), Completion.answered_at.is_(None)
            )
        )
    }
    numbers = _numbers(tx, ids)
    kept = beside(tx, moves)
    for move in moves:
        content = contents[move.case_id]
        if move.case_id in kept:
            content |= {
                "asked": kept[move.case_id].pop("asked", content["asked"]),
                "beside": kept[move.case_id],
            }
        text, digest = sealed({"ref": move.ref, "number": numbers[move.case_id], **content})
        request = open_requests.get(move.case_id)
        sent, arrived = tx.new_id(), move.data.get("arrived")
        tx.execute(
            insert(Submission).values(
                id=sent,
                application_id=move.case_id,
                number=numbers[move.case_id],
                stage=content["stage"],
                text=text,
                sha256=digest,
                asked=content["asked"] or 0,
                cost=content["cost"] or 0,
                at=tx.now,
                arrived_at=arrived,
                late=int(request is None and times[move.case_id].is_late(arrived or tx.now)),
                completion=int(request is not None),
            )
        )
        if request is not None:
            tx.execute(
                update(Completion)
                .where(Completion.id == request)
                .values(answered_at=tx.now, submission_id=sent)
            )
    tx.execute(update(Application).where(Application.id.in_(ids)).values(submitted_at=tx.now))
    for move in moves:
        if "arrived" in move.data:
            arrived = update(Application).where(Application.id == move.case_id)
            tx.execute(arrived.values(arrived_at=move.data["arrived"]))
    tx.forget(Application, ids)


def _numbers(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, int]:
    """Return the number that each application's next sending bears."""
    found = tx.execute(
        select(Submission.application_id, func.max(Submission.number).label("last"))
        .where(Submission.application_id.in_(ids))
        .group_by(Submission.application_id)
    )
    last = {row.application_id: row.last for row in found}
    return {each: last.get(each, 0) + 1 for each in ids}


def _contents(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """Return everything that is sent, as plain data, of each application."""
    found = (
        select(
            Application.id,
            Application.organisation_id,
            Application.window_id,
            Application.stage,
            Application.title,
            Application.language,
            Application.asked,
            Application.cost,
            Application.actions,
            Answers.answers,
            Stage.form,
            Stage.form_version,
        )
        .select_from(Application)
        .outerjoin(Answers, Answers.application_id == Application.id)
        .outerjoin(Stage, (Stage.call_id == Application.call_id) & (Stage.number == Application.stage))
        .where(Application.id.in_(ids))
    )
    contents: dict[UUID, dict[str, Any]] = {
        row.id: {
            "organisation": row.organisation_id.hex,
            "window": row.window_id.hex if row.window_id else None,
            "stage": row.stage,
            "title": row.title,
            "language": row.language,
            "asked": row.asked,
            "cost": row.cost,
            "actions": row.actions or [],
            "answers": row.answers or {},
            "form": {"name": row.form, "version": row.form_version},
            "partners": [],
            "files": [],
        }
        for row in tx.execute(found)
    }
    for partner in tx.execute(
        select(
            Partner.application_id, Partner.number, Partner.name, Partner.country, Partner.cost, Partner.asked
        )
        .where(Partner.application_id.in_(ids))
        .order_by(Partner.application_id, Partner.number)
    ):
        contents[partner.application_id]["partners"].append(
            {
                "number": partner.number,
                "name": partner.name,
                "country": partner.country,
                "cost": partner.cost,
                "asked": partner.asked,
            }
        )
    _add_files(tx, contents)
    return contents


def _add_files(tx: Tx, contents: Mapping[UUID, dict[str, Any]]) -> None:
    """Add the files that the answers name, each with its checksum: so the receipt stands for them too."""
    kept = select(StoredFile.id, StoredFile.record_id, StoredFile.name, StoredFile.size, StoredFile.sha256)
    for row in tx.execute(kept.where(StoredFile.record_id.in_(list(contents))).order_by(StoredFile.id)):
        content = contents[row.record_id]
        if any(isinstance(answer, list) and row.id.hex in answer for answer in content["answers"].values()):
            content["files"].append(
                {"id": row.id.hex, "name": row.name, "size": row.size, "sha256": row.sha256}
            )


@effect(of=["application"], guards=["sections_may_be_completed"], asks=["sections"])
def reopen_sections(tx: Tx, moves: Sequence[Move]) -> None:
    """Reopen the named sections, and only these, until something is sent."""
    revisions = {
        row.application_id: row.revision
        for row in tx.execute(
            select(Answers.application_id, Answers.revision).where(
                Answers.application_id.in_([move.case_id for move in moves])
            )
        )
    }
    tx.execute(
        insert(Completion),
        [
            {
                "id": tx.new_id(),
                "application_id": move.case_id,
                "sections": list(named_sections(move.data["sections"])),
                "answers_revision": revisions.get(move.case_id, 0),
                "asked_by": move.actor.user_id,
                "asked_at": tx.now,
            }
            for move in moves
        ],
    )


@effect(of=["application"])
def close_sections(tx: Tx, moves: Sequence[Move]) -> None:
    """Close what was reopened: the time to complete it has passed."""
    ids = [move.case_id for move in moves]
    tx.execute(
        update(Completion)
        .where(Completion.application_id.in_(ids), Completion.answered_at.is_(None))
        .values(answered_at=tx.now)
    )
