"""Files are kept whole, once for each content, and what no row names is swept after a day."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from grantflow.domain.actor import SYSTEM
from grantflow.domain.refusal import Refused
from grantflow.paths import data_folder
from grantflow.services import files
from grantflow.services.letters.papers import keep_paper
from grantflow.store.session import Database, Tx
from grantflow.workflow.engine import Engine
from grantflow.workflow.registry import Registry
from tests.web.world import a_call

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url, Engine(Registry.collect([], [], [])))
    yield opened
    opened.dispose()


@pytest.fixture
def record(database: Database) -> UUID:
    with database.transaction(SYSTEM, NOW) as tx:
        return a_call(tx, "low-carbon", "Low carbon")


def keep(tx: Tx, folder: Path, record: UUID, content: bytes = b"words", name: str = "a.txt") -> UUID:
    return files.keep(
        tx, folder, content, media_type="text/plain", name=name, record_id=record, visibility="record"
    )


def contents(folder: Path) -> set[bytes]:
    return {path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_what_was_kept_is_read_back(database: Database, record: UUID, tmp_path: Path):
    with database.transaction(SYSTEM, NOW) as tx:
        kept = keep(tx, tmp_path, record, b"\x00\xff")
    with database.reading(SYSTEM, NOW) as tx:
        assert files.read(tx, tmp_path, kept) == b"\x00\xff"
        with pytest.raises(KeyError):
            files.read(tx, tmp_path, record)


def test_the_same_content_lies_on_the_disk_once_and_the_same_file_is_one_row(
    database: Database, record: UUID, tmp_path: Path
):
    with database.transaction(SYSTEM, NOW) as tx:
        first = keep(tx, tmp_path, record)
        assert keep(tx, tmp_path, record) == first
        other = keep(tx, tmp_path, record, name="b.txt")
        assert other != first
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_a_letter_filed_twice_is_one_file(database: Database, record: UUID, tmp_path: Path):
    with database.transaction(SYSTEM, NOW) as tx:
        first = keep_paper(tx, tmp_path, record, "award_letter", "en", b"%PDF-1")
    with database.transaction(SYSTEM, NOW) as tx:
        assert keep_paper(tx, tmp_path, record, "award_letter", "en", b"%PDF-1") == first
        assert keep_paper(tx, tmp_path, record, "award_letter", "sv", b"%PDF-1") != first


def test_a_content_that_is_gone_or_damaged_is_said_so(database: Database, record: UUID, tmp_path: Path):
    with database.transaction(SYSTEM, NOW) as tx:
        kept = keep(tx, tmp_path, record)
    [place] = [path for path in tmp_path.rglob("*") if path.is_file()]
    place.write_bytes(b"other")
    with database.reading(SYSTEM, NOW) as tx, pytest.raises(Refused) as refused:
        files.read(tx, tmp_path, kept)
    assert [each.code for each in refused.value.refusals] == ["file_damaged"]
    place.unlink()
    with database.reading(SYSTEM, NOW) as tx, pytest.raises(Refused) as refused:
        files.read(tx, tmp_path, kept)
    assert [each.code for each in refused.value.refusals] == ["file_gone"]


def test_what_a_rolled_back_step_left_is_swept_after_a_day_and_nothing_else(
    database: Database, record: UUID, tmp_path: Path
):
    with database.transaction(SYSTEM, NOW) as tx:
        keep(tx, tmp_path, record, b"kept")
    with database.transaction(SYSTEM, NOW, keep=False) as tx:
        keep(tx, tmp_path, record, b"orphan")
    (tmp_path / "ab").mkdir(exist_ok=True)
    (tmp_path / "ab" / "half.part").write_bytes(b"half")
    for path in tmp_path.rglob("*"):
        os.utime(path, (NOW.timestamp(), NOW.timestamp()))
    with database.transaction(SYSTEM, NOW) as tx:
        assert files.sweep(tx, tmp_path, NOW + timedelta(hours=23)) == 0
        assert files.sweep(tx, tmp_path, NOW + timedelta(hours=25)) == 2
    assert contents(tmp_path) == {b"kept"}


def test_naming_an_orphan_again_saves_it_from_the_sweep(database: Database, record: UUID, tmp_path: Path):
    with database.transaction(SYSTEM, NOW, keep=False) as tx:
        keep(tx, tmp_path, record)
    [place] = [path for path in tmp_path.rglob("*") if path.is_file()]
    long_ago = (datetime.now(UTC) - timedelta(days=9)).timestamp()
    os.utime(place, (long_ago, long_ago))
    with database.transaction(SYSTEM, NOW) as tx:
        kept = keep(tx, tmp_path, record)
        assert files.sweep(tx, tmp_path, datetime.now(UTC)) == 0
        assert files.read(tx, tmp_path, kept) == b"words"


def test_a_full_disk_leaves_nothing_half_written(
    database: Database, record: UUID, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"), database.transaction(SYSTEM, NOW) as tx:
        keep(tx, tmp_path, record)
    assert contents(tmp_path) == set()


def test_the_shipped_letters_are_among_the_data_of_the_wheel():
    assert (data_folder("config") / "letters" / "award_letter.yaml").is_file()
    assert (data_folder("templates") / "pdf" / "letter.css").is_file()
