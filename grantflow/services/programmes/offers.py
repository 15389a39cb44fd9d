"""What waits for a body: the records from which a step leads that it is asked for, offered for an agenda."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from grantflow.domain.words import in_language
from grantflow.services.cases import compiled
from grantflow.services.programmes.meetings import asks_a_body
from grantflow.store.calls.models import Call
from grantflow.store.cases import CaseRow
from grantflow.store.programmes.models import Body
from grantflow.store.session import Tx
from grantflow.workflow.model import Row

MOST_OFFERED = 200
"""How many records the office is offered for an agenda."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A record that waits for a body, and the step that it would be asked for."""

    value: str
    ref: str
    kind: str
    call: str
    matter: str


def offers_to(tx: Tx, body: Body, there: Collection[tuple[UUID, str]], language: str) -> tuple[Offer, ...]:
    """Return the records that wait for this body, those that can do nothing else first, and the step it is asked for."""
    asked: dict[tuple[str, int, str, str], list[tuple[int, Row]]] = {}
    for scheme in (each.scheme for each in tx.engine.all()):
        for lifecycle in scheme.lifecycles.values():
            for state in lifecycle.states.values():
                for row in lifecycle.leaving(state.name):
                    if asks_a_body(row) and body.role in row.by:
                        key = (scheme.name, scheme.version, lifecycle.name, state.name)
                        urgent = 0 if body.role in state.waits_for else 1
                        asked.setdefault(key, []).append((urgent, row))
    pressing = sorted({key[3] for key, rows in asked.items() if not min(urgent for urgent, _ in rows)})
    found = (
        select(CaseRow, Call)
        .join(Call, Call.id == CaseRow.call_id)
        .where(
            Call.programme_id == body.programme_id,
            CaseRow.state.in_(sorted({state for _, _, _, state in asked})),
        )
        .order_by(CaseRow.state.in_(pressing).desc(), CaseRow.entered_at.desc(), CaseRow.id)
        .limit(MOST_OFFERED)
    )
    offers: list[tuple[int, Offer]] = []
    for case, call in tx.session.execute(found):
        for urgent, row in asked.get((case.scheme, case.version, case.lifecycle, case.state), ()):
            if (case.id, row.name) not in there:
                title = compiled(tx, case.scheme, case.version).scheme.lifecycles[case.lifecycle].title
                name = in_language(call.title, language, call.language)
                offers.append((urgent, Offer(f"{case.id}:{row.name}", case.ref, title, name, row.label)))
    return tuple(offer for _, offer in sorted(offers, key=lambda each: each[0]))
