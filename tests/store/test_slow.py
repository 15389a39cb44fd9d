"""Statements that take long are told of, without what they carry."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from grantflow.store.session import open_engine
from grantflow.store.slow import SHOWN, watch


def test_what_takes_longer_than_the_limit_is_told_without_its_values(database_url: str) -> None:
    engine = open_engine(database_url)
    told: list[tuple[float, str]] = []
    watch(engine, 0.0, lambda seconds, words: told.append((seconds, words)))
    with engine.connect() as connection, connection.begin():
        connection.execute(text("SELECT\n  :secret"), {"secret": "hush"})
        connection.execute(text("SELECT " + "1 + " * SHOWN + "1"))
        with pytest.raises(DBAPIError):
            connection.execute(text("SELECT no_such_column"))
    engine.dispose()
    words = [each for _, each in told if "SELECT" in each]
    assert words[0].startswith("SELECT ")
    assert "\n" not in words[0]
    assert "hush" not in str(told)
    assert len(words[1]) == SHOWN
    assert all(seconds >= 0 for seconds, _ in told)


def test_what_is_fast_is_not_told(database_url: str) -> None:
    engine = open_engine(database_url)
    watch(engine, 60.0, lambda *_: pytest.fail("it was fast"))
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
    engine.dispose()
