"""SQL handed straight to the driver, written once for both databases: for the few statements that every step runs.

SQLAlchemy Core spends more time on building and typing such a statement than the database on running it. So the door
keeps its statements as text. `:name` is a value; `IN :name*uuid` asks for membership in a list of that type, and
`[[...]]` holds what only PostgreSQL is told (locks; SQLite has locked the whole file by BEGIN IMMEDIATE).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import chain, combinations
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import CursorResult

from grantflow.domain.time import from_utc_text, instant, utc_text
from grantflow.store.session import Tx

Kind = Literal["uuid", "text", "bigint", "timestamptz"]

_ONLY_POSTGRESQL = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)
_LIST = re.compile(r"IN :([a-z_]+)\*([a-z]+)")
_VALUE = re.compile(r"(?<![:\w]):([a-z_]+)")


class Statement:
    """One statement for both databases.

    A list of one is asked for with `=`: PostgreSQL keeps a plan for that, and makes a new one for every array.
    """

    __slots__ = ("_lists", "_texts")

    def __init__(self, text: str) -> None:
        lists = dict(_LIST.findall(text))
        self._lists = tuple(lists)
        self._texts = {
            (postgresql, single): _spelled(text, frozenset(single), postgresql=postgresql)
            for postgresql in (False, True)
            for count in range(len(lists) + 1)
            for single in combinations(lists, count)
        }

    def __call__(self, tx: Tx, **values: Any) -> CursorResult[*tuple[Any, ...]]:
        """Run it; the rows come as the driver gives them: see `identifier` and `moment`."""
        single = tuple([name for name in self._lists if len(values[name]) == 1])
        for name in single:
            (values[name],) = values[name]
        send = _for_postgresql if tx.is_postgresql else _for_sqlite
        sent = {name: send(value) for name, value in values.items()}
        return tx.connection.exec_driver_sql(self._texts[tx.is_postgresql, single], sent)


def _spelled(text: str, single: frozenset[str], *, postgresql: bool) -> str:
    def membership(match: re.Match[str]) -> str:
        name, kind = match.groups()
        if name in single:
            return f"= :{name}"
        return (
            f"= ANY(CAST(:{name} AS {kind}[]))"
            if postgresql
            else f"IN (SELECT value FROM json_each(:{name}))"  # noqa: S608 - names from this code
        )

    text = _LIST.sub(membership, _ONLY_POSTGRESQL.sub(r"\1" if postgresql else "", text))
    return _VALUE.sub(r"%(\1)s", text) if postgresql else text


class Table:
    """The columns of a table into which rows are written many at a time, with one statement."""

    __slots__ = ("columns", "name", "sqlite")

    def __init__(self, name: str, columns: Mapping[str, Kind]) -> None:
        self.name = name
        self.columns = dict(columns)
        marks = ", ".join("?" * len(columns))
        self.sqlite = f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608 - names from this code

    def postgresql(self) -> str:
        """Return the statement that inserts from one array for each column."""
        return f"INSERT INTO {self.name} ({', '.join(self.columns)}) SELECT * FROM {self.source()}"  # noqa: S608

    def values(self, count: int) -> str:
        """Return the statement that inserts a few rows, each value for itself: PostgreSQL keeps the plan of that."""
        marks = f"({', '.join(['%s'] * len(self.columns))})"
        return f"INSERT INTO {self.name} ({', '.join(self.columns)}) VALUES {', '.join([marks] * count)}"  # noqa: S608

    def source(self) -> str:
        """Return the arrays as a table, for a FROM clause."""
        return f"unnest({', '.join(f'CAST(%s AS {kind}[])' for kind in self.columns.values())})"

    def arrays(self, rows: Sequence[Sequence[Any]]) -> list[str]:
        """Return the rows turned into one array literal for each column."""
        return [
            array(values, kind)
            for values, kind in zip(zip(*rows, strict=True), self.columns.values(), strict=True)
        ]

    def insert(self, tx: Tx, rows: Sequence[Sequence[Any]]) -> None:
        """Write rows (values in the order of the columns)."""
        if not rows:
            return
        if tx.is_postgresql:
            tx.connection.exec_driver_sql(self.postgresql(), tuple(self.arrays(rows)))
        elif len(rows) < AT_ONCE:
            many(tx, self.sqlite, rows, tuple(self.columns.values()))
        else:
            self._insert_crowd(tx, rows)

    def _insert_crowd(self, tx: Tx, rows: Sequence[Sequence[Any]]) -> None:
        """Write many rows on SQLite, a hundred in a statement: what all have in common is handed over once for each.

        The rows of a crowd differ in little but their identifiers and hashes, and binding values is what takes the time.
        """
        shared: dict[str, Any] = {}
        own: dict[str, Sequence[Any]] = {}
        for (name, kind), values in zip(self.columns.items(), zip(*rows, strict=True), strict=True):
            if values[0] == values[-1] and values.count(values[0]) == len(values):
                shared[name] = _column_for_sqlite(values[:1], kind)[0]
            else:
                own[name] = _column_for_sqlite(values, kind)
        given = tuple(shared.values())
        told_apart = list(zip(*own.values(), strict=True))
        for start in range(0, len(told_apart), AT_ONCE):
            part = told_apart[start : start + AT_ONCE]
            sql = _crowd(self.name, tuple(shared), tuple(own), len(part))
            tx.connection.exec_driver_sql(sql, (*given, *chain.from_iterable(part)))


AT_ONCE = 100
"""How many rows SQLite is given in one statement: with more, it spends longer on making sense of the statement."""


@lru_cache(maxsize=64)
def _crowd(table: str, shared: tuple[str, ...], own: tuple[str, ...], count: int) -> str:
    """Return the statement that inserts some rows: `?1` and on for what they share, then a mark for each value of their own."""
    marks = [f"?{number}" for number in range(1, len(shared) + len(own) * count + 1)]
    common, rest = marks[: len(shared)], marks[len(shared) :]
    rows = (common + rest[start : start + len(own)] for start in range(0, len(rest), len(own)))
    values = ", ".join(f"({', '.join(row)})" for row in rows)
    return f"INSERT INTO {table} ({', '.join(shared + own)}) VALUES {values}"  # noqa: S608 - names from this code


def many(tx: Tx, sql: str, rows: Sequence[Sequence[Any]], kinds: Sequence[Kind]) -> None:
    """Run a statement on SQLite once for each row of values of these kinds."""
    sent: list[tuple[Any, ...]] = list(
        zip(
            *(
                _column_for_sqlite(column, kind)
                for column, kind in zip(zip(*rows, strict=True), kinds, strict=True)
            ),
            strict=True,
        )
    )
    tx.connection.exec_driver_sql(sql, sent if len(sent) > 1 else sent[0])


def _column_for_sqlite(column: Sequence[Any], kind: Kind) -> Sequence[Any]:
    if kind == "uuid":
        return [value.hex if value is not None else None for value in column]
    if kind == "timestamptz":
        texts = {value: utc_text(value) if value is not None else None for value in set(column)}
        return [texts[value] for value in column]
    return column


def array(values: Iterable[Any], kind: Kind) -> str:
    """Return the literal of a PostgreSQL array: far quicker than the driver's own, which looks at each item's type."""
    if kind == "uuid":
        items = ["NULL" if value is None else value.hex for value in values]
    elif kind == "bigint":
        items = ["NULL" if value is None else str(value) for value in values]
    elif kind == "timestamptz":
        items = ["NULL" if value is None else f'"{value.isoformat()}"' for value in values]
    else:
        items = ["NULL" if value is None else _quoted(value) for value in values]
    return "{" + ",".join(items) + "}"


def _quoted(text: str) -> str:
    if "\\" in text or '"' in text:
        text = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


_repeated = lru_cache(maxsize=4096)(UUID)


def identifier_above(value: Any) -> UUID | None:
    """Return an identifier that many rows have in common, as that of their call: made once."""
    return value if value is None or isinstance(value, UUID) else _repeated(value)


def identifier(value: Any) -> UUID:
    """Return an identifier as a driver gave it."""
    return value if isinstance(value, UUID) else UUID(value)


def identifier_or_none(value: Any) -> UUID | None:
    """Return an identifier as a driver gave it, or None."""
    return value if value is None or isinstance(value, UUID) else UUID(value)


def moment(value: Any) -> datetime:
    """Return an instant as a driver gave it."""
    return instant(value) if isinstance(value, datetime) else from_utc_text(value)


def _for_postgresql(value: Any) -> Any:
    if isinstance(value, list | tuple):
        if value and isinstance(value[0], UUID):
            return array(value, "uuid")
        return array(value, "text" if not value or isinstance(value[0], str) else "bigint")
    return value


def _for_sqlite(value: Any) -> Any:
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, datetime):
        return utc_text(value)
    if isinstance(value, list | tuple):
        return json.dumps([_for_sqlite(item) for item in value])
    return value
