"""What a request for aid has beside its form: how the firms were chosen, and the firms, where its workflow asks for them.

Nothing here knows a scheme. The choice belongs to a request from which the actor may take a step that asks whether it is
on record; the firms belong to one below which the actor may name lines at this point.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from grantflow.domain.money import Money
from grantflow.domain.refusal import Refusal
from grantflow.services.aid.pages.cluster_request import INTERMEDIARY
from grantflow.services.aid.rights import line_lifecycle
from grantflow.services.applications.form_page import FormPage, FormPart, Progress
from grantflow.services.applications.rights import Place
from grantflow.services.applications.send_page import Missing
from grantflow.store.aid.facts import intermediary, listed_lines, selection_record
from grantflow.store.cases import CaseRow
from grantflow.store.session import Tx
from grantflow.workflow.registry import Ask

SELECTION, FIRMS, ORGANISATION = "selection", "lines", "organisation"
ON_RECORD = "selection_recorded"
"""The guard that asks how the firms were chosen."""
OF_LINES = frozenset({"lines_in_order", "activities_ahead"})
"""The guards that look at the firms one by one."""
SELECTION_PAGE, FIRMS_PAGE = "/applications/{ref}/selection", "/applications/{ref}/firms"


def parts_of(tx: Tx, where: Place) -> tuple[FormPart, ...]:
    """Return the parts that the actor writes beside the form of a request, with how far each is."""
    return tuple(_parts(tx, where))


def _parts(tx: Tx, where: Place) -> Iterator[FormPart]:
    if where.own(guard=ON_RECORD) and where.roles & where.state.edit:
        record = _load(selection_record, tx, where.case.id)
        state: Progress = "todo" if record.selection is None else "done"
        if where.own(guard=INTERMEDIARY) and not _load(intermediary, tx, where.case.id).functions:
            state = "todo"
        elif record.selection is not None and _against(tx, where, ON_RECORD, record, SELECTION):
            state = "wrong"
        yield FormPart(
            SELECTION,
            "How the firms were chosen",
            SELECTION_PAGE.format(ref=where.case.ref),
            state,
            frozenset({SELECTION, ORGANISATION}),
        )
    lines = line_lifecycle(where)
    if lines is not None:
        listed = _load(listed_lines, tx, where.case.id)
        state = "done" if listed.live else "todo"
        if any(_against(tx, where, guard, listed) for guard in sorted(OF_LINES)):
            state = "wrong"
        yield FormPart(
            FIRMS,
            "The firms",
            FIRMS_PAGE.format(ref=where.case.ref),
            state,
            frozenset({FIRMS, lines.name}),
            Money(listed.total, listed.currency),
        )


def parts_ahead(tx: Tx, call_id: UUID) -> tuple[str, ...]:
    """Return what will be asked beside the form of a request in a call, before there is one: names of parts."""
    row = tx.execute(select(CaseRow.scheme, CaseRow.version).where(CaseRow.id == call_id)).one()
    scheme = tx.engine.compiled(row.scheme, row.version).scheme
    lifecycle = scheme.of_record("application")
    asks = any(
        call.name == ON_RECORD for each in lifecycle.leaving(lifecycle.initial) for call in each.guards
    )
    named = any(
        child.record == "line" and lifecycle.initial in child.creation.during
        for child in scheme.children_of(lifecycle.name)
    )
    return (*((SELECTION,) if asks else ()), *((FIRMS,) if named else ()))


def in_words_of_parts(form: FormPage, missing: Iterable[Missing]) -> tuple[Missing, ...]:
    """Return what is missing with the part in which it is mended, where that is none of the form's own sections."""
    return tuple(_of_a_part(form, each) for each in missing)


def _of_a_part(form: FormPage, missing: Missing) -> Missing:
    part = None if missing.section else form.part_for(missing.refusal.where)
    if part is None:
        return missing
    refusal = missing.refusal
    if refusal.code == "no_such_child":  # the guard counts records of any kind and cannot name them
        refusal = Refusal("no_firm_named", "Name at least one firm.", {}, FIRMS)
    return Missing(refusal, part.name, refusal.where)


def _load(spec: Any, tx: Tx, case_id: UUID) -> Any:
    found: Mapping[UUID, Any] = spec.load(tx, [case_id])
    return found[case_id]


def _against(tx: Tx, where: Place, guard: str, fact: object, word: str = "") -> tuple[Refusal, ...]:
    """Return what a guard of the actor's own steps has against what is there, where it is mended under a word."""
    known = tx.engine.registry.guards[guard]
    found: list[Refusal] = []
    for row in where.own(guard=guard)[:1]:
        given = next(call.given for call in row.guards if call.name == guard)
        found += known((fact,), Ask(tx.actor, tx.now, given))
    return tuple(each for each in found if (each.where or "").partition(".")[0] == word or not word)
