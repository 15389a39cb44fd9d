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
    """One statement for both databases."""

    __slots__ = ("_postgresql", "_sqlite")

    def __init__(self, text: str) -> None:
        self._sqlite = _LIST.sub(r"IN (SELECT value FROM json_each(:\1))", _ONLY_POSTGRESQL.sub("", text))
        listed = _LIST.sub(r"= ANY(CAST(:\1 AS \2[]))", _ONLY_POSTGRESQL.sub(r"\1", text))
        self._postgresql = _VALUE.sub(r"%(\1)s", listed)

    def __call__(self, tx: Tx, **values: Any) -> CursorResult[*tuple[Any, ...]]:
        """Run it; the rows come as the driver gives them: see `identifier` and `moment`."""
        if tx.is_postgresql:
            sent = {name: _for_postgresql(value) for name, value in values.items()}
            return tx.connection.exec_driver_sql(self._postgresql, sent)
        return tx.connection.exec_driver_sql(
            self._sqlite, {name: _for_sqlite(value) for name, value in values.items()}
        )


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
        else:
            many(tx, self.sqlite, rows)


def many(tx: Tx, sql: str, rows: Sequence[Sequence[Any]]) -> None:
    """Run a statement on SQLite once for each row of values."""
    sent = [tuple([_for_sqlite(value) for value in row]) for row in rows]
    tx.connection.exec_driver_sql(sql, sent if len(sent) > 1 else sent[0])


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
