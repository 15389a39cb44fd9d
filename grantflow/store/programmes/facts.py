"""What guards know of bodies and their agendas."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any
from uuid import UUID

from grantflow.domain.programmes.bodies import Agenda, Item, SeatHeld
from grantflow.store.session import Tx
from grantflow.store.statements import Statement, identifier, moment
from grantflow.workflow.registry import fact

_ITEMS = Statement("""
    SELECT i.record_id, i.id, i.number, i.matter, m.held_at, b.quorum, m.present, i."left", i.outcome,
        i.effective_at, n.chair_signed_at, n.adjuster_signed_at, s.user_id, s.kind
    FROM gf_agenda_item i
    JOIN gf_meeting m ON m.id = i.meeting_id
    JOIN gf_body b ON b.id = m.body_id
    LEFT JOIN gf_minutes n ON n.meeting_id = m.id
    LEFT JOIN gf_seat s ON s.body_id = b.id AND s.since <= m.held_at AND (s.until IS NULL OR s.until > m.held_at)
    WHERE i.record_id IN :ids*uuid
    ORDER BY i.record_id, m.held_at DESC, i.number DESC, i.id, s.since, s.id
""")


@fact(Agenda, of=("call", "frame", "application", "award"))
def agendas(tx: Tx, ids: Sequence[UUID]) -> Mapping[UUID, Agenda]:
    """Read every item that some records were on, with the seats as they were held that day."""
    tx.flush()
    items: dict[UUID, list[Item]] = {each: [] for each in ids}
    for _, rows in groupby(_ITEMS(tx, ids=list(ids)), key=lambda row: identifier(row[1])):
        of_item = list(rows)
        items[identifier(of_item[0][0])].append(_item(of_item))
    return {each: Agenda(tuple(found)) for each, found in items.items()}


def _item(rows: Sequence[Any]) -> Item:
    row = rows[0]
    return Item(
        id=identifier(row[1]),
        number=row[2],
        matter=row[3],
        held_at=moment(row[4]),
        seats=tuple(SeatHeld(identifier(seat[12]), seat[13]) for seat in rows if seat[12] is not None),
        quorum=row[5],
        present=people(row[6]),
        left=people(row[7]),
        outcome=row[8],
        effective=row[9] is not None,
        signed_by_chair=row[10] is not None,
        signed_by_adjuster=row[11] is not None,
    )


def people(text: str) -> frozenset[UUID]:
    """Return the people of a JSON list of ids."""
    return frozenset(map(UUID, json.loads(text)))
