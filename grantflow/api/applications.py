"""Applications: found, started, filled in; what was sent, what was decided, which letters went out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request

from grantflow.api.calls import next_page
from grantflow.api.house import house, language
from grantflow.api.problems import reason
from grantflow.api.routes import PREFIX, Given, Operations, operation
from grantflow.api.seen import ANSWERS, RECORD, said
from grantflow.api.shapes import (
    ApplicationSchema,
    ApplicationsQuery,
    ApplicationsSchema,
    DecisionsSchema,
    FileFieldSchema,
    FileSchema,
    LettersSchema,
    SaveSchema,
    StartSchema,
)
from grantflow.domain.refusal import refuse
from grantflow.domain.uploads import LARGEST
from grantflow.services import applications
from grantflow.services.applications.form_page import FormPage, form_page
from grantflow.services.applications.sent import ReadField, Sent, sent
from grantflow.services.applications.start_page import start_page
from grantflow.services.calls.public import spelled
from grantflow.services.records.content import title_of
from grantflow.services.records.decided import decisions_about, letters_about
from grantflow.services.records.heads import heads_of
from grantflow.services.records.page import state_tag
from grantflow.services.records.stepping import seen_revision
from grantflow.services.records.visibility import find, find_call, find_page
from grantflow.store.session import Tx

group = Operations("applications", __name__, description="Applications that you may see.")

KIND = "application"


@operation(group, "GET", "/applications", scope="read", gives=ApplicationsSchema, query=ApplicationsQuery)
def show_all(tx: Tx, query: Mapping[str, Any]) -> Given:
    """Return the applications that you may see, by their references."""
    nothing = Given({"items": [], "next": None})
    call = find_call(tx, query["call"]) if query.get("call") else None
    if query.get("call") and call is None:
        return nothing
    every = find_page(
        tx,
        KIND,
        most=query["limit"] + 1,
        after=query.get("after", ""),
        call_id=None if call is None else call.id,
        state=query.get("state", ""),
        language=language(),
    )
    page = every[: query["limit"]]
    heads = heads_of(tx, [found.id for found in page])
    items = [
        {
            "ref": found.ref,
            "title": heads[found.id].title or found.ref,
            "call": found.slug,
            "organisation": heads[found.id].organisation,
            "state": found.shown.name,
            "state_label": state_tag(found).label,
        }
        for found in page
    ]
    further = next_page("/applications", query, page[-1].ref) if len(every) > len(page) else None
    return Given({"items": items, "next": further})


@operation(
    group,
    "POST",
    "/applications",
    scope="write",
    gives=ApplicationSchema,
    status=201,
    takes=StartSchema,
    problems=(404, 409),
)
def start(tx: Tx, body: Mapping[str, Any]) -> Given | None:
    """Start an application of an organisation of yours."""
    page = start_page(tx, body["call"], language())
    if page is None:
        return None
    window = body.get("window")
    window_id = next((pot.id for pot in page.pots if window in (pot.name, spelled(pot.name))), None)
    if window is not None and window_id is None:
        raise refuse("unknown_window", "This call has no such window at this stage.", "window")
    made = applications.start_application(
        tx,
        page.call_id,
        body["organisation"],
        language=body.get("language", language()),
        window_id=window_id,
    )
    return _present(tx, made.ref, status=201)


@operation(group, "GET", "/applications/<ref>", scope="read", gives=ApplicationSchema, problems=(404,))
def show(tx: Tx, ref: str) -> Given | None:
    """Return an application: its answers for who may write them now, and what was sent."""
    return _present(tx, ref)


@operation(
    group,
    "PATCH",
    "/applications/<ref>",
    scope="write",
    gives=ApplicationSchema,
    takes=SaveSchema,
    problems=(404, 409, 412, 428),
)
def save(tx: Tx, body: Mapping[str, Any], ref: str) -> Given | None:
    """Save some answers, where nobody saved others since you looked; none is saved where one does not fit."""
    seen = said(body.get("answers_revision"), ANSWERS)
    page = form_page(tx, ref, language(), brief=True)
    if page is None:
        return None
    if page.editable:
        applications.save_answers(tx, page.id, body["answers"], revision=seen.demand(page.revision))
    else:
        applications.save_answers(tx, page.id, body["answers"])
    return _present(tx, ref)


@operation(
    group,
    "POST",
    "/applications/<ref>/files",
    scope="write",
    gives=ApplicationSchema,
    status=201,
    form=FileFieldSchema,
    files=FileSchema,
    problems=(404, 409, 413),
)
def hand_in(tx: Tx, form: Mapping[str, Any], files: Mapping[str, Any], ref: str) -> Given | None:
    """Hand in a file with a question of the form."""
    page = form_page(tx, ref, language(), brief=True)
    if page is None:
        return None
    folder, file = house().data_folder, files["file"]
    if folder is None:
        raise refuse("no_room_for_files", "Files cannot be handed in here now.", "file")
    content = file.stream.read(LARGEST + 1)
    applications.attach(tx, folder / "files", page.id, form["field"], file.filename or "", content)
    return _present(tx, ref, status=201)


@operation(
    group, "GET", "/applications/<ref>/decisions", scope="read", gives=DecisionsSchema, problems=(404,)
)
def show_decisions(tx: Tx, ref: str) -> Given | None:
    """Return the decisions about an application, for its applicant those that they were told."""
    found = find(tx, ref, {KIND})
    return None if found is None else Given({"items": decisions_about(tx, found)})


@operation(group, "GET", "/applications/<ref>/letters", scope="read", gives=LettersSchema, problems=(404,))
def show_letters(tx: Tx, ref: str) -> Given | None:
    """Return the letters about an application to the roles that you play."""
    found = find(tx, ref, {KIND})
    if found is None:
        return None
    items = [
        {
            "template": letter.template,
            "role": letter.role,
            "at": letter.at,
            "file": None if letter.file_id is None else f"{PREFIX}/files/{letter.file_id}",
        }
        for letter in letters_about(tx, found)
    ]
    return Given({"items": items})


def _present(tx: Tx, ref: str, status: int = 200) -> Given | None:
    found = find(tx, ref, {KIND}, language())
    page = form_page(tx, ref, language()) if found is not None else None
    if found is None or page is None:
        return None
    revisions = {RECORD: seen_revision(tx, found)}
    if page.editable:
        revisions[ANSWERS] = page.revision
    last = sent(tx, page.id, language())
    return Given(
        {
            "ref": ref,
            "title": title_of(tx, found),
            "call": found.slug,
            "organisation": page.organisation,
            "state": found.shown.name,
            "state_label": state_tag(found).label,
            "revision": revisions[RECORD],
            "editable": page.editable,
            "answers": page.answers if page.editable else None,
            "answers_revision": revisions.get(ANSWERS),
            "missing": [reason(each) for each in page.faults()] if page.editable else [],
            "files": _files(page) if page.editable else [],
            "asked": page.asked,
            "cost": page.cost,
            "sent": None if last is None else sent_body(last),
        },
        status,
        revisions,
        f"{PREFIX}/applications/{ref}" if request.method == "POST" else None,
    )


def _files(page: FormPage) -> list[Any]:
    named = [each for field in page.form.of_kind("file") for each in page.answers.get(field.name) or ()]
    return [page.files[each] for each in named if each in page.files]


def sent_body(last: Sent) -> dict[str, Any]:
    """Return what was sent as the shape of it takes it."""
    return {
        "number": last.number,
        "at": last.at,
        "sha256": last.sha256,
        "sections": [
            {
                "name": section.name,
                "title": section.title,
                "fields_": [
                    {
                        "name": field.name,
                        "kind": field.kind,
                        "label": field.label,
                        "answer": _answer(field),
                    }
                    for field in section.fields
                ],
            }
            for section in last.sections
        ],
    }


def _answer(field: ReadField) -> Any:
    if field.lines:
        return [{"label": line.label, "amount": line.amount.amount} for line in field.lines]
    if field.files:
        return [{"id": str(each.id), "name": each.name} for each in field.files]
    for value in (field.amount, field.number, field.day, field.flag):
        if value is not None:
            return value
    return list(field.text) or None
