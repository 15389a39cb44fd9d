"""The fixtures of databases do what other tests build on."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import inspect, make_url, text

from grantflow.store.session import open_engine
from tests.databases import Databases, Kind


def tables(url: str) -> set[str]:
    engine = open_engine(url)
    try:
        return set(inspect(engine).get_table_names())
    finally:
        engine.dispose()


def run(url: str, *statements: str) -> list[object]:
    engine = open_engine(url)
    try:
        with engine.begin() as connection:
            results = [connection.execute(text(statement)) for statement in statements]
            return list(results[-1].scalars()) if results[-1].returns_rows else []
    finally:
        engine.dispose()


def test_a_database_has_all_tables_and_no_rows(database_url: str):
    assert {"gf_case", "gf_journal_entry"} <= tables(database_url)
    assert run(database_url, "SELECT count(*) FROM gf_case") == [0]


def test_a_bare_database_has_nothing(bare_database_url: str):
    assert tables(bare_database_url) == set()


def test_the_kind_is_the_one_asked_for(database_url: str, database_kind: Kind):
    assert make_url(database_url).get_backend_name() == database_kind


def test_databases_do_not_see_one_another(databases: Databases, database_kind: Kind):
    first, second = databases.fresh(database_kind), databases.fresh(database_kind)
    run(first, "CREATE TABLE mark (x integer)", "INSERT INTO mark VALUES (1)")
    third = databases.fresh(database_kind)
    assert run(first, "SELECT x FROM mark") == [1]
    assert "mark" not in tables(second) | tables(third)
    for url in (first, second, third):
        databases.drop(url)


def test_a_dropped_sqlite_database_leaves_no_file(databases: Databases):
    url = databases.fresh("sqlite")
    place = Path(str(make_url(url).database))
    assert place.is_file()
    databases.drop(url)
    assert not place.parent.exists()


def test_a_dropped_postgresql_database_is_gone_though_somebody_is_connected(
    databases: Databases, postgresql_url: str
):
    url = databases.fresh("postgresql", migrated=False)
    engine = open_engine(url)
    connection = engine.connect()
    databases.drop(url)
    name = make_url(url).database
    assert run(postgresql_url, f"SELECT count(*) FROM pg_database WHERE datname = '{name}'") == [0]
    connection.invalidate()
    connection.close()
    engine.dispose()


def test_a_used_postgresql_database_comes_back_without_its_rows(databases: Databases):
    url = databases.fresh("postgresql")
    run(url, "INSERT INTO gf_counter (prefix, last) VALUES ('USED', 1) RETURNING last")
    databases.drop(url)
    again = databases.fresh("postgresql")
    assert run(again, "SELECT count(*) FROM gf_counter") == [0]
    databases.drop(again)


def test_a_postgresql_database_with_tables_of_a_test_does_not_come_back(databases: Databases):
    url = databases.fresh("postgresql")
    run(url, "CREATE TABLE of_a_test AS SELECT 1 AS one; SELECT 1")
    databases.drop(url)
    again = databases.fresh("postgresql")
    assert run(again, "SELECT count(*) FROM pg_class WHERE relname = 'of_a_test'") == [0]
    databases.drop(again)
