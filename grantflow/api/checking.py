"""The formal check of an application: the conditions of its form, and the officer's answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from grantflow.api.house import language
from grantflow.api.routes import Given, Operations, operation
from grantflow.api.shapes import ChecklistSchema, CheckSchema, OwnWordSchema
from grantflow.domain.refusal import refuse
from grantflow.services import applications
from grantflow.services.applications.checklist_page import checklist_page
from grantflow.store.session import Tx

group = Operations("checking", __name__, description="The formal check of an application, for its officers.")


@operation(
    group, "GET", "/applications/<ref>/checklist", scope="read", gives=ChecklistSchema, problems=(404,)
)
def show(tx: Tx, ref: str) -> Given | None:
    """Return the checklist of an application that you check."""
    return _present(tx, ref)


def _present(tx: Tx, ref: str) -> Given | None:
    page = checklist_page(tx, ref, language())
    return None if page is None else Given({"items": page.items})


@operation(
    group,
    "POST",
    "/applications/<ref>/conflict",
    scope="write",
    gives=OwnWordSchema,
    takes=OwnWordSchema,
    problems=(404, 409),
)
def declare(tx: Tx, body: Mapping[str, Any], ref: str) -> Given | None:
    """Say what ties you to an application, before you check it; the last word holds."""
    page = checklist_page(tx, ref, language())
    if page is None:
        return None
    applications.declare_own(tx, page.id, body["kind"], body["reason"])
    return Given(body)


@operation(
    group,
    "PATCH",
    "/applications/<ref>/checklist",
    scope="write",
    gives=ChecklistSchema,
    takes=CheckSchema,
    problems=(404, 409),
)
def answer(tx: Tx, body: Mapping[str, Any], ref: str) -> Given | None:
    """Answer items of the checklist with yes, no or not_applicable; others keep their answers."""
    page = checklist_page(tx, ref, language())
    if page is None:
        return None
    if page.own_word is None:
        raise refuse(
            "conflict_unsaid", "Say first whether anything ties you to this application.", "conflict"
        )
    applications.answer_checklist(tx, page.id, body["answers"], body["notes"])
    return _present(tx, ref)
