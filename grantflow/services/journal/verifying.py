"""Every record of a database replayed, streaming, so that the size of the journal does not matter."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from operator import attrgetter
from typing import Any
from uuid import UUID

from grantflow.services.cases import schemes
from grantflow.services.journal.apart import not_apart
from grantflow.services.journal.replay import Entry, Fault, Kept, replay, versions_of
from grantflow.services.journal.sealing import against_seal, last_seal
from grantflow.store.journal import ENTRY_COLUMNS, payload_digest
from grantflow.store.session import Tx
from grantflow.workflow.machine import Machine

MOST_FAULTS = 10_000
"""Who has spoiled more has spoiled all; a report stays readable."""
_CHUNK = 1_000
_IDS = frozenset({"id", "record_id", "user_id", "organisation_id", "grant_id", "cause"})


@dataclass(frozen=True, slots=True)
class Report:
    """What came of verifying: how much was read, what was found, how many texts were erased in good order."""

    records: int
    entries: int
    erased: int
    faults: tuple[Fault, ...]
    sealed: bool | None
    """Whether the last seal was held against the heads; None where there is none yet."""

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


def verify(tx: Tx, key: bytes | None = None, *, advance: Callable[[int], None] | None = None) -> Report:
    """Replay every record against its pinned scheme, and hold the heads against the last seal where its key is given."""
    tx.flush()
    walk = _Verifying(tx)
    sealed = last_seal(tx) if key is not None else None
    faults: list[Fault] = []
    if sealed is not None and key is not None:
        faults += against_seal(sealed, key)
    heads = sealed.heads if sealed is not None else {}
    for found in (walk.records(heads, advance), walk.texts()):
        faults += islice(found, MOST_FAULTS - len(faults))
    return Report(
        walk.read_records, walk.read_entries, walk.erased, tuple(faults), None if sealed is None else True
    )


class _Verifying:
    def __init__(self, tx: Tx) -> None:
        self._tx = tx
        self.read_records = 0
        self.read_entries = 0
        self.erased = 0
        self._machines: dict[tuple[str, int, str], Machine | None] = {}

    def records(
        self, heads: Mapping[str, tuple[int, str]], advance: Callable[[int], None] | None
    ) -> Iterator[Fault]:
        """Walk cases and entries side by side, both in the order of identifiers."""
        journals = groupby(map(Entry._make, _stream(self._tx, _ENTRIES)), attrgetter("record_id"))
        waiting = next(journals, None)
        unseen = dict(heads)
        chunk: list[tuple[Entry, tuple[str, ...]]] = []
        for kept in map(Kept._make, _stream(self._tx, _CASES)):
            self.read_records += 1
            while waiting is not None and waiting[0] < kept.id:
                yield from self._orphans(waiting[1])
                waiting = next(journals, None)
            entries: list[Entry] = []
            if waiting is not None and waiting[0] == kept.id:
                entries = list(waiting[1])
                waiting = next(journals, None)
            self.read_entries += len(entries)
            yield from replay(kept, self._machine, entries)
            yield from _sealed(kept, entries, unseen.pop(kept.id, None))
            chunk += self._four_eyes(kept, entries)
            if len(chunk) >= _CHUNK:
                yield from not_apart(self._tx, chunk)
                chunk = []
            if advance is not None:
                advance(1)
        while waiting is not None:
            yield from self._orphans(waiting[1])
            waiting = next(journals, None)
        yield from not_apart(self._tx, chunk)
        for each in unseen:
            yield Fault(UUID(each), None, "missing", "A record that the last seal knows is gone.")

    def _machine(self, scheme: str, version: int, lifecycle: str) -> Machine | None:
        key = scheme, version, lifecycle
        if key not in self._machines:
            try:
                self._machines[key] = schemes.compiled(self._tx, scheme, version).machines.get(lifecycle)
            except KeyError:
                self._machines[key] = None
        return self._machines[key]

    def _four_eyes(self, kept: Kept, entries: Sequence[Entry]) -> Iterator[tuple[Entry, tuple[str, ...]]]:
        for entry, version in zip(entries, versions_of(kept, entries), strict=True):
            if entry.user_id is None or entry.row < 0:
                continue
            machine = self._machine(kept.scheme, version, kept.lifecycle)
            rows = machine.lifecycle.rows if machine is not None else ()
            if entry.row < len(rows) and rows[entry.row].apart_from:
                yield entry, rows[entry.row].apart_from

    def _orphans(self, entries: Iterable[Entry]) -> Iterator[Fault]:
        for entry in entries:
            self.read_entries += 1
            yield Fault(UUID(entry.record_id), entry.seq, "inserted", "An entry belongs to no record.")

    def texts(self) -> Iterator[Fault]:
        """Hold the free texts against the digests in their entries; what was erased cannot be held against anything."""
        rows = _stream(self._tx, _TEXTS)
        for (_entry, record, seq, digest), group in groupby(rows, lambda row: row[:4]):
            texts = {row[4]: (row[5], row[6]) for row in group if row[4] is not None}
            erased = sum(1 for text, at in texts.values() if text is None and at is not None)
            self.erased += erased
            if erased:
                continue
            if not texts:
                yield Fault(
                    UUID(record),
                    seq,
                    "missing",
                    f"What was filled in at entry {seq} is gone without having been erased.",
                )
            elif payload_digest({name: str(text) for name, (text, _) in texts.items()}) != digest:
                yield Fault(
                    UUID(record), seq, "changed", f"What was filled in at entry {seq} is not what was hashed."
                )


def _sealed(kept: Kept, entries: list[Entry], sealed: tuple[int, str] | None) -> Iterator[Fault]:
    if sealed is None:
        return
    seq, head = sealed
    hashes = {entry.seq: entry.hash for entry in entries}
    if seq not in hashes:
        yield Fault(
            UUID(kept.id),
            seq,
            "missing",
            f"{kept.ref} had {seq} steps when it was sealed; its tail was cut off.",
        )
    elif hashes[seq] != head:
        yield Fault(UUID(kept.id), seq, "changed", f"{kept.ref} had another entry {seq} when it was sealed.")


# What is read, as text: identifiers as 32 digits, times as UTC text, both as they are hashed.


def _as_text(column: str, *, postgresql: bool) -> str:
    name = column.rpartition(".")[2]
    if postgresql and name in _IDS | {"entry_id"}:
        return f"replace(CAST({column} AS text), '-', '')"
    if postgresql and name == "at":
        return f"""to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
    return column


def _query(columns: Iterable[str], rest: str) -> Mapping[bool, str]:
    return {
        postgresql: f"SELECT {', '.join(_as_text(each, postgresql=postgresql) for each in columns)} {rest}"
        for postgresql in (False, True)
    }


_ENTRIES = _query(
    [f"e.{name}" for name in (*ENTRY_COLUMNS, "hash")], "FROM gf_journal_entry e ORDER BY e.record_id, e.seq"
)
_CASES = _query([f"c.{name}" for name in Kept._fields], "FROM gf_case c ORDER BY c.id")
_TEXTS = _query(
    ["e.id", "e.record_id", "e.seq", "e.payload_digest", "t.field", "t.text", "t.erased_at"],
    "FROM gf_journal_entry e LEFT JOIN gf_journal_text t ON t.entry_id = e.id "
    "WHERE e.payload_digest IS NOT NULL OR t.entry_id IS NOT NULL ORDER BY e.id, t.field",
)


def _stream(tx: Tx, query: Mapping[bool, str]) -> Iterator[Any]:
    connection = tx.connection.execution_options(stream_results=True, max_row_buffer=2_000)
    yield from connection.exec_driver_sql(query[tx.is_postgresql])
