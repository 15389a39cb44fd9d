"""Writing steps down: record, journal, free texts, timers and outbox, for 1 or 5 000 records alike.

PostgreSQL gets one statement for everything, with one array for each column; SQLite one prepared statement for each
table. This is the only place that writes `state`, `resume_state`, `entered_at`, `seq` and `head`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from grantflow.domain.refusal import Refused
from grantflow.domain.time import utc_text
from grantflow.store.constraints import LOST_RACE
from grantflow.store.journal import ENTRY_COLUMNS, LikeEntries
from grantflow.store.session import Tx
from grantflow.store.statements import Kind, Statement, Table, array, many
from grantflow.store.types import canonical_json

_ENTRY_KINDS: Mapping[str, Kind] = {
    **dict.fromkeys(ENTRY_COLUMNS, "text"),
    **dict.fromkeys(("id", "record_id", "user_id", "organisation_id", "grant_id", "cause"), "uuid"),
    **dict.fromkeys(("seq", "row"), "bigint"),
    "at": "timestamptz",
}
CASE = Table(
    "gf_case",
    {
        "id": "uuid",
        "ref": "text",
        "call_id": "uuid",
        "parent_id": "uuid",
        "scheme": "text",
        "version": "bigint",
        "lifecycle": "text",
        "record": "text",
        "state": "text",
        "resume_state": "text",
        "entered_at": "timestamptz",
        "created_at": "timestamptz",
        "seq": "bigint",
        "head": "text",
        "revision": "bigint",
    },
)
ENTRY = Table("gf_journal_entry", {**{name: _ENTRY_KINDS[name] for name in ENTRY_COLUMNS}, "hash": "text"})
TEXT = Table("gf_journal_text", {"entry_id": "uuid", "field": "text", "text": "text"})
TIMER = Table(
    "gf_timer",
    {
        "id": "uuid",
        "case_id": "uuid",
        "call_id": "uuid",
        "seq": "bigint",
        "number": "bigint",
        "anchor": "text",
        "due_at": "timestamptz",
        "fired": "bigint",
    },
)
OUTBOX = Table(
    "gf_outbox_message",
    {
        "id": "uuid",
        "kind": "text",
        "case_id": "uuid",
        "entry_id": "uuid",
        "role": "text",
        "template": "text",
        "data": "text",
        "at": "timestamptz",
        "attempts": "bigint",
    },
)
_MOVE: Mapping[str, Kind] = {
    "id": "uuid",
    "state": "text",
    "resume_state": "text",
    "entered_at": "timestamptz",
    "seq": "bigint",
    "head": "text",
}
_MOVE_SQLITE = """
    UPDATE gf_case SET state = ?, resume_state = ?, entered_at = ?, seq = ?, head = ?, revision = revision + 1
    WHERE id = ? AND seq = ?
"""
_MOVE_SQLITE_KINDS: Sequence[Kind] = ("text", "text", "timestamptz", "bigint", "text", "uuid", "bigint")
_DROP_TIMERS = Statement("DELETE FROM gf_timer WHERE case_id IN :ids*uuid")
_KEEP_TIMERS_SQLITE = "UPDATE gf_timer SET seq = ? WHERE case_id = ?"


@dataclass(slots=True)
class Writing:
    """Rows gathered for one statement per table, in the order of each table's columns."""

    moves: list[tuple[UUID, str, str | None, datetime, int, str]] = field(default_factory=list)
    entries: list[Sequence[Any]] = field(default_factory=list)
    texts: list[Sequence[Any]] = field(default_factory=list)
    drop_timers_of: list[UUID] = field(default_factory=list)
    keep_timers_of: list[tuple[UUID, int]] = field(default_factory=list)
    timers: list[Sequence[Any]] = field(default_factory=list)
    outbox: list[Sequence[Any]] = field(default_factory=list)

    def write(self, tx: Tx) -> None:
        """Write everything.

        Raises:
            Refused: one of the records has moved since it was read.
        """
        if not (self.moves or self.drop_timers_of or self.keep_timers_of or self._inserts()):
            return
        if tx.is_postgresql:
            self._write_postgresql(tx)
        else:
            self._write_sqlite(tx)

    def _write_postgresql(self, tx: Tx) -> None:
        inserts = self._inserts()
        few = len(self.moves) <= 1 and all(len(rows) <= FEW for _, rows in inserts)
        given: list[Any] = []
        if self.moves:
            given += self.moves[0] if few else _columns(self.moves, _MOVE.values())
        if self.drop_timers_of:
            given += (
                self.drop_timers_of if few else _columns([(each,) for each in self.drop_timers_of], ("uuid",))
            )
        if self.keep_timers_of:
            given += self.keep_timers_of[0] if few else _columns(self.keep_timers_of, ("uuid", "bigint"))
        for table, rows in inserts:
            given += [value for row in rows for value in row] if few else table.arrays(rows)
        parts = _Parts(
            bool(self.moves),
            bool(self.drop_timers_of),
            bool(self.keep_timers_of),
            tuple((table, len(rows) if few else MANY) for table, rows in inserts),
            few,
        )
        moved = tx.connection.exec_driver_sql(_together(parts), tuple(given)).scalar_one()
        if moved != len(self.moves):
            raise Refused([LOST_RACE])

    def _write_sqlite(self, tx: Tx) -> None:
        if self.moves:
            moved = [
                (state, resume, entered, seq, head, each, seq - 1)
                for each, state, resume, entered, seq, head in self.moves
            ]
            many(tx, _MOVE_SQLITE, moved, _MOVE_SQLITE_KINDS)
        if self.drop_timers_of:
            _DROP_TIMERS(tx, ids=self.drop_timers_of)
        if self.keep_timers_of:
            many(
                tx,
                _KEEP_TIMERS_SQLITE,
                [(seq, each) for each, seq in self.keep_timers_of],
                ("bigint", "uuid"),
            )
        for table, rows in self._inserts():
            table.insert(tx, rows)

    def _inserts(self) -> list[tuple[Table, list[Sequence[Any]]]]:
        tables = ((ENTRY, self.entries), (TEXT, self.texts), (TIMER, self.timers), (OUTBOX, self.outbox))
        return [(table, rows) for table, rows in tables if rows]


FEW = 3
"""Up to so many rows of each table are written value by value, under a plan that PostgreSQL keeps."""
MANY = 0
"""Said in place of a count where rows are written as arrays."""


def _columns(rows: Sequence[Sequence[Any]], kinds: Iterable[Kind]) -> list[str]:
    return [array(column, kind) for column, kind in zip(zip(*rows, strict=True), kinds, strict=True)]


@dataclass(frozen=True, slots=True)
class _Parts:
    moves: bool
    drops: bool
    keeps: bool
    tables: tuple[tuple[Table, int], ...]
    few: bool


_SET = "state = m.state, resume_state = m.resume_state, entered_at = m.entered_at, seq = m.seq, head = m.head"


@lru_cache(maxsize=256)
def _together(parts: _Parts) -> str:
    """Return the one statement that PostgreSQL gets: each part a table expression, the count of moved records its answer."""
    said = []
    marks = ["CAST(%s AS " + kind + ("" if parts.few else "[]") + ")" for kind in _MOVE.values()]
    source = f"(SELECT {', '.join(marks)})" if parts.few else f"unnest({', '.join(marks)})"
    if parts.moves:
        said.append(
            f"moved AS (UPDATE gf_case c SET {_SET}, revision = c.revision + 1 "  # noqa: S608 - names from this code
            f"FROM {source} AS m ({', '.join(_MOVE)}) WHERE c.id = m.id AND c.seq = m.seq - 1 RETURNING 1)"
        )
    if parts.drops:
        whose = "%s" if parts.few else "ANY(CAST(%s AS uuid[]))"
        said.append(f"dropped AS (DELETE FROM gf_timer WHERE case_id = {whose})")  # noqa: S608 - names from this code
    if parts.keeps:
        whose = (
            "(SELECT CAST(%s AS uuid), CAST(%s AS bigint))"
            if parts.few
            else "unnest(CAST(%s AS uuid[]), CAST(%s AS bigint[]))"
        )
        said.append(
            f"kept AS (UPDATE gf_timer t SET seq = m.seq FROM {whose} AS m (case_id, seq) WHERE t.case_id = m.case_id)"  # noqa: S608
        )
    said += [
        f"wrote_{number} AS ({table.values(count) if parts.few else table.postgresql()})"
        for number, (table, count) in enumerate(parts.tables)
    ]
    count = "(SELECT count(*) FROM moved)" if parts.moves else "0"
    return f"WITH {', '.join(said)} SELECT {count}"


class Entries:
    """Journal entries that differ in nothing but id, record, `seq`, cause and the hash before them."""

    __slots__ = ("_lifecycle", "_like", "_shared")

    def __init__(
        self,
        tx: Tx,
        what: tuple[str, str, int, str | None, str],
        role: str,
        guards: str,
        authority: str | None,
        digest: str | None = None,
    ) -> None:
        """Take what they share: `what` is lifecycle, transition, row, from and to."""
        self._lifecycle, *step = what
        actor, at = tx.actor, tx.now
        ids = (actor.user_id, actor.organisation_id, actor.grant_id)
        grounds = (role, authority, guards, digest)
        self._shared = (*step, actor.kind, *ids, *grounds, at)
        hashed = (*step, actor.kind, *(each.hex if each else None for each in ids), *grounds, utc_text(at))
        self._like = LikeEntries(self._lifecycle, hashed)

    def entry(
        self, each: UUID, record: UUID, seq: int, prev_hash: str, cause: UUID | None
    ) -> tuple[tuple[Any, ...], str]:
        """Return the row of an entry and its hash."""
        hashed = self._like.hash(each.hex, record.hex, seq, cause.hex if cause else None, prev_hash)
        return (each, record, self._lifecycle, seq, *self._shared, cause, prev_hash, hashed), hashed


@lru_cache(maxsize=4096)
def guards_text(names: tuple[str, ...]) -> str:
    """Return the names of passed guards as the journal keeps them."""
    return canonical_json(list(names))
