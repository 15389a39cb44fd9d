"""Four eyes, after the fact: whether somebody took a step whose counterpart they had taken before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID

from grantflow.domain.time import utc_text
from grantflow.services.journal.replay import Entry, Fault
from grantflow.store.session import Tx
from grantflow.store.statements import Statement, identifier, moment

_EARLIER = Statement("""
    WITH RECURSIVE line(start, id, parent_id) AS (
        SELECT c.id, c.id, c.parent_id FROM gf_case c WHERE c.id IN :ids*uuid
        UNION ALL
        SELECT line.start, c.id, c.parent_id FROM line JOIN gf_case c ON c.id = line.parent_id
    )
    SELECT line.start, e.record_id, e.lifecycle, e.transition, e.user_id, e.seq, e.at
    FROM line JOIN gf_journal_entry e ON e.record_id = line.id
    WHERE e.user_id IS NOT NULL AND e.transition IN :names*text
    UNION
    SELECT line.start, e.record_id, e.lifecycle, e.transition, e.user_id, e.seq, e.at
    FROM line JOIN gf_case b ON b.parent_id = line.id AND b.lifecycle IN :beside*text
        AND NOT EXISTS (
            SELECT 1 FROM line above JOIN gf_case a ON a.id = above.id
            WHERE above.start = line.start AND a.lifecycle = b.lifecycle
        )
        JOIN gf_journal_entry e ON e.record_id = b.id
    WHERE e.user_id IS NOT NULL AND e.transition IN :names*text
""")


def not_apart(tx: Tx, steps: Sequence[tuple[Entry, tuple[str, ...]]]) -> Iterator[Fault]:
    """Yield the steps that one person took on both sides of a pair that must be two people's."""
    if not steps:
        return
    named = {name for _, names in steps for name in names}
    own = {entry.lifecycle for entry, _ in steps}
    rows = _EARLIER(
        tx,
        ids=sorted({UUID(entry.record_id) for entry, _ in steps}),
        names=sorted({name.rpartition(".")[2] for name in named}),
        beside=sorted({name.rpartition(".")[0] for name in named} - own),
    ).all()
    earlier: dict[str, list[tuple[str, str, str, int, str]]] = {}
    for row in rows:
        earlier.setdefault(identifier(row[0]).hex, []).append(
            (
                identifier(row[1]).hex,
                f"{row[2]}.{row[3]}",
                identifier(row[4]).hex,
                row[5],
                utc_text(moment(row[6])),
            )
        )
    for entry, names in steps:
        for record, name, user, seq, at in earlier.get(entry.record_id, ()):
            if user != entry.user_id or name not in names:
                continue
            same = record == entry.record_id
            if not same and name.rpartition(".")[0] == entry.lifecycle:
                continue
            # Across records two steps of one moment cannot be put in order: only a later one is a fault.
            if (seq < entry.seq) if same else (at < entry.at):
                detail = (
                    f"entry {entry.seq} ({entry.transition}) was taken by the person who had taken {name}."
                )
                yield Fault(UUID(entry.record_id), entry.seq, "illegal", detail)
                break
