"""A database for one rehearsal: made, played in, and dropped; the database that is named is never touched."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import make_url, text

from grantflow.domain.ids import Ids
from grantflow.store import migrate
from grantflow.store.session import Database, open_engine
from grantflow.workflow.engine import Engine


@contextmanager
def scratch_database(engine: Engine, seed: int, server: str | None = None) -> Iterator[Database]:
    """Open an empty database of today's tables: a SQLite file, or a new database on the server of a PostgreSQL URL.

    Identifiers and lots in it follow from the seed, so that two rehearsals of one seed are the same.
    """
    with _scratch_url(server) as url:
        migrate.upgrade(url)
        database = Database(url, engine, Ids(seed), scratch=True, pool_size=4)
        try:
            yield database
        finally:
            database.dispose()


@contextmanager
def _scratch_url(server: str | None) -> Iterator[str]:
    if server is None or make_url(server).get_backend_name() == "sqlite":
        with tempfile.TemporaryDirectory(prefix="grantflow-rehearsal-") as folder:
            yield f"sqlite:///{Path(folder) / 'rehearsal.db'}"
        return
    beside = make_url(server)
    name = f"{beside.database}_rehearsal_{secrets.token_hex(6)}"
    admin = open_engine(server, pool_size=1).execution_options(isolation_level="AUTOCOMMIT")
    try:
        with admin.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{name}"'))
        try:
            yield beside.set(database=name).render_as_string(hide_password=False)
        finally:
            with admin.connect() as connection:
                connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
    finally:
        admin.dispose()
