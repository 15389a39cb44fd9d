"""The door to the street: takes in what people send at the pace of their line, and only then asks a thread to answer it.

A thread that waits for a body is held by whoever sends it, byte by byte, for as long as they like; a handful of them, and
nobody else is answered. So bodies are gathered where waiting costs nothing, each within its time and its size.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from itertools import chain
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING, Any, Protocol

import structlog

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

log = structlog.get_logger()

PATIENCE = 20.0
"""Seconds for which anybody may keep us waiting for a body."""
PACE = 20_000
"""Bytes a second that give more time: a file of ten megabytes over a poor line takes its minutes."""
MOST = 24 * 1024 * 1024
"""Bytes of a body that are taken in; no page takes more."""
IN_MEMORY = 256 * 1024
"""Bytes of a body that are kept in memory; a longer one lies in a file without a name."""
PIECE = 64 * 1024
"""Bytes that go out at a time."""
WAITING = 512 * 1024 * 1024
"""Bytes of all bodies together that a process takes in at a time."""

Headers = list[tuple[str, str]]


class Street(Protocol):
    """The other side, as the web server shows it."""

    def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield the body, piece by piece."""

    def response_str(self, status: int, headers: Headers, body: str) -> None:
        """Answer with a text."""

    def response_bytes(self, status: int, headers: Headers, body: bytes) -> None:
        """Answer as a whole."""

    def response_stream(self, status: int, headers: Headers) -> Any:
        """Answer piece by piece."""


@dataclass(frozen=True, slots=True)
class Long:
    """An answer that is too long to be given in one go."""

    status: int
    headers: Headers
    content: IO[bytes]


class TooSlow(Exception):
    """Raised when a body does not come in its time."""


class TooMuch(Exception):
    """Raised when there is no room for a body now."""


class Front:
    """A WSGI application as the web server calls it (RSGI)."""

    def __init__(self, application: WSGIApplication, threads: int, patience: float = PATIENCE) -> None:
        self._application = application
        self._patience = patience
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="answering")
        self._waiting = 0

    async def __rsgi__(self, scope: Any, street: Street) -> None:
        """Answer a request."""
        try:
            environ = _environ(scope)
        except (ValueError, RuntimeError):
            return street.response_str(400, [("connection", "close")], "This cannot be read.")
        body: IO[bytes] = BytesIO()
        taken = 0
        try:
            if environ.get("CONTENT_LENGTH", "0") != "0" or environ.pop("HTTP_TRANSFER_ENCODING", None):
                body = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed below, behind the thread
                taken = await self._gather(street, environ, body)
            environ["wsgi.input"] = body
            loop = asyncio.get_running_loop()
            long = await loop.run_in_executor(self._pool, self._answer, environ, street)
            if long is not None:
                await _give(long, street, self._patience)
        except TooSlow:
            street.response_str(408, [("connection", "close")], "This took too long to come in.")
        except TooMuch:
            close = [("connection", "close"), ("retry-after", "30")]
            street.response_str(503, close, "Too much comes in at once.")
        finally:
            self._waiting -= taken
            body.close()
        return None

    async def _gather(self, street: Street, environ: WSGIEnvironment, body: IO[bytes]) -> int:
        """Take in a body, as much of it as any page takes; return how many bytes it weighs among those that wait."""
        if _declared(environ) > MOST:
            return 0  # the page says so without reading it
        loop, taken = asyncio.get_running_loop(), 0
        began = loop.time()
        try:
            async with asyncio.timeout(self._patience) as limit:
                async for piece in street:
                    taken += len(piece)
                    self._make_room(len(piece))
                    body.write(piece)
                    if taken > MOST:
                        break
                    limit.reschedule(began + self._patience + taken / PACE)
        except BaseException as error:
            self._waiting -= taken
            if isinstance(error, TimeoutError):
                raise TooSlow from None
            raise
        environ["CONTENT_LENGTH"] = str(taken)
        body.seek(0)
        return taken

    def _make_room(self, size: int) -> None:
        self._waiting += size
        if self._waiting > WAITING:
            raise TooMuch

    def _answer(self, environ: WSGIEnvironment, street: Street) -> Long | None:
        """Let the application answer, in a thread; what it does behind its answer comes behind it.

        What is long is returned: it is given by no thread, since whoever takes it slowly would hold that one, too.
        """
        said: list[tuple[int, Headers]] = []

        def start(status: str, headers: Headers, _failure: object = None) -> Any:
            said[:] = [(int(status[:3]), headers)]
            return None

        try:
            parts = self._application(environ, start)
        except Exception as error:
            log.error("error", exc_info=error)
            street.response_bytes(500, [], b"")
            return None
        try:
            return _said(parts, said, street)
        finally:
            close = getattr(parts, "close", None)
            if close is not None:
                close()


def _said(parts: Iterable[bytes], said: list[tuple[int, Headers]], street: Street) -> Long | None:
    """Answer as a whole where that is short; else return all of it, in a file."""
    pieces = _in_large_pieces(parts)
    first, second = next(pieces, b""), next(pieces, None)
    status, headers = said[0]
    if second is None:
        street.response_bytes(status, headers, first)
        return None
    content = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed by whoever gives it
    for piece in chain((first, second), pieces):
        content.write(piece)
    content.seek(0)
    return Long(status, headers, content)


async def _give(answer: Long, street: Street, patience: float) -> None:
    """Give a long answer piece by piece, as fast as it is taken."""
    with answer.content as content:
        transport = street.response_stream(answer.status, answer.headers)
        try:
            while piece := content.read(PIECE):
                async with asyncio.timeout(patience):
                    await transport.send_bytes(piece)
        except (TimeoutError, RuntimeError):
            log.info("reader gone")  # or they take less than a piece in all that time


def _in_large_pieces(parts: Iterable[bytes]) -> Iterator[bytes]:
    held: list[bytes] = []
    size = 0
    for part in parts:
        held.append(part)
        size += len(part)
        if size >= PIECE:
            yield b"".join(held)
            held, size = [], 0
    if size:
        yield b"".join(held)


def _declared(environ: WSGIEnvironment) -> int:
    try:
        return int(environ.get("CONTENT_LENGTH", "0"))
    except ValueError:
        return 0


def _environ(scope: Any) -> WSGIEnvironment:
    """Return a request as WSGI tells of it."""
    server, _, port = scope.server.rpartition(":")
    client = scope.client.rpartition(":")[0].strip("[]")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": server.strip("[]"),
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": client,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "wsgi.input_terminated": True,
    }
    for name, value in scope.headers.items():
        if "_" in name:
            continue  # what a proxy says of itself is spelled with dashes: nobody says it in its place
        key = name.upper().replace("-", "_")
        key = key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
        between = "; " if key == "HTTP_COOKIE" else ","
        environ[key] = f"{environ[key]}{between}{value}" if key in environ else value
    if "HTTP_HOST" not in environ and scope.authority:
        environ["HTTP_HOST"] = scope.authority
    return environ
