"""A real server before people who send slowly, without an end, or more than anybody takes."""

from __future__ import annotations

import socket
from contextlib import ExitStack
from urllib.request import urlopen

import pytest

from tests.cli.command import Command
from tests.cli.test_serve import free_port, served

pytestmark = pytest.mark.slow

BEGUN = {
    "a header": b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ",
    "a form": b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc",
    "a form in pieces": b"POST /sign-in HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
    "json": b"POST /api/v1/applications HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{",
}
CLIENTS = 12
"""Of each kind: more than the server has threads."""


def test_slow_clients_hold_up_nobody_and_what_is_too_much_is_not_taken(sqlite_grantflow: Command) -> None:
    port = free_port()
    with served(sqlite_grantflow, port), ExitStack() as lines:
        for begun in BEGUN.values():
            for _ in range(CLIENTS):
                line = lines.enter_context(socket.create_connection(("127.0.0.1", int(port))))
                line.sendall(begun)
        for _ in range(3):
            with urlopen(f"http://127.0.0.1:{port}/sign-in", timeout=5) as page:
                assert page.status == 200

        assert b" 413 " in _declared_too_large(port)
        answer, sent = _endless(port)
        assert answer is None or b" 413 " in answer
        assert sent < 64 * 1024 * 1024
        with urlopen(f"http://127.0.0.1:{port}/sign-in", timeout=5) as page:
            assert page.status == 200


def _declared_too_large(port: str) -> bytes:
    with socket.create_connection(("127.0.0.1", int(port)), timeout=10) as line:
        line.sendall(b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 2147483648\r\n\r\n")
        return line.recv(200)


def _endless(port: str) -> tuple[bytes | None, int]:
    """Send pieces until it is answered or the line is cut; return the answer and how much was sent."""
    piece = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    sent = 0
    with socket.create_connection(("127.0.0.1", int(port)), timeout=10) as line:
        line.sendall(b"POST /sign-in HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        try:
            while sent < 2 * 1024**3:
                line.sendall(piece)
                sent += len(piece)
        except OSError:
            pass
        try:
            return line.recv(200) or None, sent
        except OSError:
            return None, sent
