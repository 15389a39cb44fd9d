"""A small installation is copied while it runs; what is copied is a whole installation again."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from grantflow.app import registry
from grantflow.domain.actor import SYSTEM
from grantflow.paths import data_folder
from grantflow.services import files
from grantflow.store.cases import CaseRow
from grantflow.store.session import Database
from grantflow.workflow.engine import Engine
from tests.cli.command import Command, Ended
from tests.operations.machine import PAGE, block

CALL = data_folder("config") / "calls" / "north-middle-sweden.yaml"
PAPER = b"a paper"


@pytest.fixture
def furnished(sqlite_grantflow: Command) -> Command:
    """An installation with one record, to which one file belongs."""
    assert sqlite_grantflow("init").code == 0
    assert sqlite_grantflow("calls", "draft", str(CALL)).code == 0
    database = Database(sqlite_grantflow.environ["GRANTFLOW_DATABASE_URL"], Engine(registry()))
    with database.transaction(SYSTEM, datetime.now(UTC)) as tx:
        files.keep(
            tx,
            Path(sqlite_grantflow.environ["GRANTFLOW_DATA"]) / "files",
            PAPER,
            media_type="text/plain",
            name="paper.txt",
            record_id=tx.execute(select(CaseRow.id)).scalars().one(),
            visibility="staff",
        )
    database.dispose()
    return sqlite_grantflow


def back_up(grantflow: Command, folder: Path) -> Ended:
    """Give the command that the page gives, to another folder."""
    program, *words = block(PAGE.read_text(), "small").split()
    assert program.endswith("/grantflow")
    return grantflow(*words[:-1], str(folder), "--json")


def test_a_copy_has_everything_and_is_proved(furnished: Command, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    before = furnished("journal", "verify", "--json").json

    assert back_up(furnished, copy).json == {
        "ok": True,
        "database": str(copy / "grantflow.sqlite"),
        "files": 1,
    }
    furnished("user", "create", "late@example.org", "--name", "Late")
    assert back_up(furnished, copy).json["files"] == 0, "files that are there stay"

    there = {"GRANTFLOW_DATABASE_URL": f"sqlite:///{copy}/grantflow.sqlite", "GRANTFLOW_DATA": str(copy)}
    after = furnished("journal", "verify", "--json", **there).json
    assert (after["ok"], after["entries"]) == (before["ok"], before["entries"])
    assert holds(furnished("check", "--files", "--json", **there)) == (True, "")
    twice = furnished("user", "create", "late@example.org", "--name", "Late", **there)
    assert twice.code == 1, "the second copy is of a later moment"


def test_a_file_that_is_damaged_or_gone_is_told_and_never_copied(furnished: Command, tmp_path: Path) -> None:
    (place,) = (Path(furnished.environ["GRANTFLOW_DATA"]) / "files").glob("??/*")
    place.write_bytes(b"A paper")
    assert holds(furnished("check", "--files", "--json")) == (False, f"{place.name} is damaged")
    assert back_up(furnished, tmp_path / "copy").json["error"]["code"] == "file_damaged"
    place.unlink()
    assert holds(furnished("check", "--files", "--json")) == (False, f"{place.name} is gone")
    assert not list((tmp_path / "copy" / "files").glob("??/*"))


def holds(ended: Ended) -> tuple[bool, str]:
    (found,) = [each for each in ended.json["invariants"] if each["name"] == "files"]
    assert ended.code == (0 if ended.json["ok"] else 1)
    return found["holds"], found["detail"]


def test_postgresql_has_means_of_its_own(
    postgresql_url: str, sqlite_grantflow: Command, tmp_path: Path
) -> None:
    refused = sqlite_grantflow("backup", str(tmp_path / "copy"), GRANTFLOW_DATABASE_URL=postgresql_url)
    assert refused.code == 1
    assert "pg_dump" in refused.err


def test_a_database_of_a_newer_version_is_left_alone(grantflow: Command) -> None:
    database = Database(grantflow.environ["GRANTFLOW_DATABASE_URL"], Engine(registry()))
    with database.sql.begin() as connection:
        connection.exec_driver_sql("UPDATE gf_migration SET version_num = '9999_of_the_next_version'")
    database.dispose()
    for words in (("init",), ("check",), ("worker",), ("serve",)):
        refused = grantflow(*words)
        assert refused.code == 1
        assert "belongs to a newer version of GrantFlow: it is at 9999_of_the_next_version" in refused.err
