"""The house as it is served: web processes of their own, their CPU and that of the database, and people who ask at once."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import psutil

SECRET = "of the measurements, forty characters long"
PATIENCE = 60


@dataclass(frozen=True)
class Server:
    """A running server: its port, its processes, and those of its database."""

    port: int
    web: psutil.Process
    database: psutil.Process | None

    def cpu(self) -> tuple[float, float]:
        """Return the seconds of CPU that the web processes, and those of the database, have taken so far."""
        return _family(self.web), 0.0 if self.database is None else _family(self.database)


def _family(process: psutil.Process) -> float:
    mine = process.cpu_times()
    gone = mine.children_user + mine.children_system
    family = [process, *process.children(recursive=True)]
    return sum(sum(each.cpu_times()[:2]) for each in family) + float(gone)


def postmaster(folder: Path) -> psutil.Process:
    """Return the process of the PostgreSQL that the tests' databases started in a folder."""
    return psutil.Process(int((folder / "postgresql" / "postmaster.pid").read_text().split()[0]))


@contextmanager
def serving(url: str, data: Path, database: psutil.Process | None, processes: int = 1) -> Iterator[Server]:
    """Serve a database by so many web processes, without a worker, as in service."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    environ = {name: value for name, value in os.environ.items() if not name.startswith("GRANTFLOW_")}
    environ |= {"GRANTFLOW_DATABASE_URL": url, "GRANTFLOW_DATA": str(data), "GRANTFLOW_SECRET_KEY": SECRET}
    environ |= {"GRANTFLOW_WEB_PROCESSES": str(processes), "PORT": str(port)}
    with (data / "served.log").open("ab") as log:
        words = [sys.executable, "-m", "grantflow.cli", "serve", "--no-worker"]
        process = subprocess.Popen(words, env=environ, stdout=log, stderr=log)
    try:
        _wait_for(port, process)
        yield Server(port, psutil.Process(process.pid), database)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        assert process.poll() is None, "the server ended"
        try:
            with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
                return
        except (URLError, OSError):
            assert time.monotonic() < end, "the server does not answer"
            time.sleep(0.1)


@dataclass(frozen=True, slots=True)
class Run:
    """What a crowd did, and what it cost."""

    journeys: int
    requests: int
    seconds: float
    web: float
    """Seconds of CPU of the web processes."""
    database: float
    """Seconds of CPU of the database server; on SQLite the web processes do its work."""
    crowd: float
    """Seconds of CPU of those who ask."""
    faults: tuple[str, ...]

    @property
    def rate(self) -> float:
        """Journeys a second, by the clock on the wall."""
        return self.journeys / self.seconds

    @property
    def served(self) -> float:
        """Seconds of CPU for one journey, server and database together."""
        return (self.web + self.database) / self.journeys


def crowd(server: Server, folder: Path, journeys: Sequence[dict[str, Any]], at_once: int) -> Run:
    """Let a process of its own send people through their journeys, so many at once."""
    plan = folder / "journeys.json"
    plan.write_text(json.dumps({"port": server.port, "at_once": at_once, "journeys": list(journeys)}))
    web, database = server.cpu()
    asked = [sys.executable, "-m", "tests.bench.asking", str(plan)]
    done = subprocess.run(asked, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2])
    web_after, database_after = server.cpu()
    told = json.loads(done.stdout)
    return Run(
        told["journeys"],
        told["requests"],
        told["seconds"],
        web_after - web,
        database_after - database,
        told["cpu"],
        tuple(told["faults"]),
    )
