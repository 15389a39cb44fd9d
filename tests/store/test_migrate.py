"""Migrations go up, down, and to exactly what the models say, on both databases."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sqlalchemy import Connection, inspect, text

from grantflow.paths import data_folder
from grantflow.store import migrate
from grantflow.store.session import open_engine
from grantflow.store.tables import metadata
from tests.databases import Databases, Kind

CATALOGUE = {
    "sqlite": ["SELECT type, name, sql FROM sqlite_master WHERE name LIKE '%gf_%' OR type = 'trigger'"],
    "postgresql": [
        "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns WHERE table_schema = 'public'",
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace",
        "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
        "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
        "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    ],
}


def catalogue(connection: Connection, kind: Kind) -> set[str]:
    """Everything that the database knows about its tables, one line a thing, blanks and quotes aside."""
    lines = set()
    for statement in CATALOGUE[kind]:
        for row in connection.execute(text(statement)):
            words = " ".join(str(cell) for cell in row).replace('"', "").split()
            lines.add(" ".join(words).replace("( ", "(").replace(" )", ")").replace(" ,", ","))
    return {line for line in lines if migrate.VERSION_TABLE not in line}


def columns_sorted(line: str) -> str:
    """SQLite keeps the words of CREATE TABLE; the order of constraints in it means nothing."""
    if not line.startswith("table"):
        return line
    head, _, body = line.partition("(")
    return head + "|".join(sorted(body.removesuffix(")").split(", ")))


def test_the_migrated_tables_are_those_of_the_models(databases: Databases, database_kind: Kind) -> None:
    found = []
    for migrated in (True, False):
        url = databases.fresh(database_kind, migrated=migrated)
        engine = open_engine(url)
        with engine.begin() as connection:
            if not migrated:
                metadata.create_all(connection)
            assert migrate.differences(connection) == []
            found.append({columns_sorted(line) for line in catalogue(connection, database_kind)})
        engine.dispose()
        databases.drop(url)

    by_migrations, by_models = found

    assert by_migrations - by_models == set()
    assert by_models - by_migrations == set()


def test_every_step_goes_down_to_nothing_and_up_again(bare_database_url: str) -> None:
    migrate.upgrade(bare_database_url)
    migrate.downgrade(bare_database_url, "base")

    engine = open_engine(bare_database_url)
    left = [name for name in inspect(engine).get_table_names() if name != migrate.VERSION_TABLE]
    engine.dispose()
    assert left == []

    migrate.upgrade(bare_database_url)
    migrate.upgrade(bare_database_url)
    engine = open_engine(bare_database_url)
    with engine.begin() as connection:
        assert migrate.current(connection) == migrate.head()
        assert migrate.differences(connection) == []
    engine.dispose()


def test_a_database_that_was_never_migrated_has_no_revision(bare_database_url: str) -> None:
    engine = open_engine(bare_database_url)
    with engine.begin() as connection:
        assert migrate.current(connection) is None
    engine.dispose()


def test_the_tables_of_the_job_engine_are_not_ours_to_compare(database_url: str) -> None:
    engine = open_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE workflow_status (workflow_uuid TEXT PRIMARY KEY)"))
        assert migrate.differences(connection) == []
    engine.dispose()


def test_a_step_gives_up_on_a_table_that_somebody_holds(
    postgresql_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A queue behind a waiting ALTER would stop every page; so the step fails, and nothing of it stays."""
    monkeypatch.setattr(migrate, "LOCK_LIMIT", "100ms")
    engine = open_engine(postgresql_url)
    with engine.begin() as connection:
        connection.execute(text("LOCK TABLE gf_setting IN ACCESS SHARE MODE"))
        with pytest.raises(Exception, match="lock timeout"):
            migrate.downgrade(postgresql_url, "base")
    with engine.begin() as connection:
        assert migrate.differences(connection) == []
    engine.dispose()


def test_a_new_step_is_numbered_and_holds_what_the_models_have_more(tmp_path: Path) -> None:
    folder = tmp_path / "migrations"
    shutil.copytree(data_folder("migrations"), folder)
    assert migrate.write("nothing new", folder) is None

    for step in (folder / "versions").glob("*.py"):
        step.unlink()
    made = migrate.write("all anew", folder)

    assert made is not None
    assert made.name == "0001_all_anew.py"
    assert 'op.create_table("gf_case"' in made.read_text().replace("'", '"')
