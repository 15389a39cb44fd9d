"""Copying the file of an SQLite database while others read and write it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import make_url


def copy_sqlite(url: str, to: Path) -> None:
    """Put a copy of the database, all of it as at one moment, in the place of a file, whole or not at all."""
    source = make_url(url).database
    assert source is not None, "a database in a file"
    making = to.with_name(to.name + ".part")
    making.unlink(missing_ok=True)
    with closing(sqlite3.connect(source)) as connection:
        connection.execute("VACUUM INTO ?", (str(making),))
    making.replace(to)
