"""Records of every kind: what they are about, what may be done with them and why not, the step itself, what happened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import g

from grantflow.api.calls import next_page
from grantflow.api.house import language
from grantflow.api.problems import reason
from grantflow.api.routes import Given, Operations, operation
from grantflow.api.seen import RECORD, said
from grantflow.api.shapes import (
    JournalQuery,
    JournalSchema,
    RecordSchema,
    TakenSchema,
    TakeSchema,
    TransitionsSchema,
)
from grantflow.api.writing import plain
from grantflow.services.cases import Choice, choices
from grantflow.services.records import stepping
from grantflow.services.records.known import Known, known_entries
from grantflow.services.records.page import RecordPage, record_page, state_tag
from grantflow.services.records.visibility import VISIBLE, Found, find, find_call
from grantflow.store.session import Tx
from grantflow.workflow.model import Asked

group = Operations("records", __name__, description="Records of every kind, their steps and their journals.")

EVERY = "records"
KINDS: Mapping[str, str] = {f"{kind}s": kind for kind in VISIBLE}
"""Kinds of records by how their addresses name them."""
A_RECORD = f"/<any({', '.join((EVERY, *KINDS))}):kind>/<ref>"


def found_at(tx: Tx, kind: str, ref: str) -> Found | None:
    """Return the record at an address, where you may see it; a call is found by its slug, too."""
    kinds = None if kind == EVERY else {KINDS[kind]}
    found = find(tx, ref, kinds, language())
    return find_call(tx, ref, language()) if found is None and kinds == {"call"} else found


@operation(group, "GET", "/records/<ref>", scope="read", gives=RecordSchema, problems=(404,))
def show(tx: Tx, ref: str) -> Given | None:
    """Return a record of any kind as you may see it."""
    page = record_page(tx, ref, language())
    if page is None:
        return None
    revision = stepping.seen_revision(tx, page.found)
    return Given(_record(page, revision), revisions={RECORD: revision})


def _record(page: RecordPage, revision: int) -> dict[str, Any]:
    found = page.found
    return {
        "ref": found.ref,
        "kind": found.record,
        "title": page.title,
        "call": found.slug,
        "above": found.parent_ref or None,
        "scheme": found.scheme.name,
        "version": found.scheme.version,
        "lifecycle": found.lifecycle.name,
        "state": page.state.name,
        "state_label": page.state.label,
        "since": page.waiting.since,
        "revision": revision,
        "waits_for": [plain(role) for role in page.waiting.roles],
        "path": page.path,
        "content": [
            {
                "title": part.title,
                "facts": part.facts,
                "texts": [{"label": label, "text": text} for label, text in part.texts],
            }
            for part in page.content.parts
        ],
        "below": [
            {
                "ref": each.ref,
                "kind": each.record,
                "state": each.state.name,
                "state_label": each.state.label,
            }
            for each in page.related
        ],
    }


@operation(group, "GET", f"{A_RECORD}/transitions", scope="read", gives=TransitionsSchema, problems=(404,))
def show_transitions(tx: Tx, kind: str, ref: str) -> Given | None:
    """Return what you may do with a record, and why not."""
    found = found_at(tx, kind, ref)
    if found is None:
        return None
    revision = stepping.seen_revision(tx, found)
    body = {
        "ref": found.ref,
        "state": found.shown.name,
        "revision": revision,
        "transitions": [_choice(each) for each in choices(tx, [found.id])[found.id].options],
    }
    return Given(body, revisions={RECORD: revision})


def _choice(choice: Choice) -> dict[str, Any]:
    return {
        "name": choice.name,
        "label": choice.label,
        "allowed": choice.allowed,
        "refusals": [reason(each) for each in choice.refusals],
        "asks": [_asked(each) for each in choice.asks],
    }


def _asked(asked: Asked) -> dict[str, Any]:
    return {
        "name": asked.name,
        "kind": asked.kind,
        "label": asked.label,
        "required": asked.required,
        "choices": list(asked.choices),
    }


@operation(
    group,
    "POST",
    f"{A_RECORD}/transitions",
    scope="step",
    gives=TakenSchema,
    takes=TakeSchema,
    problems=(404, 409, 412, 428),
)
def take(tx: Tx, body: Mapping[str, Any], kind: str, ref: str) -> Given | None:
    """Take a step with a record that is still as you saw it."""
    seen = said(body.get("revision"), RECORD)
    found = found_at(tx, kind, ref)
    if found is None:
        return None
    name = body["transition"]
    g.attempt = name, found.id
    revision = seen.demand(stepping.seen_revision(tx, found))
    stepping.demand_own(found, name)
    stepping.take(tx, found.ref, name, body["data"], revision)
    after = find(tx, found.ref, language=language())
    return Given(
        {
            "ref": found.ref,
            "transition": name,
            "state": None if after is None else after.shown.name,
            "state_label": None if after is None else state_tag(after).label,
            "revision": None if after is None else stepping.seen_revision(tx, after),
        }
    )


@operation(
    group,
    "GET",
    f"{A_RECORD}/journal",
    scope="read",
    gives=JournalSchema,
    query=JournalQuery,
    problems=(404,),
)
def show_journal(tx: Tx, query: Mapping[str, Any], kind: str, ref: str) -> Given | None:
    """Return what happened to a record as far as you may know of it, the first step first."""
    found = found_at(tx, kind, ref)
    if found is None:
        return None
    entries, onward = known_entries(tx, found, after=query["after"], most=query["limit"])
    address = f"/{kind}/{ref}/journal"
    return Given(
        {
            "ref": found.ref,
            "items": [_entry(each) for each in entries],
            "next": None if onward is None else next_page(address, query, onward),
        }
    )


def _entry(known: Known) -> dict[str, Any]:
    told = known.told
    return {
        "number": known.number,
        "at": told.at,
        "sentence": plain(told.sentence),
        "who": [str(plain(part)) for part in told.who],
        "texts": [{"label": label, "value": value} for label, value in told.texts],
        "state": told.state,
    }
