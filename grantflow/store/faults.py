"""What can befall a database or a disk in the middle of work, as a sentence for whoever was waiting.

Every such fault ends the transaction, so nothing is half-done; the sentence says so and what to do. What a database
refuses because of a rule stands in `constraints.py`.
"""

from __future__ import annotations

import errno
import sqlite3
from dataclasses import dataclass

from sqlalchemy.exc import DBAPIError


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of the surroundings, not of the request."""

    code: str
    sentence: str


DISK_FULL = Fault(
    "disk_full", "The disk is full. Nothing was changed. Free some space and do the last step again."
)
DISK_FAULT = Fault(
    "disk_fault",
    "The disk could not be read or written. Nothing was changed. Check the disk and its free space, then try again.",
)
GONE = Fault(
    "database_gone",
    "The connection to the database was lost. What was not yet saved was not changed; try again when it is back.",
)
BUSY = Fault(
    "database_busy", "The database is busy with other work. Nothing was changed; try again in a moment."
)
READ_ONLY = Fault(
    "database_read_only",
    "The database cannot be written to. Nothing was changed. Check the rights on its file.",
)
UNREADABLE = Fault(
    "database_unreadable",
    "The file of the database is no SQLite database or is damaged. Nothing was changed. Restore it from a backup.",
)
MISSING = Fault(
    "database_missing",
    "The database cannot be opened. Check the setting database_url, and that the folder or server is there.",
)
NOT_INITIALISED = Fault(
    "database_not_initialised", "The database is not set up for this version. Run: grantflow init"
)

_SQLITE = {
    sqlite3.SQLITE_FULL: DISK_FULL,
    sqlite3.SQLITE_IOERR: DISK_FAULT,
    sqlite3.SQLITE_BUSY: BUSY,
    sqlite3.SQLITE_LOCKED: BUSY,
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: MISSING,
    sqlite3.SQLITE_NOTADB: UNREADABLE,
    sqlite3.SQLITE_CORRUPT: UNREADABLE,
}
"""By SQLite's primary result codes (the low byte of the extended ones)."""

_POSTGRESQL = {
    "53100": DISK_FULL,
    "58030": DISK_FAULT,
    "53200": BUSY,
    "53300": BUSY,
    "55P03": BUSY,
    "40001": BUSY,
    "40P01": BUSY,
    "57P01": GONE,
    "57P02": GONE,
    "57P03": GONE,
    "25006": READ_ONLY,
    "3D000": MISSING,
    "28000": MISSING,
    "28P01": MISSING,
    "42P01": NOT_INITIALISED,
}
"""By SQLSTATE; class 08 is a lost connection."""


def fault_of(error: BaseException) -> Fault | None:
    """Return what befell the database or the disk, or nothing where the error is a mistake of ours."""
    if isinstance(error, DBAPIError):
        return _of_database(error)
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DISK_FULL
    return None


def _of_database(error: DBAPIError) -> Fault | None:
    cause = error.orig
    if isinstance(cause, sqlite3.Error):
        if str(cause).startswith("no such table"):
            return NOT_INITIALISED
        code = getattr(cause, "sqlite_errorcode", None)
        return _SQLITE.get(code & 0xFF) if code is not None else None
    state = getattr(cause, "sqlstate", None)
    if state is None:
        # psycopg has no state where the server never answered: a refused connection, a socket closed in mid-step.
        if error.connection_invalidated:
            return GONE
        return MISSING if type(cause).__name__ == "OperationalError" else None
    return GONE if state.startswith("08") else _POSTGRESQL.get(state)
