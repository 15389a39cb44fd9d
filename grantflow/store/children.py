"""What guards know of the records below a record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from grantflow.domain.children import Children, Sibling
from grantflow.store.session import Tx
from grantflow.store.statements import Statement, identifier
from grantflow.workflow.registry import fact

_CHILDREN = Statement("""
    SELECT c.parent_id, c.scheme, c.version, c.lifecycle, c.state, count(*)
    FROM gf_case c WHERE c.parent_id IN :ids*uuid
    GROUP BY c.parent_id, c.scheme, c.version, c.lifecycle, c.state
    ORDER BY c.parent_id, c.lifecycle, c.state
""")

EVERY_RECORD = (
    "call",
    "participation",
    "contribution",
    "frame",
    "application",
    "line",
    "payment",
    "review",
    "award",
)


@fact(Children, of=EVERY_RECORD)
def children(tx: Tx, ids: Sequence[UUID]) -> Mapping[UUID, Children]:
    """Count the records below each of some records, by lifecycle and by what their states mean."""
    tx.flush()
    found: dict[UUID, dict[str, list[Sibling]]] = {each: {} for each in ids}
    for row in _CHILDREN(tx, ids=list(ids)):
        lifecycle = tx.engine.compiled(row[1], row[2]).scheme.lifecycles[row[3]]
        sibling = Sibling(lifecycle.states[row[4]].tags, row[4] in lifecycle.final, row[5])
        found[identifier(row[0])].setdefault(row[3], []).append(sibling)
    return {
        each: Children({lifecycle: tuple(siblings) for lifecycle, siblings in below.items()})
        for each, below in found.items()
    }
