"""Rows in crowds and one by one: what is written is what was given, on both databases."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from grantflow.store.statements import AT_ONCE, Statement, Table
from tests.services.cases.house import House

COUNTER = Table("gf_counter", {"prefix": "text", "last": "bigint"})
_ALL = Statement("SELECT c.prefix, c.last FROM gf_counter c ORDER BY c.prefix")


def written(url: str, rows: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    house = House(url)
    try:
        with house.tx() as tx:
            COUNTER.insert(tx, rows)
            return [(row[0], row[1]) for row in _ALL(tx)]
    finally:
        house.database.dispose()


@pytest.mark.parametrize("count", [1, AT_ONCE - 1, AT_ONCE, AT_ONCE + 1, 3 * AT_ONCE])
def test_rows_that_share_a_value_are_written_whole(database_url: str, count: int):
    rows = [(f"P-{number:04d}", 7) for number in range(count)]
    assert written(database_url, rows) == rows


def test_rows_that_begin_and_end_alike_keep_what_differs_between(database_url: str):
    rows = [(f"P-{number:04d}", number % 3) for number in range(3 * AT_ONCE + 1)]
    assert rows[0][1] == rows[-1][1]
    assert written(database_url, rows) == rows


def test_texts_are_kept_as_they_are(database_url: str):
    rows = [(f"{number:04d} 'é\\\" ?1 {{x}}", 1) for number in range(AT_ONCE)]
    assert written(database_url, rows) == rows
