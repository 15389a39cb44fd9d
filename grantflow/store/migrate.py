"""Migrations: brings a database to the tables of this version, step by numbered step, and back where that is honest.

Alembic is driven from here alone: there is no alembic.ini, and the steps travel in the wheel. A new step is written by
`script/migration "what it does"`, which compares the newest step with the models.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.autogenerate.api import AutogenContext
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from grantflow.paths import data_folder
from grantflow.store.session import open_engine
from grantflow.store.tables import metadata
from grantflow.store.types import IdType, InstantType, JsonType

VERSION_TABLE = "gf_migration"
ONE_AT_A_TIME = 7_305_811_402
"""PostgreSQL's advisory lock, so that two machines that start at once do not both upgrade."""
LOCK_LIMIT = "5s"
"""How long a step waits for a table that others use before it gives up: a queue behind it would stop everything."""
STATEMENT_LIMIT = "10min"

_OUR_TYPES = (IdType, InstantType, JsonType)


def upgrade(url: str, to: str = "head") -> None:
    """Bring the database to a revision, by default the newest; all steps in one transaction."""
    with _migrating(url) as config:
        command.upgrade(config, to)


def downgrade(url: str, to: str) -> None:
    """Take the database back to a revision; `base` is the empty database."""
    with _migrating(url) as config:
        command.downgrade(config, to)


def head() -> str:
    """Return the newest revision that this version knows."""
    found = ScriptDirectory.from_config(_config()).get_current_head()
    assert found is not None, "there is at least one migration"
    return found


def current(connection: Connection) -> str | None:
    """Return the revision that a database is at, or nothing where it was never migrated."""
    context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
    return context.get_current_revision()


def revision_of(url: str) -> str | None:
    """Return the revision that the database at an address is at."""
    engine = open_engine(url)
    try:
        with engine.connect() as connection:
            return current(connection)
    finally:
        engine.dispose()


def differences(connection: Connection) -> list[Any]:
    """Return in what the tables of a database differ from the models, as Alembic spells it."""
    return list(compare_metadata(_comparing(connection), metadata))


def write(message: str, folder: Path | None = None) -> Path | None:
    """Write the next numbered step from what the models have and the newest step has not; nothing where they agree."""
    newest = ScriptDirectory.from_config(_config(folder)).get_current_head()
    number = int(newest.split("_", 1)[0]) + 1 if newest else 1
    revision = f"{number:04d}_{'_'.join(message.lower().split())}"
    with tempfile.TemporaryDirectory() as scratch:
        url = f"sqlite:///{scratch}/compare.sqlite"
        with _migrating(url, folder) as config:
            if newest is not None:
                command.upgrade(config, "head")
            if not differences(config.attributes["connection"]):
                return None
        with _migrating(url, folder) as config, redirect_stdout(sys.stderr):
            config.attributes["batch"] = newest is not None
            made = command.revision(config, message, autogenerate=True, rev_id=revision)
    assert made is not None
    assert not isinstance(made, list)
    path = Path(made.path)
    path.write_text("".join(line for line in path.read_text().splitlines(keepends=True) if "###" not in line))
    return path


def comparison(*, batch: bool = True) -> dict[str, Any]:
    """Return how models and tables are compared and steps written, the same in every place that does either.

    `batch` writes changes of a table so that SQLite, which cannot alter most things, copies it instead.
    """
    return {
        "target_metadata": metadata,
        "version_table": VERSION_TABLE,
        "include_name": _is_ours,
        "compare_type": True,
        "render_item": _rendered,
        "render_as_batch": batch,
    }


def _is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """Say whether a table is ours: the job engine keeps its own, without our prefix, in the same SQLite file."""
    return kind != "table" or (name is not None and name.startswith("gf_") and name != VERSION_TABLE)


def _rendered(kind: str, item: object, _context: AutogenContext) -> str | bool:
    return f"types.{type(item).__name__}()" if kind == "type" and isinstance(item, _OUR_TYPES) else False


def _comparing(connection: Connection) -> MigrationContext:
    return MigrationContext.configure(connection, opts=comparison())


def _config(folder: Path | None = None) -> Config:
    config = Config(stdout=sys.stderr)
    config.set_main_option("script_location", str(folder or data_folder("migrations")).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s")
    return config


@contextmanager
def _migrating(url: str, folder: Path | None = None) -> Iterator[Config]:
    engine = open_engine(url)
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ONE_AT_A_TIME})")
                connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_LIMIT}'")
                connection.exec_driver_sql(f"SET LOCAL statement_timeout = '{STATEMENT_LIMIT}'")
            config = _config(folder)
            config.attributes["connection"] = connection
            yield config
    finally:
        engine.dispose()
