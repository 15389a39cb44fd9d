"""Lines as rows, for effects and use cases; and which of them have not ended."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from grantflow.services.cases import compiled
from grantflow.store.aid.models import Line
from grantflow.store.cases import CaseRow
from grantflow.store.session import Tx


def lines(tx: Tx, ids: Iterable[UUID]) -> list[Line]:
    """Return lines in the order of their ids."""
    tx.flush()
    found = select(Line).where(Line.id.in_(list(ids))).order_by(Line.id)
    return list(tx.session.execute(found).scalars())


def live_lines(tx: Tx, application_ids: Iterable[UUID], *tags: str) -> dict[UUID, list[Line]]:
    """Return the lines of requests that have not ended and bear all the tags, by request."""
    tx.flush()
    found = (
        select(Line, CaseRow.parent_id, CaseRow.scheme, CaseRow.version, CaseRow.lifecycle, CaseRow.state)
        .join(CaseRow, CaseRow.id == Line.id)
        .where(CaseRow.parent_id.in_(list(application_ids)))
        .order_by(Line.id)
    )
    answers: defaultdict[UUID, list[Line]] = defaultdict(list)
    for row in tx.session.execute(found):
        lifecycle = compiled(tx, row.scheme, row.version).scheme.lifecycles[row.lifecycle]
        if row.state not in lifecycle.final and lifecycle.states[row.state].tags.issuperset(tags):
            answers[row.parent_id].append(row.Line)
    return answers
