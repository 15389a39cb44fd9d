"""What `serve` holds and watches: the SQLite file, the port, and the worker beside it."""

from __future__ import annotations

import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from threading import Event, Thread
from types import TracebackType

import structlog
from sqlalchemy import make_url

from grantflow.domain.refusal import refuse

log = structlog.get_logger()

GRACE = 15
"""Seconds that the worker has to end before it is killed."""
PAUSES = (1, 2, 5, 15, 60)
"""Seconds before a worker that died is started again, the last one for ever."""
HEALTHY = 60
"""A worker that lived for so many seconds died of something new."""


@contextmanager
def only_server_of(database_url: str) -> Iterator[None]:
    """Hold the SQLite file for this server: another one is refused; workers and commands beside it are not.

    Raises:
        Refused: another server serves this file.
    """
    url = make_url(database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        yield
        return
    lock = Path(url.database).absolute().with_name(Path(url.database).name + ".served")
    with lock.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            raise refuse(
                "already_served",
                "The database %(file)s is already served by process %(pid)s. Stop that one first, or use another database.",
                file=url.database,
                pid=file.read().strip() or "unknown",
            ) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        try:
            yield
        finally:
            lock.unlink(missing_ok=True)


def port_is_free(host: str, port: int) -> None:
    """Make sure that the port can be listened on.

    Raises:
        Refused: somebody else listens there, or it may not be used.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise refuse(
                "port_taken",
                "Port %(port)s of %(host)s cannot be used: %(why)s. Choose another with the variable PORT.",
                port=str(port),
                host=host,
                why=os.strerror(error.errno or 0).lower(),
            ) from error


class Child:
    """A command of ours as a child process that is started again when it dies and ends when we do."""

    def __init__(self, words: Sequence[str]) -> None:
        self._words = [sys.executable, "-m", "grantflow.cli", *words]
        self._ending = Event()
        self._process = self._start()
        self._watch = Thread(target=self._keep_alive, name="worker-watch", daemon=True)

    @staticmethod
    def none() -> AbstractContextManager[None]:
        """Return what stands in where no child is wanted."""
        return nullcontext()

    def __enter__(self) -> None:
        self._watch.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ending.set()
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(GRACE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._watch.join()

    def _start(self) -> subprocess.Popen[bytes]:
        # Its standard input is a pipe that nobody writes to: when we are killed it ends, and so does the child.
        return subprocess.Popen(self._words, stdin=subprocess.PIPE)  # noqa: S603 - our own interpreter and command

    def _keep_alive(self) -> None:
        deaths = 0
        while True:
            born = time.monotonic()
            code = self._process.wait()
            if self._ending.is_set():
                return
            deaths = 0 if time.monotonic() - born > HEALTHY else deaths + 1
            pause = PAUSES[min(deaths, len(PAUSES) - 1)]
            log.error("worker died", code=code, again_in=pause)
            if self._ending.wait(pause):
                return
            self._process = self._start()
