"""The door to the street: nobody who sends slowly, or without an end, holds a thread or fills the house."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from grantflow.web import front
from grantflow.web.front import Front


@dataclass
class Street:
    """Somebody at the other side of the web server, with a body that comes in pieces."""

    pieces: Iterable[bytes] = ()
    stays: bool = False
    """Whether they keep the line open and send nothing more."""
    taken: int = 0
    answer: tuple[int, dict[str, str], bytes] | None = None
    sent: list[bytes] = field(default_factory=list)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self.pieces:
            self.taken += len(piece)
            yield piece
        if self.stays:
            await asyncio.Event().wait()

    def response_str(self, status: int, headers: list[tuple[str, str]], body: str) -> None:
        self.answer = status, dict(headers), body.encode()

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.answer = status, dict(headers), body

    def response_stream(self, status: int, headers: list[tuple[str, str]]) -> Any:
        self.answer = status, dict(headers), b""
        return self

    async def send_bytes(self, piece: bytes) -> None:
        self.sent.append(piece)


def asked(method: str = "POST", path: str = "/", **headers: str) -> Any:
    named = SimpleNamespace(
        items=lambda: [(name.replace("_", "-"), value) for name, value in headers.items()]
    )
    return SimpleNamespace(
        method=method,
        path=path,
        query_string="a=1",
        server="[::1]:8000",
        client="[2001:db8::1]:4711",
        scheme="http",
        http_version="1.1",
        authority="here.invalid",
        headers=named,
    )


def answering(environ: Any, start: Any) -> Iterable[bytes]:
    """Say how much came in, as the application does that refuses what is declared too large."""
    if int(environ.get("CONTENT_LENGTH", 0)) > front.MOST:
        start("413 Content Too Large", [])
        return [b""]
    start("200 OK", [("x-from", environ["REMOTE_ADDR"])])
    return [str(len(environ["wsgi.input"].read())).encode()]


def alone(work: Coroutine[Any, Any, None]) -> None:
    """Run something in a thread of its own: a process that drives a browser has a loop running already."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()


def asks(street: Street, *, patience: float = 5, application: Any = answering, **given: Any) -> Any:
    house = Front(application, 1, patience)
    alone(house.__rsgi__(asked(**given), street))
    assert house._waiting == 0
    return street.answer


def test_a_body_is_there_as_a_whole_before_a_thread_is_asked():
    pieces = [b"x" * 100_000] * 9
    assert asks(Street(pieces), content_length="900000") == (200, {"x-from": "2001:db8::1"}, b"900000")
    assert asks(Street(pieces), transfer_encoding="chunked")[2] == b"900000"
    assert asks(Street([b"unread"]), method="GET")[2] == b"0"


@pytest.mark.parametrize("headers", [{"content_length": "1000"}, {"transfer_encoding": "chunked"}])
def test_who_sends_slowly_is_not_waited_for(headers: dict[str, str]):
    status, said, _ = asks(Street([b"abc"], stays=True), patience=0.01, **headers)
    assert (status, said["connection"]) == (408, "close")


def test_what_is_declared_too_large_is_not_read():
    street = Street([b"x"], stays=True)
    assert asks(street, content_length=str(2 * 1024**3))[0] == 413
    assert street.taken == 0


def test_what_never_ends_is_read_no_further_than_any_page_takes():
    street = Street(b"x" * 1_000_000 for _ in range(2000))
    assert asks(street, transfer_encoding="chunked")[0] == 413
    assert street.taken < front.MOST + 2_000_000


def test_a_house_that_is_full_says_so(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(front, "WAITING", 1000)
    status, said, _ = asks(Street([b"x" * 600, b"x" * 600]), transfer_encoding="chunked")
    assert (status, said["retry-after"]) == (503, "30")


def test_what_is_long_is_given_piece_by_piece_and_then_closed():
    closed = []

    class Parts:
        def __iter__(self):
            yield from (b"a" * front.PIECE, b"", b"b" * 10, b"c" * front.PIECE, b"d")

        def close(self) -> None:
            closed.append(True)

    def application(_environ: Any, start: Any) -> Any:
        start("200 OK", [])
        return Parts()

    street = Street()
    asks(street, application=application)
    assert [len(piece) for piece in street.sent] == [front.PIECE, front.PIECE, 11]
    assert closed == [True]


@dataclass
class SlowReader(Street):
    """Somebody who takes one piece, and then nothing more."""

    began: asyncio.Event = field(default_factory=asyncio.Event)

    async def send_bytes(self, piece: bytes) -> None:
        if self.sent:
            self.began.set()
            await asyncio.Event().wait()
        self.sent.append(piece)


def test_who_takes_a_long_answer_slowly_holds_no_thread():
    def application(environ: Any, start: Any) -> Any:
        start("200 OK", [])
        return [b"x" * 100_000] * 9 if environ["PATH_INFO"] == "/long" else [b"short"]

    async def both() -> None:
        house = Front(application, 1, 0.5)
        slow, quick = SlowReader(), Street()
        taking = asyncio.create_task(house.__rsgi__(asked("GET", "/long"), slow))
        await slow.began.wait()
        await house.__rsgi__(asked("GET", "/"), quick)
        assert quick.answer == (200, {}, b"short")
        assert not taking.done()
        await taking
        assert len(slow.sent) == 1, "they are left where they are after a while"

    alone(both())


def test_nobody_says_in_a_proxys_place_who_they_are():
    def application(environ: Any, start: Any) -> Any:
        start("200 OK", [])
        return [str(sorted(name for name in environ if name.startswith("HTTP_"))).encode()]

    given = asked()
    given.headers = SimpleNamespace(
        items=lambda: [("x_forwarded_for", "1.2.3.4"), ("cookie", "a=1"), ("cookie", "b=2")]
    )
    street = Street()
    alone(Front(application, 1).__rsgi__(given, street))
    assert street.answer is not None
    assert street.answer[2] == b"['HTTP_COOKIE', 'HTTP_HOST']"


def test_a_fault_of_the_answering_is_answered():
    def application(_environ: Any, _start: Any) -> Any:
        raise RuntimeError("broken")

    assert asks(Street(), application=application)[0] == 500
