"""To which records steps of a lab's records are passed on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from grantflow.store.session import Tx
from grantflow.store.statements import Statement, identifier
from grantflow.workflow.registry import selector

_EARLIER = Statement("""
    SELECT f.id, o.id FROM gf_frame f JOIN gf_frame o ON o.call_id = f.call_id AND o.version < f.version
    WHERE f.id IN :ids*uuid ORDER BY f.id, o.version
""")


@selector("frame", "frame")
def earlier_frames(tx: Tx, ids: Sequence[UUID]) -> Mapping[UUID, Sequence[UUID]]:
    """Find the earlier versions of the same frame."""
    tx.flush()
    found: dict[UUID, list[UUID]] = {each: [] for each in ids}
    for row in _EARLIER(tx, ids=list(ids)):
        found[identifier(row[0])].append(identifier(row[1]))
    return found
