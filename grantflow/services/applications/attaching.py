"""Files of an application: handed in with a field of its form, taken away again while it may be written."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from sqlalchemy import delete, func, select

from grantflow.domain.calls.fields import Field
from grantflow.domain.refusal import Refused, refuse
from grantflow.domain.uploads import read_upload
from grantflow.services import files
from grantflow.services.applications.rights import demand_edit
from grantflow.services.applications.writing import Saved, save_answers
from grantflow.store.applications.models import Answers, Application, Submission
from grantflow.store.applications.papers import forms_of
from grantflow.store.files import StoredFile
from grantflow.store.session import Tx

MOST = 50
"""Files that one application may hold, those that were taken away again among them: they were kept for what was sent."""


def attach(tx: Tx, folder: Path, application_id: UUID, field: str, name: str, content: bytes) -> Saved:
    """Hand in a file with a field of the form; the same content under the same name again is the same file.

    Raises:
        Refused: it is not the actor's to write now, the field takes no (more) files, or the file is not taken.
    """
    demand_edit(tx, application_id)
    asked = _field(tx, application_id, field)
    kept = _kept(tx, application_id, field)
    try:
        upload = read_upload(name, content)
    except Refused as refused:
        raise refuse_at(refused, field) from None
    if asked.most is not None and len(kept) >= asked.most:
        raise refuse(
            "too_many_files",
            "There is room for %(most)s files here; take one away first.",
            field,
            most=asked.most,
        )
    if tx.execute(select(func.count()).where(StoredFile.record_id == application_id)).scalar_one() >= MOST:
        raise refuse("too_many_files", "An application holds at most %(most)s files.", field, most=MOST)
    file_id = files.keep(
        tx,
        folder,
        upload.content,
        media_type=upload.media_type,
        name=upload.name,
        record_id=application_id,
        visibility="record",
    )
    return save_answers(tx, application_id, {field: list(dict.fromkeys([*kept, file_id.hex]))})


def detach(tx: Tx, application_id: UUID, field: str, file_id: UUID) -> Saved:
    """Take a file away from a field; what was sent with it before keeps it, and what was never sent is gone."""
    demand_edit(tx, application_id)
    _field(tx, application_id, field)
    left = [each for each in _kept(tx, application_id, field) if each != file_id.hex]
    saved = save_answers(tx, application_id, {field: left or None})
    was_sent = select(Submission.id).where(
        Submission.application_id == application_id, Submission.text.contains(file_id.hex)
    )
    if tx.execute(was_sent.limit(1)).scalar() is None:
        tx.execute(delete(StoredFile).where(StoredFile.id == file_id, StoredFile.record_id == application_id))
    return saved


def refuse_at(refused: Refused, field: str) -> Refused:
    """Return a refusal that names the field on which it is mended."""
    first = refused.refusals[0]
    return refuse(first.code, first.text, field, **first.params)


def _field(tx: Tx, application_id: UUID, name: str) -> Field:
    row = tx.execute(
        select(Application.call_id, Application.stage).where(Application.id == application_id)
    ).one()
    form = forms_of(tx, [(row.call_id, row.stage)])[row.call_id, row.stage]
    found = next((field for field in form.of_kind("file") if field.name == name), None)
    if found is None:
        raise refuse("unknown_field", "This form has no field “%(name)s”.", name, name=name)
    return found


def _kept(tx: Tx, application_id: UUID, field: str) -> list[str]:
    answers = tx.execute(select(Answers.answers).where(Answers.application_id == application_id)).scalar_one()
    return list(answers.get(field) or ())
