"""The bench's PostgreSQL: made as careful as in service, asked how much it worked and how many statements it was given."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from grantflow.store.session import Tx

CAREFUL = ("fsync", "full_page_writes", "synchronous_commit")
"""Settings that tests switch off for speed; service has them on."""
LOG = "log"
"""Where the wheel's server writes its log, below its data folder."""
_GIVEN = re.compile(r"\[(?P<pid>\d+)\] LOG:  (?:statement|execute [^:]+): ")


def make_careful(url: str) -> str:
    """Let the server keep what it commits, as in service; return its settings as it says them itself."""
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        for name in CAREFUL:
            connection.execute(f"ALTER SYSTEM SET {name} = on")
        connection.execute("SELECT pg_reload_conf()")
    with psycopg.connect(address, autocommit=True) as connection:  # a new process of the server has read them
        said = [(name, connection.execute(f"SHOW {name}").fetchone()) for name in CAREFUL]
    return ", ".join(f"{name} {row[0]}" for name, row in said if row)


def clock(tx: Tx) -> Callable[[], float]:
    """Return what to time by: the CPU of this process, and of the server's process that works for it.

    The machine is shared: how long one waits for a turn says nothing about the work.
    """
    if not tx.is_postgresql:
        return time.process_time
    pid = tx.connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
    ran = Path(f"/proc/{pid}/schedstat")  # nanoseconds on a CPU, first of its numbers
    return lambda: time.process_time() + int(ran.read_text().split()[0]) / 1e9


def statements_at_server(tx: Tx, work: Callable[[Tx], object]) -> int:
    """Return how many statements the server executed for some work, by its own log: BEGIN and COMMIT are not among them."""
    ask = tx.connection.exec_driver_sql
    pid = ask("SELECT pg_backend_pid()").scalar_one()
    begin = ask("SELECT size FROM pg_stat_file(%s)", (LOG,)).scalar_one()
    ask("SET LOCAL log_statement = 'all'")
    work(tx)
    ask("SET LOCAL log_statement = 'none'")
    text: str = ask(
        "SELECT convert_from(pg_read_binary_file(%s, %s, 1000000000), 'UTF8')", (LOG, begin)
    ).scalar_one()
    given = [each for each in _GIVEN.finditer(text) if int(each["pid"]) == pid]
    assert given, "the server's log names no statement"
    return len(given) - 1  # the one that ended the counting
