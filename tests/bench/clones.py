"""A crowd out of one record: every row that hangs on it, again and again, with identifiers of its own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Table, insert, or_, select

from grantflow.store.session import Tx
from grantflow.store.types import Base, IdType

NUMBER = re.compile(r"^([A-Z]+-\d{4}-)(\d+)")
"""Of a reference: what comes before the number of the record, and the number."""
AT_ONCE = 500
"""Copies written together: what is held in memory stays small."""
POINTING = ("id", "record_id", "scope_id", "case_id")
"""Columns that lead to a record without a foreign key."""
LEFT_OUT = ("gf_journal", "gf_outbox")
"""What is chained, and what would be sent."""
Rows = Mapping[Table, list[dict[str, Any]]]


def multiply(tx: Tx, record: UUID, copies: int) -> None:
    """Write copies of a record and of all that hangs on it, but for its journal and its mails."""
    hanging, made = _hanging(tx, record)
    for start in range(0, copies, AT_ONCE):
        batch = [
            (number, {each: tx.new_id() for each in made})
            for number in range(start, min(start + AT_ONCE, copies))
        ]
        for table in Base.metadata.sorted_tables:
            rows = [_copy(row, names, number) for number, names in batch for row in hanging.get(table, ())]
            if rows:
                tx.execute(insert(table), rows)


def _hanging(tx: Tx, record: UUID) -> tuple[Rows, set[UUID]]:
    """Return the rows that hang on a record, and every identifier that is theirs alone."""
    made, rows = {record}, dict[Table, list[dict[str, Any]]]()
    grown = True
    while grown:
        before = len(made)
        for table in Base.metadata.sorted_tables:
            columns = [each for each in table.columns if each.foreign_keys or each.name in POINTING]
            columns = [each for each in columns if isinstance(each.type, IdType)]
            if not columns or table.name.startswith(LEFT_OUT):
                continue
            found = select(table).where(or_(*(each.in_(made) for each in columns)))
            rows[table] = [dict(row) for row in tx.execute(found).mappings()]
            made |= {row["id"] for row in rows[table] if isinstance(row.get("id"), UUID)}
        grown = len(made) > before
    return rows, made


def _copy(row: Mapping[str, Any], names: Mapping[UUID, UUID], number: int) -> dict[str, Any]:
    copy = {
        name: names.get(value, value) if isinstance(value, UUID) else value for name, value in row.items()
    }
    if isinstance(copy.get("ref"), str):
        copy["ref"] = NUMBER.sub(rf"\g<1>\g<2>{number:05}", str(copy["ref"]))
    return copy
