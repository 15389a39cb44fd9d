"""Fixtures of every floor: databases, and the rule that the lower floors do without them."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import psycopg
import pytest
from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from xdist.scheduler import LoadScopeScheduling

from tests.databases import KINDS, Databases, Kind


class Compiled(BytecodeCache):
    """Templates as they were compiled for the first site of this process; most tests make a site of their own."""

    def __init__(self) -> None:
        self._code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill a bucket whose template was compiled from the same text before."""
        code = self._code.get(bucket.key + bucket.checksum)
        if code is not None:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self._code[bucket.key + bucket.checksum] = bucket.bytecode_to_string()


Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": Compiled()}

FLOORS_WITHOUT_DATABASE = ("domain", "workflow")
FACES = ("web", "api")
FOLDER = pytest.StashKey[Path]()
TESTS = Path(__file__).parent


# One folder for all databases of a run: the first process makes it, those of pytest-xdist are told, the first removes it.


def pytest_configure(config: pytest.Config) -> None:
    told = getattr(config, "workerinput", {}).get("databases")
    folder = Path(told) if told else Path(tempfile.mkdtemp(prefix="grantflow-tests-"))
    folder.chmod(0o755)
    config.stash[FOLDER] = folder


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    node.workerinput["databases"] = str(node.config.stash[FOLDER])


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput") and FOLDER in config.stash:
        Databases(config.stash[FOLDER]).remove()


TOGETHER = {"tests/browser/": "browser", "tests/operations/": "wheel", "tests/cli/test_wheel.py": "wheel"}
"""What shares something that takes long to make, beyond a file: one browser with one demo, one built wheel."""


class Scopes(LoadScopeScheduling):  # type: ignore[misc]  # pytest-xdist says no types
    """Lets each process play whole files, since their fixtures are made once a process, and what belongs together."""

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        return next((name for prefix, name in TOGETHER.items() if path.startswith(prefix)), path)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scopes:
    return Scopes(config, log)


@pytest.fixture(scope="session")
def databases(pytestconfig: pytest.Config) -> Databases:
    """Makes databases; for tests that need several, or one for longer than a test."""
    return Databases(pytestconfig.stash[FOLDER])


def lent(databases: Databases, kind: Kind, *, migrated: bool) -> Iterator[str]:
    url = databases.fresh(kind, migrated=migrated)
    yield url
    databases.drop(url)


@pytest.fixture(params=KINDS)
def database_kind(request: pytest.FixtureRequest) -> Kind:
    """Makes a test run once on each kind of database."""
    return request.param  # type: ignore[no-any-return]  # pytest gives Any


@pytest.fixture
def database_url(databases: Databases, database_kind: Kind) -> Iterator[str]:
    """A new database with all tables and no rows, once on SQLite and once on PostgreSQL."""
    yield from lent(databases, database_kind, migrated=True)


@pytest.fixture
def bare_database_url(databases: Databases, database_kind: Kind) -> Iterator[str]:
    """A new database with nothing in it, once on SQLite and once on PostgreSQL."""
    yield from lent(databases, database_kind, migrated=False)


@pytest.fixture
def sqlite_url(databases: Databases) -> Iterator[str]:
    """A new SQLite database with all tables and no rows."""
    yield from lent(databases, "sqlite", migrated=True)


@pytest.fixture
def postgresql_url(databases: Databases) -> Iterator[str]:
    """A new PostgreSQL database with all tables and no rows."""
    yield from lent(databases, "postgresql", migrated=True)


@pytest.fixture(scope="session")
def deep() -> bool:
    """Whether the long trials shall play their full numbers (script/test --deep)."""
    return bool(os.environ.get("GRANTFLOW_DEEP"))


@pytest.hookimpl(trylast=True)  # when the folders have said what is slow
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if os.environ.get("GRANTFLOW_DEEP"):
        return
    for item in items:
        if item.get_closest_marker("deep"):
            item.add_marker(pytest.mark.skip(reason="full numbers only: script/test --deep"))
    left = set(_played_elsewhere(items)) if not config.option.file_or_dir else set()
    config.hook.pytest_deselected(items=[item for item in items if item in left])
    long = {item.path for item in items if item.get_closest_marker("slow")}
    # What takes long is begun first, so that no process is left alone with it at the end.
    items[:] = sorted(
        (item for item in items if item not in left),
        key=lambda item: (not item.path.is_relative_to(TESTS / "browser"), item.path not in long),
    )


def _played_elsewhere(items: list[pytest.Item]) -> Iterator[pytest.Item]:
    """Yield what a whole run plays on SQLite alone: of the faces' tests, all but the first of each file.

    What stands on PostgreSQL below the faces (store, services, stories, trials) is tested on it whole; the faces' random
    requests meet it, too. script/test --deep, and naming a file or folder, plays everything on both.
    """
    seen: set[Path] = set()
    for item in items:
        face = item.path.relative_to(TESTS).parts[0] if item.path.is_relative_to(TESTS) else ""
        callspec = getattr(item, "callspec", None)
        if face in FACES and callspec is not None and callspec.params.get("database_kind") == "postgresql":
            if item.path in seen:
                yield item
            seen.add(item.path)


@pytest.fixture(autouse=True)
def _no_database_on_lower_floors(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no test of the lower floors open a database: what they test must be true without one."""
    floor = request.path.relative_to(TESTS).parts[0] if request.path.is_relative_to(TESTS) else ""
    if floor not in FLOORS_WITHOUT_DATABASE:
        return

    def refuse(*_: object, **__: object) -> NoReturn:
        raise AssertionError(
            f"a test of tests/{floor} opened a database; what it tests belongs to a higher floor"
        )

    monkeypatch.setattr(sqlite3, "connect", refuse)
    monkeypatch.setattr(sqlite3.dbapi2, "connect", refuse)
    monkeypatch.setattr(psycopg, "connect", refuse)
    monkeypatch.setattr(psycopg.Connection, "connect", refuse)
