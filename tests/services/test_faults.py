"""A full disk, a database that goes away in mid-step: a clear sentence, nothing half-done, and it goes on afterwards."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError, OperationalError

from grantflow.services import cases
from grantflow.services.journal import verify
from grantflow.store import faults
from grantflow.store.faults import fault_of
from grantflow.store.session import READ_ONLY, Database, open_engine
from tests.services.cases.house import House


def what_is_there(house: House) -> list[object]:
    """Everything that a step would have changed."""
    return [
        house.rows(f"SELECT * FROM {table} ORDER BY 1, 2")
        for table in ("gf_case", "gf_journal_entry", "gf_timer", "gf_outbox_message", "toy_sheet")
    ]


@contextmanager
def full_disk(database: Database) -> Iterator[None]:
    """Let the SQLite file grow no further, as if the disk were full."""

    def no_more(dbapi: sqlite3.Connection, *_: object) -> None:
        (pages,) = dbapi.execute("PRAGMA page_count").fetchone()
        dbapi.execute(f"PRAGMA max_page_count = {pages}")

    database.sql.dispose()
    event.listen(database.sql, "checkout", no_more)
    try:
        yield
    finally:
        event.remove(database.sql, "checkout", no_more)
        database.sql.dispose()


def test_a_full_disk_changes_nothing_and_the_step_can_be_taken_afterwards(sqlite_url: str) -> None:
    house = House(sqlite_url).furnish()
    kept: list[object] = []

    def go_on_for_ever() -> None:
        while True:
            kept[:] = what_is_there(house)
            house.entry()

    with full_disk(house.database), pytest.raises(DBAPIError) as raised:
        go_on_for_ever()

    assert fault_of(raised.value) is faults.DISK_FULL
    assert what_is_there(house) == kept, "nothing of the entry that found the disk full"
    house.do("ann", house.entry(), "send")
    with house.reading() as tx:
        assert not verify(tx).faults
    house.database.dispose()


def test_a_database_that_goes_away_in_mid_step_changes_nothing(postgresql_url: str) -> None:
    house = House(postgresql_url).furnish()
    entry = house.entry()
    before = what_is_there(house)
    elsewhere = open_engine(postgresql_url)

    def cut(backend: object) -> None:
        with elsewhere.begin() as connection:
            connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": backend})

    def step_and_lose_the_database() -> None:
        with house.tx("ann") as tx:
            cases.step(tx, entry, "send")
            cut(tx.connection.execute(text("SELECT pg_backend_pid()")).scalar_one())
            cases.step(tx, entry, "take_back")

    with pytest.raises(DBAPIError) as raised:
        step_and_lose_the_database()

    assert fault_of(raised.value) is faults.GONE
    assert what_is_there(house) == before
    assert house.do("ann", entry, "send").to_state == "sent", "the next one gets a new connection"
    elsewhere.dispose()
    house.database.dispose()


def test_a_server_that_is_not_there_is_named() -> None:
    engine = open_engine("postgresql://nobody@127.0.0.1:1/nothing")

    with pytest.raises(OperationalError) as raised:
        engine.connect()

    assert fault_of(raised.value) is faults.MISSING


def test_a_database_without_tables_says_what_to_run(bare_database_url: str) -> None:
    engine = open_engine(bare_database_url)

    with pytest.raises(DBAPIError) as raised, engine.connect() as connection:
        connection.execute(text("SELECT * FROM gf_case"))

    assert fault_of(raised.value) is faults.NOT_INITIALISED
    engine.dispose()


def test_a_database_that_cannot_be_written_says_so(database_url: str) -> None:
    engine = open_engine(database_url).execution_options(**{READ_ONLY: True})

    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA query_only = ON")
        with pytest.raises(DBAPIError) as raised:
            connection.exec_driver_sql("DELETE FROM gf_counter")

    assert fault_of(raised.value) is faults.READ_ONLY
    engine.dispose()


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "letter.sqlite").write_text("Dear Ms Nilsson, " * 100)
    engine = open_engine(f"sqlite:///{tmp_path}/letter.sqlite")

    with pytest.raises(DBAPIError) as raised:
        engine.connect()

    assert fault_of(raised.value) is faults.UNREADABLE


def test_a_mistake_of_ours_is_no_fault_of_the_database(database_url: str) -> None:
    engine = open_engine(database_url)

    with pytest.raises(DBAPIError) as raised, engine.connect() as connection:
        connection.execute(text("SELECT no_such_column FROM gf_case"))

    assert fault_of(raised.value) is None
    assert fault_of(ValueError()) is None
    engine.dispose()
