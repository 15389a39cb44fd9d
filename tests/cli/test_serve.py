"""One server for an SQLite file, with a worker beside it; everything ends with it."""

from __future__ import annotations

import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.error import URLError
from urllib.request import urlopen

import psutil
import pytest

from tests.cli.command import Command

pytestmark = pytest.mark.slow
PATIENCE = 60


def free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def wait_until(what: str, holds: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    pause = threading.Event()
    while not holds():
        assert time.monotonic() < end, f"waited in vain: {what}"
        pause.wait(0.05)


def answers(port: str) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as response:
            return bool(response.status == 200)
    except URLError:
        return False
    except OSError:
        return False


@contextmanager
def served(grantflow: Command, port: str) -> Iterator[psutil.Process]:
    """A server that answers, with its worker beside it."""
    process = grantflow.start("serve", PORT=port)
    server = psutil.Process(process.pid)
    family: list[psutil.Process] = []
    try:
        wait_until("the page is there", lambda: process.poll() is not None or answers(port))
        assert process.poll() is None, process.communicate()
        wait_until("the worker is there", lambda: workers(server))
        family = server.children(recursive=True)
        yield server
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.communicate(timeout=PATIENCE)
        psutil.wait_procs(family, timeout=PATIENCE)


def workers(server: psutil.Process) -> list[psutil.Process]:
    return [child for child in server.children() if _is_worker(child)]


def _is_worker(child: psutil.Process) -> bool:
    try:
        return "worker" in child.cmdline()
    except (psutil.ZombieProcess, psutil.NoSuchProcess):  # it has just died: it is none any more
        return False


def test_a_second_server_of_the_same_file_is_refused_commands_are_not_and_all_ends_together(
    sqlite_grantflow: Command,
) -> None:
    with served(sqlite_grantflow, free_port()) as server:
        second = sqlite_grantflow("serve", PORT=free_port())
        beside = sqlite_grantflow("user", "create", "ann@example.invalid", "--name", "Ann")
        family = server.children(recursive=True)
        server.terminate()
        gone, alive = psutil.wait_procs([server, *family], timeout=PATIENCE)

    assert second.code == 1
    assert f"is already served by process {server.pid}. Stop that one first" in second.err
    assert beside.code == 0
    assert alive == []
    assert len(gone) > 1


def test_the_worker_of_a_server_that_was_killed_ends_by_itself(sqlite_grantflow: Command) -> None:
    with served(sqlite_grantflow, free_port()) as server:
        (worker,) = workers(server)
        server.kill()
        gone, _ = psutil.wait_procs([worker], timeout=PATIENCE)

        assert gone == [worker]
    with served(sqlite_grantflow, free_port()):
        pass


def test_a_worker_that_dies_is_started_again(sqlite_grantflow: Command) -> None:
    with served(sqlite_grantflow, free_port()) as server:
        (first,) = workers(server)
        first.kill()

        wait_until("another worker is there", lambda: [each for each in workers(server) if each != first])


def test_a_port_that_is_taken_is_named(sqlite_grantflow: Command) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])

        refused = sqlite_grantflow("serve", PORT=port)

    assert refused.code == 1
    assert refused.err.startswith(f"Port {port} of 127.0.0.1 cannot be used: address already in use.")
