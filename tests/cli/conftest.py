"""The command line on a database of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command import Command


@pytest.fixture
def grantflow(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Command:
    return Command(database_url, tmp_path, monkeypatch, capsys)


@pytest.fixture
def sqlite_grantflow(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Command:
    return Command(sqlite_url, tmp_path, monkeypatch, capsys)


@pytest.fixture
def bare_grantflow(
    bare_database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Command:
    return Command(bare_database_url, tmp_path, monkeypatch, capsys)
